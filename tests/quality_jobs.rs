//! Model quality through the program itself: however labels reach their predictions, the answer is one.

#[path = "support/job.rs"]
mod job;
#[path = "support/s3_server.rs"]
mod s3_server;

use std::fmt::Write;

use job::Mounts;
use s3_server::Server;
use serde_json::{Value, json};

const CAPTURES: &str = r#"{"sagemakerCaptureJson":{}}"#;
const MERGED: &str = r#"{"sagemakerMergeJson":{"captureIndexNames":["endpointOutput"]}}"#;
const REQUESTS: u64 = 900;
const HOURS: u64 = 3;
const BUCKET: &str = "bucket";

/// Requests of one hour: one row or two, some ids sent again every hour, scores with ties.
fn captures(hour: u64) -> String {
    let mut lines = String::new();
    for i in 0..REQUESTS / HOURS {
        let score = |row: u64| f64::from(u32::try_from((i * 37 + hour * 11 + row * 53) % 200).expect("small")) / 200.0;
        let data = if i % 9 == 0 { format!("{}\\n{}", score(0), score(1)) } else { score(0).to_string() };
        let id = if i < 20 { format!("again-{i}") } else { format!("{hour}-{i}") };
        writeln!(
            lines,
            concat!(
                r#"{{"captureData":{{"endpointOutput":{{"data":"{data}","encoding":"CSV"}}}},"eventMetadata":{{"eventId":"e{hour}-{i}","#,
                r#""inferenceId":"{id}","inferenceTime":"2026-05-04T{h:02}:{minute:02}:00Z"}},"eventVersion":"0"}}"#
            ),
            data = data,
            hour = hour,
            i = i,
            id = id,
            h = 7 + hour,
            minute = i % 60,
        )
        .expect("text");
    }
    lines
}

/// Labels of one hour's requests, the last request first; of every tenth there is none.
fn labels(hour: u64) -> String {
    let mut lines = String::new();
    for i in (0..REQUESTS / HOURS).rev().filter(|i| i % 10 != 3) {
        let label = |row: u64| (i * 7 + hour + row) % 3 / 2;
        let data = if i % 9 == 0 { format!("{}\\n{}", label(0), label(1)) } else { label(0).to_string() };
        let id = if i < 20 { format!("again-{i}") } else { format!("{hour}-{i}") };
        writeln!(
            lines,
            r#"{{"groundTruthData":{{"data":"{data}","encoding":"CSV"}},"eventMetadata":{{"eventId":"{id}"}}}}"#
        )
        .expect("text");
    }
    lines
}

/// Mounts with three hours of captures and labels.
fn placed() -> Mounts {
    let mounts = Mounts::new();
    for (name, text) in files() {
        mounts.place_beside(&format!("processing/{name}"), text);
    }
    mounts
}

fn files() -> Vec<(String, String)> {
    let of_hour = |hour: u64| {
        let folder = format!("2026/05/04/{:02}", 7 + hour);
        [
            (format!("input/shop/AllTraffic/{folder}/00-01-{hour}.jsonl"), captures(hour)),
            (format!("groundtruth/{folder}/labels.jsonl"), labels(hour)),
        ]
    };
    (0..HOURS).flat_map(of_hour).collect()
}

/// Variables of a run on the dataset at `source`.
fn analysis(source: &str, format: &'static str) -> Vec<(&'static str, String)> {
    vec![
        ("problem_type", "BinaryClassification".to_owned()),
        ("probability_attribute", "0".to_owned()),
        ("probability_threshold_attribute", "0.5".to_owned()),
        ("dataset_format", format.to_owned()),
        ("dataset_source", source.to_owned()),
    ]
}

fn inside(mounts: &Mounts, name: &str) -> String {
    mounts.root().join("processing").join(name).display().to_string()
}

fn joined(mounts: &Mounts) -> Vec<(&'static str, String)> {
    let mut variables = analysis(&inside(mounts, "input"), CAPTURES);
    variables.push(("ground_truth_source", inside(mounts, "groundtruth")));
    variables
}

fn run(mounts: &Mounts, arguments: &[&str], variables: &[(&str, String)]) -> job::Done {
    let variables: Vec<(&str, &str)> = variables.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let done = mounts.run(arguments, &variables);
    assert_eq!(done.exit, Some(0), "{:?} {}", done.message, done.stderr);
    done
}

/// Whether two documents are the same but for the last digits of numbers.
fn is_same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => {
            let (a, b) = (a.as_f64().expect("a number"), b.as_f64().expect("a number"));
            (a - b).abs() <= 1e-12 * a.abs().max(1.0)
        }
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| is_same(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| is_same(a, b)))
        }
        _ => a == b,
    }
}

