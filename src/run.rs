//! The line of the house, on one screen.

use std::sync::Arc;

use bytes::Bytes;

use crate::contract::{Contract, OnEmpty};
use crate::decode::{Rows, Settings as DecodeSettings};
use crate::engine::{self, Dataset, Manifest, Session};
use crate::error::{self, Error, Result};
use crate::judge::{self, Case, Constraints, Finding};
use crate::measure::{self, FeatureMeasurements};
use crate::names::{self, path};
use crate::profile::{Domains, Ledger, Profile, TableStatistics};
use crate::report::{self, Artifact, MetricsInput, Outcome, ReportInput};
use crate::store::{self, Location};
use crate::summary::Summary;
use crate::wire;

/// Largest baseline file that is read: 5,000 columns with full sketches take 250 MB.
const MAX_BASELINE_BYTES: u64 = 1 << 30;

/// A run that came to its end, its files written.
#[derive(Debug)]
pub struct Finished {
    pub outcome: Outcome,
    pub findings: Vec<Finding>,
    pub ledger: Ledger,
    /// Contents of model_monitor_report.json.
    pub report: Vec<u8>,
    /// What belongs into the exit message.
    pub message: String,
}

/// A baseline, as far as it was given.
struct Baseline {
    constraints: Constraints,
    statistics: Option<TableStatistics>,
}

/// Analyses the dataset of a job and writes its results.
pub async fn run(contract: &Contract, session: &Session) -> Result<Finished> {
    let baseline = read_baseline(contract).await?;
    let dataset = Arc::new(Dataset::list(&contract.source, decode_settings(contract, baseline.as_ref())).await?);
    tracing::info!(
        source = %contract.source,
        capture_prefix = contract.capture_prefix,
        objects = dataset.n_objects(),
        exists = dataset.exists(),
        "input listed"
    );

    if contract.outputs_at_end {
        tracing::warn!(
            "output_columns_position is END: columns keep the table's order, captured rows have outputs first"
        );
    }

    let domains = Arc::new(watched_domains(baseline.as_ref()));
    let profile = engine::fold(session, dataset.clone(), || Profile::watching(domains.clone())).await?;
    let (mut statistics, mut ledger) = profile.finish();
    ledger.n_objects_listed = dataset.n_objects();
    let manifest = dataset.manifest();
    if let Some(imbalance) = ledger.imbalance() {
        return Err(Error::new(&error::LEDGER, contract.source.to_string(), imbalance));
    }
    log_ledger(&ledger);
    if let Some(error) = unusable(contract, &ledger) {
        write_failure(contract, &error, &ledger, &manifest).await?;
        return Err(error);
    }
    if ledger.n_records_used == 0 {
        statistics.columns.clear();
    }

    let mut suggested = judge::suggest(&statistics);
    override_drift_method(contract, &mut suggested);
    let measurements = measure::measure(&statistics, baseline.as_ref().and_then(|b| b.statistics.as_ref()));
    let findings = match &baseline {
        Some(baseline) if ledger.n_records_used > 0 => judge::evaluate(&Case {
            constraints: &baseline.constraints,
            measurements: &measurements,
            n_rows: statistics.n_rows,
        }),
        _ => Vec::new(),
    };
    let outcome = Outcome::of(&ledger, &findings);
    let (source, output) = (contract.source.to_string(), contract.output.to_string());
    let input = ReportInput {
        window: report_window(contract),
        job: job_names(contract, &source, &output),
        inputs: inputs(&manifest),
        ledger: &ledger,
        statistics: &statistics,
        suggested: &suggested,
        monitoring: baseline.as_ref().map(|baseline| (&baseline.constraints, findings.as_slice())),
        measurements: &measurements,
        threshold: &judge::threshold_for,
        layout: contract.settings.layout,
    };
    let artifacts = report::artifacts(&input);
    let of_report = artifacts.iter().find(|artifact| artifact.name == names::file::REPORT);
    let report = of_report.map(|artifact| artifact.bytes.clone()).unwrap_or_default();
    let metrics = metrics(contract, &statistics, &ledger, &measurements, baseline.as_ref(), findings.len());
    let of_metrics = metrics.map(|artifact| (Location::Local(contract.opt_ml.join(path::METRICS)), vec![artifact]));
    write(of_metrics.into_iter().chain([(contract.output.clone(), artifacts)])).await?;
    let message = report::message(outcome, findings.len(), &report::looked_at(&ledger));
    Ok(Finished { outcome, findings, ledger, report, message })
}

async fn read_baseline(contract: &Contract) -> Result<Option<Baseline>> {
    let statistics = match &contract.baseline_statistics {
        Some(location) => Some(read_wire(location, wire::statistics::read).await?),
        None => None,
    };
    let constraints = match (&contract.baseline_constraints, &statistics) {
        (Some(location), _) => Some(read_wire(location, wire::constraints::read).await?),
        (None, Some(statistics)) => Some(judge::suggest(statistics)),
        (None, None) => None,
    };
    Ok(constraints.map(|mut constraints| {
        override_drift_method(contract, &mut constraints);
        Baseline { constraints, statistics }
    }))
}

