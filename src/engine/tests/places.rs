//! Tests of joins by position over damaged files: what is lost has a place, or no row is paired.

use std::path::Path;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, Int64Array, RecordBatch, StringArray};
use parquet::arrow::ArrowWriter;
use parquet::file::properties::WriterProperties;

use super::support::{Count, PLENTY, run, session};
use crate::decode::{Attributes, Format, Instances, Meta, Rows as Decoded, Settings, outcome};
use crate::engine::{Dataset, JoinKey, SideJoin, SideTable, SideTableSpec, fold};
use crate::store::Location;
use crate::summary::Summary;

const ROWS: usize = 100;
/// Rows of a row group.
const GROUP: usize = 10;

/// Pairs of the features `i` and the facets `i` beside them.
#[derive(Debug, Default)]
struct Pairs(Vec<(String, String)>);

impl Summary for Pairs {
    type Input = RecordBatch;
    type Output = Vec<(String, String)>;

    fn observe(&mut self, batch: &RecordBatch) {
        let meta = Meta::of(batch).expect("the layout");
        let cells = |name: &str, row: usize| {
            let cells = outcome::cells_of(batch, name).expect("cells");
            if cells.is_valid(row) { cells.value(row).to_owned() } else { String::new() }
        };
        let used = (0..batch.num_rows()).filter(|row| meta.reason.is_null(*row));
        self.0.extend(used.map(|row| (cells("feature.i", row), cells("facet.i", row))));
    }

    fn merge(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    fn finish(self) -> Self::Output {
        self.0
    }
}

async fn dataset(folder: &Path, format: &Format) -> Arc<Dataset> {
    let rows =
        Decoded::Instances(Instances { attributes: Attributes::default(), with_label: true, ..Instances::default() });
    let settings = Settings::new(format.clone(), rows, 1 << 20);
    Arc::new(Dataset::list(&Location::Local(folder.to_path_buf()), settings).await.expect("a dataset"))
}

/// Joins two files: the pairs, and how many places each has, where that is known.
fn join(format: &Format, main: &[u8], table: &[u8]) -> (Vec<(String, String)>, [Option<u64>; 2]) {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, bytes) in [("main", main), ("table", table)] {
        std::fs::create_dir(folder.path().join(name)).expect("a folder");
        std::fs::write(folder.path().join(name).join("x"), bytes).expect("a file");
    }
    run(async {
        let session = session(2, PLENTY);
        let columns = vec![("feature.i".to_owned(), "facet.i".to_owned())];
        let spec = SideTableSpec { key: JoinKey::Position, columns };
        let of_table = dataset(&folder.path().join("table"), format).await;
        let (_, table) = SideTable::read(&session, of_table, spec, Count::default).await.expect("a table");
        let tables: Arc<[SideTable]> = [table].into();
        let main = dataset(&folder.path().join("main"), format).await;
        let start = || SideJoin::new(tables.clone(), Pairs::default());
        let (counts, pairs) = fold(&session, main, start).await.expect("a join").finish();
        (pairs, [counts.places.known(), tables[0].places().known()])
    })
}

fn csv() -> Vec<u8> {
    let rows = (0..ROWS).map(|i| format!("{i},\"x{i}\"\n"));
    ["i,w\n".to_owned()].into_iter().chain(rows).collect::<String>().into_bytes()
}

fn json_lines() -> Vec<u8> {
    (0..ROWS).map(|i| format!("{{\"i\":{i},\"w\":\"x{i}\"}}\n")).collect::<String>().into_bytes()
}

fn json_document() -> Vec<u8> {
    let rows: Vec<String> = (0..ROWS).map(|i| format!("{{\"i\":{i},\"w\":\"x{i}\"}}")).collect();
    format!("[{}]", rows.join(",\n")).into_bytes()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    std::io::Write::write_all(&mut encoder, bytes).expect("bytes");
    encoder.finish().expect("a member")
}

fn parquet() -> Vec<u8> {
    let numbers: ArrayRef = Arc::new(Int64Array::from_iter_values(0..ROWS as i64));
    let words: ArrayRef = Arc::new((0..ROWS).map(|i| Some(format!("word {i}"))).collect::<StringArray>());
    let rows = RecordBatch::try_from_iter([("i", numbers), ("w", words)]).expect("rows");
    let properties = WriterProperties::builder().set_max_row_group_row_count(Some(GROUP)).build();
    let mut writer = ArrowWriter::try_new(Vec::new(), rows.schema(), Some(properties)).expect("a writer");
    writer.write(&rows).expect("rows");
    writer.into_inner().expect("a file")
}

