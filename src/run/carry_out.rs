//! Driver of a monitor: baseline, input, measures, verdicts, files, metrics and message, the same for all of them.

use bytes::Bytes;

use super::header::{failure, job_names, run_of, window};
use super::monitor::{Job, Measured, Monitor};
use super::previous_output::{self, Previous};
use super::{Finished, account, account_warnings, dataset_warnings, datasets, segments};
use crate::contract::Contract;
use crate::decode::{Format, is_name};
use crate::error::{self, Code, Error, Result};
use crate::names::{self, file, path};
use crate::report::{self, Account, Artifact, Dimensions, MonitorResults, Outcome, Run, Skipped, Warning};
use crate::store::{self, Location};

/// Reads, measures, judges, and writes the results of a monitor.
pub(super) async fn carry_out<M: Monitor>(monitor: &M, job: &Job<'_>) -> Result<Finished> {
    let contract = job.contract;
    let baseline = monitor.read_baseline(job).await?;
    let previous = previous_output::read(contract, M::Results::MONITOR).await?;
    let (account, rows) = monitor.see(job, baseline.as_ref()).await?;
    let tolerates = |reason: &str| monitor.tolerates(&rows, reason);
    let unusable = account::unusable(contract, &account, tolerates);
    let mut warnings = dataset_warnings::of(&account);
    with_headers(contract, &mut warnings).await;
    if unusable.is_none() {
        warnings.append(&mut account::rejected(contract, &account, tolerates));
    }
    log_warnings(&warnings);
    let measured = match unusable {
        Some(error) => Err(error),
        None => monitor.measure(job, baseline, &account, rows).await,
    };
    let Measured { results, warnings: of_results } = match measured {
        Ok(measured) => measured,
        Err(error) => {
            let error = after(with_columns(contract, error).await, &warnings);
            write_failure(contract, M::Results::MONITOR, &error, &account, &warnings).await?;
            return Err(error);
        }
    };
    let judgement = results.judge();
    let judgement = match previous {
        Some(Previous { baseline, history }) => {
            let window = (baseline, (contract.window.start, contract.window.end));
            judgement.over_time(results.incidents(), contract.settings.alarm_rule, window, history)
        }
        None => judgement,
    };
    let mut of_results = account_warnings::before(of_results, contract, &account, results.n_used(&account));
    of_results.extend(previous_output::warning_of(contract, judgement.over_time.as_ref()));
    log_warnings(&of_results);
    warnings.append(&mut of_results);
    let segments = segments::of_variants(monitor, job, &account).await?;

    let chosen = judgement.chosen(contract.settings.verdict);
    let outcome = Outcome::of(results.n_used(&account), chosen.len());
    let names = job_names(contract, &account);
    let run = Run { segments: &segments, ..run_of(contract, &names, &account, &warnings) };
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

/// An error with the codes of the warnings before it, which may be its cause.
fn after(error: Error, warnings: &[Warning]) -> Error {
    let mut codes: Vec<&str> = warnings.iter().map(|warning| warning.code).collect();
    codes.dedup();
    if codes.is_empty() { error } else { error.with_more(format!("warnings before: {}", codes.join(", "))) }
}

/// Most columns that an error names.
const MAX_NAMED_COLUMNS: usize = 20;

/// Digits of a place in a list, in such a name.
const MAX_PLACE_DIGITS: usize = 3;

/// Errors about what the job calls a column, or takes for one.
const ABOUT_COLUMNS: [&Code; 5] = [
    &error::ATTRIBUTE_NOT_FOUND,
    &error::NOT_NUMBERS,
    &error::FACET_NOT_FOUND,
    &error::FACET_THRESHOLD,
    &error::LABEL_TYPES_DIFFER,
];

/// The first of these names, and how many more there are. Keys of JSON may be values: only those that look like names
/// are shown.
fn first_of(names: &[String], are_keys: bool) -> String {
    // The cells of a list are called by its name and a number.
    let is_place = |key: &str| key.len() <= MAX_PLACE_DIGITS && key.bytes().all(|byte| byte.is_ascii_digit());
    let is_of_name = |name: &str| {
        let mut keys = name.split('.');
        keys.next().is_some_and(is_name) && keys.all(|key| is_name(key) || is_place(key))
    };
    let shown = names.iter().filter(|name| !are_keys || is_of_name(name)).take(MAX_NAMED_COLUMNS);
    let shown: Vec<String> = shown.map(|name| name.escape_debug().to_string()).collect();
    match names.len() - shown.len() {
        0 => format!(": {}", shown.join(", ")),
        _ if shown.is_empty() => String::new(),
        n_more => format!(": {} and {n_more} more", shown.join(", ")),
    }
}

/// An error about an attribute or a column, with those that the records have.
async fn with_columns(contract: &Contract, error: Error) -> Error {
    if !ABOUT_COLUMNS.iter().any(|about| about.code == error.code().code) {
        return error;
    }
    let names = datasets::column_names(contract).await;
    if names.is_empty() {
        return error;
    }
    let cells = if names.len() == 1 { "1 cell".to_owned() } else { format!("{} cells", names.len()) };
    let told = if contract.settings.redact {
        cells
    } else if names.iter().any(|name| name.trim().parse::<f64>().is_ok()) {
        // A record that was taken for a header: its values are not to be shown.
        format!("{cells}, and numbers are among their names: `header` of dataset_format may be wrong")
    } else {
        let are_keys = !matches!(contract.format, Format::Csv { .. } | Format::Parquet);
        format!("{cells}{}", first_of(&names, are_keys))
    };
    let error = error.with_more(format!("the first records have {told}"));
    match datasets::headers_beside_cells(contract).await {
        Some(told) => with_headers_in_order(error.with_more(told)),
        None => {
            let is_by_headers = !datasets::headers(contract).is_empty() && datasets::are_unnamed(&names);
            let is_of_facet = [error::FACET_NOT_FOUND.code, error::FACET_THRESHOLD.code].contains(&error.code().code);
            if is_by_headers && is_of_facet { with_headers_in_order(error) } else { error }
        }
    }
}

/// The error with what may be wrong with the names that the configuration gives to columns.
fn with_headers_in_order(error: Error) -> Error {
    let remedy = format!("{} Headers must name every column, in the order of the data.", error.remedy());
    error.with_remedy(remedy)
}

/// Says of rows that are uneven how many cells there are for the names that the job gives.
async fn with_headers(contract: &Contract, warnings: &mut [Warning]) {
    let Some(uneven) = warnings.iter_mut().find(|warning| warning.code == error::UNEVEN_ROWS.code) else { return };
    if let Some(told) = datasets::headers_beside_cells(contract).await {
        uneven.detail = format!("{}; {told}", uneven.detail);
    }
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

/// Writes the report of a job whose input cannot be used; its other files stay as they were.
async fn write_failure(
    contract: &Contract,
    monitor: names::Monitor,
    error: &Error,
    account: &Account,
    warnings: &[Warning],
) -> Result<()> {
    let job = job_names(contract, account);
    let artifact = report::failure_artifact(monitor, &failure(error), window(contract), &job, account, warnings);
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
        tracing::warn!(code = warning.code, detail = %error::printable(&warning.detail), "{}", warning.title);
    }
}
