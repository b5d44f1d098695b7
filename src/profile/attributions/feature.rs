//! Feature tally: the open attributions of one feature to one output, with their Poisson bootstrap.

use super::median::Median;
use super::statistics::FeatureAttribution;
use crate::profile::outcomes::{BootstrapWeights, N_REPLICATES};
use crate::sketch::Moments;

/// How often each replicate of the bootstrap draws something.
pub(super) type Draws = [f64; N_REPLICATES];

/// How often each replicate draws the row with this hash.
pub(super) fn times_drawn(row: u64) -> Draws {
    let weights = BootstrapWeights::of(row);
    std::array::from_fn(|replicate| f64::from(weights.of[replicate]))
}

/// Sums over rows.
#[derive(Clone, Debug)]
pub(super) struct FeatureTally {
    sum: f64,
    squares: f64,
    /// Σ|φ| of each replicate.
    replicates: Box<Draws>,
    sum_abs: f64,
    /// Of |φ|.
    spread: Moments,
    median: Median,
    /// Of standard errors, and of how many rows.
    squared_errors: f64,
    n_with_errors: u64,
}

impl Default for FeatureTally {
    fn default() -> Self {
        Self {
            sum: 0.0,
            squares: 0.0,
            replicates: Box::new([0.0; N_REPLICATES]),
            sum_abs: 0.0,
            spread: Moments::default(),
            median: Median::default(),
            squared_errors: 0.0,
            n_with_errors: 0,
        }
    }
}

impl FeatureTally {
    /// Takes one row's attribution in; up to `most_kept` are kept for the median.
    pub fn push(&mut self, attribution: f64, standard_error: Option<f64>, draws: &Draws, most_kept: usize) {
        let magnitude = attribution.abs();
        self.sum += attribution;
        self.sum_abs += magnitude;
        self.squares += attribution * attribution;
        self.spread.push(magnitude);
        self.median.push(attribution, most_kept);
        if let Some(error) = standard_error {
            self.squared_errors += error * error;
            self.n_with_errors += 1;
        }
        for (replicate, draws) in self.replicates.iter_mut().zip(draws) {
            *replicate += draws * magnitude;
        }
    }

    pub fn merge(&mut self, other: Self, most_kept: usize) {
        self.sum += other.sum;
        self.sum_abs += other.sum_abs;
        self.squares += other.squares;
        self.spread.merge(&other.spread);
        self.median.merge(other.median, most_kept);
        self.squared_errors += other.squared_errors;
        self.n_with_errors += other.n_with_errors;
        for (mine, theirs) in self.replicates.iter_mut().zip(*other.replicates) {
            *mine += theirs;
        }
    }

    /// Σ|φ| of a replicate.
    pub fn replicate(&self, place: usize) -> f64 {
        self.replicates[place]
    }

    /// Of `n` rows, which are one or more. Whether the median is estimated.
    pub fn close(self, n: u64) -> (FeatureAttribution, bool) {
        let rows = n as f64;
        let (median, is_estimated) = self.median.close();
        let attribution = FeatureAttribution {
            mean: self.sum / rows,
            mean_abs: self.sum_abs / rows,
            mean_sq: self.squares / rows,
            median: median.unwrap_or_default(),
            variance_abs: (n >= 2).then(|| self.spread.population_variance() * rows / (rows - 1.0)),
            sampling_error: (self.n_with_errors == n).then(|| (self.squared_errors / rows).sqrt()),
        };
        (attribution, is_estimated)
    }

    /// Bytes held on the heap.
    pub fn memory(&self) -> usize {
        size_of::<Draws>() + self.median.memory()
    }
}
