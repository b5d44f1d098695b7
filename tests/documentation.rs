//! README, the pages of `explain`, help and completions: their size, their commands, and their tables against the
//! code's own.

use std::collections::BTreeSet;
use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;

use model_monitor::contract::{SETTINGS, VARIABLES};
use model_monitor::decode::Reason;
use model_monitor::error::{EXIT_VIOLATIONS, Kind};
use model_monitor::incident;
use model_monitor::judge;
use model_monitor::measure::{bias, drift, quality};
use model_monitor::names;
use model_monitor::profile::Problem;

const BINARY: &str = env!("CARGO_BIN_EXE_model-monitor");
const MAX_README_LINES: usize = 90;
const MAX_README_WIDTH: usize = 120;
const MAX_PAGE_WIDTH: usize = 100;

fn project(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

fn text(name: &str) -> String {
    fs::read_to_string(project(name)).expect(name)
}

fn topics() -> Vec<String> {
    let pages = fs::read_dir(project("src/cli/pages")).expect("pages");
    let names = pages.map(|page| page.expect("a page").file_name().to_string_lossy().replace(".md", ""));
    names.collect()
}

fn explain(arguments: &[&str]) -> String {
    output(&[&["explain"], arguments].concat())
}

/// What the program prints.
fn output(arguments: &[&str]) -> String {
    let done = Command::new(BINARY).env_clear().args(arguments).output().expect("a run");
    assert!(done.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).expect("UTF-8")
}

/// The words between backticks.
fn words(text: &str) -> BTreeSet<&str> {
    text.split('`').skip(1).step_by(2).collect()
}

#[test]
fn the_readme_has_two_screens() {
    let readme = text("README.md");
    assert!(readme.lines().count() <= MAX_README_LINES, "{} lines", readme.lines().count());
    for line in readme.lines() {
        assert!(line.chars().count() <= MAX_README_WIDTH, "{line}");
    }
}

/// The commands of the blocks of shell, with a free port in place of the one that stands there.
fn readme_commands() -> String {
    let port = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address").port();
    let readme = text("README.md");
    let blocks = readme.split("```sh\n").skip(1).filter_map(|block| block.split("```").next());
    blocks.collect::<String>().replace("8080", &port.to_string())
}

#[test]
fn the_commands_of_the_readme_run_one_after_another_and_twice() {
    let folder = tempfile::tempdir().expect("a folder");
    let programs = folder.path().join("bin");
    fs::create_dir(&programs).expect("a folder");
    std::os::unix::fs::symlink(BINARY, programs.join("model-monitor")).expect("a link");
    let path = format!("{}:{}", programs.display(), std::env::var("PATH").unwrap_or_default());
    let commands = readme_commands();
    assert!(commands.lines().filter(|line| line.contains("model-monitor ")).count() >= 12, "{commands}");
    let mut printed = Vec::new();
    for round in ["first", "second"] {
        let mut shell = Command::new("bash");
        let done = shell.args(["-euc", &commands]).current_dir(folder.path()).env_clear().env("PATH", &path).output();
        let done = done.expect("a shell");
        assert!(done.status.success(), "{round} time: {}", String::from_utf8_lossy(&done.stderr));
        printed.push(String::from_utf8(done.stdout).expect("UTF-8"));
    }
    let shown: Vec<String> =
        text("README.md").lines().filter_map(|line| line.strip_prefix("    Completed")).map(str::to_owned).collect();
    assert!(!shown.is_empty() && shown.iter().all(|line| printed[0].contains(line.as_str())), "{shown:?}");
    let without_ports = |text: &str| -> Vec<String> {
        text.lines().filter(|line| !line.contains("127.0.0.1")).map(str::to_owned).collect()
    };
    assert_eq!(without_ports(&printed[0]), without_ports(&printed[1]), "the second time finds what the first did");
    let outcome = |results: &str| {
        let report = fs::read(folder.path().join(results).join(names::file::REPORT)).expect(results);
        let report: serde_json::Value = serde_json::from_slice(&report).expect("JSON");
        report["outcome"].as_str().map(str::to_owned).expect("an outcome")
    };
    for baseline in ["baseline", "quality-baseline", "bias-baseline", "attribution-baseline"] {
        assert_eq!(outcome(baseline), "Completed", "{baseline}");
    }
    for results in ["results", "quality-results", "bias-results", "attribution-results"] {
        assert_eq!(outcome(results), "CompletedWithViolations", "{results}");
    }
    let analysis = fs::read_to_string(folder.path().join("bias-results/analysis.json")).expect("metrics");
    assert!(analysis.contains(names::analysis::POST_TRAINING), "predictions are found");
}

#[test]
fn the_readme_has_every_monitor_and_every_exit_code() {
    let readme = text("README.md");
    let rows: Vec<&str> =
        readme.lines().filter_map(|line| line.strip_prefix("| ")?.split(" |").next()).skip(1).collect();
    assert_eq!(rows, ["data quality", "model quality", "bias", "feature attribution"]);
    let codes = Kind::ALL.iter().filter(|kind| kind.meaning().is_some()).map(|kind| kind.exit_code());
    let codes: BTreeSet<u8> = codes.chain([0, EXIT_VIOLATIONS]).collect();
    let sentence = readme.split("Exit codes: ").nth(1).and_then(|rest| rest.split('.').next()).expect("exit codes");
    let told: BTreeSet<u8> =
        sentence.split(|c: char| !c.is_ascii_digit()).filter_map(|word| word.parse().ok()).collect();
    assert_eq!(told, codes);
    let page = explain(&["exit-codes"]);
    let listed: BTreeSet<u8> =
        page.lines().filter_map(|line| line.strip_prefix("- ")?.split(':').next()?.parse().ok()).collect();
    assert_eq!(listed, codes);
}

#[test]
fn every_page_is_listed_and_fits_a_terminal() {
    let list = explain(&[]);
    let topics = topics();
    assert_eq!(topics.len(), 13);
    for topic in topics {
        assert!(list.lines().any(|line| line.split_whitespace().next() == Some(&topic)), "{topic}");
        let page = explain(&[&topic.to_uppercase()]);
        assert!(page.starts_with(&format!("# {topic}: ")) && !page.contains("{{"), "{topic}");
        for line in page.lines() {
            assert!(line.chars().count() <= MAX_PAGE_WIDTH, "{topic}: {line}");
        }
    }
}

#[test]
fn pages_have_every_name_of_the_codes_tables() {
    let has = |topic: &str, names: Vec<String>| {
        let page = explain(&[topic]);
        assert!(!names.is_empty());
        let is_there = |name: &String| page.lines().any(|line| line.starts_with(&format!("- {name}")));
        let missing: Vec<&String> = names.iter().filter(|name| !is_there(name)).collect();
        assert!(missing.is_empty(), "{topic}: {missing:?}");
    };
    has("variables", VARIABLES.iter().map(|variable| format!("{}: ", variable.name)).collect());
    has("settings", SETTINGS.iter().map(|setting| format!("--{}", setting.flag)).collect());
    has("measures", judge::ALL.iter().map(|check| format!("`{}`: ", check.name())).collect());
    has("measures", drift::ALL.iter().map(|measure| format!("{}: ", measure.name)).collect());
    has("measures", quality::ALL.iter().map(|metric| format!("{}: ", metric.name)).collect());
    has("incidents", incident::ALL.iter().map(|kind| format!("{}: ", kind.name)).collect());
    has("bias", bias::ALL.iter().map(bias::BiasMetricKind::description).collect());
    has("formats", names::dataset_format::ALL.map(|key| format!("`{{\"{key}\":")).to_vec());
    let page = explain(&["measures"]);
    assert!(Problem::ALL.iter().all(|problem| page.contains(&format!("### {}\n", problem.name()))));
}

#[test]
fn the_page_of_files_has_every_file() {
    let code = text("src/names.rs");
    let files = code.split("pub mod file {").nth(1).and_then(|rest| rest.split("\n}").next()).expect("names of files");
    let files: Vec<&str> = files.split('"').skip(1).step_by(2).collect();
    assert!(files.len() >= 10, "{files:?}");
    let page = explain(&["files"]);
    let told: Vec<&str> = words(&page).into_iter().map(|word| word.strip_prefix("OPT_ML/").unwrap_or(word)).collect();
    for file in files.into_iter().chain([names::path::MESSAGE, names::path::METRICS]) {
        assert!(
            told.iter().any(|word| *word == file || word.ends_with(&format!("/{file}")) || word.starts_with(file)),
            "{file}"
        );
    }
}

#[test]
fn every_row_of_compatibility_is_held_by_tests_that_there_are() {
    let sources = [project("src"), project("tests")].iter().map(|folder| sources(folder)).collect::<String>();
    let page = text("src/cli/pages/compatibility.md");
    let rows: Vec<String> =
        page.split("\n- ").skip(1).map(|row| row.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    assert!(rows.len() > 40, "{}", rows.len());
    for row in rows {
        let (_, held) = row.split_once(" Held by: ").unwrap_or_else(|| panic!("nothing holds: {row}"));
        let held = held.split(" #").next().unwrap_or_default().trim_end_matches('.');
        for holder in held.split("; ") {
            let is_there = match holder.split_once(' ') {
                Some(("case", name)) => project("tests/cases").join(name).join("job.json").exists(),
                Some(("test", name)) => sources.contains(&format!("fn {name}(")),
                _ => false,
            };
            assert!(is_there, "there is no {holder}");
        }
    }
}

/// All Rust below a folder.
fn sources(folder: &Path) -> String {
    let mut text = String::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            text += &sources(&path);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            text += &fs::read_to_string(&path).expect("a file");
        }
    }
    text
}

