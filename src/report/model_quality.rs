//! Results of the model-quality monitor: predictions held against their labels.

use std::borrow::Cow;

use serde_json::{Value, json};

use super::json::{interval, known, without_empty};
use super::monitor_results::{Metric as PublishedMetric, interval_text, marked};
use super::{Account, Artifact, MonitorResults, Run, Sections, looked_at_labels};
use crate::judge::quality::{self as verdicts, QualityConstraints};
use crate::judge::{Finding, Judgement, Subject, Test};
use crate::measure::concept::{CONCEPT_CHANGE, ConceptChange};
use crate::measure::quality::{CalibrationBin, ClassQuality, Metric, Predictions, Quality, QualityBaseline, named};
use crate::names::{Monitor, file};
use crate::profile::{OutcomeAccount, Problem};
use crate::wire::model_quality::statistics::Times;
use crate::wire::model_quality::{baseline, constraints, statistics};

/// What was measured of a model. Without a labelled row it is the quality of no rows, which keeps the account.
pub struct ModelQualityResults {
    pub problem: Problem,
    pub quality: Quality,
    pub predictions: Predictions,
    /// One for each feature of the baseline that rows can have; empty where it has none.
    pub concept: Vec<ConceptChange>,
    /// The constraints that are written: those that the current data suggest.
    pub suggested: QualityConstraints,
    /// What later runs compare with; written in a baseline job.
    pub remembered: Option<QualityBaseline>,
    /// `None` in a baseline job.
    pub baseline: Option<ModelQualityBaseline>,
    /// Whether the report numbers classes and does not name them.
    pub redact: bool,
}

/// A baseline, as far as it was given.
pub struct ModelQualityBaseline {
    pub constraints: QualityConstraints,
    /// `None` where only the constraints are given: their thresholds are taken as exact.
    pub profile: Option<QualityBaseline>,
}

impl MonitorResults for ModelQualityResults {
    const MONITOR: Monitor = Monitor::ModelQuality;

    fn has_baseline(&self) -> bool {
        self.baseline.is_some()
    }

    fn judge(&self) -> Judgement {
        let is_labelled = self.quality.account.n_used > 0;
        let Some(baseline) = self.baseline.as_ref().filter(|_| is_labelled) else {
            return Judgement { tests: Some(Vec::new()), ..Judgement::default() };
        };
        let ModelQualityBaseline { constraints, profile } = baseline;
        Judgement {
            aws: verdicts::evaluate(constraints, &self.quality),
            tests: Some(verdicts::test(constraints, &self.quality, &self.concept, profile.as_ref())),
            ..Judgement::default()
        }
    }

    /// Without a labelled row there is no data.
    fn n_used(&self, _: &Account) -> u64 {
        self.quality.n
    }

    fn looked_at(&self, account: &Account) -> String {
        looked_at_labels(account, Some(&self.quality.account))
    }

    fn files(&self, run: &Run<'_>) -> Vec<Artifact> {
        let times = Times { start: run.window.start, end: run.window.end, evaluation: run.evaluation_time };
        let statistics = statistics::write(self.problem, Some(&self.quality), times, run.layout);
        let remembered = self.remembered.iter();
        let remembered = remembered.map(|known| Artifact::new(file::QUALITY_BASELINE, baseline::write(known)));
        let constraints = Artifact::new(file::CONSTRAINTS, constraints::write(&self.suggested));
        [Artifact::new(file::STATISTICS, statistics), constraints].into_iter().chain(remembered).collect()
    }

    fn sections(&self, _: &Run<'_>, judgement: &Judgement) -> Sections {
        let quality = &self.quality;
        let confusion = quality.confusion.as_ref();
        let section = json!({
            "problem_type": self.problem.name(),
            "n": quality.n,
            "account": account(&quality.account),
            "metrics": self.metric_entries(judgement),
            "confusion": confusion.map(|matrix| {
                let classes = matrix.classes.iter().enumerate().map(|(place, class)| self.class_name(place, class));
                json!({"classes": classes.collect::<Vec<_>>(), "counts": matrix.counts})
            }),
            "classes": quality
                .classes
                .iter()
                .enumerate()
                .map(|(place, quality)| class(&self.class_name(place, &quality.class), quality))
                .collect::<Vec<_>>(),
            "calibration": quality.calibration.iter().map(calibration_bin).collect::<Vec<_>>(),
            "residual_quantiles": quality
                .residual_quantiles
                .iter()
                .map(|(level, value)| json!({"level": level, "value": value}))
                .collect::<Vec<_>>(),
            "predictions": self.predictions_section(),
            "features": self.feature_entries(judgement),
        });
        let section = without_empty(section, &["features"]);
        Sections { own: vec![("quality", section)], ..Sections::default() }
    }

