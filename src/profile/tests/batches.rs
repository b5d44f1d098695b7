//! Batches of the decoders' layout, made by hand.

use std::collections::HashMap;
use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, Int64Array, RecordBatch, StringViewArray, UInt8Array, UInt64Array};
use arrow::datatypes::{Field, Schema};

use crate::decode::{cell_field, meta_fields};
use crate::profile::{Ledger, Profile, TableStatistics};
use crate::summary::Summary;

pub type Cells = Vec<Option<String>>;

/// What a row is.
#[derive(Clone, Copy)]
pub struct Row {
    pub reason: Option<u8>,
    pub line: u64,
    pub starts_record: bool,
    pub time: Option<i64>,
}

impl Row {
    pub fn used(line: u64) -> Self {
        Self { reason: None, line, starts_record: true, time: Some(0) }
    }
}

/// A batch of `rows` and of columns that are given as name, order text and cells.
pub fn batch(rows: &[Row], columns: &[(&str, &str, &[Option<String>])], metadata: &[(&str, &str)]) -> RecordBatch {
    let mut fields: Vec<Field> = meta_fields();
    fields.extend(columns.iter().map(|(name, order, _)| cell_field(name, order)));
    let metadata: HashMap<String, String> = metadata.iter().map(|(k, v)| ((*k).into(), (*v).into())).collect();
    let mut arrays: Vec<ArrayRef> = vec![
        Arc::new(UInt8Array::from_iter(rows.iter().map(|row| row.reason))),
        Arc::new(UInt64Array::from_iter_values(rows.iter().map(|row| row.line))),
        Arc::new(BooleanArray::from_iter(rows.iter().map(|row| Some(row.starts_record)))),
        Arc::new(Int64Array::from_iter(rows.iter().map(|row| row.time))),
    ];
    let view = |cells: &[Option<String>]| Arc::new(StringViewArray::from_iter(cells.iter().map(Option::as_deref)));
    arrays.extend(columns.iter().map(|(_, _, cells)| view(cells) as ArrayRef));
    RecordBatch::try_new(Arc::new(Schema::new_with_metadata(fields, metadata)), arrays).expect("columns of one length")
}

/// A batch of used rows of columns `c0`, `c1`, … in this order.
pub fn table(columns: &[Cells]) -> RecordBatch {
    let rows: Vec<Row> = (0..columns.first().map_or(0, Vec::len)).map(|row| Row::used(row as u64 + 1)).collect();
    let names: Vec<(String, String)> = (0..columns.len()).map(|i| (format!("c{i}"), format!("{i:05}"))).collect();
    let columns: Vec<_> = names
        .iter()
        .zip(columns)
        .map(|((name, order), cells)| (name.as_str(), order.as_str(), cells.as_slice()))
        .collect();
    batch(&rows, &columns, &[])
}

/// The profile of one split, read in batches of `n_rows`.
pub fn split(columns: &[Cells], n_rows: usize) -> Profile {
    let whole = table(columns);
    let mut profile = Profile::default();
    let mut start = 0;
    while start < whole.num_rows() {
        let length = n_rows.min(whole.num_rows() - start);
        profile.observe(&whole.slice(start, length));
        start += length;
    }
    profile
}

/// Splits merged into an empty profile, in turn.
pub fn total(splits: impl IntoIterator<Item = Profile>) -> (TableStatistics, Ledger) {
    let mut total = Profile::default();
    splits.into_iter().for_each(|split| total.merge(split));
    total.finish()
}
