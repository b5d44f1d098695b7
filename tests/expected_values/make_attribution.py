"""Writes attribution.json: aggregated attributions of two sides, and what scikit-learn and scipy say of them.

Run from this folder, with scikit-learn and scipy installed: python3 make_attribution.py
`ndcg` is `sklearn.metrics.ndcg_score([baseline], [current])`, `rank_correlation` is
`scipy.stats.weightedtau(baseline, current)`, `share_distance` is
`scipy.spatial.distance.jensenshannon(baseline, current, base=2)`; null where they are not defined.
`welch` are two means, one variance of both, rows of each, and the p-value of `scipy.stats.ttest_ind_from_stats`.
`student_tails` are t, degrees of freedom, and `scipy.stats.t.sf` of these.
"""

import json
import math
import os
import random

from scipy.spatial.distance import jensenshannon
from scipy.stats import t as student
from scipy.stats import ttest_ind_from_stats
from scipy.stats import weightedtau
from sklearn.metrics import ndcg_score

HERE = os.path.dirname(os.path.abspath(__file__))
TS = [-3.0, -0.4, 0.0, 0.1, 1.0, 2.0, 3.3, 5.0]
MEANS = [(0.5, 0.4, 0.04, 30, 30), (0.5, 0.4, 0.04, 40, 900), (0.1, 0.3, 0.2, 5000, 50), (1.0, 1.001, 0.5, 60, 61)]
DFS = [1.0, 2.5, 29.0, 57.3, 1000.0, 9999.0, 20000.0, 1e7]


def finite(x):
    return float(x) if math.isfinite(x) else None


def case(name, baseline, current):
    has_shares = sum(baseline) > 0 and sum(current) > 0
    return {
        "name": name,
        "baseline": baseline,
        "current": current,
        "ndcg": float(ndcg_score([baseline], [current])),
        "rank_correlation": finite(weightedtau(baseline, current).statistic),
        "share_distance": finite(jensenshannon(baseline, current, base=2)) if has_shares else None,
    }


def welch_test(mean, other, variance, n, m):
    deviation = math.sqrt(variance)
    p = ttest_ind_from_stats(mean, deviation, n, other, deviation, m, equal_var=False).pvalue
    return [mean, other, variance, n, m, float(p)]


def main():
    rng = random.Random(4)
    cases = [
        case("identical", [0.4, 0.3, 0.2, 0.1], [0.4, 0.3, 0.2, 0.1]),
        case("reversed", [0.4, 0.3, 0.2, 0.1], [0.1, 0.2, 0.3, 0.4]),
        case("ten times as large", [0.4, 0.3, 0.2, 0.1], [4.0, 3.0, 2.0, 1.0]),
        case("all equal now", [0.4, 0.3, 0.2, 0.1], [0.2, 0.2, 0.2, 0.2]),
        case("all equal before", [0.2, 0.2, 0.2], [0.3, 0.2, 0.1]),
        case("nothing before", [0.0, 0.0, 0.0], [0.3, 0.2, 0.1]),
        case("one moved to another", [1.0, 0.0], [0.0, 1.0]),
        case("flat, reversed", [1.1, 1.05, 1.0, 0.95, 0.9], [0.9, 0.95, 1.0, 1.05, 1.1]),
    ]
    for n in (2, 3, 5, 8, 20, 60):
        for grid in (4, 10, None):
            draw = (lambda: rng.randint(0, grid) / grid) if grid else rng.random
            cases.append(case(f"{n} features on a grid of {grid}", [draw() for _ in range(n)], [draw() for _ in range(n)]))
    with open(os.path.join(HERE, "attribution.json"), "w") as file:
        listed = ",\n".join(json.dumps(one) for one in cases)
        welch = ",\n".join(json.dumps(welch_test(*one)) for one in MEANS)
        tails = ",\n".join(json.dumps([t, df, float(student.sf(t, df))]) for t in TS for df in DFS)
        file.write(f'{{"cases": [\n{listed}\n],\n"welch": [\n{welch}\n],\n"student_tails": [\n{tails}\n]}}\n')


if __name__ == "__main__":
    main()
