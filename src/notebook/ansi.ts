import {escapeHtml} from "../display/escape.js";

const colours = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"];

/**
 * Terminal text as HTML: colours, bold, dim, italic and underline become spans of classes `ansi-…`; other escape sequences
 * are dropped, and everything else is escaped.
 */
export function ansiToHtml(text: string): string {
  const on = new Set<string>();
  let colour = "";
  return text
    .replace(/\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)/g, "")
    .split(/(\u001b\[[0-9;?]*[A-Za-z])/)
    .map((piece) => {
      const [, codes] = /^\u001b\[([\d;]*)m$/.exec(piece) ?? [];
      if (codes !== undefined) {
        for (const code of codes.split(";").map(Number)) {
          if (code === 0) [colour] = ["", on.clear()];
          else if (styles[code]) on.add(styles[code]);
          else if (code === 22) ["bold", "dim"].forEach((style) => on.delete(style));
          else if (code === 23) on.delete("italic");
          else if (code === 24) on.delete("underline");
          else if (code === 39) colour = "";
          else if ((code >= 30 && code <= 37) || (code >= 90 && code <= 97)) colour = colours[code % 10];
          else if (code === 38 || code === 48) break; // colours by number are not kept, nor may their numbers be read as codes
        }
        return "";
      }
      if (/^\u001b\[/.test(piece) || piece === "") return "";
      const classes = [...on, colour].filter(Boolean).map((name) => `ansi-${name}`);
      const shown = escapeHtml(piece.replace(/\u001b/g, ""));
      return classes.length ? `<span class="${classes.join(" ")}">${shown}</span>` : shown;
    })
    .join("");
}

const styles: Readonly<Record<number, string>> = {1: "bold", 2: "dim", 3: "italic", 4: "underline"};

/** What a terminal would show of a text with carriage returns: the last word on each line. */
export const overwritten = (text: string): string => text.replace(/\r\n/g, "\n").replace(/^.*\r(?=[^\n])/gm, "").replace(/\r/g, "");
