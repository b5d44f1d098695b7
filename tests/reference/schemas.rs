//! AWS's files held against the schemas.

use model_monitor::wire::clarify::{analysis, explanations};
use serde_json::{Value, json};

use crate::folder::Reference;

#[path = "../support/schema.rs"]
mod schema;

use schema::{check_invalid, check_valid};

/// What this file tests.
pub const TESTS: &[crate::Test] = tests!["cases/aws" => [
    awss_real_files_are_valid,
    files_of_other_monitors_are_refused,
    analyses_are_valid_and_read,
    displayed_files_of_model_quality_are_valid,
]];

fn awss_real_files_are_valid(reference: &Reference) {
    let files = [
        ("statistics", "churn-2021-baseline/statistics.truncated.json"),
        ("statistics", "cookbook-2021-baseline-and-monitor/baseline.statistics.json"),
        ("statistics", "cookbook-2021-baseline-and-monitor/monitor.statistics.json"),
        ("statistics", "housing-2024-statistics-only/statistics.json"),
        ("statistics", "sdk-test-2019-old-wording/statistics.json"),
        ("constraints", "churn-2021-baseline/constraints.json"),
        ("constraints", "cookbook-2021-baseline-and-monitor/baseline.constraints.json"),
        ("constraints", "cookbook-2021-baseline-and-monitor/monitor.constraints.effective.json"),
        ("constraints", "housing-2024-statistics-only/constraints.json"),
        ("constraint_violations", "abalone-drift-distances/constraint_violations.json"),
        ("constraint_violations", "cookbook-2021-baseline-and-monitor/monitor.constraint_violations.json"),
        ("constraint_violations", "nutriscore-regression/data_quality.violations.json"),
        ("constraint_violations", "sdk-test-2019-old-wording/constraint_violations.json"),
        ("merged_record", "adult-2024-bias-batch/merged.record.last.json"),
    ];
    for (schema, path) in files {
        check_valid(schema, path, &reference.json(&format!("cases/aws/{path}")));
    }
    for name in ["csv-endpoint-capture.jsonl", "json-endpoint-capture.jsonl"] {
        let text = reference.text(&format!("cases/aws/capture-and-groundtruth/{name}"));
        let mut n_records = 0;
        for line in text.lines().filter(|line| !line.trim().is_empty()) {
            check_valid("capture_record", name, &serde_json::from_str(line).unwrap());
            n_records += 1;
        }
        assert!(n_records > 0, "{name}");
    }
}

fn files_of_other_monitors_are_refused(reference: &Reference) {
    let files = [
        ("constraints", "adult-2024-bias-batch/baseline.analysis.json"),
        ("constraint_violations", "adult-2024-bias-batch/constraint_violations.json"),
    ];
    for (schema, path) in files {
        check_invalid(schema, path, &reference.json(&format!("cases/aws/{path}")));
    }
}

fn analyses_are_valid_and_read(reference: &Reference) {
    for path in [
        "adult-2024-bias-batch/baseline.analysis.json",
        "clarify-analysis-outputs/bias_1.analysis.json",
        "clarify-analysis-outputs/bias_2.analysis.json",
        "clarify-analysis-outputs/explainability.analysis.json",
    ] {
        let file = format!("cases/aws/{path}");
        check_valid("analysis", path, &reference.json(&file));
        let read = analysis::read(&reference.bytes(&file));
        assert_eq!(read.is_ok(), !path.contains("explainability"), "{path}: {read:?}");
    }
    let bytes = reference.bytes("cases/aws/clarify-analysis-outputs/explainability.analysis.json");
    assert_eq!(explanations::read(&bytes).unwrap().outputs[0].features.len(), 45);
    let published = reference.json("cases/aws/adult-2024-bias-batch/constraint_violations.json");
    check_valid("bias_violations", "the published violations", &published);
    assert_eq!(published["violations"].as_array().map(Vec::len), Some(8));
}

/// A file as a notebook displayed it: dotted keys, of which long ones are cut, and values as texts.
fn displayed(reference: &Reference, path: &str) -> Vec<(String, String)> {
    let Value::Object(lines) = reference.json(path) else { panic!("{path} is no object") };
    lines.into_iter().map(|(key, value)| (key, value.as_str().unwrap_or_default().to_owned())).collect()
}

fn displayed_files_of_model_quality_are_valid(reference: &Reference) {
    for case in [
        "churn-2021-model-quality",
        "hearing-model-quality-no-probability",
        "internet-churn-2024",
        "model-quality-2024",
        "model-quality-2025",
        "model-quality-n187",
        "nutriscore-regression",
    ] {
        let path = |name: &str| format!("cases/aws/{case}/{name}");
        let problem = if case.contains("regression") { "regression" } else { "binary_classification" };
        let mut metrics = json!({});
        for (key, text) in displayed(reference, &path("statistics.as_displayed.json")) {
            let parts: Vec<&str> = key.split('.').filter(|part| !part.is_empty()).collect();
            match (parts.as_slice(), text.parse::<f64>()) {
                (["confusion_matrix", actual, predicted], Ok(count)) => {
                    metrics["confusion_matrix"][actual][predicted] = json!(count as u64);
                }
                ([metric, "value"], Ok(value)) => metrics[metric] = json!({"value": value, "standard_deviation": null}),
                _ => {}
            }
        }
        let statistics = json!({"dataset": {"item_count": 0}, (format!("{problem}_metrics")): metrics});
        check_valid("model_quality_statistics", case, &statistics);
        let mut limits = reference.json(&path("constraints.as_displayed.json"));
        for limit in limits.as_object_mut().unwrap().values_mut() {
            limit["threshold"] = limit["threshold_as_displayed"].take();
        }
        let constraints = json!({(format!("{problem}_constraints")): limits});
        check_valid("model_quality_constraints", case, &constraints);
        let violations = path("monitor.violations.first10.json");
        if reference.has(&violations) {
            check_valid("model_quality_violations", case, &json!({"violations": reference.json(&violations)}));
        }
    }
    let labels = reference.text("cases/aws/capture-and-groundtruth/batch-ground-truth.jsonl");
    for line in labels.lines() {
        check_valid("ground_truth_record", "batch ground truth", &serde_json::from_str(line).unwrap());
    }
}
