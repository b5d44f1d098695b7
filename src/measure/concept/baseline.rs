//! Baseline of concept drift: rows of the baseline by the bins of each feature and of the label.

use super::bins::{FeatureBins, LabelBins};
use super::columns::{Column, Columns};
use crate::profile::{LabelledRows, Problem};

/// What labels mean beside each feature.
#[derive(Clone, Debug, PartialEq)]
pub struct ConceptBaseline {
    /// Rows that were counted: all with a label and features, or a uniform sample of them.
    pub n: u64,
    pub labels: LabelBins,
    pub features: Vec<FeatureConcept>,
}

/// The same, of one feature.
#[derive(Clone, Debug, PartialEq)]
pub struct FeatureConcept {
    pub name: String,
    pub bins: FeatureBins,
    /// `counts[bin][label]`.
    pub counts: Vec<Vec<u64>>,
}

/// What later runs compare with; `None` where no labelled row has features.
pub fn remember(rows: &LabelledRows, problem: Problem) -> Option<ConceptBaseline> {
    let columns = Columns::of(rows);
    let labels = LabelBins::of(&columns.labels, problem);
    let places = labels.places(&columns.labels);
    let feature = |column: &Column<'_>| {
        let bins = FeatureBins::of(column.values());
        FeatureConcept { name: column.name.to_owned(), counts: column.counts(&bins, &labels, &places), bins }
    };
    let features: Vec<FeatureConcept> = columns.iter().map(feature).collect();
    (!features.is_empty()).then(|| ConceptBaseline { n: rows.len() as u64, labels, features })
}