/// The bytes with `new` in place of the first `old`.
fn with(bytes: &[u8], old: &str, new: &[u8]) -> Vec<u8> {
    let at = memchr::memmem::find(bytes, old.as_bytes()).expect("what is to be damaged");
    [&bytes[..at], new, &bytes[at + old.len()..]].concat()
}

/// A Parquet file whose row group that holds this word is damaged.
fn without_group(word: &str) -> Vec<u8> {
    with(&parquet(), word, &[0xff; 8][..word.len().min(8)])
}

#[test]
fn undamaged_files_pair_row_by_row() {
    let cases = [
        (Format::Csv { header: Some(true) }, csv()),
        (Format::Csv { header: Some(true) }, gzip(&csv())),
        (Format::Json { lines: Some(true) }, json_lines()),
        (Format::Json { lines: Some(false) }, json_document()),
        (Format::Parquet, parquet()),
    ];
    for (format, file) in cases {
        let (pairs, places) = join(&format, &file, &file);
        assert_eq!((pairs.len(), places), (ROWS, [Some(ROWS as u64); 2]), "{format:?}");
        assert!(pairs.iter().all(|(i, of)| i == of), "{format:?}");
    }
}

#[test]
fn what_the_file_counts_keeps_its_places() {
    let lines = Format::Json { lines: Some(true) };
    let table = Format::Csv { header: Some(true) };
    let cases = [
        ("a record that is cut", &lines, with(&json_lines(), ":10,", b":"), with(&json_lines(), ":50,", b":")),
        ("a record that is no text", &table, with(&csv(), "\"x10\"", b"\xff"), with(&csv(), "\"x50\"", b"\xff")),
    ];
    for (what, format, main, table) in cases {
        let (pairs, places) = join(format, &main, &table);
        assert_eq!((pairs.len(), places), (ROWS - 2, [Some(ROWS as u64); 2]), "{what}");
        assert!(pairs.iter().all(|(i, of)| i == of), "{what}: {pairs:?}");
    }
}

#[test]
fn lost_row_groups_keep_their_places() {
    for (main, table) in [("word 15", "word 55"), ("word 55", "word 15"), ("word 95", "word 5"), ("word 15", "word 15")]
    {
        let (pairs, places) = join(&Format::Parquet, &without_group(main), &without_group(table));
        let n_lost = if main == table { GROUP } else { 2 * GROUP };
        assert_eq!((pairs.len(), places), (ROWS - n_lost, [Some(ROWS as u64); 2]), "{main}, {table}");
        assert!(pairs.iter().all(|(i, of)| i == of), "{main}, {table}: {pairs:?}");
    }
}

#[test]
fn damage_that_hides_how_many_rows_were_lost_is_known() {
    let [table, lines, document] =
        [Format::Csv { header: Some(true) }, Format::Json { lines: Some(true) }, Format::Json { lines: Some(false) }];
    let zipped = gzip(&csv());
    let cases = [
        ("compressed data that ends too early", &table, zipped[..zipped.len() - 40].to_vec(), zipped.clone()),
        ("two lines of a table in one", &table, with(&csv(), "\"x10\"\n", b"\"x10\" "), csv()),
        ("a quote that is not closed", &table, with(&csv(), "\"x99\"", b"\"x99"), csv()),
        ("zero bytes within a line", &lines, with(&json_lines(), ":10,", &[0; 100]), json_lines()),
        (
            "an empty line in place of a record",
            &lines,
            with(&json_lines(), "{\"i\":10,\"w\":\"x10\"}", b""),
            json_lines(),
        ),
        ("two records in one line", &lines, with(&json_lines(), "\"}\n{\"i\":10,", b"\" {\"i\":10,"), json_lines()),
        (
            "a document with a bracket too few",
            &document,
            with(&json_document(), "},\n{\"i\":10,", b",\n{\"i\":10,"),
            json_document(),
        ),
        ("a document that ends too early", &document, json_document()[..900].to_vec(), json_document()),
    ];
    for (what, format, damaged, whole) in cases {
        assert_eq!(join(format, &damaged, &whole).1, [None, Some(ROWS as u64)], "{what}");
        assert_eq!(join(format, &whole, &damaged).1, [Some(ROWS as u64), None], "{what}");
    }
}
