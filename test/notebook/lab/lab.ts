import {spawn} from "node:child_process";
import {mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {delimiter, dirname, join} from "node:path";
import {chromium, type Page} from "playwright-core";
import {installKernel} from "../../../src/notebook/kernel/spec.js";
import {browser, python} from "./places.js";

/** A JupyterLab of our own, and a page of a browser that shows it. */
export interface Lab {
  readonly page: Page;
  /** Opens a notebook of the served folder with a kernel that is ready. */
  open(name: string): Promise<void>;
  /** Runs one of JupyterLab's commands, and waits until it is done. */
  command(id: string, args?: object): Promise<void>;
  /** Starts to run all cells. */
  runAll(): Promise<void>;
  /** Waits until the notebook's cells have run; fails after so many seconds. */
  settled(seconds: number): Promise<void>;
  /** The notebook as it was saved now. */
  saved(): Promise<Saved>;
  close(): Promise<void>;
}

interface Saved {
  readonly cells: readonly {readonly cell_type: string; readonly execution_count?: number | null; readonly outputs?: readonly {readonly output_type: string; readonly data?: Readonly<Record<string, string | readonly string[]>>; readonly text?: string | readonly string[]; readonly evalue?: string}[]}[];
}

// Chromium looks up its maker's hosts at every start, which a closed network lets hang.
const flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

/** An environment in which Jupyter knows this library's kernel and nothing of the user's. */
export function jupyter(): {env: NodeJS.ProcessEnv; remove(): void} {
  const home = mkdtempSync(join(tmpdir(), "lab-"));
  installKernel({prefix: home});
  // All cells are kept in the page, by default those out of sight are not; and nobody asks about news.
  settings("notebook-extension", "tracker", {windowingMode: "none"});
  settings("apputils-extension", "notification", {fetchNews: "false", checkForUpdates: false, doNotDisturbMode: true});
  put("labconfig/page_config.json", {disabledExtensions: {"@jupyter/nbgrader": true}}); // its buttons are for nbgrader's own courses
  const env = {
    ...process.env,
    PATH: [dirname(python("python")), process.env.PATH].join(delimiter),
    HOME: home,
    JUPYTER_PATH: join(home, "share", "jupyter"),
    JUPYTER_CONFIG_DIR: join(home, "config"),
    JUPYTER_DATA_DIR: join(home, "data"),
    JUPYTER_RUNTIME_DIR: join(home, "runtime"),
    NODE_TEST_CONTEXT: undefined
  };
  return {env, remove: () => rmSync(home, {recursive: true, force: true, maxRetries: 5})};

  function settings(extension: string, plugin: string, values: object): void {
    put(`lab/user-settings/@jupyterlab/${extension}/${plugin}.jupyterlab-settings`, values);
  }

  function put(path: string, values: object): void {
    const file = join(home, "config", path);
    mkdirSync(dirname(file), {recursive: true});
    writeFileSync(file, JSON.stringify(values));
  }
}

/** @param folder the folder that is served */
export async function startLab(folder: string, {width = 1000, height = 1100} = {}): Promise<Lab> {
  const {env, remove} = jupyter();
  const words = ["lab", "--no-browser", "--allow-root", "--expose-app-in-browser", "--ServerApp.port=0", "--ServerApp.port_retries=0", "--IdentityProvider.token=test", `--ServerApp.root_dir=${folder}`];
  const server = spawn(python("jupyter"), words, {env, cwd: folder, stdio: ["ignore", "ignore", "pipe"], detached: true});
  const address = await new Promise<string>((resolve, reject) => {
    let said = "";
    server.stderr.on("data", (chunk: Buffer) => {
      const [, found] = /(http:\/\/(?:localhost|127\.0\.0\.1):\d+)\//.exec((said += chunk.toString())) ?? [];
      if (found) resolve(found);
    });
    server.once("exit", () => reject(new Error(`JupyterLab did not start:\n${said}`)));
  });
  const chrome = await chromium.launch({executablePath: browser(), args: flags});
  const page = await chrome.newPage({viewport: {width, height}});
  let name = "";

  const command = async (id: string, args: object = {}): Promise<void> => {
    await page.evaluate(`window.jupyterapp.commands.execute(${JSON.stringify(id)}, ${JSON.stringify(args)}).then(() => undefined)`);
  };

  return {
    page,
    command,
    runAll: () => page.evaluate('void window.jupyterapp.commands.execute("notebook:run-all-cells")'),
    async open(notebook) {
      name = notebook;
      await page.goto(`${address}/lab/tree/${notebook}?token=test&reset`);
      await page.waitForSelector(".jp-NotebookPanel .jp-Cell", {timeout: 60_000});
      await page.waitForFunction("window.jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'", undefined, {timeout: 60_000});
    },
    async settled(seconds) {
      const done = `(() => {
        const {content, sessionContext} = window.jupyterapp.shell.currentWidget;
        const cells = content.widgets.filter(({model}) => model.type === "code" && model.sharedModel.getSource().trim());
        return sessionContext.session.kernel.status === "idle" && cells.every(({model}) => model.executionCount !== null);
      })()`;
      await page.waitForFunction(done, undefined, {timeout: seconds * 1000, polling: 200});
    },
    async saved() {
      await command("docmanager:save");
      return JSON.parse(readFileSync(join(folder, name), "utf8")) as Saved;
    },
    async close() {
      await chrome.close();
      const gone = new Promise((resolve) => server.once("exit", resolve));
      process.kill(-server.pid!, "SIGTERM");
      const patience = setTimeout(() => process.kill(-server.pid!, "SIGKILL"), 10_000);
      await gone;
      clearTimeout(patience);
      remove();
    }
  };
}
