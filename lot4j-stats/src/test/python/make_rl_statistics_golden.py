"""Known answers of StratifiedBootstrapTest, by enumerating every resample.

Run: python3 lot4j-stats/src/test/python/make_rl_statistics_golden.py
Prints the numbers that stand in the test. Needs numpy; scipy is not used, so that the trimmed mean
is written out here once more, on its own.

No random numbers: with few runs all resamples can be listed, each equally likely, and the quantiles
of that list are the exact bootstrap interval, which a random bootstrap tends to.
"""

from itertools import product

import numpy as np


def iqm(scores):
    """scipy.stats.trim_mean(scores, 0.25, axis=None), as the paper's library calls it."""
    flat = np.sort(np.asarray(scores, dtype=float).ravel())
    cut = int(0.25 * flat.size)
    return flat[cut : flat.size - cut].mean()


def interval(values):
    return np.quantile(np.asarray(values), [0.025, 0.975])


def resamples(runs):
    return [[runs[i] for i in draw] for draw in product(range(len(runs)), repeat=len(runs))]


def improvement(a, b):
    a, b = np.asarray(a)[:, None], np.asarray(b)[None, :]
    return ((a > b) + 0.5 * (a == b)).mean()


one = [3.0, 5.5, 9.0, 21.0, 34.5, 60.0]
print("one task", one, "iqm", iqm(one), "interval", interval([iqm(r) for r in resamples(one)]))

tasks = [[0.1, 0.4, 0.7, 1.1], [0.2, 0.3, 0.9, 2.5]]
pooled = [iqm(x + y) for x, y in product(resamples(tasks[0]), resamples(tasks[1]))]
print("two tasks", tasks, "iqm", iqm(tasks), "interval", interval(pooled))

a = [12.0, 30.0, 31.0, 55.0]
b = [10.0, 30.0, 40.0, 42.0]
chances = [improvement(x, y) for x, y in product(resamples(a), resamples(b))]
print("P(a > b)", a, b, improvement(a, b), "interval", interval(chances))

a2, b2 = [1.0, 4.0, 6.0], [2.0, 3.0, 5.0]
a1, b1 = [7.0, 8.0, 3.0], [1.0, 7.5, 2.0]
first = [improvement(x, y) for x, y in product(resamples(a1), resamples(b1))]
second = [improvement(x, y) for x, y in product(resamples(a2), resamples(b2))]
both = np.add.outer(np.array(first), np.array(second)).ravel() / 2
print("two tasks P", (improvement(a1, b1) + improvement(a2, b2)) / 2, "interval", interval(both))