    /// AWS's metrics are called like their keys in the statistics (DG:model-monitor-model-quality-metrics); those
    /// without a value are absent.
    fn metrics(&self) -> Vec<PublishedMetric> {
        let published = |metric: &Metric| Some(PublishedMetric::single(metric.name, metric.value.ok()?));
        self.quality.metrics.iter().filter_map(published).collect()
    }

    fn lines(&self, findings: &[Finding]) -> Vec<String> {
        let Self { quality, predictions, .. } = self;
        let limits = self.baseline.as_ref().map_or(&[][..], |baseline| &baseline.constraints.limits);
        let estimated = |name: &str| predictions.estimated.iter().find(|estimate| estimate.name == name)?.value.ok();
        let of_metric = |metric: &Metric| {
            let is_constant = named(metric.name).is_some_and(|kind| kind.is_constant_classifier);
            let value = metric.value.ok().filter(|_| !is_constant)?;
            let limit = limits.iter().find(|limit| limit.metric == metric.name).and_then(|limit| limit.threshold);
            let limit = limit.map(|limit| format!("  baseline {limit:.4}")).unwrap_or_default();
            let estimated = estimated(metric.name).map(|value| format!("  estimated without labels {value:.4}"));
            let (interval, estimated) = (interval_text(metric.interval), estimated.unwrap_or_default());
            let is_violated = findings.iter().any(|finding| finding.metric == metric.name);
            let line = format!("{:<28} {value:>9.4}{interval:<20}{limit}{estimated}", metric.name);
            Some(marked(is_violated, &line))
        };
        let of_estimate = |estimate: &Metric| {
            let value = estimate.value.ok().filter(|_| quality.n == 0)?;
            Some(marked(false, &format!("{:<28} {value:>9.4}  estimated without labels", estimate.name)))
        };
        let OutcomeAccount { n_used, n_rows, .. } = quality.account;
        let used =
            (n_used > 0).then(|| marked(false, &format!("{:<28} {n_used:>9} of {n_rows}", "rows in the metrics")));
        let metrics = quality.metrics.iter().chain(&quality.more_metrics).filter_map(of_metric);
        let of_feature = |finding: &Finding| {
            let feature = finding.subject.feature()?;
            let name = format!("{CONCEPT_CHANGE} {feature}");
            Some(marked(true, &format!("{name:<28} {:>9.4}{:<20}  n {}", finding.value, "", finding.n)))
        };
        let features = findings.iter().filter_map(of_feature);
        let estimates = predictions.estimated.iter().filter_map(of_estimate);
        used.into_iter().chain(metrics).chain(features).chain(estimates).collect()
    }
}

