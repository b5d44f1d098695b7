//! The feature-attribution monitor: what moves the model's answers.

mod seen;
mod warnings;

use self::seen::{Seen, see};
use crate::attributions::{Work, explain};
use crate::contract::AttributionJob;
use crate::error::Result;
use crate::measure::attribution::compare;
use crate::predict::ShadowEndpoints;
use crate::report::{Account, AttributionResults};
use crate::run::monitor::{Job, Measured, Monitor};
use crate::run::{baseline, carry_out};
use crate::wire::clarify::explanations::{self, BaselineExplanations};

pub(super) struct Attribution<'a> {
    pub settings: &'a AttributionJob,
    /// Endpoints that are made for this job.
    pub shadows: &'a ShadowEndpoints,
}

impl Monitor for Attribution<'_> {
    type Baseline = BaselineExplanations;
    type Rows = Seen;
    type Results = AttributionResults;

    async fn read_baseline(&self, job: &Job<'_>) -> Result<Option<BaselineExplanations>> {
        baseline::read(job.contract.baseline_constraints.as_ref(), explanations::read).await
    }

    async fn see(&self, job: &Job<'_>, _: Option<&BaselineExplanations>) -> Result<(Account, Seen)> {
        see(job, self.settings).await
    }

    /// The model is asked once, for all captures together.
    fn has_segments(&self) -> bool {
        false
    }

    fn tolerates(&self, seen: &Seen, reason: &str) -> bool {
        seen.tolerates(reason)
    }

    async fn measure(
        &self,
        job: &Job<'_>,
        baseline: Option<BaselineExplanations>,
        _: &Account,
        Seen { found, unused, sample }: Seen,
    ) -> Result<Measured<AttributionResults>> {
        let Self { settings, shadows } = self;
        let of_baseline = baseline.as_ref().and_then(|baseline| baseline.reference_rows.as_ref());
        let work = Work {
            contract: job.contract,
            job: settings,
            session: job.session,
            shadows,
            of_baseline,
            unused: unused.as_deref(),
            sample: sample.as_deref(),
        };
        let explained = explain(&work, found).await;
        // Whatever became of it, no endpoint outlives the job.
        let left = shadows.close_all(ShadowEndpoints::TIME_TO_CLOSE).await;
        let explained = explained.inspect_err(|_| carry_out::log_warnings(&warnings::of(None, None, &left)))?;
        let baseline = baseline.map(|baseline| baseline.outputs);
        let explanations = explained.as_ref().and_then(|explained| explained.results.explanations.as_ref());
        let compared = baseline.as_deref().zip(explanations);
        let compared = compared.map(|(outputs, now)| compare(outputs, &now.statistics, now.aggregation));
        let comparison = compared.unwrap_or_default();
        let warnings = warnings::of(explained.as_ref(), Some(&comparison), &left);
        let results = explained.map(|explained| explained.results).unwrap_or_default();
        Ok(Measured { results: AttributionResults { baseline, comparison, ..results }, warnings })
    }
}
