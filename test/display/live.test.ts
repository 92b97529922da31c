import assert from "node:assert/strict";
import test from "node:test";
import {Worker} from "node:worker_threads";
import {setTimeout as later} from "node:timers/promises";
import {findHost} from "../../src/display/hosts/find.js";
import type {Host} from "../../src/display/hosts/host.js";
import {liveCard} from "../../src/display/live/liveCard.js";
import {remaining} from "../../src/display/live/remaining.js";
import {duration} from "../../src/display/live/trace.js";
import {openWatch, patience, type World} from "../../src/display/live/watch.js";
import {convergence, fit, fitMaxEnt, fitMaxEntMixed, fitMaxEntMixedMoments, fitMaxEntMixedWeights, fitMixed, fitMnl, lastResult, rich, simulate, tasteGrid} from "../../src/index.js";
import type {ChoiceError} from "../../src/errors.js";
import {watcher, type Subject} from "../../src/live.js";
import type {Step} from "../../src/optimize/ending.js";
import {inKernel, type Message} from "./fakeHosts.js";
import {parsed} from "./html.js";

const {data} = simulate({tier: "mixed"}, {people: 60, situations: 4, seed: 1});
const subject: Subject = {call: "fitMixed(data, …)", kind: "likelihood"};
const path = (n: number): Step[] => Array.from({length: n}, (_, k) => ({iteration: k, logLikelihood: -500 + 100 * (1 - 0.9 ** k), gradientNorm: 8 * 0.7 ** k, decrement: NaN, method: k ? "bhhh" : "start", seconds: k / 10}));

/** A notebook with a clock that is set by hand. */
function notebook(host: Partial<Host> = {}) {
  const messages: (Message & {at: number})[] = [];
  const lines: string[] = [];
  let [now, look] = [0, () => {}];
  let looking = true;
  const world: World = {
    host: {name: "kernel", live: true, show: (shown, options) => void messages.push({data: shown as Message["data"], displayId: options?.displayId, update: !!options?.update, at: now}), onInterrupt: () => () => {}, ...host},
    now: () => now,
    often: (given) => {
      look = given;
      return () => { looking = false; };
    },
    write: (line) => void lines.push(line)
  };
  return {
    messages, lines, world,
    get looking() { return looking; },
    /** Lets time go by in pieces of some milliseconds. */
    wait(milliseconds: number, each: () => void = () => {}) {
      for (const end = now + milliseconds; now < end;) {
        now += 5;
        each();
        look();
      }
    }
  };
}

const done = convergence(await fitMnl(data)).facts;
const result = {title: done.title, path: path(20), ending: done.ending};

test("a long fit is shown in one place, at most five times in any second, and ends as one figure", async () => {
  const page = notebook();
  const watch = (await openWatch(subject, page.world))!;
  const steps = path(2000);
  let next = 0;
  page.wait(8000, () => watch.step!(steps[next++]));
  watch.end(result);
  const {messages} = page;
  assert.ok(messages.length > 20);
  assert.equal(new Set(messages.map(({displayId}) => displayId)).size, 1);
  assert.deepEqual(messages.map(({update}) => update), messages.map((_, k) => k > 0), "shown once, then anew");
  for (const {at} of messages) assert.ok(messages.filter((other) => other.at >= at && other.at < at + 1000).length <= 5, `the second from ${at}`);
  for (const {data: shown} of messages.slice(0, -1)) assert.deepEqual(Object.keys(shown), ["text/plain", "text/html"]);
  const final = messages[messages.length - 1].data;
  assert.deepEqual(Object.keys(final), Object.keys(convergence(result)[rich]()));
  assert.match(final["image/svg+xml"]!, /^<svg/);
});

test("nothing comes after the end", async () => {
  const page = notebook();
  const watch = (await openWatch(subject, page.world))!;
  path(3).forEach((step) => watch.step!(step));
  page.wait(2000);
  watch.end(result);
  const count = page.messages.length;
  assert.equal(page.looking, false);
  watch.step!(path(4)[3]);
  page.wait(5000);
  watch.end(result);
  assert.equal(page.messages.length, count);
});

