"""Writes carried.json: what parts of the rows carry of a column's distance from the baseline, by the definition.

Counts of categories of a baseline and of parts of the current rows; of each part 1 - D(without) / D(all), D being the
total variation distance less what chance alone gives on average. Run: python3 make_carried.py
"""

import json
import math
import pathlib
import random


def excess(p, q):
    m, n = sum(p), sum(q)
    if n == 0:
        return None
    distance = by_chance = 0.0
    for x, y in zip(p, q):
        pooled = (x + y) / (m + n)
        distance += abs(x / m - y / n)
        by_chance += math.sqrt(2.0 / math.pi) * math.sqrt(pooled * (1.0 - pooled) * (1.0 / m + 1.0 / n))
    return max(0.0, 0.5 * distance - 0.5 * by_chance)


def carried(baseline, parts):
    whole = [sum(counts) for counts in zip(*parts)]
    of_all = excess(baseline, whole)
    shares = []
    for part in parts:
        rest = excess(baseline, [a - b for a, b in zip(whole, part)])
        shares.append(None if rest is None or of_all == 0.0 else 1.0 - rest / of_all)
    return shares


def main():
    random.seed(20)
    cases = [{"baseline": [50, 50], "parts": [[10, 40], [20, 30]]}, {"baseline": [10, 10], "parts": [[8, 12]]}]
    for _ in range(20):
        k = random.randint(2, 6)
        baseline = [random.randint(1, 400) for _ in range(k)]
        parts = [[random.randint(0, 200) for _ in range(k)] for _ in range(random.randint(2, 4))]
        cases.append({"baseline": baseline, "parts": parts})
    for case in cases:
        case["carried"] = carried(case["baseline"], case["parts"])
    path = pathlib.Path(__file__).parent / "carried.json"
    path.write_text("[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]\n")


main()
