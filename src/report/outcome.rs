//! How a run ended.

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Completed,
    CompletedWithViolations,
    /// No record was used, so nothing can be said.
    NoData,
    Failed,
}

impl Outcome {
    /// The outcome of a run that did not fail, that used so many records or rows and found so many violations.
    /// Without a used one there is no data, whatever the checks say about the empty table.
    pub fn of(n_used: u64, n_violations: usize) -> Self {
        match (n_used, n_violations) {
            (0, _) => Self::NoData,
            (_, 0) => Self::Completed,
            _ => Self::CompletedWithViolations,
        }
    }

    /// The stable word that stands in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Completed => "Completed",
            Self::CompletedWithViolations => "CompletedWithViolations",
            Self::NoData => "NoData",
            Self::Failed => "Failed",
        }
    }
}
