//! Merged labels: records that carry their ground truth, and those of them whose labels are not as many as their rows.

/// Counts of used records.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MergedLabels {
    /// Records with ground truth.
    pub n_records: u64,
    /// Those with fewer labels than rows, and those with more; their rows have no label.
    pub n_too_few: u64,
    pub n_too_many: u64,
}

impl MergedLabels {
    /// Counts a record of so many rows and labels.
    pub fn count(&mut self, n_rows: usize, n_labels: usize) {
        self.n_records += 1;
        self.n_too_few += u64::from(n_labels < n_rows);
        self.n_too_many += u64::from(n_labels > n_rows);
    }

    pub fn merge(&mut self, other: Self) {
        let Self { n_records, n_too_few, n_too_many } = other;
        self.n_records += n_records;
        self.n_too_few += n_too_few;
        self.n_too_many += n_too_many;
    }
}
