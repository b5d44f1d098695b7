//! Concept drift through the program itself: the features of captures, joined with their labels or merged before.

#[path = "support/job.rs"]
mod job;

use std::fmt::Write;

use job::Mounts;
use serde_json::{Value, json};

const CAPTURES: &str = r#"{"sagemakerCaptureJson":{"captureIndexNames":["endpointOutput"]}}"#;
const MERGED: &str = r#"{"sagemakerMergeJson":{"captureIndexNames":["endpointOutput"]}}"#;
const TABLE: &str = r#"{"csv":{"header":true}}"#;
const ROWS: u64 = 600;

/// One row: its channel, amount, prediction and label. Labels of phone mean the opposite where it is flipped.
fn row(i: u64, is_flipped: bool) -> (&'static str, u64, u64, u64) {
    let channel = ["web", "shop", "phone"][(i % 3) as usize];
    let amount = (i * 37) % 200;
    let is_likely = u64::from(channel != "web");
    let is_other = (i * 7).is_multiple_of(10);
    let label = if is_other { 1 - is_likely } else { is_likely };
    let label = if is_flipped && channel == "phone" { 1 - label } else { label };
    (channel, amount, is_likely, label)
}

fn table() -> String {
    let mut text = "prediction,channel,label,amount\n".to_owned();
    for i in 0..ROWS {
        let (channel, amount, prediction, label) = row(i, false);
        writeln!(text, "{prediction},{channel},{label},{amount}").expect("text");
    }
    text
}

