import type {MimeData} from "../ipynb.js";

/** What TypeScript knows of a word, as its language service tells it. */
export interface QuickInfo {
  readonly displayParts?: readonly Part[];
  readonly documentation?: readonly Part[];
  readonly tags?: readonly {readonly name: string; readonly text?: readonly Part[]}[];
}

/** Words that fit at a place, and the span they would replace. */
export interface Completion {
  readonly start: number;
  readonly end: number;
  readonly candidates: readonly string[];
  readonly original?: {readonly entries?: readonly {readonly name: string; readonly kind: string; readonly insertText?: string}[]};
}

interface Part {
  readonly text: string;
}

const joinedParts = (parts: readonly Part[] = []): string => parts.map(({text}) => text).join("");

/** A word's type and documentation, as plain text and as markdown; undefined where nothing is known. */
export function hover(info: QuickInfo | undefined): MimeData | undefined {
  const type = joinedParts(info?.displayParts);
  if (!info || type === "") return undefined;
  const documentation = joinedParts(info.documentation);
  const tags = (info.tags ?? []).map(({name, text}) => ({name, text: joinedParts(text)}));
  const example = ({name}: {name: string}): boolean => name === "example";
  const told = tags.map((tag) => (example(tag) ? `*@example*\n\`\`\`typescript\n${bare(tag.text)}\n\`\`\`` : `*@${tag.name}* ${tag.text}`.trimEnd()));
  return {
    "text/plain": [type, ...(documentation ? [documentation] : []), ...tags.map(({name, text}) => `@${name} ${text}`.trimEnd())].join("\n\n"),
    "text/markdown": [`\`\`\`typescript\n${type}\n\`\`\``, ...(documentation ? [documentation] : []), ...told].join("\n\n")
  };
}

// An example may already stand in a fence.
const bare = (text: string): string => text.replace(/^```\w*\n|\n?```\s*$/g, "");

/** Completions, with the kind of each for front-ends that show it. */
export function matches({start, end, candidates, original}: Completion): {matches: readonly string[]; start: number; end: number; kinds: readonly string[]} {
  const entries = new Map(original?.entries?.map((entry) => [entry.name, entry]));
  // A key that is a symbol does not follow a dot.
  const fitting = candidates.filter((name) => !entries.get(name)?.insertText?.startsWith("["));
  return {matches: fitting, start, end, kinds: fitting.map((name) => entries.get(name)?.kind ?? "")};
}

interface Wrong {
  readonly code: number;
  readonly start: number;
  readonly length: number;
}

const unterminatedString = 1002;

/**
 * Whether code that was typed line by line is whole. What is wrong only at its end lacks a continuation; an empty last line
 * says that none will come.
 */
export function completeness(code: string, wrong: readonly Wrong[]): {status: "complete"} | {status: "invalid"} | {status: "incomplete"; indent: string} {
  if (!wrong.length) return {status: "complete"};
  const end = code.trimEnd().length;
  const open = wrong.every((one) => one.start + one.length >= end && one.code !== unterminatedString);
  if (!open || /\n[ \t]*\n[ \t]*$/.test(code)) return {status: "invalid"};
  const line = /[^\n]*$/.exec(code.trimEnd())![0];
  const indent = /^[ \t]*/.exec(line)![0];
  return {status: "incomplete", indent: /[{([]\s*$/.test(line) ? `${indent}  ` : indent};
}
