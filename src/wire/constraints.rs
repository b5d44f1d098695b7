//! `constraints.json` of the data-quality monitor (DG:model-monitor-byoc-constraints).
//!
//! People and AWS's client edit these files, so reading is lenient: switches in any case, thresholds
//! as numbers or as texts, settings that are absent take AWS's values, both spellings of the
//! per-feature overrides. [`ConstraintsFile`] keeps what it does not know.

mod meaning;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::error::from_json;
use super::jackson::{self, Double};
use super::{Layout, WireError};
use crate::judge::{Constraints, FeatureConstraints, MonitoringConfig};
use crate::names::dataset_format::END;
use crate::names::{DISABLED, ENABLED};

/// The file's bytes. Settings of a feature that differ from the table's are written as its overrides.
pub fn write(constraints: &Constraints, layout: Layout) -> Vec<u8> {
    jackson::to_bytes(&WrittenFile {
        version: Double(0.0),
        features: constraints.features.iter().map(|feature| WrittenFeature::of(feature, &constraints.config)).collect(),
        monitoring_config: WrittenConfig::whole(&constraints.config, layout),
        output_columns_position: constraints.outputs_are_last.then_some(END),
    })
}

/// The limits that the file holds.
pub fn read(bytes: &[u8]) -> Result<Constraints, WireError> {
    ConstraintsFile::read(bytes)?.constraints()
}

/// The file as it stands, with every key in its place: what is read is written again unchanged.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(transparent)]
pub struct ConstraintsFile {
    document: Map<String, Value>,
}

impl ConstraintsFile {
    pub fn read(bytes: &[u8]) -> Result<Self, WireError> {
        from_json(bytes)
    }

    pub fn to_bytes(&self) -> Vec<u8> {
        jackson::to_bytes(self)
    }

    /// What the file means.
    pub fn constraints(&self) -> Result<Constraints, WireError> {
        meaning::of(&self.document)
    }
}

#[derive(Serialize)]
struct WrittenFile<'a> {
    version: Double,
    features: Vec<WrittenFeature<'a>>,
    monitoring_config: WrittenConfig,
    /// Ours: where the outputs are, if they are the last features.
    #[serde(skip_serializing_if = "Option::is_none")]
    output_columns_position: Option<&'static str>,
}

#[derive(Serialize)]
struct WrittenFeature<'a> {
    name: &'a str,
    inferred_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    completeness: Option<Double>,
    #[serde(skip_serializing_if = "Option::is_none")]
    num_constraints: Option<WrittenNumbers>,
    #[serde(skip_serializing_if = "Option::is_none")]
    string_constraints: Option<WrittenStrings<'a>>,
    #[serde(rename = "monitoringConfigOverrides", skip_serializing_if = "Option::is_none")]
    overrides: Option<WrittenConfig>,
}

#[derive(Serialize)]
struct WrittenNumbers {
    is_non_negative: bool,
}

#[derive(Serialize)]
struct WrittenStrings<'a> {
    domains: &'a [String],
}

/// The settings, or those of them that differ from the table's.
#[derive(Serialize)]
struct WrittenConfig {
    #[serde(skip_serializing_if = "Option::is_none")]
    evaluate_constraints: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    emit_metrics: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    datatype_check_threshold: Option<Double>,
    #[serde(skip_serializing_if = "Option::is_none")]
    domain_content_threshold: Option<Double>,
    #[serde(skip_serializing_if = "WrittenDistribution::is_empty")]
    distribution_constraints: WrittenDistribution,
}

#[derive(Serialize)]
struct WrittenDistribution {
    #[serde(skip_serializing_if = "Option::is_none")]
    perform_comparison: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    comparison_threshold: Option<Double>,
    #[serde(skip_serializing_if = "Option::is_none")]
    comparison_method: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    categorical_comparison_threshold: Option<Double>,
    #[serde(skip_serializing_if = "Option::is_none")]
    categorical_drift_method: Option<&'static str>,
    /// Ours.
    #[serde(skip_serializing_if = "Option::is_none")]
    drift_measure: Option<&'static str>,
    /// Ours.
    #[serde(skip_serializing_if = "Option::is_none")]
    drift_threshold: Option<Double>,
}

