import {escapeHtml} from "../display/escape.js";

const letters =
  "alpha α beta β gamma γ delta δ epsilon ϵ varepsilon ε zeta ζ eta η theta θ vartheta ϑ iota ι kappa κ lambda λ " +
  "mu μ nu ν xi ξ pi π rho ρ sigma σ tau τ upsilon υ phi ϕ varphi φ chi χ psi ψ omega ω Gamma Γ Delta Δ Theta Θ " +
  "Lambda Λ Xi Ξ Pi Π Sigma Σ Upsilon Υ Phi Φ Psi Ψ Omega Ω ell ℓ infty ∞ partial ∂ nabla ∇ emptyset ∅ hbar ℏ";
const operators =
  "times × cdot ⋅ pm ± mp ∓ le ≤ leq ≤ ge ≥ geq ≥ ne ≠ neq ≠ approx ≈ sim ∼ equiv ≡ propto ∝ in ∈ notin ∉ subset ⊂ " +
  "subseteq ⊆ cup ∪ cap ∩ setminus ∖ to → rightarrow → leftarrow ← Rightarrow ⇒ Leftrightarrow ⇔ mapsto ↦ forall ∀ " +
  "exists ∃ ll ≪ gg ≫ ldots … dots … cdots ⋯ vdots ⋮ ddots ⋱ mid ∣ vert | Vert ‖ lVert ‖ rVert ‖ lvert | rvert | " +
  "prime ′ top ⊤ perp ⊥ circ ∘ star ⋆ ast ∗ otimes ⊗ oplus ⊕ odot ⊙ langle ⟨ rangle ⟩ lceil ⌈ rceil ⌉ lfloor ⌊ " +
  "rfloor ⌋ lbrace { rbrace } land ∧ lor ∨ neg ¬ colon :";
const large = "sum ∑ prod ∏ int ∫ iint ∬ bigcup ⋃ bigcap ⋂";
const accents = "hat ^ widehat ^ bar ¯ overline ¯ tilde ~ widetilde ~ vec → dot ˙ ddot ¨";
const table = (pairs: string): ReadonlyMap<string, string> => new Map(pairs.split(" ").flatMap((word, i, all) => (i % 2 ? [[all[i - 1], word] as const] : [])));
const [letter, operator, big, accent] = [letters, operators, large, accents].map(table);
const functions = new Set("log ln lg exp max min arg argmax argmin sup inf lim limsup liminf Pr det dim ker gcd deg hom sin cos tan cot sec csc sinh cosh tanh coth arcsin arccos arctan diag tr rank sign Var Cov".split(" "));
const stacked = new Set("max min argmax argmin sup inf lim limsup liminf gcd".split(" ")); // their subscript goes below, in a display
const spaces: Readonly<Record<string, string>> = {",": "0.17em", ":": "0.22em", ";": "0.28em", "!": "-0.17em", " ": "0.28em", quad: "1em", qquad: "2em"};
// Where the bold, double-struck and script letters begin in Unicode: capitals, small letters, digits, Greek capitals, small Greek.
const alphabets: Readonly<Record<string, readonly number[]>> = {
  mathbf: [0x1d400, 0x1d41a, 0x1d7ce, 0x1d6a8, 0x1d6c2], boldsymbol: [0x1d468, 0x1d482, 0x1d7ce, 0x1d71c, 0x1d736], bm: [0x1d468, 0x1d482, 0x1d7ce, 0x1d71c, 0x1d736],
  mathbb: [0x1d538, 0x1d552, 0x1d7d8], mathcal: [0x1d4d0, 0x1d4ea], mathscr: [0x1d4d0, 0x1d4ea]
};
const doubleStruck: Readonly<Record<string, string>> = {C: "ℂ", H: "ℍ", N: "ℕ", P: "ℙ", Q: "ℚ", R: "ℝ", Z: "ℤ"}; // older than their block
const fences: Readonly<Record<string, readonly [string, string]>> = {
  matrix: ["", ""], pmatrix: ["(", ")"], bmatrix: ["[", "]"], vmatrix: ["|", "|"], cases: ["{", ""],
  aligned: ["", ""], align: ["", ""], "align*": ["", ""], array: ["", ""]
};

const unknown = Symbol("not in this part of TeX");

function styled(c: string, alphabet: string): string {
  if (alphabet === "mathbb" && Object.hasOwn(doubleStruck, c)) return doubleStruck[c];
  const starts = alphabets[alphabet];
  const kind = [/[A-Z]/, /[a-z]/, /\d/, /[Α-Ω]/, /[α-ω]/].findIndex((range) => range.test(c));
  if (starts[kind] === undefined) throw unknown;
  return String.fromCodePoint(starts[kind] + c.codePointAt(0)! - [65, 97, 48, 0x391, 0x3b1][kind]);
}

