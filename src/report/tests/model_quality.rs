//! Artifacts, the message and metrics of model quality, against examples.

use serde_json::{Value, json};

use super::*;
use crate::judge::quality::{self, QualityConstraints};
use crate::measure::concept::ConceptChange;
use crate::measure::quality::{ClassQuality, Confusion, Distribution, Metric, Predictions, Quality, QualityBaseline};
use crate::pairing::JoinCounts;
use crate::profile::{OutcomeAccount, Problem, Undefined};

fn metric(name: &'static str, value: Result<f64, Undefined>) -> Metric {
    Metric { name, value, standard_deviation: None, standard_error: Some(0.01), interval: Some((0.4, 0.6)), n: 100 }
}

fn measured() -> Quality {
    Quality {
        problem: Problem::BinaryClassification,
        n: 100,
        account: OutcomeAccount { n_rows: 110, n_used: 100, n_without_label: 10, ..OutcomeAccount::default() },
        metrics: vec![metric("recall", Ok(0.5)), metric("accuracy", Ok(0.5)), metric("auc", Err(Undefined::Empty))],
        more_metrics: vec![metric("log_loss", Ok(0.7))],
        confusion: None,
        curves: None,
        calibration: Vec::new(),
        classes: Vec::new(),
        residual_quantiles: Vec::new(),
    }
}

/// Recall is a little below its limit, accuracy far below, and nothing is known of the area.
fn limits() -> QualityConstraints {
    let mut limits = quality::suggest(&measured());
    (limits.limits[0].threshold, limits.limits[1].threshold) = (Some(0.51), Some(0.9));
    limits
}

fn labelled() -> Account {
    let mut pairs = JoinCounts { n_captures: 10, n_matched: 5, n_captures_without_label: 5, ..JoinCounts::default() };
    pairs.delays[8] = 5;
    let labels = LabelAccount { dataset: account().dataset, pairs };
    Account { labels: Some(labels), ..account() }
}

fn results() -> ModelQualityResults {
    ModelQualityResults {
        problem: Problem::BinaryClassification,
        quality: measured(),
        predictions: Predictions {
            n: 120,
            drift: Vec::new(),
            estimated: vec![metric("accuracy", Ok(0.8)), metric("auc", Ok(0.9))],
            not_estimated: None,
        },
        concept: Vec::new(),
        suggested: limits(),
        remembered: None,
        baseline: Some(ModelQualityBaseline { constraints: limits(), profile: None }),
        redact: false,
    }
}

fn files(results: &ModelQualityResults, verdict: Verdict) -> (Vec<Artifact>, Outcome) {
    let values = vec![Values { name: "labels".to_owned(), values: vec!["yes".to_owned()] }];
    let warning = Warning { code: "MM-QUALITY-105", title: "few", detail: "5 of 10".to_owned(), values };
    written(results, &results.judge(), (verdict, &labelled()), &[warning])
}

#[test]
fn a_baseline_job_writes_what_later_runs_compare_with() {
    let known = QualityBaseline {
        problem: Problem::BinaryClassification,
        positive_label: None,
        n: 100,
        metrics: Vec::new(),
        predictions: Distribution::Classes(Vec::new()),
        scores: Vec::new(),
        calibration: None,
        concept: None,
    };
    let (of_baseline, _) =
        files(&ModelQualityResults { remembered: Some(known), baseline: None, ..results() }, Verdict::Aws);
    assert_eq!(names(&of_baseline), [file::STATISTICS, file::CONSTRAINTS, file::QUALITY_BASELINE, file::REPORT]);
    assert_eq!(page(&of_baseline)["findings"], json!({"aws": [], "statistical": []}));
    let (monitored, _) = files(&results(), Verdict::Aws);
    let last = [file::REPORT, file::CONSTRAINTS_VIOLATIONS, file::CONSTRAINT_VIOLATIONS];
    assert_eq!(names(&monitored)[2..], last);
    assert_eq!(monitored[3].bytes, monitored[4].bytes);
}

