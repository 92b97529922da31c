import assert from "node:assert/strict";
import test from "node:test";
import "../../src/display/register.js";
import {coefficients} from "../../src/display/figures/coefficients.js";
import {convergence} from "../../src/display/figures/convergence.js";
import {shares} from "../../src/display/figures/shares.js";
import {figure} from "../../src/display/figure.js";
import {rasterizer} from "../../src/display/raster.js";
import {ChoiceError} from "../../src/errors.js";
import {rich} from "../../src/rich.js";
import {choices, fit, logit} from "./fixture.js";
import {JSDOM} from "jsdom";

const parser = new (new JSDOM("").window.DOMParser)();
const svg = (text: string) => parser.parseFromString(text, "image/svg+xml");
const all = () => [convergence(fit()), coefficients(fit()), coefficients({logit: logit(), mixed: fit()}), shares(choices())];

test("a figure is one self-contained picture: opaque, described, without style or inherited colour", () => {
  for (const made of all()) {
    const text = made[rich]()["image/svg+xml"]!;
    const root = svg(text).documentElement;
    assert.equal(root.namespaceURI, "http://www.w3.org/2000/svg");
    assert.equal(root.getAttribute("role"), "img");
    assert.ok(root.getAttribute("aria-label")!.length > 20);
    const ground = root.querySelector("rect")!;
    assert.deepEqual([ground.getAttribute("fill"), ground.getAttribute("width")], ["#ffffff", root.getAttribute("width")]);
    assert.doesNotMatch(text, /<style|currentColor|class="|var\(|NaN|undefined/);
    assert.match(root.getAttribute("font-family")!, /sans-serif$/);
  }
});

test("the same figure has the same bytes", () => {
  assert.deepEqual(all().map((f) => f[rich]()["image/svg+xml"]), all().map((f) => f[rich]()["image/svg+xml"]));
});

test("a figure is drawn once, and not for its text alone", () => {
  const made = convergence(fit());
  const bundle = made[rich]();
  assert.equal(made[rich](), bundle);
  assert.equal(typeof Object.getOwnPropertyDescriptor(bundle, "image/svg+xml")!.get, "function");
  assert.ok(made.toText().length > 100);
  assert.ok(Object.keys(bundle).includes("image/svg+xml"));
});

test("a PNG is twice the size and has words in it", {skip: !rasterizer() && "no rasterizer or font here"}, () => {
  const bundle = shares(choices())[rich]();
  const png = Buffer.from(bundle["image/png"]!, "base64");
  assert.deepEqual([...png.subarray(1, 4)], [...Buffer.from("PNG")]);
  assert.equal(png.readUInt32BE(16), 2 * Number(svg(bundle["image/svg+xml"]!).documentElement.getAttribute("width")));
  const wordless = Buffer.from(rasterizer()!(bundle["image/svg+xml"]!.replace(/<text[^]*?<\/text>/g, "")), "base64");
  assert.ok(png.length > wordless.length + 5000);
});

test("the trace marks each step by who made it, and its goal", () => {
  const made = convergence(fit(), {tolerance: 1e-6});
  assert.equal(made.facts.goal, 1e-3);
  const text = svg(made[rich]()["image/svg+xml"]!).documentElement.textContent!;
  for (const word of ["BHHH step", "Newton step", "goal", "converged after 10 iterations at \u22121255.30", "1e\u22124"]) assert.ok(text.replaceAll("e-", "e\u2212").includes(word), word);
  assert.match(made.toText(), /^ +7 +-1255\.3170 +1\.2e-2 +Newton$/m);
});

test("a long trace is cut in the middle of its table, never in its picture", () => {
  const path = Array.from({length: 200}, (_, i) => ({iteration: i, logLikelihood: -1000 + i, gradientNorm: i === 199 ? 0 : 1 / (i + 1), decrement: 1, method: "bfgs", seconds: 0}));
  const made = convergence(fit({path}));
  assert.equal(made.toText().match(/BFGS/g)!.length, 30);
  // One mark a step in either panel, but where the gradient is zero; and one in the legend.
  assert.equal(svg(made[rich]()["image/svg+xml"]!).querySelectorAll('[fill="#007e5b"] path').length, 200 + 199 + 1);
});

test("in characters, too, new draws are marked where they come", () => {
  const step = (iteration: number, pass: number, draws?: number) => ({iteration, logLikelihood: -1300 + iteration, gradientNorm: 0.1, decrement: 1, method: iteration ? "newton" : "start", seconds: 0, pass, ...(draws && {draws})});
  const text = convergence(fit({path: [step(0, 1, 64), step(1, 1, 64), step(2, 2, 256), step(3, 2, 256), step(4, 3)]})).toText();
  assert.deepEqual(text.match(/(start|Newton).*$/gm), ["start", "Newton", "Newton, new draws: 256", "Newton", "Newton, new draws"]);
  assert.match(text, /before and after new draws are not comparable/);
  assert.doesNotMatch(convergence(fit()).toText(), /new draws/);
});

test("names of axes keep off the picture's edge", () => {
  const root = svg(convergence(fit())[rich]()["image/svg+xml"]!);
  const wide = Number(root.documentElement.getAttribute("width"));
  const at = (words: string) => [...root.querySelectorAll("text")].find(({textContent}) => textContent === words)!;
  // Where Plot puts a label, its group and the text move it.
  const x = (element: Element | null): number => (element ? Number(/translate\(([-\d.]+)/.exec(element.getAttribute("transform") ?? "")?.[1] ?? 0) + x(element.parentElement) : 0);
  assert.ok(x(at("Log-likelihood")) >= 12, String(x(at("Log-likelihood"))));
  assert.ok(x(at("Iteration")) <= wide - 60 && at("Iteration").closest("[text-anchor]")!.getAttribute("text-anchor") === "middle", String(x(at("Iteration"))));
});

test("every way to end makes a figure: many sets of draws, a stop, a run-away, a number that is none", () => {
  const step = (iteration: number, logLikelihood: number, gradientNorm: number, pass?: number) => ({iteration, logLikelihood, gradientNorm, decrement: 1, method: iteration ? "bhhh" : "start", seconds: 0, ...(pass !== undefined && {pass})});
  const passes = Array.from({length: 12}, (_, i) => step(i, -1300 + i, 10 ** (1 - i % 4), 1 + Math.floor(i / 4)));
  const many = svg(convergence(fit({path: passes}))[rich]()["image/svg+xml"]!);
  // In either panel one line for each of three sets of draws.
  assert.equal([...many.querySelectorAll('[stroke-opacity="0.6"] path')].length, 6);
  const words = (path: readonly object[], code: string, said: string) => svg(convergence(fit({path: path as never, ending: {code: code as "stuck", converged: false, words: said, advice: ""}}))[rich]()["image/svg+xml"]!).documentElement.textContent!;
  assert.match(words(passes.slice(0, 3), "stopped", "was stopped by request"), /not converged after 2 iterations.*was stopped by request/);
  assert.match(words(passes, "stuck", "ran away over 11 steps"), /ran away over 11 steps/);
  assert.match(words([step(0, -1300, 12), step(1, -1250, NaN), step(2, NaN, NaN)], "not finite", "met no number"), /not converged after 2 iterations at ?\u22121250\.00/);
});

test("an axis of powers of ten is written in few, plain words", () => {
  const path = [3, 1, -1, -3, -5, -7].map((power, iteration) => ({iteration, logLikelihood: -1000 + iteration, gradientNorm: 10 ** power, decrement: 1, method: "newton", seconds: 0}));
  const ticks = [...svg(convergence(fit({path}))[rich]()["image/svg+xml"]!).querySelectorAll("text")].map(({textContent}) => textContent!).filter((text) => /^(1e\u2212\d+|0?\.?0*10*)$/.test(text));
  assert.ok(ticks.includes("10") || ticks.includes("1000") || ticks.includes("0.1"), ticks.join(" "));
  assert.ok(ticks.some((text) => text.startsWith("1e\u2212")) && ticks.filter((text) => /e|0/.test(text)).length <= 16, ticks.join(" "));
});

test("a path of one step, or none, still makes a figure", () => {
  for (const path of [[], fit().path.slice(0, 1)]) assert.match(convergence(fit({path}))[rich]()["image/svg+xml"]!, /^<svg/);
});

test("coefficients of several fits share their terms, and `only` keeps some", () => {
  const made = coefficients({logit: logit(), mixed: fit()}, {only: ["price", "time"]});
  assert.deepEqual(made.facts.rows.map(({fit, name}) => `${fit} ${name}`), ["0 price", "0 time", "1 price", "1 time"]);
  const text = svg(made[rich]()["image/svg+xml"]!).documentElement.textContent!;
  assert.equal(text.split("price").length, 2);
  assert.match(made.toText(), /price, mixed +-0\.823 .*\[-0\.924, -0\.723\]/);
});

test("nothing to draw is an error in words", () => {
  assert.throws(() => coefficients(fit(), {only: ["no such name"]}), (e) => e instanceof ChoiceError && e.code === "coefficients/nothing");
});

test("shares are counted from the data", () => {
  const data = choices(["a", "b", "c"]);
  const won = [0, 0, 0];
  for (const r of data.chosen) ++won[r % 3];
  assert.deepEqual(shares(data).facts.rows.map(({share}) => share * 1200), won);
});

test("a kind of figure that nobody draws says its name", () => {
  assert.equal(figure("unheard of", {})[rich]()["text/plain"], "[figure unheard of]");
});
