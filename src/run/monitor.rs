//! What a monitor is: the half that reads and measures. The half that judges and draws is
//! [`crate::report::MonitorResults`].

use crate::contract::Contract;
use crate::engine::Session;
use crate::error::Result;
use crate::report::{Account, MonitorResults, Warning};

/// A job, and what it is carried out with.
pub(super) struct Job<'a> {
    pub contract: &'a Contract,
    pub session: &'a Session,
}

/// A monitor with the settings of one job.
pub(super) trait Monitor {
    /// What earlier runs left to compare with.
    type Baseline;
    /// What was read, summarised.
    type Rows;
    type Results: MonitorResults;

    /// Reads the baseline; `None` in a baseline job.
    async fn read_baseline(&self, job: &Job<'_>) -> Result<Option<Self::Baseline>>;

    /// Reads the input and accounts for all of it.
    async fn see(&self, job: &Job<'_>, baseline: Option<&Self::Baseline>) -> Result<(Account, Self::Rows)>;

    /// Whether records that are rejected for this reason are no damage.
    fn tolerates(&self, _rows: &Self::Rows, _reason: &str) -> bool {
        false
    }

    /// Whether each variant of the endpoint is measured for itself, too, where there are several.
    fn has_segments(&self) -> bool {
        true
    }

    /// Measures what was read, or says why it cannot be used.
    async fn measure(
        &self,
        job: &Job<'_>,
        baseline: Option<Self::Baseline>,
        account: &Account,
        rows: Self::Rows,
    ) -> Result<Measured<Self::Results>>;
}

/// What was measured, and what about it needs attention.
pub(super) struct Measured<R> {
    pub results: R,
    pub warnings: Vec<Warning>,
}
