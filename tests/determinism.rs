//! Same input, same bytes: every file that a job writes, whatever runs it, and wherever its input lies.

#[path = "support/s3_server.rs"]
mod s3_server;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use s3_server::Server;

const BINARY: &str = env!("CARGO_BIN_EXE_model-monitor");
const CAPTURE: &str = r#"{"sagemakerCaptureJson":{"captureIndexNames":["endpointInput","endpointOutput"]}}"#;
const TABLE: &str = r#"{"csv":{"header":true}}"#;
const BUCKET: &str = "bucket";
const REPORT: &str = "model_monitor_report.json";

type Files = BTreeMap<String, Vec<u8>>;

/// A row of numbers, texts of few and of many values, and gaps; the same for the same `i`.
fn row(i: u64, shift: f64) -> String {
    let mixed = i.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 11;
    let fraction = mixed as f64 / (1_u64 << 53) as f64;
    let city = ["Bern", "Köln", "Łódź", ""][(mixed % 4) as usize];
    let gap = if mixed.is_multiple_of(17) { String::new() } else { format!("{}", (mixed % 1_000) as f64 / 7.0) };
    format!("{},{},{city},id-{},{gap}", fraction.exp() * 1e3 + shift, mixed % 97, mixed % 5_000)
}

fn table(n_rows: u64) -> String {
    (0..n_rows).fold("score,age,city,id,gap\n".to_owned(), |text, i| text + &row(i, 0.0) + "\n")
}

/// Captured requests `from` up to `to`, each of one row; every tenth is outside the window.
fn captured(from: u64, to: u64) -> String {
    let mut lines = String::new();
    for i in from..to {
        let (output, input) = row(i, 500.0).split_once(',').map(|(a, b)| (a.to_owned(), b.to_owned())).expect("cells");
        let minute = if i.is_multiple_of(10) { 59 } else { i % 50 };
        let _ = writeln!(
            lines,
            r#"{{"captureData":{{"endpointInput":{{"data":"{input}\n","encoding":"CSV"}},"endpointOutput":{{"data":"{output}","encoding":"CSV"}}}},"eventMetadata":{{"inferenceTime":"2024-05-06T07:{minute:02}:00Z"}}}}"#
        );
    }
    lines
}

/// A folder in which jobs run, so that all of them name the same relative places.
struct Desk {
    folder: tempfile::TempDir,
}

/// How a job runs.
#[derive(Clone, Copy)]
struct Way<'a> {
    threads: &'a str,
    environment: &'a [(&'a str, &'a str)],
}

const PLAIN: Way<'static> = Way { threads: "2", environment: &[] };

impl Desk {
    fn new() -> Self {
        let desk = Self { folder: tempfile::tempdir().expect("a folder") };
        desk.place("training/table.csv", table(6_000).as_bytes());
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn place(&self, name: &str, bytes: &[u8]) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("folders");
        fs::write(path, bytes).expect("a file");
    }

    /// Runs a job with these variables; all files below `out` and `mounts`, by name.
    fn run(&self, variables: &[(&str, &str)], way: Way<'_>) -> Files {
        for folder in ["out", "mounts"] {
            let _ = fs::remove_dir_all(self.path(folder));
            fs::create_dir(self.path(folder)).expect("a folder");
        }
        let done = Command::new(BINARY)
            .current_dir(self.folder.path())
            .env_clear()
            .envs(variables.iter().copied())
            .envs(way.environment.iter().copied())
            .args(["--opt-ml", "mounts", "--threads", way.threads])
            .output()
            .expect("a run");
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        let mut files = Files::new();
        gather(self.folder.path(), &self.path("out"), &mut files);
        gather(self.folder.path(), &self.path("mounts"), &mut files);
        files
    }

    /// A baseline from the training table, kept in `baseline`.
    fn baseline(&self) {
        self.run(&[("dataset_format", TABLE), ("dataset_source", "training"), ("output_path", "out")], PLAIN);
        let _ = fs::remove_dir_all(self.path("baseline"));
        fs::rename(self.path("out"), self.path("baseline")).expect("a baseline");
    }

    fn monitor(&self, way: Way<'_>) -> Files {
        self.run(&monitoring("hour", "out", "baseline"), way)
    }
}

