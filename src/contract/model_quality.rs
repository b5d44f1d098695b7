//! Model-quality job, from its variables.

use super::ground_truth::GroundTruth;
use super::raw::Job;
use super::settings::Settings;
use super::values::{PROBABILITY_THRESHOLD, attribute, invalid, missing, probability_threshold, scores};
use crate::decode::{Attribute, Attributes, Format};
use crate::error::Result;
use crate::names::variable;
use crate::profile::{OutcomeSettings, Problem};

/// How the quality of a model is measured.
#[derive(Clone, Debug, PartialEq)]
pub struct ModelQuality {
    pub outcomes: OutcomeSettings,
    /// Whether the job names the positive label.
    pub names_positive_label: bool,
    pub attributes: Attributes,
    /// Joined in process when it is set; else records hold their labels.
    pub ground_truth: Option<GroundTruth>,
}

/// Label that counts as positive where no other is named (real files of AWS's have no other).
const POSITIVE_LABEL: &str = "1";

pub(super) fn of(
    job: &Job,
    settings: &Settings,
    ground_truth: Option<GroundTruth>,
    format: &Format,
) -> Result<ModelQuality> {
    let problem = problem(job)?;
    let prediction = attribute(job, variable::INFERENCE_ATTRIBUTE)?;
    let scores = scores(job)?;
    let score_classes = settings.class_labels.clone();
    let are_told = !scores.is_empty() && !score_classes.is_empty();
    let largest_score_predicts = problem == Problem::MulticlassClassification && prediction.is_none() && are_told;
    let threshold = threshold(job, problem, prediction.as_ref(), &scores)?;
    if threshold.is_none() && job.value(variable::PROBABILITY_THRESHOLD_ATTRIBUTE).is_some() {
        let name = variable::PROBABILITY_THRESHOLD_ATTRIBUTE;
        tracing::warn!(variable = name, "the variable means nothing: predictions are not made of scores");
    }
    if prediction.is_none() && threshold.is_none() && !largest_score_predicts {
        let cause = match (problem, scores.is_empty()) {
            (Problem::MulticlassClassification, false) => {
                "it says where the prediction is; with --class-labels the largest score predicts"
            }
            _ => "it says where the prediction is",
        };
        return Err(missing(variable::INFERENCE_ATTRIBUTE, cause));
    }
    let is_table = !matches!(format, Format::Capture(_));
    let label = attribute(job, variable::GROUND_TRUTH_ATTRIBUTE)?;
    if is_table && label.is_none() && ground_truth.is_none() {
        return Err(missing(variable::GROUND_TRUTH_ATTRIBUTE, "it says which column of the table holds the label"));
    }
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
        largest_score_predicts,
        n_scores,
        score_classes,
    };
    let prediction = if threshold.is_some() { None } else { prediction };
    let attributes = Attributes { prediction, scores, label, n_scores, ..Attributes::default() };
    let names_positive_label = job.value(variable::POSITIVE_LABEL).is_some();
    Ok(ModelQuality { outcomes, names_positive_label, attributes, ground_truth })
}

fn problem(job: &Job) -> Result<Problem> {
    let name = variable::PROBLEM_TYPE;
    let text = job.value(name).ok_or_else(|| missing(name, "it says what kind of model is watched"))?;
    let found = Problem::ALL.into_iter().find(|problem| problem.name().eq_ignore_ascii_case(text));
    found.ok_or_else(|| invalid(name, "it is none of Regression, BinaryClassification, MulticlassClassification"))
}

/// Where scores make the predictions: no prediction is named, or it is the score itself.
fn threshold(job: &Job, problem: Problem, prediction: Option<&Attribute>, scores: &[Attribute]) -> Result<Option<f64>> {
    let given = probability_threshold(job)?;
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
    Ok(makes_predictions.then(|| given.unwrap_or(PROBABILITY_THRESHOLD)))
}
