//! Table windows: the open statistics of a table for each of many windows of time, from one pass over its rows.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{Array, RecordBatch};

use super::domains::Domains;
use super::statistics::TableStatistics;
use super::table::TableSummary;
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
///
/// Each window's statistics are those of a [`TableSummary`] that saw its rows alone, in their order.
#[derive(Debug, Default)]
pub struct TableWindows {
    periods: Periods,
    domains: Arc<Domains>,
    tables: BTreeMap<i64, TableSummary>,
}

impl TableWindows {
    /// Counts the cells inside their columns' domains, too.
    pub fn watching(domains: Arc<Domains>, periods: Periods) -> Self {
        Self { periods, domains, tables: BTreeMap::new() }
    }

    fn table(&mut self, place: i64) -> &mut TableSummary {
        let domains = &self.domains;
        self.tables.entry(place).or_insert_with(|| TableSummary::watching(domains.clone()))
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
                self.table(place).observe(&batch.slice(start, run.len()));
            }
            start += run.len();
        }
    }

    fn merge(&mut self, other: Self) {
        if self.periods == Periods::default() {
            (self.periods, self.domains) = (other.periods, other.domains);
        }
        for (place, table) in other.tables {
            self.table(place).merge(table);
        }
    }

    fn finish(self) -> Self::Output {
        self.tables.into_iter().map(|(place, table)| (place, table.finish())).collect()
    }

    fn memory(&self) -> usize {
        self.tables.values().map(|table| size_of::<TableSummary>() + table.memory()).sum()
    }
}
