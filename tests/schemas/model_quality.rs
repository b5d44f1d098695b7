//! The schemas of model quality.

use model_monitor::error;
use model_monitor::judge::quality;
use model_monitor::measure::concept::ConceptChange;
use model_monitor::measure::quality::{Metric, Predictions, Quality};
use model_monitor::names::file;
use model_monitor::pairing::JoinCounts;
use model_monitor::profile::{OutcomeAccount, Problem};
use model_monitor::report::{LabelAccount, ModelQualityBaseline, ModelQualityResults, Values, Warning};
use model_monitor::wire::model_quality::constraints;

use super::*;

#[path = "../support/quality.rs"]
mod example;
#[path = "../support/quality_limits.rs"]
mod limits_of;

fn predictions() -> Predictions {
    let unknown = Metric { value: Err(Undefined::Empty), interval: None, ..example::metric("auc", 0.0) };
    Predictions {
        n: 300,
        drift: vec![example::metric("population_stability", 0.1), Metric { name: "other", ..unknown.clone() }],
        estimated: vec![example::metric("accuracy", 0.75), unknown],
        not_estimated: None,
    }
}

/// A change beyond chance, and a feature that is not there.
fn concept() -> Vec<ConceptChange> {
    let violated = ConceptChange {
        feature: "x".to_owned(),
        n: 190,
        baseline_n: 200,
        value: Ok(0.3),
        p_value: Ok(1e-12),
        conditional_entropy: Ok(0.9),
        baseline_conditional_entropy: Ok(0.4),
    };
    let absent = Err(Undefined::Absent);
    let other = ConceptChange { feature: "y".to_owned(), n: 0, value: absent, p_value: absent, ..violated.clone() };
    vec![violated, ConceptChange { conditional_entropy: absent, ..other }]
}

/// A join that balances.
fn pairs() -> JoinCounts {
    let pairs = JoinCounts {
        n_captures: 11,
        n_captures_other_variant: 1,
        n_labels: 9,
        n_matched: 7,
        n_captures_without_label: 3,
        n_labels_used: 7,
        n_labels_without_capture: 2,
        n_rows_labelled: 7,
        delays: [1, 2, 0, 0, 0, 0, 0, 0, 3],
        n_delays_unknown: 1,
        ..JoinCounts::default()
    };
    assert_eq!(pairs.imbalance(), None);
    pairs
}

fn warnings() -> Vec<Warning> {
    let values = vec!["0".to_owned(), "1".to_owned()];
    vec![Warning {
        code: error::LABELS_DO_NOT_MATCH.code,
        title: error::LABELS_DO_NOT_MATCH.title,
        detail: "1 of 3 labels is ever predicted".to_owned(),
        values: vec![Values { name: "predictions".to_owned(), values }],
    }]
}

fn labelled() -> Account {
    let labels = LabelAccount { dataset: account().dataset, pairs: pairs() };
    Account { labels: Some(labels), ..account() }
}

fn results(problem: Problem, is_monitoring: bool) -> ModelQualityResults {
    let measured = example::example(problem);
    let (limits, baseline) = (limits_of::strict(&measured), limits_of::baseline(&measured));
    ModelQualityResults {
        problem,
        predictions: predictions(),
        concept: if is_monitoring { concept() } else { Vec::new() },
        suggested: quality::suggest(&measured),
        quality: measured,
        remembered: (!is_monitoring).then(|| baseline.clone()),
        redact: false,
        baseline: is_monitoring.then_some(ModelQualityBaseline { constraints: limits, profile: Some(baseline) }),
    }
}

fn our_files(problem: Problem, is_monitoring: bool, verdict: Verdict, layout: Layout) -> Vec<Artifact> {
    let results = results(problem, is_monitoring);
    let judgement = results.judge();
    if is_monitoring {
        assert!(!judgement.aws.is_empty() && judgement.statistical().is_some_and(|found| !found.is_empty()));
    }
    let account = if is_monitoring { labelled() } else { account() };
    let run = Run {
        window: Window { start: Some(0), end: is_monitoring.then_some(3_600_000) },
        job: &Job::default(),
        account: &account,
        verdict,
        warnings: &warnings(),
        segments: &segments(),
        layout,
        evaluation_time: 3_600_007,
    };
    let outcome = Outcome::of(results.n_used(&account), judgement.chosen(verdict).len());
    report::artifacts(&run, &results, &judgement, outcome)
}

