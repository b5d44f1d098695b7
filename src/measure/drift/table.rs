//! Table of drift measures, and which of them the settings of `constraints.json` choose.

use std::collections::BTreeSet;

use Columns::{All, Categorical, Numeric};

use super::measure::{Columns, DriftMeasure, Setting};
use super::{
    categorical_chi_squared, categorical_l_infinity, cramers_v, energy_distance, hellinger_distance, homogeneity,
    jensen_shannon_distance, kind_mix_distance, ks_statistic, kullback_leibler_divergence, mean_change, missing_rate,
    new_category_share, numeric_l_infinity, out_of_range_share, population_stability_index, total_variation_distance,
    unexpected_kind, wasserstein_distance,
};
use crate::names::categorical_drift_method::{CHI_SQUARED, L_INFINITY};
use crate::names::comparison_method::{ROBUST, SIMPLE};

/// Every drift measure, in the order of reports: those of AWS's containers first.
pub static ALL: &[DriftMeasure] = &[
    DriftMeasure::distance("numeric_l_infinity_robust", Numeric, numeric_l_infinity::robust).chosen_by(ROBUST, None),
    DriftMeasure::distance("numeric_l_infinity_simple", Numeric, numeric_l_infinity::simple).chosen_by(SIMPLE, None),
    DriftMeasure::distance("categorical_l_infinity_robust", Categorical, categorical_l_infinity::robust)
        .chosen_by(ROBUST, Some(L_INFINITY)),
    DriftMeasure::distance("categorical_l_infinity_simple", Categorical, categorical_l_infinity::simple)
        .chosen_by(SIMPLE, Some(L_INFINITY)),
    DriftMeasure::distance("categorical_chi_squared_p_value", Categorical, categorical_chi_squared::p_value)
        .p_value()
        .chosen_by(ROBUST, Some(CHI_SQUARED)),
    DriftMeasure::distance("categorical_chi_squared_statistic", Categorical, categorical_chi_squared::statistic)
        .chosen_by(SIMPLE, Some(CHI_SQUARED)),
    DriftMeasure::distance("ks_statistic", Numeric, ks_statistic::statistic),
    DriftMeasure::distance("ks_p_value", Numeric, ks_statistic::p_value).p_value(),
    DriftMeasure::distance("few_numbers_p_value", Numeric, homogeneity::of_few_numbers).p_value(),
    DriftMeasure::distance("wasserstein_distance", Numeric, wasserstein_distance::distance),
    DriftMeasure::distance("energy_distance", Numeric, energy_distance::distance),
    DriftMeasure::distance("mean_change", Numeric, mean_change::change).change(),
    DriftMeasure::distance("out_of_range_share", Numeric, out_of_range_share::share),
    DriftMeasure::distance("out_of_range_p_value", Numeric, out_of_range_share::p_value).p_value(),
    DriftMeasure::distance("new_category_share", Categorical, new_category_share::share).of_present(),
    DriftMeasure::distance("new_category_p_value", Categorical, new_category_share::p_value).p_value().of_present(),
    DriftMeasure::distance("jensen_shannon_distance", All, jensen_shannon_distance::distance),
    DriftMeasure::distance("kullback_leibler_divergence", All, kullback_leibler_divergence::divergence),
    DriftMeasure::distance("population_stability_index", All, population_stability_index::index),
    DriftMeasure::distance("hellinger_distance", All, hellinger_distance::distance),
    DriftMeasure::distance("total_variation_distance", All, total_variation_distance::distance),
    DriftMeasure::distance("cramers_v", All, cramers_v::association),
    DriftMeasure::distance("chi_squared_homogeneity_p_value", All, homogeneity::of_column).p_value(),
    DriftMeasure::distance("missing_rate_change", All, missing_rate::change).change(),
    DriftMeasure::distance("missing_rate_p_value", All, missing_rate::p_value).p_value(),
    DriftMeasure::distance("kind_mix_distance", All, kind_mix_distance::distance),
    DriftMeasure::distance("unexpected_kind_share", All, unexpected_kind::share).of_present(),
    DriftMeasure::distance("unexpected_kind_p_value", All, unexpected_kind::p_value).p_value().of_present(),
];

/// The measure of numeric and that of categorical columns that these settings choose. Where none of the measures in
/// question has the comparison method, the first one is meant: so a word that one measure alone knows can stand in
/// the settings of a whole table.
pub fn chosen(comparison_method: &str, drift_method: &str) -> impl Iterator<Item = &'static DriftMeasure> {
    let first = |wanted: Option<&str>| {
        let of_settings = settings().filter(move |(_, setting)| setting.drift_method == wanted);
        let exact = of_settings.clone().find(|(_, setting)| setting.comparison_method == comparison_method);
        exact.or_else(|| of_settings.clone().next()).map(|(measure, _)| measure)
    };
    first(None).into_iter().chain(first(Some(drift_method)))
}

/// The measures that AWS's settings can choose, with the settings.
fn settings() -> impl Iterator<Item = (&'static DriftMeasure, Setting)> + Clone {
    ALL.iter().filter_map(|measure| Some((measure, measure.setting?)))
}

/// Every word for `comparison_method`, from Z to A.
pub fn comparison_methods() -> Vec<&'static str> {
    falling(settings().map(|(_, setting)| setting.comparison_method))
}

/// Every word for `categorical_drift_method`, from Z to A.
pub fn categorical_drift_methods() -> Vec<&'static str> {
    falling(settings().filter_map(|(_, setting)| setting.drift_method))
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
    fn every_kind_has_measures() {
        for (kind, n) in [(Kind::Integral, 22), (Kind::Fractional, 22), (Kind::String, 18), (Kind::Unknown, 12)] {
            assert_eq!(ALL.iter().filter(|measure| measure.columns.include(kind)).count(), n, "{kind:?}");
        }
    }

    #[test]
    fn a_p_value_falls_with_drift() {
        for measure in ALL {
            let is_small_drift = measure.quantity.is_beyond(0.01, 0.05);
            assert_eq!(is_small_drift, measure.name.ends_with("_p_value"), "{}", measure.name);
        }
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
    fn every_measure_of_a_setting_can_be_chosen() {
        for (measure, setting) in settings() {
            let methods = setting.drift_method.map_or_else(categorical_drift_methods, |method| vec![method]);
            for method in methods {
                let is_it = |chosen: &DriftMeasure| chosen.name == measure.name;
                assert!(chosen(setting.comparison_method, method).any(is_it), "{} by {method}", measure.name);
            }
        }
    }
}