#[test]
fn the_verdict_chooses_the_violations_and_the_report_tells_both() {
    for (verdict, expected) in [(Verdict::Aws, &["accuracy", "recall"][..]), (Verdict::Statistical, &["accuracy"])] {
        let (files, outcome) = files(&results(), verdict);
        let names: Vec<Value> = violations(&files).iter().map(|violation| violation["metric_name"].clone()).collect();
        assert_eq!(names, expected);
        assert_eq!(outcome, Outcome::CompletedWithViolations);
        let page = page(&files);
        assert_eq!((&page["monitor"], &page["verdict"]), (&json!("model_quality"), &json!(verdict.name())));
        assert_eq!(page["outcome"], "CompletedWithViolations");
        assert_eq!(
            members(&page["findings"]["aws"], &["measure", "feature"]),
            [json!(["accuracy", ""]), json!(["recall", ""])]
        );
        assert_eq!(members(&page["findings"]["statistical"], &["measure"]), [json!(["accuracy"])]);
    }
}

#[test]
fn the_report_tells_every_metric_with_both_verdicts() {
    let page = page(&files(&results(), Verdict::Aws).0);
    let section = &page["quality"];
    let metrics = section["metrics"].as_array().expect("a list");
    let told = members(&section["metrics"], &["metric", "value", "not_computed", "threshold", "violated"]);
    assert_eq!(
        told,
        [
            json!(["recall", 0.5, null, 0.51, true]),
            json!(["accuracy", 0.5, null, 0.9, true]),
            json!(["auc", null, "empty", null, null]),
            json!(["log_loss", 0.7, null, null, null]),
        ]
    );
    assert!(metrics[0].get("not_computed").is_none());
    let outcomes: Vec<&Value> = metrics.iter().map(|metric| &metric["test"]["outcome"]).collect();
    assert_eq!(outcomes, [&json!("held"), &json!("violated"), &Value::Null, &Value::Null]);
    assert_eq!((&section["account"]["rows"], &section["account"]["without_label"]), (&json!(110), &json!(10)));
    let estimated = members(&section["predictions"]["estimated"], &["value", "realised"]);
    assert_eq!(estimated, [json!([0.8, 0.5]), json!([0.9, null])]);
    let delays = members(&page["join"]["delays"], &["under_hours", "records"]);
    assert_eq!((&page["join"]["labelled_share"], delays.len()), (&json!(0.5), 9));
    assert_eq!((&delays[0], &delays[7], &delays[8]), (&json!([1, 0]), &json!([720, 0]), &json!([null, 5])));
    assert_eq!(page["label_ledger"], page["ledger"]);
    let warning = &page["warnings"][0];
    assert_eq!((&warning["code"], &warning["values"][0]["name"]), (&json!("MM-QUALITY-105"), &json!("labels")));
}

fn concept() -> Vec<ConceptChange> {
    let moved = ConceptChange {
        feature: "channel".to_owned(),
        n: 90,
        baseline_n: 800,
        value: Ok(0.25),
        p_value: Ok(1e-6),
        conditional_entropy: Ok(0.5),
        baseline_conditional_entropy: Ok(0.4),
    };
    let (absent, of_baseline) = (Err(Undefined::Absent), moved.clone());
    let gone = ConceptChange { feature: "gone".to_owned(), n: 0, baseline_n: 0, value: absent, ..of_baseline };
    vec![moved, ConceptChange { p_value: absent, conditional_entropy: absent, ..gone }]
}

#[test]
fn features_beside_which_labels_mean_something_else_are_told_with_their_test() {
    let results = ModelQualityResults { concept: concept(), ..results() };
    let (files, _) = files(&results, Verdict::Statistical);
    let section = page(&files)["quality"]["features"].clone();
    assert_eq!(
        members(&section, &["feature", "n", "concept_change", "not_computed", "p", "p_adjusted", "outcome"]),
        [
            json!(["channel", 90, 0.25, null, 1e-6, 2e-6, "violated"]),
            json!(["gone", 0, null, "absent", null, null, null]),
        ]
    );
    assert!(section[0].get("not_computed").is_none());
    let entropies = members(&section, &["conditional_entropy", "baseline_conditional_entropy"]);
    assert_eq!(entropies, [json!([0.5, 0.4]), json!([null, 0.4])]);
    assert_eq!(violations(&files).iter().filter(|violation| violation["feature_name"] == "channel").count(), 1);
    let judgement = results.judge();
    let lines = results.lines(&judgement.statistical().expect("findings"));
    assert_eq!(
        lines.iter().filter(|line| line.contains("concept_change channel") && line.ends_with("n 90")).count(),
        1
    );
    assert!(results.lines(&judgement.aws).iter().all(|line| !line.contains("concept_change")));
}

