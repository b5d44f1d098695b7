//! Performance metrics of a model over all rows, as the open library of AWS reports them.

use super::confusion_matrix::{ConfusionMatrix, GroupAndRest, div};
use crate::profile::EightCounts;

/// One rate of a model over all rows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PerformanceRate {
    /// Name and description are those of AWS's open library.
    pub name: &'static str,
    pub description: &'static str,
    /// May be infinite.
    pub value: f64,
}

/// Name, description and formula.
type Rate = (&'static str, &'static str, fn(&ConfusionMatrix) -> f64);

static RATES: &[Rate] = &[
    ("Accuracy", "Proportion of inputs assigned the correct predicted label by the model.", |all| {
        div(all.true_positives() + all.true_negatives(), all.n())
    }),
    (
        "Proportion of Positive Predictions in Labels",
        "Proportion of input assigned in positive predicted label.",
        |all| div(all.predicted_positives(), all.n()),
    ),
    (
        "Proportion of Negative Predictions in Labels",
        "Proportion of input assigned the negative predicted label.",
        |all| div(all.predicted_negatives(), all.n()),
    ),
    (
        "True Positive Rate / Recall",
        "Proportion of inputs with positive observed label correctly assigned the positive predicted label.",
        recall,
    ),
    (
        "True Negative Rate / Specificity",
        "Proportion of inputs with negative observed label correctly assigned the negative predicted label.",
        |all| div(all.true_negatives(), all.negatives()),
    ),
    (
        "Acceptance Rate / Precision",
        "Proportion of inputs with positive predicted label that actually have a positive observed label.",
        precision,
    ),
    (
        "Rejection Rate",
        "Proportion of inputs with negative predicted label that actually have a negative observed label.",
        |all| div(all.true_negatives(), all.predicted_negatives()),
    ),
    ("Conditional Acceptance", "Ratio between the positive observed labels and positive predicted labels.", |all| {
        div(all.positives(), all.predicted_positives())
    }),
    ("Conditional Rejection", "Ratio between the negative observed labels and negative predicted labels.", |all| {
        div(all.negatives(), all.predicted_negatives())
    }),
    ("F1 Score", "Harmonic mean of precision and recall.", |all| {
        div(2.0 * precision(all) * recall(all), precision(all) + recall(all))
    }),
];

fn recall(all: &ConfusionMatrix) -> f64 {
    div(all.true_positives(), all.positives())
}

fn precision(all: &ConfusionMatrix) -> f64 {
    div(all.true_positives(), all.predicted_positives())
}

/// The model's rates over all rows, and the shares of true positives, false positives, false negatives
/// and true negatives; `None` without predictions. Any group's counts give the same.
pub fn performance(counts: &EightCounts) -> Option<(Vec<PerformanceRate>, [f64; 4])> {
    let all = GroupAndRest::of(counts).all();
    let rate = |(name, description, formula): &Rate| PerformanceRate { name, description, value: formula(&all) };
    counts.has_predictions.then(|| (RATES.iter().map(rate).collect(), all.shares()))
}
