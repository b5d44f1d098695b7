//! Bias of a model: the closed thing that is judged and written.

use crate::profile::EightCounts;

/// How groups differ.
#[derive(Clone, Debug, PartialEq)]
pub struct Bias {
    /// Name of the label.
    pub label: String,
    /// The positive labels as reports write them: `1`, `a,b`, `(0.5, 1.0]`.
    pub label_value_or_threshold: String,
    /// Of the labels, in the order of the facets; several groups of one facet in the order of appearance.
    pub pre_training: Vec<GroupBias>,
    /// Of the predictions; empty without predictions.
    pub post_training: Vec<GroupBias>,
    /// Rows in the counts.
    pub n: u64,
    /// Rows whose `facet`, `label` or `prediction` is missing, by reason: they count as not sensitive, not
    /// positive.
    pub n_missing: std::collections::BTreeMap<&'static str, u64>,
    /// Columns of whole numbers that are taken for categories or for quantities by an estimate of how many
    /// of their values differ.
    pub estimated: Vec<String>,
}

/// One group against all other rows.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupBias {
    /// The feature.
    pub facet: String,
    /// As the configuration writes the group: what violations name.
    pub facet_value: String,
    /// As reports write the group: `F`, `a,b`, `(40, 90]`.
    pub value_or_threshold: String,
    /// By name, in ASCII order.
    pub metrics: Vec<BiasMetric>,
    /// Rows by group, label and prediction.
    pub counts: EightCounts,
}

/// One number, or AWS's text why there is none.
#[derive(Clone, Debug, PartialEq)]
pub struct BiasMetric {
    /// Short name: `CI`.
    pub name: &'static str,
    /// `Class Imbalance (CI)`.
    pub description: String,
    /// May be infinite, never NaN.
    pub value: Result<f64, String>,
    /// On the scale of the value, DI and TE too; `None` where the value is infinite or absent.
    pub standard_error: Option<f64>,
    /// 95 % interval: of replicates of the eight counts; of KL and JS by the likelihood of the label
    /// shares; of CDDL, CDDPL and FT by the normal law from their own counts.
    pub interval: Option<(f64, f64)>,
}

/// 40 of `(40, 90]`: the threshold of what lies above one, as files write it.
pub fn lower_bound(text: &str) -> Option<f64> {
    let (lower, upper) = text.strip_prefix('(')?.strip_suffix(']')?.split_once(", ")?;
    let number = |text: &str| text.parse().ok().filter(|number: &f64| number.is_finite());
    number(upper).and_then(|_| number(lower))
}

/// What a later run can compare with: one group of a baseline.
#[derive(Clone, Debug, PartialEq)]
pub struct BaselineGroup {
    pub is_post_training: bool,
    pub facet: String,
    /// As the baseline's file writes it; `(40, 90]` has its lower bound 40.
    pub value_or_threshold: String,
    /// The positive labels as the baseline's file writes them, where it does.
    pub label_value_or_threshold: Option<String>,
    /// Name and value; a value that was not computed is `None`.
    pub metrics: Vec<(String, Option<f64>)>,
    /// Only in files of ours.
    pub counts: Option<EightCounts>,
}
