import {randomUUID} from "node:crypto";
import type {Subject, Watch} from "../../live.js";
import type {Step} from "../../optimize/ending.js";
import type {Bundle} from "../../rich.js";
import {rich} from "../../rich.js";
import {oneLine} from "../escape.js";
import {convergence} from "../figures/convergence.js";
import {findHost} from "../hosts/find.js";
import type {Host} from "../hosts/host.js";
import {liveCard, plain, type Standing} from "./liveCard.js";

/** What a watch needs of the world: a test has another. */
export interface World {
  readonly host: Host | undefined;
  /** Milliseconds. */
  now(): number;
  /** Calls `look` many times a second, until the function that it returns is called. */
  often(look: () => void): () => void;
  /** Takes a line where there is no notebook. */
  write(line: string): void;
}

const usual = (): World => ({
  host: findHost(),
  now: () => performance.now(),
  often(look) {
    const timer = setInterval(look, 25);
    timer.unref(); // a fit that is forgotten does not keep the process
    return () => clearInterval(timer);
  },
  write: (line) => void process.stderr.write(`${line}\n`)
});

/**
 * A fit that ends sooner shows nothing. People begin to wonder after about a second (Nielsen 1993); the final figure costs
 * up to a second where none was drawn before, which a fit of less than that is not to be charged with.
 */
export const patience = 1000;
/** Between two updates: four a second, so that with the last there are never more than five. */
export const pace = 250;
/** Without a new step the clock is shown anew so often. */
const idle = 1000;
/** Between two lines in plain Node. */
const linePace = 1000;

/**
 * Watches a fit for whoever runs the cells: shows it in one place that is shown anew while it goes on and holds the
 * convergence figure in the end, and hands on the user's wish to stop. Undefined where there is nothing to do.
 *
 * In a notebook that runs headless nothing is shown unless `progress: true` asks for it, and then the figure alone: whether
 * an output is there must not depend on how fast a machine is.
 */
export async function openWatch(subject: Subject, world?: World): Promise<Watch | undefined> {
  await null; // out of the part of a cell that runs without a break, see tslabHost
  const {host, ...rest} = world ?? usual();
  if (!host) return subject.progress === true ? lines(subject, rest) : undefined;
  const stop = new AbortController();
  const deaf = () => {};
  const off = safely(() => host.onInterrupt?.(() => stop.abort())) ?? deaf;
  const quiet = subject.progress === false || subject.progress === "own" || (!host.live && subject.progress !== true);
  const shown = quiet ? undefined : display(subject, {...rest, host}, () => stop.signal.aborted, off !== deaf);
  return {
    signal: stop.signal,
    ...(shown && {step: shown.step}),
    end(result) {
      safely(off);
      shown?.end(result);
    }
  };
}

/** The one place in the notebook. */
function display(subject: Subject, {host, now, often}: World & {readonly host: Host}, asked: () => boolean, hears: boolean): Required<Pick<Watch, "step" | "end">> {
  const began = now();
  const steps: Step[] = [];
  const id = randomUUID();
  let shownAt: number | undefined;
  let news = true;
  let broken = false; // a host that fails once is left alone: the fit is what matters
  const show = (data: () => Bundle): void => {
    if (broken) return;
    broken = safely(() => (host.show({...data()}, {displayId: id, update: shownAt !== undefined}), true)) !== true;
    [shownAt, news] = [now(), false];
  };
  const look = (): void => {
    const time = now();
    if (shownAt === undefined ? subject.progress !== true && time - began < patience : time - shownAt < (news ? pace : idle)) return;
    const standing: Standing = {subject, steps, elapsed: (time - began) / 1000, asked: asked(), hears};
    show(() => liveCard(standing));
  };
  const rest = host.live ? often(look) : () => {};
  return {
    step(step) {
      // A fit with several starts begins anew.
      if (step.iteration === 0) steps.length = 0;
      steps.push(step);
      news = true;
    },
    end(result) {
      rest();
      if (shownAt === undefined && subject.progress !== true) return;
      if (result) show(() => finalBundle(subject, result));
      else if (shownAt !== undefined) show(() => ({"text/plain": `${oneLine(subject.call)}: ended with an error`}));
      broken = true;
    }
  };
}

/** The convergence figure, all its parts drawn; a word where it cannot be. */
const finalBundle = ({call, tolerance}: Subject, result: object): Bundle =>
  safely(() => ({...convergence(result as never, {...(tolerance !== undefined && {tolerance})})[rich]()})) ?? {"text/plain": `${oneLine(call)}: done`};

/** Outside notebooks, a line a second. */
function lines(subject: Subject, {now, write}: Omit<World, "host">): Watch {
  const began = now();
  const steps: Step[] = [];
  let written = began;
  const line = (): void => {
    written = now();
    safely(() => write(plain({subject, steps, elapsed: (written - began) / 1000, asked: false, hears: false})));
  };
  return {
    step(step) {
      if (step.iteration === 0) steps.length = 0;
      steps.push(step);
      if (now() - written >= linePace) line();
    },
    end: () => { if (steps.length) line(); }
  };
}

function safely<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
