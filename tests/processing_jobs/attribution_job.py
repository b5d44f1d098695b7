"""Processing jobs of the attribution monitor, made-up data to put there, and the model that they ask."""

import json
import random
import threading
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from model_quality_job import ModelQualityJob
from processing_job import HEALTHY_HOUR

FEATURES = ("age", "balance", "plan", "shoe_size")
#: The applicant that stands for absent features.
REFERENCE = (49, 900.0, "basic", 42)
OUTPUT = "approval"
#: Enough for NDCG to mean something, and few enough for four features to be explained within a second.
REQUESTS = 300


def effects(cells):
    """What each feature adds to the score. The model is linear: these are its attributions."""
    age, balance, plan, _ = cells
    return 0.004 * (float(age) - 49), 0.0008 * (float(balance) - 900.0), 0.1 if plan == "business" else 0.0, 0.0


def score(cells):
    return 0.5 + sum(effects(cells))


def rows(draw, count, drifted=False):
    """Rows of FEATURES as text. Drifted: the feed of balances is down, and all are the same."""
    for _ in range(count):
        balance = "900.00" if drifted else f"{draw.gauss(900, 250):.2f}"
        yield str(draw.randint(18, 80)), balance, draw.choice(("basic", "plus", "business")), str(draw.randint(36, 48))


def mean_effects(table):
    """By feature, the mean over the rows of how far it moves the score."""
    moved = [effects(cells) for cells in table]
    return {name: sum(abs(row[place]) for row in moved) / len(moved) for place, name in enumerate(FEATURES)}


class ModelHandler(BaseHTTPRequestHandler):
    """SageMaker's hosting contract for the model above, in comma-separated values."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.answer(200 if self.path == "/ping" else 404, "")

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        if self.path != "/invocations" or self.headers["Content-Type"].split(";")[0] != "text/csv":
            return self.answer(415, "this model takes text/csv at /invocations")
        self.server.rows_asked += body.count("\n")
        return self.answer(200, "".join(f"{score(line.split(','))!r}\n" for line in body.splitlines()))

    def answer(self, status, body):
        self.send_response(status)
        self.send_header("Content-Type", "text/csv")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_):
        """Says nothing."""


class ModelServer:
    """The model at an address of this machine, while the `with` statement lasts."""

    def __enter__(self):
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), ModelHandler)
        self.server.rows_asked = 0
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()

    @property
    def rows_asked(self):
        return self.server.rows_asked


class AttributionJob(ModelQualityJob):
    """A job's folder with the mounts of the attribution monitor."""

    def write_attribution_config(self, **more):
        """Where a job that takes no arguments finds what it is asked for."""
        shap = {"baseline": [list(REFERENCE)], "agg_method": "mean_abs", "save_local_shap_values": False}
        predictor = {"content_type": "text/csv", "accept_type": "text/csv", "label_headers": [OUTPUT]}
        config = {"version": "1.0", "headers": list(FEATURES), "methods": {"shap": shap}, "predictor": predictor}
        self.write("processing/input/config/analysis_config.json", json.dumps(config | more))

    def write_applicants(self, seed=31, count=500):
        """The table of a baseline; gives its rows."""
        table = list(rows(random.Random(seed), count))
        self.write("processing/input/data/applicants.csv", "".join(",".join(row) + "\n" for row in [FEATURES, *table]))
        return table

    def write_applications(self, hour=HEALTHY_HOUR, drifted=False):
        """Captures of an hour; gives their rows."""
        draw, lines = random.Random(hour), []
        requests = list(rows(draw, REQUESTS, drifted))
        side = {"observedContentType": "text/csv", "encoding": "CSV"}
        for request, cells in enumerate(requests):
            second = request * 3600 // REQUESTS
            data = {"endpointInput": side | {"mode": "INPUT", "data": ",".join(cells)},
                    "endpointOutput": side | {"mode": "OUTPUT", "data": f"{score(cells):.6f}"}}
            metadata = {"eventId": str(uuid.UUID(int=draw.getrandbits(128), version=4)),
                        "inferenceTime": f"2026-05-04T{hour:02}:{second // 60:02}:{second % 60:02}Z"}
            lines.append(json.dumps({"captureData": data, "eventMetadata": metadata, "eventVersion": "0"}))
        self.write(f"{self.hour_folder(hour)}/00-07-123-captures.jsonl", "\n".join(lines) + "\n")
        return requests

    def attribution_environment(self, hour=HEALTHY_HOUR):
        """What a schedule's job is given; it is told that it is one by nothing but its configuration."""
        environment = self.monitoring_environment(hour)
        del environment["baseline_statistics"]
        return environment | {"baseline_constraints": self.inside("processing/baseline/constraints/analysis.json")}

    def attributions(self):
        """Of the one output, by feature."""
        analysis = json.loads(self.read("processing/output/analysis.json"))
        return analysis["explanations"]["kernel_shap"][OUTPUT]["global_shap_values"]

    def differs_from(self, expected):
        """The attributions, where they are not those of the model; else nothing."""
        found = self.attributions()
        is_same = found.keys() == expected.keys() and all(abs(found[name] - expected[name]) < 1e-9 for name in expected)
        return None if is_same else (found, expected)
