"""Writes concept.json: labels by the bins of features on two sides, and what scipy says of them.

Run from this folder, with scipy installed: python3 make_concept.py
`tables` are bins of [baseline, current] counts by label. A bin whose expected counts are all 5 or more has the
likelihood-ratio statistic, divided by Williams' factor; in another one the most frequent label is held against all
others, and every table of the margins is counted. `p` are the chances of statistics that are larger by a thousandth
and smaller by as much, since the program adds statistics up on a grid. `rows` are whole samples.
"""

import itertools
import json
import os

import numpy as np
from scipy.spatial.distance import jensenshannon
from scipy.stats import chi2, chi2_contingency, entropy, hypergeom

HERE = os.path.dirname(os.path.abspath(__file__))
RNG = np.random.default_rng(7)


def g(table):
    table = np.array(table, dtype=float)
    table = table[:, table.sum(axis=0) > 0]
    return chi2_contingency(table, lambda_="log-likelihood", correction=False)[0] if table.shape[1] > 1 else 0.0


def williams(table):
    table = np.array(table, dtype=float)
    n, rows, columns = table.sum(), table.sum(axis=1), table.sum(axis=0)
    df = len(columns) - 1
    return 1 + (n * (1 / rows).sum() - 1) * (n * (1 / columns).sum() - 1) / (6 * n * df)


def law(table):
    """Statistics and chances of all tables of the margins of the most frequent label against all others."""
    base, now = (np.array(side) for side in table)
    first = int(np.argmax(base + now))
    pooled, n, drawn = int(base[first] + now[first]), int(base.sum() + now.sum()), int(now.sum())
    found = []
    for k in range(max(0, drawn - (n - pooled)), min(pooled, drawn) + 1):
        other = [[pooled - k, base.sum() - (pooled - k)], [k, drawn - k]]
        found.append((g(other), hypergeom.pmf(k, n, pooled, drawn)))
    two = [[base[first], base.sum() - base[first]], [now[first], drawn - now[first]]]
    return g(two), found


def p_bounds(tables):
    large, df, laws, observed = 0.0, 0, [], 0.0
    for table in tables:
        table = np.array(table)
        table = table[:, table.sum(axis=0) > 0]
        if table.shape[1] < 2:
            continue
        expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / table.sum()
        if expected.min() >= 5:
            large += g(table) / williams(table)
            df += table.shape[1] - 1
        else:
            statistic, chances = law(table)
            observed += statistic
            laws.append(chances)
    total = large + observed
    bounds = []
    for edge in (total * 1.001, total * 0.999):
        p = 0.0
        for combination in itertools.product(*laws):
            outer = sum(statistic for statistic, _ in combination)
            chance = np.prod([chance for _, chance in combination])
            p += chance * (chi2.sf(edge - outer, df) if df else float(outer >= edge))
        bounds.append(min(float(p), 1.0))
    return bounds


def distance(tables):
    both = [(np.array(b), np.array(c)) for b, c in tables if sum(b) and sum(c)]
    n = sum(c.sum() for _, c in both)
    return float(sum(c.sum() * jensenshannon(b, c, base=2) for b, c in both) / n)


def conditional_entropy(counts):
    counts = [np.array(labels) for labels in counts if sum(labels)]
    n = sum(labels.sum() for labels in counts)
    return float(sum(labels.sum() * entropy(labels, base=2) for labels in counts) / n)


def drawn(sizes, shares, moved):
    base, now = sizes
    return [[RNG.multinomial(base, shares).tolist(), RNG.multinomial(now, moved).tolist()]]


def table_cases():
    half, rare = [0.5, 0.5], [0.98, 0.02]
    three = [0.5, 0.3, 0.2]
    yield "large bins of two labels", drawn((400, 90), half, half) + drawn((300, 200), half, [0.4, 0.6])
    yield "large bins of three labels", drawn((900, 300), three, three) + drawn((80, 500), three, [0.4, 0.3, 0.3])
    yield "small bins", drawn((200, 20), rare, [0.8, 0.2]) + drawn((150, 15), rare, rare) + drawn((90, 30), rare, rare)
    yield "large and small bins", drawn((500, 300), half, [0.45, 0.55]) + drawn((200, 20), rare, [0.85, 0.15])
    yield "one small bin", drawn((10, 8), half, [0.1, 0.9])
    yield "nothing changed", [[[50, 50], [50, 50]]]
    yield "nothing in common", [[[40, 0], [0, 40]]]
    yield "a bin of one label", [[[30, 0], [20, 0]]] + drawn((100, 100), half, [0.3, 0.7])
    yield "small bins of three labels", drawn((60, 9), three, [0.1, 0.2, 0.7]) + drawn((60, 9), three, three)


def sample(n, flipped):
    """Rows of a label, a category and a number; the label of one category means the opposite where it is flipped."""
    rows = []
    for _ in range(n):
        category, number = RNG.choice(["a", "b", "c"], p=[0.5, 0.3, 0.2]), int(RNG.integers(0, 6))
        share = {"a": 0.2, "b": 0.5, "c": 0.9}[category]
        if flipped and category == "c":
            share = 1 - share
        rows.append([str(int(RNG.random() < share)), str(category), str(number)])
    return rows


def grouped(rows, column, values):
    return [[sum(1 for row in rows if row[column] == value and row[0] == label) for label in "01"] for value in values]


def expected_of(base, now, column):
    values = sorted({row[column] for row in base})
    counts = grouped(base, column, values), grouped(now, column, values)
    tables = list(zip(*counts))
    return {"concept_change": distance(tables), "p": p_bounds(tables), "conditional_entropy": conditional_entropy(counts[1]),
            "baseline_conditional_entropy": conditional_entropy(counts[0])}


def main():
    cases = []
    for name, tables in table_cases():
        cases.append({"name": name, "bins": tables, "p": p_bounds(tables), "concept_change": distance(tables)})
    base = sample(600, False)
    samples = []
    for name, now in (("no change", sample(300, False)), ("flipped", sample(300, True))):
        features = {"category": expected_of(base, now, 1), "number": expected_of(base, now, 2)}
        samples.append({"name": name, "rows": ["".join(row) for row in now], "features": features})
    found = {"tables": cases, "baseline": ["".join(row) for row in base], "samples": samples}
    with open(os.path.join(HERE, "concept.json"), "w", encoding="utf-8") as file:
        json.dump(found, file, indent=1)
        file.write("\n")


main()
