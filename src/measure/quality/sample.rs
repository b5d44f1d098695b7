//! Samples of outcomes, of which metrics are computed: the counts of all rows, or those of one replicate.

use std::cmp::Reverse;

use crate::profile::{
    BinaryCounts, ClassMatrix, EXACT, MulticlassCounts, OutcomeCounts, RegressionCounts, RegressionSums, tenth_of,
};

/// One set of rows, counted. Counts are doubles, since expected ones are no whole numbers.
#[derive(Clone, Debug)]
pub enum Sample {
    Binary(BinarySample),
    Multiclass(MulticlassSample),
    Regression(RegressionSample),
}

/// Rows of a binary problem.
#[derive(Clone, Copy, Debug, Default)]
pub struct BinarySample {
    pub true_positives: f64,
    pub false_negatives: f64,
    pub false_positives: f64,
    pub true_negatives: f64,
    /// Whether the best constant classifier says the positive label.
    pub constant_is_positive: bool,
    pub areas: Areas,
    pub losses: LossSums,
}

/// Areas under curves; `None` where they are undefined.
#[derive(Clone, Copy, Debug, Default)]
pub struct Areas {
    pub auc: Option<f64>,
    pub au_prc: Option<f64>,
    pub average_precision: Option<f64>,
}

/// How far scores between 0 and 1 are from the labels.
#[derive(Clone, Copy, Debug, Default)]
pub struct LossSums {
    pub n: f64,
    pub log_loss: f64,
    pub brier: f64,
    /// Σ over tenths of |Σ score - positives|.
    pub calibration: f64,
}

/// Rows of a problem of several classes, by class.
#[derive(Clone, Debug, Default)]
pub struct MulticlassSample {
    pub actual: Vec<f64>,
    pub predicted: Vec<f64>,
    pub hits: Vec<f64>,
    /// The class that the best constant classifier says.
    pub constant: usize,
    /// Rows with scores between 0 and 1, and their Σ -ln of the score of what was true.
    pub n_losses: f64,
    pub log_loss: f64,
}

/// Rows of a regression.
#[derive(Clone, Copy, Debug, Default)]
pub struct RegressionSample {
    pub sums: RegressionSums,
    /// Population variance of the labels.
    pub variance: f64,
}

/// The samples in all slots of counts.
#[derive(Clone, Copy, Debug)]
pub struct Samples<'a> {
    counts: &'a OutcomeCounts,
    /// The class that the best constant classifier says, the same in every replicate.
    constant: usize,
}

impl<'a> Samples<'a> {
    pub fn of(counts: &'a OutcomeCounts) -> Self {
        let constant = match counts {
            OutcomeCounts::Binary(counts) => constant(&counts.matrix),
            OutcomeCounts::Multiclass(counts) => constant(&counts.matrix),
            OutcomeCounts::Regression(_) => 0,
        };
        Self { counts, constant }
    }

    /// The sample in one slot.
    pub fn at(&self, slot: usize) -> Sample {
        match self.counts {
            OutcomeCounts::Binary(counts) => Sample::Binary(BinarySample::of(counts, slot, self.constant)),
            OutcomeCounts::Multiclass(counts) => Sample::Multiclass(MulticlassSample::of(counts, slot, self.constant)),
            OutcomeCounts::Regression(counts) => Sample::Regression(RegressionSample::of(counts, slot)),
        }
    }
}

/// The place of the most frequent prediction; of several the first, as in AWS's files.
fn constant(matrix: &ClassMatrix) -> usize {
    let n_predicted = matrix.n_predicted();
    (0..n_predicted.len()).max_by_key(|place| (n_predicted[*place], Reverse(*place))).unwrap_or(0)
}

