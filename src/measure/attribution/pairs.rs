//! Matched outputs and features: those of a baseline beside the current ones of the same names.

use std::collections::{HashMap, HashSet};

use super::result::{BaselineAttributions, BaselineFeature};
use crate::profile::{Aggregation, AttributionStatistics, FeatureAttribution, OutputAttributions, Undefined};

/// One output on both sides.
pub struct OutputPair<'a> {
    pub baseline: &'a BaselineAttributions,
    pub current: &'a OutputAttributions,
    /// How the baseline aggregated.
    pub aggregation: Aggregation,
    /// In the order of the current side, then what is in the baseline only.
    pub features: Vec<FeaturePair<'a>>,
}

/// One feature, on one side at least.
#[derive(Clone, Copy)]
pub struct FeaturePair<'a> {
    pub name: &'a str,
    pub before: Option<&'a BaselineFeature>,
    pub now: Option<&'a FeatureAttribution>,
}

/// The current outputs that the baseline knows, in their order. The baseline was aggregated by `aggregation` where
/// it does not tell. Of outputs or features that are there twice, the first is meant.
pub fn pairs<'a>(
    baseline: &'a [BaselineAttributions],
    current: &'a AttributionStatistics,
    aggregation: Aggregation,
) -> Vec<OutputPair<'a>> {
    let pair = |output: &'a OutputAttributions| {
        let known = baseline.iter().find(|known| known.output == output.output)?;
        Some(OutputPair {
            baseline: known,
            current: output,
            aggregation: known.aggregation.unwrap_or(aggregation),
            features: features(known, &current.features, output),
        })
    };
    current.outputs.iter().filter_map(pair).collect()
}

fn features<'a>(
    baseline: &'a BaselineAttributions,
    names: &'a [String],
    current: &'a OutputAttributions,
) -> Vec<FeaturePair<'a>> {
    let mut known: HashMap<&str, &BaselineFeature> = HashMap::new();
    for feature in &baseline.features {
        known.entry(&feature.name).or_insert(feature);
    }
    let pair = |(name, now): (&'a String, &'a FeatureAttribution)| FeaturePair {
        name,
        before: known.get(name.as_str()).copied(),
        now: Some(now),
    };
    let mut features: Vec<FeaturePair<'a>> = names.iter().zip(&current.features).map(pair).collect();
    let mut seen: HashSet<&str> = names.iter().map(String::as_str).collect();
    let gone = baseline.features.iter().filter(|feature| seen.insert(&feature.name));
    features.extend(gone.map(|before| FeaturePair { name: &before.name, before: Some(before), now: None }));
    features
}

impl OutputPair<'_> {
    /// Mean |φ| of every feature, in the baseline and now; 0 where it is absent. Not known of a baseline that
    /// aggregated in another way and does not tell it.
    pub fn magnitudes(&self) -> Result<(Vec<f64>, Vec<f64>), Undefined> {
        let before = |feature: &FeaturePair<'_>| match feature.before {
            None => Ok(0.0),
            Some(before) => before.magnitude(self.aggregation).ok_or(Undefined::KindMismatch),
        };
        let before: Vec<f64> = self.features.iter().map(before).collect::<Result<_, _>>()?;
        Ok((before, self.features.iter().map(|feature| feature.now.map_or(0.0, |now| now.mean_abs)).collect()))
    }
}