#[test]
fn without_a_labelled_row_there_is_no_data() {
    let mut empty = results();
    empty.quality = Quality { n: 0, metrics: Vec::new(), more_metrics: Vec::new(), ..measured() };
    empty.quality.account.n_used = 0;
    assert_eq!(empty.judge(), Judgement { tests: Some(Vec::new()), ..Judgement::default() });
    let (files, outcome) = files(&empty, Verdict::Aws);
    assert_eq!(outcome, Outcome::NoData);
    let page = page(&files);
    assert_eq!((&page["outcome"], &page["quality"]["n"]), (&json!("NoData"), &json!(0)));
    assert_eq!(page["quality"]["predictions"]["n"], 120, "predictions are there all the same");
    let lines = empty.lines(&[]);
    assert!(lines.iter().all(|line| line.ends_with("estimated without labels")) && lines.len() == 2, "{lines:?}");
}

#[test]
fn the_message_says_on_which_side_rows_were_lost() {
    let rows = OutcomeAccount { n_rows: 5, n_without_label: 5, ..OutcomeAccount::default() };
    assert_eq!(
        looked_at_labels(&labelled(), Some(&rows)),
        "no labelled row to analyse: 4 records used; ground truth: 3 objects listed, 4 records used, 2 rejected \
         (invalid_json 2); 5 of 10 captures matched; 5 rows, 0 without prediction, 5 without label, 0 not numbers"
    );
    assert!(looked_at_labels(&account(), None).ends_with("4 records used"));
    let mut unused = labelled();
    unused.dataset.ledger.n_records_used = 0;
    assert_eq!(looked_at_labels(&unused, None), looked_at(&unused.dataset));
}

#[test]
fn a_merge_names_its_monitor() {
    let of = |outcome| -> Value {
        let bytes = merge_report(outcome, Window::default(), &Job::default(), &labelled(), &[]);
        serde_json::from_slice(&bytes).expect("JSON")
    };
    let page = of(Outcome::Completed);
    assert_eq!((&page["monitor"], &page["outcome"]), (&json!("merge"), &json!("Completed")));
    assert_eq!((&of(Outcome::NoData)["outcome"], &page["join"]["captures"]["seen"]), (&json!("NoData"), &json!(10)));
}

#[test]
fn metrics_are_called_like_the_keys_of_the_statistics() {
    let baseline_job = ModelQualityResults { baseline: None, ..results() };
    let (lines, skipped) = metrics(&baseline_job, &labelled(), 0);
    assert_eq!(skipped, []);
    let dimensions = r#""Timestamp":"2019-11-26T03:00:00Z","Dimensions":[{"Name":"MonitoringSchedule","Value":"s"}]"#;
    let expected = [
        ("model_monitor_records_used", "4.0", "Count"),
        ("model_monitor_records_rejected", "2.0", "Count"),
        ("model_monitor_labelled_share", "0.5", "None"),
        ("recall", "0.5", "None"),
        ("accuracy", "0.5", "None"),
    ];
    let line = |(name, value, unit): &(&str, &str, &str)| {
        format!(r#"{{"MetricName":"{name}",{dimensions},"Value":{value},"Unit":"{unit}"}}"#)
    };
    assert_eq!(lines, expected.iter().map(line).collect::<Vec<_>>());
}

#[test]
fn redacted_classes_are_numbered() {
    let classes = ["no", "yes"].map(str::to_owned);
    let class = |class: &String| ClassQuality {
        class: class.clone(),
        n_actual: 2,
        n_predicted: 2,
        precision: Ok(0.5),
        recall: Ok(0.5),
        f1: Ok(0.5),
    };
    let quality = Quality {
        classes: classes.iter().map(class).collect(),
        confusion: Some(Confusion { classes: classes.to_vec(), counts: vec![vec![1, 1], vec![1, 1]] }),
        ..measured()
    };
    for (redact, expected) in [(false, ["no", "yes"]), (true, ["class 1", "class 2"])] {
        let results = ModelQualityResults { quality: quality.clone(), redact, ..results() };
        let (artifacts, _) = files(&results, Verdict::Aws);
        let report = artifacts.iter().find(|artifact| artifact.name == file::REPORT).expect("a report");
        let report: Value = serde_json::from_slice(&report.bytes).expect("JSON");
        let quality = &report["quality"];
        assert_eq!(quality["confusion"]["classes"], json!(expected));
        assert_eq!([&quality["classes"][0]["class"], &quality["classes"][1]["class"]], expected);
    }
}
