//! What a job computes, told from its variables.

use super::attribution::{self, AttributionJob};
use super::bias::{self, BiasJob};
use super::raw::{AnalysisConfigFile, Job};
use super::settings::Settings;
use crate::decode::{Attribute, Attributes, Format};
use crate::error::{self, Error, Result};
use crate::names::{analysis_type, path, variable};
use crate::pairing::DuplicatePolicy;
use crate::profile::{OutcomeSettings, Problem};
use crate::store::Location;
use crate::wire::clarify::analysis_config::AnalysisConfig;

/// What a job computes.
#[derive(Clone, Debug, PartialEq)]
pub enum Analysis {
    DataQuality,
    ModelQuality(Box<ModelQuality>),
    Bias(Box<BiasJob>),
    Attribution(Box<AttributionJob>),
    /// Captures and ground truth to merged records.
    Merge(Box<GroundTruth>),
}

/// How the quality of a model is measured.
#[derive(Clone, Debug, PartialEq)]
pub struct ModelQuality {
    pub outcomes: OutcomeSettings,
    pub attributes: Attributes,
    /// Joined in process when it is set; else records hold their labels.
    pub ground_truth: Option<GroundTruth>,
}

/// Labels that lie apart from the captures.
#[derive(Clone, Debug, PartialEq)]
pub struct GroundTruth {
    pub source: Location,
    pub attributes: Attributes,
    pub duplicates: DuplicatePolicy,
}

/// Label that counts as positive where no other is named (real files of AWS's have no other).
const POSITIVE_LABEL: &str = "1";
/// Threshold where scores alone are given (DG:clarify-processing-job-configure-analysis).
const THRESHOLD: f64 = 0.5;
/// Most columns of scores; each costs memory in every sketch.
const MAX_SCORES: usize = 1_000;

/// Variables that only model quality knows.
const OF_MODEL_QUALITY: [&str; 6] = [
    variable::PROBLEM_TYPE,
    variable::INFERENCE_ATTRIBUTE,
    variable::PROBABILITY_ATTRIBUTE,
    variable::PROBABILITY_THRESHOLD_ATTRIBUTE,
    variable::POSITIVE_LABEL,
    variable::GROUND_TRUTH_ATTRIBUTE,
];

/// Tells what the job computes; `merges` when the command line says so.
pub(super) fn of(job: &Job, settings: &Settings, merges: bool, format: &Format) -> Result<Analysis> {
    let ground_truth = ground_truth(job, settings)?;
    let kind = job.value(variable::ANALYSIS_TYPE).map(|kind| kind.to_ascii_uppercase().replace('-', "_"));
    let has_problem = job.value(variable::PROBLEM_TYPE).is_some();
    match (kind.as_deref(), &job.analysis_config) {
        _ if merges => merge(ground_truth),
        (None, Some(file)) if has_problem => Err(ambiguous(file, "problem_type")),
        (None, Some(file)) => configured(job, settings, file, ground_truth, format),
        (None, None) if has_problem => model_quality(job, settings, ground_truth, format),
        (None, None) if ground_truth.is_some() => merge(ground_truth),
        (None | Some(analysis_type::DATA_QUALITY), _) => data_quality(job, ground_truth.as_ref()),
        (Some(analysis_type::MODEL_QUALITY), _) => model_quality(job, settings, ground_truth, format),
        (Some(analysis_type::MODEL_BIAS), Some(file)) => {
            leave_aside(file, &explanations(&file.config));
            bias::of(job, file, ground_truth, format).map(Box::new).map(Analysis::Bias)
        }
        (Some(analysis_type::MODEL_EXPLAINABILITY), Some(file)) => {
            leave_aside(file, &bias_methods(&file.config));
            attribution::of(job, file, format, settings).map(Box::new).map(Analysis::Attribution)
        }
        (Some(analysis_type::MODEL_BIAS | analysis_type::MODEL_EXPLAINABILITY), None) => {
            let cause = "a job of bias or feature attribution needs it; it was not found";
            Err(Error::new(&error::ANALYSIS_CONFIG_INVALID, path::ANALYSIS_CONFIG, cause))
        }
        (Some(_), _) => {
            let cause = "it is none of DATA_QUALITY, MODEL_QUALITY, MODEL_BIAS, MODEL_EXPLAINABILITY";
            Err(invalid(variable::ANALYSIS_TYPE, cause))
        }
    }
}

