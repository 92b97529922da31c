import assert from "node:assert/strict";
import {afterEach, test} from "node:test";
import {latest, watched, watcher} from "../src/live.js";
import "../src/index.js";

const usual = watcher.open;
afterEach(() => void (watcher.open = usual));

const subject = {call: "fit(data)", kind: "likelihood"} as const;
const step = (one: never) => one;

test("the user's own signal and the notebook's both stop a fit, whatever the make of the first", async () => {
  for (const own of [new AbortController().signal, {aborted: false} as AbortSignal]) {
    const asked = new AbortController();
    watcher.open = async () => ({signal: asked.signal, end() {}});
    let heard = 0;
    await watched(subject, {signal: own}, async ({signal}) => {
      signal!.addEventListener("abort", () => ++heard);
      assert.equal(signal!.aborted, false);
      asked.abort();
      assert.equal(signal!.aborted, true);
      return {};
    }, step);
    assert.equal(heard, 1);
  }
  const foreign = {aborted: false};
  watcher.open = async () => ({signal: new AbortController().signal, end() {}});
  await watched(subject, {signal: foreign as AbortSignal}, async ({signal}) => {
    foreign.aborted = true;
    assert.equal(signal!.aborted, true);
    return {};
  }, step);
});

test("a result is kept where somebody watches, and nothing is kept alive where nobody does", async () => {
  const before = latest();
  watcher.open = async () => undefined;
  await watched(subject, {}, async () => ({unseen: true}), step);
  assert.equal(latest(), before);
  watcher.open = async () => ({end() {}});
  const seen = await watched(subject, {}, async () => ({seen: true}), step);
  assert.equal(latest(), seen);
});

test("a watch is told the end of a fit that throws, and the error goes on", async () => {
  const ends: (object | undefined)[] = [];
  watcher.open = async () => ({end: (result) => void ends.push(result)});
  await assert.rejects(watched(subject, {}, async () => { throw new Error("no"); }, step), /no/);
  assert.deepEqual(ends, [undefined]);
});
