//! Results of the bias monitor: how differently labels and predictions treat groups.

use std::collections::{HashMap, HashSet};

use serde_json::{Value, json};

use super::account::SideTableAccount;
use super::json::{finite, interval, without_empty};
use super::model_calls::ModelCalls;
use super::monitor_results::{Metric, interval_text, marked};
use super::{Account, Artifact, MonitorResults, Run, Sections};
use crate::judge::bias::{self as verdicts, BaselineIndex};
use crate::judge::{Finding, Judgement, Subject, Test};
use crate::measure::bias::{
    BaselineGroup, Bias, BiasMetric, EightCounts, GroupBias, Intersection, PerformanceRate, shares,
};
use crate::names::{Monitor, file, metric};
use crate::profile::java_double;
use crate::wire::clarify::analysis;
use crate::wire::cloudwatch::MAX_MAGNITUDE;

/// What was measured of groups.
#[derive(Default)]
pub struct BiasResults {
    /// `None`, or a bias of no rows, when no labelled row was used.
    pub bias: Option<Bias>,
    /// Rows of two groups at once.
    pub intersections: Vec<Intersection>,
    /// Rates of the model over all rows; empty without predictions.
    pub performance: Vec<PerformanceRate>,
    /// What was asked of the model; `None` where the data hold the predictions, or there are none.
    pub calls: Option<ModelCalls>,
    /// `None` in a baseline job.
    pub baseline: Option<Vec<BaselineGroup>>,
}

impl MonitorResults for BiasResults {
    const MONITOR: Monitor = Monitor::Bias;

    fn has_baseline(&self) -> bool {
        self.baseline.is_some()
    }

    fn judge(&self) -> Judgement {
        let judged = self.baseline.as_deref().zip(self.bias.as_ref());
        let tests = judged.map(|(baseline, bias)| verdicts::test(baseline, bias, verdicts::DEFAULT_MARGIN));
        Judgement {
            aws: judged.map(|(baseline, bias)| verdicts::evaluate(baseline, bias)).unwrap_or_default(),
            tests: Some(tests.unwrap_or_default()),
            ..Judgement::default()
        }
    }

    /// Without a labelled row there is no data.
    fn n_used(&self, _: &Account) -> u64 {
        self.bias.as_ref().map_or(0, |bias| bias.n)
    }

    /// What a later run compares with is the analysis itself.
    fn files(&self, _: &Run<'_>) -> Vec<Artifact> {
        vec![Artifact::new(file::ANALYSIS, analysis::write(self.bias.as_ref()))]
    }

    fn sections(&self, run: &Run<'_>, judgement: &Judgement) -> Sections {
        let lookup = self.baseline.as_deref().map(|baseline| Lookup::of(baseline, judgement));
        let groups = |is_post_training: bool| -> Vec<Value> {
            let groups = self.groups(is_post_training).iter();
            groups.map(|group| of_group(is_post_training, group, lookup.as_ref())).collect()
        };
        let bias = self.bias.as_ref();
        let section = json!({
            "label": bias.map(|bias| &bias.label),
            "label_value_or_threshold": bias.map(|bias| &bias.label_value_or_threshold),
            "n": bias.map_or(0, |bias| bias.n),
            "missing": bias.map(|bias| bias.n_missing.clone()).unwrap_or_default(),
            "estimated": bias.map(|bias| &bias.estimated),
            "joined": run.account.side_tables.iter().map(SideTableAccount::to_json).collect::<Vec<_>>(),
            "post_training": groups(true),
            "pre_training": groups(false),
            "intersections": self.intersections.iter().map(intersection).collect::<Vec<_>>(),
            "calls": self.calls.map(ModelCalls::to_json),
            "performance": self.performance.iter().map(|rate| of_rate(rate.name, Some(rate.value))).collect::<Vec<_>>(),
        });
        Sections {
            own: vec![("bias", without_empty(section, &["estimated", "joined", "calls"]))],
            ..Sections::default()
        }
    }

