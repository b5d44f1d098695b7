#!/usr/bin/env python3
"""Makes the inputs of the golden cases `capture-of-…`, `quality-of-…` and some `bias-of-…`, and prints what is right for
them: rows, the mean of each feature, the accuracy, the difference in positive predictions. The numbers are computed from
the rows before they are written in any shape.

    python3 tests/data/shapes.py tests/cases
"""

import base64
import json
import os
import random
import struct
import sys

RECORDS, CAPTURED = 40, 12


def as_json(value):
    return "application/json", "JSON", json.dumps(value)


def as_csv(lines, delimiter=","):
    content_type = "text/tab-separated-values" if delimiter == "\t" else "text/csv"
    return content_type, "CSV", "\n".join(delimiter.join(map(str, line)) for line in lines) + "\n"


def as_npy(rows):
    header = "{'descr': '<f8', 'fortran_order': False, 'shape': (%d, %d), }\n" % (len(rows), len(rows[0]))
    data = b"".join(struct.pack("<d", number) for row in rows for number in row)
    array = b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() + data
    return "application/x-npy", "BASE64", base64.b64encode(array).decode()


def tensor(name, numbers):
    return {"name": name, "shape": [len(numbers), 1], "datatype": "FP64", "data": numbers}


def column(rows, place):
    return [row[place] for row in rows]


def by_index(rows):
    columns = {"age": column(rows, 0), "amount": column(rows, 1)}
    return {name: {str(i): value for i, value in enumerate(values)} for name, values in columns.items()}


def split(rows):
    return {"dataframe_split": {"columns": ["age", "amount"], "data": [list(row) for row in rows]}}


def objects(rows):
    return [{"age": age, "amount": amount} for age, amount in rows]


def either_order(rows):
    """A table with a header, whose columns are in one order or the other."""
    lines = REQUEST_HEADER + rows
    return as_csv(lines if rows[0][0] % 2 else [tuple(reversed(line)) for line in lines])


def in_one_cell(i, labels):
    """A cell of a table with the labels of all rows of a record, written in one way or another."""
    quoted = '"%s"'
    ways = [";".join(labels), quoted % ",".join(labels), quoted % "\n".join(labels), quoted % ("[" + ", ".join(labels) + "]")]
    return labels[0] if len(labels) == 1 else ways[i % len(ways)]


