"""Known answers of BcaTest and ProfileTest.

Run: python3 lot4j-stats/src/test/python/make_bootstrap_golden.py
Prints the numbers that stand in the tests. BCa comes from scipy.stats.bootstrap; the aggregates and
profiles are rliable's definitions written out in numpy; profile bands list every resample.
"""

from itertools import product

import numpy as np
from scipy import stats

E = np.array([0.4, -1.1, 2.3, 0.7, 0.0, 1.9, 0.7, -0.2, 1.4, 3.1])
SKEWED = np.array([0.1, 0.2, 0.3, 0.35, 0.5, 0.8, 1.6, 4.0])
TASKS = [np.array([0.1, 0.4, 0.7, 1.1, 0.35]), np.array([0.2, 0.3, 0.9, 2.5, 0.05])]
SMALL = np.array([[0.1, 0.2], [0.4, 0.3], [0.7, 0.9], [1.1, 2.5]])  # runs x tasks


def iqm(*tasks, axis=-1):
    return stats.trim_mean(np.concatenate(tasks, axis=axis), 0.25, axis=axis)


def bca(data, statistic):
    result = stats.bootstrap(data, statistic, method="BCa", n_resamples=200_000, batch=10_000, rng=1)
    return tuple(result.confidence_interval)


print("bca mean E", bca((E,), np.mean), "skewed", bca((SKEWED,), np.mean))
print("bca iqm of two tasks", bca(TASKS, iqm))
print("percentile skewed", stats.bootstrap((SKEWED,), np.mean, method="percentile", n_resamples=200_000, batch=10_000, rng=1).confidence_interval)

# rliable.metrics: aggregate_mean, aggregate_median, aggregate_iqm, aggregate_optimality_gap
print("mean", np.mean(np.mean(SMALL, axis=0)), "median", np.median(np.mean(SMALL, axis=0)))
print("iqm", stats.trim_mean(SMALL, 0.25, axis=None), "gap", 1 - np.mean(np.minimum(SMALL, 1)))

# rliable.library: run_score_deviation, mean_score_deviation
every = [np.array(c) for c in product(SMALL[:, 0], repeat=4)], [np.array(c) for c in product(SMALL[:, 1], repeat=4)]
for tau in (0.0, 0.35, 0.65, 0.95, 3.0):
    above = [np.array([np.mean(c > tau) for c in side]) for side in every]
    both = (above[0][:, None] + above[1][None, :]) / 2
    average = [np.array([np.mean(c) > tau for c in side]) for side in every]
    tasks = (average[0][:, None].astype(float) + average[1][None, :]) / 2
    print(
        "tau", tau,
        "runs", np.mean(SMALL > tau), np.quantile(both, [0.025, 0.975]),
        "averages", np.mean(np.mean(SMALL, axis=0) > tau), np.quantile(tasks, [0.025, 0.975]),
    )
