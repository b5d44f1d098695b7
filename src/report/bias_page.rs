//! The report's page of a bias run.

use std::collections::{HashMap, HashSet};

use super::page::{account, finite, read};
use super::{BiasInput, BiasMonitoring, SideTable};
use crate::judge::bias::{BaselineIndex, BiasFinding, BiasTest};
use crate::measure::bias::{BaselineGroup, BiasMetric, EightCounts, GroupBias, Intersection, PerformanceRate, shares};
use crate::profile::java_double;
use crate::wire::report;

/// What was measured and judged.
pub(super) fn bias(input: &BiasInput<'_>) -> report::Bias {
    let judged = input.monitoring.map(|monitoring| Judged::of(&monitoring));
    let groups = |is_post_training, groups: &[GroupBias]| -> Vec<report::BiasGroup> {
        groups.iter().map(|group| of_group(is_post_training, group, judged.as_ref())).collect()
    };
    let measured = input.bias;
    report::Bias {
        label: measured.map(|bias| bias.label.clone()),
        label_value_or_threshold: measured.map(|bias| bias.label_value_or_threshold.clone()),
        n: measured.map_or(0, |bias| bias.n),
        missing: measured
            .iter()
            .flat_map(|bias| &bias.n_missing)
            .map(|(reason, n)| ((*reason).to_owned(), *n))
            .collect(),
        estimated: measured.map(|bias| bias.estimated.clone()).unwrap_or_default(),
        joined: input.joined.iter().map(joined).collect(),
        post_training: measured.map(|bias| groups(true, &bias.post_training)).unwrap_or_default(),
        pre_training: measured.map(|bias| groups(false, &bias.pre_training)).unwrap_or_default(),
        intersections: input.intersections.iter().map(intersection).collect(),
        performance: input.performance.iter().map(rate).collect(),
    }
}

fn joined(joined: &SideTable<'_>) -> report::BiasSideTable {
    report::BiasSideTable {
        holds: joined.holds.to_owned(),
        by: joined.by.to_owned(),
        source: joined.source.to_owned(),
        inputs: read(&joined.inputs),
        ledger: account(joined.ledger),
        rows: report::MatchedRows {
            seen: joined.n,
            matched: joined.n_matched,
            without_row: joined.n_without_row,
            without_identifier: joined.n_without_id,
        },
        joined_rows: report::UsedRows {
            seen: joined.n_joined,
            used: joined.n_joined_used,
            unused: joined.n_joined.saturating_sub(joined.n_joined_used + joined.n_joined_without_id),
            without_identifier: joined.n_joined_without_id,
        },
    }
}

fn intersection(pair: &Intersection) -> report::BiasIntersection {
    report::BiasIntersection {
        groups: pair.groups.iter().map(|(facet, value)| format!("{facet} = {value}")).collect(),
        n: pair.n,
        metrics: pair.metrics.iter().map(|(name, value)| report::BiasRate::of(name, value.as_ref().ok())).collect(),
    }
}

fn rate(rate: &PerformanceRate) -> report::BiasRate {
    report::BiasRate::of(rate.name, Some(&rate.value))
}

/// A finding as the report has it.
pub(super) fn finding(finding: &BiasFinding) -> report::Finding {
    report::Finding {
        feature: finding.facet.clone(),
        group: Some(finding.facet_value.clone()),
        check: finding.check.to_owned(),
        measure: finding.metric.to_owned(),
        description: finding.description.clone(),
        value: finite(finding.value),
        threshold: finite(finding.baseline_value),
        n: finding.n,
    }
}

/// Stage, facet, group and metric.
type Key<'a> = (bool, &'a str, &'a str, &'static str);

/// What is looked up for each metric.
struct Judged<'a> {
    known: BaselineIndex<'a>,
    violated: HashSet<Key<'a>>,
    tests: HashMap<Key<'a>, &'a BiasTest>,
}

