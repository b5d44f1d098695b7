//! AWS's files held against the schemas.

use crate::folder::Reference;

#[path = "../support/schema.rs"]
mod schema;

use schema::{check_invalid, check_valid};

/// What this file tests.
pub const TESTS: &[crate::Test] =
    tests!["cases/aws" => [awss_real_files_are_valid, files_of_other_monitors_are_refused]];

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
