"""Known answers of RankCorrelationTest: scipy for rho and tau, numpy for the partial form.

Run: python3 lot4j-stats/src/test/python/make_rank_correlation_golden.py
Prints the numbers that stand in the test.

The partial correlation is worked out another way than in Java: from the inverse of the correlation
matrix of the ranks. Bootstrap limits come from 20,000 resamples, those without an answer left out.
"""

import numpy as np
from scipy import stats

X = np.array([0.31, 0.12, 0.55, 0.90, 0.22, 0.47, 0.47, 0.68, 0.05, 0.81])
Y = np.array([0.20, 0.15, 0.30, 0.61, 0.29, 0.18, 0.33, 0.33, 0.10, 0.58])
A = np.array([1.2, 0.7, 1.9, 2.2, 0.8, 2.0, 1.1, 1.6, 0.9, 1.4])
B = np.array([5.0, 4.0, 4.5, 1.0, 3.0, 3.5, 2.5, 2.0, 6.0, 0.5])


def partial(x, y, controls):
    ranks = np.array([stats.rankdata(v) for v in [x, y] + controls])
    precision = np.linalg.inv(np.corrcoef(ranks))
    return -precision[0, 1] / np.sqrt(precision[0, 0] * precision[1, 1])


def residual_form(x, y, control):
    """For resamples, where x and y may agree completely and the matrix has no inverse."""
    rx, ry, rc = (stats.rankdata(v) - (len(x) + 1) / 2 for v in (x, y, control))
    if rc @ rc > 0:
        rx, ry = rx - rc * (rx @ rc) / (rc @ rc), ry - rc * (ry @ rc) / (rc @ rc)
    if min(rx @ rx, ry @ ry) < 1e-9:
        return None
    return rx @ ry / np.sqrt((rx @ rx) * (ry @ ry))


def limits(statistic, n, distinct):
    random = np.random.default_rng(1)
    found = []
    while len(found) < 20_000:
        i = random.integers(0, n, n)
        if len(set(i)) < distinct:
            continue
        value = statistic(i)
        if value is not None:
            found.append(value)
    return np.quantile(found, [0.025, 0.975])


print("rho", stats.spearmanr(X, Y)[0], "tau", stats.kendalltau(X, Y)[0])
print("partial A", partial(X, Y, [A]), "partial A, B", partial(X, Y, [A, B]))
print("limits rho", limits(lambda i: residual_form(X[i], Y[i], 0 * A[i]), 10, 2))
print("limits partial A", limits(lambda i: residual_form(X[i], Y[i], A[i]), 10, 4))
