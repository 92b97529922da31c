const unseen = /[\p{Mn}\p{Me}\p{Cf}]/u;
const wide = /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;

const cells = (character: string): number => (unseen.test(character) ? 0 : wide.test(character) ? 2 : 1);

/** How many columns of a terminal a text takes. */
export function width(text: string): number {
  let sum = 0;
  for (const character of text) sum += cells(character);
  return sum;
}

/** Fills a text with spaces up to a width. */
export const pad = (text: string, to: number, align: "left" | "right"): string => {
  const space = " ".repeat(Math.max(0, to - width(text)));
  return align === "left" ? text + space : space + text;
};

/** Cuts a text into pieces no wider than `most`, at spaces where there are any. */
export function wrap(text: string, most: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line && width(line) + 1 + width(word) <= most) line += ` ${word}`;
    else {
      if (line) lines.push(line);
      const pieces = cut(word, most);
      lines.push(...pieces.slice(0, -1));
      line = pieces[pieces.length - 1];
    }
  }
  return [...lines, line];
}

/** The beginning of a text, with … where something was left out. */
export const shorten = (text: string, most: number): string => (width(text) <= most ? text : `${cut(text, most - 1)[0]}…`);

function cut(word: string, most: number): string[] {
  const pieces = [""];
  let used = 0;
  for (const character of word) {
    const w = cells(character);
    if (used + w > most) {
      pieces.push("");
      used = 0;
    }
    pieces[pieces.length - 1] += character;
    used += w;
  }
  return pieces;
}
