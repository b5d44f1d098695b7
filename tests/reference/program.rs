//! The program beside AWS's own files, byte for byte, and beside the slow reference on random tables.

use std::fs;
use std::process::{Command, Output};

use crate::folder::Reference;

/// What this file tests.
pub const TESTS: &[crate::Test] = tests![
    "cases/aws" => [files_of_aws_are_written_again_byte_for_byte],
    "oracle/differential.py" => [random_tables_whose_answer_real_files_settle, random_tables_of_every_kind],
];

const BINARY: &str = env!("CARGO_BIN_EXE_model-monitor");

/// A case's files: the input, and what AWS wrote for it.
struct Case<'a> {
    name: String,
    reference: &'a Reference,
    wanted: Vec<&'static str>,
}

impl<'a> Case<'a> {
    /// `None` where there is no input, or nothing that follows from it.
    fn of(reference: &'a Reference, name: String) -> Option<Self> {
        let has = |file: &str| reference.has(&format!("cases/aws/{name}/{file}"));
        let names = ["statistics.json", "statistics.truncated.json", "constraints.json"];
        let wanted: Vec<_> = names.into_iter().filter(|file| has(file)).collect();
        let is_complete = has("input.csv") && has("constraints.json");
        is_complete.then_some(Self { name, reference, wanted })
    }

    fn read(&self, file: &str) -> String {
        self.reference.text(&format!("cases/aws/{}/{file}", self.name))
    }

    /// Files of before 2022 know no categorical settings.
    fn layout(&self) -> &'static str {
        if self.read("constraints.json").contains("categorical_drift_method") { "2024" } else { "2021" }
    }
}

/// Runs the program on the case's input as a baseline job does; the folder it wrote to.
fn baseline(case: &Case<'_>) -> tempfile::TempDir {
    let scratch = tempfile::tempdir().unwrap();
    let (input, output) = (scratch.path().join("input"), scratch.path().join("output"));
    fs::create_dir(&input).unwrap();
    fs::create_dir(&output).unwrap();
    fs::write(input.join("input.csv"), case.read("input.csv")).unwrap();
    let done = Command::new(BINARY)
        .env_clear()
        .env("dataset_format", r#"{"csv":{"header":true}}"#)
        .env("dataset_source", &input)
        .env("output_path", &output)
        .env("publish_cloudwatch_metrics", "Disabled")
        .env("MODEL_MONITOR_OPT_ML", scratch.path().join("opt-ml"))
        .env("MODEL_MONITOR_AWS_LAYOUT", case.layout())
        .output()
        .unwrap();
    assert!(done.status.success(), "{}: {}", case.name, text(&done));
    scratch
}

/// Where the two part, with a little of what stands around it.
fn difference(expected: &str, found: &str) -> Option<String> {
    if expected == found {
        return None;
    }
    let at = expected.bytes().zip(found.bytes()).take_while(|(a, b)| a == b).count();
    let around = |text: &str| {
        let end = (at + 60).min(text.len());
        String::from_utf8_lossy(&text.as_bytes()[at.saturating_sub(60).min(end)..end]).into_owned()
    };
    Some(format!("at byte {at}: expected {:?}, found {:?}", around(expected), around(found)))
}

fn text(done: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr))
}

fn files_of_aws_are_written_again_byte_for_byte(reference: &Reference) {
    let folders = reference.folders("cases/aws").into_iter();
    let cases: Vec<_> = folders.filter_map(|name| Case::of(reference, name)).collect();
    assert!(!cases.is_empty(), "no case has an input and constraints");
    for case in &cases {
        let scratch = baseline(case);
        for name in &case.wanted {
            let expected = case.read(name);
            let written = name.replace(".truncated", "");
            let mut found = fs::read_to_string(scratch.path().join("output").join(&written)).unwrap();
            let expected = if name.contains("truncated") {
                // A log cut it short, and closing brackets were added by hand: what stands before them counts.
                let kept = expected.trim_end_matches(['\n', '}', ' ', ']']);
                found.truncate(kept.len());
                kept
            } else {
                // Saved from a notebook it ends in one more newline.
                expected.strip_suffix('\n').unwrap_or(&expected)
            };
            if let Some(difference) = difference(expected, &found) {
                panic!("{}: {name}: {difference}", case.name);
            }
        }
    }
}

fn differential(reference: &Reference, more: &[&str]) {
    let done = Command::new("python3")
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .arg(reference.path("oracle/differential.py"))
        .args(["--binary", BINARY, "--cases", "60"])
        .args(more)
        .output()
        .unwrap();
    assert!(done.status.success(), "{}", text(&done));
}

fn random_tables_whose_answer_real_files_settle(reference: &Reference) {
    differential(reference, &["--seed", "11", "--settled"]);
}

fn random_tables_of_every_kind(reference: &Reference) {
    differential(reference, &["--seed", "12"]);
}
