"""Writes clusters.json: generated numbers, and what scikit-learn's k-means makes of them.

Run from this folder, with scikit-learn and numpy installed: python3 make_clusters.py
Columns are standardised first. `centres` are in the units of the data, in order; `best_k` is the number of clusters
with the largest silhouette over all pairs of rows, of 2 to 12.
"""

import json
import os

import numpy as np
import sklearn
from sklearn.cluster import KMeans
from sklearn.metrics import silhouette_score

HERE = os.path.dirname(os.path.abspath(__file__))
RANDOM = np.random.default_rng(20240608)


def case(name, centres, deviation, n, units):
    centres = np.array(centres, dtype=float)
    rows = np.concatenate([centre + RANDOM.normal(size=(n, centres.shape[1])) * deviation for centre in centres])
    rows = (RANDOM.permutation(rows) * units).round(4)
    mean, scale = rows.mean(axis=0), rows.std(axis=0)
    points = (rows - mean) / scale
    fitted = {k: KMeans(k, n_init=100, random_state=0).fit(points) for k in range(2, 13)}
    best_k = max(fitted, key=lambda k: silhouette_score(points, fitted[k].labels_))
    found = fitted[len(centres)].cluster_centers_ * scale + mean
    return {
        "name": name,
        "rows": rows.tolist(),
        "k": len(centres),
        "best_k": best_k,
        "centres": sorted(found.tolist()),
    }


def main():
    cases = [
        case("two, one large unit", [[0, 0], [5, 5]], 0.5, 30, [1, 1000]),
        case("three in four columns", [[0, 0, 0, 0], [4, 4, 0, 0], [0, 4, 4, 4]], 0.5, 20, [1, 1, 0.01, 10]),
        case("five that nearly touch", [[0, 0], [4, 0], [0, 4], [4, 4], [2, 2]], 0.55, 20, [1, 1]),
        case("seven on a line", [[3 * i] for i in range(7)], 0.3, 10, [1]),
    ]
    with open(os.path.join(HERE, "clusters.json"), "w") as file:
        text = json.dumps({"versions": {"scikit-learn": sklearn.__version__}, "cases": cases}, separators=(",", ":"))
        file.write(text.replace('{"name"', '\n{"name"') + "\n")


main()
