//! The schemas of attributions.

use model_monitor::measure::attribution::{AttributionComparison, Coverage, Method};
use model_monitor::names::file;
use model_monitor::report::{AttributionResults, ModelCalls};
use model_monitor::wire::clarify::explanations;

use super::*;

#[path = "../support/attribution.rs"]
mod example;

fn our_files(is_monitoring: bool, coverage: Option<Coverage>) -> Vec<Artifact> {
    let (explained, drifts) = (example::example(), example::drifts());
    let results = AttributionResults {
        explanations: coverage.map(|_| explained.clone()),
        coverage,
        calls: is_monitoring.then(ModelCalls::default),
        reference_features: explained.statistics.features,
        made_reference_rows: false,
        local: None,
        baseline: is_monitoring.then(example::baseline),
        comparison: AttributionComparison { drifts, ..AttributionComparison::default() },
    };
    let judgement = if is_monitoring { example::judgement() } else { Judgement::default() };
    written(&results, &judgement, Verdict::Statistical, &account(), Layout::Aws2024)
}

fn schema_of(name: &str) -> &'static str {
    match name {
        file::ANALYSIS => "analysis",
        file::REPORT => "model_monitor_report",
        file::CONSTRAINT_VIOLATIONS | file::CONSTRAINTS_VIOLATIONS => "attribution_violations",
        other => panic!("{other} has no schema"),
    }
}

#[test]
fn files_of_attributions_are_valid() {
    let captured = Coverage { n_rows: 500, n_explained: 400, n_refused: 0, method: Method::Captured };
    let shap = example::kernel_shap();
    for (is_monitoring, coverage, n_files) in
        [(true, Some(shap), 4), (false, Some(shap), 2), (true, Some(captured), 4), (true, None, 4), (false, None, 2)]
    {
        let files = our_files(is_monitoring, coverage);
        assert_eq!(files.len(), n_files);
        for artifact in &files {
            check_valid(schema_of(&artifact.name), &artifact.name, &parsed(artifact));
        }
    }
}

#[test]
fn metrics_of_attributions_are_valid() {
    let results = AttributionResults {
        explanations: Some(example::example()),
        baseline: Some(Vec::new()),
        ..AttributionResults::default()
    };
    let (artifact, skipped) = cloudwatch_artifact(DIMENSIONS, &account(), &results, 2);
    assert_eq!(skipped.len(), 2, "a name that is not ASCII, of two outputs");
    let text = String::from_utf8(artifact.expect("metrics").bytes).unwrap();
    assert_eq!(text.lines().count(), 3 + 4 + 1);
    for line in text.lines() {
        check_valid("cloudwatch_metrics", line, &serde_json::from_str(line).unwrap());
    }
}