async fn read_wire<T>(location: &Location, read: fn(&[u8]) -> std::result::Result<T, wire::WireError>) -> Result<T> {
    let bytes = store::read_to_end(location, MAX_BASELINE_BYTES).await?;
    read(&bytes).map_err(|cause| Error::new(&error::BASELINE_INVALID, location.to_string(), cause))
}

fn decode_settings(contract: &Contract, baseline: Option<&Baseline>) -> DecodeSettings {
    let features = baseline.map_or(&[][..], |baseline| &baseline.constraints.features);
    DecodeSettings {
        format: contract.format.clone(),
        rows: Rows::Cells,
        window: contract.window,
        names: features.iter().map(|feature| feature.name.clone()).collect(),
        max_record_bytes: contract.settings.max_record_bytes(),
    }
}

fn watched_domains(baseline: Option<&Baseline>) -> Domains {
    let features = baseline.map_or(&[][..], |baseline| &baseline.constraints.features);
    features.iter().filter_map(|feature| Some((feature.name.as_str(), feature.domain.as_deref()?))).collect()
}

fn override_drift_method(contract: &Contract, constraints: &mut Constraints) {
    let Some(method) = contract.categorical_drift_method else { return };
    let of_features = constraints.features.iter_mut().map(|feature| &mut feature.config);
    of_features.chain([&mut constraints.config]).for_each(|config| config.categorical_drift_method = method);
}

fn log_ledger(ledger: &Ledger) {
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
fn unusable(contract: &Contract, ledger: &Ledger) -> Option<Error> {
    let n_rejected = ledger.n_records_rejected();
    let n_judged = ledger.n_records_used + n_rejected;
    if n_rejected as f64 > contract.settings.max_rejected * n_judged as f64 {
        let reasons: Vec<String> = ledger.records_rejected.iter().map(|(reason, n)| format!("{reason} {n}")).collect();
        let cause = format!("{n_rejected} of {n_judged} records were rejected ({})", reasons.join(", "));
        let place = ledger.samples.first().map(|sample| format!("{}, line {}", sample.object, sample.line));
        return Some(Error::new(
            &error::TOO_MANY_REJECTED,
            place.unwrap_or_else(|| contract.source.to_string()),
            cause,
        ));
    }
    (ledger.n_records_used == 0 && contract.settings.on_empty == OnEmpty::Fail)
        .then(|| Error::new(&error::NO_DATA, contract.source.to_string(), report::looked_at(ledger)))
}

fn report_window(contract: &Contract) -> report::Window {
    report::Window { start: contract.window.start, end: contract.window.end }
}

fn job_names<'a>(contract: &'a Contract, source: &'a str, output: &'a str) -> report::Job<'a> {
    report::Job {
        name: contract.job_name.as_deref(),
        endpoint: contract.endpoint.as_deref(),
        schedule: contract.schedule.as_deref(),
        dataset_source: Some(source),
        output_path: Some(output),
    }
}

fn inputs(manifest: &Manifest) -> report::Inputs<'_> {
    report::Inputs { manifest_sha256: Some(&manifest.sha256), n_objects: manifest.n_objects, n_bytes: manifest.n_bytes }
}

/// Writes the report of a job whose input cannot be used; its other files stay as they were.
async fn write_failure(contract: &Contract, error: &Error, ledger: &Ledger, manifest: &Manifest) -> Result<()> {
    let failure = report::Failure { code: error.code().code, place: error.place(), cause: error.cause() };
    let (source, output) = (contract.source.to_string(), contract.output.to_string());
    let job = job_names(contract, &source, &output);
    let artifact = report::failure_artifact(&failure, report_window(contract), &job, &inputs(manifest), ledger);
    write([(contract.output.clone(), vec![artifact])]).await
}

/// The metrics' file, if there is anything to publish and somewhere to write it.
fn metrics(
    contract: &Contract,
    statistics: &TableStatistics,
    ledger: &Ledger,
    measurements: &[FeatureMeasurements],
    baseline: Option<&Baseline>,
    n_violations: usize,
) -> Option<Artifact> {
    if !contract.publish_metrics {
        return None;
    }
    if !contract.opt_ml.is_dir() {
        tracing::warn!(folder = %contract.opt_ml.display(), "no metrics were written: there is no such folder");
        return None;
    }
    let constraints = baseline.map(|baseline| &baseline.constraints);
    let drift = constraints.map(|constraints| judge::drift_distances(constraints, measurements)).unwrap_or_default();
    let (artifact, skipped) = report::cloudwatch_artifact(&MetricsInput {
        time: contract.metric_time,
        endpoint: contract.endpoint.as_deref(),
        schedule: contract.schedule.as_deref(),
        statistics,
        baseline: constraints,
        drift: &|feature| drift.get(feature).copied(),
        n_violations: constraints.map(|_| n_violations as u64),
        ledger,
    });
    for metric in skipped {
        tracing::warn!(metric = %metric.metric.escape_debug(), reason = %metric.reason, "metric left out");
    }
    artifact
}

/// Writes files into their places, in this order, all of them or none as far as the places allow.
async fn write(groups: impl IntoIterator<Item = (Location, Vec<Artifact>)>) -> Result<()> {
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
