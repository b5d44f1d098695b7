//! Outcome account: what became of every row of predictions and labels.

use std::collections::BTreeMap;

/// What became of every row that arrived with the records used.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OutcomeAccount {
    /// Rows seen = used + without prediction + without label + not numbers.
    pub n_rows: u64,
    /// Rows in the metrics.
    pub n_used: u64,
    pub n_without_prediction: u64,
    pub n_without_label: u64,
    /// Those of them that have a label which says nothing, by its text, white space around it aside; see
    /// [`EMPTY_LABEL`].
    pub labels_missing: BTreeMap<String, u64>,
    /// Rows whose prediction or label is no number where one is needed, or whose scores are none.
    pub n_not_numbers: u64,
    /// Those of them where it is a number with a decimal comma.
    pub n_decimal_commas: u64,
    /// Rows with a score outside 0…1; they are used, but for log loss, Brier score and calibration.
    pub n_scores_outside: u64,
    /// Rows whose prediction and label match though their texts differ (`1`, `1.0`, `true`, spaces).
    pub n_labels_normalised: u64,
}

/// What an empty label is called among the texts of labels that say nothing.
pub const EMPTY_LABEL: &str = "empty";

impl OutcomeAccount {
    /// Counts rows whose label is of this text, which says nothing.
    pub(super) fn count_missing(&mut self, text: &str, n_rows: u64) {
        let text = text.trim();
        let name = if text.is_empty() { EMPTY_LABEL } else { text };
        self.n_without_label += n_rows;
        *self.labels_missing.entry(name.to_owned()).or_default() += n_rows;
    }

    /// Adds the counts of other rows.
    pub(super) fn add(&mut self, other: &Self) {
        let Self {
            n_rows,
            n_used,
            n_without_prediction,
            n_without_label,
            labels_missing,
            n_not_numbers,
            n_decimal_commas,
            n_scores_outside,
            n_labels_normalised,
        } = other;
        self.n_rows += n_rows;
        self.n_used += n_used;
        self.n_without_prediction += n_without_prediction;
        self.n_without_label += n_without_label;
        self.n_not_numbers += n_not_numbers;
        self.n_decimal_commas += n_decimal_commas;
        for (text, n) in labels_missing {
            *self.labels_missing.entry(text.clone()).or_default() += n;
        }
        self.n_scores_outside += n_scores_outside;
        self.n_labels_normalised += n_labels_normalised;
    }

    /// What does not add up, as a phrase; `None` when everything is accounted for.
    pub fn imbalance(&self) -> Option<String> {
        let n = self.n_used + self.n_without_prediction + self.n_without_label + self.n_not_numbers;
        (n != self.n_rows).then(|| format!("{} rows were seen, but {n} are accounted for", self.n_rows))
    }
}
