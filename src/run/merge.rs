//! The merge: captures and their ground truth to merged records.

use super::seen::{self, labels_seen};
use super::{Finished, shared};
use crate::contract::{Contract, GroundTruth};
use crate::decode::Rows;
use crate::engine::{self, JoinInputs, Merged, Session};
use crate::error::Result;
use crate::profile::LedgerSummary;
use crate::report::{self, MergeInput, Outcome};
use crate::summary::Summary;

/// Merges captures with their ground truth. What is written holds merged records only: the next job reads
/// the whole folder.
pub(super) async fn run(contract: &Contract, truth: &GroundTruth, session: &Session) -> Result<Finished> {
    let captures = seen::list(contract, Rows::CaptureRecords).await?;
    let labels = seen::list_labels(contract, truth, Rows::LabelRecords(truth.attributes.clone())).await?;
    let inputs = JoinInputs { captures: captures.clone(), labels: labels.clone(), policy: truth.duplicates };
    let starts = (LedgerSummary::default, LedgerSummary::default);
    let merged = engine::merge(session, &inputs, starts, &contract.output).await?;
    let Merged { captures: ledger, labels: of_labels, pairs, files } = merged;
    let mut ledger = ledger.finish();
    shared::balance(&mut ledger, &captures, &contract.source)?;
    shared::log_ledger(&ledger);
    let labels = labels_seen(truth, &labels, of_labels, pairs)?;
    let unusable = shared::unusable(contract, &ledger, &contract.source)
        .or_else(|| shared::too_many_rejected(contract, &labels.ledger, &truth.source));
    if let Some(error) = unusable {
        return Err(error);
    }
    let looked_at = report::looked_at_labels(&ledger, Some(&labels.for_report()), None);
    if let Some(error) = seen::no_label_matches(contract, &ledger, &labels) {
        return Err(error);
    }
    let n_records = files.n_records();
    let n_files = files.keep().await?;
    tracing::info!(folder = %contract.output, files = n_files, records = n_records, "merged records written");

    let (source, output) = (contract.source.to_string(), contract.output.to_string());
    let report = report::merge_report(&MergeInput {
        window: shared::report_window(contract),
        job: shared::job_names(contract, &source, &output),
        inputs: shared::inputs(&captures.manifest()),
        ledger: &ledger,
        labels: labels.for_report(),
        warnings: &[],
    });
    let outcome = if n_records == 0 { Outcome::NoData } else { Outcome::Completed };
    let written = format!("{n_records} merged records in {n_files} files");
    let lines = seen::labelled_line(Some(&labels)).into_iter().chain([written]).collect();
    let message = report::message(outcome, 0, &looked_at);
    Ok(Finished { outcome, violations: Vec::new(), lines, ledger, report, message })
}
