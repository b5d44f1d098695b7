//! A folder of ground truth in every form at once, read by the engine: each label once, each record accounted for.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, Int64Array, RecordBatch, StringArray};
use model_monitor::decode::outcome::{ID, LABEL, cells_of};
use model_monitor::decode::{Attributes, Format, Meta, Rows, Settings};
use model_monitor::engine::{Dataset, Session, fold};
use model_monitor::profile::{Ledger, LedgerSummary};
use model_monitor::store::Location;
use model_monitor::summary::Summary;

/// Gathers `id=label` of every used row, and the ledger.
#[derive(Default)]
struct Gathered {
    labels: Vec<String>,
    ledger: LedgerSummary,
}

impl Summary for Gathered {
    type Input = RecordBatch;
    type Output = (Vec<String>, LedgerSummary);

    fn observe(&mut self, batch: &RecordBatch) {
        self.ledger.observe(batch);
        let Some((ids, labels)) = cells_of(batch, ID).zip(cells_of(batch, LABEL)) else { return };
        let meta = Meta::of(batch).expect("the known layout");
        let used = (0..batch.num_rows()).filter(|&row| meta.reason.is_null(row));
        let shown = |cells: &arrow::array::StringViewArray, row: usize| {
            if cells.is_null(row) { "∅".to_owned() } else { cells.value(row).to_owned() }
        };
        self.labels.extend(used.map(|row| format!("{}={}", shown(ids, row), shown(labels, row))));
    }

    fn merge(&mut self, other: Self) {
        self.labels.extend(other.labels);
        self.ledger.merge(other.ledger);
    }

    fn finish(self) -> Self::Output {
        (self.labels, self.ledger)
    }
}

fn record(id: &str, data: &str) -> String {
    format!(
        "{{\"groundTruthData\":{{\"data\":\"{data}\",\"encoding\":\"CSV\"}},\"eventMetadata\":{{\"eventId\":\"{id}\"}}}}"
    )
}

fn write_parquet(path: &Path) {
    let ids: ArrayRef = Arc::new(Int64Array::from(vec![Some(40), None, Some(42)]));
    let labels: ArrayRef = Arc::new(StringArray::from(vec![Some("x"), Some("y"), None]));
    let batch = RecordBatch::try_from_iter([("eventId", ids), ("churned", labels)]).unwrap();
    let mut writer =
        parquet::arrow::ArrowWriter::try_new(fs::File::create(path).unwrap(), batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
}

#[test]
fn a_folder_of_ground_truth_may_hold_every_form_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let place = |name: &str, bytes: &[u8]| fs::write(folder.path().join(name), bytes).unwrap();
    place("lines.jsonl", format!("{}\n{{\"cut\n{}\n", record("a", "1"), record("b", "1,0")).as_bytes());
    place("array.jsonl", format!("[{},{}]", record("c", "1"), record("d", "0")).as_bytes());
    place("table.csv", b"id,label\ne,1\n");
    place("table.json", b"[{\"id\":\"f\",\"label\":true}]");
    place("stranger.csv", b"x,y\n1,2\n3,4\n");
    place("empty.jsonl", b"");
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packed.write_all(record("g", "1").as_bytes()).unwrap();
    place("packed.jsonl.gz", &packed.finish().unwrap());
    write_parquet(&folder.path().join("table.parquet"));

    let settings = Settings::new(Format::GroundTruth, Rows::Labels(Attributes::default()), 1 << 20);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let (mut labels, ledger) = runtime.block_on(async {
        let location: Location = folder.path().to_str().unwrap().parse().unwrap();
        let dataset = Arc::new(Dataset::list(&location, settings).await.unwrap());
        let session = Session::new(2, 1 << 30).unwrap();
        let (n_objects_listed, n_bytes_listed) = (dataset.n_objects(), dataset.n_bytes());
        let (labels, ledger) = fold(&session, dataset, Gathered::default).await.unwrap().finish();
        (labels, Ledger { n_objects_listed, n_bytes_listed, ..ledger.finish() })
    });
    labels.sort();
    assert_eq!(labels, ["40=x", "42=", "a=1", "b=0", "b=1", "c=1", "d=0", "e=1", "f=true", "g=1", "∅=y"]);
    assert_eq!(ledger.imbalance(), None);
    let rejected: Vec<_> = ledger.records_rejected.into_iter().collect();
    assert_eq!(rejected, [("id_not_found", 2), ("invalid_json", 1)]);
}
