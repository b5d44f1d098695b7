//! What is known once rows are explained.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::asked::RowAttributions;
use super::budget::Plan;
use crate::measure::attribution::{AttributionStatistics, ndcg};
use crate::profile::{Aggregation, AttributionSettings, AttributionSummary, ExplainedOutput, ExplainedRow, FeatureRow};
use crate::summary::Summary;

/// The attributions of a sample of rows.
pub(super) struct SampleAttributions {
    pub statistics: AttributionStatistics,
    /// By row, by output, by feature.
    pub local: Vec<Vec<Vec<f64>>>,
    /// Rows of the sample that were not explained, by reason.
    pub refused: BTreeMap<String, u64>,
}

/// Puts the attributions of planned rows to the rows of the sample that are like them.
pub(super) fn of_sample(
    plan: &Plan<'_>,
    explained: &[RowAttributions],
    settings: AttributionSettings,
) -> SampleAttributions {
    let sample = plan.sample.iter().filter_map(|(row, place)| Some((*row, explained.get(*place)?)));
    let mut refused = BTreeMap::new();
    let mut local = Vec::new();
    let found = sample.filter_map(|(row, explained)| match explained {
        Ok(outputs) => {
            local.push(outputs.iter().map(|output| output.attributions.clone()).collect());
            Some((row, outputs))
        }
        Err(reason) => {
            *refused.entry(reason.clone()).or_default() += 1;
            None
        }
    });
    let statistics = summarised(found, settings);
    SampleAttributions { statistics, local, refused }
}

fn summarised<'a>(
    rows: impl Iterator<Item = (&'a FeatureRow, &'a Vec<ExplainedOutput>)>,
    settings: AttributionSettings,
) -> AttributionStatistics {
    let mut summary = AttributionSummary::new(Arc::new(settings));
    for (row, outputs) in rows {
        summary.observe(&ExplainedRow { hash: row.hash, outputs: outputs.clone() });
    }
    summary.finish()
}

/// By output: NDCG between two explanations of the same rows, and of how many; `None` where it has no value.
pub(super) fn noise_floors(
    (first, second): (&[RowAttributions], &[RowAttributions]),
    settings: &AttributionSettings,
    aggregation: Aggregation,
) -> Vec<Option<(f64, u64)>> {
    let both = || first.iter().zip(second).filter_map(|(a, b)| Some((a.as_ref().ok()?, b.as_ref().ok()?)));
    let of = |rows: Vec<&Vec<ExplainedOutput>>| {
        let mut summary = AttributionSummary::new(Arc::new(settings.clone()));
        for (hash, outputs) in (0..).zip(rows) {
            summary.observe(&ExplainedRow { hash, outputs: outputs.clone() });
        }
        summary.finish()
    };
    let (a, b) = (of(both().map(|(a, _)| a).collect()), of(both().map(|(_, b)| b).collect()));
    let floor = |(a, b): (&crate::profile::OutputAttributions, &crate::profile::OutputAttributions)| {
        let values = |output: &crate::profile::OutputAttributions| -> Vec<f64> {
            output.features.iter().map(|feature| feature.aggregated(aggregation)).collect()
        };
        ndcg(&values(a), &values(b)).ok().filter(|_| a.n > 0).map(|ndcg| (ndcg, a.n))
    };
    a.outputs.iter().zip(&b.outputs).map(floor).collect()
}

/// Of all features, those that are asked for, in the order of the data; the others count nowhere.
pub(super) fn only(statistics: &mut AttributionStatistics, wanted: &[String]) -> Vec<usize> {
    let places: Vec<usize> =
        (0..statistics.features.len()).filter(|place| wanted.contains(&statistics.features[*place])).collect();
    fn chosen<T: Clone>(places: &[usize], all: &[T]) -> Vec<T> {
        places.iter().filter_map(|place| all.get(*place).cloned()).collect()
    }
    statistics.features = chosen(&places, &statistics.features);
    for output in &mut statistics.outputs {
        output.features = chosen(&places, &output.features);
        output.replicates = output.replicates.iter().map(|replicate| chosen(&places, replicate)).collect();
    }
    places
}
