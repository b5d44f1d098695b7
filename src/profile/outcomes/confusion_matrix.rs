//! Confusion matrix: how often which class was predicted for which, while rows are still coming.

use super::classes::OrderedClasses;
use super::statistics::ClassMatrix;

/// `rows[actual][predicted]` by open places; what is not there is 0.
#[derive(Clone, Debug, Default)]
pub(super) struct ConfusionMatrix {
    rows: Vec<Vec<u64>>,
}

impl ConfusionMatrix {
    pub fn add(&mut self, actual: usize, predicted: usize, n: u64) {
        *slot(slot(&mut self.rows, actual), predicted) += n;
    }

    /// Takes in `other`, whose place `i` is `places[i]` here.
    pub fn merge(&mut self, other: Self, places: &[usize]) {
        for (actual, row) in other.rows.into_iter().enumerate() {
            for (predicted, n) in row.into_iter().enumerate().filter(|(_, n)| *n > 0) {
                self.add(places[actual], places[predicted], n);
            }
        }
    }

    /// Which places are labels.
    pub fn is_actual(&self) -> Vec<bool> {
        self.rows.iter().map(|row| row.iter().any(|n| *n > 0)).collect()
    }

    /// Which places are predictions.
    pub fn is_predicted(&self) -> Vec<bool> {
        let width = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        (0..width).map(|place| self.rows.iter().any(|row| row.get(place).is_some_and(|n| *n > 0))).collect()
    }

    pub fn close(self, ordered: &OrderedClasses) -> ClassMatrix {
        let width = ordered.names.len();
        let mut counts = vec![vec![0; width]; width];
        for (actual, row) in self.rows.into_iter().enumerate() {
            for (predicted, n) in row.into_iter().enumerate() {
                counts[ordered.places[actual]][ordered.places[predicted]] += n;
            }
        }
        ClassMatrix { classes: ordered.names.clone(), counts }
    }

    pub fn memory(&self) -> usize {
        self.rows.iter().map(|row| row.capacity() * size_of::<u64>() + size_of::<Vec<u64>>()).sum()
    }
}

/// The entry at `place`, which is made if there is none.
pub(super) fn slot<T: Default>(entries: &mut Vec<T>, place: usize) -> &mut T {
    if entries.len() <= place {
        entries.resize_with(place + 1, T::default);
    }
    &mut entries[place]
}
