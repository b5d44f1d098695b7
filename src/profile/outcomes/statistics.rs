//! Closed outcome statistics: everything that a model's quality is computed from.

use super::bootstrap::Slots;
use super::calibration::Distribution;
use super::label::Meaning;
use super::labelled_rows::LabelledRows;
use super::outcome_account::OutcomeAccount;
use super::settings::Problem;
use crate::sketch::{Moments, Quantiles};

/// Predictions and labels, counted.
#[derive(Clone, Debug, PartialEq)]
pub struct OutcomeStatistics {
    pub account: OutcomeAccount,
    pub counts: OutcomeCounts,
    /// None where features are not kept.
    pub rows: LabelledRows,
}

/// The counts of one kind of problem.
#[derive(Clone, Debug, PartialEq)]
pub enum OutcomeCounts {
    Binary(BinaryCounts),
    Multiclass(MulticlassCounts),
    Regression(Box<RegressionCounts>),
}

impl OutcomeStatistics {
    pub fn problem(&self) -> Problem {
        match self.counts {
            OutcomeCounts::Binary(_) => Problem::BinaryClassification,
            OutcomeCounts::Multiclass(_) => Problem::MulticlassClassification,
            OutcomeCounts::Regression(_) => Problem::Regression,
        }
    }

    /// The different labels of a binary problem, as they are written.
    pub fn labels(&self) -> Vec<&str> {
        let OutcomeCounts::Binary(counts) = &self.counts else { return Vec::new() };
        let classes = counts.matrix.classes.iter().zip(&counts.matrix.counts);
        let is_label = |(_, row): &(_, &Vec<u64>)| row.iter().any(|&n| n > 0);
        classes.filter(is_label).map(|(class, _)| class.as_str()).collect()
    }

    /// Whether the positive label occurs, as a label or a prediction. Where labels are of several
    /// classes, it must be one of them. True where none is needed, and where there are no rows.
    ///
    /// An hour may have no positives: all rows are of one class then, and the label is the positive one of another
    /// hour, which the job knows (`is_known`), or the class is 0.
    pub fn has_positive_label(&self, is_known: bool) -> bool {
        let OutcomeCounts::Binary(counts) = &self.counts else { return true };
        let is_label = |class: usize| counts.matrix.counts[class].iter().any(|&n| n > 0);
        let n_labels = (0..counts.matrix.classes.len()).filter(|&class| is_label(class)).count();
        match counts.positive {
            Some(positive) => n_labels < 2 || is_label(positive),
            None => {
                let is_zero = |class: &String| Meaning::of(class) == Meaning::number(0.0);
                let is_only = |class: &String| counts.matrix.classes.len() == 1 && (is_known || is_zero(class));
                self.account.n_used == 0 || counts.matrix.classes.first().is_some_and(is_only)
            }
        }
    }
}

/// Classes and how often which was predicted for which.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClassMatrix {
    /// Classes as they are written: those that occur as labels first, then those only predicted.
    pub classes: Vec<String>,
    /// `counts[actual][predicted]`.
    pub counts: Vec<Vec<u64>>,
}

impl ClassMatrix {
    /// How often each class was predicted.
    pub fn n_predicted(&self) -> Vec<u64> {
        let mut totals = vec![0; self.classes.len()];
        for row in &self.counts {
            totals.iter_mut().zip(row).for_each(|(total, n)| *total += n);
        }
        totals
    }
}

/// A binary problem.
#[derive(Clone, Debug, PartialEq)]
pub struct BinaryCounts {
    pub matrix: ClassMatrix,
    /// Place of the positive class in the matrix; `None` when it does not occur.
    pub positive: Option<usize>,
    /// Whether rows have scores.
    pub has_scores: bool,
    /// By rising score; of one bin of scores up to four. Without scores all rows are in one bin.
    pub cells: Vec<ScoreCell>,
}

/// Rows of a binary problem with nearly the same score, and the same label and prediction.
#[derive(Clone, Debug, PartialEq)]
pub struct ScoreCell {
    /// Bin of the score; a larger score is never in a lower bin.
    pub bin: usize,
    pub is_positive: bool,
    pub says_positive: bool,
    /// Rows in every replicate.
    pub n: Box<Slots>,
    /// Rows in either half.
    pub halves: [u64; 2],
    pub score_sum: f64,
    /// `None` where the scores are outside 0…1.
    pub losses: Option<Losses>,
}

