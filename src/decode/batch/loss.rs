//! Loss: a part of an object that could not be read, and what it held.

use arrow::array::RecordBatch;

use crate::decode::batch::layout::{LOST, LOST_RECORDS, UNCOUNTED};
use crate::decode::reason::Reason;

/// A part of an object that could not be read. None of its records is in any batch: a record is either rejected or
/// lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Loss {
    pub reason: Reason,
    /// The one-based line of the first record that was lost.
    pub line: u64,
    pub records: LostRecords,
    /// Bytes of the part, as they lie in the store.
    pub n_bytes: u64,
    /// Bytes that are not in the store and should be, or whose text was used and may be wrong: an estimate.
    pub n_bytes_missing: u64,
}

/// How many records a part held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LostRecords {
    /// As the file itself counts them.
    Known(u64),
    /// As dense as in what was read; 0 where nothing can be said.
    Estimated(u64),
}

impl LostRecords {
    /// What an event tells of records that are in no batch.
    pub fn of(event: &RecordBatch) -> Option<Self> {
        let metadata = event.schema_ref().metadata();
        let n = metadata.get(LOST_RECORDS).and_then(|n| n.parse().ok()).unwrap_or(0);
        match (metadata.contains_key(UNCOUNTED), metadata.contains_key(LOST)) {
            (true, _) => Some(Self::Estimated(n)),
            (false, true) => Some(Self::Known(n)),
            (false, false) => None,
        }
    }

    pub fn n(self) -> u64 {
        match self {
            Self::Known(n) | Self::Estimated(n) => n,
        }
    }
}
