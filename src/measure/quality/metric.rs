//! Quality metric: an entry of the table of metrics, with everything that is known about it.

use super::formulas::Value;
use super::sample::{BinarySample, MulticlassSample, RegressionSample, Sample};
use crate::profile::{Problem, Undefined};

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
    /// What a model does that always says the same class.
    pub is_constant_classifier: bool,
    /// What AWS's monitor limits; `None` where it does not.
    pub limit: Option<Limit>,
    /// AWS limits it and never reports it, though published runs violate it.
    pub is_never_reported: bool,
    /// The metric that says the same in other words.
    pub equivalent: Option<(Relation, &'static str)>,
    pub replicates: Replicates,
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

/// What bootstrap replicates tell of a metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Replicates {
    Interval,
    /// A mean of distances is larger in the replicates than in the data: no interval.
    Error,
    /// The metric is the same whatever the rows are, but for the choice of the constant.
    Ignored,
}

/// What a limited metric is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// A share of rows or an average of such, in 0…1.
    Share,
    /// In the unit of the labels, or without one.
    Number,
}

/// What a metric is of its equivalent. Limits of the two ask the same question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    Equal,
    /// 1 - the other.
    Complement,
    Square,
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

impl MetricKind {
    const fn new(name: &'static str, larger_is_better: Option<bool>, formula: Formula) -> Self {
        Self {
            name,
            larger_is_better,
            is_aws: true,
            is_estimated: false,
            is_constant_classifier: false,
            limit: None,
            is_never_reported: false,
            equivalent: None,
            replicates: Replicates::Interval,
            needs: Needs::Labels,
            rows: Rows::All,
            formula,
        }
    }

    pub(super) const fn binary(name: &'static str, larger: Option<bool>, formula: fn(&BinarySample) -> Value) -> Self {
        Self::new(name, larger, Formula::Binary(formula))
    }

    pub(super) const fn multiclass(
        name: &'static str,
        larger: Option<bool>,
        formula: fn(&MulticlassSample) -> Value,
    ) -> Self {
        Self::new(name, larger, Formula::Multiclass(formula))
    }

    pub(super) const fn regression(
        name: &'static str,
        larger: Option<bool>,
        formula: fn(&RegressionSample) -> Value,
    ) -> Self {
        Self::new(name, larger, Formula::Regression(formula))
    }

    pub(super) const fn ours(mut self) -> Self {
        self.is_aws = false;
        self
    }

    pub(super) const fn estimated(mut self) -> Self {
        self.is_estimated = true;
        self
    }

    pub(super) const fn of_constant_classifier(mut self) -> Self {
        self.is_constant_classifier = true;
        self
    }

    pub(super) const fn limited(mut self, limit: Limit) -> Self {
        self.limit = Some(limit);
        self
    }

    pub(super) const fn never_reported(mut self) -> Self {
        self.is_never_reported = true;
        self
    }

    pub(super) const fn equivalent(mut self, relation: Relation, metric: &'static str) -> Self {
        self.equivalent = Some((relation, metric));
        self
    }

    pub(super) const fn replicates(mut self, replicates: Replicates) -> Self {
        self.replicates = replicates;
        self
    }

    pub(super) const fn over(mut self, rows: Rows) -> Self {
        self.rows = rows;
        self
    }

    pub(super) const fn needing(mut self, needs: Needs) -> Self {
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
            _ => Err(Undefined::KindMismatch),
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
