//! Golden cases: jobs from a folder in to a folder out, through the program itself, each a test by its own name.
//!
//! `cargo test --test cases bias-of-two-facets` runs the cases whose names hold that text (`-- --exact` for that one
//! alone); with `UPDATE_CASES=1` before it, what comes out now is written down in place of what was expected.
//!
//! Each folder of `tests/cases` is a case: `input/`, `ground-truth/`, `baseline/` and `config/` are copied into a
//! folder like SageMaker's; `job.json` names `arguments`, `environment` and the `exit` code
//! (`{opt_ml}` stands for that folder's path, in `config/` too); `expected/` holds the exit
//! message, the metrics if there are any, and an excerpt of the other outputs.

#[path = "support/excerpt.rs"]
mod excerpt;
#[path = "support/golden.rs"]
mod golden;
#[path = "support/job.rs"]
mod job;

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{ArrayRef, Float64Array, Int64Array, RecordBatch, StringArray, StructArray};
use arrow::datatypes::{DataType, Field};
use golden::{Job, OPT_ML};
use job::Mounts;
use libtest_mimic::{Arguments, Failed, Trial};

/// The case whose input is made here.
const PARQUET: &str = "parquet-files";

fn main() {
    let mut cases: Vec<PathBuf> = fs::read_dir(golden::folder()).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    let trials = cases.into_iter().map(|case| Trial::test(name(&case), move || compare(&case))).collect();
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}

fn name(case: &Path) -> String {
    case.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// Runs a case with one thread and with three; says how its outputs differ from the expected ones.
fn compare(case: &Path) -> Result<(), Failed> {
    let job = Job::of(case);
    let found = outputs(case, &job, &[("MODEL_MONITOR_THREADS", "1"), ("TZ", "UTC")])?;
    let again = outputs(case, &job, &[("MODEL_MONITOR_THREADS", "3"), ("TZ", "Asia/Tokyo")])?;
    if found != again {
        return Err(format!("threads or time zone change the outputs: {}", difference(&found, &again)).into());
    }
    let expected = case.join("expected");
    if env::var_os("UPDATE_CASES").is_some() {
        let _ = fs::remove_dir_all(&expected);
        found.iter().for_each(|(file, text)| job::write(&expected.join(file), text.as_bytes()));
    }
    let wanted = job::files(&expected).into_iter().map(|(file, bytes)| Ok((file, String::from_utf8(bytes)?)));
    let wanted = wanted.collect::<Result<Outputs, Failed>>()?;
    if found == wanted { Ok(()) } else { Err(difference(&wanted, &found).into()) }
}

/// The files of `expected/`, by name.
type Outputs = BTreeMap<String, String>;

fn difference(wanted: &Outputs, found: &Outputs) -> String {
    let show =
        |files: &Outputs| -> String { files.iter().map(|(file, text)| format!("--- {file}\n{text}\n")).collect() };
    format!("expected\n{}\nfound\n{}", show(wanted), show(found))
}

/// The files of `expected/` as this run would have them.
fn outputs(case: &Path, job: &Job, environment: &[(&str, &str)]) -> Result<Outputs, Failed> {
    let mounts = Mounts::new();
    let root = mounts.root().to_str().unwrap().to_owned();
    golden::place_inputs(case, &mounts);
    if name(case) == PARQUET {
        fs::create_dir_all(mounts.input().join("day"))?;
        write_parquet(&mounts.input().join("day/a.parquet"), &people())?;
        write_parquet(&mounts.input().join("b.snappy.parquet"), &people().slice(0, 2))?;
    }
    if job.without_input {
        fs::remove_dir(mounts.input())?;
    }
    let done = mounts.done(&job.command(&mounts, environment).output()?);
    if done.exit != Some(job.exit) {
        return Err(format!("exit {:?}, not {}: {:?}\n{}", done.exit, job.exit, done.message, done.stderr).into());
    }
    let excerpt = serde_json::to_string_pretty(&excerpt::excerpt(&done))?;
    let mut files = BTreeMap::from([("excerpt.json".to_owned(), format!("{excerpt}\n"))]);
    files.extend(done.message.map(|text| ("message".to_owned(), text)));
    files.extend(done.metrics.map(|text| ("metrics.jsonl".to_owned(), text)));
    Ok(files.into_iter().map(|(file, text)| (file, text.replace(&root, OPT_ML))).collect())
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

fn write_parquet(path: &Path, batch: &RecordBatch) -> Result<(), Failed> {
    let mut writer = parquet::arrow::ArrowWriter::try_new(fs::File::create(path)?, batch.schema(), None)?;
    writer.write(batch)?;
    writer.close()?;
    Ok(())
}
