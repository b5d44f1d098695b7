//! Driver of a monitor: baseline, input, measures, verdicts, files, metrics and message, the same for all of them.

use bytes::Bytes;

use super::monitor::{Job, Measured, Monitor};
use super::{Finished, account};
use crate::contract::Contract;
use crate::error::{Error, Result};
use crate::names::{self, file, path};
use crate::report::{self, Account, Artifact, Dimensions, MonitorResults, Outcome, Run, Skipped, Warning};
use crate::store::{self, Location};

/// Reads, measures, judges, and writes the results of a monitor.
pub(super) async fn carry_out<M: Monitor>(monitor: &M, job: &Job<'_>) -> Result<Finished> {
    let contract = job.contract;
    let baseline = monitor.read_baseline(job).await?;
    let (account, rows) = monitor.see(job, baseline.as_ref()).await?;
    let measured = match account::unusable(contract, &account, |reason| monitor.tolerates(&rows, reason)) {
        Some(error) => Err(error),
        None => monitor.measure(job, baseline, &account, rows).await,
    };
    let Measured { results, warnings } = match measured {
        Ok(measured) => measured,
        Err(error) => {
            write_failure(contract, M::Results::MONITOR, &error, &account).await?;
            return Err(error);
        }
    };
    log_warnings(&warnings);

    let judgement = results.judge();
    let chosen = judgement.chosen(contract.settings.verdict);
    let outcome = Outcome::of(results.n_used(&account), chosen.len());
    let run = Run {
        window: window(contract),
        job: &job_names(contract, &account),
        account: &account,
        verdict: contract.settings.verdict,
        warnings: &warnings,
        layout: contract.settings.layout,
        evaluation_time: contract.now,
    };
    let artifacts = report::artifacts(&run, &results, &judgement, outcome);
    let report = artifacts.iter().find(|artifact| artifact.name == file::REPORT);
    let report = report.map(|artifact| artifact.bytes.clone()).unwrap_or_default();
    let metrics = metrics(contract, &account, &results, chosen.len());
    write(metrics.into_iter().chain([(contract.output.clone(), artifacts)])).await?;

    let lines = account.lines().into_iter().chain(results.lines(&chosen)).chain(warnings.iter().map(Warning::line));
    Ok(Finished {
        outcome,
        violations: chosen.iter().map(Into::into).collect(),
        lines: lines.collect(),
        message: report::message(outcome, chosen.len(), &results.looked_at(&account), &warnings),
        has_warnings: !warnings.is_empty(),
        ledger: account.dataset.ledger,
        report,
    })
}

/// The metrics' file and its place, if there is anything to publish and somewhere to write it.
fn metrics<R: MonitorResults>(
    contract: &Contract,
    account: &Account,
    results: &R,
    n_violations: usize,
) -> Option<(Location, Vec<Artifact>)> {
    if !contract.publish_metrics {
        return None;
    }
    if !contract.opt_ml.is_dir() {
        tracing::warn!(folder = %contract.opt_ml.display(), "no metrics were written: there is no such folder");
        return None;
    }
    let (time, endpoint, schedule) = (contract.metric_time, contract.endpoint.as_deref(), contract.schedule.as_deref());
    let dimensions = Dimensions { time, endpoint, schedule };
    let (artifact, skipped) = report::cloudwatch_artifact(dimensions, account, results, n_violations);
    for Skipped { metric, reason } in skipped {
        tracing::warn!(metric = %metric.escape_debug(), %reason, "metric left out");
    }
    Some((Location::Local(contract.opt_ml.join(path::METRICS)), vec![artifact?]))
}

pub(super) fn window(contract: &Contract) -> report::Window {
    report::Window { start: contract.window.start, end: contract.window.end }
}

pub(super) fn job_names(contract: &Contract, account: &Account) -> report::Job {
    report::Job {
        name: contract.job_name.clone(),
        endpoint: contract.endpoint.clone(),
        schedule: contract.schedule.clone(),
        dataset_source: Some(contract.source.to_string()),
        ground_truth_source: account.labels.as_ref().map(|labels| labels.dataset.place.clone()),
        output_path: Some(contract.output.to_string()),
    }
}

/// Writes the report of a job whose input cannot be used; its other files stay as they were.
async fn write_failure(contract: &Contract, monitor: names::Monitor, error: &Error, account: &Account) -> Result<()> {
    let failure = report::Failure { code: error.code().code, place: error.place(), cause: error.cause() };
    let job = job_names(contract, account);
    let artifact = report::failure_artifact(monitor, &failure, window(contract), &job, account);
    write([(contract.output.clone(), vec![artifact])]).await
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

pub(super) fn log_warnings(warnings: &[Warning]) {
    for warning in warnings {
        tracing::warn!(code = warning.code, detail = %warning.detail.escape_debug(), "{}", warning.title);
    }
}
