import "../../src/display/register.js";
import {compare} from "../../src/display/compare.js";
import {shown, type Shown} from "../../src/rich.js";
import {estimated, fit, logit, row} from "./fixture.js";
import {recordIsHarmless} from "./harmless.js";

const records: Readonly<Record<string, (label: string) => Shown>> = {
  estimates: (label) => estimated([row(label, "mean", 1.5, 0.2, {words: label}), row("other", "spread", 0, null, {why: label})], "robust", label),
  "how many draws": (label) => shown("draws", {draws: 500, target: 0.05, rate: 0.8, rule: label, method: "plain", table: [{draws: 100, rms: 0.2, max: 0.4, logLikelihood: 1.1, seconds: 1}]}),
  "a comparison's names": (label) => compare({logit: logit(), mixed: fit()}, {coefficients: {price: label}, goodness: {aic: label}, add: {[`${label}?`]: [label, "x"]}, caption: label}),
  "a comparison's intervals": (label) => compare([logit(), fit()], {names: [label, "x"], statistic: "interval", coefficients: ["price"], goodness: []})
};

for (const [name, record] of Object.entries(records)) recordIsHarmless(name, record);
