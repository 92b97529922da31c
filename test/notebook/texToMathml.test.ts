import assert from "node:assert/strict";
import test from "node:test";
import {JSDOM} from "jsdom";
import {texToMathml} from "../../src/notebook/texToMathml.js";

const inner = (tex: string, display = false): string | undefined => texToMathml(tex, display)?.replace(/^<math[^>]*>|<\/math>$/g, "");

test("the small parts of a formula become their elements", () => {
  const cases: [string, string][] = [
    ["\\beta_1", "<msub><mi>β</mi><mn>1</mn></msub>"],
    ["x^{2}_i", "<msubsup><mi>x</mi><mi>i</mi><mrow><mn>2</mn></mrow></msubsup>"],
    ["x'", "<msup><mi>x</mi><mo>′</mo></msup>"],
    ["\\frac{1}{n}", "<mfrac><mrow><mn>1</mn></mrow><mrow><mi>n</mi></mrow></mfrac>"],
    ["\\frac12", "<mfrac><mn>1</mn><mn>2</mn></mfrac>"],
    ["\\hat\\beta", '<mover accent="true"><mi>β</mi><mo stretchy="false">^</mo></mover>'],
    ["\\log(x)", '<mrow><mi>log</mi></mrow><mo stretchy="false">(</mo><mi>x</mi><mo stretchy="false">)</mo>'],
    ["\\mathbf{x}", "<mi>𝐱</mi>"],
    ["\\boldsymbol\\beta", "<mi>𝜷</mi>"],
    ["\\mathbb{R}", "<mi>ℝ</mi>"],
    ["\\text{if } p < 1", "<mtext>if\u00a0</mtext><mi>p</mi><mo>&lt;</mo><mn>1</mn>"],
    ["-0.5", "<mo>−</mo><mn>0.5</mn>"],
    ["\\left. x \\right|", '<mrow><mi>x</mi><mo stretchy="true">|</mo></mrow>']
  ];
  for (const [tex, mathml] of cases) assert.equal(inner(tex), mathml, tex);
});

test("limits stand below and above a sum in a display, and beside it in a line", () => {
  assert.match(inner("\\sum_{j=1}^J p_j", true)!, /^<munderover><mo>∑<\/mo>/);
  assert.match(inner("\\sum_{j=1}^J p_j")!, /^<msubsup><mo>∑<\/mo>/);
  assert.match(inner("\\max_p H", true)!, /^<munder><mrow><mi>max<\/mi><\/mrow><mi>p<\/mi><\/munder>/);
});

test("the formulas of this subject are well-formed MathML", () => {
  const formulas = [
    "P_{ij} = \\frac{\\exp(\\alpha_j + \\mathbf{x}_{ij}'\\boldsymbol{\\beta})}{\\sum_{k=1}^{J} \\exp(\\alpha_k + \\mathbf{x}_{ik}'\\boldsymbol{\\beta})}",
    "\\ell(\\theta) = \\sum_{i=1}^{N} \\log \\int \\prod_t P_{it}(\\beta)\\, f(\\beta \\mid \\theta)\\, d\\beta",
    "H(p) = -\\sum_j p_j \\ln p_j \\quad \\text{subject to} \\quad \\sum_j p_j x_{jk} = \\bar{x}_k",
    "\\frac{\\partial s_j}{\\partial p_k} = \\begin{cases} \\alpha s_j (1 - s_j) & \\text{if } j = k \\\\ -\\alpha s_j s_k & \\text{otherwise} \\end{cases}",
    "\\hat{\\theta} = \\operatorname{argmax}_{\\theta \\in \\mathbb{R}^K} \\ell(\\theta), \\qquad \\beta_i \\sim \\mathcal{N}(\\mu, \\Omega)",
    "\\tanh x = \\frac{\\sinh x}{\\cosh x}, \\quad \\limsup_{n} \\arctan(x_n)",
    "\\left( \\frac{a}{b} \\right)^{2} \\le \\sqrt{n} \\pm \\infty",
    "\\Omega = \\begin{pmatrix} \\sigma_1^2 & \\sigma_{12} \\\\ \\sigma_{12} & \\sigma_2^2 \\end{pmatrix}",
    "\\begin{aligned} u_{ij} &= v_{ij} + \\varepsilon_{ij} \\\\ &\\ge u_{ik} \\end{aligned}"
  ];
  const {DOMParser} = new JSDOM("").window;
  for (const tex of formulas) {
    const mathml = texToMathml(tex, true);
    assert.ok(mathml, tex);
    const document = new DOMParser().parseFromString(mathml, "application/xml");
    assert.equal(document.querySelector("parsererror"), null, tex);
    // these elements take a fixed number of children: a missing or a loose one would shift the formula
    const arity: Record<string, number> = {mfrac: 2, msub: 2, msup: 2, msubsup: 3, munder: 2, mover: 2, munderover: 3};
    for (const element of document.querySelectorAll("*")) if (arity[element.localName]) assert.equal(element.children.length, arity[element.localName], `${element.localName} in ${tex}`);
  }
});

test("what is not known is given back, not guessed", () => {
  const formulas = ["\\weird{x}", "{x", "x}", "\\frac{a", "\\left( x", "\\begin{tikz}x\\end{tikz}", "a & b", "x_1_2", "\\text{$x$ \\emph{y}}", "50\\% % comment", ""];
  const inherited = ["\\begin{constructor}x\\end{constructor}", "\\constructor", "\\toString{x}", "\\hasOwnProperty"];
  for (const tex of [...formulas, ...inherited]) assert.equal(texToMathml(tex), undefined, tex);
});