test("without steps the time goes on, once a second", async () => {
  const page = notebook();
  await openWatch(subject, page.world);
  page.wait(patience + 3000);
  assert.deepEqual(page.messages.map(({at}) => at), [0, 1, 2, 3].map((s) => patience + 1000 * s));
  assert.match(page.messages[3].data["text/plain"], /getting ready, 4 s so far/);
});

test("a fit that is over soon shows nothing; one that was asked to shows itself from the start", async () => {
  for (const [progress, count] of [[undefined, 0], [true, 5]] as const) {
    const page = notebook();
    const watch = (await openWatch({...subject, progress}, page.world))!;
    path(20).forEach((step) => page.wait((patience - 100) / 20, () => watch.step!(step)));
    watch.end(result);
    assert.equal(page.messages.length, count, `${page.messages.map(({at}) => at)}`);
  }
});

test("a fit that throws after it was shown says so in its place, and no more", async () => {
  const page = notebook();
  const watch = (await openWatch(subject, page.world))!;
  page.wait(patience + 100);
  watch.end();
  assert.deepEqual(page.messages.slice(1).map(({data: shown, update}) => [shown, update]), [[{"text/plain": "fitMixed(data, …): ended with an error"}, true]]);
});

test("headless: nothing unless asked for, and then the figure alone, with the same bytes", async () => {
  const run = (progress?: boolean) => inKernel(async ({messages}) => {
    await fitMixed(data, {draws: 64, progress});
    return messages;
  }, {live: false});
  assert.deepEqual(await run(), []);
  const [one, other] = [await run(true), await run(true)];
  assert.equal(one.length, 1);
  assert.equal(one[0].update, false);
  assert.match(one[0].data["image/svg+xml"]!, /^<svg/);
  assert.deepEqual(one[0].data, other[0].data);
});

test("an interrupt ends a fit at its best so far, whatever is shown, and nobody listens afterwards", async () => {
  const open = watcher.open;
  for (const progress of [true, false, undefined, () => {}]) {
    await inKernel(async (kernel) => {
      // A clock that stands still: however slow the machine, no patience runs out, though somebody looks all the time.
      watcher.open = (subject) => openWatch(subject, {
        host: findHost(), now: () => 0, write: () => {},
        often(look) {
          const timer = setInterval(look, 25);
          return () => clearInterval(timer);
        }
      });
      const big = simulate({tier: "mixed"}, {people: 400, situations: 8, seed: 2}).data;
      const fitting = fitMixed(big, {rule: "sobol", draws: 300, optimizer: "bhhh", tolerance: 1e-28, threads: 1, progress});
      while (!kernel.listeners.size) await later(1);
      await later(150);
      kernel.interrupt();
      const fit = await fitting;
      assert.equal(fit.ending.code, "stopped");
      assert.ok(fit.theta.every(Number.isFinite));
      assert.equal(lastResult(), fit);
      assert.equal(kernel.listeners.size, 0);
      if (progress === true) assert.match(kernel.messages[kernel.messages.length - 1].data["text/plain"], /not converged[\s\S]*stopped by request/);
      else assert.deepEqual(kernel.messages, []);
    }).finally(() => { watcher.open = open; });
  }
});

test("a card says that the summit is reached when the climb does: by the decrement, where there is one", () => {
  const at = (changes: Partial<Step>) => liveCard({subject, steps: [{...path(1)[0], iteration: 5, method: "newton", ...changes}], elapsed: 3, asked: false, hears: true})["text/plain"];
  assert.doesNotMatch(at({gradientNorm: 1e-6, decrement: 1e-8}), /at the summit/, "slopes are small, the distance is not");
  assert.match(at({gradientNorm: 1e-6, decrement: 1e-11}), /at the summit, errors to come/);
  assert.match(at({gradientNorm: 1e-6, decrement: NaN}), /at the summit/);
  assert.doesNotMatch(at({gradientNorm: 1e-3, decrement: NaN}), /at the summit/);
});

