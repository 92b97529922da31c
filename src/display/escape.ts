/**
 * Labels come from the user's table and are text, whatever they look like. Each output has its own way to say so.
 *
 * Control characters are shown by their Unicode pictures (␀ for NUL), so that nothing is lost and no terminal obeys them.
 */
const bidi = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
const rightToLeft = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;
const loneSurrogate = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

// Tab, line feed and carriage return are left to the caller.
const pictured = (text: string): string =>
  text
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, (c) => String.fromCharCode(0x2400 + c.charCodeAt(0)))
    .replace(/\u007f/g, "\u2421")
    .replace(/[\u0080-\u009f\ufffe\uffff]|\ufdd0/g, "\ufffd")
    .replace(loneSurrogate, "\ufffd");

/** Whether a text could turn the direction of what follows it. */
export const turns = (text: string): boolean => text.search(bidi) >= 0 || rightToLeft.test(text);

/** A text inside another: marked off from its neighbours when it could turn their direction. */
export const isolated = (text: string): string => (turns(text) ? `\u2068${text}\u2069` : text);

/** One line for a terminal or a figure: line ends become ↵, tabs →, and a text that turns direction is isolated. */
export function oneLine(text: string): string {
  const line = pictured(text).replace(/\r\n?|\n|\u2028|\u2029/g, "↵").replace(/\t/g, "→");
  return isolated(line);
}

const html: Readonly<Record<string, string>> = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;", "\r": "&#13;"};

/** Text between tags. */
export const escapeHtml = (text: string): string => pictured(text).replace(/[&<>"'\r]/g, (c) => html[c]);

/** Text inside a quoted attribute, in HTML or XML. */
export const escapeAttribute = (text: string): string => escapeHtml(text).replace(/\n/g, "&#10;").replace(/\t/g, "&#9;");

/** A label between tags: isolated when it could turn the direction of its neighbours. */
export const htmlLabel = (text: string): string => (turns(text) ? `<bdi>${escapeHtml(text)}</bdi>` : escapeHtml(text));

/**
 * Text in a cell of a pipe table. A backslash is written as an entity: some notebooks read `\\(` as the beginning of
 * mathematics before they read Markdown.
 */
export const escapeMarkdown = (text: string): string =>
  oneLine(text)
    .replace(/[\\&<>]/g, (c) => (c === "\\" ? "&#92;" : html[c]))
    .replace(/[`*_{}[\]|$~]/g, "\\$&")
    .replace(/:(?=\S)|@(?=\w)/g, (c) => `&#${c.charCodeAt(0)};`)
    .replace(/^(\s*)([-+=#])/, "$1\\$2")
    .replace(/^(\s*\d+)([.)])(?=\s)/, "$1\\$2")
    .replace(/www\./gi, (w) => `${w.slice(0, 3)}&#46;`);

const latex: Readonly<Record<string, string>> = {
  "\\": "\\textbackslash{}", "{": "\\{", "}": "\\}", $: "\\$", "&": "\\&", "#": "\\#", _: "\\_", "%": "\\%",
  "~": "\\textasciitilde{}", "^": "\\textasciicircum{}", "<": "\\textless{}", ">": "\\textgreater{}", "|": "\\textbar{}",
  "`": "\\textasciigrave{}",
  "−": "$-$", "×": "$\\times$", "²": "$^{2}$", ρ: "$\\rho$", "·": "\\textperiodcentered{}", "—": "---", "–": "--",
  "…": "\\ldots{}", "≤": "$\\le$", "≥": "$\\ge$", "→": "$\\rightarrow$", "ρ²": "$\\rho^{2}$",
  "±": "$\\pm$", "†": "$^{\\dagger}$", "√": "$\\surd$", "β": "$\\beta$", "ε": "$\\varepsilon$", "λ": "$\\lambda$", "π": "$\\pi$"
};

/** Text in LaTeX; signs that stand beside a word are left to the word. A leading bracket or star is wrapped, since after `\\` it would be an argument. */
export const escapeLatex = (text: string): string =>
  pictured(text)
    .replace(bidi, "")
    .replace(/[\s\u2028\u2029]+/g, " ")
    .replace(/[✓✗⚠] ?/g, "")
    .replace(/ρ²|[\\{}$&#_%~^<>|`−×²ρ·—–…≤≥→±√βελπ†]/g, (c) => latex[c])
    .replace(/^\s*([[*])/, "{$1}");
