//! Parquet payloads: a whole file in a record.

use std::fmt::Write;
use std::sync::Arc;

use arrow::array::{Array, AsArray, RecordBatch};
use bytes::Bytes;

use crate::decode::batch::arrow_text::cells;
use crate::decode::batch::layout::Meta;
use crate::decode::batch::unreadable_cells::UnreadableCells;
use crate::decode::limits::MAX_RECORD_CELLS;
use crate::decode::parquet::{Fault, File};
use crate::decode::reason::Reason;

/// Names of the columns, comma-separated rows, `max_text` bytes at most, and the cells that are empty because their
/// values have no text.
pub fn rows(bytes: Vec<u8>, max_text: usize) -> Result<(Arc<[String]>, String, UnreadableCells), Reason> {
    let file = File::open(Bytes::from(bytes), max_text as u64, max_text as u64).map_err(reason)?;
    let n_cells = file.n_rows().saturating_mul(file.n_columns() as u64);
    if file.n_unfolded_bytes() > max_text as u64 || n_cells > MAX_RECORD_CELLS as u64 {
        return Err(Reason::RecordTooLarge);
    }
    let (mut names, mut text, mut unreadable) = (Vec::new(), String::new(), UnreadableCells::default());
    for index in 0..file.n_row_groups() {
        let mut group = file.row_group(index);
        while let Some(batch) = group.next_batch().map_err(reason)? {
            let batch = cells("", 1, &batch, &mut unreadable).map_err(|_| Reason::InvalidPayload)?;
            write_rows(&batch, max_text, &mut names, &mut text)?;
        }
    }
    Ok((names.into(), text, unreadable))
}

/// Adds the rows of a batch of cells to `text`; all batches must have the columns of the first.
fn write_rows(batch: &RecordBatch, max_text: usize, names: &mut Vec<String>, text: &mut String) -> Result<(), Reason> {
    let schema = batch.schema();
    let columns: Vec<String> = schema.fields().iter().map(|field| field.name().clone()).skip(Meta::WIDTH).collect();
    if names.is_empty() {
        *names = columns;
    } else if *names != columns {
        // Lists of different lengths: their elements would stand under the names of others.
        return Err(Reason::InvalidPayload);
    }
    for row in 0..batch.num_rows() {
        for (place, column) in batch.columns().iter().skip(Meta::WIDTH).enumerate() {
            let cells = column.as_string_view();
            let cell = if cells.is_valid(row) { cells.value(row) } else { "" };
            if place > 0 {
                text.push(',');
            }
            // Writing to a String cannot fail.
            let _ = write!(text, "\"{}\"", cell.replace('"', "\"\""));
            // A dictionary's text may stand in many cells.
            if text.len() > max_text {
                return Err(Reason::RecordTooLarge);
            }
        }
        text.push('\n');
    }
    Ok(())
}

/// Why a payload that cannot be read is rejected.
fn reason(fault: Fault) -> Reason {
    match fault.reason() {
        Reason::RecordTooLarge => Reason::RecordTooLarge,
        _ => Reason::InvalidPayload,
    }
}