test("a signal of the user's own stops a watched fit, too", async () => {
  await inKernel(async () => {
    const stop = new AbortController();
    const fit = await fitMixed(data, {rule: "sobol", draws: 200, signal: stop.signal, progress: ({iteration}) => { if (iteration === 2) stop.abort(); }});
    assert.equal(fit.ending.code, "stopped");
  });
});

test("a function is called with every step, and nothing is shown", async () => {
  const seen: number[] = [];
  const fit = await inKernel(async ({messages}) => {
    const made = await fitMixed(data, {draws: 64, progress: ({iteration}) => seen.push(iteration)});
    assert.deepEqual(messages, []);
    return made;
  });
  assert.deepEqual(seen, fit.path.map(({iteration}) => iteration));
});

test("a notebook that fails breaks no fit, and watching changes no bit", async () => {
  const alone = await fitMixed(data, {draws: 64});
  const shown = await inKernel(async ({messages}) => {
    const fit = await fitMixed(data, {draws: 64, progress: true});
    assert.ok(messages.length);
    return fit;
  });
  const broken = await inKernel(() => fitMixed(data, {draws: 64, progress: true}), {broken: true});
  for (const fit of [shown, broken]) assert.deepEqual([fit.theta, fit.estimates, fit.ending], [alone.theta, alone.estimates, alone.ending]);
});

test("what the user got wrong is refused as ever, without a display", async () => {
  await inKernel(async ({messages, listeners}) => {
    await assert.rejects(fitMixed(data, {draws: 64, progress: true, attributes: ["no such"]}), /no such/);
    for (const options of [null, "robust", 3]) await assert.rejects(fit(data, options as never), (error: ChoiceError) => error.code === "options/not-an-object");
    await assert.rejects(fitMixed(data, {progress: "yes" as never}), /true or false/);
    assert.deepEqual(messages, []);
    assert.equal(listeners.size, 0);
  });
});

test("every fit that can be watched is: its last message is its own convergence figure", async () => {
  const tastes = tasteGrid({price: {from: -5, to: 3, points: 17}});
  const fits = {
    fitMnl: () => fitMnl(data, {progress: true}), fitMaxEnt: () => fitMaxEnt(data, {progress: true}),
    fitMaxEntMixed: () => fitMaxEntMixed(data, {tastes, progress: true}),
    fitMaxEntMixedMoments: () => fitMaxEntMixedMoments(data, {tastes, hold: {quality: 0.75}, progress: true}),
    fitMaxEntMixedWeights: () => fitMaxEntMixedWeights(data, {tastes, hold: {quality: 0.75}, progress: true})
  };
  for (const [name, fit] of Object.entries(fits)) {
    await inKernel(async ({messages}) => {
      const made = await fit();
      const last = messages[messages.length - 1].data;
      assert.deepEqual(last["image/svg+xml"], convergence(made)[rich]()["image/svg+xml"], name);
      assert.doesNotMatch(last["image/svg+xml"]!, /NaN|undefined/, name);
      assert.equal(lastResult(), made, name);
    });
  }
});

test("in plain Node a fit is silent; asked to, it writes lines to the error stream", async () => {
  const written: string[] = [];
  const {write} = process.stderr;
  process.stderr.write = ((text: string) => written.push(text) > 0) as typeof write;
  try {
    await fitMnl(data);
    await fitMnl(data, {progress: false});
    assert.deepEqual(written, []);
    await fitMnl(data, {progress: true});
  } finally {
    process.stderr.write = write;
  }
  assert.equal(written.length, 1);
  assert.match(written[0], /^fitMnl\(data, …\): iteration \d+, log-likelihood -\d+\.\d\d, largest slope \S+ of its standard errors, Newton step, .*\n$/);
});

