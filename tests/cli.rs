//! The command line: what it takes, what it prints, what it exits with, what it leaves behind.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use model_monitor::{error, wire::schemas};
use serde_json::Value;

const BINARY: &str = env!("CARGO_BIN_EXE_model-monitor");
const TABLE: &str = r#"{"csv":{"header":true}}"#;

/// Names and values.
type Pairs<'a> = &'a [(&'a str, &'a str)];

/// A folder with a small table, its baseline's place, and a root of mounts.
struct Desk(tempfile::TempDir);

impl Desk {
    fn new() -> Self {
        let desk = Self(tempfile::tempdir().expect("a folder"));
        for folder in ["in", "mounts", "elsewhere"] {
            fs::create_dir(desk.path(folder)).expect("a folder");
        }
        desk.place("in/table.csv", "age,city\n1,Bern\n2,Bern\n3,Genf\n");
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn place(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).expect("a file");
    }

    fn run(&self, arguments: &[&str], environment: Pairs<'_>) -> Output {
        let mut command = Command::new(BINARY);
        command.current_dir(self.0.path()).env_clear().env("MODEL_MONITOR_OPT_ML", "mounts");
        command.envs(environment.iter().copied()).args(arguments).output().expect("a run")
    }

    /// Runs the job on the table with these arguments before its own.
    fn table(&self, arguments: &[&str], environment: Pairs<'_>) -> Output {
        let job = ["--dataset-format", TABLE, "--dataset-source", "in", "--output-path", "out"];
        self.run(&[arguments, &job].concat(), environment)
    }

    fn message(&self) -> String {
        fs::read_to_string(self.path("mounts/output/message")).unwrap_or_default()
    }

    /// A baseline of the table, and then a table that violates it.
    fn drift(&self) -> [&'static str; 4] {
        assert_eq!(code(&self.table(&[], &[])), 0);
        fs::rename(self.path("out"), self.path("baseline")).expect("a baseline");
        self.place("in/table.csv", "age,city\nold,Bern\nolder,Bern\n,Bern\n");
        let constraints = "baseline/constraints.json";
        ["--baseline-constraints", constraints, "--baseline-statistics", "baseline/statistics.json"]
    }
}

fn code(done: &Output) -> i32 {
    done.status.code().unwrap_or(-1)
}

fn shown(done: &Output) -> String {
    String::from_utf8_lossy(&done.stdout).into_owned()
}

fn logged(done: &Output) -> String {
    String::from_utf8_lossy(&done.stderr).into_owned()
}

#[test]
fn a_run_prints_its_outcome_and_where_its_results_are_and_logs_json() {
    let desk = Desk::new();
    let done = desk.table(&[], &[]);
    let summary = shown(&done);
    let lines: Vec<&str> = summary.lines().collect();
    assert_eq!((code(&done), lines.len(), lines[3]), (0, 4, "  results in out"), "{summary}");
    assert!(lines[1].starts_with("    age ") && lines[1].ends_with("mean 2.000000"), "{summary}");
    assert!(lines[0].starts_with("Completed: 3 records used of 3 seen"), "{summary}");
    let entries = logged(&done);
    assert!(entries.lines().count() >= 3, "{entries}");
    for line in entries.lines() {
        let entry: Value = serde_json::from_str(line).expect(line);
        assert!(entry["level"].is_string() && entry["message"].is_string(), "{line}");
    }
    assert_eq!(desk.message(), "Completed: Job completed successfully with no violations.");
    assert_eq!(code(&desk.table(&["run"], &[])), 0, "the command may be named");
}

