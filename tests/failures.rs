//! Jobs that cannot be done: the error's code, the exit code, and what earlier runs wrote untouched.

#[path = "support/job.rs"]
mod job;

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::Command;

use job::{Done, Mounts};
use serde_json::json;

const CSV: (&str, &str) = ("dataset_format", r#"{"csv":{"header":true}}"#);
const LINES: (&str, &str) = ("dataset_format", r#"{"json":{"lines":true}}"#);
const REPORT: &str = "model_monitor_report.json";
const NAMES: [&str; 5] =
    ["statistics.json", "constraints.json", REPORT, "constraints_violations.json", "constraint_violations.json"];

/// Mounts with a small table and what an earlier run left.
fn mounts() -> Mounts {
    let mounts = Mounts::new();
    mounts.place("a.csv", "a,b\n1,x\n2,y\n");
    for name in NAMES {
        job::write(&mounts.output().join(name), format!("{{\"earlier\":\"{name}\"}}").as_bytes());
    }
    for name in NAMES.iter().filter(|name| name.contains("violations")) {
        job::write(&mounts.output().join(name), b"{\"earlier\":\"violations\"}");
    }
    mounts
}

/// Asserts that of the earlier outputs none but the report changed, and it only where `judged`.
#[track_caller]
fn untouched(mounts: &Mounts, before: &BTreeMap<String, Vec<u8>>, judged: bool) {
    let mut after = job::files(&mounts.output());
    if judged {
        assert_ne!(after.remove(REPORT), before.get(REPORT).cloned(), "the report was not written");
    }
    let mut before = before.clone();
    if judged {
        before.remove(REPORT);
    }
    assert_eq!(after, before);
}

/// Runs a job that fails for want of something outside its input.
#[track_caller]
fn fails(mounts: &Mounts, variables: &[(&str, &str)], exit: i32, code: &str) -> Done {
    let before = job::files(&mounts.output());
    let done = mounts.run(&[], variables);
    done.failed(exit, code);
    untouched(mounts, &before, false);
    done
}

#[test]
fn a_baseline_that_cannot_be_used_is_refused() {
    let statistics = r#"{"version":0.0,"dataset":{"item_count":1},"features":[]}"#;
    let quality = r#"{"version":0.0,"regression_constraints":{"mae":{"threshold":1.0,"comparison_operator":"GreaterThanThreshold"}}}"#;
    let cases = [
        ("cut short", r#"{"version":0.0,"features":[{"name":"a","inf"#, "MM-BASELINE-002"),
        ("empty", "", "MM-BASELINE-002"),
        ("no JSON", "features: []", "MM-BASELINE-002"),
        ("an array", "[]", "MM-BASELINE-002"),
        ("statistics in place of constraints", statistics, "MM-BASELINE-002"),
        ("model-quality constraints", quality, "MM-BASELINE-002"),
        ("an unknown type", r#"{"features":[{"name":"a","inferred_type":"Complex"}]}"#, "MM-BASELINE-002"),
        (
            "a text for a number",
            r#"{"features":[{"name":"a","inferred_type":"Integral","completeness":"4111-1111"}]}"#,
            "MM-BASELINE-002",
        ),
    ];
    for (name, text, code) in cases {
        let mounts = mounts();
        let path = mounts.place_beside("processing/baseline/constraints.json", text);
        let done = fails(&mounts, &[CSV, ("baseline_constraints", path.to_str().unwrap())], 2, code);
        assert!(done.message().contains("constraints.json"), "{name}: {}", done.message());
        assert!(!done.message().contains("4111"), "{name}: {}", done.message());
    }
}

#[test]
fn a_baseline_that_is_not_there_is_refused() {
    let mounts = mounts();
    let folder = mounts.root().join("processing/baseline");
    fs::create_dir_all(&folder).unwrap();
    symlink(folder.join("nowhere"), folder.join("dangling")).unwrap();
    let pipe = folder.join("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    for path in [folder.join("missing.json"), folder.clone(), folder.join("dangling"), pipe] {
        for variable in ["baseline_constraints", "baseline_statistics"] {
            let done = fails(&mounts, &[CSV, (variable, path.to_str().unwrap())], 2, "MM-BASELINE-001");
            assert!(done.message().contains(path.to_str().unwrap()), "{}", done.message());
        }
    }
}

#[test]
fn statistics_that_are_none_are_refused() {
    let quoting =
        r#"{"features":[{"name":"a","inferred_type":"Integral","numerical_statistics":{"mean":"4111-1111"}}]}"#;
    for text in [
        "",
        "{\"features\":",
        "[]",
        quoting,
        r#"{"features":[{"name":"a","inferred_type":"Integral"}],"monitoring_config":{}}"#,
    ] {
        let mounts = mounts();
        let path = mounts.place_beside("statistics.json", text);
        let done = fails(&mounts, &[CSV, ("baseline_statistics", path.to_str().unwrap())], 2, "MM-BASELINE-002");
        assert!(!done.message().contains("4111"), "{}", done.message());
    }
}

#[test]
fn an_output_that_cannot_be_written_leaves_the_others_alone() {
    for name in NAMES.iter().take(3) {
        let mounts = mounts();
        fs::remove_file(mounts.output().join(name)).unwrap();
        fs::create_dir(mounts.output().join(name)).unwrap();
        let done = fails(&mounts, &[CSV], 2, "MM-OUTPUT-001");
        assert!(done.message().contains(name), "{}", done.message());
    }
    let mounts = mounts();
    let file = mounts.place_beside("a-file", "");
    for path in [file.clone(), file.join("below")] {
        fails(&mounts, &[CSV, ("output_path", path.to_str().unwrap())], 2, "MM-OUTPUT-001");
    }
    assert_eq!(fs::read(file).unwrap(), b"");
}

#[test]
fn metrics_that_cannot_be_written_leave_the_outputs_alone() {
    let mounts = mounts();
    mounts.place_beside("output/metrics", "a file in the way");
    fails(&mounts, &[CSV, ("publish_cloudwatch_metrics", "Enabled")], 2, "MM-OUTPUT-001");
}

#[test]
fn outputs_that_cannot_be_written_leave_earlier_metrics_alone() {
    let mounts = mounts();
    let earlier = mounts.place_beside("output/metrics/cloudwatch/cloudwatch_metrics.jsonl", "{\"earlier\":1}\n");
    fs::remove_file(mounts.output().join("statistics.json")).unwrap();
    fs::create_dir(mounts.output().join("statistics.json")).unwrap();
    fails(&mounts, &[CSV, ("publish_cloudwatch_metrics", "Enabled")], 2, "MM-OUTPUT-001");
    assert_eq!(fs::read_to_string(earlier).unwrap(), "{\"earlier\":1}\n");
}

#[test]
fn a_link_under_an_outputs_name_is_replaced_and_its_target_left_alone() {
    let mounts = mounts();
    let target = mounts.place_beside("elsewhere.json", "{}");
    fs::remove_file(mounts.output().join("statistics.json")).unwrap();
    symlink(&target, mounts.output().join("statistics.json")).unwrap();
    mounts.run(&[], &[CSV]).succeeded();
    assert_eq!(fs::read_to_string(target).unwrap(), "{}");
    assert!(fs::symlink_metadata(mounts.output().join("statistics.json")).unwrap().is_file());
}

/// Mounts a file system of this many bytes; false where that is not allowed.
fn mount_small(folder: &Path, size: &str) -> bool {
    let options = format!("size={size}");
    let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", &options, "tmpfs"]).arg(folder).output();
    mounted.is_ok_and(|output| output.status.success())
}

#[test]
fn a_full_disk_is_told_and_leaves_earlier_outputs_alone() {
    let mounts = Mounts::new();
    let columns: Vec<String> = (0..200).map(|i| format!("column-{i}")).collect();
    mounts.place("a.csv", format!("{}\n{}\n", columns.join(","), vec!["1.5"; 200].join(",")));
    if !mount_small(&mounts.output(), "64k") {
        println!("skipped: only root may mount a small file system");
        return;
    }
    job::write(&mounts.output().join("statistics.json"), b"{\"earlier\":1}");
    let before = job::files(&mounts.output());
    let done = mounts.run(&[], &[CSV]);
    let after = job::names(&mounts.output());
    let unmounted = Command::new("umount").arg(mounts.output()).status().unwrap();
    assert!(unmounted.success());
    done.failed(6, "MM-OUTPUT-002");
    assert_eq!((done.files, after), (before, vec!["statistics.json".to_owned()]));
}

#[test]
fn the_memory_limit_ends_a_run_of_many_columns() {
    let mounts = mounts();
    let columns: Vec<String> = (0..2_000).map(|i| format!("c{i}")).collect();
    let rows: String = (0..50).map(|row| format!("{}\n", vec![format!("{row}.5"); 2_000].join(","))).collect();
    mounts.place("a.csv", format!("{}\n{rows}", columns.join(",")));
    let before = job::files(&mounts.output());
    let done = mounts.run(&["--memory-limit", "2MB"], &[CSV]);
    done.failed(6, "MM-RESOURCE-001");
    untouched(&mounts, &before, false);
}

#[test]
fn a_run_over_the_reject_limit_writes_its_report_only() {
    let mounts = mounts();
    mounts.place("a.csv", "no JSON\n");
    let before = job::files(&mounts.output());
    let done = mounts.run(&[], &[LINES]);
    done.failed(4, "MM-INPUT-002");
    untouched(&mounts, &before, true);
    let report = done.report();
    assert_eq!((&report["outcome"], &report["error"]["code"]), (&json!("Failed"), &json!("MM-INPUT-002")));
}

#[test]
fn links_and_what_is_no_file_are_followed_or_skipped() {
    let mounts = Mounts::new();
    mounts.place("real.csv", "a\n1\n");
    let outside = mounts.place_beside("outside/more.csv", "a\n2\n3\n");
    let input = mounts.input();
    symlink(&outside, input.join("link.csv")).unwrap();
    symlink(outside.parent().unwrap(), input.join("folder")).unwrap();
    symlink(&input, input.join("loop")).unwrap();
    symlink(input.join("nowhere"), input.join("dangling.csv")).unwrap();
    symlink(input.join("self.csv"), input.join("self.csv")).unwrap();
    assert!(Command::new("mkfifo").arg(input.join("pipe.csv")).status().unwrap().success());
    let _socket = std::os::unix::net::UnixListener::bind(input.join("socket.csv")).unwrap();
    let done = mounts.run(&[], &[CSV]);
    let objects = done.succeeded().report()["ledger"]["objects"].clone();
    assert_eq!(objects, json!({ "listed": 8, "opened": 2, "skipped": { "not_a_file": 6 } }));
    // The file outside has two names, and is read once.
    assert_eq!(done.report()["ledger"]["records"]["used"], 3);
}

/// Runs the program by way of another one, which is given its path and arguments after its own.
fn run_through(mounts: &Mounts, program: &[&str], variables: &[(&str, &str)]) -> Done {
    let mut command = Command::new(program[0]);
    command.env_clear().env("MODEL_MONITOR_OPT_ML", mounts.root()).envs(variables.iter().copied());
    let output = command.args(&program[1..]).arg(job::BINARY).output().expect("the program starts");
    mounts.done(&output)
}

#[test]
fn more_objects_than_descriptors_are_all_read() {
    let mounts = Mounts::new();
    for object in 0..60 {
        mounts.place(&format!("{object}.csv"), format!("a\n{}", format!("{object}\n").repeat(500)));
    }
    let done = run_through(&mounts, &["/bin/sh", "-c", "ulimit -n 32; exec \"$0\""], &[CSV]);
    let report = done.succeeded().report();
    assert_eq!(
        (&report["ledger"]["objects"]["opened"], &report["ledger"]["records"]["used"]),
        (&json!(60), &json!(30_000))
    );
}

#[test]
fn an_object_that_may_not_be_read_ends_the_job() {
    let mounts = mounts();
    let denied = mounts.place("denied.csv", "a,b\n1,x\n");
    fs::set_permissions(&denied, fs::Permissions::from_mode(0o000)).unwrap();
    let is_root = fs::File::open(&denied).is_ok();
    let before = job::files(&mounts.output());
    let done = if is_root {
        // For this user nothing is forbidden; another one runs the job, who may do everything else.
        assert!(Command::new("chmod").args(["-R", "a+rwX"]).arg(mounts.root()).status().unwrap().success());
        fs::set_permissions(&denied, fs::Permissions::from_mode(0o000)).unwrap();
        run_through(&mounts, &["/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"], &[CSV])
    } else {
        mounts.run(&[], &[CSV])
    };
    done.failed(4, "MM-INPUT-001");
    assert!(done.message().contains("denied.csv"), "{}", done.message());
    untouched(&mounts, &before, false);
}

#[test]
fn a_folder_that_cannot_be_listed_is_told() {
    let mounts = mounts();
    let source = mounts.input().join("a.csv/below");
    let before = job::files(&mounts.output());
    let done = mounts.run(&[], &[CSV, ("dataset_source", source.to_str().unwrap())]);
    if done.exit == Some(0) {
        assert_eq!(done.report()["outcome"], "NoData");
    } else {
        done.failed(4, "MM-INPUT-001");
        untouched(&mounts, &before, false);
    }
}

#[test]
fn job_configs_that_cannot_be_read_are_refused() {
    for text in ["", "[]", "{\"Environment\":[]}", "{\"Environment\":{\"dataset_format\":{}}}", "\u{0}"] {
        let mounts = mounts();
        mounts.place_beside("config/processingjobconfig.json", text);
        fails(&mounts, &[CSV], 2, "MM-CONTRACT-004");
    }
    let mounts = mounts();
    fs::create_dir(mounts.root().join("config/resourceconfig.json")).unwrap();
    fails(&mounts, &[CSV], 2, "MM-CONTRACT-004");
}

#[test]
fn a_very_long_cause_makes_no_very_long_message() {
    let mounts = mounts();
    let path = format!("/{}", "ä/".repeat(600));
    let done = mounts.run(&[], &[CSV, ("baseline_constraints", &path)]);
    done.failed(2, "MM-BASELINE-001");
    assert!(done.message().len() > 1_000);
}
