//! Incomplete rows: captured rows that are left out, since they have no label or no prediction.

use super::fault::BiasFault;
use super::pandas_cell::Cell;
use super::selection::Selection;

#[derive(Clone, Debug, Default)]
pub(super) struct IncompleteRows {
    pub are_left_out: bool,
    /// Rows without a label, or whose label stands for a missing value.
    pub n_unlabelled: u64,
    /// Of these, rows that have no label at all, be it one that says nothing.
    n_without_label: u64,
    pub n_unpredicted: u64,
}

impl IncompleteRows {
    /// Whether a row is left out, which is counted. The prediction is `None` where none is looked for.
    pub fn take(&mut self, positive: &Selection, label: Option<&str>, prediction: Option<Option<&str>>) -> bool {
        if !self.are_left_out {
            return false;
        }
        if label.is_none_or(says_nothing) {
            self.n_unlabelled += 1;
            self.n_without_label += u64::from(label.is_none());
            return true;
        }
        let is_unpredicted = prediction.is_some_and(|prediction| is_no_prediction(prediction, label, positive));
        self.n_unpredicted += u64::from(is_unpredicted);
        is_unpredicted
    }

    pub fn merge(&mut self, other: &Self) {
        self.are_left_out |= other.are_left_out;
        self.n_unlabelled += other.n_unlabelled;
        self.n_without_label += other.n_without_label;
        self.n_unpredicted += other.n_unpredicted;
    }

    /// Why there are no others.
    pub fn fault(&self) -> BiasFault {
        match (self.n_unpredicted, self.n_unlabelled) {
            (0, n) if n > 0 && n == self.n_without_label => BiasFault::NoLabels { n },
            (0, _) => BiasFault::NoRows,
            (n, _) => BiasFault::NoPredictions { n },
        }
    }
}

/// Whether a label is there and is no value: no more texts than Clarify takes for missing, since others may be classes.
fn says_nothing(label: &str) -> bool {
    label.trim().is_empty() || Cell::of(Some(label)) == Cell::Missing
}

/// Whether an answer holds no prediction: nothing at all, or text where labels are numbers, such as an error's.
fn is_no_prediction(prediction: Option<&str>, label: Option<&str>, positive: &Selection) -> bool {
    match Cell::of(prediction) {
        Cell::Missing => true,
        Cell::Text(text) if text.trim().is_empty() => true,
        Cell::Text(_) => positive.are_numbers() && Cell::of(label).number().is_some(),
        Cell::Integer(_) | Cell::Float(_) | Cell::Truth(_) => false,
    }
}
