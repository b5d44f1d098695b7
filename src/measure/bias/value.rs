//! Bias of a dataset, measured.

use super::bootstrap::Replicates;
use super::metric::Stage;
use super::result::{Bias, BiasMetric, GroupBias};
use super::table::{ALL, named};
use crate::profile::{BiasFault, FacetStatistics, GroupCounts};

/// How the groups differ. With predictions that cannot be used nothing is measured, as in AWS's
/// containers.
pub fn measure(statistics: &FacetStatistics) -> Result<Bias, BiasFault> {
    if let Some(fault) = &statistics.prediction_fault {
        return Err(fault.clone());
    }
    Ok(measure_stages(statistics, statistics.settings.has_predictions))
}

/// As [`measure`], of a window that is held against a baseline: where no prediction is positive, metrics that need
/// some have no value.
pub fn measure_window(statistics: &FacetStatistics) -> Result<Bias, BiasFault> {
    let Some(fault @ BiasFault::NoPositivePrediction) = &statistics.prediction_fault else {
        return measure(statistics);
    };
    let mut bias = measure_stages(statistics, true);
    for metric in bias.post_training.iter_mut().flat_map(|group| &mut group.metrics) {
        if named(metric.name).is_some_and(|kind| kind.needs_positive_predictions) {
            (metric.value, metric.standard_error, metric.interval) = (Err(fault.to_string()), None, None);
        }
    }
    Ok(bias)
}

/// How the groups differ in their labels, whatever is wrong with the predictions.
pub fn measure_labels(statistics: &FacetStatistics) -> Bias {
    measure_stages(statistics, false)
}

fn measure_stages(statistics: &FacetStatistics, with_predictions: bool) -> Bias {
    let (mut pre_training, mut post_training) = (Vec::new(), Vec::new());
    for group in &statistics.groups {
        let replicates = Replicates::of(&group.counts);
        pre_training.push(measure_group(group, Stage::PreTraining, &replicates));
        if with_predictions {
            post_training.push(measure_group(group, Stage::PostTraining, &replicates));
        }
    }
    Bias {
        label: statistics.settings.label.clone(),
        label_value_or_threshold: statistics.label_value_or_threshold.clone(),
        pre_training,
        post_training,
        n: statistics.n,
        n_missing: statistics.n_missing.clone(),
        estimated: statistics.estimated.clone(),
    }
}

fn measure_group(group: &GroupCounts, stage: Stage, replicates: &Replicates) -> GroupBias {
    let kinds = ALL.iter().filter(|kind| kind.stage == stage);
    let metrics = kinds.map(|kind| {
        let value = kind.value(group);
        let uncertainty =
            value.as_ref().map_or_else(|_| Default::default(), |value| kind.uncertainty(*value, group, replicates));
        BiasMetric {
            name: kind.name,
            description: kind.description(),
            value,
            standard_error: uncertainty.standard_error,
            interval: uncertainty.interval,
        }
    });
    GroupBias {
        facet: group.facet.clone(),
        facet_value: group.facet_value.clone(),
        value_or_threshold: group.value_or_threshold.clone(),
        metrics: metrics.collect(),
        counts: group.counts,
    }
}