/// The monitor that an analysis configuration speaks of.
fn configured(
    job: &Job,
    settings: &Settings,
    file: &AnalysisConfigFile,
    ground_truth: Option<GroundTruth>,
    format: &Format,
) -> Result<Analysis> {
    let (bias_methods, explanations) = (bias_methods(&file.config), explanations(&file.config));
    match (bias_methods.is_empty(), explanations.is_empty()) {
        (false, false) => {
            let found = [bias_methods, explanations].concat().join(", ");
            Err(ambiguous(file, &format!("bias and feature attribution: {found}")))
        }
        (true, false) => attribution::of(job, file, format, settings).map(Box::new).map(Analysis::Attribution),
        (_, true) => bias::of(job, file, ground_truth, format).map(Box::new).map(Analysis::Bias),
    }
}

/// The methods of bias that a configuration asks for.
fn bias_methods(config: &AnalysisConfig) -> Vec<&'static str> {
    asked([
        ("pre_training_bias", config.pre_training_bias.is_some()),
        ("post_training_bias", config.post_training_bias.is_some()),
    ])
}

/// The methods of attribution that a configuration asks for.
fn explanations(config: &AnalysisConfig) -> Vec<&'static str> {
    asked([("shap", config.shap.is_some()), ("pdp", config.pdp.is_some())])
}

