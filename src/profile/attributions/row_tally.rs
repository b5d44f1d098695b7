//! Row tally: the open attributions of rows that all have the same features and outputs.

use super::feature::{Draws, FeatureTally, times_drawn};
use super::statistics::OutputAttributions;
use crate::profile::outcomes::N_REPLICATES;

/// Values of one feature that are kept for its median: that many rows are mostly all there are, since explaining
/// one takes hundreds of predictions.
const MAX_KEPT: usize = 10_000;
/// Values that are kept of all features: 32 MiB.
const MAX_KEPT_IN_ALL: usize = 1 << 22;

/// Largest attribution that is a number: the squares of any number of those have a finite sum.
const MAX_MAGNITUDE: f64 = 1e100;

/// Whether a number can be summed with others, squared.
pub(super) fn is_usable(x: f64) -> bool {
    // Of what is not a number, too, this is false.
    x.abs() <= MAX_MAGNITUDE
}

/// Sums over rows, by output, by feature.
#[derive(Clone, Debug)]
pub(super) struct RowTally {
    n: u64,
    n_features: usize,
    /// Rows that each replicate draws.
    draws: Box<Draws>,
    /// All features of the first output, then of the second, …
    features: Vec<FeatureTally>,
    most_kept: usize,
}

impl RowTally {
    pub fn new(n_outputs: usize, n_features: usize) -> Self {
        let n = n_outputs * n_features;
        Self {
            n: 0,
            n_features,
            draws: Box::new([0.0; N_REPLICATES]),
            features: vec![FeatureTally::default(); n],
            most_kept: (MAX_KEPT_IN_ALL / n.max(1)).min(MAX_KEPT),
        }
    }

    /// Rows seen.
    pub fn n(&self) -> u64 {
        self.n
    }

    /// Takes in the row with this hash, by output, by feature; all numbers are usable.
    pub fn push<'a>(&mut self, hash: u64, row: impl Iterator<Item = (&'a f64, Option<&'a f64>)>) {
        let draws = times_drawn(hash);
        self.n += 1;
        for (all, draws) in self.draws.iter_mut().zip(&draws) {
            *all += draws;
        }
        for (feature, (attribution, error)) in self.features.iter_mut().zip(row) {
            feature.push(*attribution, error.copied(), &draws, self.most_kept);
        }
    }

    /// Takes in rows of the same outputs; feature `i` there is feature `places[i]` here.
    pub fn merge(&mut self, other: Self, places: &[usize]) {
        self.n += other.n;
        for (mine, theirs) in self.draws.iter_mut().zip(*other.draws) {
            *mine += theirs;
        }
        for (i, theirs) in other.features.into_iter().enumerate() {
            let (output, feature) = (i / other.n_features, i % other.n_features);
            self.features[output * self.n_features + places[feature]].merge(theirs, self.most_kept);
        }
    }

    /// One for each of the named outputs; empty where there are no rows.
    pub fn close(self, outputs: Vec<(String, Option<f64>)>) -> Vec<OutputAttributions> {
        if self.n == 0 {
            return Vec::new();
        }
        let drawn: Vec<usize> = (0..N_REPLICATES).filter(|replicate| self.draws[*replicate] > 0.0).collect();
        let mut features = self.features.into_iter();
        let close = |(output, expected_value)| {
            let tallies: Vec<FeatureTally> = features.by_ref().take(self.n_features).collect();
            let mean = |replicate: usize| {
                tallies.iter().map(|tally| tally.replicate(replicate) / self.draws[replicate]).collect()
            };
            let replicates = drawn.iter().map(|replicate| mean(*replicate)).collect();
            let closed: Vec<_> = tallies.into_iter().map(|tally| tally.close(self.n)).collect();
            OutputAttributions {
                output,
                n: self.n,
                expected_value,
                medians_are_estimated: closed.iter().any(|(_, is_estimated)| *is_estimated),
                features: closed.into_iter().map(|(attribution, _)| attribution).collect(),
                replicates,
            }
        };
        outputs.into_iter().map(close).collect()
    }

    /// Bytes held on the heap.
    pub fn memory(&self) -> usize {
        let values: usize = self.features.iter().map(FeatureTally::memory).sum();
        values + self.features.capacity() * size_of::<FeatureTally>() + size_of::<Draws>()
    }
}
