#!/usr/bin/env python3
"""The program against AWS's own client, the `sagemaker` Python SDK: what the client sends is understood, what we write is read.

Nothing leaves this machine: S3 is a folder, and a processing job is the program run on a folder.
"""

import argparse
import json
import logging
import os
import shutil
import subprocess
import sys
import tempfile

os.environ["SAGEMAKER_SUPPRESS_V2_WARNING"] = "1"
logging.disable(logging.WARNING)

PROJECT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
sys.path.insert(0, os.path.join(PROJECT, "tests", "processing_jobs"))
from attribution_job import FEATURES, OUTPUT, REFERENCE, AttributionJob, ModelServer, mean_effects  # noqa: E402
from model_quality_job import REQUESTS, ModelQualityJob  # noqa: E402
from processing_job import DRIFTED_CHECKS, DRIFTED_HOUR, ENDPOINT, HEALTHY_HOUR, Cases, ProcessingJob  # noqa: E402

import boto3  # noqa: E402
from botocore.exceptions import ClientError  # noqa: E402
from sagemaker.clarify import BiasConfig, DataConfig, ModelConfig, ModelPredictedLabelConfig, SHAPConfig  # noqa: E402
from sagemaker.model_monitor import (  # noqa: E402
    Constraints, ConstraintViolations, CronExpressionGenerator, DefaultModelMonitor, EndpointInput, ModelBiasMonitor,
    ModelExplainabilityMonitor, ModelQualityMonitor, MonitoringExecution, Statistics)
from sagemaker.model_monitor.clarify_model_monitoring import ClarifyMonitoringExecution  # noqa: E402
from sagemaker.model_monitor.dataset_format import DatasetFormat  # noqa: E402
from sagemaker.processing import ProcessingOutput  # noqa: E402
from sagemaker.session import Session  # noqa: E402

ROLE = "arn:aws:iam::111122223333:role/test"
IMAGE = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/model-monitor:latest"
OPT_ML = "/opt/ml"


class FolderSession(Session):
    """A session whose S3 is a folder and that keeps the last processing job and the last job definition it was asked for."""

    def __init__(self, folder):
        boto_session = boto3.Session("none", "none", region_name="eu-west-1")
        super().__init__(boto_session=boto_session, default_bucket="bucket")
        self.folder, self.requested, self.defined = folder, None, None
        events = self.sagemaker_client.meta.events
        events.register("provide-client-params.sagemaker.*", self.keep_definition)
        # Behind boto's own check of what is sent against the service's model.
        events.register("before-call.sagemaker.*", lambda **_: (type("Answer", (), {"status_code": 200}), {}))

    def keep_definition(self, params, **_):
        if "JobDefinitionName" in params:
            self.defined = params

    def path(self, bucket, key):
        return os.path.join(self.folder, bucket, key)

    def default_bucket(self):
        return "bucket"

    def upload_string_as_file_body(self, body, bucket, key, kms_key=None):
        os.makedirs(os.path.dirname(self.path(bucket, key)), exist_ok=True)
        with open(self.path(bucket, key), "w", encoding="utf-8") as file:
            file.write(body)
        return f"s3://{bucket}/{key}"

    def upload_data(self, path, bucket=None, key_prefix="data", **_):
        with open(path, encoding="utf-8") as file:
            return self.upload_string_as_file_body(file.read(), bucket, f"{key_prefix}/{os.path.basename(path)}")

    def mount(self, s3_uri, folder):
        """What SageMaker does when a job starts: a file, or what is below a prefix."""
        source = self.path(*s3_uri.removeprefix("s3://").split("/", 1))
        os.makedirs(folder, exist_ok=True)
        if os.path.isdir(source):
            shutil.copytree(source, folder, dirs_exist_ok=True)
        else:
            shutil.copy(source, folder)

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
        shutil.copytree(job.output, self.path("bucket", prefix), dirs_exist_ok=True)
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
    monitor.image_uri = IMAGE
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
    monitor.image_uri = IMAGE
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


