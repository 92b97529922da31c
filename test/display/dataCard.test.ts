import assert from "node:assert/strict";
import test from "node:test";
import "../../src/display/register.js";
import {fromLong} from "../../src/data/fromLong.js";
import {summary} from "../../src/data/summary.js";
import {rich} from "../../src/rich.js";
import {page} from "./html.js";

// Three people, two trips each, two modes; the second person walks once because the bus was not on offer.
const trips = [
  [1, 1, "bus", 1, 2.5], [1, 1, "walk", 0, 0], [1, 2, "bus", 0, 3.5], [1, 2, "walk", 1, 0],
  [2, 3, "bus", 1, 2.0], [2, 3, "walk", 0, 0], [2, 4, "walk", 1, 0], [2, 4, "swim", 0, 0],
  [3, 5, "bus", 1, 1.0], [3, 5, "walk", 0, 0], [3, 6, "bus", 1, 2.5], [3, 6, "walk", 0, 0], [3, 6, "swim", 0, 0]
].map(([id, trip, mode, took, fare]) => ({id, trip, mode, took, fare, income: Number(id) * 1000}));
const data = fromLong(trips, {chosen: "took", alternative: "mode", situation: "trip", person: "id"});

test("choice data show what they hold: counts, choice sets, shares, availability, attributes", () => {
  const text = data[rich]()["text/plain"];
  assert.match(text, /^6 choices of 3 people among 3 alternatives · 13 rows/);
  assert.match(text, /Choices per person: always 2 · Alternatives on offer: 2 to 3, median 2/);
  assert.match(text, /bus +4 +66\.7% +83\.3% +80\.0%/);
  assert.match(text, /swim +0 +0\.0% +33\.3% +0\.0%/);
  assert.match(text, /income +\S+ +\S+ +1000 +3000 +between situations only +0\.0%/);
  assert.match(text, /⚠ Alternative "swim" is never chosen/);
});

test("a summary shows itself as the data do", () => {
  const tables = (html: string) => html.match(/<table>[^]*?<\/table>/g);
  assert.deepEqual(tables(summary(data).toHTML()), tables(data.toHTML()));
});

test("what was noted while reading the data is shown with what looks odd", () => {
  const noted = {...data, notes: [{level: "warning", code: "data/x", text: "A remark."}]};
  Object.setPrototypeOf(noted, Object.getPrototypeOf(data));
  assert.match(page(noted[rich]()).querySelector(".warning")!.textContent!, /A remark\./);
});

test("a share is drawn, twinned in characters, and said in words", () => {
  const cell = page(data[rich]()).querySelector("tbody td:nth-child(4)")!;
  assert.equal(cell.querySelector("svg")!.getAttribute("aria-label"), "share 66.7%");
  assert.equal(cell.querySelector("code")!.textContent, "██████████");
});
