//! The merge: captures and their ground truth to merged records.

use crate::contract::GroundTruth;
use crate::decode::Rows;
use crate::engine::{self, JoinInputs, Merged};
use crate::error::Result;
use crate::profile::LedgerSummary;
use crate::report::{self, Account, Outcome, Warning};
use crate::run::monitor::Job;
use crate::run::{Finished, account, carry_out, dataset_warnings, datasets, header};

/// Merges captures with their ground truth. What is written holds merged records only: the next job reads
/// the whole folder.
pub(super) async fn run(job: &Job<'_>, truth: &GroundTruth) -> Result<Finished> {
    let contract = job.contract;
    let captures = datasets::list(contract, Rows::CaptureRecords).await?;
    let labels = datasets::list_labels(contract, truth, Rows::LabelRecords(truth.attributes.clone())).await?;
    let inputs = JoinInputs { captures: captures.clone(), labels: labels.clone(), policy: truth.duplicates };
    let starts = (LedgerSummary::default, LedgerSummary::default);
    let merged = engine::merge(job.session, &inputs, starts, &contract.output).await?;
    let Merged { captures: ledger, labels: of_labels, pairs, files } = merged;
    let dataset = account::of_dataset(ledger, &captures, &contract.source)?;
    account::log(&dataset.ledger);
    let labels = Some(datasets::label_account(truth, &labels, of_labels, pairs)?);
    let account = Account { dataset, labels, ..Account::default() };
    let unusable = account::unusable(contract, &account, |_| false);
    let mut warnings = dataset_warnings::of(&account);
    if unusable.is_none() {
        warnings.append(&mut account::rejected(contract, &account, |_| false));
    }
    carry_out::log_warnings(&warnings);
    if let Some(error) = unusable.or_else(|| account::no_label_matches(contract, &account)) {
        return Err(error);
    }
    let n_records = files.n_records();
    let n_files = files.keep().await?;
    tracing::info!(folder = %contract.output, files = n_files, records = n_records, "merged records written");

    let outcome = Outcome::of(n_records, 0);
    let job_names = header::job_names(contract, &account);
    let report = report::merge_report(outcome, header::window(contract), &job_names, &account, &warnings);
    let message = report::message(outcome, 0, &report::looked_at_labels(&account, None), &warnings);
    let mut lines = account.lines();
    lines.push(format!("{n_records} merged records in {n_files} files"));
    lines.extend(warnings.iter().map(Warning::line));
    Ok(Finished {
        outcome,
        violations: Vec::new(),
        lines,
        ledger: account.dataset.ledger,
        report,
        message,
        has_warnings: !warnings.is_empty(),
    })
}
