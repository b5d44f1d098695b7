//! Attribution drift: attributions beside those of a baseline, output by output.

use super::magnitudes::{magnitude_ratio, share_distance};
use super::ndcg::ndcg;
use super::pairs::{FeaturePair, OutputPair, pairs};
use super::rank_correlation::rank_correlation;
use super::result::{AttributionComparison, AttributionDrift, BaselineAttributions, FeatureDrift};
use crate::measure::uncertainty::{MIN_DEFINED, percentile_interval};
use crate::profile::{Aggregation, AttributionStatistics, N_REPLICATES, Undefined};

/// The outputs of both sides, matched by their names, as are features. Where a baseline tells how it aggregated, the
/// current attributions are aggregated likewise, otherwise by `aggregation`.
///
/// NDCG takes what is aggregated, as AWS does, and a feature that is absent on one side as 0. All other numbers take
/// mean |φ|, which is not known of a baseline that was aggregated in another way by someone else.
pub fn compare(
    baseline: &[BaselineAttributions],
    current: &AttributionStatistics,
    aggregation: Aggregation,
) -> AttributionComparison {
    let before = |name: &String| baseline.iter().any(|known| known.output == *name);
    let now = |name: &String| current.outputs.iter().any(|output| output.output == *name);
    let names_before = baseline.iter().map(|known| &known.output);
    let names_now = current.outputs.iter().map(|output| &output.output);
    AttributionComparison {
        drifts: pairs(baseline, current, aggregation).iter().map(drift).collect(),
        outputs_only_in_baseline: names_before.filter(|name| !now(name)).cloned().collect(),
        outputs_only_in_current: names_now.filter(|name| !before(name)).cloned().collect(),
    }
}

fn drift(pair: &OutputPair<'_>) -> AttributionDrift {
    let features: Vec<FeatureDrift> = pair.features.iter().map(|feature| of_feature(pair, feature)).collect();
    let before: Vec<f64> = features.iter().map(|feature| feature.baseline_value.unwrap_or(0.0)).collect();
    let now: Vec<f64> = features.iter().map(|feature| feature.value.unwrap_or(0.0)).collect();
    let magnitudes = pair.magnitudes();
    let of_magnitudes = |measure: fn(&[f64], &[f64]) -> Result<f64, Undefined>| {
        magnitudes.as_ref().map_err(|reason| *reason).and_then(|(before, now)| measure(before, now))
    };
    AttributionDrift {
        output: pair.current.output.clone(),
        n: pair.current.n,
        baseline_n: pair.baseline.n,
        aggregation: pair.aggregation,
        ndcg: ndcg(&before, &now),
        ndcg_interval: ndcg_interval(pair, &before),
        noise_floor: pair.baseline.noise_floor,
        rank_correlation: of_magnitudes(rank_correlation),
        share_distance: of_magnitudes(share_distance),
        magnitude_ratio: of_magnitudes(magnitude_ratio),
        features,
    }
}

fn of_feature(pair: &OutputPair<'_>, feature: &FeaturePair<'_>) -> FeatureDrift {
    FeatureDrift {
        name: feature.name.to_owned(),
        value: feature.now.map(|now| now.aggregated(pair.aggregation)),
        baseline_value: feature.before.map(|before| before.value),
    }
}

/// The percentile interval (B. Efron, R. J. Tibshirani, "An Introduction to the Bootstrap", 1993, ch. 13). Only
/// mean |φ| has replicates. What is in the baseline only stands at the end of `before`.
fn ndcg_interval(pair: &OutputPair<'_>, before: &[f64]) -> Option<(f64, f64)> {
    let replicates = &pair.current.replicates;
    if pair.aggregation != Aggregation::MeanAbs || (replicates.len() as f64) < MIN_DEFINED * N_REPLICATES as f64 {
        return None;
    }
    let replicate = |means: &Vec<f64>| {
        let mut now = means.clone();
        now.resize(before.len(), 0.0);
        ndcg(before, &now).ok()
    };
    let mut values: Vec<f64> = replicates.iter().map(replicate).collect::<Option<_>>()?;
    values.sort_by(f64::total_cmp);
    percentile_interval(&values)
}
