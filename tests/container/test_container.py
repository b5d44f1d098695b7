#!/usr/bin/env python3
"""Builds the image from the Dockerfile with a binary made before, and runs it on made-up /opt/ml folders.

Every container has a read-only file system and 256 MB of memory, and no network unless it asks a model on this machine.
Without a Docker engine it says so and passes.
"""

import argparse
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time

PROJECT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
sys.path.insert(0, os.path.join(PROJECT, "tests", "processing_jobs"))
from attribution_job import FEATURES, OUTPUT, AttributionJob, ModelServer, mean_effects  # noqa: E402
from model_quality_job import REQUESTS, ModelQualityJob  # noqa: E402
from processing_job import DRIFTED_CHECKS, DRIFTED_HOUR, EMPTY_HOUR, HEALTHY_HOUR, Cases, ProcessingJob  # noqa: E402

IMAGE, BUILDER = "model-monitor:container-test", "model-monitor-builder:container-test"
BINARY_IN_CONTEXT = "target/image/model-monitor"
#: What the Dockerfile's build stage calls when it compiles nothing.
BUILDER_PROGRAMS = ("sh", "bash", "mkdir", "chmod", "cp", "grep", "dirname", "ldd")
CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt"
RESULTS = ["constraint_violations.json", "constraints.json", "constraints_violations.json",
           "model_monitor_report.json", "statistics.json"]
CONFINED = ("--read-only", "--memory", "256m")
#: The host's own: a model server need not listen anywhere but at the loopback address.
NETWORK_OF_HOST, NO_NETWORK = ("--network", "host"), ("--network", "none")


def docker(*arguments, **options):
    return subprocess.run(["docker", *arguments], capture_output=True, text=options.pop("text", True), check=False, **options)


def engine_answers():
    return bool(shutil.which("docker")) and docker("info", "--format", "{{.ServerVersion}}").returncode == 0


def libraries(program):
    found = subprocess.run(["ldd", program], capture_output=True, text=True, check=False).stdout
    return [word for line in found.splitlines() for word in line.split() if word.startswith("/")]


def make_builder_image(binary):
    """Stands in for the Rust image, which may be out of reach: a shell, a few programs, certificates, and the
    libraries of all of these and of the binary."""
    programs = {"/bin/" + name: shutil.which(name) for name in BUILDER_PROGRAMS}
    files = programs | {"/usr" + path: source for path, source in programs.items()} | {CERTIFICATES: CERTIFICATES}
    for source in [*programs.values(), binary]:
        files |= {path: path for path in libraries(source)}
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w", dereference=True) as tar:
        for path, source in files.items():
            tar.add(os.path.realpath(source), path.lstrip("/"))
    done = docker("import", "-", BUILDER, input=archive.getvalue(), text=False)
    return done.returncode, done.stderr.decode()


def build_image(binary):
    """The project's Dockerfile, with the binary stripped and put into the build context."""
    copy = os.path.join(PROJECT, BINARY_IN_CONTEXT)
    os.makedirs(os.path.dirname(copy), exist_ok=True)
    shutil.copyfile(binary, copy)
    os.chmod(copy, 0o755)
    if shutil.which("strip"):
        subprocess.run(["strip", copy], check=True)
    arguments = ("--build-arg", f"BUILDER={BUILDER}", "--build-arg", f"BINARY={BINARY_IN_CONTEXT}")
    return docker("build", *arguments, "-t", IMAGE, PROJECT, env=os.environ | {"DOCKER_BUILDKIT": os.environ.get("DOCKER_BUILDKIT", "0")})


def mounted(job, environment, network=NO_NETWORK):
    variables = [part for key, value in environment.items() for part in ("-e", f"{key}={value}")]
    return [*CONFINED, *network, "-v", f"{job.folder}:/opt/ml", *variables, IMAGE]


def run(job, environment, from_config_only=False, network=NO_NETWORK):
    """One job to its end. SageMaker hands the variables over twice; the file alone has to do, too."""
    job.write_config(environment)
    return docker("run", "--rm", *mounted(job, {} if from_config_only else environment, network))


def image_contents():
    container = docker("create", IMAGE).stdout.strip()
    exported = docker("export", container, text=False).stdout
    docker("rm", container)
    with tarfile.open(fileobj=io.BytesIO(exported)) as tar:
        return {m.name: m.size for m in tar.getmembers() if m.isfile()}


