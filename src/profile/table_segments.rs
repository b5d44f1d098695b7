//! Table segments: the open statistics of a table for each value of one of its columns, from one pass over its rows.
//!
//! Of many values those are kept whose hashes are the smallest: whatever the order of the rows, a value that is kept
//! at the end was kept from its first row on, so that its statistics are those of all its rows, and which values they
//! are depends on the values alone.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{Array, AsArray, RecordBatch, UInt32Array};
use arrow::compute::take_record_batch;

use super::column::ColumnSummary;
use super::domains::Domains;
use super::statistics::{ColumnStatistics, TableStatistics};
use super::table_parts::TableParts;
use crate::decode::Meta;
use crate::sketch::text_hash;
use crate::summary::Summary;

/// Most values with statistics of their own.
pub const MAX_SEGMENTS: usize = 20;
/// Longest of them, in bytes.
const MAX_VALUE_BYTES: usize = 256;

/// A table for each of at most [`MAX_SEGMENTS`] values of a column, and for the rows without a value.
#[derive(Debug, Default)]
pub struct TableSegments {
    column: String,
    n_rows: u64,
    tables: TableParts<Key>,
}

/// What the rows of a segment hold, in the order in which values are kept.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Missing,
    Value { hash: u64, value: String },
}

/// The closed statistics of each segment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Segments {
    /// Whose values make the segments.
    pub column: String,
    pub n_rows: u64,
    /// The largest first, equal ones by value.
    pub segments: Vec<Segment>,
}

/// The rows that hold one value.
#[derive(Clone, Debug, PartialEq)]
pub struct Segment {
    /// `None` where the cell is null.
    pub value: Option<String>,
    pub statistics: TableStatistics,
}

impl TableSegments {
    /// Segments by the values of `column`; counts the cells inside their columns' domains, too.
    pub fn watching(domains: Arc<Domains>, column: &str) -> Self {
        Self { column: column.to_owned(), n_rows: 0, tables: TableParts::watching(domains) }
    }

    /// The used rows of a batch by the value that they hold; rows whose value is too long are in none.
    fn rows<'b>(&self, batch: &'b RecordBatch) -> BTreeMap<Option<&'b str>, Vec<u32>> {
        let Some(meta) = Meta::of(batch) else { return BTreeMap::new() };
        let fields = batch.schema_ref().fields().iter().skip(Meta::WIDTH);
        let place = fields.into_iter().position(|field| *field.name() == self.column);
        let cells = place.and_then(|place| batch.column(Meta::WIDTH + place).as_string_view_opt());
        let value = |row: usize| cells.filter(|cells| cells.is_valid(row)).map(|cells| cells.value(row));
        let mut rows: BTreeMap<Option<&str>, Vec<u32>> = BTreeMap::new();
        for row in (0..batch.num_rows()).filter(|row| meta.reason.is_null(*row)) {
            let value = value(row);
            if value.is_none_or(|value| value.len() <= MAX_VALUE_BYTES) {
                rows.entry(value).or_default().push(row as u32);
            }
        }
        rows
    }

    /// Whether rows of this key are kept, as far as is known; makes room for them.
    fn admits(&mut self, key: &Key) -> bool {
        let is_value = |key: &&Key| **key != Key::Missing;
        let is_kept = |known: &Key| known == key;
        if *key == Key::Missing || self.tables.keys().any(is_kept) {
            return true;
        }
        if self.tables.keys().filter(is_value).count() < MAX_SEGMENTS {
            return true;
        }
        let is_before = self.tables.keys().next_back().is_some_and(|last| key < last);
        if is_before {
            self.tables.remove_last();
        }
        is_before
    }
}

impl Summary for TableSegments {
    type Input = RecordBatch;
    type Output = Segments;

    fn observe(&mut self, batch: &RecordBatch) {
        let Some(meta) = Meta::of(batch) else { return };
        self.n_rows += meta.reason.null_count() as u64;
        for (value, rows) in self.rows(batch) {
            let key =
                value.map_or(Key::Missing, |value| Key::Value { hash: text_hash(value), value: value.to_owned() });
            if !self.admits(&key) {
                continue;
            }
            let table = self.tables.table(key);
            match take_record_batch(batch, &UInt32Array::from(rows.clone())) {
                Ok(part) => table.observe(&part),
                Err(_) => rows.into_iter().for_each(|row| table.observe(&batch.slice(row as usize, 1))),
            }
        }
    }

    fn merge(&mut self, other: Self) {
        if self.column.is_empty() {
            *self = Self { column: other.column, n_rows: 0, tables: other.tables.emptied() };
        }
        self.n_rows += other.n_rows;
        for (key, table) in other.tables.into_tables() {
            if self.admits(&key) {
                self.tables.table(key).merge(table);
            }
        }
    }

    fn finish(self) -> Segments {
        let segment = |(key, table): (Key, super::TableSummary)| Segment {
            value: match key {
                Key::Missing => None,
                Key::Value { value, .. } => Some(value),
            },
            statistics: table.finish(),
        };
        let mut segments: Vec<Segment> = self.tables.into_tables().into_iter().map(segment).collect();
        segments.sort_by(|a, b| {
            let order = |segment: &Segment| (Reverse(segment.statistics.n_rows), segment.value.clone());
            order(a).cmp(&order(b))
        });
        Segments { column: self.column, n_rows: self.n_rows, segments }
    }

    fn memory(&self) -> usize {
        self.tables.memory() + (MAX_SEGMENTS + 1) * (size_of::<Key>() + MAX_VALUE_BYTES)
    }
}

impl Segments {
    /// The same with the columns of the whole table in every segment, but for that which makes the segments: a column
    /// that none of a segment's rows has is one of missing cells.
    pub fn with_columns_of(mut self, whole: &TableStatistics) -> Self {
        for Segment { statistics, .. } in &mut self.segments {
            let n_rows = statistics.n_rows;
            let mut known: BTreeMap<String, ColumnStatistics> =
                statistics.columns.drain(..).map(|column| (column.name.clone(), column)).collect();
            let others = whole.columns.iter().filter(|column| column.name != self.column);
            let column = |column: &ColumnStatistics| {
                let empty = || ColumnStatistics {
                    n_in_domain: column.n_in_domain.map(|_| 0),
                    ..ColumnSummary::default().finish(column.name.clone(), n_rows)
                };
                known.remove(&column.name).unwrap_or_else(empty)
            };
            statistics.columns = others.map(column).collect();
        }
        self
    }

    /// Rows whose value has no statistics of its own.
    pub fn n_other(&self) -> u64 {
        let n_kept: u64 = self.segments.iter().map(|segment| segment.statistics.n_rows).sum();
        self.n_rows.saturating_sub(n_kept)
    }
}
