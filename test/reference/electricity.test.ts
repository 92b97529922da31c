import {fitMixed} from "../../src/estimate/tiers.js";
import {datasets} from "../../src/data/datasets.js";
import {fromLong} from "../../src/data/fromLong.js";
const data = fromLong(await datasets.electricity.columns(), {person: "id", situation: "chid", alternative: "alt", chosen: "choice"});
console.log(data.attributes);
for (const R of [100, 500]) {
  const f = await fitMixed(data, {intercepts: false, rule: "halton", draws: R});
  console.log(R, f.logLikelihood, f.ending.words, f.seconds, f.path.map(s=>s.method+s.logLikelihood.toFixed(3)).join(" "));
  for (const r of f.estimates.rows) console.log(r.name, r.estimate, r.error);
}
