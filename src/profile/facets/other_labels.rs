//! Other labels: the different labels of rows, as long as none is positive.

use super::column_tally::ColumnTally;
use super::dictionary::Dictionary;
use super::selection::Selection;

/// Labels that are kept.
const MAX_LABELS: usize = 100;

#[derive(Clone, Debug)]
pub(super) struct OtherLabels {
    labels: Dictionary,
    is_any_positive: bool,
}

impl Default for OtherLabels {
    fn default() -> Self {
        Self { labels: Dictionary::new(MAX_LABELS), is_any_positive: false }
    }
}

impl OtherLabels {
    /// Takes in a label, and whether it is positive in any way.
    pub fn push(&mut self, label: Option<&str>, is_positive: bool) {
        self.is_any_positive |= is_positive;
        if let (false, Some(label)) = (self.is_any_positive, label) {
            self.labels.place(label);
        }
    }

    pub fn merge(&mut self, other: &Self) {
        self.is_any_positive |= other.is_any_positive;
        self.labels.merge(&other.labels);
    }

    /// How many there are, where none is positive and they are other words than the configured ones: text where these
    /// are numbers, or the same in other letters.
    pub fn n_in_other_words(&self, positive: &Selection, column: &ColumnTally) -> Option<usize> {
        let labels = self.labels.texts();
        let are_texts = positive.are_numbers() && column.has_texts_alone();
        let are_others = are_texts || labels.iter().any(|label| positive.has_in_other_letters(label));
        (!self.is_any_positive && are_others).then_some(labels.len())
    }

    pub fn memory(&self) -> usize {
        self.labels.memory()
    }
}
