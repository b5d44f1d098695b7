//! Formulas of quality metrics. One formula serves the value, its replicates and its estimate.
//!
//! Order and quirks are those of AWS's files where AWS has the metric: rates that are the
//! complement of others are computed as such, precision is 0 when nothing is predicted positive.

use super::sample::{BinarySample, MulticlassSample, RegressionSample};
use crate::measure::finite::finite;
use crate::profile::Undefined;

/// A number, or why there is none.
pub type Value = Result<f64, Undefined>;

/// `a / b`, where `b` is a count or a spread: undefined when it is 0.
pub fn ratio(a: f64, b: f64) -> Value {
    if b <= 0.0 {
        return Err(Undefined::Empty);
    }
    finite(a / b)
}

/// (1 + β²)·P·R / (β²·P + R); 0 when both are 0 (van Rijsbergen, "Information Retrieval", 1979, ch. 7).
pub fn f_beta(precision: f64, recall: f64, beta: f64) -> f64 {
    let below = beta * beta * precision + recall;
    if below > 0.0 { (1.0 + beta * beta) * precision * recall / below } else { 0.0 }
}

impl BinarySample {
    fn positives(&self) -> f64 {
        self.true_positives + self.false_negatives
    }

    fn negatives(&self) -> f64 {
        self.false_positives + self.true_negatives
    }

    /// Rows of the rarer of the two labels.
    pub fn n_rarer(&self) -> f64 {
        self.positives().min(self.negatives())
    }

    pub fn recall(&self) -> Value {
        ratio(self.true_positives, self.positives())
    }

    /// 0 where nothing is predicted positive though there are positives; undefined where there are none either.
    pub fn precision(&self) -> Value {
        let n_predicted = self.true_positives + self.false_positives;
        if n_predicted <= 0.0 && self.positives() <= 0.0 {
            return Err(Undefined::Empty);
        }
        Ok(ratio(self.true_positives, n_predicted).unwrap_or(0.0))
    }

    pub fn accuracy(&self) -> Value {
        ratio(self.true_positives + self.true_negatives, self.total())
    }

    pub fn false_positive_rate(&self) -> Value {
        ratio(self.false_positives, self.negatives())
    }

    pub fn true_negative_rate(&self) -> Value {
        self.false_positive_rate().map(|rate| 1.0 - rate)
    }

    pub fn false_negative_rate(&self) -> Value {
        self.recall().map(|rate| 1.0 - rate)
    }

    fn f(&self, beta: f64) -> Value {
        Ok(f_beta(self.precision()?, self.recall()?, beta))
    }

    pub fn f0_5(&self) -> Value {
        self.f(0.5)
    }

    pub fn f1(&self) -> Value {
        self.f(1.0)
    }

    pub fn f2(&self) -> Value {
        self.f(2.0)
    }

    pub fn constant_recall(&self) -> Value {
        if self.total() <= 0.0 {
            return Err(Undefined::Empty);
        }
        Ok(if self.constant_is_positive { 1.0 } else { 0.0 })
    }

    pub fn constant_precision(&self) -> Value {
        let share = ratio(self.positives(), self.total())?;
        Ok(if self.constant_is_positive { share } else { 0.0 })
    }

    pub fn constant_accuracy(&self) -> Value {
        ratio(if self.constant_is_positive { self.positives() } else { self.negatives() }, self.total())
    }

    fn constant_f(&self, beta: f64) -> Value {
        Ok(f_beta(self.constant_precision()?, self.constant_recall()?, beta))
    }

    pub fn constant_f0_5(&self) -> Value {
        self.constant_f(0.5)
    }

    pub fn constant_f1(&self) -> Value {
        self.constant_f(1.0)
    }

    pub fn constant_f2(&self) -> Value {
        self.constant_f(2.0)
    }

    pub fn auc(&self) -> Value {
        self.areas.auc.ok_or(Undefined::Empty)
    }

    pub fn au_prc(&self) -> Value {
        self.areas.au_prc.ok_or(Undefined::Empty)
    }

    pub fn average_precision(&self) -> Value {
        self.areas.average_precision.ok_or(Undefined::Empty)
    }

    pub fn log_loss(&self) -> Value {
        ratio(self.losses.log_loss, self.losses.n)
    }

    pub fn brier_score(&self) -> Value {
        ratio(self.losses.brier, self.losses.n)
    }

    pub fn expected_calibration_error(&self) -> Value {
        ratio(self.losses.calibration, self.losses.n)
    }

    /// Matthews, Biochimica et Biophysica Acta 405 (1975); undefined when a class does not occur or
    /// is not predicted.
    pub fn matthews_correlation(&self) -> Value {
        let said = [self.true_positives + self.false_positives, self.true_negatives + self.false_negatives];
        let were = [self.positives(), self.negatives()];
        let hits = self.true_positives * self.true_negatives - self.false_positives * self.false_negatives;
        ratio(hits, said[0].sqrt() * said[1].sqrt() * were[0].sqrt() * were[1].sqrt())
    }