/**
 * The MathML of a formula in TeX, for the part of TeX a course on choice models writes: Greek, sub- and superscripts,
 * fractions, roots, sums and integrals, named functions, accents, alphabets, text, brackets that grow, matrices, cases.
 *
 * @returns undefined for anything it does not know, so that the caller can show the source instead of half a formula
 * @example
 * texToMathml("\\hat\\beta_1") // "<math><msub><mover accent=\"true\"><mi>β</mi><mo stretchy=\"false\">^</mo></mover><mn>1</mn></msub></math>"
 */
export function texToMathml(tex: string, display = false): string | undefined {
  const tokens = tex.match(/\\[A-Za-z]+\*?|\\[\s\S]|\d+(?:\.\d+)?|[^\s]|\s+/g) ?? [];
  let at = 0;
  try {
    const inner = expression();
    if (at < tokens.length || inner === "") return undefined;
    return `<math${display ? ' display="block"' : ""}>${inner}</math>`;
  } catch (error) {
    if (error === unknown) return undefined;
    throw error;
  }

  function peek(): string {
    while (/^\s/.test(tokens[at] ?? "")) ++at;
    return tokens[at] ?? "";
  }
  function next(): string {
    const token = peek();
    ++at;
    return token;
  }
  function want(token: string): void {
    if (next() !== token) throw unknown;
  }
  // Everything up to what only the caller understands: a closing brace, a column's end, \right, \end.
  function expression(): string {
    let out = "";
    for (let token = peek(); token !== "" && !["}", "&", "\\\\", "\\right", "\\end"].includes(token); token = peek()) out += scripts();
    return out;
  }
  function group(): string {
    if (/^\d./.test(peek())) {
      tokens.splice(at, 1, tokens[at][0], tokens[at].slice(1)); // without braces an argument is one sign: \frac12 is a half
    }
    if (peek() !== "{") return atom();
    want("{");
    const inner = expression();
    want("}");
    return `<mrow>${inner}</mrow>`;
  }
  // The braces' own letters, spaces kept: the argument of \text and the names of alphabets.
  function raw(): string {
    if (peek() !== "{") return next().replace(/^\\/, "");
    want("{");
    let out = "";
    while (tokens[at] !== "}") {
      if (at >= tokens.length || /^[\\{]/.test(tokens[at]) && !/^\\[_&%$#{} ]$/.test(tokens[at])) throw unknown;
      out += tokens[at++].replace(/^\\/, "");
    }
    want("}");
    return out;
  }
  function scripts(): string {
    const name = peek().slice(1);
    const below = (display && big.has(name) && !name.endsWith("int")) || (display && stacked.has(name));
    const base = atom();
    let [sub, sup, primes] = ["", "", ""];
    for (;;) {
      if (peek() === "_" && !sub) [, sub] = [next(), group()];
      else if (peek() === "^" && !sup) [, sup] = [next(), group()];
      else if (peek() === "'") [, primes] = [next(), `${primes}′`];
      else break;
    }
    if (primes) sup = sup ? `<mrow><mo>${primes}</mo>${sup}</mrow>` : `<mo>${primes}</mo>`;
    const tag = sub && sup ? (below ? "munderover" : "msubsup") : sub ? (below ? "munder" : "msub") : sup ? (below ? "mover" : "msup") : "";
    return tag ? `<${tag}>${base}${sub}${sup}</${tag}>` : base;
  }
  function atom(): string {
    const token = next();
    if (token === "{") {
      --at;
      return group();
    }
    if (/^\d/.test(token)) return `<mn>${token}</mn>`;
    if (/^\p{L}$/u.test(token)) return `<mi>${token}</mi>`;
    if (token === "~") return '<mspace width="0.28em"></mspace>';
    if (/^[|()[\]]$/.test(token)) return `<mo stretchy="false">${token}</mo>`;
    if (/^[-+*/=<>,.;:!?]$/.test(token)) return `<mo>${escapeHtml(token === "-" ? "−" : token === "*" ? "∗" : token)}</mo>`;
    if (!token.startsWith("\\")) throw unknown;
    return command(token.slice(1));
  }
  function command(name: string): string {
    if (letter.has(name)) return /^[A-Z]|infty|emptyset/.test(name) ? `<mi mathvariant="normal">${letter.get(name)}</mi>` : `<mi>${letter.get(name)}</mi>`;
    if (operator.has(name)) return `<mo${/[|‖⟨⟩⌈⌉⌊⌋{}]/.test(operator.get(name)!) ? ' stretchy="false"' : ""}>${operator.get(name)}</mo>`;
    if (big.has(name)) return `<mo>${big.get(name)}</mo>`;
    if (functions.has(name)) return namedFunction(name);
    if (accent.has(name)) return `<mover accent="true">${group()}<mo${/wide|over/.test(name) ? "" : ' stretchy="false"'}>${accent.get(name)}</mo></mover>`;
    if (Object.hasOwn(alphabets, name)) return inAlphabet(name);
    if (Object.hasOwn(spaces, name)) return `<mspace width="${spaces[name]}"></mspace>`;
    if (/^[{}%$#&_|]$/.test(name)) return `<mo stretchy="false">${escapeHtml(name === "|" ? "‖" : name)}</mo>`;
    switch (name) {
      case "frac": case "dfrac": case "tfrac": return `<mfrac>${group()}${group()}</mfrac>`;
      case "binom": return `<mrow><mo>(</mo><mfrac linethickness="0">${group()}${group()}</mfrac><mo>)</mo></mrow>`;
      case "sqrt": return `<msqrt>${group()}</msqrt>`;
      case "underbrace": return `<munder>${group()}<mo>⏟</mo></munder>`;
      case "text": case "textrm": case "mbox": case "textit": case "textbf": return `<mtext>${escapeHtml(raw()).replace(/^ | $/g, "\u00a0")}</mtext>`;
      case "mathrm": case "operatorname": case "mathit": case "mathsf": case "mathtt": return namedFunction(raw());
      case "left": return between();
      case "begin": return rows();
      case "big": case "Big": case "bigl": case "bigr": case "Bigl": case "Bigr": case "limits": case "displaystyle": case "nolimits": return "";
      default: throw unknown;
    }
  }
  function inAlphabet(name: string): string {
    const braced = peek() === "{";
    let out = "";
    if (braced) next();
    do {
      const token = next();
      const word = token.startsWith("\\") ? letter.get(token.slice(1)) : /^[A-Za-z\d]+$/.test(token) ? token : undefined;
      if (word === undefined) throw unknown;
      for (const c of word) out += `<mi>${styled(c, name)}</mi>`;
    } while (braced && peek() !== "}");
    if (braced) want("}");
    return out.indexOf("<mi>", 1) < 0 ? out : `<mrow>${out}</mrow>`;
  }
  function namedFunction(name: string): string {
    // A name before its argument keeps a little air, unless the argument has brackets: log x, log(x).
    const air = functions.has(name) && /^(\p{L}|\d|\\(?!left|,|;|:|quad|right|end|\\)[A-Za-z])/u.test(peek()) ? '<mspace width="0.17em"></mspace>' : "";
    return `<mrow><mi${name.length === 1 ? ' mathvariant="normal"' : ""}>${escapeHtml(name)}</mi>${air}</mrow>`;
  }
  function fence(): string {
    const token = next();
    if (token === ".") return "";
    let sign: string | undefined;
    if (/^\\[{}|]$/.test(token)) sign = token.slice(1).replace("|", "‖");
    else if (token.startsWith("\\")) sign = operator.get(token.slice(1));
    else if (/^[()[\]|/<>]$/.test(token)) sign = token;
    if (sign === undefined) throw unknown;
    return `<mo stretchy="true">${escapeHtml(sign)}</mo>`;
  }
  function between(): string {
    const open = fence();
    const inner = expression();
    want("\\right");
    return `<mrow>${open}${inner}${fence()}</mrow>`;
  }
  function rows(): string {
    const name = raw();
    if (!Object.hasOwn(fences, name)) throw unknown;
    if (name === "array") raw();
    let body = "<mtr><mtd>";
    for (;;) {
      body += expression();
      const token = next();
      if (token === "&") body += "</mtd><mtd>";
      else if (token === "\\\\") body += "</mtd></mtr><mtr><mtd>";
      else if (token === "\\end" && raw() === name) break;
      else throw unknown;
    }
    const columns = name === "cases" ? ' class="m-left"' : /^align/.test(name) ? ' class="m-align" displaystyle="true"' : "";
    const [open, close] = fences[name].map((sign) => sign && `<mo stretchy="true">${sign}</mo>`);
    return `<mrow>${open}<mtable${columns}>${body}</mtd></mtr></mtable>${close}</mrow>`;
  }
}

