//! Side tables of a bias job: datasets with facets or predictions that are joined with its own
//! (DG:clarify-processing-job-configure-analysis).

use super::columns::{place, unusable};
use super::raw::AnalysisConfigFile;
use crate::decode::outcome::{PREDICTION, facet_column, feature_column, score_column};
use crate::decode::{Attribute, Attributes, Instances, MAX_COLUMNS};
use crate::engine::{JoinKey, SideTableSpec};
use crate::error::Result;
use crate::store::Location;
use crate::wire::clarify::analysis_config::{AnalysisConfig, NameOrIndex};

/// What a joined dataset holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    Facets,
    PredictedLabels,
}

impl Holds {
    /// The stable word of reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Facets => "facets",
            Self::PredictedLabels => "predicted_labels",
        }
    }
}

/// A dataset to be joined.
#[derive(Clone, Debug, PartialEq)]
pub struct SideTableJob {
    pub holds: Holds,
    pub source: Location,
    pub instances: Instances,
    pub spec: SideTableSpec,
}

/// Where predictions are: labels, or scores.
type Predictions<'a> = (&'a Option<Attribute>, &'a [Attribute]);

/// The datasets that the configuration names. Only tables that hold their labels can be joined with them.
pub(super) fn of(
    file: &AnalysisConfigFile,
    can_join: bool,
    (prediction, scores): (&Option<Attribute>, &Vec<Attribute>),
) -> Result<Vec<SideTableJob>> {
    let config = &file.config;
    let mut side_tables = Vec::new();
    for (uri, key, headers, holds) in [
        (&config.facet_dataset_uri, "facet_dataset_uri", &config.facet_headers, Holds::Facets),
        (
            &config.predicted_label_dataset_uri,
            "predicted_label_dataset_uri",
            &config.predicted_label_headers,
            Holds::PredictedLabels,
        ),
    ] {
        let Some(uri) = uri else { continue };
        if !can_join {
            let cause = format!("{key} is for datasets of text/csv or application/x-parquet that hold their labels");
            return Err(unusable(file, cause));
        }
        let source = uri.parse().map_err(|cause| unusable(file, format!("{key}: {cause}")))?;
        let headers = headers.clone().unwrap_or_default();
        if headers.len() > MAX_COLUMNS {
            return Err(unusable(file, format!("the headers of {key} name more than {MAX_COLUMNS} columns")));
        }
        let columns = match holds {
            Holds::Facets => facet_columns(config),
            Holds::PredictedLabels => prediction_columns(file, (prediction, scores))?,
        };
        let id = identifier(config, &headers)?;
        let key = if id.is_some() { JoinKey::Id } else { JoinKey::Position };
        let attributes = match holds {
            Holds::Facets => Attributes { id, ..Attributes::default() },
            Holds::PredictedLabels => {
                Attributes { id, prediction: prediction.clone(), scores: scores.clone(), ..Attributes::default() }
            }
        };
        side_tables.push(SideTableJob {
            holds,
            source,
            instances: Instances { attributes, with_label: true, headers, ..Instances::default() },
            spec: SideTableSpec { key, columns },
        });
    }
    Ok(side_tables)
}

fn facet_columns(config: &AnalysisConfig) -> Vec<(String, String)> {
    let facets = config.facet_settings("", false).facets;
    facets.into_iter().map(|facet| (feature_column(&facet.name), facet_column(&facet.name))).collect()
}

fn prediction_columns(
    file: &AnalysisConfigFile,
    (prediction, scores): Predictions<'_>,
) -> Result<Vec<(String, String)>> {
    let column = match (prediction, scores) {
        (Some(_), _) => PREDICTION.to_owned(),
        (None, [_, ..]) => score_column(0),
        (None, []) => {
            let cause = "predicted_label is missing: it says where the predictions are in predicted_label_dataset_uri";
            return Err(unusable(file, cause));
        }
    };
    Ok(vec![(column.clone(), column)])
}

/// Where a joined dataset with these headers has the rows' identifier. A place in the main dataset is the
/// column that is called the same, else the same place.
fn identifier(config: &AnalysisConfig, headers: &[String]) -> Result<Option<Attribute>> {
    let Some(column) = &config.joinsource_name_or_index else { return Ok(None) };
    if let NameOrIndex::Index(index) = column {
        let name = config.headers.as_ref().and_then(|headers| headers.get(*index));
        if let Some(name) = name.filter(|name| headers.contains(name)) {
            return place(&NameOrIndex::Name(name.clone())).map(Some);
        }
    }
    place(column).map(Some)
}