#[test]
fn merging_first_and_joining_in_the_run_say_the_same() {
    let mounts = placed();
    let join = run(&mounts, &[], &joined(&mounts)).report();
    assert_eq!(join["join"]["captures"]["repeated"], 40, "{}", join["join"]);
    assert!(join["quality"]["n"].as_u64() > Some(800), "{}", join["quality"]["n"]);

    let mounts = placed();
    let merge = [("ground_truth_source", inside(&mounts, "groundtruth")), ("dataset_source", inside(&mounts, "input"))];
    run(&mounts, &[], &merge);
    let merged = inside(&mounts, "merged");
    std::fs::rename(mounts.output(), &merged).expect("the merged records");
    let after = run(&mounts, &[], &analysis(&merged, MERGED)).report();
    // Requests that were not labelled are not among the merged records, so their predictions are not either.
    let [join_quality, after_quality] = [&join, &after].map(|report| {
        let mut quality = report["quality"].clone();
        let predictions = quality.as_object_mut().and_then(|quality| quality.remove("predictions"));
        (quality, predictions.expect("predictions")["n"].clone())
    });
    assert!(is_same(&join_quality.0, &after_quality.0), "{}\n{}", join_quality.0, after_quality.0);
    assert_eq!((&join_quality.1, &after_quality.1), (&join["ledger"]["rows"], &after["ledger"]["rows"]));
    assert_eq!(after["ledger"]["records"]["used"], join["join"]["captures"]["matched"]);
}

#[test]
fn predictions_are_those_of_the_rows_that_labels_choose() {
    // Answers alone, of one line: one row of three cells, unless there are three labels.
    let mounts = Mounts::new();
    let capture = |i: u64| {
        format!(
            "{{\"captureData\":{{\"endpointOutput\":{{\"data\":\"1,0,1\",\"encoding\":\"CSV\"}}}},\"eventMetadata\":{{\"eventId\":\"{i}\"}}}}\n"
        )
    };
    let label = |i: u64| {
        format!(
            "{{\"groundTruthData\":{{\"data\":\"1,0,0\",\"encoding\":\"CSV\"}},\"eventMetadata\":{{\"eventId\":\"{i}\"}}}}\n"
        )
    };
    mounts.place_beside(
        "processing/input/shop/AllTraffic/2026/05/04/07/a.jsonl",
        (0..10).map(capture).collect::<String>(),
    );
    mounts.place_beside("processing/groundtruth/2026/05/04/08/a.jsonl", (0..9).map(label).collect::<String>());
    let mut variables = joined(&mounts);
    variables.retain(|(name, _)| !name.starts_with("probability"));
    variables.push(("inference_attribute", "0".to_owned()));
    let report = run(&mounts, &[], &variables).report();
    assert_eq!((&report["quality"]["account"]["used"], &report["ledger"]["rows"]), (&json!(27), &json!(28)));
    assert_eq!(report["quality"]["predictions"]["n"], 28, "27 with a label, one without");
    let warnings: Vec<&Value> = report["warnings"].as_array().into_iter().flatten().map(|told| &told["code"]).collect();
    assert!(warnings.is_empty(), "the model does not always answer the same: {warnings:?}");
}

#[test]
fn threads_and_memory_change_nothing_about_the_quality() {
    let mounts = placed();
    let expected = run(&mounts, &["run", "--threads", "1"], &joined(&mounts));
    for arguments in [["--threads", "4"], ["--memory-limit", "96MB"]] {
        let found = run(&mounts, &[&["run"][..], &arguments[..]].concat(), &joined(&mounts));
        assert_eq!(found.report(), expected.report(), "{arguments:?}");
        for name in ["statistics.json", "constraints.json", "model_quality_baseline.json"] {
            let without_clock = |done: &job::Done| {
                let mut file = done.json(name);
                if let Some(dataset) = file.get_mut("dataset").and_then(Value::as_object_mut) {
                    dataset.remove("evaluation_time");
                }
                file
            };
            assert_eq!(without_clock(&found), without_clock(&expected), "{arguments:?} {name}");
        }
    }
}

#[test]
fn a_merge_on_s3_writes_what_the_same_merge_on_disk_writes() {
    let server = Server::start(&[BUCKET]);
    let mounts = placed();
    for (name, text) in files() {
        server.place(BUCKET, &name, text.as_bytes());
    }
    let local = [("ground_truth_source", inside(&mounts, "groundtruth")), ("dataset_source", inside(&mounts, "input"))];
    let local = run(&mounts, &["merge"], &[&local[..], &[("dataset_format", CAPTURES.to_owned())]].concat());
    let mut remote: Vec<(&str, String)> = vec![
        ("ground_truth_source", "s3://bucket/groundtruth".to_owned()),
        ("dataset_source", "s3://bucket/input".to_owned()),
        ("output_path", "s3://bucket/merged".to_owned()),
    ];
    let environment = server.environment();
    remote.extend(environment.iter().map(|(name, value)| (*name, value.clone())));
    run(&placed(), &[], &remote);
    let written = job::files(&server.file(BUCKET, "merged"));
    let names: Vec<&String> = written.keys().collect();
    assert_eq!(names, local.files.keys().collect::<Vec<_>>());
    assert_eq!(names.len() as u64, HOURS);
    for (name, bytes) in &written {
        assert!(*bytes == local.files[name], "{name}");
    }
    let mut variables = analysis("s3://bucket/merged", MERGED);
    variables.extend(environment.iter().map(|(name, value)| (*name, value.clone())));
    assert!(run(&placed(), &[], &variables).report()["quality"]["n"].as_u64() > Some(800));
}
