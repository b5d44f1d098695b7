//! Bias job, from its analysis configuration and the variables that go with it.

use super::columns::{self, place, unusable};
use super::ground_truth::GroundTruth;
use super::raw::{AnalysisConfigFile, Job};
use super::side_tables::{self, SideTableJob};
use super::values::{PROBABILITY_THRESHOLD, attribute, missing, probability_threshold};
use crate::decode::{Attribute, Attributes, Format, Instances};
use crate::error::Result;
use crate::names::variable;
use crate::profile::FacetSettings;
use crate::wire::clarify::analysis_config::{AnalysisConfig, Metrics};

/// How bias is measured.
#[derive(Clone, Debug, PartialEq)]
pub struct BiasJob {
    pub facets: FacetSettings,
    pub instances: Instances,
    /// Joined in process when it is set; else records hold their labels.
    pub ground_truth: Option<GroundTruth>,
    pub pre_training: Metrics,
    pub post_training: Metrics,
    /// Datasets that hold facets or predictions of the rows; they are joined in process.
    pub side_tables: Vec<SideTableJob>,
}

/// Name of the label in reports where nothing names it.
const LABEL: &str = "label";

pub(super) fn of(
    job: &Job,
    file: &AnalysisConfigFile,
    ground_truth: Option<GroundTruth>,
    format: &Format,
) -> Result<BiasJob> {
    let config = &file.config;
    check_config(file)?;
    let is_capture = matches!(format, Format::Capture(_));
    let (prediction, scores, threshold) = predictions(job, config)?;
    let is_table = matches!(format, Format::Csv { .. } | Format::Parquet);
    let label = label(job, config, is_capture)?;
    let features = columns::features(file)?;
    let headers = columns::headers(file, is_capture || features.is_some())?;
    if is_capture && ground_truth.is_some() && headers.is_empty() {
        return Err(unusable(
            file,
            "headers is missing: captures that are joined with labels need the features' names",
        ));
    }
    let has_predictions = prediction.is_some() || !scores.is_empty();
    let mut facets = config.facet_settings(LABEL, has_predictions);
    facets.probability_threshold = threshold;
    let side_tables = side_tables::of(file, is_table && ground_truth.is_none(), (&prediction, &scores))?;
    let identifier = config.joinsource_name_or_index.as_ref().filter(|_| is_table).map(place).transpose()?;
    let (prediction, scores) =
        if config.predicted_label_dataset_uri.is_some() { (None, Vec::new()) } else { (prediction, scores) };
    let id = identifier.clone().filter(|_| !side_tables.is_empty());
    let attributes = Attributes { prediction, scores, label, id, ..Attributes::default() };
    let excluded = columns::excluded(config)?;
    let metrics = |asked: &Option<Metrics>| asked.clone().unwrap_or(Metrics::All);
    Ok(BiasJob {
        facets,
        instances: Instances {
            attributes,
            with_label: ground_truth.is_none(),
            features,
            headers,
            // It identifies rows, and is no feature whether or not anything is joined.
            others: identifier.into_iter().collect(),
            excluded,
        },
        ground_truth,
        pre_training: metrics(&config.pre_training_bias),
        post_training: metrics(&config.post_training_bias),
        side_tables,
    })
}

/// Refuses what is not supported, and what does not say enough.
fn check_config(file: &AnalysisConfigFile) -> Result<()> {
    if !file.config.segments.is_empty() {
        return Err(unusable(file, "segment_config is not supported by this version"));
    }
    if file.config.facets.is_empty() {
        return Err(unusable(file, "facet names no column whose groups could be compared"));
    }
    if file.config.label_values_or_threshold.is_empty() {
        return Err(unusable(file, "label_values_or_threshold is missing: it says which labels are positive"));
    }
    Ok(())
}

/// Where predictions are: labels, or scores and the threshold that makes labels of them.
fn predictions(job: &Job, config: &AnalysisConfig) -> Result<(Option<Attribute>, Vec<Attribute>, Option<f64>)> {
    let threshold = probability_threshold(job)?.or(config.probability_threshold);
    let configured = config.predicted_label.as_ref().map(place).transpose()?;
    let prediction = attribute(job, variable::INFERENCE_ATTRIBUTE)?;
    let score = attribute(job, variable::PROBABILITY_ATTRIBUTE)?;
    Ok(match (prediction.or(configured), score, threshold) {
        // A threshold makes labels of what is called the prediction, where nothing else is a score.
        (Some(prediction), None, Some(threshold)) => (None, vec![prediction], Some(threshold)),
        (Some(prediction), Some(score), Some(threshold)) if prediction == score => (None, vec![score], Some(threshold)),
        (Some(prediction), _, _) => (Some(prediction), Vec::new(), None),
        (None, Some(score), threshold) => (None, vec![score], Some(threshold.unwrap_or(PROBABILITY_THRESHOLD))),
        (None, None, _) => (None, Vec::new(), None),
    })
}

/// Where the label is. Ground truth holds nothing else, so that captures need not say it; a header's
/// name says it only of tables.
fn label(job: &Job, config: &AnalysisConfig, is_capture: bool) -> Result<Option<Attribute>> {
    if let Some(attribute) = attribute(job, variable::GROUND_TRUTH_ATTRIBUTE)? {
        return Ok(Some(attribute));
    }
    let label = config.label.as_ref().map(place).transpose()?;
    if label.is_none() && !is_capture {
        let cause = "neither it nor the configuration's label says where the label is";
        return Err(missing(variable::GROUND_TRUTH_ATTRIBUTE, cause));
    }
    Ok(label.filter(|label| !is_capture || matches!(label, Attribute::Path(_))))
}
