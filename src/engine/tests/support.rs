//! Support: datasets in temporary folders, and summaries that keep what they see.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{Array, RecordBatch};

use crate::decode::{self, Attribute, Attributes, Format, Meta, Rows as Decoded, Settings, outcome};
use crate::engine::{Dataset, JoinInputs, Session};
use crate::pairing::DuplicatePolicy;
use crate::store::Location;
use crate::summary::Summary;

pub const PLENTY: usize = 1 << 30;
/// So little memory that sorts must use the disk.
pub const LITTLE: usize = 32 << 20;

/// Runs `work` on a runtime as the program has it.
pub fn run<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(3).enable_all().build();
    runtime.expect("threads").block_on(work)
}

pub fn session(n_threads: usize, memory: usize) -> Session {
    Session::new(n_threads, memory).expect("a session")
}

pub fn place(folder: &Path, name: &str, text: &str) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().expect("a folder")).expect("folders");
    fs::write(path, text).expect("a file");
}

/// A table with a header, and time-less rows: what a decoder of captures or ground truth gives.
pub async fn tables(folder: &Path) -> Arc<Dataset> {
    let settings = Settings::new(Format::Csv { header: Some(true) }, Decoded::Cells, 32 << 20);
    Arc::new(Dataset::list(&Location::Local(folder.to_path_buf()), settings).await.expect("a dataset"))
}

/// What is to be joined, from the folders `captures` and `labels`.
pub async fn join_inputs(folder: &Path, policy: DuplicatePolicy) -> JoinInputs {
    let [captures, labels] = ["captures", "labels"].map(|name| folder.join(name));
    JoinInputs { captures: tables(&captures).await, labels: tables(&labels).await, policy }
}

/// Every used row as text: line, then cells.
#[derive(Debug, Default, PartialEq)]
pub struct Rows(pub Vec<String>);

impl Summary for Rows {
    type Input = RecordBatch;
    type Output = Vec<String>;

    fn observe(&mut self, batch: &RecordBatch) {
        let meta = Meta::of(batch).expect("the layout");
        for row in (0..batch.num_rows()).filter(|row| meta.reason.is_null(*row)) {
            let cells = batch.schema_ref().fields().iter().skip(Meta::WIDTH).map(|field| {
                let cells = outcome::cells_of(batch, field.name()).expect("text");
                if cells.is_null(row) { "-".to_owned() } else { cells.value(row).to_owned() }
            });
            self.0.push(cells.collect::<Vec<_>>().join(" "));
        }
    }

    fn merge(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    fn finish(self) -> Vec<String> {
        self.0
    }
}

/// Counts rows.
#[derive(Debug, Default, PartialEq)]
pub struct Count(pub usize);

impl Summary for Count {
    type Input = RecordBatch;
    type Output = usize;

    fn observe(&mut self, batch: &RecordBatch) {
        self.0 += batch.num_rows();
    }

    fn merge(&mut self, other: Self) {
        self.0 += other.0;
    }

    fn finish(self) -> usize {
        self.0
    }
}

/// All files below a folder, hidden ones too.
pub fn files(folder: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        if path.is_dir() {
            found.extend(files(&path).into_iter().map(|(below, text)| (format!("{name}/{below}"), text)));
        } else {
            found.insert(name, fs::read_to_string(&path).expect("text"));
        }
    }
    found
}

/// Captures and ground truth as SageMaker writes them: the prediction first, then a score.
pub async fn captured_inputs(folder: &Path) -> JoinInputs {
    let attribute = |text: &str| Some(Attribute::parse(text).expect("an attribute"));
    let attributes = Attributes {
        prediction: attribute("0"),
        scores: attribute("1").into_iter().collect(),
        ..Attributes::default()
    };
    let list = async |name: &str, format: Format, rows: Decoded| {
        let settings = Settings::new(format, rows, 32 << 20);
        Arc::new(Dataset::list(&Location::Local(folder.join(name)), settings).await.expect("a dataset"))
    };
    let outputs = Format::Capture(decode::CaptureSides { inputs: Vec::new(), ..decode::CaptureSides::default() });
    JoinInputs {
        captures: list("captures", outputs, Decoded::Predictions(attributes.clone())).await,
        labels: list("labels", Format::GroundTruth, Decoded::Labels(attributes)).await,
        policy: DuplicatePolicy::Nearest,
    }
}
