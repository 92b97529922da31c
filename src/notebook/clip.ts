import type {MimeData} from "./ipynb.js";

const most = 300_000; // characters of one value's text, or of its HTML

const leftOut = (n: number, what: string): string => `[${n.toLocaleString("en")} ${what} left out]`;

/** A text that is not longer than a notebook can bear; cut once, it is not cut again. */
function shortened(text: string): string {
  if (text.length <= most) return text;
  const kept = most - 100; // room for the words
  return `${text.slice(0, kept)}\n${leftOut(text.length - kept, "more characters are")}`;
}

const holdsFigure = (html: string): boolean => /<(svg|img|canvas|picture)\b/i.test(html);

/**
 * What is shown of a value, with long texts cut. HTML cannot be cut in its middle: it goes as a whole, and the text stays.
 * Figures and images are as long as they must be.
 */
export function clipped(data: MimeData): MimeData {
  const shown: Record<string, unknown> = {...data};
  const gone: string[] = [];
  for (const type of ["text/plain", "text/markdown", "text/latex", "text/html"]) {
    const text = shown[type];
    if (typeof text !== "string" || text.length <= most) continue;
    if (type === "text/plain") shown[type] = shortened(text);
    else if (type !== "text/html" || !holdsFigure(text)) {
      delete shown[type];
      gone.push(leftOut(text.length, `characters of ${type} are`));
    }
  }
  if (gone.length) shown["text/plain"] = [shown["text/plain"], ...gone].filter((part) => typeof part === "string" && part !== "").join("\n");
  return shown as MimeData;
}
