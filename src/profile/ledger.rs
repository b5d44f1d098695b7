//! Ledger: every object and every record accounted for.

use std::collections::{BTreeMap, BTreeSet};

use crate::decode::MergedLabels;

/// The closed account. It balances when [`Ledger::imbalance`] finds nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ledger {
    /// Objects found by listing. Set by whoever listed them.
    pub n_objects_listed: u64,
    pub n_objects_opened: u64,
    /// Objects that were not read, by [`crate::decode::SkipReason::name`].
    pub objects_skipped: BTreeMap<&'static str, u64>,
    /// Records that were looked at: captured requests, or rows of a table.
    pub n_records_seen: u64,
    /// Records whose rows are in the statistics.
    pub n_records_used: u64,
    pub n_records_outside_window: u64,
    /// First and last time of those, in milliseconds since 1970 (UTC).
    pub times_outside_window: Option<(i64, i64)>,
    /// Records that the job leaves out by its filter.
    pub n_records_filtered_out: u64,
    /// Those of the used records that lie in a folder of a variant of the endpoint, or whose metadata name one, by the
    /// variant's name; none of a variant that the job leaves out. Those of more than 64 variants, and of what can be no
    /// variant's name, stand under [`OTHER_VARIANTS`].
    pub variants: BTreeMap<String, u64>,
    /// Those of the used records that carry no time.
    pub n_records_without_time: u64,
    /// Rejected records, by [`crate::decode::Reason::name`].
    pub records_rejected: BTreeMap<&'static str, u64>,
    /// Records of parts of objects that could not be read, by [`crate::decode::Reason::name`]: exact where the file
    /// knows them, else estimated. They were not seen.
    pub records_lost: BTreeMap<&'static str, u64>,
    /// Bytes of all listed objects, as they lie in the store; so are those that follow. Set by whoever listed them.
    pub n_bytes_listed: u64,
    /// Bytes of opened objects but for those that are lost: what lies around the rows of a Parquet file is read, too.
    pub n_bytes_read: u64,
    /// Bytes of objects that were not read, by [`crate::decode::SkipReason::name`].
    pub bytes_skipped: BTreeMap<&'static str, u64>,
    /// Bytes of the parts that could not be read, by reason, those whose records nobody knows included.
    pub bytes_lost: BTreeMap<&'static str, u64>,
    /// Bytes beyond those that were listed, by reason: estimates of what objects lack that end too early. What may be
    /// wrong of what was read counts here once more.
    pub bytes_missing: BTreeMap<&'static str, u64>,
    /// Rows in the statistics: a record of several rows counts each of them.
    pub n_rows: u64,
    /// Cells that stood beyond the width of their table, which its first record sets, and are in no
    /// statistics; their records are used otherwise.
    pub n_cells_dropped: u64,
    /// Cells of typed columns that are null though they hold something, by [`crate::decode::CellReason::name`].
    pub cells_unreadable: BTreeMap<&'static str, u64>,
    /// Names of the first columns of such cells.
    pub unreadable_columns: BTreeSet<String>,
    /// Rows with fewer cells than their table has columns; the rest of their cells is null.
    pub n_rows_short: u64,
    /// Those of the used records that carry their ground truth.
    pub merged_labels: MergedLabels,
    /// Objects that look like something other than what they are read as, by [`crate::decode::Observation::name`].
    pub observations: BTreeMap<&'static str, u64>,
    /// Batches that are not of the layout of [`crate::decode`] and were left out: a defect.
    pub n_unreadable_batches: u64,
    /// The first few rejected or lost records of each reason, in the order of objects and lines.
    pub samples: Vec<Sample>,
}

/// Stands for the variants beyond those that are counted one by one.
pub const OTHER_VARIANTS: &str = "(other)";

/// Where a rejected record, or the first of those that were lost, stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sample {
    pub object: String,
    /// One-based line, or row of a columnar file.
    pub line: u64,
    pub reason: &'static str,
    /// What it is about this record, for people; `None` where nothing is known but the reason.
    pub detail: Option<String>,
}

impl Ledger {
    /// What does not add up, as a phrase; `None` when everything is accounted for: objects listed =
    /// opened + skipped, records seen = used + rejected + outside the window + filtered out, and bytes listed =
    /// read + skipped + lost.
    pub fn imbalance(&self) -> Option<String> {
        let n_skipped: u64 = self.objects_skipped.values().sum();
        let n_rejected: u64 = self.records_rejected.values().sum();
        if self.n_unreadable_batches > 0 {
            return Some(format!("{} batches are not of the known layout", self.n_unreadable_batches));
        }
        if self.n_objects_listed != self.n_objects_opened + n_skipped {
            return Some(format!(
                "{} objects were listed, but {} opened and {n_skipped} skipped",
                self.n_objects_listed, self.n_objects_opened
            ));
        }
        let n_left_out = self.n_records_outside_window + self.n_records_filtered_out;
        if self.n_records_seen != self.n_records_used + n_rejected + n_left_out {
            return Some(format!(
                "{} records were seen, but {} used, {n_rejected} rejected, {} outside the window and {} filtered out",
                self.n_records_seen, self.n_records_used, self.n_records_outside_window, self.n_records_filtered_out
            ));
        }
        let (n_skipped, n_lost) = (sum(&self.bytes_skipped), sum(&self.bytes_lost));
        if self.n_bytes_listed != self.n_bytes_read.saturating_add(n_skipped).saturating_add(n_lost) {
            return Some(format!(
                "{} bytes were listed, but {} read, {n_skipped} skipped and {n_lost} lost",
                self.n_bytes_listed, self.n_bytes_read
            ));
        }
        None
    }

    /// Variants of which there are used records.
    pub fn used_variants(&self) -> impl Iterator<Item = (&str, u64)> {
        self.variants.iter().filter(|(_, n)| **n > 0).map(|(name, n)| (name.as_str(), *n))
    }

    /// Lost records of every reason together.
    pub fn n_records_lost(&self) -> u64 {
        sum(&self.records_lost)
    }

    /// Bytes that are lost or missing, by reason.
    pub fn bytes_not_had(&self) -> BTreeMap<&'static str, u64> {
        let mut bytes = self.bytes_lost.clone();
        for (reason, n) in &self.bytes_missing {
            let total = bytes.entry(reason).or_default();
            *total = total.saturating_add(*n);
        }
        bytes
    }

    /// Bytes that are lost or missing, for every reason together.
    pub fn n_bytes_not_had(&self) -> u64 {
        sum(&self.bytes_not_had())
    }

    /// Rejected records of every reason together.
    pub fn n_records_rejected(&self) -> u64 {
        self.records_rejected.values().sum()
    }
}

/// Of counts that may be estimates.
fn sum(counts: &BTreeMap<&'static str, u64>) -> u64 {
    counts.values().fold(0, |sum, n| sum.saturating_add(*n))
}
