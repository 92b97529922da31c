import {content, type Host} from "./host.js";

interface DenoJupyter {
  broadcast(type: string, content: object): Promise<void> | void;
}

/** Deno's kernel. An interrupt there ends the work in the engine itself, so that there is nothing to listen to. */
export function denoHost(): Host | undefined {
  const jupyter = (globalThis as {Deno?: {jupyter?: DenoJupyter}}).Deno?.jupyter;
  if (typeof jupyter?.broadcast !== "function") return undefined;
  return {
    name: "deno", live: true,
    show(data, options) {
      const sent = jupyter.broadcast(options?.update ? "update_display_data" : "display_data", content(data, options));
      Promise.resolve(sent).catch(() => {}); // a message that is lost must not end the process
    }
  };
}
