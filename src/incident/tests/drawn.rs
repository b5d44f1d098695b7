//! Drawn tables: cells by seeded laws, through the summaries of a run, and the incidents between two tables.

use std::f64::consts::TAU;

use arrow::array::StringViewArray;

use super::super::Found;
use crate::judge::{self, Case};
use crate::measure::measure;
use crate::profile::{ColumnSummary, Ledger, TableStatistics};
use crate::report;
use crate::sketch::SplitMix;

/// A stream of cells.
pub(super) struct Draw(SplitMix);

impl Draw {
    pub fn new(seed: u64) -> Self {
        Self(SplitMix::new(seed))
    }

    pub fn share(&mut self) -> f64 {
        self.0.share()
    }

    pub fn normal(&mut self) -> f64 {
        (-2.0 * (1.0 - self.share()).ln()).sqrt() * (TAU * self.share()).cos()
    }

    pub fn exponential(&mut self) -> f64 {
        -(1.0 - self.share()).ln()
    }

    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.share()
    }

    /// Of words with these weights, which need not sum to 1.
    pub fn word<'a>(&mut self, words: &[(&'a str, f64)]) -> &'a str {
        let total: f64 = words.iter().map(|(_, weight)| weight).sum();
        let mut left = self.share() * total;
        for (word, weight) in words {
            left -= weight;
            if left < 0.0 {
                return word;
            }
        }
        words.last().map_or("", |(word, _)| word)
    }
}

/// A cell; `None` where it is missing.
pub(super) type Cell = Option<String>;

/// A table of these columns, whose cells are drawn row by row.
pub(super) fn table(names: &[&str], n: usize, mut row: impl FnMut() -> Vec<Cell>) -> TableStatistics {
    let mut columns: Vec<Vec<Cell>> = vec![Vec::with_capacity(n); names.len()];
    for _ in 0..n {
        let cells = row();
        assert_eq!(cells.len(), names.len());
        columns.iter_mut().zip(cells).for_each(|(column, cell)| column.push(cell));
    }
    let closed = names.iter().zip(columns).map(|(name, cells)| {
        let mut summary = ColumnSummary::default();
        summary.observe(&StringViewArray::from_iter(cells));
        summary.finish((*name).to_owned(), n as u64)
    });
    TableStatistics { n_rows: n as u64, columns: closed.collect(), ..TableStatistics::default() }
}

/// What a run finds between a baseline and a window.
pub(super) fn found(
    baseline: &TableStatistics,
    current: &TableStatistics,
    ledger: &Ledger,
    is_redacted: bool,
) -> Found {
    let constraints = judge::suggest(baseline);
    let measurements = measure(current, Some(baseline));
    let case = Case { constraints: &constraints, measurements: &measurements, n_rows: current.n_rows };
    let tests = judge::test(&case, (baseline, current));
    report::incidents((baseline, current), &case.judged_names(), &tests, ledger, is_redacted)
}
