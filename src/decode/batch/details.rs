//! Details: what it is about the first rejected records of an object.

use crate::decode::reason::Reason;

/// Rejected records that are explained, of each reason.
const MAX_DETAILS: usize = 5;

/// What it is about a rejected record, as a phrase without values of the data.
#[derive(Debug)]
pub struct Detail {
    /// One-based line of the record in its object.
    pub line: u64,
    pub reason: Reason,
    pub text: String,
}

/// The first few details of each reason.
#[derive(Debug, Default)]
pub struct Details {
    kept: Vec<Detail>,
}

impl Details {
    /// Keeps what `text` says of a record, unless there are enough.
    pub fn add(&mut self, line: u64, reason: Reason, text: impl FnOnce() -> Option<String>) {
        let n_known = self.kept.iter().filter(|detail| detail.reason == reason).count();
        if n_known < MAX_DETAILS && !reason.is_left_out() {
            self.kept.extend(text().map(|text| Detail { line, reason, text }));
        }
    }

    pub fn iter(&self) -> impl Iterator<Item = &Detail> {
        self.kept.iter()
    }
}
