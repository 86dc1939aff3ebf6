"""Known answers of TestsTest and PowerTest.

Run: python3 lot4j-stats/src/test/python/make_tests_golden.py
Prints the numbers that stand in the tests. Needs scipy. The noncentral t comes from numerical integration of its
definition and from scipy's nct, which must agree.
"""

from itertools import product

import numpy as np
from scipy import integrate, optimize, stats

D = np.array([0.01, 0.02, -0.01, 0.03, 0.02, 0.03])
E = np.array([0.4, -1.1, 2.3, 0.7, 0.0, 1.9, 0.7, -0.2, 1.4, 3.1])
A = np.array([20.1, 19.4, 22.3, 21.7, 20.9])
B = np.array([18.2, 20.0, 17.1, 19.9, 15.5, 18.8, 19.1])


def flips(d):
    sums = [abs(np.dot(d, s)) for s in product([1, -1], repeat=len(d))]
    return np.mean(np.array(sums) >= abs(d.sum()) - 1e-12)


def nct_by_integration(t, nu, delta):
    """P((Z + delta) / s <= t) over the density of s = sqrt(chi2 / nu)."""
    inner = lambda s: stats.norm.cdf(t * s - delta) * stats.chi.pdf(s * np.sqrt(nu), nu) * np.sqrt(nu)
    return integrate.quad(inner, 0, 40, points=[1, max(0.01, min(39, delta / t if t else 1))], limit=500)[0]


def effect_interval(t, nu, scale):
    low = optimize.brentq(lambda m: stats.nct.cdf(t, nu, m) - 0.975, t - 15, t + 5)
    high = optimize.brentq(lambda m: stats.nct.cdf(t, nu, m) - 0.025, t - 5, t + 15)
    return low / scale, high / scale


def power(n, effect):
    critical = stats.t.ppf(0.975, n - 1)
    delta = effect * np.sqrt(n)
    return 1 - stats.nct.cdf(critical, n - 1, delta) + stats.nct.cdf(-critical, n - 1, delta)


print("flips D", flips(D), "E", flips(E), "all positive, 5", flips(np.array([1, 2, 3, 4, 5.0])))
for t, nu, delta in [(2.0, 4, 1.5), (-1.0, 7, 0.5), (0.0, 3, 2.0), (12.0, 2, 9.0), (30.0, 19, 28.0), (1.5, 1, -2.0)]:
    print("nct", t, nu, delta, nct_by_integration(t, nu, delta), stats.nct.cdf(t, nu, delta))
dz = D.mean() / D.std(ddof=1)
print("dz D", dz, effect_interval(dz * np.sqrt(6), 5, np.sqrt(6)))
sp = np.sqrt((4 * A.var(ddof=1) + 6 * B.var(ddof=1)) / 10)
d = (A.mean() - B.mean()) / sp
scale = 1 / np.sqrt(1 / 5 + 1 / 7)
print("pooled d", d, effect_interval(d * scale, 10, scale))
w = stats.ttest_ind(A, B, equal_var=False)
print("welch", A.mean() - B.mean(), w.statistic, w.df, w.pvalue, w.confidence_interval(0.95))
for n, effect in [(5, 1.0), (10, 0.5), (34, 0.5), (3, 4.0), (2, 1.0)]:
    print("power", n, effect, power(n, effect))
for effect, target in [(0.2, 0.8), (0.5, 0.8), (0.8, 0.8), (0.5, 0.9), (1.0, 0.8), (5.0, 0.8), (0.05, 0.8)]:
    print("seeds", effect, target, next(n for n in range(2, 10**6) if power(n, effect) >= target))
for n, most in ((3, 4), (5, 4), (20, 2)):
    print("smallest effect", n, optimize.brentq(lambda e: power(n, e) - 0.8, 0.01, most))
for n in (3, 6):
    print("sd interval factors", n, np.sqrt((n - 1) / stats.chi2.ppf([0.975, 0.025], n - 1)))