fn monitoring<'a>(source: &'a str, output: &'a str, baseline: &'a str) -> Vec<(&'static str, &'a str)> {
    let of_baseline = |name: &str| -> &'a str { Box::leak(format!("{baseline}/{name}").into_boxed_str()) };
    vec![
        ("dataset_format", CAPTURE),
        ("dataset_source", source),
        ("output_path", output),
        ("baseline_constraints", of_baseline("constraints.json")),
        ("baseline_statistics", of_baseline("statistics.json")),
        ("start_time", "2024-05-06T07:00:00Z"),
        ("end_time", "2024-05-06T07:55:00Z"),
        ("sagemaker_endpoint_name", "houses"),
        ("sagemaker_monitoring_schedule_name", "hourly"),
        ("publish_cloudwatch_metrics", "Enabled"),
    ]
}

fn gather(root: &Path, folder: &Path, files: &mut Files) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            gather(root, &path, files);
        } else {
            let name = path.strip_prefix(root).expect("a file below").display().to_string();
            files.insert(name, fs::read(&path).expect("a file"));
        }
    }
}

fn assert_same(expected: &Files, found: &Files, way: &str) {
    assert_eq!(expected.keys().collect::<Vec<_>>(), found.keys().collect::<Vec<_>>(), "{way}");
    for (name, bytes) in expected {
        assert!(bytes == &found[name], "{name} differs: {way}");
    }
}

/// Names of captured files, in an order of no meaning.
fn names(n_files: u64) -> Vec<(String, u64)> {
    (0..n_files).map(|i| (format!("hour/houses/AllTraffic/2024/05/06/07/{:02}-{i}.jsonl", i * 7 % 60), i)).collect()
}

#[test]
fn every_file_is_the_same_for_any_threads_zone_language_and_order_of_creation() {
    let desk = Desk::new();
    desk.baseline();
    let mut names = names(23);
    let place = |names: &[(String, u64)]| {
        for (name, i) in names {
            desk.place(name, captured(i * 400, i * 400 + 150 + i * 20).as_bytes());
        }
    };
    place(&names);
    let expected = desk.monitor(PLAIN);
    let written = [
        "mounts/output/message",
        "mounts/output/metrics/cloudwatch/cloudwatch_metrics.jsonl",
        "out/constraint_violations.json",
        "out/constraints.json",
        "out/constraints_violations.json",
        "out/model_monitor_report.json",
        "out/statistics.json",
    ];
    assert_eq!(expected.keys().collect::<Vec<_>>(), written);
    assert_eq!(expected["out/constraint_violations.json"], expected["out/constraints_violations.json"]);
    assert!(String::from_utf8_lossy(&expected["out/constraint_violations.json"]).contains("baseline_drift_check"));

    for threads in ["1", "2", "7"] {
        assert_same(&expected, &desk.monitor(Way { threads, ..PLAIN }), threads);
    }
    let environments = [
        [("TZ", "Pacific/Kiritimati"), ("LANG", "de_DE.UTF-8"), ("LC_ALL", "tr_TR.UTF-8")],
        [("TZ", "America/St_Johns"), ("LANG", "C"), ("LC_ALL", "")],
    ];
    for environment in &environments {
        assert_same(&expected, &desk.monitor(Way { environment, ..PLAIN }), environment[0].1);
    }
    fs::remove_dir_all(desk.path("hour")).expect("a clean desk");
    names.reverse();
    names.swap(3, 11);
    place(&names);
    assert_same(&expected, &desk.monitor(PLAIN), "created in another order");
}

#[test]
fn segments_are_the_same_for_any_threads_and_order_of_creation() {
    let desk = Desk::new();
    desk.baseline();
    let mut names = names(9);
    let place = |names: &[(String, u64)]| {
        for (name, i) in names {
            desk.place(name, captured(i * 400, i * 400 + 150 + i * 20).as_bytes());
        }
    };
    place(&names);
    // The ages are 97, more than there are segments.
    let environment = &[("MODEL_MONITOR_SEGMENT", "age")];
    let expected = desk.monitor(Way { environment, ..PLAIN });
    let report: serde_json::Value =
        serde_json::from_slice(&expected["out/model_monitor_report.json"]).expect("a report");
    let segments = report["segments"].as_array().expect("segments");
    let n_rows = |is_of: &str| {
        segments.iter().filter(|one| one["rows"] == is_of).filter_map(|one| one["n"].as_u64()).sum::<u64>()
    };
    assert_eq!(segments.iter().filter(|one| one["rows"] == "value").count(), 20);
    assert_eq!(n_rows("value") + n_rows("other"), report["ledger"]["rows"].as_u64().expect("rows"));
    for threads in ["1", "7"] {
        assert_same(&expected, &desk.monitor(Way { threads, environment }), threads);
    }
    fs::remove_dir_all(desk.path("hour")).expect("a clean desk");
    names.reverse();
    place(&names);
    assert_same(&expected, &desk.monitor(Way { environment, ..PLAIN }), "created in another order");
}

