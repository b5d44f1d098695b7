//! Regression tally: the open sums and residuals of a regression.

use super::bootstrap::{BootstrapWeights, EXACT, N_SLOTS};
use super::statistics::{RegressionCounts, RegressionSums};
use crate::sketch::{KllSketch, Moments};

/// Sums of one quantity in every slot.
type Sums = [f64; N_SLOTS];

/// Sums over predictions and labels in every slot.
#[derive(Clone, Debug)]
pub(super) struct RegressionTally {
    /// The first label: labels are summed by their distance from it, so that large ones that differ
    /// little keep their digits.
    origin: f64,
    n: Sums,
    absolute_errors: Sums,
    errors: Sums,
    squared_errors: Sums,
    labels: Sums,
    squared_labels: Sums,
    distances: Moments,
    residuals: KllSketch,
}

impl Default for RegressionTally {
    fn default() -> Self {
        let zero = [0.0; N_SLOTS];
        Self {
            origin: 0.0,
            n: zero,
            absolute_errors: zero,
            errors: zero,
            squared_errors: zero,
            labels: zero,
            squared_labels: zero,
            distances: Moments::default(),
            residuals: KllSketch::default(),
        }
    }
}

impl RegressionTally {
    pub fn push(&mut self, prediction: f64, label: f64, weights: &BootstrapWeights) {
        if self.n[EXACT] == 0.0 {
            self.origin = label;
        }
        let error = prediction - label;
        let distance = label - self.origin;
        let weights: Sums = weights.of.map(f64::from);
        let add = |sums: &mut Sums, value: f64| {
            for (sum, weight) in sums.iter_mut().zip(&weights) {
                *sum += weight * value;
            }
        };
        add(&mut self.n, 1.0);
        add(&mut self.absolute_errors, error.abs());
        add(&mut self.errors, error);
        add(&mut self.squared_errors, error * error);
        add(&mut self.labels, distance);
        add(&mut self.squared_labels, distance * distance);
        self.distances.push(distance);
        self.residuals.push(error);
    }

    pub fn merge(&mut self, other: Self) {
        if self.n[EXACT] == 0.0 {
            *self = other;
            return;
        }
        let step = other.origin - self.origin;
        for slot in 0..N_SLOTS {
            let (n, labels) = (other.n[slot], other.labels[slot]);
            self.n[slot] += n;
            self.absolute_errors[slot] += other.absolute_errors[slot];
            self.errors[slot] += other.errors[slot];
            self.squared_errors[slot] += other.squared_errors[slot];
            self.labels[slot] += labels + step * n;
            self.squared_labels[slot] += other.squared_labels[slot] + step * (2.0 * labels + step * n);
        }
        let mut distances = other.distances;
        distances.shift(step);
        self.distances.merge(&distances);
        self.residuals.merge(other.residuals);
    }

    pub fn close(self) -> RegressionCounts {
        let sums = |slot: usize| RegressionSums {
            n: self.n[slot],
            absolute_errors: self.absolute_errors[slot],
            errors: self.errors[slot],
            squared_errors: self.squared_errors[slot],
            labels: self.labels[slot],
            squared_labels: self.squared_labels[slot],
        };
        let sums = (0..N_SLOTS).map(sums).collect();
        RegressionCounts { sums, distances: self.distances, residuals: self.residuals.finish() }
    }

    pub fn memory(&self) -> usize {
        size_of::<Self>() + self.residuals.memory()
    }
}