    /// Mean recall of the labels that occur.
    pub fn balanced_accuracy(&self) -> Value {
        let recalls = [self.recall(), ratio(self.true_negatives, self.negatives())];
        let known: Vec<f64> = recalls.into_iter().flatten().collect();
        ratio(known.iter().sum(), known.len() as f64)
    }

    pub fn majority_class_accuracy(&self) -> Value {
        ratio(self.positives().max(self.negatives()), self.total())
    }
}

impl MulticlassSample {
    fn places(&self) -> std::ops::Range<usize> {
        0..self.actual.len()
    }

    fn recall_of(&self, class: usize) -> f64 {
        ratio(self.hits[class], self.actual[class]).unwrap_or(0.0)
    }

    fn precision_of(&self, class: usize) -> f64 {
        ratio(self.hits[class], self.predicted[class]).unwrap_or(0.0)
    }

    fn f_of(&self, class: usize, beta: f64) -> f64 {
        f_beta(self.precision_of(class), self.recall_of(class), beta)
    }

    /// The mean over classes, weighted by how often they occur as labels.
    fn weighted(&self, of: impl Fn(usize) -> f64) -> Value {
        let total = self.total();
        if total <= 0.0 {
            return Err(Undefined::Empty);
        }
        finite(self.places().map(|class| of(class) * self.actual[class] / total).sum())
    }

    pub fn accuracy(&self) -> Value {
        ratio(self.hits.iter().sum(), self.total())
    }

    pub fn weighted_recall(&self) -> Value {
        self.weighted(|class| self.recall_of(class))
    }

    pub fn weighted_precision(&self) -> Value {
        self.weighted(|class| self.precision_of(class))
    }

    pub fn weighted_f0_5(&self) -> Value {
        self.weighted(|class| self.f_of(class, 0.5))
    }

    pub fn weighted_f1(&self) -> Value {
        self.weighted(|class| self.f_of(class, 1.0))
    }

    pub fn weighted_f2(&self) -> Value {
        self.weighted(|class| self.f_of(class, 2.0))
    }

    pub fn constant_accuracy(&self) -> Value {
        self.of_constant().accuracy()
    }

    pub fn constant_weighted_recall(&self) -> Value {
        self.of_constant().weighted_recall()
    }

    pub fn constant_weighted_precision(&self) -> Value {
        self.of_constant().weighted_precision()
    }

    pub fn constant_weighted_f0_5(&self) -> Value {
        self.of_constant().weighted_f0_5()
    }

    pub fn constant_weighted_f1(&self) -> Value {
        self.of_constant().weighted_f1()
    }

    pub fn constant_weighted_f2(&self) -> Value {
        self.of_constant().weighted_f2()
    }

    /// The plain mean of F1 over classes that occur as label or prediction.
    pub fn macro_f1(&self) -> Value {
        let occurs = |class: &usize| self.actual[*class] + self.predicted[*class] > 0.0;
        let of_each: Vec<f64> = self.places().filter(occurs).map(|class| self.f_of(class, 1.0)).collect();
        ratio(of_each.iter().sum(), of_each.len() as f64)
    }

    /// Mean recall of the labels that occur.
    pub fn balanced_accuracy(&self) -> Value {
        let recalls: Vec<f64> = self.places().filter_map(|i| ratio(self.hits[i], self.actual[i]).ok()).collect();
        ratio(recalls.iter().sum(), recalls.len() as f64)
    }

    /// Gorodkin, "Comparing two K-category assignments by a K-category correlation coefficient",
    /// Computational Biology and Chemistry 28 (2004); undefined when only one class occurs or is predicted.
    pub fn matthews_correlation(&self) -> Value {
        let total = self.total();
        let hits: f64 = self.hits.iter().sum();
        let product = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
        let (said, were) = (&self.predicted, &self.actual);
        let spread = |counts: &[f64]| (total * total - product(counts, counts)).max(0.0).sqrt();
        ratio(hits * total - product(said, were), spread(said) * spread(were))
    }

    pub fn majority_class_accuracy(&self) -> Value {
        ratio(self.actual.iter().copied().fold(0.0, f64::max), self.total())
    }

    pub fn log_loss(&self) -> Value {
        ratio(self.log_loss, self.n_losses)
    }
}

impl RegressionSample {
    pub fn mae(&self) -> Value {
        ratio(self.sums.absolute_errors, self.sums.n)
    }

    pub fn mse(&self) -> Value {
        ratio(self.sums.squared_errors, self.sums.n)
    }

    pub fn rmse(&self) -> Value {
        self.mse().map(f64::sqrt)
    }

    /// 1 - SSE/SST; undefined when the labels do not vary.
    pub fn r2(&self) -> Value {
        Ok(1.0 - ratio(self.mse()?, self.variance)?)
    }

    /// Mean of prediction - label.
    pub fn bias(&self) -> Value {
        ratio(self.sums.errors, self.sums.n)
    }
}
