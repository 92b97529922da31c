import assert from "node:assert/strict";
import test from "node:test";
import {ChoiceError} from "../../src/errors.js";
import {demand, inverseDemand} from "../../src/pricing/demand.js";
import {fitPerturbations} from "../../src/pricing/fitPerturbations.js";
import {optimalPrices} from "../../src/pricing/optimalPrices.js";
import {priceLadder} from "../../src/pricing/priceLadder.js";
import {supports} from "../../src/pricing/supports.js";

/** A refusal of the given code whose words hold all the parts, and which says what was wanted. */
function refuses(work: () => unknown, code: string, ...words: RegExp[]): void {
  assert.throws(work, (error: unknown) => {
    assert.ok(error instanceof ChoiceError, String(error));
    assert.equal(error.code, code, error.message);
    assert.ok(error.at && error.saw && error.want);
    for (const word of words) assert.match(error.message, word);
    return true;
  });
}

const any = <T>(value: unknown) => value as T;
const market = {values: [2, 1]};

test("a market that is none, numbers that are none, and lengths that differ", () => {
  refuses(() => demand(any(undefined), [1]), "pricing/not-a-market", /undefined/);
  refuses(() => demand(any({price: [1]}), [1]), "pricing/not-a-market");
  refuses(() => demand({values: []}, []), "pricing/length", /no good/);
  refuses(() => demand({values: [1, NaN]}, [1, 1]), "pricing/number", /values\[1\] is NaN/);
  refuses(() => demand(market, [1]), "pricing/length", /1 prices for 2 goods/);
  refuses(() => demand(market, any(3)), "pricing/number", /prices: 3/);
  refuses(() => demand({...market, names: ["a", "a"]}, [1, 1]), "pricing/length", /names/);
  refuses(() => demand({...market, names: any("ab")}, [1, 1]), "pricing/option", /names: "ab"/);
  refuses(() => demand({...market, names: any(["a", 2])}, [1, 1]), "pricing/option", /names/);
  refuses(() => demand({...market, priceCoefficient: -1}, [1, 1]), "pricing/number", /positive/, /sign/);
  refuses(() => demand({...market, outside: any("no")}, [1, 1]), "pricing/number", /outside/);
  refuses(() => demand(any({...market, vlaues: 1}), [1, 1]), "options/unknown", /Did you mean "values"/);
});

test("perturbations that are none", () => {
  refuses(() => demand({...market, perturbation: any("logit")}, [1, 1]), "pricing/perturbation", /"logit"/, /entropy/);
  refuses(() => demand({...market, perturbation: ["entropy"]}, [1, 1]), "pricing/length", /1 perturbations for 2/);
  refuses(() => demand({...market, outsidePerturbation: any({})}, [1, 1]), "pricing/perturbation", /outsidePerturbation/);
  refuses(() => supports(1), "pricing/supports", /1 points/);
  refuses(() => supports([0, 0.5]), "pricing/supports", /from 0 to 1/);
  refuses(() => supports([0, 0.6, 0.5, 1]), "pricing/supports");
  refuses(() => demand({...market, perturbation: {supports: 2.5}}, [1, 1]), "pricing/supports");
});

test("shares that are none, or leave nothing", () => {
  refuses(() => inverseDemand(market, [0.5, 0.5]), "pricing/shares", /add up to 1/, /below one/);
  refuses(() => inverseDemand(market, [0.5, 0]), "pricing/shares", /share of 0/);
  refuses(() => inverseDemand(market, [0.5, -0.1]), "pricing/shares");
  refuses(() => inverseDemand({...market, outside: false}, [0.5, 0.5]), "pricing/no-outside", /any price/);
});

test("prices that cannot cover costs, crossed bounds, and no outside option", () => {
  refuses(() => optimalPrices({...market, costs: [1, 1], greatest: [2, 0.5]}), "pricing/below-cost", /good 2 costs 1 to make and may be sold for at most 0.5/);
  refuses(() => optimalPrices({...market, costs: [1, 1], least: 3, greatest: 2}), "pricing/bounds", /at least 3 and at most 2/);
  refuses(() => optimalPrices({...market, costs: [1, 1], least: NaN}), "pricing/number", /least/);
  refuses(() => optimalPrices({...market, costs: [1, 1], least: [1]}), "pricing/length", /1 least for 2 goods/);
  refuses(() => optimalPrices({...market, costs: [1, 1], outside: false}), "pricing/no-outside");
  refuses(() => optimalPrices({...market, costs: [1]}), "pricing/length", /costs/);
  refuses(() => optimalPrices(any({...market, costs: [1, 1], cost: 1})), "options/unknown", /Did you mean "costs"/);
});

