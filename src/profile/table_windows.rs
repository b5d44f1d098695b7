//! Table windows: the open statistics of a table for each of many windows of time, from one pass over its rows.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{Array, RecordBatch};

use super::domains::Domains;
use super::statistics::TableStatistics;
use super::table_parts::TableParts;
use crate::decode::Meta;
use crate::summary::Summary;

/// Windows of the same length, one after the other, in milliseconds since 1970 (UTC).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Periods {
    /// Where the first one begins.
    pub start: i64,
    /// The length of each; zero where there is none.
    pub every: i64,
}

impl Periods {
    /// The place of the window that a time lies in, from 0.
    fn place(self, time: i64) -> Option<i64> {
        time.checked_sub(self.start)?.checked_div_euclid(self.every)
    }
}

/// A table for each window in which rows lie. Rows without a time are in none.
#[derive(Debug, Default)]
pub struct TableWindows {
    periods: Periods,
    tables: TableParts<i64>,
}

impl TableWindows {
    /// Counts the cells inside their columns' domains, too.
    pub fn watching(domains: Arc<Domains>, periods: Periods) -> Self {
        Self { periods, tables: TableParts::watching(domains) }
    }
}

impl Summary for TableWindows {
    type Input = RecordBatch;
    /// By the place of the window, from 0.
    type Output = BTreeMap<i64, TableStatistics>;

    fn observe(&mut self, batch: &RecordBatch) {
        let Some(meta) = Meta::of(batch) else { return };
        let place = |row: usize| {
            let is_used = meta.reason.is_null(row) && meta.time.is_valid(row);
            if is_used { self.periods.place(meta.time.value(row)) } else { None }
        };
        let places: Vec<Option<i64>> = (0..batch.num_rows()).map(place).collect();
        // Captures lie in the order of time: few runs of rows, each of one window.
        let mut start = 0;
        for run in places.chunk_by(|a, b| a == b) {
            if let Some(place) = run[0] {
                self.tables.table(place).observe(&batch.slice(start, run.len()));
            }
            start += run.len();
        }
    }

    fn merge(&mut self, other: Self) {
        if self.periods == Periods::default() {
            *self = Self { periods: other.periods, tables: other.tables.emptied() };
        }
        for (place, table) in other.tables.into_tables() {
            self.tables.table(place).merge(table);
        }
    }

    fn finish(self) -> Self::Output {
        self.tables.into_tables().into_iter().map(|(place, table)| (place, table.finish())).collect()
    }

    fn memory(&self) -> usize {
        self.tables.memory()
    }
}
