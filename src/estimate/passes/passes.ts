import {spread, type Spread} from "../../integrate/spread.js";
import {trapezoid} from "../../integrate/trapezoid.js";
import {branch} from "../../math/random.js";
import type {Lattice} from "../../kernels/lattice.js";
import type {Summit} from "../../optimize/climb.js";
import type {Optimizer} from "../../optimize/optimizer.js";
import {chord} from "../../optimize/chord.js";
import {bhhhNewton, newton} from "../../optimize/trustRegion.js";
import {inverse, negated, principal} from "../../math/symmetric.js";
import {settle, type Basin} from "./basins.js";
import {compared, replicated, type Replicated, type SimulationError} from "./certify.js";
import {ladder, nodesFor, placed, type Ground, type Scheme} from "./ground.js";
import {journey, type Journey} from "./journey.js";
import type {Look} from "../likelihood.js";
import type {FitOptions} from "../options.js";
import {locate, refined, scouting, scouts} from "./places.js";

/** What a fit with random columns is asked for. */
export interface Errand {
  /** The scheme to begin with; its number of nodes grows when `grows`. */
  readonly scheme: Scheme;
  readonly grows: boolean;
  /** Distance to exact integrals that is small enough, in standard errors. */
  readonly accuracy: number;
  /** Points to start from. */
  readonly starts: readonly Float64Array[];
  readonly optimizer: Optimizer;
  /** Quadrature was asked for by name, and is not to give way to draws. */
  readonly strict: boolean;
  /** The optimizer was chosen by the user, and is not to be replaced near the summit. */
  readonly chosen: boolean;
}

/** Where the passes came to. */
export interface Arrival {
  readonly theta: Float64Array;
  readonly summit: Summit;
  /** Everything at theta, on the last nodes; absent for a fit that was stopped. */
  readonly look?: Look;
  readonly nodes: Spread;
  readonly scheme: Scheme;
  readonly error?: SimulationError;
  /** Whether theta is the optimum of all sets of nodes together, a small step from that of the last one. */
  readonly pooled?: boolean;
  /** Why there are not more nodes, where more were needed. */
  readonly limit?: string;
  readonly basins?: readonly Basin[];
  readonly work: number;
}

/** Replications of a certificate. */
export const replications = 4;
/** Largest product of rows and nodes that a fit goes to by itself: about a second for each gradient on one thread. */
const mostWork = 2e8;
const mostDraws = 2 ** 14;
/** Numbers of a scrambled Halton sequence, at a microsecond each, that a certificate may cost; beyond, effective draws speak. */
const mostScrambled = 2e6;
/** Numbers of nodes kept for all units together: a quarter of a gigabyte. */
const mostKept = 2 ** 25;
/** The same for one look by a rule that is as good as exact: some five seconds. */
const mostFine = 1e9;
/** Points below which the trapezoid rule is no longer as good as exact: a step of a standard deviation of what is placed. */
const leastFine = 17;
/**
 * A fit on nodes that are placed as it goes (eq:place): rough climbs on few nodes, each placed where the climb before ended;
 * then the final nodes, frozen, and a climb to the summit of what is by then a fixed, smooth function; then its certificate,
 * and more nodes as long as that is not good enough.
 */
export async function passes(ground: Ground, errand: Errand, positions: readonly number[], options: FitOptions): Promise<Arrival> {
  const {scheme} = errand;
  const going = journey(ground, errand.starts[0], positions, options, scheme.by !== "plain");
  return scheme.by === "plain" ? plain(ground, scheme, errand, going, options) : centred(ground, scheme, errand, going, options);
}

async function plain(ground: Ground, scheme: Scheme, errand: Errand, going: Journey, options: FitOptions): Promise<Arrival> {
  const nodes = nodesFor(ground, scheme);
  await ground.lay(nodes.lattice);
  const tolerance = options.tolerance ?? 1e-10;
  let basins: readonly Basin[] | undefined;
  if (errand.starts.length > 1) basins = await settle(ground, errand, going, async () => going.climb(errand.optimizer, 1e-4));
  const summit = await going.climb(errand.optimizer, tolerance);
  const look = await lookAt(ground, going, summit);
  const error = look && going.goesOn() ? (await judged(ground, going, scheme, nodes, look, undefined))?.error : undefined;
  return {theta: going.theta, summit, look, nodes, scheme, error, basins, work: ground.work()};
}