test("ladders that hold nothing of use, and options nobody knows", () => {
  const problem = {...market, costs: [1, 1], levels: [1.5, 2]};
  refuses(() => priceLadder({...problem, levels: []}), "pricing/levels");
  refuses(() => priceLadder({...problem, levels: [[1.5], []]}), "pricing/levels", /good 2 holds nothing/);
  refuses(() => priceLadder({...problem, levels: any([null, [1, 2]])}), "pricing/levels", /good 1 is null/);
  refuses(() => priceLadder({...problem, levels: any([[1, 2], "12"])}), "pricing/levels", /good 2 is "12"/);
  refuses(() => priceLadder({...problem, levels: [1.5, NaN]}), "pricing/levels", /NaN/);
  refuses(() => priceLadder({...problem, levels: [[1.5]]}), "pricing/length", /1 ladders for 2 goods/);
  refuses(() => priceLadder({...problem, levels: [0.5, 0.9]}), "pricing/below-cost", /dearest price is 0.9/);
  refuses(() => priceLadder({...problem, least: 3}), "pricing/bounds", /no price of good 1/);
  refuses(() => priceLadder(problem, any({node: 3})), "options/unknown", /Did you mean "nodes"/);
  refuses(() => priceLadder(problem, {nodes: -1}), "pricing/option", /nodes: -1/);
  refuses(() => priceLadder(problem, {method: any("brunch")}), "pricing/option", /method/);
  refuses(() => priceLadder({...problem, perturbation: {supports: 2}}, {method: "separable"}), "pricing/option", /entropy/);
  refuses(() => priceLadder({...problem, outside: false}), "pricing/no-outside");
});

test("panels of prices and shares with holes, of two sizes, or of shares that leave nothing", () => {
  const [p, x] = [[[1, 2], [2, 1], [1.5, 2]], [[0.3, 0.2], [0.2, 0.3], [0.25, 0.2]]];
  refuses(() => fitPerturbations(any(null), x), "pricing/panel", /prices: null/);
  refuses(() => fitPerturbations(p, x.slice(1)), "pricing/length", /2 periods and 2 goods/);
  refuses(() => fitPerturbations([[1, 2], [2]], x.slice(1)), "pricing/length", /row 1 of prices has 1 numbers/);
  refuses(() => fitPerturbations(p, [[0.3, NaN], ...x.slice(1)]), "pricing/number", /period 0, good 1: NaN/);
  refuses(() => fitPerturbations(p, [[0.3, any(undefined)], ...x.slice(1)]), "pricing/number", /undefined/);
  refuses(() => fitPerturbations(p, [[0.6, 0.4], ...x.slice(1)]), "pricing/shares", /in period 0/);
  refuses(() => fitPerturbations(p, [[0.6, -0.4], ...x.slice(1)]), "pricing/shares");
  refuses(() => fitPerturbations(p.slice(0, 1), x.slice(0, 1)), "pricing/length", /one period/);
  refuses(() => fitPerturbations({tea: [1, 2]}, {coffee: [0.2, 0.3]}), "pricing/panel", /coffee/);
  refuses(() => fitPerturbations({tea: [1, 2], milk: [1]}, {tea: [0.2, 0.3], milk: [0.2, 0.1]}), "pricing/length", /"milk"/);
  refuses(() => fitPerturbations(p, x, any({knot: 3})), "options/unknown", /Did you mean "knots"/);
  refuses(() => fitPerturbations(p, x, {knots: 1}), "pricing/knots");
  refuses(() => fitPerturbations(p, x, {scale: any("ln")}), "pricing/option", /scale/);
  refuses(() => fitPerturbations(p, x, {curves: any("own")}), "pricing/option", /curves/);
  refuses(() => fitPerturbations(p, x, {folds: 1}), "pricing/option", /folds/);
  refuses(() => fitPerturbations(p, x, {instruments: [[[1, 2]]]}), "pricing/length", /instruments\[0\]/);
  for (const instruments of ["costs", {tea: [1, 2, 3]}, null]) refuses(() => fitPerturbations(p, x, {instruments: any(instruments)}), "pricing/panel", /instruments: /, /an array/);
  refuses(() => fitPerturbations(any({tea: [1, 2], milk: null}), any({tea: [0.2, 0.3], milk: [0.2, 0.1]})), "pricing/length", /"milk" of prices has 0 rows/);
});
