//! Concept drift: what labels mean beside each feature, now and in the baseline.

mod baseline;
mod bins;
mod change;
mod columns;
mod conditional_g_test;

#[cfg(test)]
mod tests;

pub use baseline::{ConceptBaseline, FeatureConcept, remember};
pub use bins::{FeatureBins, LabelBins};
pub use change::{CONCEPT_CHANGE, ConceptChange, changes};
