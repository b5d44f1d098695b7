//! Bias job, from its analysis configuration and the variables that go with it.

use std::collections::BTreeSet;

use super::columns::{self, place, unusable};
use super::ground_truth::GroundTruth;
use super::model::ModelJob;
use super::raw::{AnalysisConfigFile, Job};
use super::settings::Settings;
use super::side_tables::{self, SideTableJob};
use super::values::{PROBABILITY_THRESHOLD, attribute, invalid, missing, probability_threshold};
use crate::decode::{Attribute, Attributes, Format, Instances};
use crate::error::{Error, Result};
use crate::names::variable;
use crate::profile::{FacetSettings, finite_number};
use crate::wire::clarify::analysis_config::{AnalysisConfig, Metrics, NameOrIndex};

/// How bias is measured.
#[derive(Clone, Debug, PartialEq)]
pub struct BiasJob {
    /// Their predictions stand in the data where [`FacetSettings::has_predictions`] says so.
    pub facets: FacetSettings,
    pub instances: Instances,
    /// Positions, from 0, of the columns of the dataset that the configuration counts instead of naming them.
    pub positions: Vec<usize>,
    /// The threshold of captured answers that are nothing but a score; `None` where predictions are looked for
    /// elsewhere.
    pub threshold_of_answers: Option<f64>,
    /// The model that is asked for predictions that the data do not hold, or why none can be.
    pub model: std::result::Result<AskedModel, String>,
    /// Joined in process when it is set; else records hold their labels.
    pub ground_truth: Option<GroundTruth>,
    pub pre_training: Metrics,
    pub post_training: Metrics,
    /// Whether the configuration expects predictions, so that a run without any lacks something.
    pub expects_predictions: bool,
    /// Datasets that hold facets or predictions of the rows; they are joined in process.
    pub side_tables: Vec<SideTableJob>,
}

impl BiasJob {
    /// Whether a threshold makes numbers of scores, though no positive label is one.
    pub fn scores_predict_numbers(&self) -> bool {
        let has_threshold = self.facets.probability_threshold.or(self.threshold_of_answers).is_some();
        let is_number = |label: &String| finite_number(label).is_some();
        let positive = &self.facets.label_values_or_threshold;
        has_threshold && self.facets.score_labels.iter().all(is_number) && !positive.iter().any(is_number)
    }
}

/// A model that is asked for predictions.
#[derive(Clone, Debug, PartialEq)]
pub struct AskedModel {
    pub model: ModelJob,
    /// Scores above it predict the positive label; `None`: the answers tell whether they are labels or scores.
    pub threshold: Option<f64>,
}

/// Name of the label in reports where nothing names it.
const LABEL: &str = "label";

pub(super) fn of(
    job: &Job,
    settings: &Settings,
    file: &AnalysisConfigFile,
    ground_truth: Option<GroundTruth>,
    format: &Format,
) -> Result<BiasJob> {
    let config = &file.config;
    check_config(file)?;
    let is_capture = matches!(format, Format::Capture(_));
    let given = probability_threshold(job)?.or(config.probability_threshold);
    let (prediction, scores, threshold) = predictions(job, config, given)?;
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
    let (pre_training, post_training) = asked(config);
    let mut facets = config.facet_settings(LABEL, has_predictions && !post_training.is_none());
    facets.probability_threshold = threshold;
    facets.score_labels = score_labels(job, &facets)?;
    let side_tables = side_tables::of(file, is_table && ground_truth.is_none(), (&prediction, &scores))?;
    let identifier = config.joinsource_name_or_index.as_ref().filter(|_| is_table).map(place).transpose()?;
    let (prediction, scores) =
        if config.predicted_label_dataset_uri.is_some() { (None, Vec::new()) } else { (prediction, scores) };
    let id = identifier.clone().filter(|_| !side_tables.is_empty());
    let attributes = Attributes { prediction, scores, label, id, ..Attributes::default() };
    let excluded = columns::excluded(config)?;
    Ok(BiasJob {
        facets,
        threshold_of_answers: given.filter(|_| is_capture && !has_predictions),
        model: asked_model(job, settings, file, (format, features.as_ref()), given),
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
        positions: positions(config),
        expects_predictions: config.post_training_bias.is_some()
            || config.predictor.is_some() && !post_training.is_none(),
        pre_training,
        post_training,
        side_tables,
    })
}

