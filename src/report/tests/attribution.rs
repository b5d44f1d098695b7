//! Artifacts and metrics of attributions, against examples.

use serde_json::{Value, json};

use super::*;
use crate::judge::{Alternative, Finding, Scale, Subject, Test, TestOutcome};
use crate::measure::attribution::{
    Aggregation, AttributionComparison, AttributionDrift, AttributionStatistics, BaselineAttributions, BaselineFeature,
    Coverage, Explanations, FeatureAttribution, Method, OutputAttributions,
};
use crate::names::{analysis, check};
use crate::profile::Undefined;
use crate::wire::clarify::explanations;
use crate::wire::cloudwatch::Unpublishable;

const COVERAGE: Coverage = Coverage {
    n_rows: 500,
    n_explained: 400,
    n_refused: 3,
    method: Method::KernelShap { n_reference_rows: 1, n_coalitions: 2, is_exact: true, seed: u64::MAX, is_logit: true },
};

fn owned(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn feature(mean_abs: f64) -> FeatureAttribution {
    let (mean, median) = (-mean_abs / 2.0, -mean_abs / 4.0);
    FeatureAttribution { mean, mean_abs, mean_sq: 2.0, median, variance_abs: Some(4.0), sampling_error: None }
}

/// The second feature matters more than the first.
fn explained() -> Explanations {
    let output = |name: &str, expected_value, features| OutputAttributions {
        output: name.to_owned(),
        n: 400,
        expected_value,
        features,
        replicates: Vec::new(),
        medians_are_estimated: false,
    };
    Explanations {
        statistics: AttributionStatistics {
            features: owned(&["age", "income"]),
            outputs: vec![
                output("label0", Some(0.5), vec![feature(0.25), feature(0.75)]),
                output("new", None, vec![feature(0.5), FeatureAttribution { variance_abs: None, ..feature(1.0) }]),
            ],
            ..AttributionStatistics::default()
        },
        aggregation: Aggregation::MeanAbs,
        reference_rows: vec![vec![Some("30".to_owned()), Some("1,5".to_owned()), None]],
        noise_floors: vec![Some((0.998, 40))],
        partial_dependence: Vec::new(),
    }
}

fn base(output: &str, features: &[(&str, f64)]) -> BaselineAttributions {
    let feature = |(name, value): &(&str, f64)| BaselineFeature {
        name: (*name).to_owned(),
        value: *value,
        mean_abs: None,
        variance_abs: None,
    };
    BaselineAttributions {
        output: output.to_owned(),
        expected_value: Some(0.125),
        features: features.iter().map(feature).collect(),
        n: None,
        aggregation: None,
        noise_floor: None,
    }
}

fn drift() -> AttributionDrift {
    AttributionDrift {
        output: "label0".to_owned(),
        n: 400,
        baseline_n: None,
        aggregation: Aggregation::MeanAbs,
        ndcg: Ok(0.75),
        ndcg_interval: Some((0.5, f64::INFINITY)),
        noise_floor: Some((0.75, 9)),
        rank_correlation: Ok(-1.0),
        share_distance: Err(Undefined::Empty),
        magnitude_ratio: Ok(f64::INFINITY),
        features: Vec::new(),
    }
}

fn subject(feature: Option<&str>) -> Subject {
    Subject::Output { output: "label0".to_owned(), feature: feature.map(str::to_owned) }
}

fn finding(feature: Option<&str>, value: f64, threshold: f64) -> Finding {
    Finding {
        check: check::FEATURE_ATTRIBUTION_DRIFT,
        subject: subject(feature),
        metric: analysis::SHAP,
        description: "Feature attribution drift".to_owned(),
        value,
        threshold,
        n: 400,
    }
}

fn test(feature: Option<&str>, outcome: TestOutcome) -> Test {
    Test {
        subject: subject(feature),
        metric: analysis::SHAP,
        value: Some(0.25),
        baseline_value: Some(0.75),
        scale: Scale::Value,
        scaled: Some(0.25),
        baseline_scaled: Some(0.75),
        standard_error: Some(0.125),
        n: 400,
        baseline_standard_error: None,
        baseline_n: None,
        effect: Some(0.5),
        margin: 0.05,
        alternative: Alternative::TwoSided,
        p: Some(0.001),
        p_adjusted: Some(0.002),
        outcome,
        finding: (outcome == TestOutcome::Violated).then(|| finding(feature, 0.5, 0.05)),
    }
}

fn judgement() -> Judgement {
    let tests = vec![test(Some("age"), TestOutcome::Violated), test(None, TestOutcome::Held)];
    Judgement { aws: vec![finding(None, 0.75, 0.9)], tests: Some(tests), ..Judgement::default() }
}

fn results() -> AttributionResults {
    let drifts = vec![drift()];
    AttributionResults {
        explanations: Some(explained()),
        coverage: Some(COVERAGE),
        calls: Some(ModelCalls { n_wanted: 9, n_predictions: 8, n_requests: 7, n_retries: 6, n_fallbacks: 5 }),
        reference_features: owned(&["age", "income", "left out"]),
        made_reference_rows: false,
        local: None,
        baseline: Some(vec![base("label0", &[("age", 0.75), ("gone", 0.125)]), base("old", &[("age", 1.0)])]),
        comparison: AttributionComparison { drifts, ..AttributionComparison::default() },
    }
}

fn files(results: &AttributionResults, judgement: &Judgement, verdict: Verdict) -> (Vec<Artifact>, Outcome) {
    written(results, judgement, (verdict, &account()), &[])
}

fn page_of(results: &AttributionResults, judgement: &Judgement) -> Value {
    page(&files(results, judgement, Verdict::Aws).0)
}

fn of_baseline(results: AttributionResults) -> AttributionResults {
    AttributionResults { baseline: None, comparison: AttributionComparison::default(), ..results }
}

#[test]
fn the_violations_of_attributions_come_last_and_only_of_a_monitor() {
    let with_tables = AttributionResults { made_reference_rows: true, local: Some(Vec::new()), ..results() };
    let (monitor, _) = files(&with_tables, &judgement(), Verdict::Aws);
    let twins = [file::CONSTRAINTS_VIOLATIONS, file::CONSTRAINT_VIOLATIONS];
    let own = [file::ANALYSIS, file::LOCAL_SHAP_VALUES, file::SHAP_BASELINE, file::REPORT];
    assert_eq!(names(&monitor), [&own[..], &twins].concat());
    assert_eq!(monitor[4].bytes, monitor[5].bytes);
    let job = of_baseline(results());
    let nothing = job.judge();
    assert_eq!(nothing, Judgement { tests: Some(Vec::new()), ..Judgement::default() });
    let (files, outcome) = files(&job, &nothing, Verdict::Aws);
    assert_eq!((names(&files), outcome), (vec![file::ANALYSIS, file::REPORT], Outcome::Completed));
    let baseline = explanations::read(&files[0].bytes).expect("a baseline");
    assert_eq!(baseline.outputs.len(), 2, "it is what later runs compare with");
    assert_eq!(baseline.reference_rows.expect("rows").features, ["age", "income", "left out"]);
    for output in page(&files)["attribution"]["outputs"].as_array().expect("a list") {
        assert_eq!(
            (&output["in_current"], &output["in_baseline"], &output["drift"]),
            (&json!(true), &Value::Null, &Value::Null)
        );
        assert!(members(&output["features"], &["in_baseline", "test"]).iter().all(|told| *told == json!([null, null])));
    }
}

#[test]
fn tables_hold_every_row() {
    let local = vec![vec![vec![0.5, -0.25], vec![1e-5, 1.0]], vec![vec![0.0, 2.0], vec![3.0, f64::NAN]]];
    let with_tables = AttributionResults { made_reference_rows: true, local: Some(local), ..results() };
    let (written, _) = files(&with_tables, &judgement(), Verdict::Aws);
    let text = |i: usize| String::from_utf8(written[i].bytes.clone()).expect("text");
    let header = "age_label0,income_label0,age_new,income_new";
    assert_eq!(text(1), format!("{header}\n0.5,-0.25,1.0E-5,1.0\n0.0,2.0,3.0,\n"));
    assert_eq!(text(2), "age,income,left out\n30,\"1,5\",\n");
    let without_rows = AttributionResults { explanations: None, coverage: None, ..with_tables };
    assert_eq!(files(&without_rows, &judgement(), Verdict::Aws).0.len(), 4);
}

#[test]
fn the_verdict_chooses_the_violations_of_attributions_and_the_report_tells_both() {
    for (verdict, expected) in
        [(Verdict::Aws, json!(["label0", null])), (Verdict::Statistical, json!(["label0", "age"]))]
    {
        let (files, outcome) = files(&results(), &judgement(), verdict);
        assert_eq!(members(&Value::from(violations(&files)), &["label", "feature_name"]), [expected]);
        assert_eq!(outcome, Outcome::CompletedWithViolations);
        let page = page(&files);
        assert_eq!((&page["monitor"], &page["verdict"]), (&json!("attribution"), &json!(verdict.name())));
        let told = |verdict: &str| {
            members(&page["findings"][verdict], &["feature", "group", "measure", "value", "threshold", "n"])
        };
        assert_eq!(told("aws"), [json!(["", "label0", "shap", 0.75, 0.9, 400])]);
        assert_eq!(told("statistical"), [json!(["age", "label0", "shap", 0.5, 0.05, 400])]);
    }
}

#[test]
fn the_report_tells_every_output_with_its_drift() {
    let page = page_of(&results(), &judgement());
    let section = &page["attribution"];
    let coverage = &section["coverage"];
    assert_eq!(members(&json!([coverage]), &["rows", "explained", "refused"]), [json!([500, 400, 3])]);
    assert_eq!(members(&json!([coverage]), &["method", "seed", "is_logit"]), [json!(["kernel_shap", u64::MAX, true])]);
    let calls = json!({"wanted": 9, "predictions": 8, "requests": 7, "retries": 6, "fallbacks": 5});
    assert_eq!(section["calls"], calls);
    assert_eq!(
        members(&section["outputs"], &["output", "in_current", "in_baseline"]),
        [json!(["label0", true, true]), json!(["new", true, false]), json!(["old", false, true])]
    );
    assert!(section["outputs"][1]["drift"].is_null() && section["outputs"][2]["drift"].is_null());
    let output = &section["outputs"][0];
    assert_eq!(
        members(&json!([output]), &["n", "expected_value", "baseline_expected_value", "noise_floor"]),
        [json!([400, 0.5, 0.125, {"ndcg": 0.998, "n": 40}])]
    );
    assert_eq!(
        output["drift"],
        json!({
            "baseline_n": null,
            "ndcg": {"value": 0.75},
            "ndcg_interval": null,
            "threshold": 0.9,
            "violated": true,
            "baseline_noise_floor": {"ndcg": 0.75, "n": 9},
            "rank_correlation": {"value": -1.0},
            "share_distance": {"value": null, "not_computed": "empty"},
            "magnitude_ratio": {"value": null, "not_computed": "not_finite"},
        })
    );
    assert_eq!(output["magnitude_test"]["outcome"], "held");
}

#[test]
fn the_report_tells_features_of_both_sides() {
    let page = page_of(&results(), &judgement());
    let features = &page["attribution"]["outputs"][0]["features"];
    assert_eq!(
        members(features, &["name", "in_current", "in_baseline", "value", "baseline_value"]),
        [
            json!(["age", true, true, 0.25, 0.75]),
            json!(["income", true, false, 0.75, null]),
            json!(["gone", false, true, null, 0.125]),
        ]
    );
    let age = &features[0];
    assert_eq!(members(&json!([age]), &["mean", "mean_abs"]), [json!([-0.125, 0.25])]);
    assert_eq!((&age["standard_error"], &age["sampling_error"]), (&json!(0.1), &Value::Null), "sqrt(4 / 400)");
    assert_eq!((&age["test"]["p_adjusted"], &features[1]["test"]), (&json!(0.002), &Value::Null));
    let new = &page["attribution"]["outputs"][1]["features"][1];
    assert_eq!(new["standard_error"], Value::Null, "of one row there is none");
}

#[test]
fn without_ndcg_nothing_is_judged() {
    let held = Judgement { aws: Vec::new(), ..judgement() };
    let mut unknown = results();
    unknown.comparison.drifts[0].ndcg = Err(Undefined::TooFewCategories);
    let page = page_of(&unknown, &held);
    assert_eq!(page["outcome"], "Completed");
    let drift = &page["attribution"]["outputs"][0]["drift"];
    assert_eq!((&drift["violated"], &drift["ndcg"]["value"]), (&Value::Null, &Value::Null));
    let page = page_of(&results(), &held);
    assert_eq!(page["attribution"]["outputs"][0]["drift"]["violated"], false);
}

#[test]
fn without_an_explained_row_there_is_no_data() {
    let comparison = AttributionComparison::default();
    let empty = AttributionResults { explanations: None, coverage: None, comparison, ..results() };
    let judgement = empty.judge();
    assert_eq!(judgement, Judgement { tests: Some(Vec::new()), ..Judgement::default() });
    let (files, outcome) = files(&empty, &judgement, Verdict::Aws);
    let page = page(&files);
    assert_eq!((outcome, &page["outcome"]), (Outcome::NoData, &json!("NoData")));
    let section = &page["attribution"];
    assert_eq!((&section["coverage"], &section["aggregation"]), (&Value::Null, &Value::Null));
    let outputs = members(&section["outputs"], &["in_current", "n"]);
    assert_eq!(outputs, [json!([false, 0]), json!([false, 0])]);
}

#[test]
fn partial_dependence_alone_is_data() {
    let dependence = AttributionResults { coverage: None, ..results() };
    assert_eq!(dependence.n_used(&account()), 5, "the rows of the input");
    assert_eq!(results().n_used(&account()), 400, "the rows explained");
}

#[test]
fn an_error_stands_beside_the_number_that_it_is_of() {
    let mut results = of_baseline(results());
    let explained = results.explanations.as_mut().expect("explanations");
    explained.statistics.outputs.truncate(1);
    let coverage = "400 of 500 rows explained, all of 2 coalitions";
    let words = |results: &AttributionResults| -> Vec<String> {
        let spaced = |line: &String| line.split_whitespace().collect::<Vec<_>>().join(" ");
        results.lines(&[]).iter().map(spaced).collect()
    };
    let lines =
        ["output label0, mean_abs of each feature, largest first", "income 0.7500 ± 0.1000", "age 0.2500 ± 0.1000"];
    assert_eq!(words(&results), [&[coverage], &lines[..]].concat());
    results.explanations.as_mut().expect("explanations").aggregation = Aggregation::Median;
    assert_eq!(words(&results)[2..], ["income -0.1875", "age -0.0625"]);
}

#[test]
fn metrics_of_attributions_have_the_documented_dimensions() {
    let mut results = of_baseline(results());
    results.explanations.as_mut().expect("explanations").statistics.features[1] = "größe".to_owned();
    let (lines, skipped) = metrics(&results, &account(), 0);
    let left_out = Skipped { metric: "feature_größe".to_owned(), reason: Unpublishable::Name };
    assert_eq!(skipped, [left_out.clone(), left_out], "not ASCII");
    let names: Vec<&str> = lines.iter().map(|line| line.split('"').nth(3).expect("a name")).collect();
    assert_eq!(names[..2], ["model_monitor_records_used", "model_monitor_records_rejected"]);
    assert_eq!(names[2..], ["feature_age", "ExpectedValue", "feature_age"]);
    let dimensions = |label: &str, value_type: &str| {
        let all = [
            ("MonitoringSchedule", "s"),
            ("ExplainabilityMethod", "KernelShap"),
            ("Label", label),
            ("ValueType", value_type),
        ];
        all.map(|(name, value)| format!(r#"{{"Name":"{name}","Value":"{value}"}}"#)).join(",")
    };
    for (i, label, value_type, value) in [
        (2, "label0", "GlobalShapValues", "0.25"),
        (3, "label0", "ExpectedValue", "0.5"),
        (4, "new", "GlobalShapValues", "0.5"),
    ] {
        let expected = format!("[{}],\"Value\":{value},", dimensions(label, value_type));
        assert!(lines[i].contains(&expected), "{}", lines[i]);
    }
}
