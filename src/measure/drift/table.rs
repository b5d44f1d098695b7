//! Table of drift measures, and which of them the settings of `constraints.json` choose.

use std::collections::BTreeSet;

use super::measure::{Columns, DriftMeasure};
use super::{categorical_chi_squared, categorical_l_infinity, numeric_l_infinity};
use crate::names::categorical_drift_method::{CHI_SQUARED, L_INFINITY};
use crate::names::comparison_method::{ROBUST, SIMPLE};

/// Every drift measure, in the order of reports.
pub static ALL: &[DriftMeasure] = &[
    DriftMeasure::numeric("numeric_l_infinity_robust", ROBUST, numeric_l_infinity::robust),
    DriftMeasure::numeric("numeric_l_infinity_simple", SIMPLE, numeric_l_infinity::simple),
    DriftMeasure::categorical("categorical_l_infinity_robust", L_INFINITY, ROBUST, categorical_l_infinity::robust),
    DriftMeasure::categorical("categorical_l_infinity_simple", L_INFINITY, SIMPLE, categorical_l_infinity::simple),
    DriftMeasure::categorical("categorical_chi_squared_p_value", CHI_SQUARED, ROBUST, categorical_chi_squared::p_value)
        .p_value(),
    DriftMeasure::categorical(
        "categorical_chi_squared_statistic",
        CHI_SQUARED,
        SIMPLE,
        categorical_chi_squared::statistic,
    ),
];

/// The measure of numeric and that of categorical columns that these settings choose. Where none of the measures in
/// question has the comparison method, the first one is meant: so a word that one measure alone knows can stand in
/// the settings of a whole table.
pub fn chosen(comparison_method: &str, drift_method: &str) -> impl Iterator<Item = &'static DriftMeasure> {
    let first = |is_meant: &dyn Fn(Columns) -> bool| {
        let mut measures = ALL.iter().filter(|measure| is_meant(measure.columns));
        let exact = measures.clone().find(|measure| measure.comparison_method == comparison_method);
        exact.or_else(|| measures.next())
    };
    let numeric = first(&|columns| columns == Columns::Numeric);
    let categorical = first(&|columns| match columns {
        Columns::Numeric => false,
        Columns::Categorical { drift_method: known } => known == drift_method,
    });
    numeric.into_iter().chain(categorical)
}

/// Every word for `comparison_method`, from Z to A.
pub fn comparison_methods() -> Vec<&'static str> {
    falling(ALL.iter().map(|measure| measure.comparison_method))
}

/// Every word for `categorical_drift_method`, from Z to A.
pub fn categorical_drift_methods() -> Vec<&'static str> {
    falling(ALL.iter().filter_map(|measure| match measure.columns {
        Columns::Numeric => None,
        Columns::Categorical { drift_method } => Some(drift_method),
    }))
}

fn falling(words: impl Iterator<Item = &'static str>) -> Vec<&'static str> {
    words.collect::<BTreeSet<_>>().into_iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::profile::Kind;

    #[test]
    fn names_differ() {
        let names: HashSet<_> = ALL.iter().map(|measure| measure.name).collect();
        assert_eq!(names.len(), ALL.len());
    }

    #[test]
    fn every_kind_with_a_distribution_has_a_measure_and_unknown_has_none() {
        for (kind, n) in [(Kind::Integral, 2), (Kind::Fractional, 2), (Kind::String, 4), (Kind::Unknown, 0)] {
            assert_eq!(ALL.iter().filter(|measure| measure.suits(kind)).count(), n, "{kind:?}");
        }
    }

    #[test]
    fn a_p_value_falls_with_drift() {
        let falling = ALL.iter().filter(|measure| !measure.quantity.rises_with_drift()).map(|measure| measure.name);
        assert_eq!(falling.collect::<Vec<_>>(), ["categorical_chi_squared_p_value"]);
    }

    #[test]
    fn the_words_of_the_settings() {
        assert_eq!(comparison_methods(), ["Simple", "Robust"]);
        assert_eq!(categorical_drift_methods(), ["LInfinity", "ChiSquared"]);
    }

    #[test]
    fn settings_choose_one_measure_of_numbers_and_one_of_categories() {
        for (comparison, method, numeric, categorical) in [
            ("Robust", "LInfinity", "numeric_l_infinity_robust", "categorical_l_infinity_robust"),
            ("Simple", "LInfinity", "numeric_l_infinity_simple", "categorical_l_infinity_simple"),
            ("Robust", "ChiSquared", "numeric_l_infinity_robust", "categorical_chi_squared_p_value"),
            ("Simple", "ChiSquared", "numeric_l_infinity_simple", "categorical_chi_squared_statistic"),
            ("a word of another measure", "ChiSquared", "numeric_l_infinity_robust", "categorical_chi_squared_p_value"),
        ] {
            let names: Vec<_> = chosen(comparison, method).map(|measure| measure.name).collect();
            assert_eq!(names, [numeric, categorical], "{comparison} {method}");
        }
    }

    #[test]
    fn every_measure_can_be_chosen() {
        for measure in ALL {
            let methods = match measure.columns {
                Columns::Numeric => categorical_drift_methods(),
                Columns::Categorical { drift_method } => vec![drift_method],
            };
            for method in methods {
                let is_it = |chosen: &DriftMeasure| chosen.name == measure.name;
                assert!(chosen(measure.comparison_method, method).any(is_it), "{} by {method}", measure.name);
            }
        }
    }
}
