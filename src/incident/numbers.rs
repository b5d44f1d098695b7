//! Numbers of a column: where most of them lie, and how far apart they are.

use crate::profile::{ColumnStatistics, Detail, NumericStatistics};

/// Width between the quartiles of the standard normal law.
const NORMAL_QUARTILES: f64 = 1.349;

/// Where the numbers of a side lie.
#[derive(Clone, Copy, Debug)]
pub(super) struct Location {
    pub quartiles: [f64; 3],
    /// All but 1 of 100 numbers on each end lie between these.
    pub but_one_in_100: [f64; 2],
    /// All but 25 of 1000 numbers on each end lie between these.
    pub but_25_in_1000: [f64; 2],
    /// The standard deviation that the distance between the quartiles stands for; of numbers half of which are equal
    /// the standard deviation itself.
    pub spread: f64,
}

impl Location {
    pub fn of(numbers: &NumericStatistics) -> Option<Self> {
        let [first, low, quarter, median, three_quarters, high, last] =
            numbers.quantiles.at([0.01, 0.025, 0.25, 0.5, 0.75, 0.975, 0.99])?;
        let quartiles = [quarter, median, three_quarters];
        let spread = (quartiles[2] - quartiles[0]) / NORMAL_QUARTILES;
        let spread = if spread > 0.0 { spread } else { numbers.std_dev };
        let (but_one_in_100, but_25_in_1000) = ([first, last], [low, high]);
        let is_finite = quartiles.iter().chain([&spread]).all(|x| x.is_finite());
        is_finite.then_some(Self { quartiles, but_one_in_100, but_25_in_1000, spread })
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
