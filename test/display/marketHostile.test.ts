import {complementarityMatrix} from "../../src/display/figures/complementarityMatrix.js";
import {mixingDistribution} from "../../src/display/figures/mixingDistribution.js";
import {perturbationCurves} from "../../src/display/figures/perturbationCurves.js";
import {priceCurves} from "../../src/display/figures/priceCurves.js";
import {tasteGrid} from "../../src/entropy/mixing/tastes.js";
import {demand} from "../../src/pricing/demand.js";
import {optimalPrices} from "../../src/pricing/optimalPrices.js";
import {priceLadder} from "../../src/pricing/priceLadder.js";
import {shown, type Shown} from "../../src/rich.js";
import {figuresAreHarmless, recordIsHarmless} from "./harmless.js";
import {bundles, curves, drawn, elastic, free, market, met, mixed, pairs, people} from "./marketFixture.js";

const noted = (label: string) => ({notes: [{level: "warning", code: "x", text: label}, {level: "info", code: "x", text: label}]});
const retold = (kind: string, record: object, label: string): Shown => shown(kind, {...record, ...noted(label)});

const {costs: _, ...priced} = market();
const records: Record<string, (label: string) => Shown> = {
  "a mixture": (label) => retold("mixing", mixed(label, label), label),
  "a mixture of moments": (label) => retold("mixing", met(label, label), label),
  "free weights": (label) => retold("mixing", free(label, label), label),
  tastes: (label) => tasteGrid({[label]: [-1, 0, 1]}),
  "tastes of people": (label) => people(label, label),
  "taste elasticities": (label) => elastic(label, [label, "bus", "car"]),
  "taste elasticities of many": (label) => elastic(label, [label, ..."abcdefghijkl"]),
  "optimal prices": (label) => retold("pricing", optimalPrices({...market(label), greatest: 3}), label),
  demand: (label) => demand({...priced, names: market(label).names}, [2, 2, 2]),
  "a ladder": (label) => retold("ladder", priceLadder({...market(label), levels: [1.99, 2.49, 2.99]}), label),
  perturbations: (label) => retold("perturbations", curves(label), label),
  pairs: (label) => retold("complementarity", pairs(label, `${label}!`), label),
  bundles: (label) => retold("bundles", bundles(label), label)
};

for (const [name, record] of Object.entries(records)) recordIsHarmless(name, record);

figuresAreHarmless((label) => [
  mixingDistribution(mixed(label)), mixingDistribution(drawn(label), {coefficient: label}), priceCurves(market(label)), priceCurves({[label]: market()}),
  perturbationCurves(curves(label)), perturbationCurves(curves(label, {curves: "inside", scale: "share"})), complementarityMatrix(pairs(label)), complementarityMatrix(bundles(label))
]);
