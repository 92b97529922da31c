import assert from "node:assert/strict";
import {Matrix} from "ml-matrix";
import test, {mock} from "node:test";
import {checker, type Check} from "../../../src/notebook/course/checker.js";
import type {Expectation} from "../../../src/notebook/course/expectation.js";
import {opens, sealed} from "../../../src/notebook/course/seal.js";

/** What a check prints. */
function said(check: Check, question: string, value: unknown): string {
  const log = mock.method(console, "log", () => undefined);
  try {
    check(question, value);
    assert.equal(log.mock.callCount(), 1, "one line, always");
    return String(log.mock.calls[0].arguments[0]);
  } finally {
    log.mock.restore();
  }
}

const expectations: Record<string, Expectation> = {
  share: {answer: 0.25, within: 0.01, between: [0, 1], hint: "count weights", mistakes: [{answer: 0.75, hint: "that is the share of the others"}]},
  word: {answer: "Mixed  logit"},
  list: {answer: [1.5, -2, 3], within: 0.1},
  table: {answer: [[1, 2], [3, 4]]},
  fit: {kind: "object", fields: ["logLikelihood"]},
  rule: {kind: "function"},
  exact: {answer: 1_000_001},
  yes: {answer: true}
};

for (const [how, given] of [["plain", expectations], ["sealed", sealed(expectations, (name) => `salt of ${name}`)]] as const) {
  test(`hints go from the coarse to the fine, and never tell the answer (${how})`, () => {
    const check = checker(given);
    const say = (question: string, value: unknown) => said(check, question, value);
    assert.equal(say("share", 0.2549), "✓ share");
    assert.equal(say("share", undefined), "✗ share: not answered yet: it is undefined, give it a value first");
    assert.equal(say("share", Promise.resolve(0.25)), "✗ share: it is a promise: write await before the call that makes it");
    assert.equal(say("share", "0.25"), "✗ share: it is a text; a number is wanted");
    assert.equal(say("share", null), "✗ share: it is null; a number is wanted");
    assert.equal(say("share", [0.25]), "✗ share: it is a list of 1; a single value is wanted");
    assert.equal(say("share", NaN), "✗ share: it is NaN: look for a missing value, or for a division of zero by zero");
    assert.equal(say("share", 25), "✗ share: 25 is not possible, it lies between 0 and 1");
    assert.equal(say("share", 0.75), "✗ share: that is the share of the others");
    assert.equal(say("share", 0.5), "✗ share: not yet: count weights");
    assert.equal(say("word", " mixed LOGIT "), "✓ word");
    assert.match(say("word", "logit"), /^✗ word: not yet/);
    assert.equal(say("list", Float64Array.of(1.45, -2.1, 3)), "✓ list");
    assert.match(say("list", [1.5, -2.2, 9]), /^✗ list: not yet, at \[1\] and \[2\]: /);
    assert.match(say("list", [1, [2, 3]]), /several lengths; a list of 3/);
    assert.equal(say("table", new Matrix([[1, 2], [3, 4]])), "✓ table");
    assert.match(say("table", [[1, 2], [4, 4]]), /at \[1\]\[0\]/);
    assert.equal(say("table", [[1, 2]]), "✗ table: it is a table of 1 × 2; a table of 2 × 2 is wanted");
    assert.equal(say("table", [[1, "2"], [3, 4]]), "✗ table: its entry [0][1] is a text; a number is wanted");
    assert.equal(say("fit", {logLikelihood: -1}), "✓ fit");
    assert.equal(say("fit", {}), '✗ fit: it has no "logLikelihood"');
    assert.equal(say("rule", () => 1), "✓ rule");
    assert.match(say("exact", 1_000_002), /^✗/);
    assert.equal(say("yes", true), "✓ yes");
    assert.match(say("yes", false), /^✗/);
    assert.equal(say("shaer", 1), '✗ shaer: no question has that name: did you mean "share"?');
    assert.match(say("toString", 1), /no question has that name/);
  });
}

test("a check throws when it is asked to, and only then, whatever it is given", () => {
  const check = checker(expectations);
  assert.throws(() => check("share", 0.5, {throws: true}), {code: "course/check", message: /count weights/});
  const hostile = [Symbol("s"), Object.create(null), {get logLikelihood() { throw new Error("no"); }}, new Proxy({}, {has() { throw new Error("no"); }, get() { throw new Error("no"); }}), {to2DArray() { throw new Error("no"); }}, 7n, () => 1, [[[]]], new Date()];
  for (const value of hostile) for (const question of Object.keys(expectations)) said(check, question, value);
  said(check, Symbol("q") as never, 1);
});

test("a number is accepted within its tolerance and nowhere else, at every size and sign", () => {
  for (const answer of [0, 0.25, -1234.567, 6.02e23]) for (const within of [0.01, 7].map((part) => part * (Math.abs(answer) || 1))) {
    const {q} = sealed({q: {answer, within}}, (name) => name);
    const accepted = [-1.001, -1, 0, 1, 1.001, 2].map((steps) => opens(q.seal!, answer + steps * within));
    assert.deepEqual(accepted, [false, true, true, true, false, false], `${answer} within ${within}`);
  }
});

test("a seal holds no answer, and depends on its salt", () => {
  const once = sealed({q: {answer: [0.1234, "secret"], within: 0.001}}, () => "one");
  const other = sealed({q: {answer: [0.1234, "secret"], within: 0.001}}, () => "two");
  assert.doesNotMatch(JSON.stringify(once), /0\.12|secret/);
  assert.notDeepEqual(once.q.seal!.entries, other.q.seal!.entries);
  assert.ok(opens(once.q.seal!, [0.1238, "Secret"]));
});

test("expectations that cannot be meant are refused where they are declared", () => {
  const refused = (expectation: object): void => assert.throws(() => checker({q1: expectation as never}), {code: "course/expectation", message: /question "q1"/});
  for (const wrong of [{within: -1}, {kind: "matrix"}, {shape: 3}, {between: [1, 0]}, {fields: "a"}, {hint: 3}, {mistakes: [{answer: 1}]}, {answer: {}}, {answer: [[1], [2, 3]]}, {answer: Array.from({length: 25}, () => 1)}]) refused(wrong);
  assert.throws(() => checker({q1: {tolerance: 1} as never}), {code: "options/unknown"});
});
