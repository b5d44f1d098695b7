//! `statistics.json` of the data-quality monitor (DG:model-monitor-byoc-statistics).
//!
//! Reading is strict about numbers and lenient about what may be absent: `version`, `completeness`,
//! distinct counts, distributions (then a numeric column has no quantiles). Buckets are not read:
//! they follow from the sketch.

mod twin;

use serde::de::IgnoredAny;
use serde::ser::SerializeSeq;
use serde::{Deserialize, Serialize, Serializer};

use super::error::from_json;
use super::jackson::{self, Double};
use super::{Layout, WireError};
use crate::names::dataset_format::END;
use crate::names::quality;
use crate::profile::TableStatistics;

/// The file's bytes.
pub fn write(statistics: &TableStatistics, layout: Layout) -> Vec<u8> {
    jackson::to_bytes(&WrittenFile {
        version: Double(0.0),
        dataset: WrittenDataset {
            item_count: statistics.n_rows,
            output_columns_position: statistics.outputs_are_last.then_some(END),
        },
        features: WrittenFeatures { statistics, layout },
    })
}

/// The statistics that the file holds.
pub fn read(bytes: &[u8]) -> Result<TableStatistics, WireError> {
    let file: ReadFile = from_json(bytes)?;
    let foreign = [
        (file.binary_classification_metrics, quality::BINARY_METRICS),
        (file.multiclass_classification_metrics, quality::MULTICLASS_METRICS),
        (file.regression_metrics, quality::REGRESSION_METRICS),
    ];
    if let Some((_, key)) = foreign.iter().find(|(found, _)| found.is_some()) {
        return Err(WireError::new(*key, "these are statistics of a model-quality monitor, not of data quality"));
    }
    if file.monitoring_config.is_some() {
        return Err(WireError::new("monitoring_config", "these are constraints, not statistics"));
    }
    let features = file.features.ok_or_else(|| WireError::new("features", "is missing"))?;
    let item_count = file.dataset.as_ref().and_then(|dataset| dataset.item_count).map(|count| count.0);
    let position = file.dataset.and_then(|dataset| dataset.output_columns_position);
    let outputs_are_last = position.is_some_and(|position| position.eq_ignore_ascii_case(END));
    let columns = features
        .into_iter()
        .enumerate()
        .map(|(i, feature)| feature.into_domain(&format!("features[{i}]"), item_count))
        .collect::<Result<Vec<_>, _>>()?;
    let longest = columns.iter().map(|column| column.n_present.saturating_add(column.n_missing)).max();
    Ok(TableStatistics { n_rows: item_count.or(longest).unwrap_or(0), columns, outputs_are_last })
}

#[derive(Serialize)]
struct WrittenFile<'a> {
    version: Double,
    dataset: WrittenDataset,
    features: WrittenFeatures<'a>,
}

#[derive(Serialize)]
struct WrittenDataset {
    item_count: u64,
    /// Ours: where the outputs are, if they are the last columns.
    #[serde(skip_serializing_if = "Option::is_none")]
    output_columns_position: Option<&'static str>,
}

/// Twins are made one at a time, so that the sketches are never all held twice.
struct WrittenFeatures<'a> {
    statistics: &'a TableStatistics,
    layout: Layout,
}

impl Serialize for WrittenFeatures<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let columns = &self.statistics.columns;
        let mut sequence = serializer.serialize_seq(Some(columns.len()))?;
        for column in columns {
            sequence.serialize_element(&twin::Feature::of(column, self.layout))?;
        }
        sequence.end()
    }
}

#[derive(Deserialize)]
struct ReadFile {
    dataset: Option<ReadDataset>,
    features: Option<Vec<twin::Feature>>,
    binary_classification_metrics: Option<IgnoredAny>,
    multiclass_classification_metrics: Option<IgnoredAny>,
    regression_metrics: Option<IgnoredAny>,
    monitoring_config: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct ReadDataset {
    item_count: Option<twin::Count>,
    output_columns_position: Option<String>,
}

#[cfg(test)]
mod tests;
