//! The outputs of a run are one set: all of this run's or all of an earlier one's, whatever fails and whenever it is killed.

#[path = "support/faults.rs"]
mod faults;
#[path = "support/golden.rs"]
mod golden;
#[path = "support/job.rs"]
mod job;

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use faults::Fault;
use job::Mounts;
use serde_json::json;

const CSV: (&str, &str) = ("dataset_format", r#"{"csv":{"header":true}}"#);
const CALLS: [&str; 7] = ["write", "fsync", "rename", "link", "unlink", "open", "mkdir"];

type Files = BTreeMap<String, Vec<u8>>;

/// A job with a baseline that its data violate, and the outputs of an earlier run, which had none.
struct Case {
    mounts: Mounts,
    baseline: PathBuf,
    earlier: Files,
    new: Files,
}

impl Case {
    fn new() -> Self {
        let mounts = Mounts::new();
        mounts.place("a.csv", "a,b\n1,x\n2,y\n");
        let earlier = mounts.run(&[], &[CSV]).succeeded().files.clone();
        let baseline = mounts.root().join("baseline");
        fs::rename(mounts.output(), &baseline).expect("a baseline");
        mounts.place("a.csv", "a,b\nten,x\neleven,z\ntwelve,z\n");
        let mut case = Self { mounts, baseline, earlier, new: Files::new() };
        case.new = case.mounts.run(&[], &case.variables()).succeeded().files.clone();
        case.restore();
        case
    }

    fn variables(&self) -> [(&str, &str); 3] {
        let text = |name: &str| self.baseline.join(name).display().to_string().leak() as &str;
        [CSV, ("baseline_constraints", text("constraints.json")), ("baseline_statistics", text("statistics.json"))]
    }

    /// Puts the outputs of the earlier run back.
    fn restore(&self) {
        let _ = fs::remove_dir_all(self.mounts.output());
        for (name, bytes) in &self.earlier {
            job::write(&self.mounts.output().join(name), bytes);
        }
    }

    fn files(&self) -> Files {
        job::files(&self.mounts.output())
    }

    fn command(&self, fault: Option<&Fault<'_>>) -> Command {
        let mut command = self.mounts.command(&[], &self.variables());
        if let Some(fault) = fault {
            fault.put_into(&mut command);
        }
        command
    }
}

fn spawn(mut command: Command) -> Child {
    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("a run")
}

#[test]
fn whatever_call_fails_the_outputs_are_one_set_and_the_exit_code_says_which() {
    let case = Case::new();
    assert!(case.new.len() > case.earlier.len() && case.earlier.len() > 2);
    let output = case.mounts.output();
    let mut n_faults = 0;
    for call in CALLS {
        'calls: for nth in 1.. {
            let more: &[&str] = match (call, nth) {
                ("write", 1) => &[faults::EIO, faults::EDQUOT, faults::ENOSPC],
                // A folder that may be written to and not read.
                ("open", _) => &[faults::EIO, faults::EACCES],
                _ => &[faults::EIO],
            };
            for act in more {
                case.restore();
                let fault = Fault { call, nth, act, below: &output };
                let ended = case.command(Some(&fault)).output().expect("a run");
                let what = format!("{call} {nth} {act}: {}", String::from_utf8_lossy(&ended.stderr));
                if !fault.happened() {
                    break 'calls;
                }
                n_faults += 1;
                let mut files = case.files();
                if call == "unlink" {
                    files.retain(|name, _| !name.ends_with(".tmp"));
                }
                let expected = if ended.status.success() { &case.new } else { &case.earlier };
                assert!(files == *expected, "{:?} {what}", files.keys());
                if !ended.status.success() {
                    let message = fs::read_to_string(case.mounts.root().join("output/message")).expect("a message");
                    assert!(message.starts_with("Failed: MM-OUTPUT-00"), "{message} {what}");
                    let full = [faults::EDQUOT, faults::ENOSPC].contains(act);
                    assert_eq!(ended.status.code(), Some(if full { 6 } else { 2 }), "{what}");
                }
            }
        }
    }
    println!("tried: {n_faults} failing calls while outputs are written");
    assert!(n_faults > 40, "{n_faults} faults");
}

