//! The quantile sketch.

/// A closed quantile sketch: levels of values, where a value on level `h` stands for `2^h` rows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Quantiles {
    /// Level 0 first; its values are in row order.
    pub levels: Vec<Vec<f64>>,
    /// Sketch size `k` (number of values that the lowest level is built for).
    pub k: f64,
    /// Shrinking factor `c` of the levels' capacities.
    pub c: f64,
}