impl<'a> WrittenFeature<'a> {
    fn of(feature: &'a FeatureConstraints, table: &MonitoringConfig) -> Self {
        Self {
            name: &feature.name,
            inferred_type: feature.kind.name(),
            completeness: feature.completeness.map(Double),
            num_constraints: feature.is_non_negative.map(|is_non_negative| WrittenNumbers { is_non_negative }),
            string_constraints: feature.domain.as_deref().map(|domains| WrittenStrings { domains }),
            overrides: (feature.config != *table).then(|| WrittenConfig::difference(&feature.config, table)),
        }
    }
}

impl WrittenConfig {
    fn whole(config: &MonitoringConfig, layout: Layout) -> Self {
        let is_2024 = layout == Layout::Aws2024;
        Self {
            evaluate_constraints: Some(switch(config.evaluate_constraints)),
            emit_metrics: Some(switch(config.emit_metrics)),
            datatype_check_threshold: Some(Double(config.datatype_check_threshold)),
            domain_content_threshold: Some(Double(config.domain_content_threshold)),
            distribution_constraints: WrittenDistribution {
                perform_comparison: Some(switch(config.perform_comparison)),
                comparison_threshold: Some(Double(config.comparison_threshold)),
                comparison_method: Some(config.comparison_method),
                categorical_comparison_threshold: is_2024.then_some(Double(config.categorical_comparison_threshold)),
                categorical_drift_method: is_2024.then_some(config.categorical_drift_method),
                drift_measure: config.drift_measure,
                drift_threshold: config.drift_threshold.map(Double),
            },
        }
    }

    /// The settings of `config` that differ from those of `table`.
    fn difference(config: &MonitoringConfig, table: &MonitoringConfig) -> Self {
        let (mine, theirs) = (Self::whole(config, Layout::Aws2024), Self::whole(table, Layout::Aws2024));
        let (my_distribution, their_distribution) = (mine.distribution_constraints, theirs.distribution_constraints);
        Self {
            evaluate_constraints: differing(mine.evaluate_constraints, theirs.evaluate_constraints),
            emit_metrics: differing(mine.emit_metrics, theirs.emit_metrics),
            datatype_check_threshold: differing(mine.datatype_check_threshold, theirs.datatype_check_threshold),
            domain_content_threshold: differing(mine.domain_content_threshold, theirs.domain_content_threshold),
            distribution_constraints: WrittenDistribution {
                perform_comparison: differing(
                    my_distribution.perform_comparison,
                    their_distribution.perform_comparison,
                ),
                comparison_threshold: differing(
                    my_distribution.comparison_threshold,
                    their_distribution.comparison_threshold,
                ),
                comparison_method: differing(my_distribution.comparison_method, their_distribution.comparison_method),
                categorical_comparison_threshold: differing(
                    my_distribution.categorical_comparison_threshold,
                    their_distribution.categorical_comparison_threshold,
                ),
                categorical_drift_method: differing(
                    my_distribution.categorical_drift_method,
                    their_distribution.categorical_drift_method,
                ),
                drift_measure: differing(my_distribution.drift_measure, their_distribution.drift_measure),
                drift_threshold: differing(my_distribution.drift_threshold, their_distribution.drift_threshold),
            },
        }
    }
}

/// `mine` where it is not the same as `theirs`.
fn differing<T: PartialEq>(mine: Option<T>, theirs: Option<T>) -> Option<T> {
    mine.filter(|value| theirs.as_ref() != Some(value))
}

fn switch(value: bool) -> &'static str {
    if value { ENABLED } else { DISABLED }
}

impl WrittenDistribution {
    fn is_empty(&self) -> bool {
        self.perform_comparison.is_none()
            && self.comparison_threshold.is_none()
            && self.comparison_method.is_none()
            && self.categorical_comparison_threshold.is_none()
            && self.categorical_drift_method.is_none()
            && self.drift_measure.is_none()
            && self.drift_threshold.is_none()
    }
}

#[cfg(test)]
mod tests;