def check_image(cases):
    contents = image_contents()
    own = {n for n in contents if not n.startswith(("dev/", "proc/", "sys/")) and n not in
           (".dockerenv", "etc/hostname", "etc/hosts", "etc/mtab", "etc/resolv.conf")}
    unexpected = sorted(n for n in own if n not in ("model-monitor", CERTIFICATES[1:], "etc/nsswitch.conf") and ".so" not in n)
    cases.check("the image holds the binary, libraries, certificates and nothing else", "model-monitor" in own and not unexpected, unexpected)
    size = int(docker("image", "inspect", "-f", "{{.Size}}", IMAGE).stdout)
    print(f"     image: {size / 1e6:.1f} MB, of which the stripped test binary {contents.get('model-monitor', 0) / 1e6:.1f} MB")


def check_baseline(cases, job):
    job.write_training_table()
    done = run(job, job.baseline_environment())
    cases.equal("baseline: exit code" + ("" if done.returncode == 0 else f" ({done.stderr[-400:]})"), done.returncode, 0)
    wanted = {"statistics.json", "constraints.json"}
    cases.check("baseline: statistics and constraints are written", wanted <= set(job.output_names()), job.output_names())
    features = json.loads(job.read("processing/output/statistics.json"))["features"]
    kinds = [f["inferred_type"] for f in features]
    cases.equal("baseline: types", kinds, ["Fractional", "Integral", "Fractional", "String", "String"])
    cases.check("baseline: message", job.message().startswith("Completed: "), job.message())


def check_hour(cases, job, hour, name, expected, from_config_only):
    done = run(job, job.monitoring_environment(hour), from_config_only)
    cases.equal(f"{name}: exit code" + ("" if done.returncode == 0 else f" ({done.stderr[-400:]})"), done.returncode, 0)
    cases.equal(f"{name}: files", job.output_names(), RESULTS)
    found = job.violations()
    # The score is a feature like others; nothing here says how it has to move.
    cases.equal(f"{name}: violations", {v for v in found if v[0] != "score"}, expected)
    count = len(json.loads(job.read("processing/output/constraint_violations.json"))["violations"])
    text = (f"CompletedWithViolations: Job completed successfully with {count} violations." if count
            else "Completed: Job completed successfully with no violations.")
    cases.equal(f"{name}: message", job.message().strip(), text)
    both = [job.read(f"processing/output/{n}") for n in ("constraint_violations.json", "constraints_violations.json")]
    cases.check(f"{name}: both violations files are the same bytes", both[0] == both[1])
    items = json.loads(job.read("processing/output/statistics.json"))["dataset"]["item_count"]
    cases.equal(f"{name}: only records of the window are counted", items, 1200)
    check_metrics(cases, job, name)


def check_metrics(cases, job, name):
    lines = job.read("output/metrics/cloudwatch/cloudwatch_metrics.jsonl").splitlines()
    metrics = [json.loads(line) for line in lines]
    names = {m["MetricName"] for m in metrics}
    cases.check(f"{name}: metrics of every kind", {"feature_data_balance", "feature_non_null_age", "feature_baseline_drift_balance"} <= names, names)
    odd = [m for m in metrics if ("Value" in m) == ("StatisticValues" in m)]
    cases.check(f"{name}: each metric has one form of value, all finite", not odd and "NaN" not in "".join(lines) and "Infinity" not in "".join(lines), odd)


def check_bad_input(cases, job):
    job.write(f"{job.hour_folder(HEALTHY_HOUR)}/00-07-123-bad.jsonl", "this is not a capture\n" * 500)
    environment = job.monitoring_environment(HEALTHY_HOUR) | {"MODEL_MONITOR_MAX_REJECTED": "0"}
    done = run(job, environment)
    cases.equal("bad input: exit code", done.returncode, 4)
    cases.check("bad input: the message names a code", "MM-INPUT-" in job.message(), job.message())
    cases.check("bad input: the message fits", 0 < len(job.message().encode()) <= 1024)
    cases.equal("bad input: no results but the report, which says why", job.output_names(), ["model_monitor_report.json"])