#[test]
fn settings_come_from_flags_and_then_from_variables() {
    let desk = Desk::new();
    fs::write(desk.path("in/table.csv"), b"a,b\n1,2\n\xff,3\n").expect("a table half of which is broken");
    let cases: [(&[&str], Pairs<'_>, i32); 11] = [
        (&[], &[], 4),
        (&["--max-rejected", "50%"], &[], 0),
        (&["--max-rejected", "0.5"], &[], 0),
        (&["--max-rejected", "49.9 %"], &[], 4),
        (&[], &[("MODEL_MONITOR_MAX_REJECTED", "60%")], 0),
        (&["--max-rejected", "5%"], &[("MODEL_MONITOR_MAX_REJECTED", "60%")], 4),
        (&["run", "--max-rejected", "60%"], &[("MODEL_MONITOR_THREADS", "3"), ("MODEL_MONITOR_JSON", "false")], 0),
        (&[], &[("MODEL_MONITOR_MAX_REJECTED", "")], 4),
        (&[], &[("MODEL_MONITOR_MAX_REJECTED", "many")], 2),
        (&["--max-rejected", "101%"], &[], 2),
        (&["--threads", "0"], &[], 2),
    ];
    for (arguments, environment, expected) in cases {
        let done = desk.table(arguments, environment);
        assert_eq!(code(&done), expected, "{arguments:?} {environment:?}: {}", logged(&done));
    }
}

#[test]
fn empty_variables_are_none() {
    let desk = Desk::new();
    let own = [
        "OPT_ML",
        "THREADS",
        "MEMORY_LIMIT",
        "MAX_REJECTED",
        "ON_EMPTY",
        "AWS_LAYOUT",
        "FAIL_ON_VIOLATION",
        "JSON",
        "QUIET",
        "LOG_LEVEL",
    ];
    for name in own {
        for value in ["", "  "] {
            let name = format!("MODEL_MONITOR_{name}");
            let done = desk.table(&[], &[(&name, value)]);
            assert_eq!(code(&done), 0, "{name}={value:?}: {}", logged(&done));
            assert!(shown(&done).starts_with("Completed: "), "{name}={value:?}: {}", shown(&done));
            assert!(logged(&done).contains("results written"), "{name}={value:?}");
        }
    }
}

#[test]
fn switches_may_be_set_by_words() {
    let desk = Desk::new();
    for (value, is_json) in [("false", false), ("0", false), ("no", false), ("true", true), ("1", true)] {
        let done = desk.table(&[], &[("MODEL_MONITOR_JSON", value)]);
        assert_eq!((code(&done), shown(&done).starts_with('{')), (0, is_json), "{value}: {}", logged(&done));
    }
}

#[test]
fn json_prints_the_report_and_nothing_else() {
    let desk = Desk::new();
    let done = desk.table(&["--json"], &[]);
    let written = fs::read_to_string(desk.path("out/model_monitor_report.json")).expect("a report");
    assert_eq!((code(&done), shown(&done)), (0, format!("{written}\n")));
    let report: Value = serde_json::from_str(&written).expect("JSON");
    assert_eq!(report["ledger"]["records"]["used"], 3);
}

#[test]
fn violations_fail_only_where_that_was_asked_for() {
    let desk = Desk::new();
    let baseline = desk.drift();
    let done = desk.table(&baseline, &[]);
    assert_eq!(code(&done), 0, "{}", logged(&done));
    assert!(shown(&done).starts_with("CompletedWithViolations: "), "{}", shown(&done));
    let violations = fs::read(desk.path("out/constraint_violations.json")).expect("violations");
    let violations: Value = serde_json::from_slice(&violations).expect("JSON");
    let n = violations["violations"].as_array().map_or(0, Vec::len);
    assert!(n > 0);
    let message = format!("CompletedWithViolations: Job completed successfully with {n} violations.");
    assert_eq!(desk.message(), message);

    let done = desk.table(&[&["--fail-on-violation"], &baseline[..]].concat(), &[]);
    assert_eq!((code(&done), desk.message()), (3, message));
    assert_eq!(code(&desk.table(&baseline, &[("MODEL_MONITOR_FAIL_ON_VIOLATION", "true")])), 3);
}

#[test]
fn the_baseline_command_leaves_baselines_aside_and_nothing_else() {
    let desk = Desk::new();
    let baseline = desk.drift();
    let done = desk.table(&[&["baseline"], &baseline[..]].concat(), &[]);
    assert_eq!(code(&done), 0, "{}", logged(&done));
    assert!(desk.path("out/statistics.json").exists() && !desk.path("out/constraint_violations.json").exists());

    fs::create_dir(desk.path("mounts/config")).expect("a folder");
    let environment = serde_json::json!({
        "dataset_format": TABLE, "dataset_source": "in", "output_path": "of-the-file",
        "baseline_constraints": "nowhere/constraints.json",
    });
    let config = serde_json::json!({"ProcessingJobName": "job", "Environment": environment});
    desk.place("mounts/config/processingjobconfig.json", &config.to_string());
    assert_eq!(code(&desk.run(&["baseline"], &[])), 0);
    assert!(desk.path("of-the-file/statistics.json").exists());
    assert_eq!(code(&desk.run(&[], &[])), 2, "the file's baseline is not there");
    assert!(desk.message().contains("MM-BASELINE-001"), "{}", desk.message());
}

#[test]
fn a_command_line_that_cannot_be_read_leaves_its_code() {
    let desk = Desk::new();
    let cases: [(&[&str], &str); 6] = [
        (&["--no-such-flag"], "--no-such-flag"),
        (&["dance"], "dance"),
        (&["--threads", "many"], "--threads <N>"),
        (&["--memory-limit=lots"], "it is not a size such as 512MB"),
        (&["--dataset-source"], "--dataset-source <PLACE>"),
        (&["--on-empty", "explode"], "--on-empty <WAY>"),
    ];
    for (arguments, said) in cases {
        let _ = fs::remove_dir_all(desk.path("mounts/output"));
        let done = desk.run(arguments, &[]);
        assert_eq!((code(&done), shown(&done)), (2, String::new()), "{arguments:?}");
        let entry: Value = serde_json::from_str(logged(&done).trim()).expect("one line of JSON");
        assert_eq!(entry["code"], "MM-CONTRACT-006", "{arguments:?}");
        let message = desk.message();
        assert!(message.starts_with("Failed: MM-CONTRACT-006: ") && message.contains(said), "{arguments:?}: {message}");
    }
    for arguments in [["--opt-ml", "elsewhere", "--nonsense"], ["--opt-ml=elsewhere", "--nonsense", "--json"]] {
        let _ = fs::remove_dir_all(desk.path("elsewhere/output"));
        assert_eq!(code(&desk.run(&arguments, &[])), 2);
        assert!(desk.path("elsewhere/output/message").exists(), "{arguments:?}");
    }
}

#[test]
fn help_names_every_flag_and_variable_of_the_program() {
    let desk = Desk::new();
    let help = shown(&desk.run(&["--help"], &[]));
    for word in [
        "--dataset-source",
        "--output-path",
        "--on-empty",
        "MODEL_MONITOR_MEMORY_LIMIT",
        "baseline",
        "explain",
        "schema",
    ] {
        assert!(help.contains(word), "{word}");
    }
    assert!(!help.contains("--record-preprocessor-script"), "what is refused is not offered");
    let version = desk.run(&["--version"], &[]);
    assert_eq!((code(&version), shown(&version)), (0, format!("model-monitor {}\n", env!("CARGO_PKG_VERSION"))));
    assert!(!desk.path("mounts/output").exists(), "asking for help is no job");
}

#[test]
fn every_code_has_a_page() {
    let desk = Desk::new();
    let listed = shown(&desk.run(&["explain"], &[]));
    for row in error::ALL {
        assert!(listed.lines().any(|line| line == format!("{}  {}", row.code, row.title)), "{}", row.code);
        let page = desk.run(&["explain", &row.code.to_lowercase()], &[]);
        assert_eq!(code(&page), 0);
        for text in [row.code, row.title, row.causes, row.remedy] {
            assert!(shown(&page).contains(text), "{}: {text}", row.code);
        }
    }
    assert_eq!(listed.lines().filter(|line| line.starts_with("MM-")).count(), error::ALL.len());
    assert_eq!(code(&desk.run(&["explain", "MM-NOTHING-000"], &[])), 2);
}

#[test]
fn every_schema_is_printed_as_it_lies_in_the_project() {
    let desk = Desk::new();
    let listed = shown(&desk.run(&["schema"], &[]));
    let listed: BTreeSet<&str> = listed.lines().collect();
    assert_eq!(listed, schemas::ALL.iter().map(|schema| schema.name).collect());
    for schema in schemas::ALL {
        let done = desk.run(&["schema", schema.name], &[]);
        assert_eq!((code(&done), shown(&done).as_str()), (0, schema.text), "{}", schema.name);
    }
    let by_file = desk.run(&["schema", "statistics.json"], &[]);
    assert_eq!(shown(&by_file), schemas::find("statistics").expect("a schema").text);
    assert_eq!(code(&desk.run(&["schema", "nothing"], &[])), 2);
}

#[test]
fn what_was_meant_is_suggested_wherever_errors_are_read() {
    let desk = Desk::new();
    let cases: [(&[&str], &[&str]); 9] = [
        (&["run", "--verdict", "statisticl"], &["it takes aws, statistical", "did you mean statistical?"]),
        (&["run", "--dataset-sorce", "x"], &["did you mean --dataset-source?"]),
        (&["bseline"], &["did you mean baseline or explain?"]),
        (&["demo", "--monitor", "drift"], &["it takes data-quality, model-quality, bias, attribution"]),
        (&["explain", "setings"], &["did you mean settings?"]),
        (&["explain", "Kolmogorov"], &["topics that mention it: measures, verdicts, bias"]),
        (&["explain", "csv"], &["topics that mention it: formats, "]),
        (&["run", "--dataset-source", "a", "--dataset-source", "b"], &["it is given more than once"]),
        (&["schema", "statistic"], &["did you mean statistics?"]),
    ];
    for (arguments, said) in cases {
        let done = desk.run(arguments, &[]);
        let entry: Value = serde_json::from_str(logged(&done).trim()).expect("one line of JSON");
        let cause = entry["cause"].as_str().unwrap_or_default();
        assert_eq!(code(&done), 2, "{arguments:?}");
        assert!(said.iter().all(|text| cause.contains(text)), "{arguments:?}: {cause}");
    }
}

#[test]
fn quiet_runs_say_nothing_and_logs_have_the_level_that_is_asked_for() {
    let desk = Desk::new();
    let done = desk.table(&["--quiet"], &[]);
    assert_eq!((code(&done), shown(&done), logged(&done)), (0, String::new(), String::new()));
    for (arguments, environment, is_logged) in [
        (&["--log-level", "warn"][..], &[][..], false),
        (&[], &[("MODEL_MONITOR_LOG_LEVEL", "error")], false),
        (&[], &[("RUST_LOG", "warn")], false),
        (&["--log-level", "info"], &[("RUST_LOG", "error")], true),
    ] {
        let done = desk.table(arguments, environment);
        assert_eq!(logged(&done).contains("results written"), is_logged, "{arguments:?} {environment:?}");
    }
}

#[test]
fn a_demonstration_reads_no_file_but_its_own() {
    let desk = Desk::new();
    let demo = || desk.run(&["demo", "--folder", "elsewhere"], &[]);
    assert_eq!(code(&demo()), 0);
    assert!(desk.path("elsewhere/data-quality/drifted/constraint_violations.json").exists());
    desk.place("elsewhere/data-quality/capture/other.jsonl", "{}\n");
    let refused = demo();
    assert_eq!(code(&refused), 2);
    assert!(logged(&refused).contains("other.jsonl"), "{}", logged(&refused));
}

#[test]
fn the_commands_that_a_demonstration_prints_find_what_it_found() {
    let desk = Desk::new();
    let printed = shown(&desk.run(&["demo"], &[]));
    assert!(
        printed.contains(
            "  12 windows; with violations: 7 by the verdict aws, 7 by the verdict statistical, 6 of these over time"
        ),
        "{printed}"
    );
    let commands = printed.split("to be run again:\n\n").nth(1).expect("commands");
    let program = format!("model-monitor() {{ '{BINARY}' \"$@\"; }}\n{commands}");
    let mut shell = Command::new("bash");
    let done = shell.args(["-euc", &program]).current_dir(desk.0.path()).env_clear().output().expect("a shell");
    assert!(done.status.success(), "{}", logged(&done));
    assert!(shown(&done).contains("CompletedWithViolations: 1800 records used"), "{}", shown(&done));
    assert!(shown(&done).contains("  no violations\n"), "{}", shown(&done));
}

#[test]
fn shells_get_their_completions() {
    let desk = Desk::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let done = desk.run(&["completions", shell], &[]);
        assert_eq!(code(&done), 0, "{shell}");
        assert!(shown(&done).contains("dataset-source"), "{shell}");
    }
    assert_eq!(code(&desk.run(&["completions", "abacus"], &[])), 2);
}

#[test]
fn names_of_objects_steer_no_terminal() {
    let desk = Desk::new();
    fs::write(desk.path("in/e\u{1b}[31mvil.csv"), b"a\n\xff\n").expect("an object");
    let done = desk.table(&[], &[]);
    assert_eq!(code(&done), 4);
    assert!(desk.message().contains("(e\u{fffd}[31mvil.csv, line 2)"), "{}", desk.message());
    assert!(!logged(&done).contains('\u{1b}') && !shown(&done).contains('\u{1b}'));
}

#[test]
fn without_data_the_way_decides() {
    let desk = Desk::new();
    fs::remove_file(desk.path("in/table.csv")).expect("an empty folder");
    let done = desk.table(&[], &[]);
    assert_eq!(code(&done), 0, "{}", logged(&done));
    assert!(
        shown(&done).starts_with("NoData: ") && desk.message().starts_with("Completed: NoData, "),
        "{}",
        desk.message()
    );
    let done = desk.table(&["--on-empty", "fail"], &[]);
    assert_eq!(code(&done), 5, "{}", logged(&done));
    assert!(desk.message().starts_with("Failed: MM-INPUT-003: "), "{}", desk.message());
}
