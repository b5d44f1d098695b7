//! The schemas of bias.

use model_monitor::measure::bias::{Intersection, PerformanceRate};
use model_monitor::names::file;
use model_monitor::report::{BiasResults, ModelCalls, SideTableAccount};
use model_monitor::wire::clarify::analysis_config;

use super::*;

#[path = "../support/bias.rs"]
mod example;

fn our_files(is_monitoring: bool, has_rows: bool) -> Vec<Artifact> {
    let name = |facet: &str, value: &str| (facet.to_owned(), value.to_owned());
    let results = BiasResults {
        bias: has_rows.then(example::example),
        intersections: vec![Intersection {
            groups: [name("sex", "F"), name("age", "(40, 90]")],
            n: 30,
            metrics: vec![("DPPL", Ok(0.25)), ("DI", Ok(f64::INFINITY)), ("AD", Err("Facet set is empty"))],
        }],
        performance: vec![PerformanceRate { name: "Accuracy", description: "a share", value: 0.75 }],
        calls: is_monitoring.then(ModelCalls::default),
        baseline: is_monitoring.then(example::fair_baseline),
    };
    let side_table = SideTableAccount {
        dataset: DatasetAccount { place: "s3://bucket/facets".to_owned(), ..account().dataset },
        holds: "facets",
        by: "identifier",
        n: 10,
        n_matched: 7,
        n_without_row: 2,
        n_without_id: 1,
        n_joined: 9,
        n_joined_used: 6,
        n_joined_without_id: 1,
    };
    let account = Account { side_tables: vec![side_table], ..account() };
    let judgement = results.judge();
    if is_monitoring && has_rows {
        assert!(!judgement.aws.is_empty() && judgement.statistical().is_some_and(|found| !found.is_empty()));
    }
    written(&results, &judgement, Verdict::Statistical, &account, Layout::Aws2024)
}

fn schema_of(name: &str) -> &'static str {
    match name {
        file::ANALYSIS => "analysis",
        file::REPORT => "model_monitor_report",
        file::CONSTRAINT_VIOLATIONS | file::CONSTRAINTS_VIOLATIONS => "bias_violations",
        other => panic!("{other} has no schema"),
    }
}

#[test]
fn files_of_bias_are_valid() {
    for (is_monitoring, has_rows, n_files) in [(true, true, 4), (false, true, 2), (true, false, 4)] {
        let files = our_files(is_monitoring, has_rows);
        assert_eq!(files.len(), n_files);
        for artifact in &files {
            check_valid(schema_of(&artifact.name), &artifact.name, &parsed(artifact));
        }
    }
}

#[test]
fn metrics_of_bias_are_valid() {
    let (bias, baseline) = (Some(example::example()), Some(Vec::new()));
    let results = BiasResults { bias, baseline, ..BiasResults::default() };
    let (artifact, skipped) = cloudwatch_artifact(DIMENSIONS, &account(), &results, 2);
    assert_eq!(skipped, []);
    let text = String::from_utf8(artifact.expect("metrics").bytes).unwrap();
    assert_eq!(text.lines().count(), 7);
    for line in text.lines() {
        check_valid("cloudwatch_metrics", line, &serde_json::from_str(line).unwrap());
    }
}

