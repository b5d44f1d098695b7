//! Windows that follow one another, through the binary: what each leaves for the next, and what the next makes of it.

#[path = "support/job.rs"]
mod job;
#[path = "support/s3_server.rs"]
mod s3_server;
#[path = "support/schema.rs"]
mod schema;

use std::fs;
use std::path::Path;

use job::{Done, Mounts};
use s3_server::Server;
use serde_json::{Value, json};

const CSV: (&str, &str) = ("dataset_format", r#"{"csv":{"header":true}}"#);
const STATE: &str = "model_monitor_state.json";

/// A job with a baseline of 2,000 rows.
struct Schedule {
    mounts: Mounts,
    baseline: [String; 2],
}

/// So many rows of which every tenth number, or every `share`-th, is 1 and the others are 0.
fn rows(n: usize, share: usize) -> String {
    let row = |i: usize| format!("{},{}\n", i * 7_919 % 1_000, u8::from(i.is_multiple_of(share)));
    std::iter::once("x,flag\n".to_owned()).chain((0..n).map(row)).collect()
}

impl Schedule {
    fn new() -> Self {
        let mounts = Mounts::new();
        mounts.place("a.csv", rows(2_000, 10));
        mounts.run(&[], &[CSV]).succeeded();
        Self { baseline: Self::moved(&mounts, "baseline"), mounts }
    }

    fn moved(mounts: &Mounts, name: &str) -> [String; 2] {
        let folder = mounts.root().join(name);
        fs::rename(mounts.output(), &folder).expect("a baseline");
        ["constraints.json", "statistics.json"].map(|file| folder.join(file).display().to_string())
    }

    /// Runs the window that begins at this hour on these rows.
    fn run(&self, hour: u8, rows: &str, more: &[(&str, &str)]) -> Done {
        self.mounts.place("a.csv", rows);
        let (start, end) = (format!("2026-03-02T{hour:02}:00:00Z"), format!("2026-03-02T{:02}:00:00Z", hour + 1));
        let environment = [
            CSV,
            ("MODEL_MONITOR_VERDICT", "statistical"),
            ("baseline_constraints", &self.baseline[0]),
            ("baseline_statistics", &self.baseline[1]),
            ("start_time", &start),
            ("end_time", &end),
        ];
        self.mounts.run(&[], &[&environment, more].concat())
    }

    /// The same with the results of the windows before it below this folder.
    fn run_after(&self, folder: &Path, hour: u8, rows: &str) -> Done {
        let place = folder.display().to_string();
        self.run(hour, rows, &[("MODEL_MONITOR_PREVIOUS_OUTPUT", &place)])
    }
}

fn over_time(done: &Done) -> Value {
    let report = done.succeeded().report();
    schema::check_valid("model_monitor_report", "the report", &report);
    report["over_time"].clone()
}

fn state(done: &Done) -> Value {
    let state = done.json(STATE);
    schema::check_valid("model_monitor_state", "the state", &state);
    state
}

/// The features that the statistical verdict found.
fn found(done: &Done) -> Vec<String> {
    let findings = done.report()["findings"]["statistical"].clone();
    let names = findings.as_array().expect("findings").iter().map(|finding| finding["feature"].as_str());
    names.map(|name| name.unwrap_or_default().to_owned()).collect()
}

#[test]
fn without_earlier_windows_a_window_stands_alone_and_says_so() {
    let schedule = Schedule::new();
    let done = schedule.run(10, &rows(500, 6), &[]);
    assert_eq!(over_time(&done), json!({"windows": "alone"}));
    assert_eq!(found(&done), ["flag"]);
    assert!(!done.files.contains_key(STATE));
}

#[test]
fn windows_in_one_folder_follow_one_another() {
    let schedule = Schedule::new();
    let output = schedule.mounts.output();
    // 83 of 500 rows instead of 50: beyond chance in this window, and not beyond chance in all that may come.
    let first = schedule.run_after(&output, 10, &rows(500, 6));
    let told = over_time(&first);
    assert_eq!((&told["windows"], &told["n_windows"]), (&json!("started"), &json!(1)));
    assert_eq!((found(&first), &told["unconfirmed"][0]["feature"]), (vec![], &json!("flag")));
    assert!(first.message().contains("MM-DRIFT-104"), "{}", first.message());
    let outcome = |done: &Done| done.report()["features"][1]["tests"].as_array().expect("tests").clone();
    assert!(outcome(&first).iter().any(|test| test["outcome"] == "unconfirmed"), "{:?}", outcome(&first));

    let second = schedule.run_after(&output, 11, &rows(2_000, 5));
    assert_eq!(over_time(&second)["windows"], "continued");
    assert_eq!((found(&second), state(&second)["n_windows"].as_u64()), (vec!["flag".to_owned()], Some(2)));
    assert!(!second.message().contains("MM-DRIFT"), "{}", second.message());

    let again = schedule.run_after(&output, 11, &rows(2_000, 5));
    assert_eq!((over_time(&again)["windows"].as_str(), state(&again)), (Some("not_later"), state(&second)));
    assert!(again.message().contains("MM-DRIFT-106"), "{}", again.message());
}

#[test]
fn the_schema_refuses_other_states() {
    let schedule = Schedule::new();
    let written = state(&schedule.run_after(&schedule.mounts.output(), 10, &rows(500, 10)));
    for (place, value) in [
        ("/version", json!(2)),
        ("/monitor", json!("merge")),
        ("/baseline", json!("12")),
        ("/tests/0/e_value", json!(-1)),
        ("/tests/0/recent", json!(["no"])),
    ] {
        let mut other = written.clone();
        *other.pointer_mut(place).expect(place) = value;
        schema::check_invalid("model_monitor_state", place, &other);
    }
}

#[test]
fn the_last_window_before_this_one_is_found_below_a_folder() {
    let schedule = Schedule::new();
    let history = schedule.mounts.root().join("history");
    for hour in [8, 9, 12] {
        schedule.run_after(&history, hour, &rows(500, 10)).succeeded();
        let target = history.join(format!("2026/03/02/{hour:02}"));
        fs::create_dir_all(target.parent().expect("a folder")).expect("folders");
        fs::rename(schedule.mounts.output(), target).expect("results");
    }
    let late = schedule.run_after(&history, 10, &rows(500, 10));
    assert_eq!(
        (over_time(&late)["windows"].as_str(), over_time(&late)["n_windows"].as_u64()),
        (Some("continued"), Some(3))
    );
    assert_eq!(state(&late)["last_window"]["start"], "2026-03-02T10:00:00Z");
}

#[test]
fn an_incident_is_seen_since_its_first_window() {
    let schedule = Schedule::new();
    let output = schedule.mounts.output();
    let cents = |n: usize| {
        let rows = rows(n, 10);
        let line = |line: &str| line.split_once(',').map(|(x, flag)| format!("{x}00,{flag}\n")).unwrap_or_default();
        std::iter::once("x,flag\n".to_owned()).chain(rows.lines().skip(1).map(line)).collect::<String>()
    };
    for (hour, rows, since) in [
        (10, cents(500), Some("2026-03-02T10:00:00Z")),
        (11, cents(500), Some("2026-03-02T10:00:00Z")),
        (12, rows(500, 10), None),
        (13, cents(500), Some("2026-03-02T13:00:00Z")),
    ] {
        let done = schedule.run_after(&output, hour, &rows);
        state(&done);
        let incident = done.report()["incidents"][0].clone();
        assert_eq!(incident["first_seen"].as_str(), since, "{hour}: {incident}");
        assert_eq!(incident["kind"].as_str(), since.map(|_| "scale_change"), "{hour}");
    }
}

#[test]
fn another_baseline_begins_anew() {
    let mut schedule = Schedule::new();
    let output = schedule.mounts.output();
    schedule.run_after(&output, 10, &rows(500, 10)).succeeded();
    let history = schedule.mounts.root().join("history");
    fs::rename(&output, &history).expect("results");
    schedule.mounts.place("a.csv", rows(1_990, 10));
    schedule.mounts.run(&[], &[CSV]).succeeded();
    schedule.baseline = Schedule::moved(&schedule.mounts, "another");
    let done = schedule.run_after(&history, 11, &rows(500, 10));
    assert_eq!(
        (over_time(&done)["windows"].as_str(), state(&done)["n_windows"].as_u64()),
        (Some("other_baseline"), Some(1))
    );
    assert!(done.message().contains("MM-DRIFT-105"), "{}", done.message());
}

#[test]
fn a_damaged_state_ends_the_job() {
    let schedule = Schedule::new();
    let output = schedule.mounts.output();
    schedule.run_after(&output, 10, &rows(500, 10)).succeeded();
    let text = fs::read_to_string(output.join(STATE)).expect("a state");
    for damaged in [&text[..text.len() / 2], "", "[]", "{\"version\":2}"] {
        fs::write(output.join(STATE), damaged).expect("a file");
        // What the earlier run wrote stays, a part of it damaged: only what was said is looked at.
        let place = output.display().to_string();
        let environment = [
            CSV,
            ("baseline_constraints", schedule.baseline[0].as_str()),
            ("baseline_statistics", schedule.baseline[1].as_str()),
            ("MODEL_MONITOR_PREVIOUS_OUTPUT", place.as_str()),
        ];
        let ended = schedule.mounts.command(&[], &environment).output().expect("a run");
        let log = String::from_utf8_lossy(&ended.stderr);
        assert!(ended.status.code() == Some(2) && log.contains("MM-DRIFT-001"), "{damaged}: {:?} {log}", ended.status);
    }
}

#[test]
fn a_rule_about_earlier_windows_needs_them() {
    let schedule = Schedule::new();
    schedule.run(10, &rows(500, 10), &[("MODEL_MONITOR_ALARM_RULE", "2/3")]).failed(2, "MM-CONTRACT-002");
    schedule.run(10, &rows(500, 10), &[("MODEL_MONITOR_ALARM_RULE", "3/2")]).failed(2, "MM-CONTRACT-006");
}

#[test]
fn two_of_three_windows() {
    let schedule = Schedule::new();
    let place = schedule.mounts.output().display().to_string();
    let rule = [("MODEL_MONITOR_PREVIOUS_OUTPUT", place.as_str()), ("MODEL_MONITOR_ALARM_RULE", "2/3")];
    for (hour, share, expected) in [(8, 5, 0), (9, 10, 0), (10, 5, 1), (11, 5, 1), (12, 10, 0)] {
        let done = schedule.run(hour, &rows(2_000, share), &rule);
        assert_eq!(found(&done).len(), expected, "{hour}: {}", over_time(&done));
    }
}

#[test]
fn earlier_windows_are_found_on_s3() {
    let schedule = Schedule::new();
    let server = Server::start(&["results"]);
    let environment = server.environment();
    let mut more: Vec<(&str, &str)> = environment.iter().map(|(name, value)| (*name, value.as_str())).collect();
    more.extend([("AWS_CONFIG_FILE", "/dev/null"), ("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")]);
    more.extend([("AWS_EC2_METADATA_DISABLED", "true"), ("MODEL_MONITOR_PREVIOUS_OUTPUT", "s3://results/hourly")]);
    for (hour, expected) in [(8, ("started", 1)), (9, ("continued", 2)), (10, ("continued", 3))] {
        let place = format!("s3://results/hourly/2026/03/02/{hour:02}");
        let done = schedule.run(hour, &rows(500, 10), &[&more[..], &[("output_path", &place)]].concat());
        assert_eq!(done.exit, Some(0), "{}", done.stderr);
        let written = job::files(&server.file("results", &format!("hourly/2026/03/02/{hour:02}")));
        let report: Value = serde_json::from_slice(&written["model_monitor_report.json"]).expect("a report");
        let told = (report["over_time"]["windows"].as_str(), report["over_time"]["n_windows"].as_u64());
        assert_eq!(told, (Some(expected.0), Some(expected.1)), "{hour}");
    }
}