# Name of the case, rows of a record, how requests and answers are written.
REQUEST_HEADER = [("age", "amount")]
KINDS = {
    "one-list-of-answers": ((2, 3), as_csv, as_json),
    "one-list-of-answers-or-one-answer": ((1, 4), as_csv, as_json),
    "headers-in-payloads": (
        (2, 3),
        lambda rows: as_csv(REQUEST_HEADER + rows),
        lambda said: as_csv([("answer", "score")] + [(("no", "yes")[one], 0.25 + one / 2) for one in said]),
    ),
    "a-header-in-requests": ((2, 3), lambda rows: as_csv(REQUEST_HEADER + rows), lambda said: as_csv([[one] for one in said])),
    "a-header-in-some-requests": (
        (2, 4),
        lambda rows: as_csv(REQUEST_HEADER * (len(rows) % 2) + rows),
        lambda said: as_csv([[one] for one in said]),
    ),
    # Nothing but the number of labels tells whether cells are rows.
    "answers-alone": ((1, 4), None, lambda said: as_csv([said]) if len(said) % 2 else as_json(said)),
    "a-split-data-frame": ((2, 3), lambda rows: as_json(split(rows)), lambda said: as_json({"predictions": said})),
    "objects-by-index": ((2, 3), lambda rows: as_json(by_index(rows)), as_json),
    "tensors": (
        (2, 3),
        lambda rows: as_json({"inputs": [tensor("age", column(rows, 0)), tensor("amount", column(rows, 1))]}),
        lambda said: as_json({"model_name": "loans", "outputs": [tensor("label", said)]}),
    ),
    "lists-of-scores": ((2, 3), as_csv, lambda said: as_json({"probabilities": [[0.75 - one / 2, 0.25 + one / 2] for one in said]})),
    "json-in-json": (
        (2, 3),
        lambda rows: as_json(json.dumps({"instances": objects(rows)})),
        lambda said: as_json({"predictions": said}),
    ),
    "numpy-arrays": ((2, 3), as_npy, lambda said: as_npy([[one] for one in said])),
    "wrapped-documents": (
        (2, 3),
        lambda rows: as_json({"body": json.dumps({"instances": objects(rows)}), "path": "/loans"}),
        lambda said: as_json({"result": {"predictions": said, "model": "m1"}, "status": "ok"}),
    ),
    "arrays-with-names": (
        (1, 3),
        lambda rows: as_json({"data": {"names": ["age", "amount"], "ndarray": [list(row) for row in rows]}}),
        lambda said: as_json({"data": {"names": [], "tensor": {"shape": [len(said), 1], "values": said}}}),
    ),
    "vectors-of-features": (
        (1, 3),
        lambda rows: as_json({"instances": [{"features": list(row)} for row in rows]}),
        lambda said: as_json({"predictions": [{"predicted_label": one} for one in said]}),
    ),
    "texts-of-instances": (
        (2, 3),
        lambda rows: as_json({"instances": [json.dumps(row) for row in objects(rows)]}),
        lambda said: as_json({"Predictions": said}),
    ),
    # Neither side has a key that is known; nothing but the lengths of both lists tells that they are rows.
    "lists-under-other-keys": (
        (1, 4),
        lambda rows: as_json({"payload": objects(rows), "client": "web"}),
        lambda said: as_json({"answer": {"decisions": said}, "took": 3}),
    ),
    "other-delimiters": (
        (1, 3),
        lambda rows: as_csv(rows, ";"),
        lambda said: as_csv([(one, 0.25 + one / 2) for one in said], "\t"),
    ),
    "delimiters-of-several-clients": (
        (1, 3),
        lambda rows: as_csv(rows, ",;\t|"[rows[0][0] % 4]),
        lambda said: as_csv([[one] for one in said]),
    ),
    "a-number-among-names": ((2, 3), lambda rows: as_csv([("age", 90)] + rows), lambda said: as_csv([[one] for one in said])),
    "headers-in-two-orders": ((2, 3), either_order, lambda said: as_csv([[one] for one in said])),
    # Every list is as long as all others: nothing but the key tells that they are columns.
    "lists-under-data": (
        (3, 3),
        lambda rows: as_json({"data": {"age": column(rows, 0), "amount": column(rows, 1)}}),
        lambda said: as_json({"data": {"answer": said, "score": [0.25 + one / 2 for one in said]}}),
    ),
    "labels-a-line-each": ((1, 4), None, lambda said: as_csv([[one] for one in said])),
    "labels-in-one-cell": ((1, 4), None, lambda said: as_csv([[one] for one in said])),
    "labels-in-lists": ((1, 4), None, lambda said: as_csv([[one] for one in said])),
    "tokens": (
        (1, 1),
        lambda rows: as_json({"ids": [7, *map(int, rows[0]), 9], "mask": [1, 1, 1, 0]}),
        lambda said: as_json({"logits": [1 - said[0], said[0]]}),
    ),
}
ATTRIBUTES = {
    "headers-in-payloads": {"inference_attribute": "answer", "probability_attribute": "score", "positive_label": "yes"},
    "lists-of-scores": {"probability_attribute": "probabilities[*][1]"},
    "wrapped-documents": {"inference_attribute": "result.predictions"},
    "vectors-of-features": {"inference_attribute": "predicted_label"},
    "lists-under-other-keys": {"inference_attribute": "answer.decisions"},
    "lists-under-data": {"inference_attribute": "answer"},
}
# Tables of ground truth: the file, and how its lines are written, of the number, id and labels of each record.
TABLES = {
    "labels-a-line-each": ("l.csv", "id,label\n", lambda _, name, labels: "".join(f"{name},{label}\n" for label in labels)),
    "labels-in-one-cell": ("l.csv", "id,label\n", lambda i, name, labels: f"{name},{in_one_cell(i, labels)}\n"),
    "labels-in-lists": (
        "l.jsonl",
        "",
        lambda i, name, labels: json.dumps({"id": name, "label": ",".join(labels) if i % 2 else list(map(int, labels))}) + "\n",
    ),
}
ALONE = ("numpy-arrays", "tokens")
WITH_BIAS = ("wrapped-documents", "vectors-of-features", "lists-under-other-keys", "other-delimiters")
FACET_THRESHOLD = 50


def side(payload, mode):
    content_type, encoding, data = payload
    return {"observedContentType": content_type, "mode": mode, "data": data, "encoding": encoding}