#[test]
fn broken_variants_of_files_of_bias_are_refused() {
    let files = our_files(true, true);
    let metrics = "/post_training_bias_metrics/facets/age/0/metrics";
    let counts = "/post_training_bias_metrics/facets/age/0/model_monitor_counts";
    let broken = [
        ("analysis", 0, format!("{metrics}/0/value"), json!(null)),
        ("analysis", 0, format!("{metrics}/0/value"), json!("NaN")),
        ("analysis", 0, format!("{metrics}/2/value"), json!(0.0)),
        ("analysis", 0, format!("{metrics}/0/name"), json!("")),
        ("analysis", 0, format!("{counts}/group/true_positives"), json!(-1)),
        ("analysis", 0, format!("{counts}/rest"), json!(null)),
        ("analysis", 0, "/post_training_bias_metrics/facets".to_owned(), json!([])),
        ("analysis", 0, "/version".to_owned(), json!(1)),
        ("model_monitor_report", 1, "/monitor".to_owned(), json!("fairness")),
        ("model_monitor_report", 1, "/bias/post_training/0/metrics/0/value".to_owned(), json!(null)),
        ("model_monitor_report", 1, "/bias/post_training/0/metrics/3/value".to_owned(), json!("Infinity")),
        ("model_monitor_report", 1, "/bias/post_training/0/metrics/0/test/scale".to_owned(), json!("odds")),
        ("model_monitor_report", 1, "/bias/post_training/0/metrics/0/test/p".to_owned(), json!(1.5)),
        ("model_monitor_report", 1, "/bias/pre_training/0/group/n".to_owned(), json!(null)),
        ("model_monitor_report", 1, "/bias/missing/facet".to_owned(), json!("3")),
        ("model_monitor_report", 1, "/findings/aws/0/group".to_owned(), json!(40)),
        ("bias_violations", 2, "/violations/0/facet_value".to_owned(), json!(40)),
        ("bias_violations", 2, "/violations/0/constraint_check_type".to_owned(), json!("completeness_check")),
        ("bias_violations", 2, "/violations".to_owned(), json!({})),
    ];
    for (schema, i, pointer, replacement) in broken {
        let mut value = parsed(&files[i]);
        *value.pointer_mut(&pointer).unwrap_or_else(|| panic!("{pointer} in {schema}")) = replacement.clone();
        check_invalid(schema, &format!("{pointer} = {replacement}"), &value);
    }
}

#[test]
fn schema_and_reader_of_the_analysis_configuration_agree() {
    let cases = [
        (json!({}), true),
        (json!({"version": "1.0", "dataset_type": "Text/CSV", "headers": null}), true),
        (json!({"label": "y", "predicted_label": 3, "features": "f", "excluded_columns": ["a", 1]}), true),
        (json!({"label_values_or_threshold": 0.5, "facet": {"name_or_index": "a", "value_or_threshold": "x"}}), true),
        (json!({"facet": [{"name_or_index": 0, "value_or_threshold": [1, "a", 0.5]}], "group_variable": "g"}), true),
        (json!({"segment_config": [{"name_or_index": "a", "segments": [[1, "b"], 2]}]}), true),
        (json!({"probability_threshold": "0.7"}), true),
        (
            json!({"methods": {"pre_training_bias": {"methods": "ALL"}, "post_training_bias": {"methods": ["all"]}}}),
            true,
        ),
        (json!({"methods": {"post_training_bias": {"methods": ["DI", "te"]}, "report": {"name": "report"}}}), true),
        (json!({"methods": {"shap": {"seed": 1}, "pdp": {}}, "predictor": {"model_name": "m"}}), true),
        (json!({"facets": []}), false),
        (json!({"facet": [{"value_or_threshold": 1}]}), false),
        (json!({"facet": [{"name_or_index": "a", "value": 1}]}), false),
        (json!({"facet": [{"name_or_index": -1}]}), false),
        (json!({"headers": ["a", 1]}), false),
        (json!({"label": 1.5}), false),
        (json!({"label_values_or_threshold": [null]}), false),
        (json!({"dataset_type": "text/tsv"}), false),
        (json!({"dataset_type": "application/x-image"}), false),
        (json!({"probability_threshold": "high"}), false),
        (json!({"segment_config": [{"name_or_index": "a"}]}), false),
        (json!({"methods": {"pre_training_bias": {}}}), false),
        (json!({"methods": {"pre_training_bias": {"methods": ["DI"]}}}), false),
        (json!({"methods": {"pre_training_bias": {"methods": ["all", "CI"]}}}), false),
        (json!({"methods": {"report": {}}}), false),
        (json!({"methods": {"shap": {"text_config": {}}}}), false),
        (json!({"methods": {"asymmetric_shapley_value": {}}}), false),
        (json!({"methods": {"other": {}}}), false),
        (json!({"predictor": []}), false),
        (json!({"time_series_data_config": {}}), false),
    ];
    for (value, expected) in cases {
        check_configuration(&value, expected);
    }
}

/// Checks that schema and reader say the same of a configuration.
pub fn check_configuration(value: &Value, expected: bool) {
    assert_eq!(validator("analysis_config").is_valid(value), expected, "the schema on {value}");
    let read = analysis_config::read(&value.to_string().into_bytes());
    assert_eq!(read.is_ok(), expected, "the reader on {value}: {read:?}");
}
