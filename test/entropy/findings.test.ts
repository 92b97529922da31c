import assert from "node:assert/strict";
import test from "node:test";
import {cells, ChoiceError, fitMaxEnt, fromLong, offers, probabilities, solve} from "../../src/index.js";

// Everybody takes the cheaper of two.
const cheapest = fromLong(Array.from({length: 60}, (_, r) => {
  const price = ((r >> 1) % 7) + (r % 2 ? 1 + ((r >> 1) % 3) : 0);
  return {trip: r >> 1, way: r % 2 ? "b" : "a", price, taken: r % 2 ? 0 : 1};
}), {situation: "trip", alternative: "way", chosen: "taken", attributes: ["price"]});

const codes = ({notes}: {notes: readonly {code: string}[]}) => notes.map(({code}) => code);

test("choices that are predicted perfectly are told, though noise keeps their coefficient finite", async () => {
  const fit = await fitMaxEnt(cheapest, {intercepts: false});
  assert.equal(fit.solution.ending, "converged");
  assert.ok(codes(fit).includes("fit/separated"));
  // One of sixty choices the other way, and there is nothing to tell.
  const mixed = fromLong(Array.from({length: 60}, (_, r) => ({trip: r >> 1, way: r % 2 ? "b" : "a", price: ((r >> 1) % 7) + (r % 2 ? 1 + ((r >> 1) % 3) : 0), taken: r >> 1 === 5 ? r % 2 : 1 - (r % 2)})), {situation: "trip", alternative: "way", chosen: "taken", attributes: ["price"]});
  assert.ok(!codes(await fitMaxEnt(mixed, {intercepts: false})).includes("fit/separated"));
});

const shelf = offers([{way: "a", price: 2}, {way: "b", price: 5}], {alternative: "way", attributes: ["price"]});

test("an uncertain total may lie a little outside what can be attained, and then says by how much; not far outside", async () => {
  const fit = await fitMaxEnt(shelf, {tier: "mnl", totals: {price: {total: 5.3, sd: 0.1}}});
  const note = fit.notes.find(({code}) => code === "fit/total-missed");
  assert.match(note!.text, /allow 2 to 5/);
  await assert.rejects(fitMaxEnt(shelf, {tier: "mnl", totals: {price: {total: 9, sd: 0.1}}}), (error: ChoiceError) => {
    assert.equal(error.code, "identify/infeasible-total");
    assert.match(error.message, /between 2 and 5/);
    return true;
  });
});

test("totals by alternative may each be uncertain", async () => {
  const options = {tier: "mnl", attributes: [{attribute: "price", alternatives: ["a"]}]} as const;
  const told = await fitMaxEnt(shelf, {...options, totals: {price: {a: {total: 0.9, sd: 0.2}}}});
  const plain = await fitMaxEnt(shelf, {...options, totals: {"price[a]": {total: 0.9, sd: 0.2}}});
  assert.deepEqual([...told.theta], [...plain.theta]);
  assert.equal(told.moments[0].sd, 0.2);
});

test("what is no programme, no solution or no situation is refused in words", async () => {
  const fit = await fitMaxEnt(cheapest, {intercepts: false});
  const code = (wanted: string) => (error: unknown) => error instanceof ChoiceError && error.code === wanted;
  await assert.rejects(solve({} as never), code("entropy/programme"));
  assert.throws(() => probabilities(fit as never, undefined as never), code("entropy/programme"));
  assert.throws(() => cells(fit.programme, fit.solution, 9999), code("entropy/situation"));
  await assert.rejects(fitMaxEnt(cheapest, {intercepts: false, prior: {a: "1", b: 2} as never}), code("options/prior"));
});
