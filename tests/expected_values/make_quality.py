"""Writes quality.json: generated predictions and labels, and what scikit-learn says of them.

Run from this folder, with scikit-learn installed: python3 make_quality.py
Columns are stored as words with single spaces between them. `metrics` are by our names; a metric that
scikit-learn does not define for a case is absent. Curves and `au_prc` follow Spark's conventions, which
scikit-learn's points are brought to: ROC from (0, 0) to (1, 1), precision-recall from recall 0 with the
first precision.
"""

import json
import math
import os
import random
import warnings

import numpy as np
from sklearn import metrics as sk

HERE = os.path.dirname(os.path.abspath(__file__))
BETAS = {"f0_5": 0.5, "f1": 1.0, "f2": 2.0}
# Longer curves are not stored; their areas are.
MAX_POINTS = 100


def confusion(labels, predictions):
    """Rows and columns: labels first, then what is only predicted; numbers by value, before texts."""
    def key(text):
        return (0, float(text), "") if text.lstrip("-").replace(".", "").isdigit() else (1, 0.0, text)

    actual = sorted(set(labels), key=key)
    order = actual + sorted(set(predictions) - set(actual), key=key)
    return {"classes": order, "counts": sk.confusion_matrix(labels, predictions, labels=order).tolist()}


def binary(name, labels, predictions, scores, positive, threshold=None):
    t = [int(x == positive) for x in labels]
    p = [int(x == positive) for x in predictions]
    s = [float(x) for x in scores]
    values = {
        "accuracy": sk.accuracy_score(t, p),
        "precision": sk.precision_score(t, p, zero_division=0.0),
        "log_loss": sk.log_loss(t, s, labels=[0, 1]),
        "brier_score": sk.brier_score_loss(t, s),
    }
    case = {"name": name, "problem": "BinaryClassification", "positive": positive, "threshold": threshold,
            "label": " ".join(labels), "prediction": " ".join(predictions), "scores": [" ".join(scores)],
            "score_classes": [], "confusion": confusion(labels, predictions)}
    if any(t):
        values |= {"recall": sk.recall_score(t, p), "average_precision": sk.average_precision_score(t, s)}
        values |= {k: sk.fbeta_score(t, p, beta=b, zero_division=0.0) for k, b in BETAS.items()}
    if 0 < sum(t) < len(t):
        values["balanced_accuracy"] = sk.balanced_accuracy_score(t, p)
        values["auc"] = sk.roc_auc_score(t, s)
        if 0 < sum(p) < len(p):
            values["matthews_correlation"] = sk.matthews_corrcoef(t, p)
        fpr, tpr, _ = sk.roc_curve(t, s, drop_intermediate=False)
        precision, recall, _ = sk.precision_recall_curve(t, s)
        precision, recall = precision[-2::-1], recall[-2::-1]
        precision, recall = np.r_[precision[0], precision], np.r_[0.0, recall]
        values["au_prc"] = sk.auc(recall, precision)
        if len(precision) <= MAX_POINTS:
            case |= {"roc": [list(fpr) + [1.0], list(tpr) + [1.0]], "pr": [list(precision), list(recall)]}
    return case | {"metrics": values}


def multiclass(name, labels, predictions, classes, scores):
    weighted = {"average": "weighted", "zero_division": 0.0}
    values = {
        "accuracy": sk.accuracy_score(labels, predictions),
        "weighted_precision": sk.precision_score(labels, predictions, **weighted),
        "weighted_recall": sk.recall_score(labels, predictions, **weighted),
        "macro_f1": sk.f1_score(labels, predictions, average="macro", zero_division=0.0),
        "balanced_accuracy": sk.balanced_accuracy_score(labels, predictions),
    }
    values |= {f"weighted_{k}": sk.fbeta_score(labels, predictions, beta=b, **weighted) for k, b in BETAS.items()}
    if len(set(labels)) > 1 and len(set(predictions)) > 1:
        values["matthews_correlation"] = sk.matthews_corrcoef(labels, predictions)
    if scores:
        table = np.array([[float(x) for x in column] for column in scores]).T
        table /= table.sum(axis=1, keepdims=True)
        values["log_loss"] = sk.log_loss(labels, table[:, np.argsort(classes)], labels=sorted(classes))
    return {"name": name, "problem": "MulticlassClassification", "positive": "1", "threshold": None,
            "label": " ".join(labels), "prediction": " ".join(predictions), "scores": [" ".join(c) for c in scores],
            "score_classes": classes, "confusion": confusion(labels, predictions), "metrics": values}


