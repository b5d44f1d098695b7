//! Numbers of a column: where most of them lie, and how far apart they are.

use super::changes::Feature;
use crate::profile::{ColumnStatistics, Detail, NumericStatistics};

/// Width between the quartiles of the standard normal law.
const NORMAL_QUARTILES: f64 = 1.349;

/// Where the numbers of a side lie.
#[derive(Clone, Copy, Debug)]
pub(super) struct Location {
    pub quartiles: [f64; 3],
    /// The standard deviation that the distance between the quartiles stands for; of numbers half of which are equal
    /// the standard deviation itself.
    pub spread: f64,
}

impl Location {
    pub fn of(numbers: &NumericStatistics) -> Option<Self> {
        let quartiles = numbers.quantiles.at([0.25, 0.5, 0.75])?;
        let spread = (quartiles[2] - quartiles[0]) / NORMAL_QUARTILES;
        let spread = if spread > 0.0 { spread } else { numbers.std_dev };
        quartiles.iter().chain([&spread]).all(|x| x.is_finite()).then_some(Self { quartiles, spread })
    }

    pub fn median(&self) -> f64 {
        self.quartiles[1]
    }

    /// Whether a number lies where the middle half of these lies.
    pub fn has_near_its_middle(&self, x: f64) -> bool {
        let tolerance = 1e-9 * x.abs();
        self.quartiles[0] - tolerance <= x && x <= self.quartiles[2] + tolerance
    }
}

/// What is known of the numbers of a column; `None` of another column.
pub(super) fn of(column: &ColumnStatistics) -> Option<&NumericStatistics> {
    match &column.detail {
        Detail::Numeric(numbers) => numbers.as_ref().ok(),
        Detail::Text(_) => None,
    }
}

/// What is known of the numbers of both sides.
pub(super) fn both<'a>(feature: &Feature<'a>) -> Option<(&'a NumericStatistics, &'a NumericStatistics)> {
    Some((of(feature.baseline)?, of(feature.current)?)).filter(|_| feature.has_cells())
}