impl ModelQualityResults {
    /// What the report calls the class at `place`.
    fn class_name<'c>(&self, place: usize, class: &'c str) -> Cow<'c, str> {
        if self.redact { Cow::Owned(format!("class {}", place + 1)) } else { Cow::Borrowed(class) }
    }

    fn feature_entries(&self, judgement: &Judgement) -> Vec<Value> {
        let tests = judgement.tests.as_deref().unwrap_or_default();
        let of_feature = |change: &ConceptChange| {
            let (value, not_computed) = known(change.value);
            let subject = Subject::Feature(change.feature.clone());
            let test = tests.iter().find(|test| test.subject == subject);
            let object = json!({
                "feature": change.feature,
                "n": change.n,
                "baseline_n": change.baseline_n,
                CONCEPT_CHANGE: value,
                "not_computed": not_computed,
                "p": test.and_then(|test| test.p),
                "p_adjusted": test.and_then(|test| test.p_adjusted),
                "outcome": test.map(|test| test.outcome.name()),
                "conditional_entropy": known(change.conditional_entropy).0,
                "baseline_conditional_entropy": known(change.baseline_conditional_entropy).0,
            });
            without_empty(object, &["not_computed"])
        };
        self.concept.iter().map(of_feature).collect()
    }

    fn metric_entries(&self, judgement: &Judgement) -> Vec<Value> {
        let limits = self.baseline.as_ref().map_or(&[][..], |baseline| &baseline.constraints.limits);
        let tests = judgement.tests.as_deref().unwrap_or_default();
        let of_metric = |metric: &Metric| {
            let (value, not_computed) = known(metric.value);
            let limit = limits.iter().find(|limit| limit.metric == metric.name);
            let threshold = limit.and_then(|limit| limit.threshold);
            let is_judged = metric.value.is_ok() && threshold.is_some();
            let is_violated = |finding: &Finding| finding.metric == metric.name;
            let object = json!({
                "metric": metric.name,
                "value": value,
                "not_computed": not_computed,
                "standard_error": metric.standard_error,
                "interval": interval(metric.interval),
                "n": metric.n,
                "threshold": threshold,
                "operator": limit.map(|limit| limit.operator.name()),
                "violated": is_judged.then(|| judgement.aws.iter().any(is_violated)),
                "test": tests.iter().find(|test| test.metric == metric.name).map(test_entry),
            });
            without_empty(object, &["not_computed"])
        };
        self.quality.metrics.iter().chain(&self.quality.more_metrics).map(of_metric).collect()
    }

    /// What the predictions alone say, labelled or not.
    fn predictions_section(&self) -> Value {
        let drift = |metric: &Metric| {
            let (value, not_computed) = known(metric.value);
            let object = json!({"measure": metric.name, "value": value, "not_computed": not_computed, "n": metric.n});
            without_empty(object, &["not_computed"])
        };
        let estimate = |metric: &Metric| {
            let (value, not_computed) = known(metric.value);
            let realised = self.quality.metric(metric.name).and_then(|realised| known(realised.value).0);
            let object = json!({
                "metric": metric.name,
                "value": value,
                "not_computed": not_computed,
                "standard_error": metric.standard_error,
                "interval": interval(metric.interval),
                "n": metric.n,
                "realised": realised,
            });
            without_empty(object, &["not_computed"])
        };
        json!({
            "n": self.predictions.n,
            "drift": self.predictions.drift.iter().map(drift).collect::<Vec<_>>(),
            "estimated": self.predictions.estimated.iter().map(estimate).collect::<Vec<_>>(),
            "not_estimated": self.predictions.not_estimated,
        })
    }
}

fn test_entry(test: &Test) -> Value {
    json!({
        "outcome": test.outcome.name(),
        "effect": test.effect,
        "p": test.p,
        "p_adjusted": test.p_adjusted,
        "baseline_value": test.baseline_value,
        "baseline_standard_error": test.baseline_standard_error,
        "baseline_n": test.baseline_n,
    })
}

fn account(account: &OutcomeAccount) -> Value {
    let object = json!({
        "rows": account.n_rows,
        "used": account.n_used,
        "without_prediction": account.n_without_prediction,
        "without_label": account.n_without_label,
        "labels_missing": account.labels_missing,
        "not_numbers": account.n_not_numbers,
        "scores_outside": account.n_scores_outside,
        "labels_normalised": account.n_labels_normalised,
    });
    without_empty(object, &["labels_missing"])
}

fn class(name: &str, class: &ClassQuality) -> Value {
    json!({
        "class": name,
        "actual": class.n_actual,
        "predicted": class.n_predicted,
        "precision": known(class.precision).0,
        "recall": known(class.recall).0,
        "f1": known(class.f1).0,
    })
}

fn calibration_bin(bin: &CalibrationBin) -> Value {
    json!({
        "lower": bin.lower,
        "upper": bin.upper,
        "n": bin.n,
        "mean_score": bin.mean_score,
        "share_of_positives": bin.share_of_positives,
    })
}