/// A job of each monitor and a merge, over outputs of an earlier run that have the same names.
#[test]
fn whatever_call_fails_the_outputs_of_every_monitor_are_one_set() {
    let cases = [
        "several-checks-are-violated",
        "quality-violations",
        "bias-of-merged-records",
        "attribution-drifted",
        "merge-of-an-endpoint",
    ];
    for name in cases {
        let (case, mounts) = (golden::folder().join(name), Mounts::new());
        let job = golden::Job::of(&case);
        golden::place_inputs(&case, &mounts);
        let new = mounts.done(&job.command(&mounts, &[]).output().expect("a run")).files;
        let earlier: Files = new.keys().map(|name| (name.clone(), format!("{{\"{name}\":0}}").into_bytes())).collect();
        let (output, mut n_faults) = (mounts.output(), 0);
        for call in CALLS {
            for nth in 1.. {
                fs::remove_dir_all(&output).expect("outputs");
                earlier.iter().for_each(|(name, bytes)| job::write(&output.join(name), bytes));
                let fault = Fault { call, nth, act: faults::EIO, below: &output };
                let mut command = job.command(&mounts, &[]);
                fault.put_into(&mut command);
                let ended = command.output().expect("a run");
                if !fault.happened() {
                    break;
                }
                n_faults += 1;
                let mut files = job::files(&output);
                files.retain(|name, _| !(call == "unlink" && name.ends_with(".tmp")));
                // Some files hold the time of the run, so that no two runs write the same.
                let are_new = files.keys().eq(new.keys()) && files.iter().all(|(name, bytes)| earlier[name] != *bytes);
                let is_one_set = if ended.status.code() == Some(job.exit) { are_new } else { files == earlier };
                let log = String::from_utf8_lossy(&ended.stderr);
                assert!(is_one_set, "{name}, {call} {nth}: {:?} {log}", files.keys());
            }
        }
        println!("tried: {n_faults} failing calls in the job {name}");
        assert!(n_faults > 10, "{name}: {n_faults} faults");
    }
}

#[test]
fn a_run_that_is_killed_at_any_call_is_undone_by_the_next() {
    let case = Case::new();
    let output = case.mounts.output();
    let mut n_mixed = 0;
    for call in ["fsync", "rename", "link", "unlink", "write"] {
        for nth in 1.. {
            case.restore();
            let fault = Fault { call, nth, act: faults::KILL, below: &output };
            let ended = case.command(Some(&fault)).output().expect("a run");
            if !fault.happened() {
                break;
            }
            assert_eq!(ended.status.code(), None, "it was killed");
            let visible = |mut files: Files| {
                files.retain(|name, _| !name.starts_with('.'));
                files
            };
            let left = visible(case.files());
            n_mixed += usize::from(left != case.earlier && left != case.new);
            // The next job fails before it writes anything.
            let next = case.mounts.run(&[], &[CSV, ("baseline_statistics", "/nowhere/statistics.json")]);
            next.failed(2, "MM-BASELINE-001");
            assert!(next.files == case.earlier || next.files == case.new, "{call} {nth}: {:?}", next.files.keys());
        }
    }
    assert!(n_mixed > 0, "no run was killed between two names");
}

#[test]
fn a_job_does_not_write_where_another_is_at_work() {
    let case = Case::new();
    let output = case.mounts.output();
    let fault = Fault { call: "rename", nth: 2, act: faults::WAIT, below: &output };
    let mark = output.parent().expect("a folder").join("fault-happened");
    let first = spawn(case.command(Some(&fault)));
    while !mark.exists() {
        std::thread::sleep(Duration::from_millis(5));
    }
    let second = case.command(None).output().expect("a run");
    let first = first.wait_with_output().expect("a run");
    assert_eq!((first.status.code(), second.status.code()), (Some(0), Some(2)));
    assert!(String::from_utf8_lossy(&second.stderr).contains("MM-OUTPUT-003"));
    assert!(case.files() == case.new);
}

#[test]
fn two_jobs_on_one_output_leave_one_set() {
    let case = Case::new();
    for _ in 0..12 {
        case.restore();
        let plain = spawn(case.mounts.command(&[], &[CSV]));
        let judged = spawn(case.command(None));
        let codes = [plain, judged].map(|run| run.wait_with_output().expect("a run").status.code());
        assert!(codes.contains(&Some(0)) && codes.iter().all(|code| [Some(0), Some(2)].contains(code)), "{codes:?}");
        let files = case.files();
        assert!(!files.keys().any(|name| name.starts_with('.')), "{:?}", files.keys());
        assert!(files["statistics.json"] == case.new["statistics.json"], "both summarise the same data");
        // Of two jobs one after the other the second may have no violations file to put in the first one's place.
        let is_judged = files["model_monitor_report.json"] == case.new["model_monitor_report.json"];
        let has_violations = files.contains_key("constraint_violations.json");
        assert!(has_violations == is_judged || codes == [Some(0), Some(0)] && has_violations, "{codes:?}");
    }
}