def check_misconfigured(cases, job):
    environment = job.monitoring_environment(HEALTHY_HOUR) | {"dataset_format": "{”csv”: {}}"}
    done = run(job, environment)
    cases.equal("curly quotes in dataset_format: exit code", done.returncode, 2)
    cases.check("curly quotes in dataset_format: the message names the variable", "dataset_format" in job.message(), job.message())


def check_empty_hour(cases, job):
    done = run(job, job.monitoring_environment(EMPTY_HOUR))
    cases.equal("hour without requests: exit code", done.returncode, 0)
    cases.check("hour without requests: message", job.message().startswith("Completed: "), job.message())
    done = run(job, job.monitoring_environment(EMPTY_HOUR) | {"MODEL_MONITOR_ON_EMPTY": "fail"})
    cases.equal("hour without requests, asked to fail: exit code", done.returncode, 5)


def check_stop(cases, job):
    """A job far too large for the time it is given. `docker stop` kills after two seconds: exit code 137."""
    folder = job.local(job.hour_folder(HEALTHY_HOUR))
    first = os.path.join(folder, sorted(os.listdir(folder))[0])
    with open(first, encoding="utf-8") as file:
        text = file.read()
    with open(first, "w", encoding="utf-8") as file:
        file.write(text * 40)
    for i in range(4000):
        os.link(first, os.path.join(folder, f"59-59-999-{i:05}.jsonl"))
    environment = job.monitoring_environment(HEALTHY_HOUR)
    job.write_config(environment)
    container = docker("run", "-d", *mounted(job, environment)).stdout.strip()
    time.sleep(1.0)
    running = docker("inspect", "-f", "{{.State.Running}}", container).stdout.strip()
    cases.equal("SIGTERM: the job is at work when it is stopped", running, "true")
    docker("stop", "-t", "2", container)
    code = docker("inspect", "-f", "{{.State.ExitCode}}", container).stdout.strip()
    docker("rm", "-f", container)
    cases.equal("SIGTERM: exit code, within two seconds", code, "143")
    message = job.message() if os.path.exists(job.local("output/message")) else "(none)"
    cases.check("SIGTERM: message", "MM-STOPPED-" in message, message)
    cases.equal("SIGTERM: no file half-written", job.output_names(), [])


def check_model_quality(cases, scratch):
    """Baseline, merge, analysis of what was merged; and the analysis that joins by itself."""
    def job(name):
        return ModelQualityJob(os.path.join(scratch, "quality-" + name))

    def ended_well(name, done):
        cases.equal(f"{name}: exit code" + ("" if done.returncode == 0 else f" ({done.stderr[-400:]})"), done.returncode, 0)

    baseline = job("baseline")
    baseline.write_validation_table()
    ended_well("model-quality baseline", run(baseline, baseline.baseline_environment() | {
        "analysis_type": "MODEL_QUALITY", "problem_type": "BinaryClassification", "inference_attribute": "prediction",
        "probability_attribute": "probability", "ground_truth_attribute": "label"}))
    wanted = {"statistics.json", "constraints.json", "model_quality_baseline.json"}
    cases.check("model-quality baseline: files", wanted <= set(baseline.output_names()), baseline.output_names())
    for name, broken in (("good model", False), ("broken model", True)):
        merge = job("merge-" + str(broken))
        merge.write_captures_and_labels(broken=broken)
        ended_well(f"{name}, merge", run(merge, merge.merge_environment()))
        merged = merge.merged_lines()
        cases.equal(f"{name}, merge: every request has its label", len(merged), REQUESTS)
        cases.check(f"{name}, merge: records hold both", all({"captureData", "groundTruthData", "eventMetadata"} <= set(r) for r in merged))
        analysis = job("analysis-" + str(broken))
        analysis.use_quality_baseline(baseline)
        analysis.take_merged(merge)
        ended_well(f"{name}, analysis", run(analysis, analysis.quality_environment()))
        metrics = json.loads(analysis.read("processing/output/statistics.json"))["binary_classification_metrics"]
        cases.equal(f"{name}, analysis: every row is counted", sum(sum(r.values()) for r in metrics["confusion_matrix"].values()), REQUESTS)
        cases.equal(f"{name}, analysis: accuracy is violated", "accuracy" in analysis.metric_violations() and metrics["accuracy"]["value"] < 0.65, broken)
        names = {json.loads(line)["MetricName"] for line in analysis.read("output/metrics/cloudwatch/cloudwatch_metrics.jsonl").splitlines()}
        cases.check(f"{name}, analysis: metrics", {"accuracy", "auc", "true_positive_rate"} <= names, names)
        joined = job("joined-" + str(broken))
        joined.use_quality_baseline(baseline)
        joined.write_captures_and_labels(broken=broken)
        ended_well(f"{name}, joined by the run", run(joined, joined.quality_environment(joined=True), from_config_only=True))
        cases.equal(f"{name}, joined by the run: the same violations", joined.metric_violations(), analysis.metric_violations())