/// Captured requests without names, two rows in every tenth, and their labels.
fn captures(is_flipped: bool, with_requests: bool) -> (String, String) {
    let (mut captures, mut labels) = (String::new(), String::new());
    for i in 0..ROWS {
        let rows: Vec<_> = (0..1 + u64::from(i % 10 == 0)).map(|more| row(i + more, is_flipped)).collect();
        let lines = |cell: fn(&(&str, u64, u64, u64)) -> String| rows.iter().map(cell).collect::<Vec<_>>().join("\\n");
        let request = lines(|(channel, amount, ..)| format!("{channel},{amount}"));
        let (answer, label) = (lines(|row| row.2.to_string()), lines(|row| row.3.to_string()));
        let input = format!(r#""endpointInput":{{"data":"{request}","encoding":"CSV"}},"#);
        let input = if with_requests { input } else { String::new() };
        writeln!(
            captures,
            r#"{{"captureData":{{{input}"endpointOutput":{{"data":"{answer}","encoding":"CSV"}}}},"eventMetadata":{{"eventId":"{i}","inferenceTime":"2026-05-04T07:{:02}:00Z"}},"eventVersion":"0"}}"#,
            i % 60
        )
        .expect("text");
        writeln!(
            labels,
            r#"{{"groundTruthData":{{"data":"{label}","encoding":"CSV"}},"eventMetadata":{{"eventId":"{i}"}}}}"#
        )
        .expect("text");
    }
    (captures, labels)
}

fn run(mounts: &Mounts, variables: &[(&str, &str)]) -> job::Done {
    run_with(mounts, &[], variables)
}

fn run_with(mounts: &Mounts, arguments: &[&str], variables: &[(&str, &str)]) -> job::Done {
    let done = mounts.run(&[&["run", "--verdict", "statistical"], arguments].concat(), variables);
    assert_eq!(done.exit, Some(0), "{:?} {}", done.message, done.stderr);
    done
}

/// A folder with a baseline of the table.
fn baseline() -> (Mounts, String) {
    let mounts = Mounts::new();
    mounts.place_beside("processing/table/rows.csv", table());
    let table = inside(&mounts, "table");
    let variables = [
        ("problem_type", "BinaryClassification"),
        ("inference_attribute", "prediction"),
        ("ground_truth_attribute", "label"),
        ("dataset_format", TABLE),
        ("dataset_source", &table),
    ];
    run(&mounts, &variables);
    std::fs::rename(mounts.output(), inside(&mounts, "baseline")).expect("the baseline");
    let constraints = inside(&mounts, "baseline/constraints.json");
    (mounts, constraints)
}

fn inside(mounts: &Mounts, name: &str) -> String {
    mounts.root().join("processing").join(name).display().to_string()
}

fn place(mounts: &Mounts, (captures, labels): (String, String)) {
    mounts.place_beside("processing/input/shop/AllTraffic/2026/05/04/07/a.jsonl", captures);
    mounts.place_beside("processing/groundtruth/2026/05/04/07/labels.jsonl", labels);
}

/// A run on captures that are joined with their labels.
fn joined(mounts: &Mounts, constraints: &str) -> job::Done {
    joined_with(mounts, constraints, &[])
}

fn joined_with(mounts: &Mounts, constraints: &str, arguments: &[&str]) -> job::Done {
    let (source, truth) = (inside(mounts, "input"), inside(mounts, "groundtruth"));
    let variables = [
        ("problem_type", "BinaryClassification"),
        ("inference_attribute", "0"),
        ("dataset_format", CAPTURES),
        ("dataset_source", &source),
        ("ground_truth_source", &truth),
        ("baseline_constraints", constraints),
    ];
    run_with(mounts, arguments, &variables)
}

/// The outcome of each feature's test, by name.
fn outcomes(report: &Value) -> Vec<(&str, &str)> {
    let features = report["quality"]["features"].as_array().expect("features");
    features.iter().map(|one| (one["feature"].as_str().unwrap_or(""), one["outcome"].as_str().unwrap_or(""))).collect()
}

#[test]
fn a_category_that_means_the_opposite_is_found_joined_or_merged_before() {
    let (mounts, constraints) = baseline();
    place(&mounts, captures(true, true));
    let done = joined(&mounts, &constraints);
    let report = done.report();
    let features = &report["quality"]["features"];
    assert_eq!(outcomes(&report)[0], ("channel", "violated"), "{features}");
    assert_eq!((&features[0]["n"], &features[0]["baseline_n"]), (&json!(660), &json!(600)));
    let change = features[0]["concept_change"].as_f64().expect("a number");
    // A third of the rows have 10 % of ones and had 90 %, whose distance is √(1 − H(0.1)) = 0.729.
    assert!((0.2..0.3).contains(&change), "{change}");
    let violations = done.json("constraint_violations.json");
    let of_channel = |violation: &&Value| violation["feature_name"] == "channel";
    let found = violations["violations"].as_array().into_iter().flatten().find(of_channel).expect("a violation");
    assert_eq!(
        (&found["metric_name"], &found["constraint_check_type"]),
        (&json!("conceptChange"), &json!("GreaterThanThreshold"))
    );

    let (source, truth) = (inside(&mounts, "input"), inside(&mounts, "groundtruth"));
    std::fs::remove_dir_all(mounts.output()).expect("the output");
    mounts.run(&["merge"], &[("ground_truth_source", &truth), ("dataset_source", &source)]).succeeded();
    let merged = inside(&mounts, "merged");
    std::fs::rename(mounts.output(), &merged).expect("the merged records");
    let variables = [
        ("problem_type", "BinaryClassification"),
        ("inference_attribute", "0"),
        ("dataset_format", MERGED),
        ("dataset_source", &merged),
        ("baseline_constraints", &constraints),
    ];
    assert_eq!(&run(&mounts, &variables).report()["quality"]["features"], features);
}

#[test]
fn labels_that_mean_what_they_meant_are_no_violation() {
    let (mounts, constraints) = baseline();
    place(&mounts, captures(false, true));
    let report = joined(&mounts, &constraints).report();
    assert_eq!(outcomes(&report), [("channel", "held"), ("amount", "held")], "{}", report["quality"]["features"]);
}

#[test]
fn features_that_are_not_captured_are_not_measured_and_take_nothing_from_the_rest() {
    let (mounts, constraints) = baseline();
    place(&mounts, captures(true, false));
    let without = joined(&mounts, &constraints).report();
    let features = &without["quality"]["features"];
    assert_eq!(
        (
            &features[0]["feature"],
            &features[0]["concept_change"],
            &features[0]["not_computed"],
            &features[0]["outcome"]
        ),
        (&json!("channel"), &Value::Null, &json!("empty"), &Value::Null)
    );
    place(&mounts, captures(true, true));
    let with = joined(&mounts, &constraints).report();
    for part in ["n", "account", "confusion"] {
        assert_eq!(with["quality"][part], without["quality"][part], "{part}");
    }
    assert_eq!(with["ledger"]["records"], without["ledger"]["records"]);
    assert_eq!(with["join"], without["join"]);
}

#[test]
fn threads_change_nothing_about_concept_drift() {
    let (mounts, constraints) = baseline();
    place(&mounts, captures(true, true));
    let expected = joined_with(&mounts, &constraints, &["--threads", "4"]).report();
    let done = joined_with(&mounts, &constraints, &["--threads", "1"]);
    assert_eq!(done.report()["quality"], expected["quality"]);
}

#[test]
fn a_baseline_of_an_earlier_version_has_no_features() {
    let (mounts, constraints) = baseline();
    let file = inside(&mounts, "baseline/model_quality_baseline.json");
    let mut known: Value = serde_json::from_slice(&std::fs::read(&file).expect("a file")).expect("JSON");
    let features = known.as_object_mut().and_then(|known| known.remove("features")).expect("features");
    assert_eq!(features["n"], 600);
    std::fs::write(&file, known.to_string()).expect("a file");
    place(&mounts, captures(true, true));
    let done = joined(&mounts, &constraints);
    assert_eq!(done.report()["quality"].get("features"), None);
    assert!(!done.stderr.contains("feature"), "{}", done.stderr);
}
