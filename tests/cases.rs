//! Jobs from a folder in to a folder out, through the program itself; `UPDATE_CASES=1 cargo test
//! --test cases` writes down what comes out now in place of what was expected.
//!
//! Each folder of `tests/cases` is a case: `input/`, `ground-truth/`, `baseline/` and `config/` are copied into a
//! folder like SageMaker's; `job.json` names `arguments`, `environment` and the `exit` code
//! (`{opt_ml}` stands for that folder's path, in `config/` too); `expected/` holds the exit
//! message, the metrics if there are any, and an excerpt of the other outputs.

#[path = "support/job.rs"]
mod job;

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{ArrayRef, Float64Array, Int64Array, RecordBatch, StringArray, StructArray};
use arrow::datatypes::{DataType, Field};
use job::{Done, Mounts};
use serde::Deserialize;
use serde_json::{Value, json};

const OPT_ML: &str = "{opt_ml}";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Job {
    #[serde(default)]
    arguments: Vec<String>,
    #[serde(default)]
    environment: std::collections::BTreeMap<String, String>,
    #[serde(default)]
    exit: i32,
    /// Whether there is no folder of inputs at all.
    #[serde(default)]
    without_input: bool,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases")
}

#[test]
fn every_case_gives_what_is_expected() {
    let mut cases: Vec<PathBuf> = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path()).collect();
    // That one makes its input itself.
    cases.retain(|case| case.join("job.json").exists() && !case.ends_with("parquet-files"));
    cases.sort();
    assert!(cases.len() > 40, "cases are missing");
    let failures: Vec<String> = cases.iter().filter_map(|case| failure(case)).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

/// Why a case fails; a broken promise of every run is one reason.
fn failure(case: &Path) -> Option<String> {
    match std::panic::catch_unwind(|| compare(case, |_| ())) {
        Ok(compared) => compared.err(),
        Err(_) => Some(format!("{}: see the panic above", case.display())),
    }
}

#[test]
fn parquet_files_give_what_is_expected() {
    compare(&folder().join("parquet-files"), |mounts| {
        fs::create_dir_all(mounts.input().join("day")).unwrap();
        write_parquet(&mounts.input().join("day/a.parquet"), &people());
        write_parquet(&mounts.input().join("b.snappy.parquet"), &people().slice(0, 2));
    })
    .unwrap_or_else(|failure| panic!("{failure}"));
}

fn people() -> RecordBatch {
    let strings: ArrayRef = Arc::new(StringArray::from(vec![Some("a"), None, Some("ä")]));
    let inner: ArrayRef = Arc::new(Float64Array::from(vec![Some(0.5), Some(f64::NAN), None]));
    let fields = StructArray::from(vec![(Arc::new(Field::new("x", DataType::Float64, true)), inner)]);
    let columns: [(&str, ArrayRef); 3] = [
        ("age", Arc::new(Int64Array::from(vec![Some(30), Some(40), None]))),
        ("name", strings),
        ("position", Arc::new(fields)),
    ];
    RecordBatch::try_from_iter(columns).unwrap()
}

fn write_parquet(path: &Path, batch: &RecordBatch) {
    let file = fs::File::create(path).unwrap();
    let mut writer = parquet::arrow::ArrowWriter::try_new(file, batch.schema(), None).unwrap();
    writer.write(batch).unwrap();
    writer.close().unwrap();
}

/// Runs a case with one thread and with three; says how its outputs differ from the expected ones.
fn compare(case: &Path, prepare: impl Fn(&Mounts)) -> Result<(), String> {
    let name = case.file_name().unwrap_or_default().to_string_lossy();
    let job: Job = serde_json::from_slice(&fs::read(case.join("job.json")).unwrap()).unwrap();
    let found = outputs(case, &job, &prepare, &[("MODEL_MONITOR_THREADS", "1"), ("TZ", "UTC")]);
    let again = outputs(case, &job, &prepare, &[("MODEL_MONITOR_THREADS", "3"), ("TZ", "Asia/Tokyo")]);
    if found != again {
        return Err(format!("{name}: threads or time zone change the outputs: {found:#?} {again:#?}"));
    }
    let expected = case.join("expected");
    if env::var_os("UPDATE_CASES").is_some() {
        let _ = fs::remove_dir_all(&expected);
        found.iter().for_each(|(file, text)| job::write(&expected.join(file), text.as_bytes()));
    }
    let wanted: Vec<(String, String)> =
        job::files(&expected).into_iter().map(|(file, bytes)| (file, String::from_utf8(bytes).unwrap())).collect();
    if found == wanted { Ok(()) } else { Err(format!("{name}: {}", difference(&wanted, &found))) }
}

