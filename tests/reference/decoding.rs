//! Record batches of a whole text, and their cells.

use arrow::array::{Array, RecordBatch};
use model_monitor::decode::{Format, Meta, ObjectDecoder, Rows, Settings, outcome};

/// Longest record in bytes.
const MAX_RECORD_BYTES: usize = 16 << 20;

/// The batches of an object whose every record is used.
pub fn decode(format: Format, rows: Rows, text: &str) -> Vec<RecordBatch> {
    let max_record_bytes = MAX_RECORD_BYTES;
    let settings = Settings::new(format, rows, max_record_bytes);
    let mut decoder = ObjectDecoder::new("object", settings);
    let (mut bytes, mut batches) = (text.as_bytes(), Vec::new());
    while !bytes.is_empty() || decoder.has_more() {
        bytes = &bytes[decoder.push(bytes)..];
        batches.append(&mut decoder.take());
    }
    decoder.finish();
    batches.append(&mut decoder.take());
    batches.retain(|batch| batch.num_rows() > 0);
    assert!(batches.iter().all(|batch| Meta::of(batch).expect("the layout").all_used()));
    batches
}

/// Rows of the cells of these columns; a null is empty.
pub fn cells(batches: &[RecordBatch], columns: &[&str]) -> Vec<Vec<String>> {
    let rows_of = |batch: &RecordBatch| -> Vec<Vec<String>> {
        let column = |name: &&str| outcome::cells_of(batch, name).unwrap_or_else(|| panic!("a column {name}"));
        let columns: Vec<_> = columns.iter().map(column).collect();
        let cell = |column: &arrow::array::StringViewArray, row| {
            if column.is_null(row) { String::new() } else { column.value(row).to_owned() }
        };
        (0..batch.num_rows()).map(|row| columns.iter().map(|column| cell(column, row)).collect()).collect()
    };
    batches.iter().flat_map(rows_of).collect()
}