def check_bias(cases, scratch):
    """A job whose image finds its role by itself, without an argument: a baseline, then two runs on merged records."""
    def job(name):
        return ModelQualityJob(os.path.join(scratch, "bias-" + name))

    baseline = job("baseline")
    baseline.write_analysis_config(
        dataset_type="text/csv", headers=["age", "region", "plan", "label", "prediction"], predicted_label="prediction")
    baseline.write_people()
    done = run(baseline, {"output_path": "/opt/ml/processing/output"})
    cases.equal("bias baseline: exit code" + ("" if done.returncode == 0 else f" ({done.stderr[-400:]})"), done.returncode, 0)
    cases.equal("bias baseline: files", baseline.output_names(), ["analysis.json", "model_monitor_report.json"])
    for name, unfair in (("as before", False), ("unfair", True)):
        monitored = job("unfair" if unfair else "fair")
        monitored.write_analysis_config()
        monitored.write_people(unfair=unfair, merged=True)
        monitored.write("processing/baseline/constraints/analysis.json", baseline.read("processing/output/analysis.json"))
        done = run(monitored, monitored.bias_environment() | {"MODEL_MONITOR_VERDICT": "statistical"})
        cases.equal(f"bias, {name}: exit code" + ("" if done.returncode == 0 else f" ({done.stderr[-400:]})"), done.returncode, 0)
        found = monitored.metric_violations()
        cases.check(f"bias, {name}: violations", ({"DI", "DPPL", "RD"} <= found) if unfair else not found, found)
        names = {json.loads(line)["MetricName"] for line in monitored.read("output/metrics/cloudwatch/cloudwatch_metrics.jsonl").splitlines()}
        cases.check(f"bias, {name}: metrics", {"bias_metric_DI", "bias_metric_CI"} <= names, names)


def check_attribution(cases, scratch):
    """A job without arguments that asks a model on this machine: a baseline, an hour as before, one without a feed."""
    def job(name, **more):
        made = AttributionJob(os.path.join(scratch, "attribution-" + name))
        made.write_attribution_config(**more)
        return made

    def ended_well(name, done):
        cases.equal(f"{name}: exit code" + ("" if done.returncode == 0 else f" ({done.stderr[-400:]})"), done.returncode, 0)

    with ModelServer() as model:
        asked = {"MODEL_MONITOR_MODEL_URL": model.url}
        baseline = job("baseline", dataset_type="text/csv")
        expected = mean_effects(baseline.write_applicants())
        done = run(baseline, asked | {"output_path": "/opt/ml/processing/output"}, network=NETWORK_OF_HOST)
        ended_well("attribution baseline", done)
        cases.equal("attribution baseline: files", baseline.output_names(), ["analysis.json", "model_monitor_report.json"])
        cases.equal("attribution baseline: attributions are those of the model", baseline.differs_from(expected), None)
        cases.check("attribution baseline: the model was asked", model.rows_asked > 500, model.rows_asked)
        for drifted, verdict in ((False, "aws"), (True, "aws"), (False, "statistical"), (True, "statistical")):
            name = f"attribution, {'a feed is down' if drifted else 'as before'}, {verdict}"
            hour = job(f"{drifted}-{verdict}")
            expected = mean_effects(hour.write_applications(drifted=drifted))
            hour.write("processing/baseline/constraints/analysis.json", baseline.read("processing/output/analysis.json"))
            environment = hour.attribution_environment() | asked | {"MODEL_MONITOR_VERDICT": verdict}
            ended_well(name, run(hour, environment, network=NETWORK_OF_HOST))
            check_attribution_hour(cases, hour, name, verdict, drifted)
            cases.equal(f"{name}: attributions are those of the model", hour.differs_from(expected), None)
    check_model_is_down(cases, hour, asked)