async function centred(ground: Ground, given: Scheme, errand: Errand, going: Journey, options: FitOptions): Promise<Arrival> {
  const {accuracy, grows} = errand;
  let scheme = given;
  let places: Float64Array | undefined;
  let [summit, last]: (Summit | undefined)[] = [];
  let basins: readonly Basin[] | undefined;
  const base = scouting(ground);
  let nodes = nodesFor(ground, {by: "centred", draws: scouts(ground)});
  await ground.lay(nodes.lattice); // a fit that is stopped before it begins is asked for its value
  const stopped = (): Arrival => ({theta: going.theta, summit: going.finish(going.why(), (summit ?? last)?.at ?? {value: NaN, gradient: new Float64Array(going.positions.length)}), nodes, scheme, basins, work: ground.work()});

  /** Rough climbs on scouting nodes, until placing them anew no longer moves the summit. */
  const rough = async (): Promise<Summit | undefined> => {
    let found: Summit | undefined;
    places = last = undefined;
    for (let round = 1; round <= roughPasses; ++round) {
      if (!await going.unlessStopped(async () => { places = await locate(ground, going.theta, places, base); })) return undefined;
      await ground.lay(placed(nodes.lattice, places));
      const before = going.path.length;
      last = found = await going.climb(round === 1 || errand.chosen ? errand.optimizer : bhhhNewton(), 1, round === 1 ? 6 : 8);
      if (["stopped", "not finite", "time"].includes(found.ending.code) || !going.goesOn()) return found;
      const first = going.path[Math.max(before, 1)]?.decrement;
      if (found.ending.converged && !(first > going.positions.length)) return found;
    }
    return found;
  };

  if (errand.starts.length > 1) basins = await settle(ground, errand, going, rough);
  summit = await rough();
  if (!summit || summit.ending.code === "stopped") return stopped();
  if (summit.ending.code === "not finite") return {...stopped(), summit};
  if (!going.goesOn()) return going.why() === "stopped" ? stopped() : {...stopped(), look: await ground.objective.look(going.theta, 2)};

  // How many nodes it will take, judged from as many as there are, before any are spent on a climb to the last digit.
  if (!await going.unlessStopped(async () => { places = await refined(ground, going.theta, places!, scheme.by === "centred" ? scheme.draws : 0, 0); })) return stopped();
  if (grows && scheme.by === "centred" && summit.at.hessian) {
    const here = await attempt(going, () => replicated(ground, going.theta, going.positions, summit!.at.hessian!, 1, (m) => placed(nodesFor(ground, {by: "centred", draws: nodes.draws}, branch(ground.source, `rough/${m}`)).lattice, places)));
    if (options.signal?.aborted) return stopped(); // when the time is up, the final climb says so itself
    // What all sets of the certificate will give together decides.
    const ahead = here && here.error.rms / Math.sqrt(replications + 1) / accuracy;
    if (ahead! > 0) scheme = within(ground, {by: "centred", draws: Math.max(scheme.draws, nodes.draws * 2 ** Math.min(4, Math.round(Math.log2(ahead!) / rate)))});
    if (here && here.error.rms < 1) going.moved(here.better);
  }

  for (let round = 1; ; ++round) {
    if (round > 1 && !await going.unlessStopped(async () => { places = await refined(ground, going.theta, places!, scheme.by === "centred" ? scheme.draws : 0, round); })) return stopped();
    nodes = nodesFor(ground, scheme);
    await ground.lay(placed(nodes.lattice, places));
    const nearby = summit.at.hessian && negated(summit.at.hessian);
    const climber = errand.chosen ? errand.optimizer : nearby && !inverse(nearby).flat.length ? chord(nearby) : newton();
    summit = await going.climb(climber, options.tolerance ?? (errand.chosen ? 1e-10 : nearly));
    const look = await lookAt(ground, going, summit);
    const done = {theta: going.theta, summit, look, nodes, scheme, basins};
    if (!look || !summit.ending.converged || !going.goesOn()) return {...done, work: ground.work()};
    const judgement = await judged(ground, going, scheme, nodes, look, places);
    // The nodes of the certificate are paid for: the estimates are those of all sets together, where a first-order step leads to them.
    const near = judgement !== undefined && judgement.error.rms < 1;
    const taken = near && judgement.joint ? {error: judgement.joint, theta: judgement.better, pooled: true} : {error: judgement?.error};
    const {error} = taken;
    if (!error || !grows || error.rms <= accuracy) return {...done, ...taken, work: ground.work()};
    const next = more(ground, scheme, error.rms / accuracy, errand.strict);
    if ("limit" in next || !going.goesOn()) return {...done, ...taken, limit: "limit" in next ? next.limit : "the time allowed", work: ground.work()};
    scheme = next;
    if (near) going.moved(judgement.better);
  }
}

