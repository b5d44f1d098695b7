//! How the process ends: logs nobody takes, output nobody reads, signals at any time, limits of the system.

#[path = "support/job.rs"]
mod job;

use std::fs::{File, OpenOptions};
use std::io::{PipeReader, Write, pipe};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use job::{BINARY, Mounts};

const CSV: (&str, &str) = ("dataset_format", r#"{"csv":{"header":true}}"#);
/// Bytes that a pipe of Linux holds.
const PIPE: usize = 64 << 10;
/// A user who has no other process.
const NOBODY: u32 = 54_321;

fn mounts() -> Mounts {
    let mounts = Mounts::new();
    mounts.place("a.csv", "a,b\n1,x\n2,y\n");
    mounts
}

fn full() -> File {
    OpenOptions::new().write(true).open("/dev/full").expect("a device that is full")
}

/// A pipe that is full and not read.
fn blocked() -> (PipeReader, Stdio) {
    let (reader, mut writer) = pipe().expect("a pipe");
    writer.write_all(&[b'\n'; PIPE]).expect("room for as much");
    (reader, writer.into())
}

/// Asserts that a run came to its end, with everything that it writes.
#[track_caller]
fn came_to_its_end(mounts: &Mounts, exit: Option<i32>) {
    let names = job::names(&mounts.output());
    assert_eq!((exit, names.len()), (Some(0), 3), "{names:?}");
    let message = std::fs::read_to_string(mounts.root().join("output/message")).expect("a message");
    assert!(message.starts_with("Completed: "), "{message}");
}

fn terminate(id: u32) {
    assert!(Command::new("kill").args(["-TERM", &id.to_string()]).status().expect("a signal").success());
}

#[test]
fn a_standard_error_that_takes_nothing_changes_nothing_but_the_log() {
    for what in ["full", "closed", "blocked"] {
        let mounts = mounts();
        let (reader, blocked) = blocked();
        let stderr = match what {
            "full" => full().into(),
            _ => blocked,
        };
        // What is closed has no reader.
        let reader = (what == "blocked").then_some(reader);
        let mut command = mounts.command(&["--log-level", "trace"], &[CSV]);
        let ended = command.stdout(Stdio::null()).stderr(stderr).status().expect("a run");
        came_to_its_end(&mounts, ended.code());
        drop(reader);
    }
}

#[test]
fn a_failing_run_says_why_in_its_message_though_nobody_takes_its_log() {
    let mounts = mounts();
    let mut command = mounts.command(&[], &[CSV, ("start_time", "yesterday")]);
    let ended = command.stdout(Stdio::null()).stderr(full()).status().expect("a run");
    assert_eq!(ended.code(), Some(2));
    let message = std::fs::read_to_string(mounts.root().join("output/message")).expect("a message");
    assert!(message.starts_with("Failed: MM-CONTRACT-002"), "{message}");
}

#[test]
fn a_signal_is_heard_while_nobody_takes_the_log() {
    let mounts = mounts();
    let rows: String = (0..10_000).map(|i| format!("{i},{i}\n")).collect();
    let mut file = File::create(mounts.input().join("a.csv")).expect("a table");
    (0..1_500).for_each(|_| file.write_all(rows.as_bytes()).expect("rows"));
    let (_reader, stderr) = blocked();
    let mut command = mounts.command(&["--log-level", "trace"], &[CSV]);
    let mut run = command.stdout(Stdio::null()).stderr(stderr).spawn().expect("a run");
    std::thread::sleep(Duration::from_millis(700));
    terminate(run.id());
    assert_eq!(run.wait().expect("a run").code(), Some(143));
    assert!(job::names(&mounts.output()).is_empty());
    let message = std::fs::read_to_string(mounts.root().join("output/message")).expect("a message");
    assert!(message.starts_with("Failed: MM-STOPPED-002"), "{message}");
}

#[test]
fn a_standard_output_that_is_full_or_closed_changes_nothing_about_the_results() {
    for arguments in [&[][..], &["--json"]] {
        let mounts = mounts();
        let ended = mounts.command(arguments, &[CSV]).stdout(full()).stderr(Stdio::piped()).output().expect("a run");
        came_to_its_end(&mounts, ended.status.code());
        assert!(String::from_utf8_lossy(&ended.stderr).contains("MM-OUTPUT-101"), "{ended:?}");
        let (reader, writer) = pipe().expect("a pipe");
        drop(reader);
        let ended = mounts.command(arguments, &[CSV]).stdout(writer).stderr(Stdio::piped()).output().expect("a run");
        came_to_its_end(&mounts, ended.status.code());
    }
    let explained = Command::new(BINARY).args(["explain", "formats"]).stdout(full()).output().expect("an answer");
    assert_eq!(explained.status.code(), Some(2), "what was asked for was not given");
}

#[test]
fn a_signal_is_heard_while_nobody_reads_what_is_printed() {
    let mounts = mounts();
    let (_reader, stdout) = blocked();
    let mut run = mounts.command(&[], &[CSV]).stdout(stdout).stderr(Stdio::null()).spawn().expect("a run");
    while !mounts.root().join("output/message").exists() {
        std::thread::sleep(Duration::from_millis(5));
    }
    std::thread::sleep(Duration::from_millis(300));
    terminate(run.id());
    let ended = run.wait().expect("a run");
    assert_eq!(ended.signal(), Some(15), "{ended:?}");
    came_to_its_end(&mounts, Some(0));
}

/// Runs the job of `mounts` below a limit of the shell.
fn limited(mounts: &Mounts, limit: &str, arguments: &[&str], user: Option<u32>) -> Output {
    let mut command = Command::new("bash");
    command.env_clear().env("MODEL_MONITOR_OPT_ML", mounts.root()).env(CSV.0, CSV.1);
    command.args(["-c", &format!("ulimit {limit}; exec \"$0\" \"$@\""), BINARY]).args(arguments);
    if let Some(user) = user {
        command.uid(user);
    }
    command.output().expect("a run")
}

#[test]
fn a_limit_of_threads_lowers_their_number() {
    let is_root = std::fs::metadata("/proc/self").is_ok_and(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0);
    if !is_root {
        println!("skipped: only root may run a program as a user who has no other process");
        return;
    }
    for n_allowed in 1..=40 {
        let mounts = mounts();
        let opened = Command::new("chmod").args(["-R", "a+rwX"]).arg(mounts.root()).status().expect("chmod");
        assert!(opened.success());
        let ended = limited(&mounts, &format!("-u {n_allowed}"), &["--threads", "64"], Some(NOBODY + n_allowed));
        let log = String::from_utf8_lossy(&ended.stderr);
        if log.contains("MM-RESOURCE-101") {
            came_to_its_end(&mounts, ended.status.code());
        } else {
            assert_eq!(ended.status.code(), Some(6), "{n_allowed}: {log}");
            assert!(log.contains("MM-RESOURCE-003") && n_allowed < 10, "{n_allowed}: {log}");
        }
    }
}

#[test]
fn too_few_descriptors_are_told_before_anything_is_read() {
    let ends = (5..=24).map(|n_allowed| {
        let mounts = mounts();
        let ended = limited(&mounts, &format!("-n {n_allowed}"), &["--threads", "2"], None);
        let done = mounts.done(&ended);
        if done.exit == Some(0) {
            came_to_its_end(&mounts, ended.status.code());
        } else {
            done.failed(6, "MM-RESOURCE-004");
            assert!(done.message().contains("MM-RESOURCE-004"), "{n_allowed}");
        }
        done.exit
    });
    let ends: Vec<Option<i32>> = ends.collect();
    assert_eq!((ends[0], ends[19]), (Some(6), Some(0)), "{ends:?}");
}

#[test]
fn a_limit_of_file_sizes_is_told() {
    let mounts = mounts();
    let columns: Vec<String> = (0..60).map(|i| format!("column-{i}")).collect();
    mounts.place("a.csv", format!("{}\n{}\n", columns.join(","), vec!["1.5"; 60].join(",")));
    let done = mounts.done(&limited(&mounts, "-f 4", &[], None));
    done.failed(6, "MM-OUTPUT-002");
    assert!(done.files.is_empty());
}

#[test]
fn a_filter_of_the_log_that_cannot_be_read_is_named() {
    let mounts = mounts();
    let done = mounts.run(&[], &[CSV, ("RUST_LOG", "inof")]);
    assert!(done.stderr.contains("the filter of the log cannot be read") && done.stderr.contains("input read"));
    assert!(!mounts.run(&[], &[CSV, ("RUST_LOG", "debug")]).stderr.contains("cannot be read"));
}
