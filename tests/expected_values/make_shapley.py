"""Writes shapley.json: known models, rows, and their attributions.

Run from this folder, with shap and numpy installed: python3 make_shapley.py
`shap` is what shap's KernelExplainer says without regularisation, from all coalitions or from as many as
`n_samples` says; `shapley` is computed here from the definition: over all sets of features, or, of models that are
sums, over all sets of the features of each term.
"""

import json
import math
import os

import numpy as np
import shap

HERE = os.path.dirname(os.path.abspath(__file__))
RANDOM = np.random.default_rng(20240607)


def leaves(tree, rows):
    result = np.empty(len(rows))
    for place, row in enumerate(rows):
        node = tree[0]
        while node[0] >= 0:
            node = tree[int(node[2] if row[int(node[0])] <= node[1] else node[3])]
        result[place] = node[1]
    return result


def terms(model):
    """The summands, each with the features it looks at."""
    for feature, factor in enumerate(model["linear"]):
        yield [feature], lambda rows, i=feature, f=factor: f * rows[:, i]
    for i, j, factor in model["products"]:
        yield sorted({i, j}), lambda rows, i=i, j=j, f=factor: f * rows[:, i] * rows[:, j]
    for tree in model["trees"]:
        used = sorted({int(node[0]) for node in tree if node[0] >= 0})
        yield used, lambda rows, tree=tree: leaves(tree, rows)


def predict(model, rows):
    total = model["bias"] + sum(term(rows) for _, term in terms(model))
    return 1 / (1 + np.exp(-total)) if model["logistic"] else total


def link(model, mean):
    return np.log(mean / (1 - mean)) if model["link"] == "logit" else mean


def definition(features, value):
    """Shapley values of a game over these features; `value` takes a set as bits of places."""
    m = len(features)
    values = np.array([value(bits) for bits in range(1 << m)])
    sets = np.arange(1 << m)
    sizes = np.array([bits.bit_count() for bits in range(1 << m)])
    weights = np.array([math.factorial(s) * math.factorial(m - s - 1) / math.factorial(m) for s in range(m)])
    result = {}
    for place, feature in enumerate(features):
        without = sets[(sets >> place) & 1 == 0]
        gains = values[without | 1 << place] - values[without]
        result[feature] = math.fsum(weights[sizes[without]] * gains)
    return result


def worth(function, row, reference, features):
    def value(bits):
        rows = reference.copy()
        for place, feature in enumerate(features):
            if bits >> place & 1:
                rows[:, feature] = row[feature]
        return function(rows)

    return value


def shapley(model, row, reference):
    n = len(row)
    result = np.zeros(n)
    if model["logistic"]:
        varying = [i for i in range(n) if any(reference[:, i] != row[i])]
        value = worth(lambda rows: link(model, predict(model, rows).mean()), row, reference, varying)
        for feature, attribution in definition(varying, value).items():
            result[feature] = attribution
        return result
    for features, term in terms(model):
        for feature, attribution in definition(features, worth(lambda r: term(r).mean(), row, reference, features)).items():
            result[feature] += attribution
    return result


def tree(features):
    """Three splits one below the other, four leaves: three features interact."""
    first, second, third = features
    at = lambda: round(RANDOM.normal() * 0.5, 3)
    leaf = lambda: [-1, round(RANDOM.normal(), 3), 0, 0]
    return [[first, at(), 1, 2], leaf(), [second, at(), 3, 4], leaf(), [third, at(), 5, 6], leaf(), leaf()]


def model(n_features, logistic=False, link="identity", linear=True, n_products=0, n_trees=0):
    some = lambda n: [int(i) for i in RANDOM.choice(n_features, n, replace=False)]
    return {
        "bias": 0.25,
        "linear": [round(float(x), 3) for x in RANDOM.normal(size=n_features)] if linear else [],
        "products": [some(2) + [round(RANDOM.normal(), 3)] for _ in range(n_products)],
        "trees": [tree(some(3)) for _ in range(n_trees)],
        "logistic": logistic,
        "link": link,
    }


def case(name, n_features, n_reference=3, n_rows=3, n_samples=None, **settings):
    made = model(n_features, **settings)
    reference = RANDOM.normal(size=(n_reference, n_features)).round(3)
    rows = RANDOM.normal(size=(n_rows, n_features)).round(3)
    # The first row agrees with the reference rows in one feature.
    if n_samples is None:
        reference[:, 1] = rows[0, 1]
    np.random.seed(7)
    explainer = shap.KernelExplainer(lambda x: predict(made, x), reference, link=made["link"])
    found = explainer.shap_values(rows, nsamples=n_samples or 1 << n_features, l1_reg=False, silent=True)
    return {
        "name": name,
        "model": made,
        "reference_rows": reference.tolist(),
        "rows": rows.tolist(),
        "n_samples": n_samples,
        "expected_value": float(explainer.expected_value),
        "shap": np.asarray(found).tolist(),
        "shapley": [shapley(made, row, reference).tolist() for row in rows],
    }


def main():
    cases = [
        case("linear", 5),
        case("one tree", 6, linear=False, n_trees=1),
        case("logistic curve", 8, logistic=True, n_products=3),
        case("logistic curve, log-odds", 8, logistic=True, link="logit", n_products=3),
        case("logistic curve over trees and products", 11, n_reference=5, logistic=True, n_products=4, n_trees=4),
        case("logistic curve over trees, log-odds", 10, logistic=True, link="logit", n_products=4, n_trees=4),
        # Odd numbers: of even ones, shap does not pair the coalitions of half of the features.
        case("15 features drawn, logistic curve", 15, n_samples=2078, logistic=True, n_products=8, n_trees=4),
        case("17 features drawn, log-odds", 17, n_samples=2082, logistic=True, link="logit", n_products=8, n_trees=4),
        case("21 features drawn, linear", 21, n_samples=2090),
        case("21 features drawn, trees", 21, n_samples=2090, linear=False, n_trees=14),
        case("25 features drawn, products and trees", 25, n_samples=2098, n_products=10, n_trees=14),
    ]
    result = {"versions": {"shap": shap.__version__, "numpy": np.__version__}, "cases": cases}
    with open(os.path.join(HERE, "shapley.json"), "w") as file:
        text = json.dumps(result, separators=(",", ":"))
        file.write(text.replace('{"name"', '\n{"name"').replace('"shap"', '\n"shap"') + "\n")


main()