impl<'a> Judged<'a> {
    fn of(monitoring: &BiasMonitoring<'a>) -> Self {
        let violated = monitoring
            .findings
            .iter()
            .map(|found| (found.is_post_training, found.facet.as_str(), found.facet_value.as_str(), found.metric));
        let tests = monitoring
            .tests
            .iter()
            .map(|test| ((test.is_post_training, test.facet.as_str(), test.facet_value.as_str(), test.metric), test));
        Self { known: BaselineIndex::of(monitoring.baseline), violated: violated.collect(), tests: tests.collect() }
    }
}

fn of_group(is_post_training: bool, group: &GroupBias, judged: Option<&Judged<'_>>) -> report::BiasGroup {
    let baseline = judged.and_then(|judged| judged.known.group(is_post_training, group));
    let metric = |metric: &BiasMetric| {
        let key = (is_post_training, group.facet.as_str(), group.facet_value.as_str(), metric.name);
        of_metric(metric, key, baseline, judged)
    };
    let shares = shares(&group.counts);
    let has_rows = group.counts.n_of_side(true) > 0;
    report::BiasGroup {
        facet: group.facet.clone(),
        facet_value: group.facet_value.clone(),
        value_or_threshold: group.value_or_threshold.clone(),
        in_baseline: judged.map(|_| baseline.is_some()),
        proportion: (group.counts.total() > 0).then_some(shares.proportion),
        observed_label_distribution: has_rows.then_some(shares.observed_label_distribution),
        confusion_matrix: shares.confusion_matrix.filter(|_| has_rows),
        group: counts(&group.counts, 1),
        rest: counts(&group.counts, 0),
        metrics: group.metrics.iter().map(metric).collect(),
    }
}

fn of_metric(
    metric: &BiasMetric,
    key: Key<'_>,
    baseline: Option<&BaselineGroup>,
    judged: Option<&Judged<'_>>,
) -> report::BiasMetric {
    let known = baseline.and_then(|group| group.metrics.iter().find(|(name, _)| name == metric.name)?.1);
    let error = match &metric.value {
        Ok(value) if value.is_finite() => None,
        Ok(value) => Some(format!("the value is {}", java_double(*value))),
        Err(text) => Some(text.clone()),
    };
    let is_judged = metric.value.is_ok() && known.is_some();
    report::BiasMetric {
        metric: metric.name.to_owned(),
        description: metric.description.clone(),
        value: metric.value.as_ref().ok().copied().and_then(finite),
        error,
        standard_error: metric.standard_error.and_then(finite),
        interval: metric.interval.and_then(|(lower, upper)| Some([finite(lower)?, finite(upper)?])),
        baseline: known.and_then(finite),
        violated: judged.filter(|_| is_judged).map(|judged| judged.violated.contains(&key)),
        test: judged.and_then(|judged| judged.tests.get(&key)).map(|test| of_test(test)),
    }
}

fn of_test(test: &BiasTest) -> report::BiasTest {
    report::BiasTest {
        outcome: test.outcome.name().to_owned(),
        scale: test.scale.name().to_owned(),
        unfairness: test.unfairness.and_then(finite),
        standard_error: test.standard_error.and_then(finite),
        baseline_unfairness: test.baseline_unfairness.and_then(finite),
        baseline_standard_error: test.baseline_standard_error.and_then(finite),
        baseline_n: test.baseline_n,
        effect: test.effect.and_then(finite),
        p: test.p,
        p_adjusted: test.p_adjusted,
    }
}

fn counts(counts: &EightCounts, side: usize) -> report::GroupCounts {
    let [[true_negatives, false_positives], [false_negatives, true_positives]] = counts.n[side];
    let positives = false_negatives.saturating_add(true_positives);
    let predicted = counts.has_predictions.then(|| false_positives.saturating_add(true_positives));
    report::GroupCounts {
        n: positives.saturating_add(true_negatives).saturating_add(false_positives),
        positives,
        predicted_positives: predicted,
        true_positives: counts.has_predictions.then_some(true_positives),
    }
}