def regression(name, labels, predictions):
    t, p = [float(x) for x in labels], [float(x) for x in predictions]
    values = {"mae": sk.mean_absolute_error(t, p), "mse": sk.mean_squared_error(t, p),
              "rmse": sk.root_mean_squared_error(t, p), "bias": math.fsum(b - a for a, b in zip(t, p)) / len(t)}
    if len(set(t)) > 1:
        values["r2"] = sk.r2_score(t, p)
    return {"name": name, "problem": "Regression", "positive": "1", "threshold": None, "label": " ".join(labels),
            "prediction": " ".join(predictions), "scores": [], "score_classes": [], "metrics": values}


def generate():
    draw = random.Random(20240601)

    def binary_columns(n, digits, names=("0", "1")):
        scores = [round(draw.betavariate(1.2, 2.0), digits) for _ in range(n)]
        labels = [names[draw.random() < score ** 1.3] for score in scores]
        return labels, [names[score > 0.5] for score in scores], [repr(score) for score in scores]

    labels, predictions, scores = binary_columns(50, 1)
    yield binary("50 rows, scores with many ties", labels, predictions, scores, "1")
    yield binary("50 rows, never predicted positive", labels, ["0"] * 50, scores, "1")
    yield binary("50 rows, always predicted positive", labels, ["1"] * 50, scores, "1")
    yield binary("50 rows, a threshold predicts", labels, ["1" if float(s) > 0.3 else "0" for s in scores], scores,
                 "1", 0.3)
    yield binary("1,000 rows, words as labels", *binary_columns(1000, 3, ("no", "yes")), "yes")
    yield binary("1,000 rows, scores without ties", *binary_columns(1000, 12), "1")
    yield binary("one positive row", ["1"], ["1"], ["0.75"], "1")
    yield binary("one negative row", ["0"], ["1"], ["0.75"], "1")
    yield binary("sure and wrong", ["1", "0", "1"], ["0", "0", "1"], ["0.0", "0.25", "1.0"], "1")
    classes = ["ash", "birch", "cedar", "elm", "fir"]
    for n in (50, 1000):
        labels, predictions, columns = [], [], [[] for _ in classes]
        for _ in range(n):
            weights = [draw.gammavariate(0.6, 1.0) + 0.01 for _ in classes]
            chances = [w / sum(weights) for w in weights]
            labels.append(draw.choices(classes[:4], chances[:4])[0])
            predictions.append(classes[max(range(5), key=chances.__getitem__)])
            for column, chance in zip(columns, chances):
                column.append(f"{chance:.4f}")
        yield multiclass(f"{n:,} rows of four labels, five predicted", labels, predictions, classes, columns)
    yield multiclass("50 rows, one class predicted", labels[:50], ["birch"] * 50, [], [])
    yield multiclass("one row", ["ash"], ["elm"], [], [])
    yield multiclass("numbers as classes", ["10", "9", "9", "-1"], ["9", "9", "10", "11"], [], [])
    for name, n, offset in (("50 rows", 50, 0.0), ("1,000 rows", 1000, 0.0), ("1,000 rows far from 0", 1000, 1e9),
                            ("one row", 1, 0.0)):
        labels = [repr(offset + round(draw.gauss(0.0, 3.0), 3)) for _ in range(n)]
        predictions = [repr(float(x) + round(draw.gauss(0.1, 1.0), 3)) for x in labels]
        yield regression(name, labels, predictions)
    yield regression("a constant prediction", [str(i) for i in range(50)], ["24.5"] * 50)


def main():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        cases = list(generate())
    with open(os.path.join(HERE, "quality.json"), "w", encoding="utf-8") as file:
        json.dump(cases, file, indent=0, allow_nan=False, separators=(",", ":"))
        file.write("\n")


if __name__ == "__main__":
    main()