#[test]
fn broken_variants_of_files_of_attributions_are_refused() {
    let files = our_files(true, Some(example::kernel_shap()));
    let label = "/explanations/kernel_shap/label0";
    let details = format!("{label}/model_monitor_attributions");
    let output = "/attribution/outputs/0";
    let broken = [
        ("analysis", 0, format!("{label}/global_shap_values/age"), json!("0.1")),
        ("analysis", 0, format!("{label}/global_shap_values/age"), json!(null)),
        ("analysis", 0, format!("{label}/global_shap_values"), json!([])),
        ("analysis", 0, format!("{label}/expected_value"), json!("high")),
        ("analysis", 0, format!("{details}/n"), json!(-1)),
        ("analysis", 0, format!("{details}/aggregation"), json!("mean")),
        ("analysis", 0, format!("{details}/features/age/variance_abs"), json!(-1.0)),
        ("analysis", 0, format!("{details}/noise_floor/n"), json!(null)),
        ("analysis", 0, "/explanations/pdp/0/data_type".to_owned(), json!("text")),
        ("analysis", 0, "/explanations/pdp/0/model_predictions".to_owned(), json!([0.5])),
        ("analysis", 0, "/explanations/model_monitor_reference_rows/rows/0/0".to_owned(), json!(30)),
        ("model_monitor_report", 1, "/monitor".to_owned(), json!("shap")),
        ("model_monitor_report", 1, "/attribution/coverage/method".to_owned(), json!("captured")),
        ("model_monitor_report", 1, "/attribution/coverage/seed".to_owned(), json!(null)),
        ("model_monitor_report", 1, "/attribution/aggregation".to_owned(), json!("mean")),
        ("model_monitor_report", 1, format!("{output}/drift/ndcg/value"), json!(null)),
        ("model_monitor_report", 1, format!("{output}/drift/share_distance/value"), json!(0.0)),
        ("model_monitor_report", 1, format!("{output}/drift/violated"), json!("no")),
        ("model_monitor_report", 1, format!("{output}/features/3/value"), json!(0.0)),
        ("model_monitor_report", 1, format!("{output}/features/0/test/p"), json!(1.5)),
        ("model_monitor_report", 1, format!("{output}/magnitude_test/outcome"), json!("fine")),
        ("model_monitor_report", 1, format!("{output}/expected_value"), json!("NaN")),
        ("attribution_violations", 2, "/violations/0/label".to_owned(), json!(0)),
        ("attribution_violations", 2, "/violations/0/feature_name".to_owned(), json!(null)),
        ("attribution_violations", 2, "/violations/0/constraint_check_type".to_owned(), json!("bias_drift_check")),
        ("attribution_violations", 2, "/violations".to_owned(), json!({})),
    ];
    for (schema, i, pointer, replacement) in broken {
        let mut value = parsed(&files[i]);
        *value.pointer_mut(&pointer).unwrap_or_else(|| panic!("{pointer} in {schema}")) = replacement.clone();
        check_invalid(schema, &format!("{pointer} = {replacement}"), &value);
    }
}

#[test]
fn schema_and_reader_of_explanations_agree() {
    let explained = |label: Value| json!({"version": "1.0", "explanations": {"kernel_shap": {"label0": label}}});
    let values = json!({"a": 0.5, "b": 0});
    let details =
        |details: Value| explained(json!({"global_shap_values": {"a": 1.0}, "model_monitor_attributions": details}));
    let cases = [
        (explained(json!({"global_shap_values": values, "expected_value": 0.5})), true),
        (explained(json!({"global_shap_values": values})), true),
        (explained(json!({"global_shap_values": values, "global_top_shap_text": {"a": {"token": 1.0}}})), true),
        (details(json!({"n": 3, "aggregation": "median", "features": {}})), true),
        (
            details(json!({"n": 3, "aggregation": "mean_sq", "method": "captured", "features":
            {"a": {"mean_abs": null, "variance_abs": 0.5}}, "noise_floor": {"ndcg": 0.5, "n": 2}})),
            true,
        ),
        (explained(json!({})), false),
        (explained(json!({"global_shap_values": {"a": "NaN"}})), false),
        (explained(json!({"global_shap_values": {"a": null}})), false),
        (explained(json!({"global_shap_values": {"a": true}})), false),
        (details(json!({"n": 3, "features": {}})), false),
        (details(json!({"n": 3, "aggregation": "mean", "features": {}})), false),
        (details(json!({"n": 3.5, "aggregation": "median", "features": {}})), false),
        (
            details(json!({"n": 3, "aggregation": "median", "features": {"a": {"mean_abs": -1, "variance_abs": 1}}})),
            false,
        ),
        (details(json!({"n": 3, "aggregation": "median", "features": {}, "noise_floor": {"ndcg": 1}})), false),
    ];
    for (value, expected) in cases {
        assert_eq!(validator("analysis").is_valid(&value), expected, "the schema on {value}");
        let read = explanations::read(value.to_string().as_bytes());
        assert_eq!(read.is_ok(), expected, "the reader on {value}: {read:?}");
    }
}

#[test]
fn the_documented_violation_is_valid() {
    let documented = json!({"version": "1.0", "violations": [{
        "label": "label0",
        "metric_name": "shap",
        "constraint_check_type": "feature_attribution_drift_check",
        "description": "Feature attribution drift 0.7639720923277322 exceeds threshold 0.9",
    }]});
    check_valid("attribution_violations", "the documented violation", &documented);
}
