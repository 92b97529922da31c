import {least, median, ratio} from "./rounds.js";

/**
 * Whole fits, interleaved: in each round every contender gets a fresh process, reads the problem, and goes from columns in
 * memory to estimates with covariance: the cold fit. The same again in the same process is the warm one. Who fails, or takes
 * longer than `limit` seconds, is out from then on, and why is noted.
 *
 * @param contenders {name, program: "ours" or a peer, options, threads?, rounds?}
 * @returns one record for each contender: {name, program, cold: [...], warm: [...], versions, out?}
 */
export async function race(shop, path, contenders, {rounds, limit = 120, warm = true}) {
  const records = contenders.map((contender) => ({...contender, cold: [], warm: [], out: contender.program === "ours" ? undefined : shop.absent(contender.program)}));
  for (let round = 0; round < rounds; ++round) for (const record of records) {
    if (record.out || round >= (record.rounds ?? rounds)) continue;
    try {
      await lap(shop, path, record, {limit, warm});
    } catch (error) {
      record.out = error.message;
    }
    shop.note(`  ${record.name}, round ${round + 1}: ${record.out ?? `${total(record.cold.at(-1)).toFixed(3)} s`}`);
  }
  return records;
}

async function lap(shop, path, record, {limit, warm}) {
  const {program, options, threads} = record;
  const child = await (program === "ours" ? shop.ours() : shop.peer(program, {threads}));
  try {
    record.versions = child.versions;
    await child.ask({do: "load", path});
    const ask = () => child.ask({do: "fit", options: {...options, ...(program === "ours" && threads !== undefined && {threads})}}, limit);
    record.cold.push({start: child.start, ...await ask()});
    if (warm) record.warm.push(await settled(ask));
  } finally {
    await child.close();
  }
}

/** The last of up to five more, while they are short: just-in-time compilers take a few to settle. */
async function settled(ask) {
  let answer;
  for (let k = 0, spent = 0; k < 5 && spent < 3; ++k) spent += total(answer = await ask());
  return answer;
}

export const total = ({prepare, fit}) => prepare + fit;

/** How many times longer one record took than another: the median over rounds, whole fits, cold or warm. */
export const longer = (them, us, which = "cold") => (them[which].length && us[which].length ? ratio(them[which], us[which], total) : undefined);

/** Rows of a table of records; errors are in standard errors of the reference. */
export function fitRows(records, reference) {
  return records.map(({name, cold, warm, out}) => {
    if (!cold.length) return [name, ...Array(9).fill("–"), out];
    const [last] = cold.slice(-1);
    const off = reference && distance(last.estimates, reference);
    const times = cold.map(total);
    return [
      name, seconds(median(cold.map(({start}) => start))), `${seconds(median(times))} (${seconds(least(times))})`, seconds(median(cold.map(({prepare}) => prepare))),
      warm.length ? seconds(median(warm.map(total))) : "–", seconds(median(cold.map(({cpu}) => cpu))), last.logLikelihood.toFixed(3),
      off ? off.rms.toPrecision(2) : "–", off ? off.max.toPrecision(2) : "–", megabytes(Math.max(...cold.map(({peak}) => peak))),
      [last.converged ? undefined : "did not say that it converged", integrated(last), out].filter(Boolean).join("; ")
    ];
  });
}

/** How a fit of ours took its integrals, and what it says of their error. */
function integrated({integration: {method, rule, draws, simulation} = {}}) {
  if (!rule || rule === "none") return undefined;
  return [method !== "plain" && method, rule, draws, simulation !== undefined && `by its own account ${simulation.toPrecision(2)} s.e. off`].filter(Boolean).join(", ");
}

export const fitHead = ["", "start, s", "cold, s (least)", "of it reading, s", "warm, s", "CPU, s", "log-likelihood", "error, s.e. (rms)", "(max)", "peak MB", ""];

/** How far estimates are from a reference, in its standard errors. Standard deviations by their size: their sign tells nothing. */
export function distance(estimates, reference) {
  const z = Object.keys(reference.estimates).map((name) => {
    const size = name.startsWith("sd[") ? Math.abs : (value) => value;
    return (size(estimates[name]) - size(reference.estimates[name])) / reference.errors[name];
  });
  return {rms: Math.sqrt(z.reduce((sum, each) => sum + each * each, 0) / z.length), max: Math.max(...z.map(Math.abs))};
}

export const seconds = (s) => (s === undefined ? "–" : s >= 100 ? s.toFixed(0) : s >= 10 ? s.toFixed(1) : s >= 1 ? s.toFixed(2) : s >= 0.01 ? s.toFixed(3) : s.toPrecision(2));
export const megabytes = (bytes) => (bytes / 1e6).toFixed(0);
