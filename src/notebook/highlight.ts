import {escapeHtml} from "../display/escape.js";

const keywords =
  "abstract|any|as|async|await|boolean|break|case|catch|class|const|continue|declare|default|delete|do|else|enum|" +
  "export|extends|false|finally|for|from|function|if|implements|import|in|infer|instanceof|interface|keyof|let|never|" +
  "new|null|number|of|private|protected|public|readonly|return|satisfies|static|string|super|switch|this|throw|true|" +
  "try|type|typeof|undefined|unknown|var|void|while|yield";

// Kinds in the order in which they are tried at each place. A regular expression is told from a division by what stands
// before it, which is good enough for a page to read.
const tokens = new RegExp(
  [
    String.raw`(?<comment>\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$))`,
    String.raw`(?<string>'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|\`(?:[^\`\\]|\\[\s\S])*\`|(?<=[(,=:[!&|?{};\n]\s*)\/(?![*/])(?:[^/\\\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*)`,
    String.raw`(?<number>\b(?:0[xXbBoO][\da-fA-F_]+|\d[\d_]*(?:\.[\d_]*)?(?:[eE][+-]?\d+)?)n?\b)`,
    String.raw`(?<![.$\w])(?<keyword>${keywords})(?![$\w]|\s*:(?!:))`,
    String.raw`(?<call>[A-Za-z_$][\w$]*)(?=\()`,
    String.raw`(?<type>(?<![.$\w])[A-Z][\w$]*)`
  ].join("|"),
  "g"
);

/** TypeScript as HTML with its words in spans of classes `t-comment`, `t-string`, `t-number`, `t-keyword`, `t-call`, `t-type`. */
export function highlight(code: string): string {
  let html = "";
  let end = 0;
  for (const match of code.matchAll(tokens)) {
    const [kind, text] = Object.entries(match.groups!).find(([, found]) => found !== undefined)!;
    html += `${escapeHtml(code.slice(end, match.index))}<span class="t-${kind}">${escapeHtml(text)}</span>`;
    end = match.index! + text.length;
  }
  return html + escapeHtml(code.slice(end));
}
