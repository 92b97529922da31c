"""Biogeme: any expression, compiled by JAX; Newton in a trust region; Halton draws in the bases 2, 3 and 5, else Latin hypercube."""
import logging

import pandas as pd
from serve import serve, spreads, table

logging.disable(logging.CRITICAL)
open("biogeme.toml", "w").close()  # else it writes its defaults there, which some versions of tomlkit refuse

import biogeme.biogeme as bio
import biogeme.database as db
from biogeme import models
from biogeme.expressions import Beta, Draws, MonteCarlo, PanelLikelihoodTrajectory, Variable, log
from biogeme.results_processing.variance_covariance import EstimateVarianceCovariance


def prepare(problem, options):
    N, J, K = problem.X.shape
    columns = {"choice": problem.chosen + 1}
    if problem.person is not None:
        columns["person"] = problem.person
    for j in range(J):
        columns["offered_%d" % (j + 1)] = problem.offered[:, j].astype(int)
        for k in range(K):
            columns["v%d_%d" % (k, j + 1)] = problem.X[:, j, k]
    database = db.Database("problem", pd.DataFrame(columns))
    if problem.person is not None:
        database.panel("person")
    return problem, database


def fit(prepared, options):
    problem, database = prepared
    _, J, K = problem.X.shape
    rules = ["NORMAL_HALTON2", "NORMAL_HALTON3", "NORMAL_HALTON5"] if len(problem.random) <= 3 else ["NORMAL_MLHS"] * len(problem.random)
    b = [Beta("B%d" % k, 0, None, None, 0) for k in range(K)]
    for d, name in enumerate(problem.random):
        k = problem.names.index(name)
        b[k] = b[k] + Beta("S%d" % k, 0.1, None, None, 0) * Draws("D%d" % k, rules[d])
    utility = {j + 1: sum(b[k] * Variable("v%d_%d" % (k, j + 1)) for k in range(K)) for j in range(J)}
    offered = None if problem.offered.all() else {j + 1: Variable("offered_%d" % (j + 1)) for j in range(J)}
    if problem.random:
        probability = models.logit(utility, offered, Variable("choice"))
        formula = log(MonteCarlo(probability if problem.person is None else PanelLikelihoodTrajectory(probability)))
    else:
        formula = models.loglogit(utility, offered, Variable("choice"))
    quiet = dict(generate_html=False, generate_yaml=False, save_iterations=False, only_robust_stats=False)
    model = bio.BIOGEME(database, formula, number_of_draws=options.get("draws", 500), seed=1, **quiet)
    model.model_name = "problem"
    found = model.estimate()
    names = problem.names + spreads(problem.random)
    own = ["B%d" % k for k in range(K)] + ["S%d" % problem.names.index(name) for name in problem.random]
    listed = list(found.raw_estimation_results.beta_names)
    variances = found.get_variance_covariance_matrix(EstimateVarianceCovariance.RAO_CRAMER).diagonal()
    values = found.get_beta_values()
    errors = [variances[listed.index(name)] ** 0.5 for name in own]
    return dict(table(names, [values[name] for name in own], errors), logLikelihood=float(found.final_loglikelihood), converged=bool(found.algorithm_has_converged))


serve(["biogeme", "jax", "numpy"], prepare, fit)
