//! What the jobs of all monitors do alike: read a baseline, account for the input, write results.

use bytes::Bytes;

use crate::contract::{Contract, OnEmpty};
use crate::engine::{Dataset, Manifest};
use crate::error::{self, Error, Result};
use crate::names::file;
use crate::profile::Ledger;
use crate::report::{self, Account, Artifact, Monitor, Skipped, Warning};
use crate::store::{self, Location};
use crate::wire;

/// Largest baseline file that is read: 5,000 columns with full sketches take 250 MB.
const MAX_BASELINE_BYTES: u64 = 1 << 30;

pub(super) async fn read_wire<T>(
    location: &Location,
    read: fn(&[u8]) -> std::result::Result<T, wire::WireError>,
) -> Result<T> {
    let unreadable = |cause| Error::new(&error::BASELINE_UNREADABLE, location.to_string(), cause);
    let bytes = store::read_to_end(location, MAX_BASELINE_BYTES, unreadable).await?;
    read(&bytes).map_err(|cause| Error::new(&error::BASELINE_INVALID, location.to_string(), cause))
}

pub(super) fn log_listing(contract: &Contract, source: &Location, dataset: &Dataset) {
    tracing::info!(
        %source,
        capture_prefix = contract.capture_prefix,
        objects = dataset.n_objects(),
        exists = dataset.exists(),
        "input listed"
    );
}

/// Completes an account with what was listed; it must balance.
pub(super) fn balance(ledger: &mut Ledger, dataset: &Dataset, source: &Location) -> Result<()> {
    ledger.n_objects_listed = dataset.n_objects();
    match ledger.imbalance() {
        Some(imbalance) => Err(Error::new(&error::LEDGER, source.to_string(), imbalance)),
        None => Ok(()),
    }
}

pub(super) fn log_ledger(ledger: &Ledger) {
    tracing::info!(
        opened = ledger.n_objects_opened,
        seen = ledger.n_records_seen,
        used = ledger.n_records_used,
        outside_window = ledger.n_records_outside_window,
        rejected = ledger.n_records_rejected(),
        rows = ledger.n_rows,
        "input read"
    );
    for sample in &ledger.samples {
        tracing::warn!(object = %sample.object.escape_debug(), line = sample.line, reason = sample.reason, "record rejected");
    }
}

/// The error of a job whose input cannot be used: too much rejected, or nothing there and that is a failure.
pub(super) fn unusable(contract: &Contract, ledger: &Ledger, source: &Location) -> Option<Error> {
    let is_empty = ledger.n_records_used == 0 && contract.settings.on_empty == OnEmpty::Fail;
    let no_data = || is_empty.then(|| Error::new(&error::NO_DATA, source.to_string(), report::looked_at(ledger)));
    too_many_rejected(contract, ledger, source).or_else(no_data)
}

/// The error of an input of which more is rejected than the job accepts.
pub(super) fn too_many_rejected(contract: &Contract, ledger: &Ledger, source: &Location) -> Option<Error> {
    let n_rejected = ledger.n_records_rejected();
    let n_judged = ledger.n_records_used + n_rejected;
    if n_rejected as f64 <= contract.settings.max_rejected * n_judged as f64 {
        return None;
    }
    let reasons: Vec<String> = ledger.records_rejected.iter().map(|(reason, n)| format!("{reason} {n}")).collect();
    let cause = format!("{n_rejected} of {n_judged} records were rejected ({})", reasons.join(", "));
    let place = ledger.samples.first().map(|sample| format!("{}, line {}", sample.object, sample.line));
    Some(Error::new(&error::TOO_MANY_REJECTED, place.unwrap_or_else(|| source.to_string()), cause))
}

pub(super) fn report_window(contract: &Contract) -> report::Window {
    report::Window { start: contract.window.start, end: contract.window.end }
}

pub(super) fn job_names<'a>(contract: &'a Contract, source: &'a str, output: &'a str) -> report::Job<'a> {
    report::Job {
        name: contract.job_name.as_deref(),
        endpoint: contract.endpoint.as_deref(),
        schedule: contract.schedule.as_deref(),
        dataset_source: Some(source),
        output_path: Some(output),
    }
}

pub(super) fn inputs(manifest: &Manifest) -> report::Inputs<'_> {
    report::Inputs { manifest_sha256: Some(&manifest.sha256), n_objects: manifest.n_objects, n_bytes: manifest.n_bytes }
}

/// Writes the report of a job whose input cannot be used; its other files stay as they were.
pub(super) async fn write_failure(
    contract: &Contract,
    monitor: Monitor,
    error: &Error,
    account: Account<'_>,
    manifest: &Manifest,
) -> Result<()> {
    let failure = report::Failure { code: error.code().code, place: error.place(), cause: error.cause() };
    let (source, output) = (contract.source.to_string(), contract.output.to_string());
    let job = job_names(contract, &source, &output);
    let artifact =
        report::failure_artifact(monitor, &failure, report_window(contract), &job, &inputs(manifest), &account);
    write([(contract.output.clone(), vec![artifact])]).await
}

/// The report among a run's files.
pub(super) fn report_of(artifacts: &[Artifact]) -> Vec<u8> {
    let report = artifacts.iter().find(|artifact| artifact.name == file::REPORT);
    report.map(|artifact| artifact.bytes.clone()).unwrap_or_default()
}

/// Writes files into their places, in this order, all of them or none as far as the places allow.
pub(super) async fn write(groups: impl IntoIterator<Item = (Location, Vec<Artifact>)>) -> Result<()> {
    let file = |artifact: Artifact| (artifact.name, Bytes::from(artifact.bytes));
    let groups: Vec<(Location, Vec<(String, Bytes)>)> =
        groups.into_iter().map(|(target, artifacts)| (target, artifacts.into_iter().map(file).collect())).collect();
    store::write_groups(groups.clone()).await?;
    for (target, files) in &groups {
        let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
        tracing::info!(folder = %target, files = %names.join(" "), "results written");
    }
    Ok(())
}

/// Whether metrics are to be written, and can be.
pub(super) fn publishes(contract: &Contract) -> bool {
    let has_folder = contract.opt_ml.is_dir();
    if contract.publish_metrics && !has_folder {
        tracing::warn!(folder = %contract.opt_ml.display(), "no metrics were written: there is no such folder");
    }
    contract.publish_metrics && has_folder
}

pub(super) fn log_skipped(skipped: &[Skipped]) {
    for metric in skipped {
        tracing::warn!(metric = %metric.metric.escape_debug(), reason = %metric.reason, "metric left out");
    }
}

pub(super) fn log_warnings(warnings: &[Warning]) {
    for warning in warnings {
        tracing::warn!(code = warning.code, detail = %warning.detail.escape_debug(), "{}", warning.title);
    }
}
