//! What a check found.

/// One violated limit.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// One of [`crate::names::check`].
    pub check: &'static str,
    /// The measurement that was judged, by its name; for the two checks of the table's columns,
    /// which judge no measurement, what was counted.
    pub measure: &'static str,
    /// The column, or the stand-in for the whole table.
    pub feature: String,
    /// AWS's sentence.
    pub description: String,
    /// The effect: what was measured.
    pub value: f64,
    /// The limit that it crossed.
    pub threshold: f64,
    /// Number of observations behind `value`.
    pub n: u64,
}
