//! The table of metrics.

use super::certainty::{Certainty, Replicates};
use super::conditional::{Accepted, certainty_of_disparity, certainty_of_flips, conditional_disparity, flip_test};
use super::sides::{Sides, Value};
use super::{labels, predictions, region};
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
    formula: Formula,
}

#[derive(Clone, Copy, Debug)]
enum Formula {
    /// Of the eight counts.
    Counts(fn(&Sides) -> Value, Known),
    Conditional(Accepted),
    Flips,
}

/// What replicates tell.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Known {
    Interval,
    /// The error; the interval is that of the label shares' likelihood.
    Distance,
    /// So many times the magnitude of DPL, where both sides have both labels; else nothing.
    Magnitude(f64),
}

use Known::{Distance, Interval, Magnitude};
use Stage::{PostTraining, PreTraining};

/// All metrics, by stage, in the order of their names.
pub const ALL: [BiasMetricKind; 21] = [
    BiasMetricKind::conditional("CDDL", "Conditional Demographic Disparity in Labels", Accepted::Labels),
    BiasMetricKind::new("CI", "Class Imbalance", PreTraining, labels::class_imbalance, Interval),
    BiasMetricKind::new(
        "DPL",
        "Difference in Positive Proportions in Labels",
        PreTraining,
        labels::difference_in_labels,
        Interval,
    ),
    BiasMetricKind::new("JS", "Jensen-Shannon Divergence", PreTraining, labels::jensen_shannon, Distance),
    BiasMetricKind::new("KL", "Kullback-Liebler Divergence", PreTraining, labels::kullback_leibler, Distance),
    BiasMetricKind::new("KS", "Kolmogorov-Smirnov Distance", PreTraining, labels::kolmogorov_smirnov, Magnitude(1.0)),
    BiasMetricKind::new("LP", "L-p Norm", PreTraining, labels::euclidean, Magnitude(std::f64::consts::SQRT_2)),
    BiasMetricKind::new("TVD", "Total Variation Distance", PreTraining, labels::total_variation, Magnitude(1.0)),
    BiasMetricKind::new("AD", "Accuracy Difference", PostTraining, predictions::accuracy, Interval),
    BiasMetricKind::conditional(
        "CDDPL",
        "Conditional Demographic Disparity in Predicted Labels",
        Accepted::Predictions,
    ),
    BiasMetricKind::new("DAR", "Difference in Acceptance Rates", PostTraining, predictions::acceptance_rates, Interval),
    BiasMetricKind::new(
        "DCA",
        "Difference in Conditional Acceptance",
        PostTraining,
        predictions::conditional_acceptance,
        Interval,
    ),
    BiasMetricKind::new(
        "DCR",
        "Difference in Conditional Rejection",
        PostTraining,
        predictions::conditional_rejection,
        Interval,
    ),
    BiasMetricKind::new("DI", "Disparate Impact", PostTraining, predictions::disparate_impact, Interval),
    BiasMetricKind::new(
        "DPPL",
        "Difference in Positive Proportions in Predicted Labels",
        PostTraining,
        predictions::difference_in_predictions,
        Interval,
    ),
    BiasMetricKind::new("DRR", "Difference in Rejection Rates", PostTraining, predictions::rejection_rates, Interval),
    BiasMetricKind { name: "FT", title: "Flip Test", stage: PostTraining, formula: Formula::Flips },
    BiasMetricKind::new("GE", "Generalized Entropy", PostTraining, predictions::generalized_entropy, Interval),
    BiasMetricKind::new("RD", "Recall Difference", PostTraining, predictions::recall, Interval),
    BiasMetricKind::new("SD", "Specificity Difference", PostTraining, predictions::specificity, Interval),
    BiasMetricKind::new("TE", "Treatment Equality", PostTraining, predictions::treatment_equality, Interval),
];

impl BiasMetricKind {
    const fn new(
        name: &'static str,
        title: &'static str,
        stage: Stage,
        formula: fn(&Sides) -> Value,
        known: Known,
    ) -> Self {
        Self { name, title, stage, formula: Formula::Counts(formula, known) }
    }

    const fn conditional(name: &'static str, title: &'static str, accepted: Accepted) -> Self {
        let stage = match accepted {
            Accepted::Labels => PreTraining,
            Accepted::Predictions => PostTraining,
        };
        Self { name, title, stage, formula: Formula::Conditional(accepted) }
    }

    /// AWS's text: `Class Imbalance (CI)`.
    pub fn description(&self) -> String {
        format!("{} ({})", self.title, self.name)
    }

    /// The metric of a group, or AWS's text why there is none.
    pub fn value(&self, group: &GroupCounts) -> Result<f64, String> {
        match self.formula {
            Formula::Counts(formula, _) => formula(&Sides::of(&group.counts)).map_err(str::to_owned),
            Formula::Conditional(accepted) => conditional_disparity(group, accepted).map_err(str::to_owned),
            Formula::Flips => {
                Sides::of(&group.counts).need_both("Facet set is empty", "Negated Facet set is empty")?;
                match group.flips {
                    Some(Ok(flips)) => Ok(flip_test(&flips)),
                    Some(Err(lack)) => Err(lack.to_string()),
                    None => Err(FlipLack::NoRows.to_string()),
                }
            }
        }
    }

    /// How sure a finite value is.
    pub(super) fn certainty(&self, value: f64, group: &GroupCounts, replicates: &Replicates) -> Certainty {
        if !value.is_finite() {
            return Certainty::default();
        }
        match (self.formula, &group.conditional, &group.flips) {
            (Formula::Counts(formula, Interval), ..) => replicates.certainty(formula),
            (Formula::Counts(formula, Distance), ..) => {
                let interval = region::interval(&Sides::of(&group.counts), formula);
                Certainty { interval, ..replicates.certainty(formula) }
            }
            (Formula::Counts(_, Magnitude(factor)), ..) => {
                if labels::has_both_labels(&Sides::of(&group.counts)) {
                    replicates.certainty(labels::difference_in_labels).of_magnitude(factor)
                } else {
                    Certainty::default()
                }
            }
            (Formula::Conditional(accepted), Ok(values), _) => certainty_of_disparity(value, values, accepted),
            (Formula::Flips, _, Some(Ok(flips))) => certainty_of_flips(value, flips),
            _ => Certainty::default(),
        }
    }
}
