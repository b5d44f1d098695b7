//! Thresholds: which limit a measurement is held against.

use crate::judge::FeatureConstraints;
use crate::measure::column;
use crate::measure::drift::{self, Columns, DriftMeasure};
use crate::profile::Kind;

/// The limit for a measure of a column; `None` when no enabled check of this column uses the measure.
///
/// It does not know of the table's own switch: with `evaluate_constraints` off for the whole table
/// nothing is judged.
pub fn threshold_for(feature: &FeatureConstraints, measure: &str) -> Option<f64> {
    let config = &feature.config;
    if !config.evaluate_constraints {
        return None;
    }
    if Some(measure) == kind_share(feature.kind) {
        return Some(config.datatype_check_threshold);
    }
    match measure {
        column::COMPLETENESS => feature.completeness,
        column::SHARE_IN_DOMAIN if feature.domain.is_some() => Some(config.domain_content_threshold),
        _ if !config.perform_comparison => None,
        _ => chosen_measures(feature).find(|chosen| chosen.name == measure).map(|chosen| {
            let own = config.drift_threshold.filter(|_| own_measure(feature).is_some());
            own.unwrap_or(match chosen.columns {
                Columns::Categorical => config.categorical_comparison_threshold,
                Columns::All if feature.kind == Kind::String => config.categorical_comparison_threshold,
                Columns::Numeric | Columns::All => config.comparison_threshold,
            })
        }),
    }
}

/// The measure that the settings name for the column, where it suits the column's kind.
pub(super) fn own_measure(feature: &FeatureConstraints) -> Option<&'static DriftMeasure> {
    let name = feature.config.drift_measure?;
    drift::ALL.iter().find(|measure| measure.name == name && measure.columns.include(feature.kind))
}

/// The share of cells of the expected kind. Nothing is expected of a column that was empty.
pub(super) fn kind_share(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::Integral => Some(column::SHARE_INTEGRAL),
        Kind::Fractional => Some(column::SHARE_FRACTIONAL),
        Kind::String => Some(column::SHARE_STRING),
        Kind::Unknown => None,
    }
}

/// The drift measures that the column's settings choose: the one that they name, else those of AWS's methods, whatever
/// the column's kind.
pub(super) fn chosen_measures(feature: &FeatureConstraints) -> impl Iterator<Item = &'static DriftMeasure> {
    let own = own_measure(feature);
    let of_methods = drift::chosen(feature.config.comparison_method, feature.config.categorical_drift_method);
    own.into_iter().chain(of_methods.filter(move |_| own.is_none()))
}
