//! The account of the join with the ground truth.

use serde::{Deserialize, Serialize};

/// Every captured record and every label record accounted for.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
pub struct Join {
    pub captures: JoinedCaptures,
    pub labels: JoinedLabels,
    pub rows: JoinedRows,
    /// Share of the captures that have a label, in 0…1; null without captures.
    pub labelled_share: Option<f64>,
    /// Matched captures by how long after the inference the label was collected.
    pub delays: Vec<Delay>,
    /// Matched captures of which one of the two times is not known.
    pub delays_unknown: u64,
}

/// `seen` = `matched` + `without_label` + `label_too_early` + `without_id`.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
pub struct JoinedCaptures {
    pub seen: u64,
    pub matched: u64,
    pub without_label: u64,
    /// The id was captured more than once, and its labels were all collected before the inference.
    pub label_too_early: u64,
    pub without_id: u64,
    /// Beyond the first of their id.
    pub repeated: u64,
    /// Matched though the label was collected before the inference.
    pub labelled_early: u64,
    /// Matched, with more rows than labels.
    pub too_few_labels: u64,
    /// Matched, with fewer rows than labels: the rows stay unlabelled.
    pub too_many_labels: u64,
}

/// `seen` = `used` + `without_capture` + `superseded` + `without_id`.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
pub struct JoinedLabels {
    pub seen: u64,
    pub used: u64,
    pub without_capture: u64,
    /// Another record of the same id was preferred.
    pub superseded: u64,
    pub without_id: u64,
    /// Beyond the first of their id.
    pub repeated: u64,
}

/// Rows of matched captures.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
pub struct JoinedRows {
    pub labelled: u64,
    pub unlabelled: u64,
}

/// Records with a delay under this bound and not under the one before.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct Delay {
    /// Null for what is longer than every bound.
    pub under_hours: Option<u64>,
    pub records: u64,
}
