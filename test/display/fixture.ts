// A made-up fit with everything a card must be able to show. The numbers are invented; only their consistency matters:
// z = estimate / error, intervals are estimate ± 1.959964 errors, rho² and criteria follow from the log-likelihoods.
import {Matrix} from "ml-matrix";
import type {ChoiceData, Note} from "../../src/data/choiceData.js";
import type {FitFacts} from "../../src/estimate/types.js";
import type {ErrorKind} from "../../src/infer/covariance.js";
import type {EstimateRow, Estimates} from "../../src/infer/estimates.js";
import {shown} from "../../src/rich.js";
import {erfcTail} from "./tail.js";

type Role = EstimateRow["role"];

export function row(name: string, role: Role, estimate: number, error: number | null, more: Partial<EstimateRow> = {}): EstimateRow {
  if (error === null) return {name, words: "", role, estimate, error, z: null, p: null, low: null, high: null, ...more};
  const z = estimate / error;
  return {name, words: "", role, estimate, error, z, p: erfcTail(z), low: estimate - 1.959964 * error, high: estimate + 1.959964 * error, ...more};
}

export const rows: readonly EstimateRow[] = [
  row("train", "intercept", 0.4243, 0.1812),
  row("bus", "intercept", -1.2075, 0.2204),
  row("car", "intercept", 0.10841, 0.2113),
  row("price", "mean", -0.82342, 0.05113),
  row("time", "mean", -1.31227, 0.11346, {words: "mean of ln(-time)"}),
  row("comfort", "mean", 0.2011, 0.14907),
  row("halfwidth[comfort]", "spread", 0.3, null, {why: "held", words: "half-width of comfort"}),
  row("chol[price,price]", "covariance", 0.35214, 0.06122, {detail: true}),
  row("chol[time,price]", "covariance", 0.06155, 0.03117, {detail: true}),
  row("chol[time,time]", "covariance", 0.88105, 0.12133, {detail: true}),
  row("sd[price]", "spread", 0.35214, 0.06122),
  row("sd[time]", "spread", 0.8832, 0.12201),
  row("cor[time,price]", "correlation", 0.11904, 0.08151),
  row("mean of time", "derived", -15.9366, 1.7302),
  row("median of time", "derived", 0.00213, null, {why: "flat: these data do not say"})
];

export const estimated = (rows: readonly EstimateRow[], errors: ErrorKind, words: string): Estimates => shown("estimates", {rows, errors, words, level: 0.95});

export function choices(alternatives: readonly string[] = ["train", "bus", "car", "stay"], hash = "a3f9c1d2"): ChoiceData {
  const people = 120;
  const perPerson = 10;
  const N = people * perPerson;
  const J = alternatives.length;
  return {
    alternatives,
    attributes: ["price", "time", "comfort"],
    x: new Float64Array(N * J * 3),
    alternative: Int32Array.from({length: N * J}, (_, r) => r % J),
    chosen: Int32Array.from({length: N}, (_, n) => n * J + ((n * n + (n % 3)) % J)),
    situation: Int32Array.from({length: N + 1}, (_, n) => n * J),
    person: Int32Array.from({length: people + 1}, (_, i) => i * perPerson),
    weight: new Float64Array(N).fill(1),
    people: Array.from({length: people}, (_, i) => i),
    situations: Array.from({length: N}, (_, n) => n),
    panel: true,
    sourceRow: Int32Array.from({length: N * J}, (_, r) => r),
    recipe: 'fromLong: chosen "choice", person "id", situation "occasion"',
    hash,
    notes: []
  } as unknown as ChoiceData;
}

const walk = [-1663.55, -1402.31, -1310.05, -1273.4, -1259.9, -1256.21, -1255.5, -1255.317, -1255.3021, -1255.30196, -1255.301958];
const slopes = [212, 61, 20.2, 8.1, 2.9, 0.81, 0.27, 0.012, 3.1e-4, 2.2e-6, 1.4e-10];

