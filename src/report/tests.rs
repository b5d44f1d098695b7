//! Artifacts, the message and metrics, against examples.

mod attribution;
mod bias;
mod data_quality;
mod model_quality;

use serde_json::Value;

use super::*;
use crate::error::{self, Code};
use crate::judge::{Judgement, Verdict};
use crate::names::{Monitor, file};
use crate::profile::Ledger;
use crate::wire::Layout;

fn ledger() -> Ledger {
    Ledger {
        n_objects_listed: 3,
        n_objects_opened: 2,
        objects_skipped: [("empty", 1)].into(),
        n_records_seen: 7,
        n_records_used: 4,
        n_records_outside_window: 1,
        records_rejected: [("invalid_json", 2)].into(),
        n_rows: 5,
        ..Ledger::default()
    }
}

fn account() -> Account {
    Account { dataset: DatasetAccount { ledger: ledger(), ..DatasetAccount::default() }, ..Account::default() }
}

/// The files of a run with this judgement, and how it ended.
fn written<R: MonitorResults>(
    results: &R,
    judgement: &Judgement,
    (verdict, account): (Verdict, &Account),
    warnings: &[Warning],
) -> (Vec<Artifact>, Outcome) {
    let outcome = Outcome::of(results.n_used(account), judgement.chosen(verdict).len());
    let run = Run {
        window: Window { start: Some(0), end: None },
        job: &Job { endpoint: Some("e".to_owned()), ..Job::default() },
        account,
        verdict,
        warnings,
        segments: &[],
        layout: Layout::Aws2024,
        evaluation_time: 0,
    };
    (artifacts(&run, results, judgement, outcome), outcome)
}

fn names(artifacts: &[Artifact]) -> Vec<&str> {
    artifacts.iter().map(|artifact| artifact.name.as_str()).collect()
}

/// The report among files.
fn page(files: &[Artifact]) -> Value {
    let report = files.iter().find(|file| file.name == file::REPORT).expect("a report");
    serde_json::from_slice(&report.bytes).expect("JSON")
}

/// The violations of the last file.
fn violations(files: &[Artifact]) -> Vec<Value> {
    let file: Value = serde_json::from_slice(&files.last().expect("a file").bytes).expect("JSON");
    file["violations"].as_array().expect("a list").clone()
}

/// These members of every element of a list.
fn members(list: &Value, names: &[&str]) -> Vec<Value> {
    let element = |element: &Value| names.iter().map(|name| element[*name].clone()).collect();
    list.as_array().expect("a list").iter().map(element).collect()
}

fn metrics<R: MonitorResults>(results: &R, account: &Account, n_violations: usize) -> (Vec<String>, Vec<Skipped>) {
    let dimensions = Dimensions { time: 1_574_737_200_000, endpoint: None, schedule: Some("s") };
    let (artifact, skipped) = cloudwatch_artifact(dimensions, account, results, n_violations);
    let artifact = artifact.expect("metrics");
    assert_eq!(artifact.name, file::CLOUDWATCH_METRICS);
    let text = String::from_utf8(artifact.bytes).expect("text");
    assert!(text.ends_with('\n'));
    (text.lines().map(str::to_owned).collect(), skipped)
}

#[test]
fn a_failed_run_has_a_report_too() {
    let failure = Failure { code: "MM-INPUT-001", place: "a", cause: "b", remedy: "c" };
    for monitor in Monitor::ALL {
        let artifact = failure_artifact(monitor, &failure, Window::default(), &Job::default(), &account(), &[]);
        assert_eq!(artifact.name, file::REPORT);
        let page = page(&[artifact]);
        let told = (page["monitor"].as_str(), page["outcome"].as_str(), page["error"]["code"].as_str());
        assert_eq!(told, (Some(monitor.name()), Some("Failed"), Some("MM-INPUT-001")));
        assert!(page["findings"].get("statistical").is_none());
    }
}

#[test]
fn outcomes_follow_from_records_and_findings() {
    assert_eq!(Outcome::of(4, 0), Outcome::Completed);
    assert_eq!(Outcome::of(4, 1), Outcome::CompletedWithViolations);
    assert_eq!(Outcome::of(0, 0), Outcome::NoData);
    assert_eq!(Outcome::of(0, 1), Outcome::NoData);
}

#[test]
fn messages_are_the_services_own() {
    let of = |ledger: Ledger| DatasetAccount { ledger, place: "s3://data/a".to_owned(), ..DatasetAccount::default() };
    let times_outside_window = Some((0, 3_600_000));
    let unused = of(Ledger { n_records_used: 0, times_outside_window, ..ledger() });
    let cases = [
        (Outcome::Completed, 0, "", "Completed: Job completed successfully with no violations."),
        (
            Outcome::CompletedWithViolations,
            8,
            "",
            "CompletedWithViolations: Job completed successfully with 8 violations.",
        ),
        (
            Outcome::NoData,
            0,
            &*looked_at(&unused),
            "Completed: NoData, no record to analyse: 3 objects listed, 2 opened, 1 skipped (empty 1); 7 records seen, \
             1 outside the window (… to …; they are of 1970-01-01T00:00:00Z to 1970-01-01T01:00:00Z), 2 rejected \
             (invalid_json 2).",
        ),
        (Outcome::Failed, 0, "MM-X", "Failed: MM-X"),
    ];
    for (outcome, n_violations, looked_at, expected) in cases {
        assert_eq!(message(outcome, n_violations, looked_at, &[]), expected);
    }
    assert!(looked_at(&of(Ledger::default())).ends_with("0 objects listed, 0 opened; 0 records seen"));
    let absent = DatasetAccount { is_absent: true, ..of(Ledger::default()) };
    assert_eq!(looked_at(&absent), "no record to analyse: s3://data/a does not exist");
    let labels = LabelAccount { dataset: absent, ..LabelAccount::default() };
    let without_labels = looked_at_labels(&Account { labels: Some(labels), ..account() }, None);
    assert!(without_labels.ends_with("; ground truth: s3://data/a does not exist"), "{without_labels}");
    assert!(message(Outcome::Failed, 0, &"ü".repeat(2000), &[]).len() <= MAX_MESSAGE);
    let warnings = [&error::GROUP_TOO_SMALL, &error::SHADOW_LEFT, &error::GROUP_TOO_SMALL];
    let warnings =
        warnings.map(|Code { code, title, .. }| Warning { code, title, detail: String::new(), values: Vec::new() });
    assert_eq!(
        message(Outcome::Completed, 0, "", &warnings),
        "Completed: Job completed successfully with no violations. Warnings: MM-BIAS-101, MM-MODEL-101."
    );
    let long = message(Outcome::NoData, 0, &"ü".repeat(2000), &warnings);
    assert!(long.len() <= MAX_MESSAGE && long.ends_with(" Warnings: MM-BIAS-101, MM-MODEL-101."), "{long}");
}

#[test]
fn texts_are_cut_between_characters() {
    let cases = [("abc", 2, "ab"), ("abc", 9, "abc"), ("aü", 2, "a"), ("ü", 0, ""), ("a😀", 4, "a"), ("a😀", 5, "a😀")];
    for (text, max, expected) in cases {
        assert_eq!(cut(text, max), expected, "{text} to {max}");
    }
}