def clarify_baseline(cases, binary, session, job):
    """The job that `suggest_baseline` asked for, with what it mounts and its environment, which may be none."""
    asked = session.requested
    kind = job.folder.rsplit("/", 1)[-1]
    cases.equal(f"{kind} asks for our image", asked["app_specification"]["ImageUri"], IMAGE)
    for mounted in asked["inputs"]:
        session.mount(mounted["S3Input"]["S3Uri"], mounted["S3Input"]["LocalPath"].replace(OPT_ML, job.folder))
    done = run(binary, job, asked["environment"] or {})
    cases.check(f"{kind}: what the client uploaded is understood", done.returncode == 0, done.stderr[-900:])
    output = asked["output_config"]["Outputs"][0]["S3Output"]
    cases.equal(f"{kind}: where the client takes results from", output["LocalPath"].replace(OPT_ML, job.folder), job.output)
    session.upload_results(job, output["S3Uri"].removeprefix("s3://bucket/"))


def clarify_run(binary, session, kind, job, environment):
    """A scheduled execution of the job definition that the client made: its mounts, its environment and the service's."""
    defined = session.defined
    session.mount(defined[f"{kind}AppSpecification"]["ConfigUri"], job.local("processing/input/config"))
    session.mount(defined[f"{kind}BaselineConfig"]["ConstraintsResource"]["S3Uri"], job.local("processing/baseline/constraints"))
    of_endpoint = defined[f"{kind}JobInput"]["EndpointInput"]
    variables = {"FeaturesAttribute": "features_attribute", "InferenceAttribute": "inference_attribute",
                 "ProbabilityAttribute": "probability_attribute", "ProbabilityThresholdAttribute": "probability_threshold_attribute"}
    for key in variables.values():
        environment.pop(key, None)
    environment |= {variables[key]: str(value) for key, value in of_endpoint.items() if key in variables}
    return run(binary, job, environment | defined[f"{kind}AppSpecification"]["Environment"])


def clarify_execution(session, job, name):
    destination = session.upload_results(job, f"runs/{name}")
    output = ProcessingOutput(source="/opt/ml/processing/output", destination=destination, output_name="result")
    return ClarifyMonitoringExecution(session, name, [], output)


def bias(cases, binary, session, job):
    """`ModelBiasMonitor`, from a table with predictions to a schedule's executions."""
    monitor = ModelBiasMonitor(role=ROLE, sagemaker_session=session)
    monitor.image_uri = IMAGE
    people = job("bias-people")
    people.write_people()
    table = people.read("processing/input/data/people.csv")
    session.upload_string_as_file_body(table, "bucket", "people/people.csv")
    monitor.suggest_baseline(
        data_config=DataConfig(
            s3_data_input_path="s3://bucket/people", s3_output_path="s3://bucket/bias-baseline", label="label",
            headers=table.split("\n", 1)[0].split(","), predicted_label="prediction"),
        bias_config=BiasConfig(
            label_values_or_threshold=[1], facet_name="region", facet_values_or_threshold=["north"], group_name="plan"),
        model_config=None, job_name="bias")
    clarify_baseline(cases, binary, session, job("bias-baseline"))
    constraints = monitor.suggested_constraints()
    metrics = constraints.body_dict["post_training_bias_metrics"]["facets"]["region"][0]["metrics"]
    cases.check("suggested_constraints reads bias", {"DI", "DPPL"} <= {m["name"] for m in metrics}, metrics)
    monitor.create_monitoring_schedule(
        endpoint_input=EndpointInput(ENDPOINT, "/opt/ml/processing/input/endpoint", inference_attribute="0"),
        ground_truth_input="s3://bucket/labels", output_s3_uri="s3://bucket/reports", constraints=constraints,
        schedule_cron_expression=CronExpressionGenerator.hourly())
    for unfair in (False, True):
        name = "bias-unfair" if unfair else "bias-fair"
        monitored = job(name)
        monitored.write_people(unfair=unfair, merged=True)
        done = clarify_run(binary, session, "ModelBias", monitored, monitored.bias_environment() | {"MODEL_MONITOR_VERDICT": "statistical"})
        cases.check(f"{name}: the client's configuration is understood", done.returncode == 0, done.stderr[-900:])
        violations = clarify_execution(session, monitored, name).constraint_violations().body_dict["violations"]
        cases.equal(f"{name}: constraint_violations()", "DI" in {v["metric_name"] for v in violations}, unfair)


