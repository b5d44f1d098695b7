//! Artifacts and metrics of bias, against examples.

use serde_json::{Value, json};

use super::*;
use crate::measure::bias::{BaselineGroup, Bias, BiasMetric, EightCounts, GroupBias};
use crate::wire::clarify::analysis;
use crate::wire::cloudwatch::Unpublishable;

const COUNTS: EightCounts = EightCounts { n: [[[500, 100], [100, 300]], [[460, 10], [30, 50]]], has_predictions: true };
const FAIR: EightCounts = EightCounts { n: [[[500, 100], [100, 300]], [[250, 50], [50, 150]]], has_predictions: true };

fn metric(name: &'static str, value: Result<f64, &str>) -> BiasMetric {
    BiasMetric {
        name,
        description: format!("Long ({name})"),
        standard_error: Some(0.01),
        interval: Some((0.1, f64::INFINITY)),
        value: value.map_err(str::to_owned),
    }
}

fn group(metrics: Vec<BiasMetric>) -> GroupBias {
    GroupBias {
        facet: "age".to_owned(),
        facet_value: "40".to_owned(),
        value_or_threshold: "(40, 91]".to_owned(),
        metrics,
        counts: COUNTS,
    }
}

/// The group is far less often predicted positive than others; it is as large as ever.
fn measured() -> Bias {
    Bias {
        label: "income".to_owned(),
        label_value_or_threshold: "1".to_owned(),
        pre_training: vec![group(vec![metric("CI", Ok(0.29)), metric("KL", Err("no"))])],
        post_training: vec![group(vec![
            metric("DI", Ok(60.0 / 550.0 / 0.4)),
            metric("DPPL", Ok(0.4 - 60.0 / 550.0)),
            metric("TE", Ok(f64::INFINITY)),
        ])],
        n: 1550,
        n_missing: [("facet", 3)].into(),
        estimated: vec!["age".to_owned()],
    }
}

fn baseline() -> Vec<BaselineGroup> {
    let group = |is_post_training, metrics: &[(&str, f64)]| BaselineGroup {
        is_post_training,
        facet: "age".to_owned(),
        value_or_threshold: "(40, 90]".to_owned(),
        label_value_or_threshold: Some("1".to_owned()),
        metrics: metrics.iter().map(|(name, value)| ((*name).to_owned(), Some(*value))).collect(),
        counts: Some(FAIR),
    };
    vec![group(true, &[("DI", 1.0), ("DPPL", 0.0), ("TE", 2.0)]), group(false, &[("CI", 1.0 / 3.0)])]
}

fn results() -> BiasResults {
    BiasResults { bias: Some(measured()), baseline: Some(baseline()), ..BiasResults::default() }
}

fn files(results: &BiasResults, verdict: Verdict) -> (Vec<Artifact>, Outcome) {
    written(results, &results.judge(), (verdict, &account()), &[])
}

fn section(results: &BiasResults) -> Value {
    page(&files(results, Verdict::Aws).0)["bias"].clone()
}

#[test]
fn the_violations_of_bias_come_last_and_only_of_a_monitor() {
    let (monitor, _) = files(&results(), Verdict::Aws);
    let all = [file::ANALYSIS, file::REPORT, file::CONSTRAINTS_VIOLATIONS, file::CONSTRAINT_VIOLATIONS];
    assert_eq!(names(&monitor), all);
    assert_eq!(monitor[2].bytes, monitor[3].bytes);
    let job = BiasResults { baseline: None, ..results() };
    let (files, outcome) = files(&job, Verdict::Aws);
    assert_eq!((names(&files), outcome), (vec![file::ANALYSIS, file::REPORT], Outcome::Completed));
    assert_eq!(analysis::read(&files[0].bytes).expect("a baseline").len(), 2, "it is what later runs compare with");
    let group = &section(&job)["post_training"][0];
    assert_eq!(group["in_baseline"], Value::Null);
    assert_eq!(
        members(&group["metrics"], &["violated", "test"]),
        [json!([null, null]), json!([null, null]), json!([null, null])]
    );
}

#[test]
fn the_page_tells_the_shares_of_groups_and_which_columns_were_estimated() {
    let of_all = section(&results());
    assert_eq!(of_all["estimated"], json!(["age"]));
    let group = &of_all["pre_training"][0];
    assert_eq!(group["proportion"], 550.0 / 1_550.0);
    assert_eq!(group["observed_label_distribution"], json!([80.0 / 550.0, 470.0 / 550.0]));
    assert_eq!(group["confusion_matrix"], json!([50.0, 10.0, 30.0, 460.0].map(|n: f64| n / 550.0)));
    let mut empty = results();
    empty.bias.as_mut().expect("bias").pre_training[0].counts.n[1] = [[0; 2]; 2];
    let group = &section(&empty)["pre_training"][0];
    assert_eq!(group["proportion"], 0.0);
    assert_eq!((&group["observed_label_distribution"], &group["confusion_matrix"]), (&Value::Null, &Value::Null));
}

