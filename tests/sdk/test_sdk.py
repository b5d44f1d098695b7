#!/usr/bin/env python3
"""The program against AWS's own client, the `sagemaker` Python SDK: what the client sends is understood, what we write is read.

Nothing leaves this machine: S3 is a folder, and a processing job is the program run on a folder.
"""

import argparse
import json
import logging
import os
import subprocess
import sys
import tempfile

os.environ["SAGEMAKER_SUPPRESS_V2_WARNING"] = "1"
logging.disable(logging.WARNING)

PROJECT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
sys.path.insert(0, os.path.join(PROJECT, "tests"))
from model_quality_job import REQUESTS, ModelQualityJob  # noqa: E402
from processing_job import DRIFTED_CHECKS, DRIFTED_HOUR, HEALTHY_HOUR, Cases, ProcessingJob  # noqa: E402

import boto3  # noqa: E402
from botocore.exceptions import ClientError  # noqa: E402
from sagemaker.model_monitor import (  # noqa: E402
    Constraints, ConstraintViolations, DefaultModelMonitor, ModelQualityMonitor, MonitoringExecution, Statistics)
from sagemaker.model_monitor.dataset_format import DatasetFormat  # noqa: E402
from sagemaker.processing import ProcessingOutput  # noqa: E402
from sagemaker.session import Session  # noqa: E402

ROLE = "arn:aws:iam::111122223333:role/test"
OPT_ML = "/opt/ml"


class FolderSession(Session):
    """A session whose S3 is a folder and that keeps the last processing job it was asked for."""

    def __init__(self, folder):
        boto_session = boto3.Session("none", "none", region_name="eu-west-1")
        super().__init__(boto_session=boto_session, default_bucket="bucket")
        self.folder, self.requested = folder, None

    def path(self, bucket, key):
        return os.path.join(self.folder, bucket, key)

    def default_bucket(self):
        return "bucket"

    def upload_string_as_file_body(self, body, bucket, key, kms_key=None):
        os.makedirs(os.path.dirname(self.path(bucket, key)), exist_ok=True)
        with open(self.path(bucket, key), "w", encoding="utf-8") as file:
            file.write(body)
        return f"s3://{bucket}/{key}"

    def read_s3_file(self, bucket, key_prefix):
        try:
            with open(self.path(bucket, key_prefix), encoding="utf-8") as file:
                return file.read()
        except FileNotFoundError as error:
            raise ClientError({"Error": {"Code": "NoSuchKey"}}, "GetObject") from error

    def process(self, **request):
        self.requested = request

    def describe_processing_job(self, job_name):
        return {"ProcessingJobStatus": "Completed"}

    def upload_results(self, job, prefix):
        """What SageMaker does when a job ends."""
        for name in job.output_names():
            self.upload_string_as_file_body(job.read(f"processing/output/{name}"), "bucket", f"{prefix}/{name}")
        return f"s3://bucket/{prefix}"


def run(binary, job, environment):
    """One job, its /opt/ml moved into a folder."""
    moved = {key: value.replace(OPT_ML, job.folder) for key, value in environment.items()}
    job.write_config(moved)
    process = moved | {"MODEL_MONITOR_OPT_ML": job.folder, "PATH": os.environ["PATH"]}
    return subprocess.run([binary], env=process, capture_output=True, text=True, check=False)


def suggest_baseline(cases, binary, session, job):
    """`suggest_baseline` asks for a job with our image; its environment is run as it is."""
    job.write_training_table()
    monitor = DefaultModelMonitor(role=ROLE, sagemaker_session=session)
    monitor.image_uri = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/model-monitor:latest"
    monitor.suggest_baseline(
        baseline_dataset="s3://bucket/training", dataset_format=DatasetFormat.csv(header=True),
        output_s3_uri="s3://bucket/baseline", wait=False, logs=False, job_name="baseline")
    asked = session.requested
    cases.equal("suggest_baseline asks for our image", asked["app_specification"]["ImageUri"], monitor.image_uri)
    done = run(binary, job, asked["environment"])
    cases.check("the environment of suggest_baseline is understood", done.returncode == 0, done.stderr[-600:])
    session.upload_results(job, "baseline")
    statistics, constraints = monitor.baseline_statistics(), monitor.suggested_constraints()
    found = [f["name"] for f in statistics.body_dict["features"]]
    cases.equal("baseline_statistics reads statistics.json", found, ["score", "age", "balance", "region", "plan"])
    cases.check("suggested_constraints reads constraints.json",
                constraints.body_dict["monitoring_config"]["evaluate_constraints"] == "Enabled", constraints.body_dict)


