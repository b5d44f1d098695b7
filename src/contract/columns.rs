//! Columns of a dataset as an analysis configuration names them, for bias and attribution alike.

use super::raw::AnalysisConfigFile;
use crate::decode::{Attribute, Format, MAX_COLUMNS};
use crate::error::{self, Error, Result};
use crate::wire::clarify::analysis_config::{AnalysisConfig, DatasetType, NameOrIndex};

/// What the files of a dataset are, where only the configuration says so.
pub(super) fn format(config: &AnalysisConfig) -> Option<Format> {
    Some(match config.dataset_type? {
        DatasetType::Csv => Format::Csv { header: None },
        DatasetType::JsonLines => Format::Json { lines: Some(true) },
        DatasetType::Json => Format::Json { lines: None },
        DatasetType::Capture => Format::Capture(Default::default()),
        DatasetType::Parquet => Format::Parquet,
    })
}

pub(super) fn unusable(file: &AnalysisConfigFile, cause: impl std::fmt::Display) -> Error {
    Error::new(&error::ANALYSIS_CONFIG_INVALID, file.place.clone(), cause)
}

/// Where the features stand in JSON values.
pub(super) fn features(file: &AnalysisConfigFile) -> Result<Option<Attribute>> {
    let features = file.config.features.as_deref().map(Attribute::parse).transpose();
    features.map_err(|cause| unusable(file, format!("features: {cause}")))
}

/// Names of the features of records, and of the columns of tables.
pub(super) fn headers(file: &AnalysisConfigFile, are_of_features: bool) -> Result<Vec<String>> {
    let config = &file.config;
    let headers = if are_of_features { config.feature_headers() } else { config.headers.clone().unwrap_or_default() };
    if headers.len() > MAX_COLUMNS {
        return Err(unusable(file, format!("headers names {} columns, more than {MAX_COLUMNS}", headers.len())));
    }
    Ok(headers)
}

/// The columns that are no features though they are nothing else.
pub(super) fn excluded(config: &AnalysisConfig) -> Result<Vec<Attribute>> {
    config.excluded_columns.iter().map(place).collect()
}

pub(super) fn place(column: &NameOrIndex) -> Result<Attribute> {
    match column {
        NameOrIndex::Index(index) => Ok(Attribute::Index(*index)),
        NameOrIndex::Name(name) => {
            Attribute::parse(name).map_err(|cause| Error::new(&error::ANALYSIS_CONFIG_INVALID, name.clone(), cause))
        }
    }
}
