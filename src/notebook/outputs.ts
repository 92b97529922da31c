import type {Output} from "./ipynb.js";
import type {Report} from "./messages.js";

/** Gathers what one cell reports into the outputs of its place in the notebook. */
export interface Collector {
  readonly outputs: Output[];
  take(report: Report): void;
}

/**
 * A maker of collectors, one a cell, that share the displays of the notebook: an update reaches the display it names even
 * when an earlier cell showed it. Neighbouring pieces of one stream become one output.
 */
export function collectors(): (count: number) => Collector {
  const displays = new Map<string, Extract<Output, {output_type: "display_data"}>[]>();
  return (count) => {
    const outputs: Output[] = [];
    let clearing = false; // clear_output(wait: true) clears when the next output comes, so that a page does not flicker
    const add = (output: Output): void => {
      if (clearing) outputs.length = 0;
      clearing = false;
      const last = outputs[outputs.length - 1];
      if (output.output_type === "stream" && last?.output_type === "stream" && last.name === output.name) last.text = `${last.text as string}${output.text as string}`;
      else outputs.push(output);
    };
    const take = (report: Report): void => {
      switch (report.type) {
        case "stream":
          return add({output_type: "stream", name: report.name, text: report.text});
        case "display": {
          const output = {output_type: "display_data" as const, data: report.data, metadata: report.metadata};
          if (report.id !== undefined) displays.set(report.id, [...(displays.get(report.id) ?? []), output]);
          return add(output);
        }
        case "update":
          for (const output of displays.get(report.id) ?? []) [output.data, output.metadata] = [report.data, report.metadata];
          return;
        case "clear":
          if (report.wait) clearing = true;
          else outputs.length = 0;
          return;
        case "result":
          return add({output_type: "execute_result", execution_count: count, data: report.data, metadata: report.metadata});
        case "error":
          return add({output_type: "error", ename: report.ename, evalue: report.evalue, traceback: [...report.traceback]});
      }
    };
    return {outputs, take};
  };
}