    /// Those of DG:clarify-model-monitor-bias-drift-cw. Infinite values stand as the largest that CloudWatch takes,
    /// 2^360, which AWS's page rounds to 2.348543e108; those without a value are absent. A group is called as the
    /// configuration writes it, so that its name is the same in every run.
    fn metrics(&self) -> Vec<Metric> {
        let Some(bias) = &self.bias else { return Vec::new() };
        let of_stage = |(is_post_training, stage): (bool, &'static str)| {
            let groups = self.groups(is_post_training).iter();
            groups.flat_map(move |group| group_metrics(bias, group, stage))
        };
        [(true, metric::POST_TRAINING), (false, metric::PRE_TRAINING)].into_iter().flat_map(of_stage).collect()
    }

    fn lines(&self, findings: &[Finding]) -> Vec<String> {
        let baseline = BaselineIndex::of(self.baseline.as_deref().unwrap_or_default());
        let of_stage = |(is_post_training, what): (bool, &str)| {
            let mut lines = Vec::new();
            for group in self.groups(is_post_training) {
                lines.push(format!("{what}, {} = {} against all others", group.facet, group.facet_value));
                let known = baseline.group(is_post_training, group);
                lines.extend(group.metrics.iter().filter_map(|metric| {
                    let is_violated = findings.iter().any(|finding| {
                        let subject = &finding.subject;
                        let of_group = (subject.feature(), subject.group());
                        finding.metric == metric.name
                            && subject.is_post_training() == is_post_training
                            && of_group == (Some(group.facet.as_str()), Some(group.facet_value.as_str()))
                    });
                    Some(marked(is_violated, &metric_line(metric, known)?))
                }));
            }
            lines
        };
        let asked = self.calls.map(|calls| format!("{} different rows predicted by the model", calls.n_predictions));
        asked.into_iter().chain([(false, "labels"), (true, "predictions")].into_iter().flat_map(of_stage)).collect()
    }
}

/// A metric with its name in words, its interval, and the baseline's value; `None` where it has no value.
fn metric_line(metric: &BiasMetric, baseline: Option<&BaselineGroup>) -> Option<String> {
    let value = metric.value.as_ref().ok()?;
    let before = baseline.and_then(|group| group.metrics.iter().find(|(name, _)| name == metric.name)?.1);
    let before = before.map(|before| format!("  baseline {before:.4}")).unwrap_or_default();
    let interval = interval_text(metric.interval);
    Some(format!("{:<55} {value:>9.4}{interval:<20}{before}", metric.description))
}

impl BiasResults {
    fn groups(&self, is_post_training: bool) -> &[GroupBias] {
        match &self.bias {
            Some(bias) if is_post_training => &bias.post_training,
            Some(bias) => &bias.pre_training,
            None => &[],
        }
    }
}

/// Stage, facet, group and metric.
type Key<'a> = (bool, &'a str, &'a str, &'static str);

/// What is looked up for each metric.
struct Lookup<'a> {
    baseline: BaselineIndex<'a>,
    violated: HashSet<Key<'a>>,
    tests: HashMap<Key<'a>, &'a Test>,
}

impl<'a> Lookup<'a> {
    fn of(baseline: &'a [BaselineGroup], judgement: &'a Judgement) -> Self {
        let key = |subject: &'a Subject, metric: &'static str| -> Option<Key<'a>> {
            Some((subject.is_post_training(), subject.feature()?, subject.group()?, metric))
        };
        let tests = judgement.tests.iter().flatten();
        Self {
            baseline: BaselineIndex::of(baseline),
            violated: judgement.aws.iter().filter_map(|found| key(&found.subject, found.metric)).collect(),
            tests: tests.filter_map(|test| Some((key(&test.subject, test.metric)?, test))).collect(),
        }
    }
}

fn of_group(is_post_training: bool, group: &GroupBias, lookup: Option<&Lookup<'_>>) -> Value {
    let baseline = lookup.and_then(|lookup| lookup.baseline.group(is_post_training, group));
    let metric = |metric: &BiasMetric| {
        let key = (is_post_training, group.facet.as_str(), group.facet_value.as_str(), metric.name);
        of_metric(metric, key, baseline, lookup)
    };
    let shares = shares(&group.counts);
    let has_rows = group.counts.n_of_side(true) > 0;
    json!({
        "facet": group.facet,
        "facet_value": group.facet_value,
        "value_or_threshold": group.value_or_threshold,
        "in_baseline": lookup.map(|_| baseline.is_some()),
        "proportion": (group.counts.total() > 0).then_some(shares.proportion),
        "observed_label_distribution": has_rows.then_some(shares.observed_label_distribution),
        "confusion_matrix": shares.confusion_matrix.filter(|_| has_rows),
        "group": counts(&group.counts, 1),
        "rest": counts(&group.counts, 0),
        "metrics": group.metrics.iter().map(metric).collect::<Vec<_>>(),
    })
}