def monitored(binary, baseline, job, hour, constraints=None):
    """A scheduled run on one hour; `constraints` replaces the baseline's."""
    job.use_baseline(baseline)
    if constraints is not None:
        job.write("processing/baseline/constraints/constraints.json", constraints)
    job.write_captured_hour(HEALTHY_HOUR)
    job.write_captured_hour(DRIFTED_HOUR, drifted=True)
    return run(binary, job, job.monitoring_environment(hour))


def executions(cases, binary, session, baseline, job):
    """`MonitoringExecution` reads what a run wrote, by the names that it expects."""
    for hour, name in ((HEALTHY_HOUR, "healthy"), (DRIFTED_HOUR, "drifted")):
        done = monitored(binary, baseline, job(name), hour)
        cases.check(f"{name} run ends well", done.returncode == 0, done.stderr[-600:])
        destination = session.upload_results(job(name), f"runs/{name}")
        output = ProcessingOutput(source="/opt/ml/processing/output", destination=destination, output_name="result")
        execution = MonitoringExecution(session, name, [], output)
        violations = execution.constraint_violations()
        cases.check(f"{name} run: constraint_violations() finds the file", violations is not None)
        if violations is not None:
            found = {(v["feature_name"], v["constraint_check_type"]) for v in violations.body_dict["violations"]}
            expected = DRIFTED_CHECKS if name == "drifted" else set()
            cases.equal(f"{name} run: violations", {v for v in found if v[0] != "score"}, expected)
        cases.equal(f"{name} run: statistics()", execution.statistics().body_dict["dataset"]["item_count"], 1200)


def files(cases, session, job):
    """The three file classes read our files from disk and give the same content back."""
    for kind, name in ((Statistics, "statistics.json"), (Constraints, "constraints.json"),
                       (ConstraintViolations, "constraint_violations.json")):
        path = os.path.join(job.output, name)
        read = kind.from_file_path(path, sagemaker_session=session)
        with open(path, encoding="utf-8") as file:
            cases.check(f"{kind.__name__}.from_file_path", read.body_dict == json.load(file))


def overrides(cases, binary, session, baseline, job):
    """`set_monitoring(False, feature)` and `set_monitoring(False)`, saved by the client, are honoured."""
    path = os.path.join(baseline.output, "constraints.json")
    constraints = Constraints.from_file_path(path, sagemaker_session=session)
    constraints.set_monitoring(False, "balance")
    constraints.save()
    saved = session.read_s3_file(*constraints.file_s3_uri.removeprefix("s3://").split("/", 1))
    cases.check("the client writes monitoring_config_overrides", "monitoring_config_overrides" in saved, saved[:300])
    done = monitored(binary, baseline, job("feature-off"), DRIFTED_HOUR, saved)
    cases.check("a run with the client's file ends well", done.returncode == 0, done.stderr[-600:])
    found = {v for v in job("feature-off").violations() if v[0] != "score"}
    cases.equal("a feature switched off raises nothing, others still do", found, {v for v in DRIFTED_CHECKS if v[0] != "balance"})
    constraints.set_monitoring(True, "balance")
    constraints.set_monitoring(False)
    done = monitored(binary, baseline, job("all-off"), DRIFTED_HOUR, json.dumps(constraints.body_dict))
    cases.check("a run with everything switched off ends well", done.returncode == 0, done.stderr[-600:])
    # A feature's own setting is above the table's.
    found = {v for v in job("all-off").violations() if v[0] != "balance"}
    cases.equal("everything switched off raises nothing but where a feature is switched on", found, set())