fn schema_of(name: &str) -> &'static str {
    match name {
        file::STATISTICS => "model_quality_statistics",
        file::CONSTRAINTS => "model_quality_constraints",
        file::QUALITY_BASELINE => "model_quality_baseline",
        file::REPORT => "model_monitor_report",
        file::CONSTRAINT_VIOLATIONS | file::CONSTRAINTS_VIOLATIONS => "model_quality_violations",
        other => panic!("{other} has no schema"),
    }
}

#[test]
fn files_of_model_quality_are_valid() {
    for problem in Problem::ALL {
        for (is_monitoring, n_files) in [(true, 5), (false, 4)] {
            for (verdict, layout) in [(Verdict::Aws, Layout::Aws2021), (Verdict::Statistical, Layout::Aws2024)] {
                let files = our_files(problem, is_monitoring, verdict, layout);
                assert_eq!(files.len(), n_files);
                for artifact in files {
                    check_valid(schema_of(&artifact.name), &artifact.name, &parsed(&artifact));
                }
            }
        }
    }
}

#[test]
fn files_without_a_labelled_row_are_valid() {
    let problem = Problem::MulticlassClassification;
    let mut empty = results(problem, true);
    empty.quality = Quality {
        n: 0,
        account: OutcomeAccount::default(),
        metrics: Vec::new(),
        more_metrics: Vec::new(),
        confusion: None,
        classes: Vec::new(),
        ..empty.quality
    };
    empty.suggested.limits.clear();
    let files = written(&empty, &empty.judge(), Verdict::Aws, &account(), Layout::Aws2024);
    for artifact in &files {
        check_valid(schema_of(&artifact.name), &artifact.name, &parsed(artifact));
    }
    assert_eq!(parsed(&files[2])["outcome"], json!("NoData"));
}

#[test]
fn the_report_of_a_merge_is_valid() {
    let bytes = report::merge_report(Outcome::Completed, Window::default(), &Job::default(), &labelled(), &[]);
    let report: Value = serde_json::from_slice(&bytes).unwrap();
    check_valid("model_monitor_report", "a merge", &report);
    assert_eq!((&report["monitor"], &report["outcome"]), (&json!("merge"), &json!("Completed")));
}

#[test]
fn reports_that_name_no_monitor_are_of_data_quality() {
    let mut report = parsed(&super::our_files(Layout::Aws2024)[2]);
    assert_eq!(report.as_object_mut().unwrap().remove("monitor"), Some(json!("data_quality")));
    check_valid("model_monitor_report", "an old report", &report);
}

#[test]
fn metrics_of_model_quality_are_valid() {
    let results = results(Problem::BinaryClassification, true);
    let dimensions = Dimensions { schedule: None, ..DIMENSIONS };
    let (artifact, skipped) = cloudwatch_artifact(dimensions, &labelled(), &results, 2);
    assert_eq!(skipped.iter().map(|one| one.metric.as_str()).collect::<Vec<_>>(), ["false_negative_rate"]);
    let text = String::from_utf8(artifact.expect("metrics").bytes).unwrap();
    assert_eq!(text.lines().count(), 4 + 16, "{text}");
    for line in text.lines() {
        check_valid("cloudwatch_metrics", line, &serde_json::from_str(line).unwrap());
    }
}