fn difference(wanted: &[(String, String)], found: &[(String, String)]) -> String {
    let show = |files: &[(String, String)]| -> String {
        files.iter().map(|(file, text)| format!("--- {file}\n{text}\n")).collect()
    };
    format!("expected\n{}\nfound\n{}", show(wanted), show(found))
}

/// The files of `expected/` as this run would have them.
fn outputs(case: &Path, job: &Job, prepare: impl Fn(&Mounts), environment: &[(&str, &str)]) -> Vec<(String, String)> {
    let mounts = Mounts::new();
    let root = mounts.root().to_str().unwrap().to_owned();
    let resolve = |text: &str| text.replace(OPT_ML, &root);
    let parts = [
        ("input", "processing/input"),
        ("ground-truth", "processing/groundtruth"),
        ("baseline", "processing/baseline"),
        ("config", "config"),
    ];
    for (part, target) in parts {
        for (file, bytes) in job::files(&case.join(part)) {
            let bytes = if part == "config" { resolve(&String::from_utf8(bytes).unwrap()).into_bytes() } else { bytes };
            job::write(&mounts.root().join(target).join(file), &bytes);
        }
    }
    if job.without_input {
        fs::remove_dir(mounts.input()).unwrap();
    }
    prepare(&mounts);
    let arguments: Vec<String> = job.arguments.iter().map(|argument| resolve(argument)).collect();
    let variables: Vec<(String, String)> =
        job.environment.iter().map(|(name, value)| (name.clone(), resolve(value))).collect();
    let mut variables: Vec<(&str, &str)> = variables.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    variables.extend(environment);
    let done = mounts.run(&arguments.iter().map(String::as_str).collect::<Vec<_>>(), &variables);
    assert_eq!(done.exit, Some(job.exit), "{}: {:?}\n{}", case.display(), done.message, done.stderr);
    let mut files = vec![("excerpt.json".to_owned(), pretty(&excerpt(&done)))];
    files.extend(done.message.clone().map(|text| ("message".to_owned(), text)));
    files.extend(done.metrics.clone().map(|text| ("metrics.jsonl".to_owned(), text)));
    files.into_iter().map(|(file, text)| (file, text.replace(&root, OPT_ML))).collect()
}

fn pretty(value: &Value) -> String {
    format!("{}\n", serde_json::to_string_pretty(value).unwrap())
}

/// What is compared of the outputs; the statistics themselves have tests of their own.
fn excerpt(done: &Done) -> Value {
    let names: Vec<&String> = done.files.keys().collect();
    if !done.files.contains_key("model_monitor_report.json") {
        let is_merged = |file: &&String| file.ends_with(".jsonl");
        let merged = names.iter().filter(|file| is_merged(file)).map(|file| lines(&done.files[*file]));
        let merged: Vec<Vec<Value>> = merged.collect();
        return if merged.is_empty() { json!({ "files": names }) } else { json!({ "files": names, "merged": merged }) };
    }
    let report = done.report();
    if report["monitor"] == "model_quality" {
        return quality_excerpt(done, &report);
    }
    if report["monitor"] == "bias" {
        let mut excerpt = json!({
            "files": names,
            "outcome": report["outcome"],
            "error": report["error"],
            "ledger": report["ledger"],
            "warnings": report["warnings"],
            "intersections": report["bias"]["intersections"],
            "performance": report["bias"]["performance"],
            "analysis": done.files.contains_key("analysis.json").then(|| done.json("analysis.json")),
            "violations": done.files.contains_key("constraint_violations.json").then(|| done.json("constraint_violations.json")),
        });
        if let Some(joined) = report["bias"].get("joined") {
            excerpt["joined"] = joined.clone();
        }
        return excerpt;
    }
    if report["monitor"] == "attribution" {
        return attribution_excerpt(done, &report);
    }
    let features = report["features"].as_array().unwrap();
    let columns: Vec<String> = features
        .iter()
        .map(|f| {
            let text = |key: &str| f[key].as_str().unwrap_or("absent").to_owned();
            format!("{}: {}, n {}, missing {}", text("name"), text("kind"), f["n"], f["missing"])
        })
        .collect();
    let violations = done.files.contains_key("constraint_violations.json").then(|| {
        let file = done.json("constraint_violations.json");
        file["violations"].clone()
    });
    json!({
        "files": names,
        "outcome": report["outcome"],
        "error": report["error"],
        "window": report["window"],
        "ledger": report["ledger"],
        "columns": columns,
        "violations": violations,
    })
}