fn of_metric(
    metric: &BiasMetric,
    key: Key<'_>,
    baseline: Option<&BaselineGroup>,
    lookup: Option<&Lookup<'_>>,
) -> Value {
    let known = baseline.and_then(|group| group.metrics.iter().find(|(name, _)| name == metric.name)?.1);
    let error = match &metric.value {
        Ok(value) if value.is_finite() => None,
        Ok(value) => Some(format!("the value is {}", java_double(*value))),
        Err(text) => Some(text.clone()),
    };
    let is_judged = metric.value.is_ok() && known.is_some();
    let object = json!({
        "metric": metric.name,
        "description": metric.description,
        "value": metric.value.as_ref().ok().copied().and_then(finite),
        "error": error,
        "standard_error": metric.standard_error,
        "interval": interval(metric.interval),
        "baseline": known,
        "violated": lookup.filter(|_| is_judged).map(|lookup| lookup.violated.contains(&key)),
        "test": lookup.and_then(|lookup| lookup.tests.get(&key)).map(|test| of_test(test)),
    });
    without_empty(object, &["error"])
}

fn of_test(test: &Test) -> Value {
    json!({
        "outcome": test.outcome.name(),
        "scale": test.scale.name(),
        "unfairness": test.scaled,
        "standard_error": test.standard_error,
        "baseline_unfairness": test.baseline_scaled,
        "baseline_standard_error": test.baseline_standard_error,
        "baseline_n": test.baseline_n,
        "effect": test.effect,
        "p": test.p,
        "p_adjusted": test.p_adjusted,
    })
}

fn counts(counts: &EightCounts, side: usize) -> Value {
    let [[true_negatives, false_positives], [false_negatives, true_positives]] = counts.n[side];
    let positives = false_negatives.saturating_add(true_positives);
    let predicted = counts.has_predictions.then(|| false_positives.saturating_add(true_positives));
    json!({
        "n": positives.saturating_add(true_negatives).saturating_add(false_positives),
        "positives": positives,
        "predicted_positives": predicted,
        "true_positives": counts.has_predictions.then_some(true_positives),
    })
}

/// The rows that two groups have in common.
fn intersection(pair: &Intersection) -> Value {
    let metrics = pair.metrics.iter().map(|(name, value)| of_rate(name, value.as_ref().ok().copied()));
    json!({
        "groups": pair.groups.iter().map(|(facet, value)| format!("{facet} = {value}")).collect::<Vec<_>>(),
        "n": pair.n,
        "metrics": metrics.collect::<Vec<_>>(),
    })
}

/// One number; null where it cannot be computed or is infinite.
fn of_rate(name: &str, value: Option<f64>) -> Value {
    json!({"metric": name, "value": value})
}

fn group_metrics(bias: &Bias, group: &GroupBias, stage: &str) -> Vec<Metric> {
    let dimensions = [
        (metric::DIMENSION_BIAS_STAGE, stage),
        (metric::DIMENSION_LABEL, bias.label.as_str()),
        (metric::DIMENSION_LABEL_VALUE, bias.label_value_or_threshold.as_str()),
        (metric::DIMENSION_FACET, group.facet.as_str()),
        (metric::DIMENSION_FACET_VALUE, group.facet_value.as_str()),
    ];
    let published = |measured: &BiasMetric| {
        let value = measured.value.as_ref().ok()?.clamp(-MAX_MAGNITUDE, MAX_MAGNITUDE);
        Some(Metric::single(format!("{}{}", metric::BIAS, measured.name), value).within(&dimensions))
    };
    group.metrics.iter().filter_map(published).collect()
}
