//! Bias metric: an entry of the table of metrics, with everything that is known about it.

use super::bootstrap::Replicates;
use super::conditional::{Accepted, conditional_disparity, flip_test, uncertainty_of_disparity, uncertainty_of_flips};
use super::confusion_matrix::{GroupAndRest, Value};
use super::unfairness::Form;
use super::{labels, likelihood_interval};
use crate::measure::uncertainty::Uncertainty;
use crate::profile::{FlipLack, GroupCounts};

/// When a metric can be measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// From labels.
    PreTraining,
    /// From labels and predictions.
    PostTraining,
}

/// One metric.
#[derive(Debug)]
pub struct BiasMetricKind {
    /// AWS's short name.
    pub name: &'static str,
    title: &'static str,
    pub stage: Stage,
    /// How the statistical verdict sees the metric; `None` where it does not test it.
    pub form: Option<Form>,
    /// Whether it says nothing where no prediction is positive.
    pub needs_positive_predictions: bool,
    /// Place among the metrics of rows that belong to two groups; `None` where they have it not.
    pub(super) place_in_intersections: Option<u8>,
    /// Of a metric of the eight counts.
    interval: IntervalMethod,
    formula: Formula,
}

#[derive(Clone, Copy, Debug)]
enum Formula {
    /// Of the eight counts.
    Counts(fn(&GroupAndRest) -> Value),
    Conditional(Accepted),
    Flips,
}

/// How the interval of a metric of counts is found. The standard error is always that of replicates.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum IntervalMethod {
    /// From the replicates.
    Percentile,
    /// From the likelihood of the label shares.
    Likelihood,
    /// So many times the magnitude of DPL, where both sides have both labels; else there is none, and no error.
    MagnitudeOfDpl(f64),
}

impl BiasMetricKind {
    pub(super) const fn pre_training(
        name: &'static str,
        title: &'static str,
        formula: fn(&GroupAndRest) -> Value,
    ) -> Self {
        Self::new(name, title, Stage::PreTraining, Formula::Counts(formula))
    }

    pub(super) const fn post_training(
        name: &'static str,
        title: &'static str,
        formula: fn(&GroupAndRest) -> Value,
    ) -> Self {
        Self::new(name, title, Stage::PostTraining, Formula::Counts(formula))
    }

    pub(super) const fn conditional(name: &'static str, title: &'static str, accepted: Accepted) -> Self {
        let stage = match accepted {
            Accepted::Labels => Stage::PreTraining,
            Accepted::Predictions => Stage::PostTraining,
        };
        Self::new(name, title, stage, Formula::Conditional(accepted))
    }

    pub(super) const fn flips(name: &'static str, title: &'static str) -> Self {
        Self::new(name, title, Stage::PostTraining, Formula::Flips)
    }

    const fn new(name: &'static str, title: &'static str, stage: Stage, formula: Formula) -> Self {
        let interval = IntervalMethod::Percentile;
        let needs_positive_predictions = false;
        Self {
            name,
            title,
            stage,
            form: None,
            needs_positive_predictions,
            place_in_intersections: None,
            interval,
            formula,
        }
    }

    pub(super) const fn interval(mut self, method: IntervalMethod) -> Self {
        self.interval = method;
        self
    }

    pub(super) const fn tested(mut self, form: Form) -> Self {
        self.form = Some(form);
        self
    }

    pub(super) const fn of_positive_predictions(mut self) -> Self {
        self.needs_positive_predictions = true;
        self
    }

    pub(super) const fn of_intersections(mut self, place: u8) -> Self {
        self.place_in_intersections = Some(place);
        self
    }

    /// AWS's text: `Class Imbalance (CI)`.
    pub fn description(&self) -> String {
        format!("{} ({})", self.title, self.name)
    }

    /// The metric of a group, or AWS's text why there is none.
    pub fn value(&self, group: &GroupCounts) -> Result<f64, String> {
        match self.formula {
            Formula::Counts(formula) => formula(&GroupAndRest::of(&group.counts)).map_err(str::to_owned),
            Formula::Conditional(accepted) => conditional_disparity(group, accepted).map_err(str::to_owned),
            Formula::Flips => {
                GroupAndRest::of(&group.counts).need_both("Facet set is empty", "Negated Facet set is empty")?;
                match group.flips {
                    Some(Ok(flips)) => Ok(flip_test(&flips)),
                    Some(Err(lack)) => Err(lack.to_string()),
                    None => Err(FlipLack::NoRows.to_string()),
                }
            }
        }
    }

    /// The metric of a group and the rest; `None` where it is not one of their counts alone.
    pub(super) fn of_counts(&self, counts: &GroupAndRest) -> Option<Value> {
        match self.formula {
            Formula::Counts(formula) => Some(formula(counts)),
            Formula::Conditional(_) | Formula::Flips => None,
        }
    }

    /// How sure a finite value is.
    pub(super) fn uncertainty(&self, value: f64, group: &GroupCounts, replicates: &Replicates) -> Uncertainty {
        if !value.is_finite() {
            return Uncertainty::default();
        }
        let counts = GroupAndRest::of(&group.counts);
        match (self.formula, &group.conditional, &group.flips) {
            (Formula::Counts(formula), ..) => match self.interval {
                IntervalMethod::Percentile => replicates.uncertainty(formula),
                IntervalMethod::Likelihood => {
                    let interval = likelihood_interval::interval(&counts, formula);
                    Uncertainty { interval, ..replicates.uncertainty(formula) }
                }
                IntervalMethod::MagnitudeOfDpl(factor) if labels::has_both_labels(&counts) => {
                    replicates.uncertainty(labels::difference_in_labels).of_magnitude(factor)
                }
                IntervalMethod::MagnitudeOfDpl(_) => Uncertainty::default(),
            },
            (Formula::Conditional(accepted), Ok(values), _) => uncertainty_of_disparity(value, values, accepted),
            (Formula::Flips, _, Some(Ok(flips))) => uncertainty_of_flips(value, flips),
            _ => Uncertainty::default(),
        }
    }
}
