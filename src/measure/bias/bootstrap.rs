//! Bootstrap of the eight counts: how sure a difference between groups is.

use super::confusion_matrix::{GroupAndRest, Value};
use crate::measure::random::Random;
use crate::measure::uncertainty::{MIN_DEFINED, Uncertainty, deviation, percentile_interval};
use crate::profile::EightCounts;

/// Replicates of the bootstrap.
const N_REPLICATES: usize = 1_000;
/// Seed of the bootstrap: the same counts have the same replicates.
const SEED: u64 = 0x6269_6173;
/// Data sets as they could have been instead.
///
/// Drawing rows with replacement is drawing the eight counts at once. Two rows are added to each
/// group before, spread evenly over its cells: cells that happen to be empty can then be drawn, and
/// the interval of a difference of shares becomes that of Agresti and Caffo ("Simple and effective
/// confidence intervals for proportions and differences of proportions", The American Statistician 54,
/// 2000). Intervals hold the truth in 93 to 97 of 100 samples, see `tests/coverage.rs`.
#[derive(Debug)]
pub struct Replicates {
    sides: Vec<GroupAndRest>,
}

impl Replicates {
    pub fn of(counts: &EightCounts) -> Self {
        let mut random = Random::new(SEED);
        let cells = counts.n.as_flattened().as_flattened();
        // Without predictions half of the cells cannot hold a row.
        let more = |place: usize| match (counts.has_predictions, place % 2) {
            (true, _) => 0.5,
            (false, 0) => 1.0,
            (false, _) => 0.0,
        };
        let mut weights = [0.0; 8];
        for (place, (weight, n)) in weights.iter_mut().zip(cells).enumerate() {
            *weight = *n as f64 + more(place);
        }
        let draw = |_| GroupAndRest::of_cells(&random.multinomial(counts.total(), &weights));
        Self { sides: (0..N_REPLICATES).map(draw).collect() }
    }

    /// How sure a metric of these counts is: the standard deviation of its replicates and their percentile interval.
    pub fn uncertainty(&self, formula: fn(&GroupAndRest) -> Value) -> Uncertainty {
        let mut values: Vec<f64> = self.sides.iter().filter_map(|sides| formula(sides).ok()).collect();
        if (values.len() as f64) < MIN_DEFINED * N_REPLICATES as f64 {
            return Uncertainty::default();
        }
        values.sort_by(f64::total_cmp);
        Uncertainty { standard_error: deviation(&values), interval: percentile_interval(&values) }
    }
}
