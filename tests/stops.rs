//! Runs that are stopped, and inputs that change under a run.

#[path = "support/job.rs"]
mod job;

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Output};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use job::{Done, Mounts};

const CSV: (&str, &str) = ("dataset_format", r#"{"csv":{"header":true}}"#);

/// A table that takes many seconds to read.
fn write_long_table(path: &Path) {
    let mut file = std::io::BufWriter::new(fs::File::create(path).unwrap());
    writeln!(file, "a,b,c,d").unwrap();
    let rows: String = (0..10_000).map(|i| format!("{i},{i}.5,text-{i},{}\n", i % 7)).collect();
    for _ in 0..1_000 {
        file.write_all(rows.as_bytes()).unwrap();
    }
}

/// Waits until the program has begun to read, then sends it a signal.
fn stop_while_reading(mut child: Child, signal: &str) -> Output {
    let mut log = BufReader::new(child.stderr.take().unwrap());
    let mut text = String::new();
    while !text.contains("input listed") {
        assert!(log.read_line(&mut text).unwrap() > 0, "the run ended before it began: {text}");
    }
    std::thread::sleep(Duration::from_millis(100));
    let sent = Command::new("kill").args([&format!("-{signal}"), &child.id().to_string()]).status().unwrap();
    assert!(sent.success());
    std::io::Read::read_to_string(&mut log, &mut text).unwrap();
    let output = child.wait_with_output().unwrap();
    Output { stderr: text.into_bytes(), ..output }
}

#[test]
fn a_signal_ends_a_run_with_its_message_and_leaves_earlier_outputs_alone() {
    let mounts = Mounts::new();
    write_long_table(&mounts.input().join("long.csv"));
    let earlier = [("statistics.json", "{\"earlier\":1}"), ("model_monitor_report.json", "{\"earlier\":2}")];
    for (name, text) in earlier {
        job::write(&mounts.output().join(name), text.as_bytes());
    }
    let before = job::files(&mounts.output());
    for (signal, exit, code) in [("TERM", 143, "MM-STOPPED-002"), ("INT", 130, "MM-STOPPED-001")] {
        let output = stop_while_reading(mounts.start(&[], &[CSV]), signal);
        let done = mounts.done(&output);
        done.failed(exit, code);
        assert!(!done.stderr.contains("input read"), "the run was over before the signal: {}", done.stderr);
        assert_eq!(done.files, before, "{signal}");
    }
}

/// Runs the program while `change` is done to its input over and over.
fn run_while(mounts: &Mounts, change: impl Fn(u32) + Sync) -> Done {
    let is_over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            (0..).take_while(|_| !is_over.load(Ordering::Relaxed)).for_each(&change);
        });
        let done = mounts.run(&["--max-rejected", "1"], &[CSV]);
        is_over.store(true, Ordering::Relaxed);
        done
    })
}

/// Asserts that every listed object and every seen record is accounted for.
fn balances(done: &Done) {
    let ledger = done.succeeded().report()["ledger"].clone();
    let sum =
        |counts: &serde_json::Value| -> u64 { counts.as_object().unwrap().values().filter_map(|n| n.as_u64()).sum() };
    let (objects, records) = (&ledger["objects"], &ledger["records"]);
    assert_eq!(objects["listed"].as_u64().unwrap(), objects["opened"].as_u64().unwrap() + sum(&objects["skipped"]));
    let accounted = records["used"].as_u64().unwrap() + records["outside_window"].as_u64().unwrap();
    assert_eq!(records["seen"].as_u64().unwrap(), accounted + sum(&records["rejected"]));
}

/// Asserts that everything is accounted for, or that the job failed since a file was shorter than it was listed.
fn balances_or_is_told(done: &Done) {
    if done.exit == Some(0) {
        return balances(done);
    }
    done.failed(4, "MM-INPUT-001");
    assert!(done.stderr.contains("it became shorter"), "{}", done.stderr);
}

#[test]
fn a_file_that_grows_while_it_is_read_is_no_failure() {
    let mounts = Mounts::new();
    let path = mounts.place("growing.csv", format!("a,b\n{}", "1,2\n".repeat(200_000)));
    let done = run_while(&mounts, |_| {
        let mut file = fs::OpenOptions::new().append(true).open(&path).unwrap();
        file.write_all(b"3,4\n").unwrap();
        std::thread::sleep(Duration::from_micros(200));
    });
    balances(&done);
    assert!(done.report()["ledger"]["records"]["used"].as_u64().unwrap() >= 200_000);
}

#[test]
fn files_that_come_and_go_while_they_are_read_are_accounted_for_or_told() {
    let mounts = Mounts::new();
    mounts.place("stays.csv", "a,b\n1,2\n");
    for i in 0..300 {
        mounts.place(&format!("goes-{i}.csv"), "a,b\n1,2\n");
    }
    let input = mounts.input();
    let done = run_while(&mounts, |round| {
        let path = input.join(format!("goes-{}.csv", 299 - (round / 2) % 300));
        let _ = if round % 2 == 0 { fs::remove_file(&path) } else { fs::write(&path, "a,b\n1,2\n") };
    });
    balances_or_is_told(&done);
}

#[test]
fn a_file_that_shrinks_while_it_is_read_is_told() {
    let mounts = Mounts::new();
    let path = mounts.place("shrinking.csv", format!("a,b\n{}", "1,2\n".repeat(500_000)));
    let done = run_while(&mounts, |round| {
        let file = fs::OpenOptions::new().write(true).open(&path).unwrap();
        file.set_len(2_000_000_u64.saturating_sub(u64::from(round) * 1_000).max(1_000)).unwrap();
    });
    balances_or_is_told(&done);
}
