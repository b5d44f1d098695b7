"""Writes drift.json: generated columns, and what SciPy says of the distance between their two sides.

Run from this folder, with SciPy installed: python3 make_drift.py
A missing cell is null. Bins are made here anew from their definition: at most 20 of equal mass in the baseline, or
one for each of up to 20 different numbers, with bins for what is below, above, between few numbers, and missing;
of texts one for each that the baseline knows, one for all others, and one for missing cells. Measures that are
infinite or not defined are absent. `p_error` is the error that a p-value made by permutation may have: six standard
errors of both sides' permutations.
"""

import json
import math
import os

import numpy as np
from scipy import special, stats
from scipy.spatial import distance as spatial

HERE = os.path.dirname(os.path.abspath(__file__))
N_BINS = 20
PERMUTATIONS = 200_000


def number_bins(base, now):
    values = np.unique(base)
    low, high = values[0], values[-1]
    if len(values) <= N_BINS:
        edges, of_values = values, True
    else:
        ordered, n = np.sort(base), len(base)
        picked = [ordered[math.ceil(i * n / N_BINS) - 1] for i in range(1, N_BINS)]
        edges, of_values = np.unique(picked + [high]), False

    def counts(side):
        bins = [0] * (len(edges) + 3)
        for x in side:
            place = int(np.searchsorted(edges, x, side="left"))
            if x < low:
                place = len(edges)
            elif x > high:
                place = len(edges) + 1
            elif of_values and edges[place] != x:
                place = len(edges) + 2
            bins[place] += 1
        return bins

    return counts(base), counts(now)


def text_bins(base, now):
    known = sorted(set(base))

    def counts(side):
        return [side.count(text) for text in known] + [sum(text not in known for text in side)]

    return counts(base), counts(now)


def table_p(table, rng):
    """p and its error: chi-squared where all expected counts are at least 5, else by permutation."""
    found = stats.chi2_contingency(table, correction=False)
    if found.expected_freq.min() >= 5:
        return found.pvalue, 0.0
    pooled, n = table.sum(axis=0), int(table[1].sum())
    expected = found.expected_freq
    draws = rng.multivariate_hypergeometric(pooled, n, size=PERMUTATIONS)
    chi2 = ((draws - expected[1]) ** 2 / expected[1] + (draws - expected[1]) ** 2 / expected[0]).sum(axis=1)
    p = (1 + np.sum(chi2 >= found.statistic * (1 - 1e-9))) / (PERMUTATIONS + 1)
    n_ours = 999 if p > 0.05 else 9_999
    return p, 6 * math.sqrt(p * (1 - p) / n_ours + p * (1 - p) / PERMUTATIONS) + 2 / n_ours


def value_table(base, now, base_missing, now_missing):
    """The table of the different values, the rare ones together; none of many different numbers."""
    if not isinstance(base[0], str) and len(set(base)) > N_BINS:
        return None
    counts = [[base.count(value), now.count(value)] for value in sorted(set(base) | set(now))]
    counts = [pair for pair in counts + [[base_missing, now_missing]] if sum(pair) > 0]
    n, m = (sum(pair[side] for pair in counts) for side in (0, 1))
    is_small = lambda pair: sum(pair) * min(n, m) / (n + m) < 5
    rare = [pair for pair in counts if is_small(pair)]
    table = [pair for pair in counts if not is_small(pair)]
    if not table:
        return np.array(rare).T
    return np.array(table + ([[sum(pair[side] for pair in rare) for side in (0, 1)]] if rare else [])).T