def attribution(cases, binary, session, job):
    """`ModelExplainabilityMonitor`, from a table to a schedule's executions; the model is asked where its `env` says."""
    with ModelServer() as model:
        for scores, output in ((None, "label0"), (ModelPredictedLabelConfig(label_headers=[OUTPUT]), OUTPUT)):
            explainability(cases, binary, session, job, model, scores, output)


def explainability(cases, binary, session, job, model, scores, output):
    """One monitor. `scores` is what the client is told of the model's answers, `output` what the answer is then called."""
    monitor = ModelExplainabilityMonitor(role=ROLE, sagemaker_session=session, env={"MODEL_MONITOR_MODEL_URL": model.url})
    monitor.image_uri = IMAGE
    applicants, baseline = job(f"explainability-applicants-{output}"), job(f"explainability-baseline-{output}")
    table = applicants.write_applicants()
    session.upload_string_as_file_body(applicants.read("processing/input/data/applicants.csv"), "bucket", "applicants/applicants.csv")
    monitor.suggest_baseline(
        data_config=DataConfig(
            s3_data_input_path="s3://bucket/applicants", s3_output_path=f"s3://bucket/{output}-baseline", headers=list(FEATURES)),
        explainability_config=SHAPConfig(baseline=[list(REFERENCE)], agg_method="mean_abs", num_samples=100, save_local_shap_values=True),
        model_config=ModelConfig(
            model_name="approval", instance_count=1, instance_type="ml.m5.large", content_type="text/csv", accept_type="text/csv"),
        model_scores=scores, job_name="explainability")
    clarify_baseline(cases, binary, session, baseline)
    cases.check(f"{output}: local values are written", "explanations_shap" in baseline.output_names(), baseline.output_names())
    constraints = monitor.suggested_constraints()
    found = constraints.body_dict["explanations"]["kernel_shap"][output]["global_shap_values"]
    expected = mean_effects(table)
    cases.check(f"{output}: suggested_constraints reads attributions", all(abs(found[f] - expected[f]) < 1e-9 for f in FEATURES), (found, expected))
    monitor.create_monitoring_schedule(
        endpoint_input=ENDPOINT, output_s3_uri="s3://bucket/reports", constraints=constraints,
        schedule_cron_expression=CronExpressionGenerator.hourly())
    for drifted in (False, True):
        name = f"explainability-{output}-{'drifted' if drifted else 'healthy'}"
        hour = job(name)
        hour.write_applications(drifted=drifted)
        done = clarify_run(binary, session, "ModelExplainability", hour, hour.attribution_environment())
        cases.check(f"{name}: the client's configuration is understood", done.returncode == 0, done.stderr[-900:])
        violations = clarify_execution(session, hour, name).constraint_violations().body_dict["violations"]
        cases.equal(f"{name}: constraint_violations()", [v["label"] for v in violations], [output] if drifted else [])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("binary")
    binary = os.path.abspath(parser.parse_args().binary)
    cases = Cases()
    with tempfile.TemporaryDirectory() as scratch:
        session = FolderSession(os.path.join(scratch, "s3"))

        def jobs(kind):
            return lambda name: kind(os.path.join(scratch, name), root=os.path.join(scratch, name))

        job = jobs(ProcessingJob)
        baseline = job("baseline")
        try:
            suggest_baseline(cases, binary, session, baseline)
            executions(cases, binary, session, baseline, job)
            files(cases, session, job("drifted"))
            overrides(cases, binary, session, baseline, job)
            formats(cases, binary, baseline, job)
            model_quality(cases, binary, session, jobs(ModelQualityJob))
            bias(cases, binary, session, jobs(ModelQualityJob))
            attribution(cases, binary, session, jobs(AttributionJob))
        except (OSError, ValueError, KeyError, ClientError) as error:
            cases.check("the test runs to its end", False, repr(error))
    return cases.finish()


if __name__ == "__main__":
    sys.exit(main())