test("lines come at most once a second", async () => {
  const page = notebook();
  const watch = (await openWatch({...subject, progress: true}, {...page.world, host: undefined}))!;
  const steps = path(1000);
  let next = 0;
  page.wait(5000, () => watch.step!(steps[next++]));
  assert.equal(page.lines.length, 5);
  assert.equal(await openWatch(subject, {...page.world, host: undefined}), undefined);
});

test("a worker thread sees no notebook, whatever its parent has", async () => {
  await inKernel(async ({messages}) => {
    const found = await new Promise((resolve, reject) => {
      const worker = new Worker('const {parentPort} = require("node:worker_threads"); parentPort.postMessage(Symbol.for("Jupyter.kernel") in globalThis || "__tslab__" in globalThis)', {eval: true, execArgv: []});
      worker.once("message", resolve).once("error", reject);
    });
    assert.equal(found, false);
    assert.deepEqual(messages, []);
  });
});

test("names of any kind stay text, and the card is made of nothing that a page would run", () => {
  const call = 'fit("<img src=x onerror=alert(1)>&", …)\n\u202e';
  const steps = path(4).map((step) => ({...step, method: step.iteration ? "<b>&" : "start"}));
  const {"text/html": html, "text/plain": text} = liveCard({subject: {...subject, call}, steps, elapsed: 3, asked: false, hears: true});
  const {body} = parsed(html!);
  assert.equal(body.querySelectorAll("img, script, b b").length, 0);
  assert.match(body.textContent!, /<img src=x onerror=alert\(1\)>&/);
  assert.match(body.textContent!, /<b>& step/);
  assert.doesNotMatch(text, /\n/);
});

test("the card holds with nothing, with one step, with numbers that are none, and with very many", () => {
  const odd: Step[][] = [[], path(1), [{...path(1)[0], logLikelihood: -Infinity, gradientNorm: NaN}, {...path(2)[1], logLikelihood: NaN, gradientNorm: 0}], path(5000), path(3).map((step) => ({...step, logLikelihood: -5, gradientNorm: 1}))];
  for (const steps of odd) {
    const {"text/html": html} = liveCard({subject, steps, elapsed: 1, asked: true, hears: true});
    assert.doesNotMatch(html!.replace(/<[^>]*text[^>]*>[^<]*<\/text>/g, ""), /NaN|undefined|Infinity/);
    assert.ok(html!.length < 20_000);
  }
});

test("time that is left: as steps went, and nothing where they do not say", () => {
  const steps = path(30);
  // 0.7^k a step, a tenth of a second each
  const left = remaining(steps.slice(0, 11), 1e-5)!;
  assert.ok(Math.abs(left - Math.ceil(Math.log((8 * 0.7 ** 10) / 1e-5) / -Math.log(0.7)) / 10) < 1e-9);
  assert.equal(remaining(steps.slice(0, 3), 1e-5), undefined, "too early");
  assert.equal(remaining(steps, undefined), undefined, "no goal");
  assert.equal(remaining(steps.map((step) => ({...step, pass: 1})), 1e-5), undefined, "nobody knows how many rounds");
  assert.equal(remaining([...steps, {...steps[0], iteration: 30, gradientNorm: 9}], 1e-5), undefined, "it grew");
  assert.equal(remaining(path(60), 1e-5), undefined, "there already");
  // Newton's method, which doubles its digits: 1e-1, 1e-2, 1e-4, next 1e-8
  const newton = [1, 0.1, 1e-2, 1e-4].map((gradientNorm, k) => ({...steps[k], gradientNorm, method: k ? "newton" : "start", seconds: k}));
  assert.equal(remaining(newton, 1e-7), 1);
  assert.deepEqual([0.02, 3.21, 12.3, 59.7, 125, 4321].map(duration), ["0.1 s", "3.2 s", "12 s", "1 min 0 s", "2 min 5 s", "1 h 12 min"]);
});