export const notes: readonly Note[] = [
  {level: "info", code: "start/zeros", text: "Started from the logit without random coefficients."},
  {level: "warning", code: "draws/few", text: "With 200 draws the simulation noise of chol[time,time] is about a third of its standard error; 1000 draws would bring it below a tenth."}
];

export function fit(more: Partial<FitFacts> = {}): FitFacts {
  const logLikelihood = -1255.301958;
  const atZero = -1663.5532;
  const P = rows.length - 5;
  return {
    title: "Mixed logit, full covariance",
    tier: "mixed",
    specification: {tier: "mixed", random: {price: "normal", time: "-lognormal", comfort: "triangular"}, covariance: "full", hold: {"halfwidth[comfort]": 0.3}},
    data: choices(),
    design: {columns: []} as unknown as FitFacts["design"],
    parameters: [],
    theta: Float64Array.from(rows.slice(0, P), (r) => r.estimate),
    logLikelihood,
    logLikelihoodAtZero: atZero,
    logLikelihoodAtShares: -1630.118,
    ending: {code: "converged", converged: true, words: "The gradient vanished: the next step would gain less than 1e-10.", advice: ""},
    path: walk.map((value, i) => ({iteration: i, logLikelihood: value, gradientNorm: slopes[i], decrement: slopes[i] ** 2, method: i === 0 ? "start" : i < 7 ? "bhhh" : "newton", seconds: i / 10})),
    computing: {kernel: "wasm", threads: 2},
    integration: {rule: "Halton", dimensions: 3, draws: 200, shared: false, exact: false, seed: 42, effective: {least: 21.3, median: 88.1}},
    hessian: Matrix.eye(P - 1).mul(-1),
    scores: Matrix.zeros(120, P - 1),
    free: Array.from({length: P - 1}, (_, p) => p),
    estimates: estimated(rows, "robust", "robust, scores summed over 120 people"),
    rho2: 1 - logLikelihood / atZero,
    aic: 2 * (P - 1) - 2 * logLikelihood,
    bic: Math.log(1200) * (P - 1) - 2 * logLikelihood,
    seconds: 3.21,
    seed: 42,
    version: "0.1.0",
    notes,
    ...more
  };
}

/** A logit with three coefficients on the same data. */
export const logit = (more: Partial<FitFacts> = {}): FitFacts => {
  const few = [row("price", "mean", -0.5121, 0.0312), row("time", "mean", -0.0314, 0.00411), row("comfort", "mean", 0.151, 0.101)];
  return fit({
    title: "Multinomial logit",
    tier: "mnl",
    specification: {tier: "mnl"},
    logLikelihood: -1390.2,
    rho2: 1 - 1390.2 / 1663.5532,
    free: [0, 1, 2],
    aic: 2786.4,
    bic: 2801.7,
    integration: {rule: "none", dimensions: 0, draws: 0, shared: true, exact: false, seed: 0},
    estimates: estimated(few, "hessian", "inverse Hessian"),
    notes: [],
    ...more
  });
};

/** Names that would do harm where they are taken for markup. */
export const hostile = [
  "<img src=x onerror=alert(1)>",
  '"><script>alert(1)</script>',
  "' onmouseover='alert(1)",
  "a|b|c",
  "$x^2$ and \\(y\\)",
  "\\textbf{bold} \\\\ \\end{tabular} %gone",
  "two\nlines",
  "carriage\rreturn",
  "</style></table></details>",
  "<![CDATA[ x ]]> <!-- y -->",
  "&lt;b&gt; &amp;",
  "_under_ *star* `tick` ~~gone~~ [a](javascript:alert(1))",
  "# heading",
  "- item",
  "[opt]",
  "\u202eright to left",
  "\u05e9\u05dc\u05d5\u05dd",
  "escape\u001b[31mred",
  "价格 × 时间",
  "currentColor",
  "__proto__",
  "constructor",
  "http://example.org and www.example.org",
  "\\input{/etc/passwd} \\write18{ls}",
  '" onload="alert(1)',
  "<svg/onload=alert(1)>"
] as const;
