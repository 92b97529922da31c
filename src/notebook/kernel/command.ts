import {parseArgs} from "node:util";
import {quote} from "../../errors.js";
import {installKernel, uninstallKernel} from "./spec.js";

const help = `maxent-logit kernel: TypeScript in Jupyter

  maxent-logit kernel install   [--user | --prefix folder | --sys-prefix]
  maxent-logit kernel uninstall [--user | --prefix folder | --sys-prefix]
  maxent-logit kernel start --connection-file file [--javascript]      what Jupyter calls

  --user           for you alone; what happens when nothing is said
  --prefix folder  into folder/share/jupyter
  --sys-prefix     into the environment that is active (VIRTUAL_ENV or CONDA_PREFIX)
`;

/**
 * `maxent-logit kernel …`; the words after `kernel`.
 *
 * @returns the exit status; when a kernel was started, once it has been shut down
 * @throws {ChoiceError} as `installKernel`, `uninstallKernel`, `startKernel`
 */
export async function kernelCommandLine(words: readonly string[]): Promise<number> {
  const {values, positionals} = parseArgs({
    args: [...words],
    allowPositionals: true,
    options: {
      user: {type: "boolean", default: false},
      prefix: {type: "string"},
      "sys-prefix": {type: "boolean", default: false},
      "connection-file": {type: "string"},
      javascript: {type: "boolean", default: false},
      batch: {type: "boolean", default: false},
      help: {type: "boolean", short: "h", default: false}
    }
  });
  const place = {user: values.user, prefix: values.prefix, sysPrefix: values["sys-prefix"]};
  const [verb, ...rest] = positionals;
  if (values.help) return say(help);
  if (rest.length === 0) {
    if (verb === "install") {
      const {folder, found} = installKernel(place);
      return say(`The kernel "TypeScript (maxent-logit)" is in ${folder}\n${found ? "" : "Jupyter looks there when it runs in that environment, or when JUPYTER_PATH names its share/jupyter.\n"}`);
    }
    if (verb === "uninstall") return say(`Removed ${uninstallKernel(place)}\n`);
    if (verb === "start" && values["connection-file"] !== undefined) {
      const {startKernel} = await import("./kernel.js");
      await startKernel({connectionFile: values["connection-file"], javascript: values.javascript, batch: values.batch});
      return 0;
    }
  }
  process.stderr.write(`kernel: ${verb === "start" ? "--connection-file is missing" : verb === undefined ? "a command is missing" : `no command called ${quote(positionals.join(" "))}`}.\n\n${help}`);
  return 2;
}

function say(text: string): number {
  process.stdout.write(text);
  return 0;
}