def check_attribution_hour(cases, hour, name, verdict, drifted):
    violations = json.loads(hour.read("processing/output/constraint_violations.json"))["violations"]
    if verdict == "aws":
        found = [(v["label"], v["constraint_check_type"], v["description"].split(" 0.")[0]) for v in violations]
        wanted = [(OUTPUT, "feature_attribution_drift_check", "Feature attribution drift")] if drifted else []
    else:
        found, wanted = {v.get("feature_name") for v in violations}, {"balance", None} if drifted else set()
    cases.equal(f"{name}: violations", found, wanted)
    outcome = "CompletedWithViolations: " if drifted else "Completed: "
    cases.check(f"{name}: message", hour.message().startswith(outcome), hour.message())
    lines = [json.loads(line) for line in hour.read("output/metrics/cloudwatch/cloudwatch_metrics.jsonl").splitlines()]
    names = {line["MetricName"] for line in lines}
    cases.check(f"{name}: metrics", {"ExpectedValue", *(f"feature_{feature}" for feature in FEATURES)} <= names, names)


def check_model_is_down(cases, hour, asked):
    """The results of the run before stay as they are, whole."""
    before = {name: hour.read(f"processing/output/{name}") for name in hour.output_names()}
    done = run(hour, hour.attribution_environment() | asked, network=NETWORK_OF_HOST)
    cases.equal("attribution, the model is down: exit code", done.returncode, 4)
    cases.check("attribution, the model is down: the message names it", "MM-MODEL-001" in hour.message(), hour.message())
    after = {name: hour.read(f"processing/output/{name}") for name in hour.output_names()}
    changed = sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
    cases.equal("attribution, the model is down: nothing new but the report, which says why", changed, ["model_monitor_report.json"])
    report = json.loads(after["model_monitor_report.json"])
    cases.equal("attribution, the model is down: the report's error", report["error"]["code"], "MM-MODEL-001")


def check_all(cases, scratch):
    def job(name):
        return ProcessingJob(os.path.join(scratch, name))

    baseline = job("baseline")
    check_baseline(cases, baseline)

    def monitored(name):
        made = job(name)
        made.use_baseline(baseline)
        made.write_captured_hour(HEALTHY_HOUR)
        return made

    for name, hour, expected, from_config_only in (
        ("healthy hour", HEALTHY_HOUR, set(), False), ("drifted hour", DRIFTED_HOUR, DRIFTED_CHECKS, True)
    ):
        both_hours = monitored(name)
        both_hours.write_captured_hour(DRIFTED_HOUR, drifted=True)
        check_hour(cases, both_hours, hour, name, expected, from_config_only)
    check_bad_input(cases, monitored("bad"))
    check_misconfigured(cases, monitored("misconfigured"))
    check_empty_hour(cases, monitored("empty"))
    check_model_quality(cases, scratch)
    check_bias(cases, scratch)
    check_attribution(cases, scratch)
    check_stop(cases, monitored("stop"))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("binary", help="a model-monitor made on this machine")
    arguments = parser.parse_args()
    if not engine_answers():
        print("skipped: no Docker engine answers here")
        return 0
    cases = Cases()
    before = set(docker("image", "ls", "--all", "--quiet").stdout.split())
    code, error = make_builder_image(arguments.binary)
    cases.check("the builder's stand-in is made", code == 0, error)
    built = build_image(arguments.binary)
    cases.check("the Dockerfile builds", built.returncode == 0, (built.stdout + built.stderr)[-1500:])
    if built.returncode == 0:
        check_image(cases)
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
            try:
                check_all(cases, scratch)
            except (OSError, ValueError, KeyError) as error:
                cases.check("the test runs to its end", False, repr(error))
    # The classic builder keeps an image of every step. Those that were there before are somebody's.
    steps = [image for image in re.findall(r"^ ---> ([0-9a-f]{12})$", built.stdout, re.MULTILINE) if image not in before]
    for image in [IMAGE, *reversed(steps), BUILDER]:
        docker("rmi", image)
    return cases.finish()


if __name__ == "__main__":
    sys.exit(main())
