"""larch: multinomial logit on numba, BHHH; its binaries are compiled once per machine, when it is first imported."""
import warnings

warnings.simplefilter("ignore")

import larch as lx
import numpy as np
import pandas as pd
from serve import long, serve, table


def prepare(problem, options):
    X, chosen, alternative, situation, _, offered = long(problem)
    frame = pd.DataFrame(X, columns=["v%d" % k for k in range(X.shape[1])])
    frame["chosen"] = chosen
    frame["offered"] = offered
    frame.index = pd.MultiIndex.from_arrays([situation, alternative], names=["case", "alt"])
    return problem, lx.Dataset.construct.from_idca(frame, crack=False)


def fit(prepared, options):
    problem, data = prepared
    if problem.random:
        raise NotImplementedError("multinomial logit alone")
    model = lx.Model(data, compute_engine="numba")
    own = ["v%d" % k for k in range(len(problem.names))]
    model.utility_ca = sum((lx.P(name) * lx.X(name) for name in own[1:]), lx.P(own[0]) * lx.X(own[0]))
    model.choice_ca_var = "chosen"
    if not problem.offered.all():
        model.availability_ca_var = "offered"
    found = model.maximize_loglike(quiet=True)
    model.calculate_parameter_covariance()
    estimates = [model.get_value(name) for name in own]
    errors = np.asarray(model.pstderr)[[list(model.pnames).index(name) for name in own]]
    return dict(table(problem.names, estimates, errors), logLikelihood=float(found.loglike), converged=bool(found.get("success", True)))


serve(["larch", "numba", "numpy"], prepare, fit)
