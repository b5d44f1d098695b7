//! Unreadable cells: values of typed columns that have no text, by reason and column.

use std::collections::BTreeMap;

use crate::decode::reason::CellReason;

/// Columns that are counted one by one.
const MAX_COLUMNS: usize = 64;

/// Numbers of cells that are null because their values have no text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UnreadableCells {
    /// By reason and column; the columns beyond the first count under an empty name.
    counts: BTreeMap<(CellReason, String), u64>,
}

impl UnreadableCells {
    /// Counts `n` more cells of a column.
    pub fn add(&mut self, reason: CellReason, column: &str, n: u64) {
        if n == 0 {
            return;
        }
        let key = (reason, column.to_owned());
        let has_room = self.counts.len() < MAX_COLUMNS || self.counts.contains_key(&key);
        let key = if has_room { key } else { (reason, String::new()) };
        *self.counts.entry(key).or_default() += n;
    }

    /// Counts those of `other`, too.
    pub fn merge(&mut self, other: &Self) {
        for ((reason, column), n) in &other.counts {
            self.add(*reason, column, *n);
        }
    }

    /// Counts none.
    pub fn clear(&mut self) {
        self.counts.clear();
    }

    /// Cells of all columns.
    pub fn n_cells(&self) -> u64 {
        self.counts.values().sum()
    }

    /// The cells of each column, and why they have no text.
    pub fn iter(&self) -> impl Iterator<Item = (CellReason, &str, u64)> {
        self.counts.iter().map(|((reason, column), n)| (*reason, column.as_str(), *n))
    }
}
