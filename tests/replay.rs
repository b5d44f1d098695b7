//! Periods looked at again: `replay` judges every window as a run would, `calibrate` derives limits from them.

#[path = "support/job.rs"]
mod job;
#[path = "support/schema.rs"]
mod schema;

use std::fs;
use std::process::Output;

use job::Mounts;
use serde_json::{Value, json};

const CAPTURES: (&str, &str) =
    ("dataset_format", r#"{"sagemakerCaptureJson":{"captureIndexNames":["endpointInput"]}}"#);
const CSV: (&str, &str) = ("dataset_format", r#"{"csv":{"header":true}}"#);
/// Rows in an hour.
const N: usize = 400;

/// The cells of a row: a number that moves by `shift`, and a flag that is 1 in every `share`-th row.
fn cells(i: usize, shift: f64, share: usize) -> String {
    format!("{:.3},{}", (i * 7_919 % 1_000) as f64 / 100.0 + shift, u8::from((i * 31).is_multiple_of(share)))
}

fn capture(id: usize, second: usize, cells: &str) -> String {
    let (day, hour) = (2 + second / 86_400, second / 3_600 % 24);
    let time = format!("2026-03-{day:02}T{hour:02}:{:02}:{:02}Z", second / 60 % 60, second % 60);
    let record = json!({
        "captureData": {"endpointInput": {"observedContentType": "text/csv", "mode": "INPUT", "data": cells, "encoding": "CSV"}},
        "eventMetadata": {"eventId": format!("{id}"), "inferenceTime": time},
        "eventVersion": "0"
    });
    format!("{record}\n")
}

/// A place with captures of hours, and a baseline.
struct Past {
    mounts: Mounts,
    baseline: [String; 2],
}

impl Past {
    /// Hours of these shifts and shares, in objects that begin in the middle of hours.
    fn new(hours: &[(f64, usize)]) -> Self {
        let mounts = Mounts::new();
        let rows: String = (0..2_000).map(|i| format!("{}\n", cells(i, 0.0, 10))).collect();
        mounts.place("a.csv", format!("x,flag\n{rows}"));
        mounts.run(&[], &[CSV]).succeeded();
        fs::remove_file(mounts.input().join("a.csv")).expect("a file");
        let folder = mounts.root().join("baseline");
        fs::rename(mounts.output(), &folder).expect("a baseline");
        let baseline = ["constraints.json", "statistics.json"].map(|name| folder.join(name).display().to_string());
        let mut objects: Vec<String> = vec![String::new()];
        for (hour, (shift, share)) in hours.iter().enumerate() {
            for i in 0..N {
                if i == N / 2 {
                    objects.push(String::new());
                }
                let second = hour * 3_600 + i * 3_600 / N;
                let line = capture(hour * N + i, second, &cells(i, *shift, *share));
                objects.last_mut().expect("an object").push_str(&line);
            }
        }
        for (i, object) in objects.iter().enumerate() {
            mounts.place(&format!("{i:03}.jsonl"), object);
        }
        Self { mounts, baseline }
    }

    fn environment(&self) -> Vec<(&str, &str)> {
        vec![CAPTURES, ("baseline_constraints", &self.baseline[0]), ("baseline_statistics", &self.baseline[1])]
    }

    fn look_back(&self, arguments: &[&str]) -> Output {
        self.mounts.command(arguments, &self.environment()).output().expect("the program starts")
    }

    fn json(&self, arguments: &[&str]) -> Value {
        let done = self.look_back(&[arguments, &["--json"]].concat());
        assert_eq!(done.status.code(), Some(0), "{}", String::from_utf8_lossy(&done.stderr));
        serde_json::from_slice(&done.stdout).expect("JSON")
    }
}

/// The features of a report's findings, each once.
fn features(report: &Value, verdict: &str) -> Vec<Value> {
    let mut names: Vec<Value> = Vec::new();
    for finding in report["findings"][verdict].as_array().expect("findings") {
        if !names.contains(&finding["feature"]) {
            names.push(finding["feature"].clone());
        }
    }
    names
}

const PERIOD: [&str; 4] = ["--from", "2026-03-02T00:00:00Z", "--to", "2026-03-02T06:00:00Z"];

#[test]
fn every_window_is_judged_as_a_run_would() {
    let past = Past::new(&[(0.0, 10), (0.0, 10), (2.0, 10), (0.0, 2), (0.0, 10)]);
    let replay = past.json(&[&["replay"], &PERIOD[..]].concat());
    schema::check_valid("replay", "the replay", &replay);
    let windows = replay["windows"].as_array().expect("windows");
    assert_eq!(windows.len(), 6);
    for (hour, window) in windows.iter().enumerate() {
        let (start, end) = (format!("2026-03-02T{hour:02}:00:00Z"), format!("2026-03-02T{:02}:00:00Z", hour + 1));
        let report = past
            .mounts
            .run(&["--start-time", &start, "--end-time", &end, "--verdict", "statistical"], &past.environment())
            .succeeded()
            .report();
        assert_eq!(window["window"], report["window"]);
        assert_eq!(window["n_rows"], report["ledger"]["records"]["used"], "{hour}");
        assert_eq!(window["aws"], json!(features(&report, "aws")), "{hour}");
        let statistical = if hour < 5 { features(&report, "statistical") } else { Vec::new() };
        assert_eq!(window["statistical"], json!(statistical), "{hour}");
    }
    let found: Vec<&Value> = windows.iter().map(|window| &window["statistical"]).collect();
    assert_eq!(found, [&json!([]), &json!([]), &json!(["x"]), &json!(["flag"]), &json!([]), &json!([])]);
    assert_eq!(windows[3]["over_time"], json!(["flag"]));
    // AWS's distance compares the sets of numbers: that of a flag never changes.
    let missed = replay["missed"].as_array().expect("features");
    assert_eq!((missed.len(), &missed[0]["feature"], &missed[0]["n_windows"]), (1, &json!("flag"), &json!(1)));
}

#[test]
fn a_replay_is_a_table_for_people_and_writes_nothing() {
    let past = Past::new(&[(0.0, 10), (0.0, 2)]);
    let done = past.look_back(&["replay", "--from", "2026-03-02T00:00:00Z", "--to", "2026-03-02T01:30:00Z"]);
    let text = String::from_utf8_lossy(&done.stdout).into_owned();
    let lines: Vec<&str> = text.lines().collect();
    assert!(
        lines[0].starts_with("window ") && lines[1].starts_with("2026-03-02T00:00:00Z        400     0     0"),
        "{text}"
    );
    assert!(
        lines[2].starts_with("2026-03-02T01:00:00Z        200     0     1") && lines[2].ends_with("  flag"),
        "{text}"
    );
    assert!(
        lines[3].starts_with("2 windows; with violations: 0 by the verdict aws, 1 by the verdict statistical"),
        "{text}"
    );
    assert!(lines[4].starts_with("not shown by AWS's distance: flag in 1 windows"), "{text}");
    assert!(job::names(&past.mounts.output()).is_empty());
}

#[test]
fn what_cannot_be_replayed_is_refused() {
    let past = Past::new(&[(0.0, 10)]);
    let refused = |arguments: &[&str], environment: &[(&str, &str)], said: &str| {
        let done = past.mounts.command(arguments, environment).output().expect("the program starts");
        let log = String::from_utf8_lossy(&done.stderr).into_owned();
        assert!(done.status.code() == Some(2) && log.contains(said), "{arguments:?}: {:?} {log}", done.status);
    };
    let whole = [&["replay"], &PERIOD[..]].concat();
    refused(&whole, &[CAPTURES], "it needs a baseline");
    refused(&whole, &[CSV, ("baseline_constraints", &past.baseline[0])], "it looks at captures");
    refused(&[&whole[..], &["--every", "PT1S"]].concat(), &past.environment(), "21600 windows are more than 10000");
    refused(&[&whole[..], &["--segment", "flag"]].concat(), &past.environment(), "it makes no segments");
    refused(&["replay", "--from", "2026-03-02T00:00:00Z"], &past.environment(), "--to");
    refused(&[&whole[..], &["--every", "-PT1H"]].concat(), &past.environment(), "--every");
    let backwards = ["replay", "--from", "2026-03-02T06:00:00Z", "--to", "2026-03-02T00:00:00Z"];
    refused(&backwards, &past.environment(), "MM-CONTRACT-002");
    refused(&[&["calibrate"], &PERIOD[..]].concat(), &past.environment()[..2], "it needs baseline_statistics");
}

#[test]
fn a_healthy_period_gives_limits_that_aws_can_read() {
    let hours: Vec<(f64, usize)> = (0..30).map(|hour| ((hour % 5) as f64 / 50.0, 9 + hour % 3)).collect();
    let past = Past::new(&hours);
    let period = ["calibrate", "--from", "2026-03-02T00:00:00Z", "--to", "2026-03-03T06:00:00Z"];
    let calibration = past.json(&period);
    schema::check_valid("calibration", "the calibration", &calibration);
    assert_eq!((&calibration["n_with_rows"], &calibration["n_rows"]), (&json!(30), &json!(N)));
    let written: Value =
        serde_json::from_slice(&job::files(&past.mounts.output())["constraints.json"]).expect("constraints");
    schema::check_valid("constraints", "the constraints", &written);
    for (i, feature) in calibration["features"].as_array().expect("features").iter().enumerate() {
        let (largest, threshold) = (feature["largest"].as_f64(), feature["threshold"].as_f64());
        assert!(threshold >= largest && largest.is_some(), "{feature}");
        let settings = &written["features"][i]["monitoringConfigOverrides"]["distribution_constraints"];
        assert_eq!(
            (&settings["comparison_method"], &settings["comparison_threshold"]),
            (&json!("Simple"), &feature["threshold"])
        );
    }
    // Under its own limits the period is quiet, and a shift is not.
    let mut environment = past.environment();
    let limits = past.mounts.output().join("constraints.json").display().to_string();
    let kept = past.mounts.root().join("calibrated.json");
    fs::copy(&limits, &kept).expect("a file");
    let kept = kept.display().to_string();
    environment[1] = ("baseline_constraints", &kept);
    let replayed = |arguments: &[&str]| {
        let done = past.mounts.command(arguments, &environment).output().expect("the program starts");
        String::from_utf8_lossy(&done.stdout).into_owned()
    };
    let quiet = replayed(&["replay", "--from", "2026-03-02T00:00:00Z", "--to", "2026-03-03T06:00:00Z"]);
    assert!(quiet.contains("with violations: 0 by the verdict aws"), "{quiet}");
    let fewer = past.json(&["calibrate", "--from", "2026-03-02T00:00:00Z", "--to", "2026-03-02T20:00:00Z"]);
    assert!(fewer["features"].as_array().expect("features").iter().all(|feature| feature["threshold"].is_null()));
}

#[test]
fn a_violated_window_has_its_exit_code_where_that_is_asked_for() {
    let past = Past::new(&[(0.0, 10), (2.0, 10)]);
    let code = |arguments: &[&str]| past.look_back(arguments).status.code();
    let period = |to| ["replay", "--fail-on-violation", "--from", "2026-03-02T00:00:00Z", "--to", to];
    assert_eq!(code(&period("2026-03-02T01:00:00Z")), Some(0));
    assert_eq!(code(&period("2026-03-02T02:00:00Z")), Some(3));
    assert_eq!(code(&[&period("2026-03-02T02:00:00Z")[..], &["--verdict", "statistical"]].concat()), Some(3));
    assert_eq!(code(&["replay", "--from", "2026-03-02T00:00:00Z", "--to", "2026-03-02T02:00:00Z"]), Some(0));
}

#[test]
fn limits_are_not_put_among_the_results_of_a_run_nor_made_of_nothing() {
    let past = Past::new(&[(0.0, 10)]);
    let calibrate = |from, to| past.look_back(&["calibrate", "--from", from, "--to", to]);
    let nothing = calibrate("2026-04-02T00:00:00Z", "2026-04-02T02:00:00Z");
    assert_eq!(nothing.status.code(), Some(5), "{}", String::from_utf8_lossy(&nothing.stderr));
    assert!(job::names(&past.mounts.output()).is_empty());
    past.mounts.run(&[], &past.environment()).succeeded();
    let refused = calibrate("2026-03-02T00:00:00Z", "2026-03-02T01:00:00Z");
    let log = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(refused.status.code() == Some(2) && log.contains("MM-CONTRACT-009"), "{log}");
}

#[test]
fn names_of_columns_forge_no_lines() {
    let past = Past::new(&[(0.0, 10), (0.0, 2)]);
    let evil = "\u{1b}[2J\n0 windows";
    for file in &past.baseline {
        let text = fs::read_to_string(file).expect("a baseline");
        fs::write(file, text.replace("\"flag\"", &json!(evil).to_string())).expect("a file");
    }
    let done = past.look_back(&["replay", "--from", "2026-03-02T00:00:00Z", "--to", "2026-03-02T02:00:00Z"]);
    let text = String::from_utf8_lossy(&done.stdout).into_owned();
    assert!(!text.contains('\u{1b}') && !text.lines().any(|line| line.starts_with("0 windows")), "{text}");
    assert!(text.contains("\\u{1b}[2J\\n0 windows"), "{text}");
}
