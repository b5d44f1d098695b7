//! Shares of a group: of all rows, of labels, and its confusion matrix, as the open library of AWS reports them.

use super::confusion_matrix::{GroupAndRest, div};
use crate::profile::EightCounts;

/// Shares of one group.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GroupShares {
    /// Rows of the group per row.
    pub proportion: f64,
    /// Shares of positive and negative labels in the group.
    pub observed_label_distribution: [f64; 2],
    /// Shares of true positives, false positives, false negatives and true negatives in the group.
    pub confusion_matrix: Option<[f64; 4]>,
}

/// The shares of a group; shares of nothing are 0.
pub fn shares(counts: &EightCounts) -> GroupShares {
    let sides = GroupAndRest::of(counts);
    let group = sides.sensitive;
    let positive = div(group.positives(), group.n());
    GroupShares {
        proportion: div(group.n(), sides.all().n()),
        observed_label_distribution: [positive, 1.0 - positive],
        confusion_matrix: counts.has_predictions.then(|| group.shares()),
    }
}