/// How far scores between 0 and 1 are from the labels of their rows.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Losses {
    /// Σ -ln of the score of what was true.
    pub log_loss_sum: f64,
    /// Σ of squared distances.
    pub brier_sum: f64,
    /// Tenth of 0…1 in which the scores lie.
    pub tenth: usize,
}

/// A problem of several classes.
#[derive(Clone, Debug, PartialEq)]
pub struct MulticlassCounts {
    pub matrix: ClassMatrix,
    /// In the order of the matrix.
    pub classes: Vec<ClassTally>,
    /// By the score of the true class; empty where the classes of scores are not told.
    pub losses: Vec<LossCell>,
    /// One for each column of scores.
    pub histograms: Vec<ScoreHistogram>,
}

/// One class in every replicate.
#[derive(Clone, Debug, PartialEq)]
pub struct ClassTally {
    pub actual: Box<Slots>,
    pub predicted: Box<Slots>,
    pub hit: Box<Slots>,
}

/// Rows whose true class got nearly the same score.
#[derive(Clone, Debug, PartialEq)]
pub struct LossCell {
    pub n: Box<Slots>,
    pub log_loss_sum: f64,
}

/// The scores of one class.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ScoreHistogram {
    /// As in the settings; empty where it is not told.
    pub class: String,
    /// By rising score.
    pub bins: Vec<HistogramBin>,
}

/// Rows with nearly the same score of one class.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct HistogramBin {
    /// Rows in either half.
    pub n: [u64; 2],
    /// Rows in either half whose label is the class.
    pub n_positive: [u64; 2],
    pub score_sum: f64,
}

/// Numbers predicted and observed.
#[derive(Clone, Debug, PartialEq)]
pub struct RegressionCounts {
    /// In every slot.
    pub sums: Vec<RegressionSums>,
    /// Of the labels' distances from one number.
    pub distances: Moments,
    /// Of prediction - label.
    pub residuals: Quantiles,
}

/// Sums over rows; an error is prediction - label.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct RegressionSums {
    pub n: f64,
    pub absolute_errors: f64,
    pub errors: f64,
    pub squared_errors: f64,
    /// Of the labels' distances from one number, and of their squares.
    pub labels: f64,
    pub squared_labels: f64,
}

/// The exact curves of a binary classifier.
#[derive(Clone, Debug, PartialEq)]
pub struct CurveStatistics {
    /// Rows with a score and a label.
    pub n: u64,
    pub n_positive: u64,
    /// Area under the receiver operating characteristic, ties counted half.
    pub auc: f64,
    /// Area under the precision-recall curve by trapezoids, from recall 0 with the first precision.
    pub au_prc: f64,
    /// Σ of precision times the rise of recall; `None` without positives.
    pub average_precision: Option<f64>,
    pub false_positive_rates: Vec<f64>,
    pub true_positive_rates: Vec<f64>,
    pub precisions: Vec<f64>,
    pub recalls: Vec<f64>,
    /// Distinct scores.
    pub n_scores: u64,
    /// Whether points were left out.
    pub is_thinned: bool,
}

/// Predictions, labelled or not.
#[derive(Clone, Debug, PartialEq)]
pub struct PredictionStatistics {
    pub problem: Problem,
    /// Rows with a usable prediction.
    pub n: u64,
    pub predictions: Distribution,
    /// One for each column of scores.
    pub scores: Vec<Distribution>,
    /// What the calibrated scores say of the labels; `None` without calibration.
    pub expected: Option<ExpectedCounts>,
}

impl PredictionStatistics {
    /// Whether all predictions are one class, or lie in one interval without width.
    pub fn is_constant(&self) -> bool {
        match &self.predictions {
            Distribution::Classes(classes) => classes.len() == 1,
            Distribution::Numbers { edges, .. } => edges.first() == edges.last(),
        }
    }
}

/// Counts that are expected from calibrated scores.
#[derive(Clone, Debug, PartialEq)]
pub enum ExpectedCounts {
    /// By rising score.
    Binary(Vec<ExpectedBin>),
    Multiclass(Vec<ExpectedClass>),
}

/// Rows of a binary problem with nearly the same score.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ExpectedBin {
    /// Rows predicted negative and positive.
    pub n: [u64; 2],
    /// Positives expected among them.
    pub positives: [f64; 2],
}

/// One class.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ExpectedClass {
    pub n_predicted: u64,
    pub actual: f64,
    pub hits: f64,
}
