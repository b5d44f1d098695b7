//! The table of drift measures and what each of them is.

use super::categorical_chi_squared::ChiSquared;
use super::categorical_l_infinity::CategoricalLInfinity;
use super::margin::Margin;
use super::numeric_l_infinity::NumericLInfinity;
use crate::profile::{ColumnStatistics, Kind, Undefined};

/// See [`NumericLInfinity`].
pub const NUMERIC_ROBUST: &str = "numeric_l_infinity_robust";
/// See [`NumericLInfinity`].
pub const NUMERIC_SIMPLE: &str = "numeric_l_infinity_simple";
/// See [`CategoricalLInfinity`].
pub const CATEGORICAL_ROBUST: &str = "categorical_l_infinity_robust";
/// See [`CategoricalLInfinity`].
pub const CATEGORICAL_SIMPLE: &str = "categorical_l_infinity_simple";
/// See [`ChiSquared`].
pub const CHI_SQUARED_P_VALUE: &str = "categorical_chi_squared_p_value";
/// See [`ChiSquared`].
pub const CHI_SQUARED_STATISTIC: &str = "categorical_chi_squared_statistic";

/// A distance between two statistics of one column, or the p-value of one.
pub trait Drift: Sync {
    /// Stable name.
    fn name(&self) -> &'static str;
    /// Whether it can be computed of columns of this kind.
    fn suits(&self, kind: Kind) -> bool;
    fn between(&self, baseline: &ColumnStatistics, current: &ColumnStatistics) -> Result<f64, Undefined>;
    /// Whether a larger value means more drift. False for p-values.
    fn rises_with_drift(&self) -> bool {
        true
    }
}

/// Every drift measure, in the order of reports.
pub static ALL: &[&dyn Drift] = &[
    &NumericLInfinity(Margin::TwoSample),
    &NumericLInfinity(Margin::None),
    &CategoricalLInfinity(Margin::TwoSample),
    &CategoricalLInfinity(Margin::None),
    &ChiSquared::PValue,
    &ChiSquared::Statistic,
];

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn names_are_stable_words_and_differ() {
        let names: Vec<_> = ALL.iter().map(|measure| measure.name()).collect();
        assert_eq!(names.iter().collect::<HashSet<_>>().len(), ALL.len());
        let expected = [
            NUMERIC_ROBUST,
            NUMERIC_SIMPLE,
            CATEGORICAL_ROBUST,
            CATEGORICAL_SIMPLE,
            CHI_SQUARED_P_VALUE,
            CHI_SQUARED_STATISTIC,
        ];
        assert_eq!(names, expected);
    }

    #[test]
    fn every_kind_with_a_distribution_has_a_measure_and_unknown_has_none() {
        for (kind, n) in [(Kind::Integral, 2), (Kind::Fractional, 2), (Kind::String, 4), (Kind::Unknown, 0)] {
            assert_eq!(ALL.iter().filter(|measure| measure.suits(kind)).count(), n, "{kind:?}");
        }
    }

    #[test]
    fn a_p_value_falls_with_drift() {
        let falling: Vec<_> = ALL.iter().filter(|measure| !measure.rises_with_drift()).map(|m| m.name()).collect();
        assert_eq!(falling, [CHI_SQUARED_P_VALUE]);
    }
}
