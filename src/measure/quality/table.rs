//! The table of metrics: AWS's in the order of AWS's statistics file, then ours.

use super::formulas::Value;
use super::sample::{BinarySample, MulticlassSample, RegressionSample, Sample};
use crate::profile::Problem;

/// One metric of one kind of problem.
#[derive(Debug)]
pub struct MetricKind {
    /// Stable name; AWS's key where AWS has the metric.
    pub name: &'static str,
    /// `None` where neither is better.
    pub larger_is_better: Option<bool>,
    /// Whether AWS's statistics file has it.
    pub is_aws: bool,
    /// Whether it can be estimated from calibrated scores.
    pub is_estimated: bool,
    pub known: Known,
    pub needs: Needs,
    pub rows: Rows,
    formula: Formula,
}

/// What must be there for a metric to be listed at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    Labels,
    Scores,
    /// The exact curves.
    Curves,
}

/// What replicates tell of a metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    Interval,
    /// A mean of distances is larger in the replicates than in the data: no interval.
    Error,
    /// The same whatever the rows are, but for the choice of the constant.
    Nothing,
}

/// Which rows a metric is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rows {
    All,
    /// All, but it is known no better than the rarer class allows.
    BothClasses,
    Positive,
    Negative,
    SaidPositive,
    /// With scores between 0 and 1.
    Probabilities,
}

#[derive(Debug)]
enum Formula {
    Binary(fn(&BinarySample) -> Value),
    Multiclass(fn(&MulticlassSample) -> Value),
    Regression(fn(&RegressionSample) -> Value),
}

const LARGER: Option<bool> = Some(true);
const SMALLER: Option<bool> = Some(false);

impl MetricKind {
    const fn new(name: &'static str, larger_is_better: Option<bool>, formula: Formula) -> Self {
        Self {
            name,
            larger_is_better,
            is_aws: true,
            is_estimated: false,
            known: Known::Interval,
            needs: Needs::Labels,
            rows: Rows::All,
            formula,
        }
    }

    const fn binary(name: &'static str, larger: Option<bool>, formula: fn(&BinarySample) -> Value) -> Self {
        Self::new(name, larger, Formula::Binary(formula))
    }

    const fn multiclass(name: &'static str, larger: Option<bool>, formula: fn(&MulticlassSample) -> Value) -> Self {
        Self::new(name, larger, Formula::Multiclass(formula))
    }

    const fn regression(name: &'static str, larger: Option<bool>, formula: fn(&RegressionSample) -> Value) -> Self {
        Self::new(name, larger, Formula::Regression(formula))
    }

    const fn ours(mut self) -> Self {
        self.is_aws = false;
        self
    }

    const fn estimated(mut self) -> Self {
        self.is_estimated = true;
        self
    }

    const fn known(mut self, known: Known) -> Self {
        self.known = known;
        self
    }

    const fn over(mut self, rows: Rows) -> Self {
        self.rows = rows;
        self
    }

    const fn needing(mut self, needs: Needs) -> Self {
        self.needs = needs;
        self
    }

    /// The kind of problem that the metric is for.
    pub fn problem(&self) -> Problem {
        match self.formula {
            Formula::Binary(_) => Problem::BinaryClassification,
            Formula::Multiclass(_) => Problem::MulticlassClassification,
            Formula::Regression(_) => Problem::Regression,
        }
    }

    /// The metric of a sample.
    pub fn of(&self, sample: &Sample) -> Value {
        match (&self.formula, sample) {
            (Formula::Binary(formula), Sample::Binary(sample)) => formula(sample),
            (Formula::Multiclass(formula), Sample::Multiclass(sample)) => formula(sample),
            (Formula::Regression(formula), Sample::Regression(sample)) => formula(sample),
            _ => Err(crate::profile::Undefined::KindMismatch),
        }
    }

    /// Rows that a share of all or none is known by; `None` where the metric is no share.
    pub fn n_evidence(&self, sample: &Sample) -> Option<u64> {
        match (self.rows, sample) {
            (Rows::Probabilities, _) | (_, Sample::Regression(_)) => None,
            (Rows::BothClasses, Sample::Binary(sample)) => Some(sample.n_rarer() as u64),
            _ => Some(self.n(sample)),
        }
    }