def formats(cases, binary, baseline, job):
    """The other spellings of dataset_format that the client's helper makes."""
    healthy = job("capture-format")
    healthy.use_baseline(baseline)
    healthy.write_captured_hour(HEALTHY_HOUR)
    environment = healthy.monitoring_environment(HEALTHY_HOUR)
    done = run(binary, healthy, environment | {"dataset_format": json.dumps(DatasetFormat.sagemaker_capture_json())})
    cases.check("DatasetFormat.sagemaker_capture_json is understood", done.returncode == 0, done.stderr[-600:])
    table = job("json-format")
    table.write("processing/input/baseline_dataset_input/training.json", '{"age": 30, "plan": "basic"}\n{"age": 31, "plan": "plus"}\n')
    done = run(binary, table, table.baseline_environment() | {"dataset_format": json.dumps(DatasetFormat.json(lines=True))})
    cases.check("DatasetFormat.json is understood", done.returncode == 0, done.stderr[-600:])
    if done.returncode == 0:
        kinds = {f["name"]: f["inferred_type"] for f in json.loads(table.read("processing/output/statistics.json"))["features"]}
        cases.equal("DatasetFormat.json: columns", kinds, {"age": "Integral", "plan": "String"})


def model_quality(cases, binary, session, job):
    """`ModelQualityMonitor.suggest_baseline` asks for a job; it, a merge and a monitoring run are done, and the client reads them."""
    baseline = job("quality-baseline")
    baseline.write_validation_table()
    monitor = ModelQualityMonitor(role=ROLE, sagemaker_session=session)
    monitor.image_uri = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/model-monitor:latest"
    monitor.suggest_baseline(
        baseline_dataset="s3://bucket/validation", dataset_format=DatasetFormat.csv(header=True),
        problem_type="BinaryClassification", inference_attribute="prediction", probability_attribute="probability",
        ground_truth_attribute="label", output_s3_uri="s3://bucket/quality-baseline", wait=False, logs=False, job_name="quality")
    done = run(binary, baseline, session.requested["environment"])
    cases.check("the environment of ModelQualityMonitor.suggest_baseline is understood", done.returncode == 0, done.stderr[-600:])
    session.upload_results(baseline, "quality-baseline")
    statistics = monitor.baseline_statistics().body_dict
    cases.check("baseline_statistics reads model quality", "auc" in statistics["binary_classification_metrics"], statistics.keys())
    limits = monitor.suggested_constraints().body_dict["binary_classification_constraints"]
    cases.equal("suggested_constraints reads model quality", limits["accuracy"]["comparison_operator"], "LessThanThreshold")
    for name, broken in (("good", False), ("broken", True)):
        merge, analysis = job("quality-merge-" + name), job("quality-run-" + name)
        merge.write_captures_and_labels(broken=broken)
        done = run(binary, merge, merge.merge_environment())
        cases.check(f"{name} model: the merge ends well", done.returncode == 0 and len(merge.merged_lines()) == REQUESTS, done.stderr[-600:])
        analysis.use_quality_baseline(baseline)
        analysis.take_merged(merge)
        done = run(binary, analysis, analysis.quality_environment())
        cases.check(f"{name} model: the run ends well", done.returncode == 0, done.stderr[-600:])
        destination = session.upload_results(analysis, f"runs/quality-{name}")
        output = ProcessingOutput(source="/opt/ml/processing/output", destination=destination, output_name="result")
        execution = MonitoringExecution(session, name, [], output)
        metrics = {v["metric_name"] for v in execution.constraint_violations().body_dict["violations"]}
        cases.equal(f"{name} model: constraint_violations() tells whether precision fell", "precision" in metrics and "recall" in metrics, broken)
        count = execution.statistics().body_dict["dataset"]["item_count"]
        cases.equal(f"{name} model: statistics()", count, REQUESTS)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("binary")
    binary = os.path.abspath(parser.parse_args().binary)
    cases = Cases()
    with tempfile.TemporaryDirectory() as scratch:
        session = FolderSession(os.path.join(scratch, "s3"))

        def job(name):
            folder = os.path.join(scratch, name)
            return ProcessingJob(folder, root=folder)

        baseline = job("baseline")
        try:
            suggest_baseline(cases, binary, session, baseline)
            executions(cases, binary, session, baseline, job)
            files(cases, session, job("drifted"))
            overrides(cases, binary, session, baseline, job)
            formats(cases, binary, baseline, job)
            model_quality(cases, binary, session, lambda name: ModelQualityJob(os.path.join(scratch, name), root=os.path.join(scratch, name)))
        except (OSError, ValueError, KeyError, ClientError) as error:
            cases.check("the test runs to its end", False, repr(error))
    return cases.finish()


if __name__ == "__main__":
    sys.exit(main())