def place(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as file:
        file.write(text)


def make(cases, name):
    (fewest, most), request, answer = KINDS[name]
    random.seed(name)
    file_name, header, table_row = TABLES.get(name, ("l.jsonl", "", None))
    captures, truths, features, right, positive = [], [], [], [], {True: [], False: []}
    for i in range(RECORDS):
        n = random.randint(fewest, most)
        rows = [(random.randint(18, 90), random.randint(100, 9_999) / 8) for _ in range(n)]
        said = [random.randint(0, 1) for _ in range(n)]
        labels = [one if random.random() < 0.8 else 1 - one for one in said]
        features.append(rows)
        for row, one in zip(rows, said):
            positive[row[0] > FACET_THRESHOLD].append(one)
        right += [one == label for one, label in zip(said, labels)]
        data = {"endpointOutput": side(answer(said), "OUTPUT")}
        if request:
            data = {"endpointInput": side(request(rows), "INPUT")} | data
        metadata = {"eventId": f"event-{i}", "inferenceId": f"request-{i}", "inferenceTime": f"2026-05-04T07:00:{i:02}Z"}
        captures.append(json.dumps({"captureData": data, "eventMetadata": metadata, "eventVersion": "0"}) + "\n")
        words = ("no", "yes") if name == "headers-in-payloads" else ("0", "1")
        if table_row:
            truths.append(table_row(i, f"request-{i}", [str(label) for label in labels]))
            continue
        truth = {"data": "\n".join(words[label] for label in labels), "encoding": "CSV"}
        truths.append(json.dumps({"groundTruthData": truth, "eventMetadata": {"eventId": f"request-{i}"}, "eventVersion": "0"}) + "\n")
    both = {"sagemakerCaptureJson": {"captureIndexNames": ["endpointInput", "endpointOutput"]}}
    job = {"environment": {"dataset_format": json.dumps(both)}}
    if request:
        place(f"{cases}/capture-of-{name}/input/a.jsonl", "".join(captures[:CAPTURED]))
        place(f"{cases}/capture-of-{name}/job.json", json.dumps(job, indent=2) + "\n")
        captured = [row for rows in features[:CAPTURED] for row in rows]
        means = [sum(column(captured, i)) / len(captured) for i in range(2)]
        print(f"capture-of-{name}: rows {len(captured)}, mean age {means[0]!r}, mean amount {means[1]!r}")
    if name in ALONE:
        return
    environment = {
        "analysis_type": "MODEL_QUALITY",
        "problem_type": "BinaryClassification",
        "dataset_format": json.dumps({"sagemakerCaptureJson": {}}),
        "ground_truth_source": "{opt_ml}/processing/groundtruth",
        **ATTRIBUTES.get(name, {"inference_attribute": "0"}),
    }
    place(f"{cases}/quality-of-{name}/input/a.jsonl", "".join(captures))
    place(f"{cases}/quality-of-{name}/ground-truth/{file_name}", header + "".join(truths))
    place(f"{cases}/quality-of-{name}/job.json", json.dumps({"environment": environment}, indent=2) + "\n")
    print(f"quality-of-{name}: rows {len(right)}, accuracy {sum(right) / len(right)!r}")
    if name not in WITH_BIAS:
        return
    config = {
        "headers": ["age", "amount", "repaid"],
        "label": "repaid",
        "label_values_or_threshold": [1],
        "facet": [{"name_or_index": "age", "value_or_threshold": [FACET_THRESHOLD]}],
    }
    environment = {
        "MODEL_MONITOR_ANALYSIS_CONFIG": "{opt_ml}/processing/baseline/analysis_config.json",
        "dataset_source": "{opt_ml}/processing/input",
        "dataset_format": json.dumps({"sagemakerCaptureJson": {}}),
        "ground_truth_source": "{opt_ml}/processing/groundtruth",
        **ATTRIBUTES.get(name, {"inference_attribute": "0"}),
    }
    place(f"{cases}/bias-of-{name}/input/a.jsonl", "".join(captures))
    place(f"{cases}/bias-of-{name}/ground-truth/l.jsonl", "".join(truths))
    place(f"{cases}/bias-of-{name}/baseline/analysis_config.json", json.dumps(config, indent=2) + "\n")
    place(f"{cases}/bias-of-{name}/job.json", json.dumps({"environment": environment}, indent=2) + "\n")
    shares = {of_group: sum(ones) / len(ones) for of_group, ones in positive.items()}
    print(f"bias-of-{name}: rows {len(right)}, DPPL {shares[False] - shares[True]!r}")


if __name__ == "__main__":
    for kind in KINDS:
        make(sys.argv[1], kind)