    /// Rows behind the metric of a sample.
    pub fn n(&self, sample: &Sample) -> u64 {
        let n = match (self.rows, sample) {
            (Rows::Positive, Sample::Binary(sample)) => sample.true_positives + sample.false_negatives,
            (Rows::Negative, Sample::Binary(sample)) => sample.false_positives + sample.true_negatives,
            (Rows::SaidPositive, Sample::Binary(sample)) => sample.true_positives + sample.false_positives,
            (Rows::Probabilities, Sample::Binary(sample)) => sample.losses.n,
            (_, Sample::Binary(sample)) => sample.total(),
            (Rows::Probabilities, Sample::Multiclass(sample)) => sample.n_losses,
            (_, Sample::Multiclass(sample)) => sample.total(),
            (_, Sample::Regression(sample)) => sample.sums.n,
        };
        n as u64
    }
}

/// Whether a larger value of the metric is better; `None` for unknown names, and where neither is.
pub fn larger_is_better(metric: &str) -> Option<bool> {
    ALL.iter().find(|kind| kind.name == metric)?.larger_is_better
}

type B = BinarySample;
type M = MulticlassSample;
type R = RegressionSample;

/// Every metric, in the order of files.
pub static ALL: &[MetricKind] = &[
    MetricKind::binary("recall", LARGER, B::recall).over(Rows::Positive).estimated(),
    MetricKind::binary("precision", LARGER, B::precision).over(Rows::SaidPositive).estimated(),
    MetricKind::binary("accuracy", LARGER, B::accuracy).estimated(),
    MetricKind::binary("recall_best_constant_classifier", LARGER, B::constant_recall).known(Known::Nothing),
    MetricKind::binary("precision_best_constant_classifier", LARGER, B::constant_precision).known(Known::Nothing),
    MetricKind::binary("accuracy_best_constant_classifier", LARGER, B::constant_accuracy),
    MetricKind::binary("true_positive_rate", LARGER, B::recall).over(Rows::Positive),
    MetricKind::binary("true_negative_rate", LARGER, B::true_negative_rate).over(Rows::Negative),
    MetricKind::binary("false_positive_rate", SMALLER, B::false_positive_rate).over(Rows::Negative),
    MetricKind::binary("false_negative_rate", SMALLER, B::false_negative_rate).over(Rows::Positive),
    MetricKind::binary("auc", LARGER, B::auc).over(Rows::BothClasses).needing(Needs::Curves).estimated(),
    MetricKind::binary("au_prc", LARGER, B::au_prc).over(Rows::BothClasses).needing(Needs::Curves),
    MetricKind::binary("f0_5", LARGER, B::f0_5).over(Rows::BothClasses).estimated(),
    MetricKind::binary("f1", LARGER, B::f1).over(Rows::BothClasses).estimated(),
    MetricKind::binary("f2", LARGER, B::f2).over(Rows::BothClasses).estimated(),
    MetricKind::binary("f0_5_best_constant_classifier", LARGER, B::constant_f0_5).known(Known::Nothing),
    MetricKind::binary("f1_best_constant_classifier", LARGER, B::constant_f1).known(Known::Nothing),
    MetricKind::binary("f2_best_constant_classifier", LARGER, B::constant_f2).known(Known::Nothing),
    MetricKind::binary("log_loss", SMALLER, B::log_loss).ours().needing(Needs::Scores).over(Rows::Probabilities),
    MetricKind::binary("brier_score", SMALLER, B::brier_score).ours().needing(Needs::Scores).over(Rows::Probabilities),
    MetricKind::binary("expected_calibration_error", SMALLER, B::expected_calibration_error)
        .ours()
        .known(Known::Error)
        .needing(Needs::Scores)
        .over(Rows::Probabilities),
    MetricKind::binary("matthews_correlation", LARGER, B::matthews_correlation).over(Rows::BothClasses).ours(),
    MetricKind::binary("balanced_accuracy", LARGER, B::balanced_accuracy).over(Rows::BothClasses).ours(),
    MetricKind::binary("average_precision", LARGER, B::average_precision)
        .over(Rows::BothClasses)
        .ours()
        .needing(Needs::Curves),
    MetricKind::binary("majority_class_accuracy", LARGER, B::majority_class_accuracy).ours(),
    MetricKind::multiclass("accuracy", LARGER, M::accuracy).estimated(),
    MetricKind::multiclass("weighted_recall", LARGER, M::weighted_recall).estimated(),
    MetricKind::multiclass("weighted_precision", LARGER, M::weighted_precision).estimated(),
    MetricKind::multiclass("weighted_f0_5", LARGER, M::weighted_f0_5).estimated(),
    MetricKind::multiclass("weighted_f1", LARGER, M::weighted_f1).estimated(),
    MetricKind::multiclass("weighted_f2", LARGER, M::weighted_f2).estimated(),
    MetricKind::multiclass("accuracy_best_constant_classifier", LARGER, M::constant_accuracy),
    MetricKind::multiclass("weighted_recall_best_constant_classifier", LARGER, M::constant_weighted_recall),
    MetricKind::multiclass("weighted_precision_best_constant_classifier", LARGER, M::constant_weighted_precision),
    MetricKind::multiclass("weighted_f0_5_best_constant_classifier", LARGER, M::constant_weighted_f0_5),
    MetricKind::multiclass("weighted_f1_best_constant_classifier", LARGER, M::constant_weighted_f1),
    MetricKind::multiclass("weighted_f2_best_constant_classifier", LARGER, M::constant_weighted_f2),
    MetricKind::multiclass("log_loss", SMALLER, M::log_loss).ours().needing(Needs::Scores).over(Rows::Probabilities),
    MetricKind::multiclass("matthews_correlation", LARGER, M::matthews_correlation).ours(),
    MetricKind::multiclass("balanced_accuracy", LARGER, M::balanced_accuracy).ours(),
    MetricKind::multiclass("macro_f1", LARGER, M::macro_f1).ours(),
    MetricKind::multiclass("majority_class_accuracy", LARGER, M::majority_class_accuracy).ours(),
    MetricKind::regression("mae", SMALLER, R::mae),
    MetricKind::regression("mse", SMALLER, R::mse),
    MetricKind::regression("rmse", SMALLER, R::rmse),
    MetricKind::regression("r2", LARGER, R::r2),
    MetricKind::regression("bias", None, R::bias).ours(),
];