/// The columns of the dataset that the configuration counts.
fn positions(config: &AnalysisConfig) -> Vec<usize> {
    let facets = config.facets.iter().map(|facet| &facet.name_or_index).filter(|_| config.facet_dataset_uri.is_none());
    let predicted = config.predicted_label.iter().filter(|_| config.predicted_label_dataset_uri.is_none());
    let others = [&config.label, &config.group_variable, &config.joinsource_name_or_index].into_iter().flatten();
    let all = facets.chain(predicted).chain(others).chain(&config.excluded_columns);
    let of = |column: &NameOrIndex| if let NameOrIndex::Index(index) = column { Some(*index) } else { None };
    BTreeSet::from_iter(all.filter_map(of)).into_iter().collect()
}

/// The metrics of labels and of predictions that are asked for: all of them where no method is named, else those of
/// the methods that are.
fn asked(config: &AnalysisConfig) -> (Metrics, Metrics) {
    let (pre_training, post_training) = (&config.pre_training_bias, &config.post_training_bias);
    if pre_training.is_none() && post_training.is_none() {
        return (Metrics::All, Metrics::All);
    }
    let of = |metrics: &Option<Metrics>| metrics.clone().unwrap_or(Metrics::Named(Vec::new()));
    (of(pre_training), of(post_training))
}

/// The model that the configuration or the job names: a schedule's endpoint alone asks for nothing.
fn asked_model(
    job: &Job,
    settings: &Settings,
    file: &AnalysisConfigFile,
    (format, features): (&Format, Option<&Attribute>),
    given: Option<f64>,
) -> std::result::Result<AskedModel, String> {
    if file.config.predictor.is_none() && settings.model.url.is_none() {
        return Err("nothing names a model: there is neither predictor nor --model-url".to_owned());
    }
    let cause = |error: Error| format!("no model can be asked ({}: {})", error.code().code, error.cause());
    let mut model = ModelJob::of(job, file, format, features, settings).map_err(cause)?;
    if model.target.is_none() {
        return Err("nothing says where the model is: predictor names neither a model nor an endpoint".to_owned());
    }
    let mut threshold = given;
    // A label is one as it is; only a threshold that is given makes another one of the score.
    match (&model.answer.label, &model.answer.probability) {
        (Some(_), Some(_)) if given.is_none() => model.answer.probability = None,
        (None, Some(_)) => threshold = Some(given.unwrap_or(PROBABILITY_THRESHOLD)),
        _ => {}
    }
    Ok(AskedModel { model, threshold })
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
fn predictions(
    job: &Job,
    config: &AnalysisConfig,
    threshold: Option<f64>,
) -> Result<(Option<Attribute>, Vec<Attribute>, Option<f64>)> {
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

/// The labels that scores predict: those up to the threshold, and those above it. Where labels are words, nothing but
/// `positive_label` tells which of them a high score speaks for, and which of several others a low one does is not to
/// be known.
fn score_labels(job: &Job, facets: &FacetSettings) -> Result<[String; 2]> {
    let name = variable::POSITIVE_LABEL;
    let Some(label) = job.value(name) else { return Ok(facets.score_labels.clone()) };
    if let Some(number) = finite_number(label) {
        let [low, high] = FacetSettings::SCORE_LABELS;
        return Ok([if number == 0.0 { high } else { low }.to_owned(), label.to_owned()]);
    }
    if !facets.label_values_or_threshold.iter().any(|value| value == label) {
        return Err(invalid(name, "it is none of the labels that label_values_or_threshold counts as positive"));
    }
    Ok([format!("not {label}"), label.to_owned()])
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
