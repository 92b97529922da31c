// Stock tslab without its sockets: its own executor and its own Jupyter module, whose outlet is caught. Runs in a process of
// its own, told by messages: {run: code} is answered by {done: whether it went well}, and all that is shown or printed is told.
import {createRequire} from "node:module";

const need = createRequire(createRequire(import.meta.url).resolve("tslab/dist/executor.js"));
const jupyter = need("./jupyter.js");
const {createConverter} = need("./converter.js");
const {createExecutor} = need("./executor.js");
const converter = createConverter({isJS: false, isBrowser: false});
const executor = createExecutor(process.cwd(), {node: converter, browser: converter, close() {}}, console);
process.on("SIGINT", () => executor.interrupt()); // as tslab's main.js has it

const tell = (message) => void process.send(message);
for (const name of ["stdout", "stderr"]) {
  process[name].write = (text) => {
    tell({stream: name, text: String(text)});
    return true;
  };
}
process.on("message", async ({run, alone}) => {
  if (run === undefined) process.exit(0);
  jupyter.lastWriteDisplayData = (content, update) => tell({shown: content, update: !!update});
  const done = await executor.execute(run);
  tell({done, alone});
});
tell({ready: true, listeners: process.listenerCount("SIGINT")});
