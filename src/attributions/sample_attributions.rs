//! Attributions of a sample of rows, how far two seeds agree on them, and why rows have none.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::kernel_shap::RowAttributions;
use super::prediction_budget::Plan;
use crate::measure::attribution::{AttributionStatistics, ndcg};
use crate::profile::{
    Aggregation, AttributionSettings, AttributionSummary, ExplainedOutput, ExplainedRow, OutputAttributions,
};
use crate::summary::Summary;

/// Reasons that are told; they hold the model's words, which may be others for each row.
const MAX_REASONS: usize = 10;

/// The attributions of a sample of rows.
pub(super) struct SampleAttributions {
    pub statistics: AttributionStatistics,
    pub n_explained: u64,
    /// By row, by output, by feature; empty where they are not kept.
    pub local: Vec<Vec<Vec<f64>>>,
    pub refused: Refused,
}

/// Rows of the sample that were not explained, by reason.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Refused(BTreeMap<String, u64>);

impl Refused {
    fn observe(&mut self, reason: &str) {
        *self.0.entry(reason.to_owned()).or_default() += 1;
    }

    pub fn n_rows(&self) -> u64 {
        self.0.values().sum()
    }

    /// The most frequent reasons, those of most rows first.
    fn most_frequent(&self) -> Vec<(&String, u64)> {
        let mut reasons: Vec<(&String, u64)> = self.0.iter().map(|(reason, n)| (reason, *n)).collect();
        // Reasons of as many rows stay in the order of their words.
        reasons.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
        reasons
    }

    pub fn first(&self) -> String {
        self.most_frequent().first().map(|(reason, _)| (*reason).clone()).unwrap_or_default()
    }

    /// A line for each of the most frequent reasons, and one for the others together.
    pub fn lines(&self) -> Vec<String> {
        let reasons = self.most_frequent();
        let (told, others) = reasons.split_at(reasons.len().min(MAX_REASONS));
        let mut lines: Vec<String> = told.iter().map(|(reason, n)| format!("{reason} ({n} rows)")).collect();
        if !others.is_empty() {
            let n: u64 = others.iter().map(|(_, n)| n).sum();
            lines.push(format!("{} other reasons ({n} rows)", others.len()));
        }
        lines
    }
}

/// Puts the attributions of planned rows to the rows of the sample that are like them.
pub(super) fn of_sample(
    plan: &Plan<'_>,
    explained: &[RowAttributions],
    settings: AttributionSettings,
    keeps_local: bool,
) -> SampleAttributions {
    let mut summary = AttributionSummary::new(Arc::new(settings));
    let (mut local, mut n_explained, mut refused) = (Vec::new(), 0, Refused::default());
    let sample = plan.sample.iter().filter_map(|(row, place)| Some((*row, explained.get(*place)?)));
    for (row, explained) in sample {
        match explained {
            Ok(outputs) => {
                n_explained += 1;
                summary.observe(&ExplainedRow { hash: row.hash, outputs: outputs.clone() });
                if keeps_local {
                    local.push(outputs.iter().map(|output| output.attributions.clone()).collect());
                }
            }
            Err(reason) => refused.observe(reason),
        }
    }
    SampleAttributions { statistics: summary.finish(), n_explained, local, refused }
}

/// By output: NDCG between two explanations of the same rows, and of how many; `None` where it has no value, and
/// where nothing moved the output, so that there is no order to agree on.
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
    let values = |output: &OutputAttributions| -> Vec<f64> {
        output.features.iter().map(|feature| feature.aggregated(aggregation)).collect()
    };
    let floor = |(a, b): (&OutputAttributions, &OutputAttributions)| {
        let (n, a, b) = (a.n, values(a), values(b));
        let is_still = a.iter().all(|value| *value == 0.0);
        ndcg(&a, &b).ok().filter(|_| n > 0 && !is_still).map(|ndcg| (ndcg, n))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::FeatureAttribution;

    fn settings() -> AttributionSettings {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        AttributionSettings { features: names(&["a", "b"]), outputs: names(&["x"]), expected_values: vec![0.0] }
    }

    fn explained(attributions: [f64; 2]) -> RowAttributions {
        Ok(vec![ExplainedOutput { attributions: attributions.to_vec(), standard_errors: None }])
    }

    fn floor(first: &[RowAttributions], second: &[RowAttributions]) -> Option<(f64, u64)> {
        noise_floors((first, second), &settings(), Aggregation::MeanAbs).into_iter().next().flatten()
    }

    #[test]
    fn the_noise_floor_is_of_rows_that_both_seeds_explained() {
        let rows = [explained([3.0, 1.0]), explained([3.0, -1.0]), Err("no".to_owned())];
        assert_eq!(floor(&rows, &rows), Some((1.0, 2)));
        let other = [explained([3.0, 1.0]), Err("no".to_owned()), explained([3.0, 1.0])];
        assert_eq!(floor(&rows, &other), Some((1.0, 1)));
        let turned = [explained([1.0, 3.0]), explained([1.0, 3.0])];
        assert!(floor(&rows, &turned).expect("a floor").0 < 0.9);
        assert_eq!(floor(&rows[2..], &rows[2..]), None);
    }

    #[test]
    fn a_model_that_nothing_moves_has_no_noise_floor() {
        let still = [explained([0.0, -0.0])];
        assert_eq!(floor(&still, &still), None);
    }

    #[test]
    fn reasons_are_told_by_their_rows_and_not_without_end() {
        let mut refused = Refused::default();
        (0..100).for_each(|i| refused.observe(&format!("reason {i:02}")));
        (0..3).for_each(|_| refused.observe("out of memory"));
        assert_eq!((refused.first(), refused.n_rows()), ("out of memory".to_owned(), 103));
        let lines = refused.lines();
        assert_eq!(lines.len(), MAX_REASONS + 1);
        assert_eq!(lines[..2], ["out of memory (3 rows)", "reason 00 (1 rows)"]);
        assert_eq!(lines[MAX_REASONS], "91 other reasons (91 rows)");
    }

    #[test]
    fn only_what_is_asked_for_is_left_in_the_order_of_the_data() {
        let feature = |mean| FeatureAttribution { mean, ..FeatureAttribution::default() };
        let mut statistics = AttributionStatistics {
            features: ["a", "b", "c"].map(str::to_owned).to_vec(),
            outputs: vec![OutputAttributions {
                features: [1.0, 2.0, 3.0].map(feature).to_vec(),
                replicates: vec![vec![1.0, 2.0, 3.0]],
                ..OutputAttributions::default()
            }],
            ..AttributionStatistics::default()
        };
        assert_eq!(only(&mut statistics, &["c".to_owned(), "a".to_owned()]), [0, 2]);
        assert_eq!(statistics.features, ["a", "c"]);
        assert_eq!(statistics.outputs[0].features, [feature(1.0), feature(3.0)]);
        assert_eq!(statistics.outputs[0].replicates, [[1.0, 3.0]]);
    }
}
