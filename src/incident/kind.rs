//! Kind of incident: an entry of the table of causes.

use super::changes::Changes;
use super::evidence::Evidence;

/// A cause that has a name.
pub struct IncidentKind {
    /// Stable name.
    pub name: &'static str,
    /// What it means, for the page about incidents.
    pub meaning: &'static str,
    /// What must be so before it is named.
    pub evidence: &'static str,
    pub remedy: &'static str,
    /// The effects of the tests that it explains: later kinds of the table look at them no more.
    pub explains: &'static [&'static str],
    /// Finds every case of it among the changes that are not explained yet.
    pub find: fn(&Changes<'_>) -> Vec<Cause>,
}

/// One cause that was found, of one feature or of several.
pub struct Cause {
    /// Places of the features among those of [`Changes`], rising.
    pub features: Vec<usize>,
    /// The sentence without the names of the features.
    pub what: String,
    pub evidence: Vec<Evidence>,
    pub share_of_rows: f64,
}