#[test]
fn a_table_gives_the_same_statistics_compressed_and_plain() {
    let desk = Desk::new();
    let text = table(5_000);
    let statistics = |name: &str, bytes: &[u8]| {
        let _ = fs::remove_dir_all(desk.path("input"));
        desk.place(&format!("input/{name}"), bytes);
        let files = desk.run(&[("dataset_format", TABLE), ("dataset_source", "input"), ("output_path", "out")], PLAIN);
        (files["out/statistics.json"].clone(), files["out/constraints.json"].clone())
    };
    let expected = statistics("table.csv", text.as_bytes());
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(text.as_bytes()).expect("compressed bytes");
    let packed = encoder.finish().expect("compressed bytes");
    assert!(expected == statistics("table.csv.gz", &packed), "by its name");
    assert!(expected == statistics("table", &packed), "by its first bytes");
    let windows = text.replace('\n', "\r\n");
    assert!(expected == statistics("table.csv", windows.as_bytes()), "other line ends");
    assert!(expected == statistics("table.csv", format!("\u{feff}{text}").as_bytes()), "a byte order mark");
}

#[test]
fn a_job_on_s3_writes_what_the_same_job_on_disk_writes() {
    let server = Server::start(&[BUCKET]);
    let desk = Desk::new();
    desk.baseline();
    for i in 0..1_050_u64 {
        let (name, bytes) = (format!("hour/{:02}/{i}.jsonl", i % 60), captured(i * 3, i * 3 + 2 + i % 5));
        desk.place(&name, bytes.as_bytes());
        server.place(BUCKET, &name, bytes.as_bytes());
    }
    for name in ["constraints.json", "statistics.json"] {
        server.place(BUCKET, &format!("baseline/{name}"), &fs::read(desk.path("baseline").join(name)).expect("a file"));
    }
    let local = desk.monitor(PLAIN);
    let environment = server.environment();
    let environment: Vec<(&str, &str)> = environment.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let variables = monitoring("s3://bucket/hour", "s3://bucket/results/of/07", "s3://bucket/baseline");
    for threads in ["1", "5"] {
        let remote = desk.run(&variables, Way { threads, environment: &environment });
        let below = server.file(BUCKET, "results/of/07");
        let mut written = Files::new();
        gather(&below, &below, &mut written);
        for (name, bytes) in local.iter().filter(|(name, _)| name.starts_with("mounts")) {
            assert!(bytes == &remote[name], "{name}");
        }
        let results = local.iter().filter_map(|(name, bytes)| Some((name.strip_prefix("out/")?, bytes)));
        assert_eq!(results.clone().map(|(name, _)| name).collect::<Vec<_>>(), written.keys().collect::<Vec<_>>());
        for (name, bytes) in results {
            let comparable = |bytes: &[u8]| if name == REPORT { without_places(bytes) } else { bytes.to_vec() };
            assert!(comparable(bytes) == comparable(&written[name]), "{name}");
        }
        let time = |name: &str| fs::metadata(below.join(name)).and_then(|file| file.modified()).expect("a time");
        let last = time("constraint_violations.json");
        assert!(written.keys().all(|name| time(name) <= last), "the violations come last");
        fs::remove_dir_all(below).expect("a clean bucket");
    }
}

/// The report without the places that its job named.
fn without_places(report: &[u8]) -> Vec<u8> {
    let mut report: serde_json::Value = serde_json::from_slice(report).expect("a report");
    let job = report["job"].as_object_mut().expect("a job");
    assert!(job.remove("dataset_source").is_some() && job.remove("output_path").is_some());
    report.to_string().into_bytes()
}
