import {dualRun, layout, type DualEngine, type DualProblem, type Move} from "./dual.js";
import {tie, type Bundle, type Tie} from "./tie.js";

/** Of one kind of multiplier, mu or nu: where all of them stand, where they are tried, and how they would step. */
interface Multiplier {
  at: Float64Array; // (N)
  tried: Float64Array; // (N)
  /** Newton step for the direction taken, (N). */
  readonly step: Float64Array;
  /** The two parts of the next one: residual / spread (N), and zbar (N, K). */
  readonly own: Float64Array;
  readonly mean: Float64Array;
}

/** A residual beyond this part of the range of the points is solved away; a spread below that part of its square tells no step. */
const astray = 0.1;
const flat = 1e-8;

/** The dual, situation by situation: the definition (eq:dual, eq:arrow, eq:curvature). */
export function dualDefinition({z, moments: K, situation, weight, signal, noise}: DualProblem): DualEngine {
  const N = weight.length;
  let widest = 0;
  for (let n = 0; n < N; ++n) widest = Math.max(widest, situation[n + 1] - situation[n]);
  const multiplier = (): Multiplier => ({at: new Float64Array(N), tried: new Float64Array(N), step: new Float64Array(N), own: new Float64Array(N), mean: new Float64Array(N * K)});
  const supports = signal.kind === "supports" ? {tie: tie(signal.support, 1, widest), all: multiplier()} : undefined;
  const errors = noise && {tie: tie(noise.support, 0, widest), all: noise.sumToZero ? multiplier() : undefined};
  const softmax: Bundle = {mean: new Float64Array(widest), variance: new Float64Array(widest), logZ: new Float64Array(widest), spread: 1, residual: 0};
  const none = new Float64Array(N);
  const eta = new Float64Array(widest);
  const zbar = new Float64Array(K);
  const centred = new Float64Array(K);
  const at = layout(K);
  const sums = new Float64Array(at.size);
  let move: Move = {kind: "settle", lambda: new Float64Array(K)};

  /** Looks at a situation at the multiplier that the move asks for. */
  function place(n: number, J: number, {look, settle, bundle, range}: Tie, all: Multiplier, given?: Float64Array): number {
    if (given) return look(eta, J, given[n]), given[n];
    if (move.kind === "settle") return settle(eta, J);
    if (move.kind === "step") {
      let step = -all.own[n];
      for (let k = 0, c = n * K; k < K; ++k, ++c) step -= all.mean[c] * move.along[k];
      all.step[n] = step;
    }
    const tried = all.at[n] + (move as {length: number}).length * all.step[n];
    look(eta, J, tried);
    return Math.abs(bundle.residual) > astray * range || !(bundle.spread > flat * range * range) ? settle(eta, J, tried) : tried;
  }

  /** sum_j v z / sum_j v, (K): how the multiplier answers to lambda. */
  function centre(from: number, J: number, {variance, spread}: Bundle): void {
    zbar.fill(0);
    const even = !(spread > 0);
    for (let j = 0, c = from * K; j < J; ++j) {
      const part = even ? 1 / J : variance[j] / spread;
      for (let k = 0; k < K; ++k, ++c) zbar[k] += part * z[c];
    }
  }

  /** Moments and curvature of the cells of a situation, around zbar. */
  function add(from: number, J: number, {mean, variance}: Bundle, w: number): void {
    for (let j = 0, c = from * K; j < J; ++j, c += K) {
      for (let k = 0; k < K; ++k) {
        centred[k] = z[c + k] - zbar[k];
        sums[at.moments + k] += w * mean[j] * z[c + k];
      }
      const spread = w * variance[j];
      for (let k = 0, to = at.curvature; k < K; ++k, to += K) {
        const part = spread * centred[k];
        for (let l = 0; l <= k; ++l) sums[to + l] += part * centred[l];
      }
    }
  }

  /** Values and entropies of the cells of a situation under its multiplier. */
  function weigh(J: number, {mean, logZ}: Bundle, mu: number, target: number, w: number, entropy: number): void {
    let [whole, spent] = [0, 0];
    for (let j = 0; j < J; ++j) {
      whole += logZ[j];
      spent += logZ[j] + (eta[j] + mu) * mean[j];
    }
    sums[at.value] += w * (target * mu + whole);
    sums[at.magnitude] += w * (Math.abs(target * mu) + Math.abs(whole));
    sums[entropy] += w * spent;
  }

  /** The arrow's share of a situation, and what its multiplier needs for the next step. */
  function link(n: number, {bundle, range}: Tie, all: Multiplier, w: number): void {
    // Where the spread is next to nothing, the residual is rounding, and was solved for.
    const own = bundle.spread > flat * range * range ? bundle.residual / bundle.spread : 0;
    all.own[n] = own;
    all.mean.set(zbar, n * K);
    sums[at.promise] += w * own * own * bundle.spread;
    if (own) for (let k = 0; k < K; ++k) sums[at.pull + k] += w * bundle.residual * zbar[k];
  }

  function shannon(from: number, J: number, w: number, logPrior?: Float64Array): void {
    const {mean: p, variance} = softmax;
    let [top, most] = [0, -Infinity];
    for (let j = 0; j < J; ++j) {
      p[j] = (logPrior ? logPrior[from + j] : 0) - eta[j];
      if (p[j] > most) [top, most] = [j, p[j]];
    }
    let others = 0;
    for (let j = 0; j < J; ++j) {
      p[j] = j === top ? 1 : Math.exp(p[j] - most);
      if (j !== top) others += p[j];
    }
    const logZ = most + Math.log1p(others);
    let spent = logZ;
    for (let j = 0; j < J; ++j) {
      variance[j] = p[j] /= 1 + others;
      spent += p[j] * eta[j];
    }
    sums[at.value] += w * logZ;
    sums[at.magnitude] += w * Math.abs(logZ);
    sums[at.signal] += w * spent;
    centre(from, J, softmax);
    add(from, J, softmax, w);
  }

  function tied(n: number, from: number, J: number, ties: Tie, all: Multiplier, entropy: number, worst: number, given?: Float64Array): void {
    const w = weight[n];
    const mu = all.tried[n] = place(n, J, ties, all, given);
    centre(from, J, ties.bundle);
    weigh(J, ties.bundle, mu, ties.target, w, entropy);
    link(n, ties, all, w);
    add(from, J, ties.bundle, w);
    sums[worst] = Math.max(sums[worst], Math.abs(ties.bundle.residual));
  }

  return {
    engine: "typescript",
    runs: Math.ceil(N / dualRun),
    begin(next) {
      move = next;
    },
    sum(k) {
      sums.fill(0);
      const {lambda} = move;
      const given = move.kind === "given" ? move : undefined;
      for (let n = k * dualRun; n < Math.min(N, (k + 1) * dualRun); ++n) {
        const from = situation[n];
        const J = situation[n + 1] - from;
        for (let j = 0, c = from * K; j < J; ++j) {
          let dot = 0;
          for (let l = 0; l < K; ++l, ++c) dot += z[c] * lambda[l];
          eta[j] = dot;
        }
        if (supports) tied(n, from, J, supports.tie, supports.all, at.signal, at.addingUp, given?.mu);
        else shannon(from, J, weight[n], (signal as {logPrior?: Float64Array}).logPrior);
        if (errors?.all) tied(n, from, J, errors.tie, errors.all, at.noise, at.errorSum, given?.nu);
        else if (errors) {
          errors.tie.look(eta, J, 0);
          zbar.fill(0);
          weigh(J, errors.tie.bundle, 0, 0, weight[n], at.noise);
          add(from, J, errors.tie.bundle, weight[n]);
        }
      }
      return sums;
    },
    accept() {
      for (const all of [supports?.all, errors?.all]) if (all) [all.at, all.tried] = [all.tried, all.at];
    },
    multipliers: () => ({mu: supports?.all.at ?? none, nu: errors?.all?.at ?? none})
  };
}