fn asked(methods: [(&'static str, bool); 2]) -> Vec<&'static str> {
    methods.into_iter().filter(|(_, is_asked)| *is_asked).map(|(method, _)| method).collect()
}

/// Says what a configuration asks for that the monitor of this job does not do.
fn leave_aside(file: &AnalysisConfigFile, methods: &[&str]) {
    if !methods.is_empty() {
        let methods = methods.join(", ");
        tracing::info!(file = %file.place, %methods, "analysis_type names another monitor: the methods are left aside");
    }
}

fn ambiguous(file: &AnalysisConfigFile, what: &str) -> Error {
    let cause = format!("there is an analysis configuration, and the job speaks of {what}; analysis_type is not set");
    Error::new(&error::ROLE_AMBIGUOUS, file.place.clone(), cause)
}

pub(super) fn invalid(name: &str, cause: impl std::fmt::Display) -> Error {
    Error::new(&error::VARIABLE_INVALID, name, cause)
}

pub(super) fn missing(name: &str, cause: &str) -> Error {
    Error::new(&error::VARIABLE_MISSING, name, cause)
}

/// The service hands some attributes of model quality to every job of an endpoint: they are no reason to refuse.
fn data_quality(job: &Job, ground_truth: Option<&GroundTruth>) -> Result<Analysis> {
    if ground_truth.is_some() {
        let cause = "data quality knows no ground truth; analysis_type is DATA_QUALITY";
        return Err(Error::new(&error::VARIABLE_UNSUPPORTED, variable::GROUND_TRUTH_SOURCE, cause));
    }
    for name in OF_MODEL_QUALITY.into_iter().filter(|name| job.value(name).is_some()) {
        tracing::warn!(variable = name, "the variable means nothing to the data-quality monitor");
    }
    Ok(Analysis::DataQuality)
}

fn merge(ground_truth: Option<GroundTruth>) -> Result<Analysis> {
    let absent =
        || missing(variable::GROUND_TRUTH_SOURCE, "it says where the labels are that captures are merged with");
    ground_truth.map(Box::new).map(Analysis::Merge).ok_or_else(absent)
}

fn ground_truth(job: &Job, settings: &Settings) -> Result<Option<GroundTruth>> {
    let name = variable::GROUND_TRUTH_SOURCE;
    let Some(text) = job.value(name) else { return Ok(None) };
    let attributes = Attributes {
        label: attribute(job, variable::GROUND_TRUTH_ATTRIBUTE)?,
        id: settings
            .ground_truth_id
            .as_deref()
            .map(Attribute::parse)
            .transpose()
            .map_err(|cause| invalid("ground-truth-id", cause))?,
        ..Attributes::default()
    };
    let source = text.parse().map_err(|cause| invalid(name, cause))?;
    Ok(Some(GroundTruth { source, attributes, duplicates: settings.duplicates }))
}

pub(super) fn attribute(job: &Job, name: &str) -> Result<Option<Attribute>> {
    job.value(name).map(|text| Attribute::parse(text).map_err(|cause| invalid(name, cause))).transpose()
}

fn model_quality(
    job: &Job,
    settings: &Settings,
    ground_truth: Option<GroundTruth>,
    format: &Format,
) -> Result<Analysis> {
    let problem = problem(job)?;
    let prediction = attribute(job, variable::INFERENCE_ATTRIBUTE)?;
    let scores = scores(job)?;
    let threshold = threshold(job, problem, prediction.as_ref(), &scores)?;
    if threshold.is_none() && job.value(variable::PROBABILITY_THRESHOLD_ATTRIBUTE).is_some() {
        let name = variable::PROBABILITY_THRESHOLD_ATTRIBUTE;
        tracing::warn!(variable = name, "the variable means nothing: predictions are not made of scores");
    }
    if prediction.is_none() && threshold.is_none() {
        return Err(missing(variable::INFERENCE_ATTRIBUTE, "it says where the prediction is"));
    }
    let is_table = !matches!(format, Format::Capture(_));
    let label = attribute(job, variable::GROUND_TRUTH_ATTRIBUTE)?;
    if is_table && label.is_none() && ground_truth.is_none() {
        return Err(missing(variable::GROUND_TRUTH_ATTRIBUTE, "it says which column of the table holds the label"));
    }
    let score_classes = settings.class_labels.clone();
    let is_list = scores.len() == 1 && score_classes.len() > 1;
    if !score_classes.is_empty() && score_classes.len() != scores.len() && !is_list {
        let cause = format!("it names {} classes, and there are {} scores", score_classes.len(), scores.len());
        return Err(invalid("class-labels", cause));
    }
    let n_scores = if is_list { score_classes.len() } else { scores.len() };
    let outcomes = OutcomeSettings {
        problem,
        positive_label: job.value(variable::POSITIVE_LABEL).unwrap_or(POSITIVE_LABEL).to_owned(),
        threshold,
        n_scores,
        score_classes,
    };
    let prediction = if threshold.is_some() { None } else { prediction };
    let attributes = Attributes { prediction, scores, label, id: None, n_scores };
    Ok(Analysis::ModelQuality(Box::new(ModelQuality { outcomes, attributes, ground_truth })))
}

fn problem(job: &Job) -> Result<Problem> {
    let name = variable::PROBLEM_TYPE;
    let text = job.value(name).ok_or_else(|| missing(name, "it says what kind of model is watched"))?;
    let found = Problem::ALL.into_iter().find(|problem| problem.name().eq_ignore_ascii_case(text));
    found.ok_or_else(|| invalid(name, "it is none of Regression, BinaryClassification, MulticlassClassification"))
}

/// The columns of scores, joined by commas. A JMESPath may hold commas of its own: it stands alone.
pub(super) fn scores(job: &Job) -> Result<Vec<Attribute>> {
    let name = variable::PROBABILITY_ATTRIBUTE;
    let Some(text) = job.value(name) else { return Ok(Vec::new()) };
    let whole = Attribute::parse(text).map_err(|cause| invalid(name, cause))?;
    if matches!(whole, Attribute::Path(_)) || !text.contains(',') {
        return Ok(vec![whole]);
    }
    let parts: Vec<&str> = text.split(',').map(str::trim).collect();
    if parts.len() > MAX_SCORES {
        return Err(invalid(name, format!("it names {} columns, more than {MAX_SCORES}", parts.len())));
    }
    parts.into_iter().map(|part| Attribute::parse(part).map_err(|cause| invalid(name, cause))).collect()
}

/// Where scores make the predictions: no prediction is named, or it is the score itself.
fn threshold(job: &Job, problem: Problem, prediction: Option<&Attribute>, scores: &[Attribute]) -> Result<Option<f64>> {
    let name = variable::PROBABILITY_THRESHOLD_ATTRIBUTE;
    let given = match job.value(name) {
        None => None,
        Some(text) => {
            let number = text.parse::<f64>().ok().filter(|number| number.is_finite());
            Some(number.ok_or_else(|| invalid(name, "it is not a number such as 0.5"))?)
        }
    };
    let [score, ..] = scores else {
        let without = given.filter(|_| problem == Problem::BinaryClassification && prediction.is_none());
        return match without {
            Some(_) => {
                Err(missing(variable::PROBABILITY_ATTRIBUTE, "a threshold needs the score that it is held against"))
            }
            None => Ok(None),
        };
    };
    let makes_predictions = problem == Problem::BinaryClassification && prediction.is_none_or(|named| named == score);
    Ok(makes_predictions.then(|| given.unwrap_or(THRESHOLD)))
}
