import {mkdirSync, readFileSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {distance} from "./race.js";

/**
 * Estimates to judge others by: the mean of fits with very many draws, one for each seed, and by how much the mean of so many
 * still varies. Kept as JSON beside the results, with its recipe, and made anew when the recipe differs.
 *
 * @returns {recipe, version, logLikelihood, estimates, errors, own: error of its own in standard errors, rms and max}
 */
export async function reference(shop, name, problem, {options, seeds}) {
  const recipe = {problem, options, seeds};
  const file = join(shop.results, `reference-${name}.json`);
  try {
    const kept = JSON.parse(readFileSync(file, "utf8"));
    if (JSON.stringify(kept.recipe) === JSON.stringify(recipe)) return kept;
  } catch { /* none yet */ }
  shop.note(`  the reference of ${name}: ${seeds.length} fits`);
  const fits = [];
  const child = await shop.ours();
  await child.ask({do: "load", path: await shop.problem(problem)});
  for (const seed of seeds) fits.push(await child.ask({do: "fit", options: {...options, seed, ...(fits.length && {start: fits[0].estimates})}}, 7200));
  await child.close();
  const found = {recipe, version: child.versions["maxent-logit"], rule: fits[0].integration, ...averaged(fits)};
  mkdirSync(shop.results, {recursive: true});
  writeFileSync(file, `${JSON.stringify(found, undefined, 1)}\n`);
  return found;
}

function averaged(fits) {
  const mean = (of) => fits.reduce((sum, each) => sum + of(each), 0) / fits.length;
  const names = Object.keys(fits[0].estimates);
  const positive = (name, value) => (name.startsWith("sd[") ? Math.abs(value) : value);
  const centre = {
    estimates: Object.fromEntries(names.map((name) => [name, mean(({estimates}) => positive(name, estimates[name]))])),
    errors: Object.fromEntries(names.map((name) => [name, mean(({errors}) => errors[name])]))
  };
  // The root mean square of what single fits are off, over the square root of how many went into the mean (less one, as it is their own mean).
  const off = fits.map(({estimates}) => distance(estimates, centre).rms);
  const own = fits.length > 1 ? Math.sqrt(off.reduce((sum, each) => sum + each * each, 0) / (fits.length * (fits.length - 1))) : undefined;
  return {logLikelihood: mean(({logLikelihood}) => logLikelihood), ...centre, own};
}

/** In words, for below a table. */
export const referenceWords = ({recipe: {seeds}, rule, logLikelihood, own}) =>
  `Errors are against the mean of ${seeds.length} of our fits with ${rule.draws} draws (${rule.rule}; seeds ${seeds.join(", ")}; log-likelihood ${logLikelihood.toFixed(3)}), itself sure to ${own?.toPrecision(2)} standard errors (rms).`;
