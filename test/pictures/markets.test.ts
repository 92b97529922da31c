// Mixtures, markets and bundles, to be looked at in a diff: see pictures.test.ts.
import {complementarityMatrix} from "../../src/display/figures/complementarityMatrix.js";
import {mixingDistribution} from "../../src/display/figures/mixingDistribution.js";
import {perturbationCurves} from "../../src/display/figures/perturbationCurves.js";
import {priceCurves} from "../../src/display/figures/priceCurves.js";
import {optimalPrices} from "../../src/pricing/optimalPrices.js";
import {rich, shown, type Shown} from "../../src/rich.js";
import {bundles, curves, drawn, market, met, mixed, pairs} from "../display/marketFixture.js";
import {pictures, rounded} from "./looked.js";

const dress = (record: Shown, type: "text/html" | "text/plain" | "image/svg+xml") => () => (type === "image/svg+xml" ? rounded : String)(record[rich]()[type]!);

// Residuals are rounding, which another machine may do otherwise.
const held = optimalPrices({...market(), greatest: [3, 4, 4]});
const priced = shown("pricing", {...held, residual: 2e-15});
const learned = shown("perturbations", {...curves(), residual: 3e-16});
const baskets = shown("bundles", {...bundles(), residual: 1e-16});

pictures({
  "mixture.html": dress(mixed(), "text/html"),
  "mixture.txt": dress(mixed(), "text/plain"),
  "moments.html": dress(met(), "text/html"),
  "pricing.html": dress(priced, "text/html"),
  "perturbations.html": dress(learned, "text/html"),
  "complementarity.html": dress(pairs("tea", "store"), "text/html"),
  "complementarity.txt": dress(pairs("tea", "store"), "text/plain"),
  "bundles.html": dress(baskets, "text/html"),
  "mixing.svg": dress(mixingDistribution(mixed()), "image/svg+xml"),
  "draws.svg": dress(mixingDistribution(drawn()), "image/svg+xml"),
  "prices.svg": dress(priceCurves(market()), "image/svg+xml"),
  "markets.svg": dress(priceCurves({logit: market(), "two supports": {...market(), perturbation: {supports: 2}}, "five supports": {...market(), perturbation: {supports: 5}}}), "image/svg+xml"),
  "perturbations.svg": dress(perturbationCurves(curves()), "image/svg+xml"),
  "complementarity.svg": dress(complementarityMatrix(pairs()), "image/svg+xml")
});
