"""What the scripts of all peers share: reading a problem, and answering one line of JSON for each line read.

A script gives `serve` its functions. `prepare(problem, request)` turns columns in memory into what the program wants,
`fit(prepared, request)` goes on to estimates and covariance, `place` and `evaluate` answer for one log-likelihood.
"""
import json
import os
import resource
import sys
import time
from collections import namedtuple
from importlib.metadata import PackageNotFoundError, version

import numpy as np

# X (N, J, K) with zeros where nothing was on offer, offered (N, J), chosen (N), person (N) or None, all counted from 0
Problem = namedtuple("Problem", "X offered chosen person names random people draws")


def load(folder):
    with open(os.path.join(folder, "meta.json")) as file:
        meta = json.load(file)
    ids = {name: np.fromfile(os.path.join(folder, name + ".i32"), dtype="<i4") for name in meta["ids"]}
    J, names = meta["alternatives"], list(meta["attributes"])
    N = meta["situations"]
    n = np.cumsum(np.diff(ids["situation"], prepend=ids["situation"][0]) != 0)
    j = ids["alternative"] - 1
    X = np.zeros((N, J, len(names)))
    for k, name in enumerate(names):
        X[n, j, k] = np.fromfile(os.path.join(folder, name + ".f64"), dtype="<f8")
    offered = np.zeros((N, J), dtype=bool)
    offered[n, j] = True
    if meta["intercepts"]:
        constants = np.zeros((N, J, J - 1))
        for a in range(1, J):
            constants[:, a, a - 1] = offered[:, a]
        X = np.concatenate([constants, X], axis=2)
        names = ["intercept[%d]" % (a + 1) for a in range(1, J)] + names
    chosen = np.empty(N, dtype=int)
    rows = ids["chosen"] == 1
    chosen[n[rows]] = j[rows]
    person = None
    if meta["panel"]:
        person = np.unique(ids["person"], return_inverse=True)[1][np.searchsorted(n, np.arange(N))]
    random = list(meta["model"].get("random", []))
    draws = None
    if meta.get("draws"):
        draws = np.fromfile(os.path.join(folder, "draws.f64"), dtype="<f8").reshape(meta["people"], len(random), meta["draws"])
    return Problem(X, offered, chosen, person, names, random, meta["people"], draws)


def long(problem):
    """Rows of a full long table, alternatives that were not on offer among them: X, chosen, alternative, situation, person, offered."""
    N, J, K = problem.X.shape
    one_hot = np.zeros((N, J), dtype=int)
    one_hot[np.arange(N), problem.chosen] = 1
    person = None if problem.person is None else np.repeat(problem.person, J)
    return problem.X.reshape(N * J, K), one_hot.ravel(), np.tile(np.arange(1, J + 1), N), np.repeat(np.arange(N), J), person, problem.offered.astype(int).ravel()


def versions(*names):
    found = {}
    for name in names:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            pass
    return found


def table(names, estimates, errors):
    return {"estimates": dict(zip(names, map(float, estimates))), "errors": dict(zip(names, map(float, errors)))}


def spreads(names):
    return ["sd[%s]" % name for name in names]


def peak():
    """Bytes. On Linux per program: a process begins with the ru_maxrss of whoever started it."""
    try:
        with open("/proc/self/status") as status:
            return 1024 * next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def clock():
    wall, cpu = time.perf_counter(), time.process_time()
    return lambda: (time.perf_counter() - wall, time.process_time() - cpu)


def serve(packages, prepare=None, fit=None, place=None, evaluate=None, others=None):
    # Programs print as they please: their standard output becomes standard error, ours is kept aside.
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    state = {}

    def do_load(request):
        state["problem"] = load(request["path"])
        return {"rows": int(state["problem"].offered.sum())}

    def do_fit(request):
        stop = clock()
        prepared = prepare(state["problem"], request["options"])
        before, _ = stop()
        answer = fit(prepared, request["options"])
        wall, cpu = stop()
        return dict(answer, prepare=before, fit=wall - before, cpu=cpu)

    def do_place(request):
        state["placed"] = place(state["problem"], request)
        return {}

    def do_evaluate(request):
        stop = clock()
        for _ in range(request.get("times", 1)):
            value, gradient = evaluate(state["placed"], request["theta"], request["order"])
        wall, cpu = stop()
        times = request.get("times", 1)
        return dict({"value": value, "seconds": wall / times, "cpu": cpu / times}, **({} if gradient is None else {"gradient": gradient}))

    doing = dict({"load": do_load, "fit": do_fit, "place": do_place, "evaluate": do_evaluate}, **(others or {}))

    def say(answer):
        answers.write(json.dumps(answer) + "\n")
        answers.flush()

    say({"ok": True, "versions": versions(*packages)})
    for line in sys.stdin:
        request = json.loads(line)
        try:
            before = peak()
            answer = doing[request["do"]](request)
            say(dict(answer, ok=True, before=before, peak=peak()))
        except Exception as error:  # whatever a program throws is an answer, too
            say({"ok": False, "error": "%s: %s" % (type(error).__name__, str(error).split("\n")[0])})
