//! `features` of `model_quality_baseline.json`: what labels mean beside each feature. Ours.

use serde::{Deserialize, Serialize};

use crate::measure::concept::{ConceptBaseline, FeatureBins, FeatureConcept, LabelBins};
use crate::measure::drift::Binning;
use crate::wire::WireError;

#[derive(Deserialize, Serialize)]
pub(super) struct Concept {
    n: u64,
    labels: Bins,
    by_feature: Vec<Feature>,
}

#[derive(Deserialize, Serialize)]
struct Feature {
    name: String,
    bins: Bins,
    counts: Vec<Vec<u64>>,
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
enum Bins {
    Categories(Vec<String>),
    Numbers { lowest: f64, edges: Vec<f64>, edges_are_values: bool },
}

impl Concept {
    pub fn of(baseline: &ConceptBaseline) -> Self {
        let feature = |feature: &FeatureConcept| Feature {
            name: feature.name.clone(),
            bins: match &feature.bins {
                FeatureBins::Numbers(binning) => Bins::of_numbers(binning),
                FeatureBins::Categories(categories) => Bins::Categories(categories.clone()),
            },
            counts: feature.counts.clone(),
        };
        Self {
            n: baseline.n,
            labels: match &baseline.labels {
                LabelBins::Numbers(binning) => Bins::of_numbers(binning),
                LabelBins::Classes(classes) => Bins::Categories(classes.clone()),
            },
            by_feature: baseline.features.iter().map(feature).collect(),
        }
    }

    /// What others rely on is checked: edges that rise, and a count for every bin and label.
    pub fn into_domain(self) -> Result<ConceptBaseline, WireError> {
        let labels = match self.labels {
            Bins::Categories(classes) => LabelBins::Classes(classes),
            numbers @ Bins::Numbers { .. } => LabelBins::Numbers(numbers.into_binning("features.labels")?),
        };
        let n_labels = labels.n_bins();
        let feature = |(i, feature): (usize, Feature)| {
            let place = format!("features.by_feature[{i}]");
            let bins = match feature.bins {
                Bins::Categories(categories) => FeatureBins::Categories(categories),
                numbers @ Bins::Numbers { .. } => FeatureBins::Numbers(numbers.into_binning(&place)?),
            };
            let counts = feature.counts;
            if counts.len() != bins.n_bins() || counts.iter().any(|labels| labels.len() != n_labels) {
                return Err(WireError::new(format!("{place}.counts"), "is not one for each bin and label"));
            }
            if counts.iter().flatten().try_fold(0u64, |sum, n| sum.checked_add(*n)).is_none() {
                return Err(WireError::new(format!("{place}.counts"), "are too large"));
            }
            Ok(FeatureConcept { name: feature.name, bins, counts })
        };
        let features = self.by_feature.into_iter().enumerate().map(feature).collect::<Result<_, _>>()?;
        Ok(ConceptBaseline { n: self.n, labels, features })
    }
}

impl Bins {
    fn of_numbers(binning: &Binning) -> Self {
        let Binning { lowest, edges, is_of_values } = binning.clone();
        Self::Numbers { lowest, edges, edges_are_values: is_of_values }
    }

    fn into_binning(self, place: &str) -> Result<Binning, WireError> {
        let Self::Numbers { lowest, edges, edges_are_values } = self else {
            return Err(WireError::new(place, "has no numbers"));
        };
        if !edges.is_sorted() {
            return Err(WireError::new(format!("{place}.numbers.edges"), "do not rise"));
        }
        Ok(Binning { lowest, edges, is_of_values: edges_are_values })
    }
}
