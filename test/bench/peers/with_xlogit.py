"""xlogit: panel mixed logit on numpy, Halton draws, BFGS. Its default errors take a person's choices for independent."""
import numpy as np
from serve import long, serve, spreads, table
from xlogit import MixedLogit, MultinomialLogit
from xlogit._choice_model import diff_nonchosen_chosen


def prepare(problem, options):
    return problem, long(problem)


def fit(prepared, options):
    problem, (X, chosen, alternative, situation, person, offered) = prepared
    common = dict(X=X, y=chosen, varnames=problem.names, alts=alternative, ids=situation, verbose=0)
    if not problem.offered.all():
        common["avail"] = offered
    if problem.random:
        model = MixedLogit()
        model.fit(randvars={name: "n" for name in problem.random}, panels=person, n_draws=options.get("draws", 500), **common)
    else:
        model = MultinomialLogit()
        model.fit(**common)
    names = problem.names + spreads(problem.random)
    return dict(table(names, model.coeff_, model.stderr), logLikelihood=float(model.loglikelihood), converged=bool(model.convergence), steps=int(model.total_iter))


def place(problem, request):
    """The arguments that `fit` hands to its own log-likelihood, with the draws of the problem where it brings some."""
    X, chosen, alternative, situation, person, _ = long(problem)
    model = MixedLogit()
    model._pre_fit(alternative, problem.names, None, None, False, 1)
    if problem.draws is not None:
        model._generate_draws = lambda people, R, halton, halton_opts=None: problem.draws[:, :, :R]
    _, X, chosen, panels, draws, _, _, _, _, _ = model._setup_input_data(
        X, chosen, problem.names, alternative, situation, {name: "n" for name in problem.random}, panels=person, n_draws=request["draws"], verbose=0)
    Xd, _, _, _ = diff_nonchosen_chosen(X, chosen, None, None, None)
    return model, Xd, panels, draws, problem.names + spreads(problem.random)


def evaluate(placed, theta, order):
    model, Xd, panels, draws, names = placed
    found = model._loglik_gradient(np.array([theta[name] for name in names]), Xd, panels, draws, None, None, None, None, None, return_gradient=order > 0)
    if order == 0:
        return -float(found), None
    return -float(found[0]), dict(zip(names, map(float, -found[1])))


serve(["xlogit", "numpy", "scipy"], prepare, fit, place, evaluate)
