//! Event batches, which tell that an object was opened or skipped, and batches of columnar files.

use std::collections::HashMap;
use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, Int64Array, RecordBatch, RecordBatchOptions, UInt8Array, UInt64Array};
use arrow::datatypes::{Field, Schema};

use crate::decode::batch::builder::{BatchBuilder, RecordMark};
use crate::decode::batch::details::Details;
use crate::decode::batch::layout::{
    CELLS_DROPPED, CELLS_UNREADABLE, DETAIL, DETAIL_LINE, DETAIL_REASON, LOST, LOST_BYTES, LOST_LINE, LOST_RECORDS,
    MERGED, MISSING_BYTES, OBJECT, OBSERVED, OPENED, READ_BYTES, ROWS_SHORT, SKIPPED, SKIPPED_BYTES, TOO_FEW_LABELS,
    TOO_MANY_LABELS, UNCOUNTED, UNREADABLE, UNREADABLE_COLUMN, VARIANT, VARIANT_RECORDS, meta_fields,
};
use crate::decode::batch::loss::{Loss, LostRecords};
use crate::decode::batch::merged_labels::MergedLabels;
use crate::decode::reason::{CellReason, Observation, Reason, SkipReason};
use crate::error::{self, Error};

/// The event that `object` was opened.
pub fn opened(object: &str) -> RecordBatch {
    event(object, &[(OPENED, "")])
}

/// The event that `object`, which has so many bytes, was skipped.
pub fn skipped(object: &str, reason: SkipReason, n_bytes: u64) -> RecordBatch {
    event(object, &[(SKIPPED, reason.name()), (SKIPPED_BYTES, &n_bytes.to_string())])
}

/// The event that so many bytes of `object` were read, as they lie in the store.
pub fn read(object: &str, n_bytes: u64) -> RecordBatch {
    event(object, &[(READ_BYTES, &n_bytes.to_string())])
}

/// The event that `n` cells of `object` stood beyond its table's width and were dropped.
pub fn cells_dropped(object: &str, n: u64) -> RecordBatch {
    event(object, &[(CELLS_DROPPED, &n.to_string())])
}

/// The event that `n` cells of a column of `object` are null because their values have no text.
pub fn cells_unreadable(object: &str, reason: CellReason, column: &str, n: u64) -> RecordBatch {
    let told = [(CELLS_UNREADABLE, reason.name()), (UNREADABLE, &n.to_string()), (UNREADABLE_COLUMN, column)];
    event(object, &told)
}

/// The event that tells what it is about the rejected record at `line` of `object`: a phrase without values of the data.
pub fn detail(object: &str, line: u64, reason: Reason, text: &str) -> RecordBatch {
    event(object, &[(DETAIL, text), (DETAIL_LINE, &line.to_string()), (DETAIL_REASON, reason.name())])
}

/// The events that tell what it is about the rejected records of `object`.
pub fn details(object: &str, details: &Details) -> impl Iterator<Item = RecordBatch> {
    details.iter().map(move |known| detail(object, known.line, known.reason, &known.text))
}

/// The event that `n` rows of `object` had fewer cells than their table has columns.
pub fn rows_short(object: &str, n: u64) -> RecordBatch {
    event(object, &[(ROWS_SHORT, &n.to_string())])
}

/// The event that used records of `object` carry their ground truth.
pub fn merged(object: &str, labels: MergedLabels) -> RecordBatch {
    let MergedLabels { n_records, n_too_few, n_too_many } = labels;
    let [n_records, n_too_few, n_too_many] = [n_records, n_too_few, n_too_many].map(|n| n.to_string());
    event(object, &[(MERGED, &n_records), (TOO_FEW_LABELS, &n_too_few), (TOO_MANY_LABELS, &n_too_many)])
}

/// The event that the metadata of `n` used records of `object` name this variant.
pub fn variant(object: &str, variant: &str, n: u64) -> RecordBatch {
    event(object, &[(VARIANT, variant), (VARIANT_RECORDS, &n.to_string())])
}

/// The event that `object` looks like something else.
pub fn observed(object: &str, observation: Observation) -> RecordBatch {
    event(object, &[(OBSERVED, observation.name())])
}

/// The event that a part of `object` could not be read.
pub fn lost(object: &str, loss: &Loss) -> RecordBatch {
    let Loss { reason, line, records, n_bytes, n_bytes_missing } = loss;
    let numbers = [*line, records.n(), *n_bytes, *n_bytes_missing].map(|n| n.to_string());
    let [line, n_records, n_bytes, n_missing] = numbers.each_ref().map(String::as_str);
    let of_records = [(LOST, reason.name()), (LOST_LINE, line), (LOST_RECORDS, n_records)];
    let told = [&of_records[..], &[(LOST_BYTES, n_bytes), (MISSING_BYTES, n_missing)]].concat();
    match records {
        LostRecords::Known(_) => event(object, &told),
        LostRecords::Estimated(_) => event(object, &[&told[..], &[(UNCOUNTED, "")]].concat()),
    }
}

/// The event that nobody knows how many records a damaged part of `object` held.
pub fn uncounted(object: &str) -> RecordBatch {
    event(object, &[(UNCOUNTED, "")])
}

/// One rejected record of `object`.
pub fn rejected(object: &str, line: u64, reason: Reason) -> Vec<RecordBatch> {
    let mut builder = BatchBuilder::new(object);
    builder.reject(RecordMark { line, time: None }, reason);
    builder.flush();
    builder.take_full()
}

fn event(object: &str, told: &[(&str, &str)]) -> RecordBatch {
    let all = [&[(OBJECT, object)], told].concat();
    let metadata = all.into_iter().map(|(key, value)| (key.to_owned(), value.to_owned()));
    RecordBatch::new_empty(Arc::new(Schema::new_with_metadata(meta_fields(), HashMap::from_iter(metadata))))
}

/// The batch of rows that a columnar file gives: all used, no time, cells cast to text.
pub fn of_columns(
    object: &str,
    first_row: u64,
    columns: Vec<(Field, ArrayRef)>,
    n_rows: usize,
) -> Result<RecordBatch, Error> {
    let (cell_fields, cells): (Vec<_>, Vec<_>) = columns.into_iter().unzip();
    let mut fields = meta_fields();
    fields.extend(cell_fields);
    let mut arrays: Vec<ArrayRef> = vec![
        Arc::new(UInt8Array::new_null(n_rows)),
        Arc::new(UInt64Array::from_iter_values(first_row..first_row + n_rows as u64)),
        Arc::new(BooleanArray::from(vec![true; n_rows])),
        Arc::new(Int64Array::new_null(n_rows)),
    ];
    arrays.extend(cells);
    let metadata = HashMap::from([(OBJECT.to_owned(), object.to_owned())]);
    let options = RecordBatchOptions::new().with_row_count(Some(n_rows));
    RecordBatch::try_new_with_options(Arc::new(Schema::new_with_metadata(fields, metadata)), arrays, &options)
        .map_err(|defect| Error::new(&error::INTERNAL, object, defect))
}
