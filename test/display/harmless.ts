// What every record and every figure must bear: labels of any kind stay labels.
import assert from "node:assert/strict";
import test from "node:test";
import {JSDOM} from "jsdom";
import {marked} from "marked";
import {escapeLatex, oneLine} from "../../src/display/escape.js";
import type {Figure} from "../../src/display/figure.js";
import {width} from "../../src/display/width.js";
import {rich, type Shown} from "../../src/rich.js";
import {hostile} from "./fixture.js";
import {page, parsed, vocabulary} from "./html.js";

/** Tests that a record shows any label as itself in every dress. */
export function recordIsHarmless(name: string, record: (label: string) => Shown): void {
  test(`${name} shows any label as itself in HTML, and no label adds an element or attribute`, () => {
    const harmless = vocabulary(page(record("label")[rich]()));
    for (const label of hostile) {
      const document = page(record(label)[rich]());
      assert.ok(document.body.textContent!.includes(label.replaceAll("\u001b", "␛")), label);
      assert.deepEqual(vocabulary(document).filter((word) => !harmless.includes(word) && word !== "bdi"), [], label);
    }
  });

  test(`${name} shows any label as itself in Markdown, keeps it on its line in plain text, and escapes it in LaTeX`, () => {
    for (const label of hostile) {
      const bundle = record(label)[rich]();
      const document = parsed(marked.parse(bundle["text/markdown"]!, {async: false}));
      assert.ok(document.body.textContent!.replaceAll(/\s+/g, " ").includes(oneLine(label).replaceAll(/\s+/g, " ")), `${label}\n${document.body.textContent!.slice(0, 300)}`);
      assert.equal(document.querySelectorAll("a, img, script, pre, del, ul, ol, h1, h2").length, 0, label);
      assert.doesNotMatch(bundle["text/plain"], /[\u0000-\u0009\u000b-\u001f]/, label);
      if (oneLine(label).length < 12) {
        const tame = record("x".repeat(width(oneLine(label))))[rich]()["text/plain"];
        assert.ok(Math.abs(bundle["text/plain"].split("\n").length - tame.split("\n").length) <= 2, label);
      }
      const escaped = escapeLatex(label);
      assert.ok([escaped, escaped.replace(/^\{([[*])\}/, "$1")].some((text) => bundle["text/latex"]!.includes(text)), label);
    }
  });
}

const drawing = new Set(["svg", "g", "rect", "path", "text", "tspan", "line", "circle"]);

/** Tests that figures show any label as itself and hold nothing but drawing. */
export function figuresAreHarmless(figures: (label: string) => readonly Figure[]): void {
  const parser = new (new JSDOM("").window.DOMParser)();
  test("figures show any label as itself, are well-formed, and hold nothing but drawing", () => {
    for (const label of hostile) {
      for (const figure of figures(label)) {
        const bundle = figure[rich]();
        const document = parser.parseFromString(bundle["image/svg+xml"]!, "image/svg+xml");
        assert.equal(document.querySelector("parsererror"), null);
        for (const element of document.querySelectorAll("*")) {
          assert.ok(drawing.has(element.localName), `${figure.figure}: ${element.localName}`);
          for (const {name} of element.attributes) assert.doesNotMatch(name, /^on|href|src|^style|^class|^id$/);
        }
        assert.ok(document.documentElement.textContent!.includes(oneLine(label).split(" ")[0].slice(0, 20)), `${figure.figure}: ${label}`);
        assert.ok(document.documentElement.getAttribute("aria-label")!.includes(oneLine(label)), `${figure.figure}: ${label}`);
        assert.doesNotMatch(bundle["text/plain"], /[\u0000-\u0009\u000b-\u001f]/);
      }
    }
  });
}