impl BinarySample {
    fn of(counts: &BinaryCounts, slot: usize, constant: usize) -> Self {
        let mut sample = Self { constant_is_positive: counts.positive == Some(constant), ..Self::default() };
        // Positives and negatives of each bin, falling.
        let mut bins: Vec<(f64, f64)> = Vec::new();
        let mut bin = None;
        let mut tenths = [0.0; 10];
        for cell in counts.cells.iter().rev() {
            let n = cell.n[slot] as f64;
            match (cell.is_positive, cell.says_positive) {
                (true, true) => sample.true_positives += n,
                (true, false) => sample.false_negatives += n,
                (false, true) => sample.false_positives += n,
                (false, false) => sample.true_negatives += n,
            }
            if bin != Some(cell.bin) {
                bins.push((0.0, 0.0));
                bin = Some(cell.bin);
            }
            if let Some((positives, negatives)) = bins.last_mut() {
                *(if cell.is_positive { positives } else { negatives }) += n;
            }
            if let Some(losses) = cell.losses {
                // Every row of a cell counts as their mean; with all rows this is their sum.
                let share = n / cell.n[EXACT] as f64;
                sample.losses.n += n;
                sample.losses.log_loss += share * losses.log_loss_sum;
                sample.losses.brier += share * losses.brier_sum;
                tenths[losses.tenth] += share * cell.score_sum - if cell.is_positive { n } else { 0.0 };
            }
        }
        sample.losses.calibration = tenths.iter().map(|tenth: &f64| tenth.abs()).sum();
        if counts.has_scores {
            sample.areas = Areas::of(&bins);
        }
        sample
    }

    pub fn total(&self) -> f64 {
        self.true_positives + self.false_negatives + self.false_positives + self.true_negatives
    }
}

impl Areas {
    /// Areas of rows in bins of falling score, each with its positives and negatives; rows of one
    /// bin count as ties. Undefined with one class only.
    pub fn of(bins: &[(f64, f64)]) -> Self {
        let total_positives: f64 = bins.iter().map(|(positives, _)| positives).sum();
        let total_negatives: f64 = bins.iter().map(|(_, negatives)| negatives).sum();
        if total_positives <= 0.0 || total_negatives <= 0.0 {
            return Self::default();
        }
        let (mut seen_positives, mut seen) = (0.0, 0.0);
        let (mut auc, mut au_prc, mut steps) = (0.0, 0.0, 0.0);
        let mut last_precision = None;
        for (positives, negatives) in bins.iter().filter(|(positives, negatives)| positives + negatives > 0.0) {
            auc += negatives * (seen_positives + positives / 2.0);
            seen_positives += positives;
            seen += positives + negatives;
            let precision = seen_positives / seen;
            au_prc += positives * (precision + last_precision.unwrap_or(precision)) / 2.0;
            steps += positives * precision;
            last_precision = Some(precision);
        }
        Self {
            auc: Some(auc / (total_positives * total_negatives)),
            au_prc: Some(au_prc / total_positives),
            average_precision: Some(steps / total_positives),
        }
    }
}

impl MulticlassSample {
    fn of(counts: &MulticlassCounts, slot: usize, constant: usize) -> Self {
        let classes = || counts.classes.iter();
        let mut sample = Self {
            actual: classes().map(|class| class.actual[slot] as f64).collect(),
            predicted: classes().map(|class| class.predicted[slot] as f64).collect(),
            hits: classes().map(|class| class.hit[slot] as f64).collect(),
            constant,
            ..Self::default()
        };
        for cell in &counts.losses {
            let n = cell.n[slot] as f64;
            sample.n_losses += n;
            sample.log_loss += n / cell.n[EXACT] as f64 * cell.log_loss_sum;
        }
        sample
    }

    pub fn total(&self) -> f64 {
        self.actual.iter().sum()
    }

    /// The same labels, and always the best constant as prediction.
    pub fn of_constant(&self) -> Self {
        let only = |x: f64| {
            let mut values = vec![0.0; self.actual.len()];
            values.iter_mut().skip(self.constant).take(1).for_each(|value| *value = x);
            values
        };
        let hits = self.actual.get(self.constant).copied().unwrap_or(0.0);
        Self { actual: self.actual.clone(), predicted: only(self.total()), hits: only(hits), ..Self::default() }
    }
}

impl RegressionSample {
    fn of(counts: &RegressionCounts, slot: usize) -> Self {
        let sums = counts.sums.get(slot).copied().unwrap_or_default();
        let variance = if slot == EXACT {
            counts.distances.population_variance()
        } else {
            ((sums.squared_labels - sums.labels * sums.labels / sums.n) / sums.n).max(0.0)
        };
        Self { sums, variance }
    }
}

/// The tenth in which the bin of a calibration curve begins and ends.
pub fn tenth_edges(tenth: usize) -> (f64, f64) {
    debug_assert!(tenth_of(tenth as f64 / 10.0) == tenth);
    (tenth as f64 / 10.0, (tenth + 1) as f64 / 10.0)
}