#[test]
fn the_page_accounts_for_the_rows_of_side_tables() {
    let table = SideTableAccount {
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
    let joined = Account { side_tables: vec![table], ..account() };
    let (files, _) = written(&results(), &results().judge(), (Verdict::Aws, &joined), &[]);
    let told = &page(&files)["bias"]["joined"][0];
    assert_eq!(told["rows"], json!({"seen": 10, "matched": 7, "without_row": 2, "without_identifier": 1}));
    assert_eq!(told["joined_rows"], json!({"seen": 9, "used": 6, "unused": 2, "without_identifier": 1}));
    assert_eq!(joined.lines(), ["7 of 10 rows have a row in s3://bucket/facets (facets)"]);
}

#[test]
fn the_verdict_chooses_the_violations_of_bias_and_the_report_tells_both() {
    for (verdict, expected) in [(Verdict::Aws, ["DPPL", "TE"]), (Verdict::Statistical, ["DI", "DPPL"])] {
        let (files, outcome) = files(&results(), verdict);
        let names: Vec<Value> = violations(&files).iter().map(|violation| violation["metric_name"].clone()).collect();
        assert_eq!((names.as_slice(), outcome), (&expected.map(Value::from)[..], Outcome::CompletedWithViolations));
        let page = page(&files);
        assert_eq!((&page["monitor"], &page["verdict"]), (&json!("bias"), &json!(verdict.name())));
        let told = |verdict: &str| members(&page["findings"][verdict], &["feature", "group", "measure"]);
        let finding = |metric: &str| json!(["age", "40", metric]);
        assert_eq!(told("aws"), [finding("DPPL"), finding("TE")]);
        assert_eq!(told("statistical"), [finding("DI"), finding("DPPL")]);
    }
}

#[test]
fn the_report_tells_every_group_with_its_counts_and_metrics() {
    let section = section(&results());
    assert_eq!(
        (&section["n"], &section["missing"]["facet"], &section["label"]),
        (&json!(1550), &json!(3), &json!("income"))
    );
    let group = &section["post_training"][0];
    let counts = json!({"n": 550, "positives": 80, "predicted_positives": 60, "true_positives": 50});
    assert_eq!((&group["group"], &group["rest"]["n"], &group["in_baseline"]), (&counts, &json!(1000), &json!(true)));
    let told = |group: &Value| -> Vec<Value> {
        let all = members(&group["metrics"], &["metric", "error", "baseline", "violated", "test"]);
        all.into_iter()
            .map(|mut metric| {
                metric[4] = metric[4]["outcome"].clone();
                metric
            })
            .collect()
    };
    assert_eq!(
        told(group),
        [
            json!(["DI", null, 1.0, false, "violated"]),
            json!(["DPPL", null, 0.0, true, "violated"]),
            json!(["TE", "the value is Infinity", 2.0, true, "insufficient_data"]),
        ]
    );
    assert_eq!(
        told(&section["pre_training"][0]),
        [json!(["CI", null, 1.0 / 3.0, false, "held"]), json!(["KL", "no", null, null, null])]
    );
    assert_eq!(
        (&group["metrics"][0]["interval"], &group["metrics"][0]["standard_error"]),
        (&Value::Null, &json!(0.01))
    );
    assert!(group["metrics"][0].get("error").is_none());
}

#[test]
fn without_a_row_there_is_no_bias() {
    let empty = BiasResults { bias: None, ..results() };
    let (files, outcome) = files(&empty, Verdict::Aws);
    let page = page(&files);
    assert_eq!((outcome, &page["outcome"], &page["bias"]["n"]), (Outcome::NoData, &json!("NoData"), &json!(0)));
}

#[test]
fn metrics_of_bias_have_the_documented_dimensions() {
    let mut results = BiasResults { baseline: None, ..results() };
    let unpublishable = GroupBias { facet: "größe".to_owned(), ..group(vec![metric("AD", Ok(0.5))]) };
    results.bias.as_mut().expect("bias").post_training.push(unpublishable);
    let (lines, skipped) = metrics(&results, &account(), 0);
    let reason = Unpublishable::Dimension;
    assert_eq!(skipped, [Skipped { metric: "bias_metric_AD".to_owned(), reason }], "not ASCII");
    let names: Vec<&str> = lines.iter().map(|line| line.split('"').nth(3).expect("a name")).collect();
    assert_eq!(names[..2], ["model_monitor_records_used", "model_monitor_records_rejected"]);
    assert_eq!(names[2..], ["bias_metric_DI", "bias_metric_DPPL", "bias_metric_TE", "bias_metric_CI"]);
    let dimension = |name: &str, value: &str| format!(r#"{{"Name":"{name}","Value":"{value}"}}"#);
    let dimensions = |stage: &str| {
        let all = [
            ("MonitoringSchedule", "s"),
            ("BiasStage", stage),
            ("Label", "income"),
            ("LabelValue", "1"),
            ("Facet", "age"),
            ("FacetValue", "40"),
        ];
        all.map(|(name, value)| dimension(name, value)).join(",")
    };
    let infinite = format!("[{}],\"Value\":2.3485425827738332e+108", dimensions("Post-Training"));
    assert!(lines[4].contains(&infinite), "{}", lines[4]);
    let of_labels = format!("[{}],\"Value\":0.29", dimensions("Pre-training"));
    assert!(lines[5].contains(&of_labels), "{}", lines[5]);
}
