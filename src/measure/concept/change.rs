//! Concept change: how far the distribution of labels has moved within the bins of a feature.
//!
//! The Jensen-Shannon distance of the labels now and in the baseline (base 2, root) in each bin that has rows on both
//! sides, averaged by the current rows; 0…1. Since shares of few rows differ by chance, it is above 0 where nothing
//! changed; the p-value of [`super::conditional_g_test`] tells whether by more. The conditional entropy of the label
//! given the feature's bin is in bits (T. M. Cover, J. A. Thomas, "Elements of Information Theory", 2nd edition, 2006,
//! p. 17).

use super::baseline::{ConceptBaseline, FeatureConcept};
use super::columns::{Column, Columns};
use super::conditional_g_test::{Bin, p_value};
use crate::measure::jensen_shannon::jensen_shannon_distance;
use crate::profile::{LabelledRows, Undefined};

/// The stable name.
pub const CONCEPT_CHANGE: &str = "concept_change";

/// What became of the labels' meaning beside one feature.
#[derive(Clone, Debug, PartialEq)]
pub struct ConceptChange {
    pub feature: String,
    /// Rows in bins that have rows on both sides: those of the current sample, and the baseline's.
    pub n: u64,
    pub baseline_n: u64,
    pub value: Result<f64, Undefined>,
    pub p_value: Result<f64, Undefined>,
    /// In bits, over all rows of the sample.
    pub conditional_entropy: Result<f64, Undefined>,
    pub baseline_conditional_entropy: Result<f64, Undefined>,
}

/// One for each feature of the baseline, in its order.
pub fn changes(rows: &LabelledRows, baseline: &ConceptBaseline) -> Vec<ConceptChange> {
    let columns = Columns::of(rows);
    let labels = baseline.labels.places(&columns.labels);
    let names: Vec<&str> = baseline.features.iter().map(|feature| feature.name.as_str()).collect();
    let reason = if rows.is_empty() { Undefined::Empty } else { Undefined::Absent };
    let of_feature = |(feature, column): (&FeatureConcept, Option<&Column<'_>>)| {
        change(feature, column.map(|column| column.counts(&feature.bins, &baseline.labels, &labels)).ok_or(reason))
    };
    baseline.features.iter().zip(columns.called(&names)).map(of_feature).collect()
}

fn change(feature: &FeatureConcept, counts: Result<Vec<Vec<u64>>, Undefined>) -> ConceptChange {
    let compared = counts.as_ref().map(|counts| {
        let bins = feature.counts.iter().zip(counts).map(|(baseline, current)| Bin { baseline, current });
        bins.filter(|bin| bin.n_baseline() > 0 && bin.n_current() > 0).collect::<Vec<Bin<'_>>>()
    });
    let total = |of: fn(&Bin<'_>) -> u64| compared.as_ref().map_or(0, |bins| bins.iter().map(of).sum());
    ConceptChange {
        feature: feature.name.clone(),
        n: total(|bin| bin.n_current()),
        baseline_n: total(|bin| bin.n_baseline()),
        value: compared.as_ref().map_err(|reason| **reason).and_then(|bins| mean_distance(bins)),
        p_value: compared.as_ref().map_err(|reason| **reason).and_then(|bins| p_value(bins)),
        conditional_entropy: counts.as_ref().map_err(|reason| *reason).and_then(|counts| conditional_entropy(counts)),
        baseline_conditional_entropy: conditional_entropy(&feature.counts),
    }
}

pub(super) fn mean_distance(bins: &[Bin<'_>]) -> Result<f64, Undefined> {
    let n: u64 = bins.iter().map(Bin::n_current).sum();
    if n == 0 {
        return Err(Undefined::Empty);
    }
    let distance = |bin: &Bin<'_>| {
        let (n_baseline, n_current) = (bin.n_baseline() as f64, bin.n_current() as f64);
        let shares = bin.baseline.iter().zip(bin.current);
        let shares = shares.map(|(baseline, current)| (*baseline as f64 / n_baseline, *current as f64 / n_current));
        n_current * jensen_shannon_distance(shares)
    };
    Ok(bins.iter().map(distance).sum::<f64>() / n as f64)
}

/// H(label | bin) in bits.
fn conditional_entropy(counts: &[Vec<u64>]) -> Result<f64, Undefined> {
    let n: u64 = counts.iter().flatten().sum();
    if n == 0 {
        return Err(Undefined::Empty);
    }
    let of_bin = |labels: &Vec<u64>| {
        let n_bin = labels.iter().sum::<u64>() as f64;
        let filled = labels.iter().filter(|&&count| count > 0);
        filled.map(|&count| count as f64 * (n_bin / count as f64).log2()).sum::<f64>()
    };
    Ok(counts.iter().map(of_bin).sum::<f64>() / n as f64)
}
