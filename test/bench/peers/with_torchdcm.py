"""TorchDCM: automatic differentiation on PyTorch; everybody shares one set of antithetic pseudo-random draws."""
import numpy as np
import torch
from serve import serve, spreads, table
from torchdcm import Beta, ChoiceDataset, MixedLogit, MultinomialLogit, RandomCoefficient, UtilitySpec


def prepare(problem, options):
    """The dataset from arrays, without the loop over situations of `ChoiceDataset.from_long`."""
    N, J, K = problem.X.shape
    rows = problem.offered.ravel()
    sizes = problem.offered.sum(axis=1)
    starts = np.concatenate([[0], np.cumsum(sizes)])
    place = np.cumsum(problem.offered, axis=1) - 1
    X = problem.X.reshape(N * J, K)[rows]
    tensor = lambda numbers: torch.as_tensor(np.ascontiguousarray(numbers))
    data = ChoiceDataset(
        obs_ptr=tensor(starts), alt_id=tensor(np.tile(np.arange(J), N)[rows]), chosen_row=tensor(starts[:-1] + place[np.arange(N), problem.chosen]),
        x_alt={"v%d" % k: tensor(X[:, k]) for k in range(K)}, weights=torch.ones(N, dtype=torch.float64), availability=torch.ones(int(rows.sum()), dtype=torch.bool),
        obs_ids=list(range(N)), alt_names=["a%d" % j for j in range(J)],
        obs_to_ind=None if problem.person is None else tensor(problem.person.astype(np.int64)), individual_ids=None if problem.person is None else list(range(problem.people)))
    return problem, data


def specification(J, starts):
    spec = UtilitySpec()
    for j in range(J):
        utility = None
        for k, start in enumerate(starts):
            term = Beta("B%d" % k, init=float(start)) * ("v%d" % k)
            utility = term if utility is None else utility + term
        spec.utility("a%d" % j, utility)
    return spec


def fit(prepared, options):
    problem, data = prepared
    _, J, K = problem.X.shape
    found = MultinomialLogit(specification(J, np.zeros(K))).fit(data)
    if problem.random:
        random = [RandomCoefficient("B%d" % problem.names.index(name), sigma_init=0.1) for name in problem.random]
        found = MixedLogit(specification(J, found.values), random, n_draws=options.get("draws", 500), panel=problem.person is not None).fit(data)
    status = found.convergence_status
    names = problem.names + spreads(problem.random)
    return dict(table(names, found.values, found.bse), logLikelihood=float(found.loglike), converged=bool(status.get("success")), steps=int(status.get("optimizer_iterations") or 0))


serve(["torchdcm", "torch", "numpy"], prepare, fit)