#[test]
fn every_word_with_backticks_that_looks_like_a_flag_is_one() {
    let flags: BTreeSet<String> = VARIABLES
        .iter()
        .map(|variable| variable.name.replace('_', "-"))
        .chain(SETTINGS.iter().map(|setting| setting.flag.to_owned()))
        .chain(
            ["serve", "folder", "monitor", "help", "build-arg", "from", "to", "every", "false-alarms"]
                .map(str::to_owned),
        )
        .collect();
    let texts = topics().into_iter().map(|topic| explain(&[&topic])).chain([text("README.md")]);
    for text in texts {
        for word in words(&text).into_iter().filter_map(|word| word.strip_prefix("--")) {
            let flag = word.split([' ', '=']).next().unwrap_or_default();
            assert!(flags.contains(flag), "--{flag}");
        }
        let is_setting = |word: &&str| SETTINGS.iter().any(|setting| setting.variable() == **word);
        let is_variable = |word: &&str| word.starts_with("MODEL_MONITOR_");
        assert_eq!(words(&text).into_iter().filter(is_variable).find(|word| !is_setting(word)), None);
    }
}

#[test]
fn every_command_has_an_example_in_its_help() {
    let help = output(&["--help"]);
    let commands = help.split("Commands:").nth(1).and_then(|rest| rest.split("\n\n").next()).expect("commands");
    let commands: Vec<&str> = commands.lines().filter_map(|line| line.split_whitespace().next()).collect();
    assert!(commands.contains(&"run") && commands.contains(&"completions"), "{commands:?}");
    for command in commands.into_iter().filter(|command| *command != "help") {
        let help = output(&[command, "--help"]);
        assert!(help.contains(&format!("  model-monitor {command}")) || command == "completions", "{help}");
        assert!(help.contains("Example"), "{command}");
    }
    let merge = output(&["merge", "--help"]);
    assert!(merge.contains("--ground-truth-source") && !merge.contains("--model-url"), "{merge}");
    for heading in ["Every monitor:", "Model quality:", "Bias, attribution:", "Data quality:"] {
        assert!(help.contains(heading), "{heading}");
    }
}