#[test]
fn a_stop_between_two_names_waits_until_the_set_is_whole() {
    let case = Case::new();
    let output = case.mounts.output();
    let fault = Fault { call: "rename", nth: 2, act: faults::WAIT, below: &output };
    let mark = output.parent().expect("a folder").join("fault-happened");
    let run = spawn(case.command(Some(&fault)));
    while !mark.exists() {
        std::thread::sleep(Duration::from_millis(5));
    }
    assert!(Command::new("kill").args(["-TERM", &run.id().to_string()]).status().expect("a signal").success());
    let ended = run.wait_with_output().expect("a run");
    assert_eq!(ended.status.code(), Some(143));
    assert!(case.files() == case.new);
}

#[test]
fn results_never_replace_their_baseline() {
    let mounts = Mounts::new();
    mounts.place("a.csv", "a,b\n1,x\n2,y\n");
    let before = mounts.run(&[], &[CSV]).succeeded().files.clone();
    let linked = mounts.root().join("linked");
    symlink(mounts.output(), &linked).expect("a link");
    mounts.place("a.csv", "a,b\nten,z\n");
    for folder in [mounts.output(), linked] {
        let constraints = folder.join("constraints.json").display().to_string();
        let done = mounts.run(&[], &[CSV, ("baseline_constraints", &constraints)]);
        done.failed(2, "MM-CONTRACT-009");
        assert_eq!(done.files, before);
    }
    mounts.run(&["baseline"], &[CSV]).succeeded();
}

#[test]
fn results_of_earlier_runs_in_other_folders_of_the_input_are_skipped() {
    let mounts = Mounts::new();
    mounts.place("in/a.csv", "a,b\n1,x\n2,y\n");
    mounts.place("other/statistics.json", "a,b\n3,z\n");
    let run = |folder: &str| {
        let output = mounts.input().join(folder);
        let done = mounts.run(&[], &[CSV, ("output_path", &output.display().to_string())]);
        assert_eq!(done.exit, Some(0), "{folder}");
        let report = fs::read(output.join("model_monitor_report.json")).expect("a report");
        let report: serde_json::Value = serde_json::from_slice(&report).expect("JSON");
        (report["ledger"]["objects"]["skipped"].clone(), report["ledger"]["records"]["used"].clone())
    };
    assert_eq!(run("results/07"), (json!({}), json!(3)), "a file of such a name may be data");
    let (skipped, used) = run("results/08");
    assert_eq!((skipped["own_result"].as_u64() >= Some(3), used), (true, json!(3)), "{skipped}");
}

#[test]
fn a_jobs_own_results_among_its_input_are_skipped() {
    let mounts = Mounts::new();
    mounts.place("in/a.csv", "a,b\n1,x\n2,y\n");
    mounts.place("in/summary.json", "c\n1\n");
    symlink(mounts.input().join("in"), mounts.input().join("again")).expect("a link");
    let output = mounts.input().join("in").display().to_string();
    let places = [CSV, ("output_path", output.as_str())];
    let mut seen = Vec::new();
    for _ in 0..3 {
        assert_eq!(mounts.run(&["--max-rejected", "1"], &places).exit, Some(0));
        let report = fs::read(mounts.input().join("in/model_monitor_report.json")).expect("a report");
        let report: serde_json::Value = serde_json::from_slice(&report).expect("JSON");
        seen.push((report["ledger"]["objects"].clone(), report["ledger"]["records"]["used"].clone()));
    }
    assert_eq!(seen[0], (json!({"listed": 3, "opened": 2, "skipped": {"not_a_file": 1}}), json!(3)));
    assert_eq!(seen[1], (json!({"listed": 6, "opened": 2, "skipped": {"not_a_file": 1, "own_result": 3}}), json!(3)));
    assert_eq!(seen[1], seen[2]);
}
