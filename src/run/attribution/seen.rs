//! What an attribution job reads: attributions that stand in captured answers, else rows of features.

use std::sync::Arc;

use arrow::array::RecordBatch;

use crate::contract::{AttributionJob, Contract};
use crate::decode::{Format, Reason, Rows};
use crate::engine::{self, Manifest, Session};
use crate::error::Result;
use crate::measure::attribution::AttributionStatistics;
use crate::profile::{CapturedAttributionSummary, FeatureRows, FeatureRowsSummary, Ledger, LedgerSummary};
use crate::run::{seen, shared};
use crate::summary::Summary;

/// Rows that are kept for explaining; how many of them are explained depends on the budget.
const MAX_ROWS: usize = 10_000;

/// Everything that was read, accounted for.
pub(super) struct Seen {
    pub ledger: Ledger,
    pub manifest: Manifest,
    pub found: Found,
}

impl Seen {
    /// The account by which the input is judged. An endpoint may explain some answers only
    /// (DG:clarify-online-explainability-create-endpoint: EnableExplanations): where others hold attributions, those
    /// without are not damaged.
    pub fn judged(&self) -> Ledger {
        let mut ledger = self.ledger.clone();
        if matches!(self.found, Found::Attributions(_)) {
            ledger.records_rejected.remove(Reason::AttributionsNotFound.name());
        }
        ledger
    }
}

/// What there is to work with.
pub(super) enum Found {
    Attributions(AttributionStatistics),
    Rows(FeatureRows),
}

/// Reads the dataset: captures twice where their answers hold no attributions.
pub(super) async fn see(contract: &Contract, job: &AttributionJob, session: &Session) -> Result<Seen> {
    if matches!(contract.format, Format::Capture(_)) && job.explains {
        let headers = Arc::new(job.answer.label_headers.clone());
        let rows = || CapturedAttributionSummary::new(headers.clone());
        let (ledger, manifest, found) = fold(contract, Rows::Attributions, session, rows).await?;
        if found.outputs.iter().any(|output| output.n > 0) {
            shared::log_ledger(&ledger);
            return Ok(Seen { ledger, manifest, found: Found::Attributions(found) });
        }
        tracing::info!(records = ledger.n_records_seen, "captured answers hold no attributions: the model is asked");
    }
    let rows = || FeatureRowsSummary::new(MAX_ROWS);
    let (ledger, manifest, found) = fold(contract, Rows::Instances(job.instances.clone()), session, rows).await?;
    shared::log_ledger(&ledger);
    Ok(Seen { ledger, manifest, found: Found::Rows(found) })
}

async fn fold<S>(
    contract: &Contract,
    rows: Rows,
    session: &Session,
    start: impl Fn() -> S,
) -> Result<(Ledger, Manifest, S::Output)>
where
    S: Summary<Input = RecordBatch> + Send + 'static,
{
    let dataset = seen::list(contract, rows).await?;
    let (ledger, found) = engine::fold(session, dataset.clone(), || (LedgerSummary::default(), start())).await?;
    let mut ledger = ledger.finish();
    shared::balance(&mut ledger, &dataset, &contract.source)?;
    Ok((ledger, dataset.manifest(), found.finish()))
}