fn lines(bytes: &[u8]) -> Vec<Value> {
    std::str::from_utf8(bytes).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// What is compared of a model-quality run: every account, AWS's metrics, both verdicts, the warnings.
fn quality_excerpt(done: &Done, report: &Value) -> Value {
    let quality = &report["quality"];
    let values = |list: &Value| -> serde_json::Map<String, Value> {
        let named = |metric: &Value| {
            let shown = ["value", "not_computed"].map(|key| metric[key].clone()).into_iter().find(|v| !v.is_null());
            (metric["metric"].as_str().unwrap().to_owned(), shown.unwrap_or_default())
        };
        list.as_array().into_iter().flatten().map(named).collect()
    };
    let without_zeros = |account: &Value| {
        let mut account = account.clone();
        if let Some(account) = account.as_object_mut() {
            account.retain(|_, value| *value != 0);
        }
        account
    };
    let violations = done.files.contains_key("constraint_violations.json");
    json!({
        "files": done.files.keys().collect::<Vec<_>>(),
        "outcome": report["outcome"],
        "verdict": report["verdict"],
        "error": report["error"],
        "window": report["window"],
        "ledger": report["ledger"],
        "label_ledger": report["label_ledger"],
        "join": without_zeros(&report["join"]),
        "account": quality["account"],
        "metrics": values(&quality["metrics"]),
        "confusion": quality["confusion"],
        "estimated": values(&quality["predictions"]["estimated"]),
        "not_estimated": quality["predictions"]["not_estimated"],
        "warnings": report["warnings"],
        "violations": violations.then(|| done.json("constraint_violations.json")["violations"].clone()),
    })
}

/// What is compared of an attribution run: every account, the next run's baseline, what was measured against
/// this one's, both verdicts, the warnings.
fn attribution_excerpt(done: &Done, report: &Value) -> Value {
    let outcomes = |output: &Value| -> serde_json::Map<String, Value> {
        let of = |feature: &Value| Some((feature["name"].as_str()?.to_owned(), feature["test"]["outcome"].clone()));
        output["features"].as_array().into_iter().flatten().filter_map(of).collect()
    };
    let measured = |output: &Value| {
        json!({
            "output": output["output"],
            "n": output["n"],
            "drift": output["drift"],
            "features": outcomes(output),
            "magnitude": output["magnitude_test"]["outcome"],
        })
    };
    let outputs: Vec<Value> = report["attribution"]["outputs"].as_array().into_iter().flatten().map(measured).collect();
    json!({
        "files": done.files.keys().collect::<Vec<_>>(),
        "outcome": report["outcome"],
        "verdict": report["verdict"],
        "error": report["error"],
        "window": report["window"],
        "ledger": report["ledger"],
        "coverage": report["attribution"]["coverage"],
        "calls": report["attribution"]["calls"],
        "outputs": outputs,
        "findings": report["findings"],
        "warnings": report["warnings"],
        "analysis": done.files.contains_key("analysis.json").then(|| done.json("analysis.json")),
        "violations": done.files.contains_key("constraint_violations.json").then(|| done.json("constraint_violations.json")),
    })
}
