"""Golden values of the statistics, from scipy and statsmodels: python golden.py > golden.json && npx prettier --write golden.json"""

import itertools
import json
import sys

import numpy as np
import scipy
import statsmodels
from scipy import stats
from statsmodels.stats.multicomp import pairwise_tukeyhsd
from statsmodels.stats.multitest import multipletests


def brute_force_wilcoxon(differences):
    """Two-sided p over all signs of the mean ranks."""
    d = np.array([x for x in differences if x != 0])
    ranks = stats.rankdata(np.abs(d))
    observed = min(ranks[d > 0].sum(), ranks[d < 0].sum())
    sums = [
        np.dot(ranks, signs) for signs in itertools.product((0, 1), repeat=len(ranks))
    ]
    return min(1.0, 2 * np.mean(np.array(sums) <= observed + 1e-9))


def paired(left, right):
    # Rounded, so that differences of decimal numbers that are equal are ties.
    d = np.round(np.array(left) - np.array(right), 10)
    t = stats.ttest_rel(left, right)
    interval = t.confidence_interval(0.95)
    ties = len(np.unique(np.abs(d))) < len(d) or np.any(d == 0)
    n = int(np.count_nonzero(d))
    if n > 50:
        w = stats.wilcoxon(d, correction=False, method="approx")
        p = w.pvalue
    elif not ties:
        w = stats.wilcoxon(d, method="exact")
        p = w.pvalue
    else:
        w = stats.wilcoxon(d, correction=False, method="approx")
        p = brute_force_wilcoxon(d)
    dominance = np.sign(np.subtract.outer(np.array(left), np.array(right))).mean()
    return {
        "left": list(left),
        "right": list(right),
        "t": t.statistic,
        "tP": t.pvalue,
        "low": interval.low,
        "high": interval.high,
        "wilcoxon": w.statistic,
        "wilcoxonP": float(p),
        "cliff": float(dominance),
    }


def groups_case(groups):
    f = stats.f_oneway(*groups)
    names = np.repeat(np.arange(len(groups)), [len(g) for g in groups])
    table = pairwise_tukeyhsd(np.concatenate(groups), names)
    scipy_table = stats.tukey_hsd(*groups)
    pairs = list(itertools.combinations(range(len(groups)), 2))
    for (i, j), p in zip(pairs, table.pvalues):
        assert abs(p - scipy_table.pvalue[i, j]) < 1e-6, "statsmodels and scipy disagree"
    return {
        "groups": [list(g) for g in groups],
        "f": f.statistic,
        "p": f.pvalue,
        "tukey": [
            {"left": i, "right": j, "p": float(scipy_table.pvalue[i, j])} for i, j in pairs
        ],
    }


def main():
    rng = np.random.default_rng(7)
    draw = lambda n, mean=0.0, digits=4: [round(float(x), digits) for x in rng.normal(0.7 + mean, 0.1, n)]
    p_values = [0.01, 0.04, 0.03, 0.005, 0.5, 0.04]
    json.dump(
        {
            "madeBy": "golden.py",
            "versions": {
                "numpy": np.__version__,
                "scipy": scipy.__version__,
                "statsmodels": statsmodels.__version__,
            },
            "paired": [
                paired(draw(5), draw(5)),
                paired(draw(12), draw(12, 0.1)),
                paired(draw(10, 0.0, 1), draw(10, 0.1, 1)),
                paired(draw(40), draw(40, 0.05)),
                paired(draw(120), draw(120, 0.02)),
                paired(draw(200, 0.0, 2), draw(200, 0.01, 2)),
                paired(draw(60), draw(60, 0.5)),
            ],
            "groups": [
                groups_case([draw(5), draw(5, 0.05), draw(5, 0.2)]),
                groups_case([draw(8), draw(5, 0.1), draw(11, 0.1), draw(7)]),
                groups_case([draw(30, 0.01 * k) for k in range(8)]),
            ],
            "holm": {
                "p": p_values,
                "adjusted": list(multipletests(p_values, method="holm")[1]),
            },
        },
        sys.stdout,
        indent=1,
    )
    print()


main()
