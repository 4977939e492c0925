"""Writes calibration-statistics.json beside it: statistics of calibration and agreement from other people's code.

    python3 -m venv venv && venv/bin/pip install numpy==2.4.6 scipy==1.17.1 statsmodels==0.15.0 \
        scikit-learn==1.9.1 krippendorff==0.9.0
    venv/bin/python test/oracle/vectors/calibration_statistics.py

The versions that made the file are noted in it. What no package offers is worked out here from its definition, by other means than
the program's: AC1 (Gwet 2008, table by table), the cheapest threshold (all of them tried), the conformal order statistic.
"""

import json
import math
from importlib.metadata import version
from itertools import combinations
from pathlib import Path

import krippendorff
import numpy as np
from sklearn.metrics import (
    balanced_accuracy_score,
    cohen_kappa_score,
    f1_score,
    matthews_corrcoef,
    roc_auc_score,
    roc_curve,
)
from statsmodels.stats.inter_rater import aggregate_raters, fleiss_kappa
from statsmodels.stats.multitest import multipletests

PACKAGES = ["numpy", "scipy", "statsmodels", "scikit-learn", "krippendorff"]
rng = np.random.default_rng(20)


def detection():
    """Scores in steps, so that there are ties; low means failing."""
    fails = rng.random(80) < 0.4
    scores = np.round(np.where(fails, rng.normal(0.5, 0.2, 80), rng.normal(0.8, 0.2, 80)), 2)
    weights = np.round(1 / rng.uniform(0.1, 1, 80), 3)
    theta = 0.62
    predicted = scores < theta
    judged = {"auc": roc_auc_score(fails, -scores), "auc_weighted": roc_auc_score(fails, -scores, sample_weight=weights)}
    for name, sample_weight in (("", None), ("_weighted", weights)):
        judged["balanced_accuracy" + name] = balanced_accuracy_score(fails, predicted, sample_weight=sample_weight)
        judged["mcc" + name] = matthews_corrcoef(fails, predicted, sample_weight=sample_weight)
        false_rate, true_rate, _ = roc_curve(fails, -scores, sample_weight=sample_weight)
        judged["youden" + name] = (true_rate - false_rate).max()
    judged["least_cost"] = {
        str(ratio): min(
            ratio * weights[fails & (scores >= cut)].sum() + weights[~fails & (scores < cut)].sum()
            for cut in [*np.unique(scores), math.inf]
        )
        for ratio in (0.2, 1, 7)
    }
    rates = (0.05, 0.1, 0.3)
    failing = np.sort(scores[fails])
    judged["conformal"] = {
        str(rate): float(np.quantile(failing, math.ceil((len(failing) + 1) * (1 - rate)) / len(failing), method="inverted_cdf"))
        for rate in rates
    }
    return {"scores": scores.tolist(), "fails": fails.tolist(), "weights": weights.tolist(), "theta": theta, **judged}


def gwet_ac1(table):
    """From counts of categories by unit, as Gwet's irrCAC does."""
    totals = table.sum(axis=1)
    paired = table[totals >= 2]
    each = paired.sum(axis=1)
    observed = ((paired * (paired - 1)).sum(axis=1) / (each * (each - 1))).mean()
    shares = (table[totals >= 1] / totals[totals >= 1, None]).mean(axis=0)
    chance = (shares * (1 - shares)).sum() / (table.shape[1] - 1)
    return (observed - chance) / (1 - chance)


def agreement(categories, prevalence, gaps):
    truth = rng.choice(len(categories), size=70, p=prevalence)
    ratings = np.where(rng.random((70, 3)) < 0.8, truth[:, None], rng.choice(len(categories), (70, 3), p=prevalence))
    full = ratings.copy()
    ratings = ratings.astype(float)
    ratings[rng.random((70, 3)) < gaps] = np.nan
    table = np.stack([(ratings == k).sum(axis=1) for k in range(len(categories))], axis=1)
    both = ~np.isnan(ratings[:, 0]) & ~np.isnan(ratings[:, 1])
    first, second = ratings[both, 0].astype(int), ratings[both, 1].astype(int)
    pairs = [ratings[:, pair][~np.isnan(ratings[:, pair]).any(axis=1)].astype(int) for pair in combinations(range(3), 2)]
    words = [[None if np.isnan(r) else categories[int(r)] for r in row] for row in ratings]
    return {
        "categories": categories,
        "ratings": words,
        "full": [[categories[r] for r in row] for row in full],
        "cohen": cohen_kappa_score(first, second),
        "specific_of_two": {c: f1_score(first, second, labels=[k], average=None, zero_division=np.nan)[0] for k, c in enumerate(categories)},
        "fleiss": fleiss_kappa(aggregate_raters(full, n_cat=len(categories))[0]),
        "krippendorff": krippendorff.alpha(reliability_data=ratings.T, level_of_measurement="nominal"),
        "ac1": gwet_ac1(table),
        "common_of_two": [len(pair) for pair in pairs],
    }


def holm():
    values = np.round(rng.random(9) ** 3, 4)
    return {"p": values.tolist(), "holm": multipletests(values, method="holm")[1].tolist()}


def percentile():
    values = np.round(rng.normal(size=101), 4)
    return {"values": values.tolist(), "low": np.quantile(values, 0.025), "high": np.quantile(values, 0.975)}


result = {
    "made_by": {name: version(name) for name in PACKAGES},
    "detection": detection(),
    "verdicts": agreement(["accept", "fail", "unsure"], [0.6, 0.3, 0.1], 0.2),
    "rare": agreement(["flagged", "not flagged"], [0.1, 0.9], 0.1),
    "holm": holm(),
    "percentile": percentile(),
}
Path(__file__).with_name("calibration-statistics.json").write_text(
    json.dumps(result, default=float) + "\n"
)
