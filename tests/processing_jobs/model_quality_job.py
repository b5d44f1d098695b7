"""Processing jobs of the model-quality monitor and of the merge before it, and made-up data to put there."""

import json
import os
import random
import shutil
import uuid

from processing_job import ENDPOINT, HEALTHY_HOUR, SCHEDULE, ProcessingJob

MERGE_FORMAT = '{"sagemakerMergeJson":{"captureIndexNames":["endpointOutput"]}}'
#: Requests of an hour; every one has a label, and one label belongs to no request.
REQUESTS = 1000


def draw_row(draw, broken=False):
    """Score, prediction and label. Scores are calibrated; where the model is broken, every third label is turned over."""
    score = draw.random()
    label = int(draw.random() < score)
    if broken and draw.random() < 1 / 3:
        label = 1 - label
    return score, int(score > 0.5), label


class ModelQualityJob(ProcessingJob):
    """A job's folder with the mounts of the model-quality monitor."""

    def write_validation_table(self, seed=11, count=3000):
        draw = random.Random(seed)
        lines = ["probability,prediction,label"]
        lines += [f"{score:.6f},{prediction},{label}" for score, prediction, label in (draw_row(draw) for _ in range(count))]
        self.write("processing/input/baseline_dataset_input/validation.csv", "\n".join(lines) + "\n")

    def write_captures_and_labels(self, hour=HEALTHY_HOUR, broken=False):
        """The mounts of the merge job: captures of one hour, labels collected in the next."""
        draw = random.Random(100 + hour)
        captures, labels = [], []
        side = {"observedContentType": "text/csv", "encoding": "CSV"}
        for request in range(REQUESTS):
            score, prediction, label = draw_row(draw, broken)
            second = request * 3600 // REQUESTS
            metadata = {
                "eventId": str(uuid.UUID(int=draw.getrandbits(128), version=4)), "inferenceId": f"order-{hour}-{request}",
                "inferenceTime": f"2026-05-04T{hour:02}:{second // 60:02}:{second % 60:02}Z"}
            data = {"endpointInput": side | {"mode": "INPUT", "data": "1,2,3\n"},
                    "endpointOutput": side | {"mode": "OUTPUT", "data": f"{prediction},{score:.6f}"}}
            captures.append(json.dumps({"captureData": data, "eventMetadata": metadata, "eventVersion": "0"}))
            labels.append(self.label_record(metadata["inferenceId"], label))
        labels.append(self.label_record("order-of-nobody", 1))
        draw.shuffle(labels)
        self.write(f"processing/input_data/{ENDPOINT}/AllTraffic/2026/05/04/{hour:02}/00-07-123-captures.jsonl", "\n".join(captures) + "\n")
        self.write(f"processing/groundtruth/2026/05/04/{hour + 1:02}/labels.jsonl", "\n".join(labels) + "\n")

    @staticmethod
    def label_record(inference_id, label):
        return json.dumps({"groundTruthData": {"data": str(label), "encoding": "CSV"}, "eventMetadata": {"eventId": inference_id}, "eventVersion": "0"})

    def take_merged(self, merge_job):
        """Mounts what a merge job wrote where the service mounts it for the analysis."""
        shutil.copytree(merge_job.output, self.local("processing/input_data"), dirs_exist_ok=True)

    def merged_lines(self):
        lines = []
        for folder, _, names in os.walk(self.output):
            for name in sorted(names):
                with open(os.path.join(folder, name), encoding="utf-8") as file:
                    lines += file.read().splitlines()
        return [json.loads(line) for line in lines]

    def use_quality_baseline(self, job):
        for name in ("constraints.json", "model_quality_baseline.json"):
            self.write(f"processing/baseline/constraints/{name}", job.read(f"processing/output/{name}"))

    def merge_environment(self):
        """What the service gives its merge job: these three variables, no more."""
        return {
            "dataset_source": self.inside("processing/input_data"),
            "ground_truth_source": self.inside("processing/groundtruth"),
            "output_path": self.inside("processing/output"),
        }

    def quality_environment(self, hour=HEALTHY_HOUR, joined=False):
        """A scheduled execution; `joined`: captures and labels apart, joined by the run itself."""
        environment = {
            "analysis_type": "MODEL_QUALITY",
            "baseline_constraints": self.inside("processing/baseline/constraints/constraints.json"),
            "dataset_format": MERGE_FORMAT,
            "dataset_source": self.inside("processing/input_data"),
            "end_time": f"2026-05-04T{hour + 1:02}:00:00Z",
            "inference_attribute": "0",
            "metric_time": f"2026-05-04T{hour:02}:00:00Z",
            "output_path": self.inside("processing/output"),
            "probability_attribute": "1",
            "problem_type": "BinaryClassification",
            "publish_cloudwatch_metrics": "Enabled",
            "sagemaker_endpoint_name": ENDPOINT,
            "sagemaker_monitoring_schedule_name": SCHEDULE,
            "start_time": f"2026-05-04T{hour:02}:00:00Z",
        }
        if joined:
            environment |= {"ground_truth_source": self.inside("processing/groundtruth")}
        return environment

    def write_analysis_config(self, **more):
        """Where a bias job, which takes no arguments, finds what it is asked for."""
        config = {
            "version": "1.0", "headers": ["age", "region", "plan", "label"], "label": "label", "label_values_or_threshold": [1],
            "facet": [{"name_or_index": "region", "value_or_threshold": ["north"]}], "group_variable": "plan",
            "methods": {"pre_training_bias": {"methods": "all"}, "post_training_bias": {"methods": "all"}, "report": {"name": "report"}}}
        self.write("processing/input/config/analysis_config.json", json.dumps(config | more))

    def write_people(self, unfair=False, count=1500, merged=False):
        """A table, or merged records: two features, a group and predictions, which may leave one region out."""
        draw, table, records = random.Random(21), ["age,region,plan,label,prediction"], []
        for row in range(count):
            region, plan, label = draw.choice(("north", "south")), draw.choice(("basic", "plus")), draw.randint(0, 1)
            prediction = label if draw.random() < 0.8 else 1 - label
            if unfair and region == "north" and draw.random() < 0.5:
                prediction = 0
            features = f"{draw.randint(18, 80)},{region},{plan}"
            table.append(f"{features},{label},{prediction}")
            side = {"observedContentType": "text/csv", "encoding": "CSV"}
            records.append(json.dumps({
                "eventVersion": "0", "groundTruthData": {"data": str(label), "encoding": "CSV"},
                "captureData": {"endpointInput": side | {"mode": "INPUT", "data": features}, "endpointOutput": side | {"mode": "OUTPUT", "data": str(prediction)}},
                "eventMetadata": {"eventId": f"e{row}", "inferenceTime": f"2026-05-04T{HEALTHY_HOUR:02}:{row % 60:02}:00Z"}}))
        if merged:
            self.write(f"processing/input_data/{ENDPOINT}/AllTraffic/2026/05/04/{HEALTHY_HOUR:02}/part-00000.jsonl", "\n".join(records) + "\n")
        else:
            self.write("processing/input/data/people.csv", "\n".join(table) + "\n")

    def bias_environment(self):
        """What a schedule's bias job may be given; it is told that it is one by nothing but its configuration."""
        environment = self.quality_environment()
        for name in ("analysis_type", "problem_type", "probability_attribute"):
            del environment[name]
        merge_format = '{"sagemakerMergeJson":{"captureIndexNames":["endpointInput","endpointOutput"]}}'
        return environment | {"dataset_format": merge_format, "baseline_constraints": self.inside("processing/baseline/constraints/analysis.json")}

    def metric_violations(self):
        document = json.loads(self.read("processing/output/constraint_violations.json"))
        return {v["metric_name"] for v in document["violations"]}