#[test]
fn bash_completes_flags_values_and_names_after_a_command() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("script"), output(&["completions", "bash"])).expect("a script");
    let complete = |words: &[&str]| {
        let line = words.iter().map(|word| format!("'{word}'")).collect::<Vec<_>>().join(" ");
        let (last, before) = (words[words.len() - 1], words[words.len() - 2]);
        let shell = format!(
            "compopt() {{ :; }}; source ./script; COMP_WORDS=(model-monitor {line}); COMP_CWORD={}; \
             $(complete -p model-monitor | sed 's/.*-F //; s/ .*//') model-monitor '{last}' '{before}'; printf '%s\\n' \"${{COMPREPLY[@]}}\"",
            words.len()
        );
        let done = Command::new("bash").args(["-c", &shell]).current_dir(folder.path()).output().expect("a shell");
        String::from_utf8_lossy(&done.stdout).lines().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(complete(&["run", "--baseline-c"]), ["--baseline-constraints"]);
    assert_eq!(complete(&["run", "--verdict", "stat"]), ["statistical"]);
    assert_eq!(complete(&["demo", "--monitor", "b"]), ["bias"]);
    assert_eq!(complete(&["explain", "var"]), ["variables"]);
    assert_eq!(complete(&["explain", "MM-INPUT-003"]), ["MM-INPUT-003"]);
    assert!(complete(&["schema", "constraint"]).contains(&"constraint_violations".to_owned()));
}

/// Reasons without a remedy: their records are at no fault.
const AT_NO_FAULT: [&str; 2] = ["outside_window", "filtered_out"];

#[test]
fn every_reason_of_rejection_has_a_remedy() {
    for reason in Reason::ALL {
        let remedies: Vec<&str> = names::Monitor::ALL.iter().filter_map(|monitor| reason.remedy(*monitor)).collect();
        assert_eq!(remedies.is_empty(), AT_NO_FAULT.contains(&reason.name()), "{}", reason.name());
        assert!(remedies.iter().all(|remedy| remedy.ends_with('.')), "{remedies:?}");
    }
}

/// Nobody is told to set what means nothing to the job.
#[test]
fn remedies_name_only_what_their_monitor_has() {
    let mut n_named = 0;
    for monitor in names::Monitor::ALL {
        let is_configured = matches!(monitor, names::Monitor::Bias | names::Monitor::Attribution);
        for remedy in Reason::ALL.iter().filter_map(|reason| reason.remedy(monitor)) {
            let words: Vec<&str> = remedy.split([' ', ',', ';', '.', ':', '(', ')']).collect();
            for flag in words.iter().filter_map(|word| word.strip_prefix("--")) {
                let setting = SETTINGS.iter().find(|setting| setting.flag == flag).expect(flag);
                assert!(setting.monitors.contains(&monitor), "{}: {remedy}", monitor.name());
                n_named += 1;
            }
            for variable in VARIABLES.iter().filter(|variable| words.contains(&variable.name)) {
                assert!(variable.monitors.contains(&monitor), "{}: {remedy}", monitor.name());
                n_named += 1;
            }
            assert!(is_configured || !words.contains(&"features"), "{}: {remedy}", monitor.name());
            assert!(!is_configured || !words.contains(&"captureIndexNames"), "{}: {remedy}", monitor.name());
        }
    }
    assert!(n_named > 20, "{n_named}");
}
