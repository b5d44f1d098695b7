//! Incident: one cause of changes, the features that it explains, and the evidence for it.

use super::evidence::Evidence;

/// What happened, to whom, and why it is believed.
#[derive(Clone, Debug, PartialEq)]
pub struct Incident {
    /// The stable name of its [`super::IncidentKind`].
    pub kind: &'static str,
    /// In the order of the columns; none where it concerns whole records.
    pub features: Vec<String>,
    /// For a person, without a final dot.
    pub sentence: String,
    pub evidence: Vec<Evidence>,
    /// Rows that it touches, of all rows (of records, where it concerns those), in 0…1.
    pub share_of_rows: f64,
}

impl Incident {
    /// Cells that it touches, as a share of the rows: what incidents are ranked by.
    pub(super) fn strength(&self) -> f64 {
        self.share_of_rows * self.features.len().max(1) as f64
    }
}
