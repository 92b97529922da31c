"""jaxlogit: xlogit's model on JAX, in double precision; the Hessian by automatic differentiation."""
import logging

import jax

jax.config.update("jax_enable_x64", True)
logging.disable(logging.CRITICAL)

import numpy as np
from jaxlogit._config_data import ConfigData
from jaxlogit.mixed_logit import MixedLogit
from serve import long, serve, spreads, table


def prepare(problem, options):
    return problem, long(problem)


def fit(prepared, options):
    problem, (X, chosen, alternative, situation, person, offered) = prepared
    config = ConfigData(panels=person, n_draws=options.get("draws", 500), avail=None if problem.offered.all() else offered)
    model = MixedLogit()
    found = model.fit(X, chosen, problem.names, alternative, situation, {name: "n" for name in problem.random}, config, verbose=0)
    names = problem.names + spreads(problem.random)
    estimates, errors = np.array(model.coeff_), np.sqrt(np.diag(np.asarray(model.hess_inv)))
    # It climbs in the inverse softplus of standard deviations, and tells them so.
    s = slice(len(problem.names), None)
    errors[s] /= 1 + np.exp(-estimates[s])
    estimates[s] = np.logaddexp(0, estimates[s])
    return dict(table(names, estimates, errors), logLikelihood=float(model.loglikelihood), converged=bool(found.success), steps=int(found.nit))


serve(["jaxlogit", "jax", "numpy"], prepare, fit)
