//! Listing and reading the datasets of a job, the ground truth among them.

use std::sync::Arc;

use arrow::array::RecordBatch;

use super::account;
use super::monitor::Job;
use crate::contract::{Analysis, Contract, GroundTruth};
use crate::decode::{CaptureSides, Format, Rows, Settings as DecodeSettings, unnamed};
use crate::engine::{self, Dataset};
use crate::error::{self, Error, Result};
use crate::pairing::JoinCounts;
use crate::profile::LedgerSummary;
use crate::report::{DatasetAccount, LabelAccount};
use crate::store::Location;
use crate::summary::Summary;

/// Lists the job's dataset, whose rows are to be decoded as `rows`.
pub(super) async fn list(contract: &Contract, rows: Rows) -> Result<Arc<Dataset>> {
    list_named(contract, rows, Arc::default(), false).await
}

/// As [`list`], with the names that columns have where the data do not name them, and whether those of outputs are
/// the last ones.
pub(super) async fn list_named(
    contract: &Contract,
    rows: Rows,
    names: Arc<[String]>,
    outputs_are_last: bool,
) -> Result<Arc<Dataset>> {
    let settings = DecodeSettings {
        window: contract.window,
        filter: contract.settings.filter.clone(),
        names,
        outputs_are_last,
        ..settings(contract, contract.format.clone(), rows)
    };
    list_as(contract, &contract.source, settings).await
}

/// Lists a dataset that is joined with the job's: all of it is read, whatever the window.
pub(super) async fn list_beside(
    contract: &Contract,
    source: &Location,
    format: Format,
    rows: Rows,
) -> Result<Arc<Dataset>> {
    list_as(contract, source, settings(contract, format, rows)).await
}

fn settings(contract: &Contract, format: Format, rows: Rows) -> DecodeSettings {
    let settings = DecodeSettings::new(format, rows, contract.settings.max_record_bytes());
    let max_record_memory = contract.settings.max_record_memory();
    DecodeSettings { delimiter: contract.delimiter, max_record_memory, ..settings }
}

/// Lists the ground truth. All of it is read, whatever the window: labels come late.
pub(super) async fn list_labels(contract: &Contract, truth: &GroundTruth, rows: Rows) -> Result<Arc<Dataset>> {
    let settings = settings(contract, Format::GroundTruth, rows);
    let delimiter = truth.delimiter.unwrap_or(settings.delimiter);
    list_as(contract, &truth.source, DecodeSettings { delimiter, ..settings }).await
}

async fn list_as(contract: &Contract, source: &Location, settings: DecodeSettings) -> Result<Arc<Dataset>> {
    let dataset = Arc::new(Dataset::list_surveyed(source, settings, &contract.output).await?);
    tracing::info!(
        %source,
        capture_prefix = contract.capture_prefix,
        objects = dataset.n_objects(),
        exists = dataset.exists(),
        "input listed"
    );
    Ok(dataset)
}

/// Names of the cells in the first records of the job's dataset; none where there is no telling.
pub(super) async fn column_names(contract: &Contract) -> Vec<String> {
    match list(contract, Rows::Cells).await {
        Ok(dataset) => dataset.column_names().await.unwrap_or_default(),
        Err(_) => Vec::new(),
    }
}

/// Whether columns are called by their places, since nothing in the data names them.
pub(super) fn are_unnamed(names: &[String]) -> bool {
    names.iter().enumerate().all(|(place, name)| *name == unnamed(place))
}

/// The names that the job's configuration gives to columns.
pub(super) fn headers(contract: &Contract) -> &[String] {
    match &contract.analysis {
        Analysis::Bias(job) => &job.instances.headers,
        Analysis::Attribution(job) => &job.instances.headers,
        Analysis::DataQuality | Analysis::ModelQuality(_) | Analysis::Merge(_) => &[],
    }
}

/// How many names `headers` gives, and how many cells there are for them; where they are as many, how many of the names
/// are none of those that the data have themselves.
pub(super) async fn headers_beside_cells(contract: &Contract) -> Option<String> {
    let headers = headers(contract);
    let (format, noun) = match &contract.format {
        Format::Capture(sides) => (Format::Capture(CaptureSides { outputs: Vec::new(), ..sides.clone() }), "features"),
        format => (format.clone(), "columns"),
    };
    if headers.is_empty() {
        return None;
    }
    let names = column_names(&Contract { format, ..contract.clone() }).await;
    if names.is_empty() {
        return None;
    }
    if names.len() != headers.len() {
        let (n_named, n_cells) = (headers.len(), names.len());
        return Some(format!("{noun} that headers names: {n_named}; cells of the first rows: {n_cells}"));
    }
    let n_unknown = headers.iter().filter(|header| !names.contains(header)).count();
    (!are_unnamed(&names) && n_unknown > 0)
        .then(|| format!("{n_unknown} of {} names in headers are none of the data's own", headers.len()))
}

/// The open ledger of the job's dataset, which knows the variants of captures.
pub(super) fn ledger(contract: &Contract, dataset: &Dataset) -> LedgerSummary {
    match contract.format {
        Format::Capture(_) if dataset.folders_tell_variants() => {
            LedgerSummary::of_captures(&contract.source.to_string())
        }
        _ => LedgerSummary::default(),
    }
}

/// Folds the rows of the job's dataset beside their account.
pub(super) async fn fold<S>(
    job: &Job<'_>,
    dataset: Arc<Dataset>,
    start: impl Fn() -> S,
) -> Result<(DatasetAccount, S::Output)>
where
    S: Summary<Input = RecordBatch> + Send + 'static,
{
    let start = || (ledger(job.contract, &dataset), start());
    let (ledger, rows) = engine::fold(job.session, dataset.clone(), start).await?;
    let account = account::of_dataset(ledger, &dataset, &job.contract.source)?;
    Ok((account, rows.finish()))
}

/// The account of the ground truth and of the join; both must balance.
pub(super) fn label_account(
    truth: &GroundTruth,
    dataset: &Dataset,
    ledger: LedgerSummary,
    pairs: JoinCounts,
) -> Result<LabelAccount> {
    let dataset = account::of_dataset(ledger, dataset, &truth.source)?;
    account::log(&dataset.ledger);
    if let Some(imbalance) = pairs.imbalance() {
        return Err(Error::new(&error::LEDGER, truth.source.to_string(), imbalance));
    }
    tracing::info!(
        captures = pairs.n_captures,
        labels = pairs.n_labels,
        matched = pairs.n_matched,
        labels_used = pairs.n_labels_used,
        "captures joined with ground truth"
    );
    Ok(LabelAccount { dataset, pairs })
}
