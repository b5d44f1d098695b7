//! AWS's own files, byte for byte, and the slow reference on random tables.
//!
//! Both live in a folder beside the project, which not every checkout has: without it a test says
//! so and passes.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const BINARY: &str = env!("CARGO_BIN_EXE_model-monitor");

/// A part of the folder beside the project; says so when it is absent.
fn beside_the_project(part: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared").join(part);
    if !path.exists() {
        println!("skipped: ../shared/{part} is not here");
    }
    path.exists().then_some(path)
}

/// A case's files: the input, and what AWS wrote for it.
struct Case {
    name: String,
    folder: PathBuf,
    wanted: Vec<&'static str>,
}

impl Case {
    /// `None` where there is no input, or nothing that follows from it.
    fn of(folder: PathBuf) -> Option<Self> {
        let names = ["statistics.json", "statistics.truncated.json", "constraints.json"];
        let wanted: Vec<_> = names.into_iter().filter(|name| folder.join(name).exists()).collect();
        let complete = folder.join("input.csv").exists() && folder.join("constraints.json").exists();
        let name = folder.file_name()?.to_string_lossy().into_owned();
        complete.then_some(Self { name, folder, wanted })
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.folder.join(name)).unwrap_or_else(|e| panic!("{}/{name}: {e}", self.name))
    }

    /// Files of before 2022 know no categorical settings.
    fn layout(&self) -> &'static str {
        if self.read("constraints.json").contains("categorical_drift_method") { "2024" } else { "2021" }
    }
}

/// Runs the program on the case's input as a baseline job does; the folder it wrote to.
fn baseline(case: &Case) -> tempfile::TempDir {
    let scratch = tempfile::tempdir().unwrap();
    let (input, output) = (scratch.path().join("input"), scratch.path().join("output"));
    fs::create_dir(&input).unwrap();
    fs::create_dir(&output).unwrap();
    fs::copy(case.folder.join("input.csv"), input.join("input.csv")).unwrap();
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

#[test]
fn files_of_aws_are_written_again_byte_for_byte() {
    let Some(root) = beside_the_project("cases/aws") else { return };
    let folders = fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path());
    let cases: Vec<_> = folders.filter_map(Case::of).collect();
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
            println!("{}: {name}: {} bytes identical", case.name, expected.len());
        }
    }
}

fn differential(more: &[&str]) {
    let Some(program) = beside_the_project("oracle/differential.py") else { return };
    let done = Command::new("python3")
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .arg(program)
        .args(["--binary", BINARY, "--cases", "60"])
        .args(more)
        .output()
        .unwrap();
    println!("{}", text(&done));
    assert!(done.status.success(), "{}", text(&done));
}

#[test]
fn random_tables_whose_answer_real_files_settle() {
    differential(&["--seed", "11", "--settled"]);
}

#[test]
fn random_tables_of_every_kind() {
    differential(&["--seed", "12"]);
}
