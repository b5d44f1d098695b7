//! Places: where the rows of a dataset stand, those that were rejected or lost included.

use arrow::array::RecordBatch;

use crate::decode::{LostRecords, Meta};

/// Counts places. They are unknown behind a part of which nobody knows how many rows it held.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Places {
    n: u64,
    is_uncounted: bool,
    has_rejected: bool,
    has_records_of_several_rows: bool,
}

impl Places {
    /// Counts the rows of a batch.
    pub(super) fn observe_rows(&mut self, meta: &Meta<'_>) {
        self.n = self.n.saturating_add(meta.reason.len() as u64);
        self.has_rejected |= !meta.all_used();
        self.has_records_of_several_rows |= meta.starts_record.has_false();
    }

    /// Counts what an event tells of.
    pub(super) fn observe_event(&mut self, event: &RecordBatch) {
        match LostRecords::of(event) {
            Some(LostRecords::Known(n)) => self.n = self.n.saturating_add(n),
            Some(LostRecords::Estimated(_)) => self.is_uncounted = true,
            None => {}
        }
    }

    pub(super) fn merge(&mut self, other: &Self) {
        self.n = self.n.saturating_add(other.n);
        self.is_uncounted |= other.is_uncounted;
        self.has_rejected |= other.has_rejected;
        self.has_records_of_several_rows |= other.has_records_of_several_rows;
    }

    pub(super) fn n(&self) -> u64 {
        self.n
    }

    /// How many there are; `None` where nobody knows. What is rejected has one place for its record, whose rows nobody
    /// knows.
    pub fn known(&self) -> Option<u64> {
        let are_guessed = self.is_uncounted || self.has_rejected && self.has_records_of_several_rows;
        (!are_guessed).then_some(self.n)
    }
}
