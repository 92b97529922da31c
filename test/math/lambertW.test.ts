import assert from "node:assert/strict";
import test from "node:test";
import {ChoiceError} from "../../src/errors.js";
import {lambertW, lambertWExp} from "../../src/math/lambertW.js";

const near = (seen: number, wanted: number, relative: number, about: unknown) =>
  assert.ok(Math.abs(seen - wanted) <= relative * Math.abs(wanted), `${about}: ${seen}, wanted ${wanted}`);

test("Lambert's W is right to 1e-15, and to 1e-14 at the branch point", () => {
  // mpmath 1.3.0, 30 digits: lambertw of the exact doubles.
  const known = [
    [1, 0.56714329040978387299996866221], [-0.3, -0.489402227180214933565021502577], [1e10, 20.0286854133049507812343060718], [0.1, 0.09127652716086226894295820557],
    [-0.1, -0.111832559158962971823190803639], [2.5, 0.958586356728702912169866781332], [-0.2, -0.259171101819073764476637135967], [50, 2.86089017798221086675762698434],
    [1e-8, 0.00000000999999990000000170922557745011], [-1e-9, -0.00000000100000000100000006378159158501]
  ];
  for (const [x, w] of known) near(lambertW(x), w, 1e-15, x);
  near(lambertW(-0.36), -0.806084315970817624450041805922, 1e-14, -0.36);
  near(lambertW(-0.36787944), -0.999920198484151446463643577489, 1e-14, -0.36787944);
  assert.equal(lambertW(-1 / Math.E), -1);
  assert.deepEqual([lambertW(0), lambertW(Infinity)], [0, Infinity]);
  assert.ok(Number.isNaN(lambertW(NaN)));
  assert.throws(() => lambertW(-0.4), (error: ChoiceError) => error.code === "math/lambert");
});

test("W of an exponential is right where the exponential overflows or vanishes", () => {
  // mpmath 1.3.0, 30 digits: lambertw(exp(z)); at 1000, the root of w + log w = 1000.
  const known = [
    [-5, 0.00669300049773099327441031430552], [0, 0.56714329040978387299996866221], [1, 1], [1000, 993.099169472389104388239195887], [-1, 0.278464542761073795109358739023],
    [-36.5, 1.40686171244614656932292593354e-16], [3, 2.20794003156932299858160412211], [-40, 4.2483542552915889772807209044e-18], [0.5, 0.766248608161750258877468644531], [30, 26.7147829203810539922314939364]
  ];
  for (const [z, w] of known) near(lambertWExp(z), w, 1e-15, z);
});

test("W undoes w exp(w) on all of its range", () => {
  for (let w = -0.99; w < 20; w += 0.0931) near(lambertW(w * Math.exp(w)), w, w < -0.8 ? 1e-12 : 4e-15, w); // near -1 the rounding of w exp(w) shows
});
