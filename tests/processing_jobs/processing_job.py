"""A processing job's /opt/ml, laid out as SageMaker mounts it, and made-up data to put there."""

import json
import os
import random
import uuid

ENDPOINT = "card-fraud"
SCHEDULE = "card-fraud-hourly"
HEALTHY_HOUR, DRIFTED_HOUR, EMPTY_HOUR = 7, 8, 9
COLUMNS = ("score", "age", "balance", "region", "plan")
REGIONS = ("north", "south", "east", "west", "centre")
PLANS = ("basic", "plus", "business")
#: What is wrong in the drifted hour: feature and check.
DRIFTED_CHECKS = {
    ("balance", "baseline_drift_check"),
    ("age", "completeness_check"),
    ("region", "categorical_values_check"),
}


def rows(draw, count, drifted=False):
    """Rows of COLUMNS as text. Drifted: the balance in cents, some ages missing, a new region."""
    for _ in range(count):
        age = "" if drifted and draw.random() < 0.1 else str(draw.randint(18, 80))
        balance = draw.gauss(900, 250) * (100 if drifted else 1)
        region = "overseas" if drifted and draw.random() < 0.1 else draw.choice(REGIONS)
        yield f"{draw.random():.5f}", age, f"{balance:.2f}", region, draw.choice(PLANS)


def captured(draw, row, hour, second):
    """One request as the endpoint's data capture writes it."""
    event_id = str(uuid.UUID(int=draw.getrandbits(128), version=4))
    side = {"observedContentType": "text/csv", "encoding": "CSV"}
    return json.dumps(
        {
            "captureData": {
                "endpointInput": side | {"mode": "INPUT", "data": ",".join(row[1:]) + "\n"},
                "endpointOutput": side | {"mode": "OUTPUT", "data": row[0]},
            },
            "eventMetadata": {"eventId": event_id, "inferenceTime": f"2026-05-04T{hour:02}:{second // 60:02}:{second % 60:02}Z"},
            "eventVersion": "0",
        },
        separators=(",", ":"),
    )


class ProcessingJob:
    """One folder to be mounted as /opt/ml. `root` is the path that the program sees it under."""

    def __init__(self, folder, root="/opt/ml"):
        self.folder, self.root = folder, root
        self.output = self.local("processing/output")
        for name in ("config", "processing/input", "processing/output", "output"):
            os.makedirs(self.local(name), exist_ok=True)

    def local(self, name):
        return os.path.join(self.folder, name)

    def inside(self, name):
        return os.path.join(self.root, name)

    def write(self, name, text):
        os.makedirs(os.path.dirname(self.local(name)), exist_ok=True)
        with open(self.local(name), "w", encoding="utf-8") as file:
            file.write(text)

    def read(self, name):
        with open(self.local(name), encoding="utf-8") as file:
            return file.read()

    def write_training_table(self, seed=1, count=2500):
        table = [COLUMNS, *rows(random.Random(seed), count)]
        self.write("processing/input/baseline_dataset_input/training.csv", "".join(",".join(r) + "\n" for r in table))

    def write_captured_hour(self, hour, drifted=False, count=1200, files=3):
        draw = random.Random(hour)
        lines = [captured(draw, row, hour, i * 3600 // count) for i, row in enumerate(rows(draw, count, drifted))]
        for file in range(files):
            name = f"{file * 60 // files:02}-07-123-{uuid.UUID(int=draw.getrandbits(128), version=4)}.jsonl"
            part = lines[file * count // files : (file + 1) * count // files]
            self.write(f"{self.hour_folder(hour)}/{name}", "\n".join(part) + "\n")

    def hour_folder(self, hour):
        return f"processing/input/endpoint/{ENDPOINT}/AllTraffic/2026/05/04/{hour:02}"

    def use_baseline(self, job):
        """Mounts another job's results where a schedule mounts its baseline."""
        self.write("processing/baseline/constraints/constraints.json", job.read("processing/output/constraints.json"))
        self.write("processing/baseline/stats/statistics.json", job.read("processing/output/statistics.json"))

    def baseline_environment(self):
        return {
            "dataset_format": '{"csv": {"header": true, "output_columns_position": "START"}}',
            "dataset_source": self.inside("processing/input/baseline_dataset_input"),
            "output_path": self.inside("processing/output"),
            "publish_cloudwatch_metrics": "Disabled",
        }

    def monitoring_environment(self, hour):
        return {
            "baseline_constraints": self.inside("processing/baseline/constraints/constraints.json"),
            "baseline_statistics": self.inside("processing/baseline/stats/statistics.json"),
            "dataset_format": '{"sagemakerCaptureJson":{"captureIndexNames":["endpointInput","endpointOutput"]}}',
            "dataset_source": self.inside("processing/input/endpoint"),
            "output_path": self.inside("processing/output"),
            "publish_cloudwatch_metrics": "Enabled",
            "sagemaker_endpoint_name": ENDPOINT,
            "sagemaker_monitoring_schedule_name": SCHEDULE,
            "start_time": f"2026-05-04T{hour:02}:00:00Z",
            "end_time": f"2026-05-04T{hour + 1:02}:00:00Z",
        }

    def write_config(self, environment):
        """The two files that SageMaker mounts beside the data, with the nulls that it writes."""
        self.write(
            "config/processingjobconfig.json",
            json.dumps(
                {
                    "ProcessingJobArn": "arn:aws:sagemaker:eu-west-1:111122223333:processing-job/test",
                    "ProcessingJobName": "test",
                    "Environment": environment,
                    "AppSpecification": {"ImageUri": "test", "ContainerEntrypoint": None, "ContainerArguments": None},
                    "ProcessingInputs": [],
                    "ProcessingOutputConfig": {"KmsKeyId": None, "Outputs": []},
                    "ProcessingResources": {"ClusterConfig": {"InstanceCount": 1, "InstanceType": "ml.m5.large", "VolumeSizeInGB": 20}},
                    "RoleArn": "arn:aws:iam::111122223333:role/test",
                    "StoppingCondition": {"MaxRuntimeInSeconds": 1800},
                }
            ),
        )
        self.write("config/resourceconfig.json", json.dumps({"current_host": "algo-1", "hosts": ["algo-1"]}))

    def message(self):
        with open(self.local("output/message"), "rb") as file:
            return file.read().decode("utf-8")

    def output_names(self):
        return sorted(os.listdir(self.output))

    def violations(self):
        """Feature and check of every violation."""
        document = json.loads(self.read("processing/output/constraint_violations.json"))
        return {(v["feature_name"], v["constraint_check_type"]) for v in document["violations"]}


class Cases:
    """Prints each case as it ends, and a last line with the sum."""

    def __init__(self):
        self.passed = self.failed = 0

    def check(self, name, ok, detail=""):
        self.passed += bool(ok)
        self.failed += not ok
        print(f"{'ok  ' if ok else 'FAIL'} {name}{'' if ok else f': {detail}'}", flush=True)

    def equal(self, name, found, expected):
        self.check(name, found == expected, f"expected {expected!r}, found {found!r}")

    def finish(self):
        """The exit status of the test."""
        print(f"{self.passed} passed, {self.failed} failed", flush=True)
        return 1 if self.failed or not self.passed else 0