def measures(base, now, rng):
    base_missing, now_missing = base.count(None), now.count(None)
    base, now = [x for x in base if x is not None], [x for x in now if x is not None]
    is_number = not isinstance(base[0], str)
    found, errors = {}, {}
    if is_number:
        b, c = np.array(base, dtype=float), np.array(now, dtype=float)
        found["ks_statistic"] = stats.ks_2samp(b, c, method="asymp").statistic
        root = math.sqrt(len(b) * len(c) / (len(b) + len(c)))
        found["ks_p_value"] = special.kolmogorov((root + 0.12 + 0.11 / root) * found["ks_statistic"])
        found["energy_distance"] = stats.energy_distance(b, c)
        if b.std() > 0:
            found["wasserstein_distance"] = stats.wasserstein_distance(b, c) / b.std()
            found["mean_change"] = (c.mean() - b.mean()) / b.std()
        found["out_of_range_share"] = float(np.mean((c < b.min()) | (c > b.max())))
        bins = number_bins(b, c)
    else:
        found["new_category_share"] = sum(x not in base for x in now) / len(now)
        bins = text_bins(base, now)
    table = np.array([bins[0] + [base_missing], bins[1] + [now_missing]])
    table = table[:, table.sum(axis=0) > 0]
    p, q = table[0] / table[0].sum(), table[1] / table[1].sum()
    found["jensen_shannon_distance"] = float(spatial.jensenshannon(p, q, base=2))
    found["kullback_leibler_divergence"] = float(stats.entropy(q, p))
    found["population_stability_index"] = float(stats.entropy(q, p) + stats.entropy(p, q))
    found["hellinger_distance"] = float(spatial.euclidean(np.sqrt(p), np.sqrt(q)) / math.sqrt(2))
    found["total_variation_distance"] = float(spatial.cityblock(p, q) / 2)
    n, k = int(table.sum()), table.shape[1]
    if k > 1:
        chi2 = stats.chi2_contingency(table, correction=False).statistic
        phi2 = max(0.0, chi2 / n - (k - 1) / (n - 1))
        found["cramers_v"] = math.sqrt(phi2 / min(k - (k - 1) ** 2 / (n - 1) - 1, 1 - 1 / (n - 1)))
    by_value = value_table(base, now, base_missing, now_missing)
    tested = table if by_value is None else by_value
    if tested.shape[1] > 1:
        name = "chi_squared_homogeneity_p_value"
        found[name], errors[name] = table_p(tested, rng)
        if by_value is not None and is_number:
            found["few_numbers_p_value"], errors["few_numbers_p_value"] = found[name], errors[name]
    found["missing_rate_change"] = now_missing / (now_missing + len(now)) - base_missing / (base_missing + len(base))
    if base_missing + now_missing > 0:
        missing = np.array([[len(base), base_missing], [len(now), now_missing]])
        smaller = missing.sum(axis=0).min() * missing.sum(axis=1).min() / missing.sum()
        if smaller >= 5:
            found["missing_rate_p_value"] = stats.chi2_contingency(missing, correction=False).pvalue
        else:
            # Every table with these margins, at least as far from what is expected.
            pooled, n_now = missing.sum(axis=0), int(missing[1].sum())
            law = stats.hypergeom(int(missing.sum()), int(pooled[1]), n_now)
            mean = pooled[1] * n_now / missing.sum()
            counts = np.arange(0, min(pooled[1], n_now) + 1)
            extreme = np.abs(counts - mean) >= abs(now_missing - mean) * (1 - 1e-9)
            found["missing_rate_p_value"] = min(1.0, float(law.pmf(counts[extreme]).sum()))
    return {name: float(value) for name, value in found.items() if math.isfinite(value)}, errors


def with_missing(values, share, rng):
    return [None if rng.random() < share else value for value in values]


def pairs(rng):
    def rounded(values):
        return [round(float(value), 6) for value in values]

    yield "normal", rounded(rng.normal(50, 10, 800)), rounded(rng.normal(50, 10, 400))
    yield "normal, moved", rounded(rng.normal(50, 10, 2_000)), rounded(rng.normal(53, 10, 700))
    yield "normal, wider", rounded(rng.normal(0, 1, 500)), rounded(rng.normal(0, 2, 300))
    yield "lognormal, missing", with_missing(rounded(rng.lognormal(3, 1, 900)), 0.05, rng), with_missing(
        rounded(rng.lognormal(3, 1, 600)), 0.12, rng)
    yield "counts", [int(x) for x in rng.poisson(2, 700)], [int(x) for x in rng.poisson(2.5, 300)]
    yield "many counts", [int(x) for x in rng.poisson(400, 900)], [int(x) for x in rng.poisson(400, 900)]
    yield "point mass at zero", rounded(np.maximum(rng.normal(0, 1, 1_000), 0)), rounded(
        np.maximum(rng.normal(0.2, 1, 500), 0))
    yield "flag", [int(x) for x in rng.random(500) < 0.1], [int(x) for x in rng.random(400) < 0.6]
    yield "constant", [3] * 100, [3] * 50
    yield "constant that moved", [3] * 100, [4] * 50
    yield "few rows", rounded(rng.normal(0, 1, 30)), rounded(rng.normal(0.5, 1, 12))
    yield "large numbers", [float(int(x)) for x in rng.normal(1e15, 1e12, 400)], [
        float(int(x)) for x in rng.normal(1e15, 1e12, 300)]
    yield "beyond the range", rounded(rng.random(300)), rounded(rng.random(200) * 1.2 - 0.1)
    for name, weights, now_weights, n, m in [
        ("categories", [5, 3, 2], [5, 3, 2], 600, 300),
        ("categories that moved", [5, 3, 2], [4, 3, 3], 1_000, 800),
        ("a new category", [5, 3, 2], [5, 2, 2, 1], 400, 200),
        ("rare categories", [60, 30] + [1] * 12, [60, 30] + [1] * 12, 500, 250),
        ("rare categories only", [1] * 60, [1] * 50 + [2] * 10, 400, 90),
        ("one rare category", [98, 2], [95, 5], 300, 60),
    ]:
        def draw(weights, size):
            shares = np.array(weights) / sum(weights)
            return [f"c{place}" for place in rng.choice(len(weights), size=size, p=shares)]

        yield name, draw(weights, n), draw(now_weights, m)
        yield name + ", missing", with_missing(draw(weights, n), 0.03, rng), with_missing(draw(now_weights, m), 0.2, rng)


def main():
    rng = np.random.default_rng(20)
    cases = []
    for name, base, now in pairs(rng):
        found, errors = measures(base, now, rng)
        cases.append({"name": name, "baseline": base, "current": now, "measures": found, "p_error": errors})
    with open(os.path.join(HERE, "drift.json"), "w") as file:
        lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
        file.write("[\n" + lines + "\n]\n")


main()