#[test]
fn broken_variants_of_model_quality_files_are_refused() {
    let monitored = our_files(Problem::BinaryClassification, true, Verdict::Aws, Layout::Aws2024);
    let baseline = our_files(Problem::BinaryClassification, false, Verdict::Aws, Layout::Aws2024);
    let of_report = &monitored[2];
    let broken = [
        (&monitored[0], "/binary_classification_metrics/auc/value", json!("high")),
        (&monitored[0], "/binary_classification_metrics/auc/standard_deviation", json!(-1)),
        (&monitored[0], "/binary_classification_metrics/confusion_matrix/0/0", json!(1.5)),
        (&monitored[0], "/binary_classification_metrics/precision_recall_curve/recalls/0", json!(2)),
        (&monitored[0], "/dataset/evaluation_time", json!("yesterday")),
        (&monitored[0], "/dataset/item_count", json!(null)),
        (&monitored[1], "/binary_classification_constraints/auc/threshold", json!("high")),
        (&monitored[1], "/binary_classification_constraints/auc/comparison_operator", json!("Below")),
        (&monitored[1], "/binary_classification_constraints", json!([])),
        (&monitored[4], "/violations/0/metric_name", json!("")),
        (&monitored[4], "/violations/0/constraint_check_type", json!("data_type_check")),
        (&baseline[2], "/problem_type", json!("Clustering")),
        (&baseline[2], "/version", json!(2)),
        (&baseline[2], "/metrics/0/value", json!(null)),
        (&baseline[2], "/scores/0/numbers/edges/0", json!("NaN")),
        (&baseline[2], "/calibration/0/points/0/probability", json!(2)),
        (of_report, "/monitor", json!("fairness")),
        (of_report, "/verdict", json!("mine")),
        (of_report, "/quality/metrics/0/value", json!(null)),
        (of_report, "/quality/metrics/7/value", json!(0.0)),
        (of_report, "/quality/metrics/0/interval", json!([0.1])),
        (of_report, "/quality/metrics/0/test/outcome", json!("fine")),
        (of_report, "/quality/metrics/0/test/p", json!(2)),
        (of_report, "/quality/confusion/counts/0/0", json!(-1)),
        (of_report, "/quality/predictions/estimated/1/value", json!(0.0)),
        (of_report, "/join/delays/0/under_hours", json!(0)),
        (of_report, "/join/labelled_share", json!(1.5)),
        (of_report, "/label_ledger/samples/0/line", json!(0)),
        (of_report, "/warnings/0/values/0/values/0", json!(1)),
        (of_report, "/findings/statistical/0/value", json!("NaN")),
    ];
    for (artifact, pointer, replacement) in broken {
        let mut value = parsed(artifact);
        *value.pointer_mut(pointer).unwrap_or_else(|| panic!("{pointer} in {}", artifact.name)) = replacement.clone();
        check_invalid(schema_of(&artifact.name), &format!("{pointer} = {replacement}"), &value);
    }
}

#[test]
fn schema_and_reader_of_constraints_agree() {
    let less = "LessThanThreshold";
    let of = |limit: Value| json!({"regression_constraints": {"mae": limit}});
    let cases = [
        (of(json!({"threshold": 1, "comparison_operator": less})), true),
        (of(json!({"threshold": " 1.5e-3 ", "comparison_operator": "greaterthanthreshold", "note": 1})), true),
        (of(json!({"threshold": "NaN", "comparison_operator": less})), true),
        (of(json!({"threshold": null, "comparison_operator": less})), true),
        (of(json!({"comparison_operator": less})), true),
        (of(json!(null)), true),
        (json!({"regression_constraints": {}}), true),
        (of(json!({"threshold": 1})), false),
        (of(json!({"threshold": 1, "comparison_operator": "LessThan"})), false),
        (of(json!({"threshold": "", "comparison_operator": less})), false),
        (of(json!({"threshold": true, "comparison_operator": less})), false),
        (of(json!(1)), false),
        (json!({"regression_constraints": []}), false),
        (json!({"regression_constraints": {}, "binary_classification_constraints": {}}), false),
        (json!({"regression_constraints": {}, "monitoring_config": {}}), false),
        (json!({"features": []}), false),
        (json!({}), false),
    ];
    for (value, expected) in cases {
        assert_eq!(validator("model_quality_constraints").is_valid(&value), expected, "the schema on {value}");
        assert_eq!(constraints::read(value.to_string().as_bytes()).is_ok(), expected, "the reader on {value}");
    }
}

#[test]
fn ground_truth_is_a_record_or_an_array_of_them() {
    let record = json!({"groundTruthData": {"data": "1", "encoding": "CSV"}, "eventMetadata": {"eventId": "a"}, "eventVersion": "0"});
    let without_id = json!({"groundTruthData": {"data": "1", "encoding": "CSV"}, "eventMetadata": {}});
    let cases = [
        (&record, true),
        (&json!([record, record]), true),
        (&without_id, false),
        (&json!([without_id]), false),
        (&json!({"eventMetadata": {"eventId": "a"}}), false),
    ];
    for (value, expected) in cases {
        assert_eq!(validator("ground_truth_record").is_valid(value), expected, "{value}");
    }
}