#[cfg(test)]
mod tests {
    use std::collections::{HashMap, HashSet};

    use super::*;

    #[test]
    fn names_differ_within_a_problem_and_mean_the_same_in_all() {
        let names: HashSet<_> = ALL.iter().map(|kind| (kind.problem().name(), kind.name)).collect();
        assert_eq!(names.len(), ALL.len());
        let mut better = HashMap::new();
        for kind in ALL {
            assert_eq!(*better.entry(kind.name).or_insert(kind.larger_is_better), kind.larger_is_better);
        }
        assert!(
            ALL.iter().all(|kind| kind.name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_' || b.is_ascii_digit()))
        );
    }

    #[test]
    fn aws_s_metrics_stand_before_ours() {
        for problem in Problem::ALL {
            assert!(ALL.iter().filter(|kind| kind.problem() == problem).is_sorted_by_key(|kind| !kind.is_aws));
        }
    }

    #[test]
    fn errors_and_false_alarms_are_better_when_smaller() {
        let smaller: HashSet<_> =
            ALL.iter().filter(|kind| larger_is_better(kind.name) == Some(false)).map(|kind| kind.name).collect();
        let expected = [
            "false_positive_rate",
            "false_negative_rate",
            "log_loss",
            "brier_score",
            "expected_calibration_error",
            "mae",
            "mse",
            "rmse",
        ];
        assert_eq!(smaller, expected.into_iter().collect());
        assert_eq!(larger_is_better("bias"), None);
        assert_eq!(larger_is_better("no metric"), None);
    }
}
