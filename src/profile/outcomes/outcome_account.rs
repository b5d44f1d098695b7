//! Outcome account: what became of every row of predictions and labels.

/// What became of every row that arrived with the records used.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OutcomeAccount {
    /// Rows seen = used + without prediction + without label + not numbers.
    pub n_rows: u64,
    /// Rows in the metrics.
    pub n_used: u64,
    pub n_without_prediction: u64,
    pub n_without_label: u64,
    /// Rows whose prediction or label is no number where one is needed, or whose scores are none.
    pub n_not_numbers: u64,
    /// Rows with a score outside 0…1; they are used, but for log loss, Brier score and calibration.
    pub n_scores_outside: u64,
    /// Rows whose prediction and label match though their texts differ (`1`, `1.0`, `true`, spaces).
    pub n_labels_normalised: u64,
}

impl OutcomeAccount {
    /// Adds the counts of other rows.
    pub(super) fn add(&mut self, other: &Self) {
        let Self {
            n_rows,
            n_used,
            n_without_prediction,
            n_without_label,
            n_not_numbers,
            n_scores_outside,
            n_labels_normalised,
        } = other;
        self.n_rows += n_rows;
        self.n_used += n_used;
        self.n_without_prediction += n_without_prediction;
        self.n_without_label += n_without_label;
        self.n_not_numbers += n_not_numbers;
        self.n_scores_outside += n_scores_outside;
        self.n_labels_normalised += n_labels_normalised;
    }

    /// What does not add up, as a phrase; `None` when everything is accounted for.
    pub fn imbalance(&self) -> Option<String> {
        let n = self.n_used + self.n_without_prediction + self.n_without_label + self.n_not_numbers;
        (n != self.n_rows).then(|| format!("{} rows were seen, but {n} are accounted for", self.n_rows))
    }
}
