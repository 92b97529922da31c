import type {MimeData} from "../ipynb.js";
import type {Report} from "../messages.js";

type Content = Readonly<Record<string, unknown>>;

/** What a cell reports, as a message on the public socket; undefined for what is no output. */
export function asMessage(report: Report, count: number): {readonly type: string; readonly content: Content} | undefined {
  switch (report.type) {
    case "stream":
      return {type: "stream", content: {name: report.name, text: report.text}};
    case "display":
      return {type: "display_data", content: {data: report.data, metadata: report.metadata, transient: report.id === undefined ? {} : {display_id: report.id}}};
    case "update":
      return {type: "update_display_data", content: {data: report.data, metadata: report.metadata, transient: {display_id: report.id}}};
    case "clear":
      return {type: "clear_output", content: {wait: report.wait}};
    case "result":
      return {type: "execute_result", content: {execution_count: count, data: report.data, metadata: report.metadata}};
    case "error":
      return {type: "error", content: {ename: report.ename, evalue: report.evalue, traceback: report.traceback}};
    default:
      return undefined;
  }
}

/** The way back: a public message as what a cell reports. */
export function asReport(type: string, content: Content): Report | undefined {
  const {data, metadata = {}, transient} = content as {data: MimeData; metadata?: MimeData; transient?: {display_id?: string}};
  switch (type) {
    case "stream":
      return {type: "stream", name: content.name as "stdout" | "stderr", text: content.text as string};
    case "display_data":
      return {type: "display", data, metadata, id: transient?.display_id};
    case "update_display_data":
      return {type: "update", data, metadata, id: transient!.display_id!};
    case "clear_output":
      return {type: "clear", wait: !!content.wait};
    case "execute_result":
      return {type: "result", data, metadata};
    case "error":
      return {type: "error", ename: content.ename as string, evalue: content.evalue as string, traceback: content.traceback as string[]};
    default:
      return undefined;
  }
}
