//! Parquet payloads: a whole file in a record.

use std::fmt::Write;
use std::sync::Arc;

use arrow::array::{Array, AsArray};
use bytes::Bytes;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use crate::decode::batch::arrow_text::cells;
use crate::decode::batch::layout::Meta;
use crate::decode::limits::{MAX_BINARY_TEXT, MAX_RECORD_CELLS};
use crate::decode::reason::Reason;

/// Rows that are decoded at once.
const BATCH_ROWS: usize = 1_024;

/// Names of the columns, and comma-separated rows.
pub fn rows(bytes: &[u8]) -> Result<(Arc<[String]>, String), Reason> {
    let damaged = |_| Reason::InvalidPayload;
    let builder = ParquetRecordBatchReaderBuilder::try_new(Bytes::copy_from_slice(bytes)).map_err(damaged)?;
    let groups = builder.metadata().row_groups().iter();
    let n_bytes: i64 = groups.fold(0, |sum, group| sum.saturating_add(group.total_byte_size()));
    let n_columns = builder.parquet_schema().num_columns() as i64;
    let n_cells = builder.metadata().file_metadata().num_rows().saturating_mul(n_columns);
    if n_bytes > MAX_BINARY_TEXT as i64 || n_cells > MAX_RECORD_CELLS as i64 {
        return Err(Reason::RecordTooLarge);
    }
    let reader = builder.with_batch_size(BATCH_ROWS).build().map_err(damaged)?;
    let (mut names, mut text) = (Vec::new(), String::new());
    for batch in reader {
        let batch = batch.map_err(|_| Reason::InvalidPayload)?;
        let batch = cells("", 1, &batch).map_err(|_| Reason::InvalidPayload)?;
        let schema = batch.schema();
        let columns = schema.fields().iter().map(|field| field.name().clone()).skip(Meta::WIDTH).collect();
        if names.is_empty() {
            names = columns;
        } else if names != columns {
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
            }
            text.push('\n');
        }
        if text.len() > MAX_BINARY_TEXT {
            return Err(Reason::RecordTooLarge);
        }
    }
    Ok((names.into(), text))
}