const roughPasses = 6;
/** Decrement below which a fit on placed nodes has arrived: some thousandths of a standard error, far less than nodes err by. */
const nearly = 1e-5;
/** Error falls like R to minus this, as a rule. */
const rate = 0.8;

async function lookAt(ground: Ground, going: Journey, {ending}: Summit): Promise<Look | undefined> {
  return ending.code === "stopped" || ending.code === "not finite" ? undefined : ground.objective.look(going.theta, 2);
}

/** What replication or a finer rule says of these nodes; undefined where nothing can be said. */
async function judged(ground: Ground, going: Journey, scheme: Scheme, nodes: Spread, look: Look, places: Float64Array | undefined): Promise<Replicated | undefined> {
  const {positions, theta} = going;
  const hessian = principal(look.hessian!, positions);
  return attempt(going, async () => {
    if (scheme.by === "adaptive") return compared(ground, theta, positions, hessian, look.value, placed(fineNodes(ground).lattice, places));
    if (nodes.exact) return undefined;
    const from = (seeds: Scheme) => (m: number) => placed(nodesFor(ground, seeds, branch(ground.source, `certificate/${m}`)).lattice, places);
    const again = from(scheme);
    if (scheme.by === "plain" && !chance(nodes.lattice, again(1))) { // Halton's sequence as it is: its scrambles err as much
      return nodes.rule === "Halton" && nodes.lattice.nodes.length <= mostScrambled ? replicated(ground, theta, positions, hessian, replications, from({by: "plain", rule: "scrambledHalton", draws: nodes.draws})) : undefined;
    }
    return replicated(ground, theta, positions, hessian, replications, again, look);
  });
}

/** The trapezoid rule in the same places, as good as exact; where it would have too many nodes, thousands of draws. */
function fineNodes(ground: Ground): Spread {
  const {units, blend: {dimensions: D}, within: inner, source} = ground;
  const points = Math.min(D === 1 ? 57 : 33, Math.floor((mostFine / units.row[units.row.length - 1]) ** (1 / D)));
  if (points >= leastFine) return spread(units, ground.blend, {rule: trapezoid(points, {range: 7.5}), ...inner}, source);
  return nodesFor(ground, {by: "centred", draws: 4096}, branch(source, "certificate"));
}

/** Whether other seeds give other nodes. */
function chance({nodes, count, dimensions}: Lattice, other: Lattice): boolean {
  for (let at = 0; at < count * dimensions; ++at) if (other.nodes[at] !== nodes[at]) return true;
  return false;
}

async function attempt<T>(going: Journey, work: () => Promise<T>): Promise<T | undefined> {
  let out: T | undefined;
  await going.unlessStopped(async () => { out = await work(); });
  return out;
}

/** More nodes, as many as the error asks for, or what stands in the way. */
function more(ground: Ground, scheme: Scheme, ratio: number, strict: boolean): Scheme | {readonly limit: string} {
  if (scheme.by === "adaptive") {
    const points = ladder[ground.blend.dimensions].find((n) => n > scheme.points);
    return points ? {by: "adaptive", points} : strict ? {limit: `${scheme.points} points in each dimension`} : {by: "centred", draws: 256};
  }
  if (scheme.by === "plain") return {limit: "the rule given"};
  const next = within(ground, {by: "centred", draws: scheme.draws * 2 ** Math.min(2, Math.max(1, Math.round(Math.log2(ratio) / rate)))});
  return next.draws > scheme.draws ? next : {limit: `${scheme.draws} draws`};
}

function within({units: {row, weight}, blend}: Ground, {draws}: {readonly by: "centred"; readonly draws: number}) {
  let most = mostDraws;
  // Families that do not read the normal itself keep their nodes, unit by unit.
  const kept = blend.readers ? weight.length * (blend.dimensions + 1) : 0;
  while (most > 128 && (most * row[row.length - 1] > mostWork || kept * most > mostKept)) most /= 2;
  return {by: "centred" as const, draws: Math.min(most, draws)};
}
