//! Model quality: predictions held against their labels, on one screen.

use super::seen::{self, Seen};
use super::{Finished, Violation, shared, warnings};
use crate::contract::{Contract, ModelQuality, OnEmpty};
use crate::decode::Format;
use crate::engine::Session;
use crate::error::{self, Error, Result};
use crate::judge::quality::{self as verdicts, QualityConstraints};
use crate::measure::quality::{self, Predictions, Quality, QualityBaseline};
use crate::names::path;
use crate::profile::OutcomeStatistics;
use crate::report::{self, Account, Artifact, Monitor, QualityInput, QualityMetricsInput, QualityMonitoring};
use crate::store::Location;
use crate::wire;

/// A baseline, as far as it was given.
struct Baseline {
    constraints: QualityConstraints,
    profile: Option<QualityBaseline>,
}

/// Measures the quality of a model and writes the results.
pub(super) async fn run(contract: &Contract, job: &ModelQuality, session: &Session) -> Result<Finished> {
    let baseline = read_baseline(contract, job).await?;
    let profile = baseline.as_ref().and_then(|baseline| baseline.profile.as_ref());
    let seen = seen::see(contract, job, profile, session).await?;
    if let Some(error) = unusable(contract, job, &seen) {
        let account = Account { ledger: &seen.ledger, labels: seen.labels.as_ref().map(|labels| labels.for_report()) };
        shared::write_failure(contract, Monitor::ModelQuality, &error, account, &seen.manifest).await?;
        return Err(error);
    }

    let is_labelled = seen.outcomes.account.n_used > 0;
    let quality = quality::measure(&seen.outcomes, seen.curves.as_ref());
    let predictions = quality::predictions(&seen.predictions, profile);
    let suggested = if is_labelled { verdicts::suggest(&quality) } else { no_limits(job) };
    let limits = baseline.as_ref().map(|baseline| &baseline.constraints);
    let judged = limits.filter(|_| is_labelled);
    let findings = judged.map(|limits| verdicts::evaluate(limits, &quality)).unwrap_or_default();
    let tests = judged.map(|limits| verdicts::test(limits, &quality, profile)).unwrap_or_default();
    let is_baseline = is_labelled && !contract.monitors();
    let remembered = is_baseline.then(|| quality::remember(&quality, &seen.outcomes, &seen.predictions));
    let warnings = warnings::of(&seen, &quality);
    shared::log_warnings(&warnings);

    let (source, output) = (contract.source.to_string(), contract.output.to_string());
    let input = QualityInput {
        window: shared::report_window(contract),
        job: shared::job_names(contract, &source, &output),
        inputs: shared::inputs(&seen.manifest),
        ledger: &seen.ledger,
        labels: seen.labels.as_ref().map(|labels| labels.for_report()),
        problem: job.outcomes.problem,
        quality: Some(&quality),
        predictions: Some(&predictions),
        suggested: &suggested,
        baseline: remembered.as_ref(),
        monitoring: limits.map(|constraints| QualityMonitoring { constraints, findings: &findings, tests: &tests }),
        verdict: contract.settings.verdict,
        warnings: &warnings,
        evaluation_time: contract.now,
        layout: contract.settings.layout,
    };
    let (outcome, chosen) = (report::quality_outcome(&input), report::chosen_findings(&input));
    let artifacts = report::quality_artifacts(&input);
    let of_report = shared::report_of(&artifacts);
    let n_violations = limits.map(|_| chosen.len() as u64);
    let metrics = metrics(contract, &seen, &quality, n_violations);
    let of_metrics = metrics.map(|artifact| (Location::Local(contract.opt_ml.join(path::METRICS)), vec![artifact]));
    shared::write(of_metrics.into_iter().chain([(contract.output.clone(), artifacts)])).await?;
    let looked_at = report::looked_at_labels(&seen.ledger, input.labels.as_ref(), Some(&seen.outcomes.account));
    Ok(Finished {
        outcome,
        violations: chosen.iter().map(Violation::from).collect(),
        lines: lines(&seen, &quality, &predictions, &warnings),
        message: report::message(outcome, chosen.len(), &looked_at),
        ledger: seen.ledger,
        report: of_report,
    })
}

/// What a window without labels suggests.
fn no_limits(job: &ModelQuality) -> QualityConstraints {
    QualityConstraints { problem: job.outcomes.problem, limits: Vec::new() }
}

async fn read_baseline(contract: &Contract, job: &ModelQuality) -> Result<Option<Baseline>> {
    if let Some(location) = &contract.baseline_statistics {
        tracing::warn!(%location, "model quality compares with constraints only: the baseline's statistics are not read");
    }
    let Some(location) = &contract.baseline_constraints else { return Ok(None) };
    let constraints = shared::read_wire(location, wire::model_quality::constraints::read).await?;
    must_be_of(job, constraints.problem, location)?;
    let profile = match &contract.baseline_profile {
        Some((location, is_named)) => match shared::read_wire(location, wire::model_quality::baseline::read).await {
            Ok(profile) => {
                must_be_of(job, profile.problem, location)?;
                Some(profile)
            }
            Err(error) if !is_named && error.code().code == error::BASELINE_UNREADABLE.code => {
                tracing::warn!(%location, "the baseline's profile is not there: no estimates, and its thresholds are taken as exact");
                None
            }
            Err(error) => return Err(error),
        },
        None => None,
    };
    Ok(Some(Baseline { constraints, profile }))
}

fn must_be_of(job: &ModelQuality, problem: crate::profile::Problem, location: &Location) -> Result<()> {
    if problem == job.outcomes.problem {
        return Ok(());
    }
    let cause = format!("it is of a {} model, and problem_type is {}", problem.name(), job.outcomes.problem.name());
    Err(Error::new(&error::BASELINE_INVALID, location.to_string(), cause))
}

/// The error of a job whose input cannot be used.
fn unusable(contract: &Contract, job: &ModelQuality, seen: &Seen) -> Option<Error> {
    let of_labels = || {
        let labels = seen.labels.as_ref()?;
        shared::too_many_rejected(contract, &labels.ledger, &labels.place)
    };
    shared::unusable(contract, &seen.ledger, &contract.source)
        .or_else(of_labels)
        .or_else(|| wrong_attributes(contract, job, &seen.outcomes))
        .or_else(|| wrong_attributes_of_predictions(contract, seen))
        .or_else(|| no_labels(contract, seen))
}

/// The error where what the attributes point at is in no row, or is of the wrong kind in most rows.
fn wrong_attributes(contract: &Contract, job: &ModelQuality, outcomes: &OutcomeStatistics) -> Option<Error> {
    let account = &outcomes.account;
    let place = contract.source.to_string();
    let n_complete = account.n_rows - account.n_without_prediction - account.n_without_label;
    if account.n_rows > 0 && account.n_without_prediction == account.n_rows {
        let of = if job.outcomes.threshold.is_some() { "probability_attribute" } else { "inference_attribute" };
        let cause = format!("none of {} rows has a value for {of}", account.n_rows);
        return Some(Error::new(&error::ATTRIBUTE_NOT_FOUND, place, cause));
    }
    // Labels of captures come late; those of a table are there, or are looked for in the wrong place.
    let is_table = job.ground_truth.is_none() && !matches!(contract.format, Format::Capture(_));
    if is_table && account.n_without_label > 0 && n_complete == 0 {
        let cause = format!("none of {} rows has a value for ground_truth_attribute", account.n_rows);
        return Some(Error::new(&error::ATTRIBUTE_NOT_FOUND, place, cause));
    }
    if 2 * account.n_not_numbers > n_complete {
        let cause = format!("{} of {n_complete} rows hold text where a number is needed", account.n_not_numbers);
        return Some(Error::new(&error::NOT_NUMBERS, place, cause));
    }
    if !outcomes.has_positive_label() {
        let cause = "positive_label is not among the labels";
        return Some(Error::new(&error::POSITIVE_LABEL_UNKNOWN, place, cause));
    }
    None
}

/// The same for rows that have no label yet.
fn wrong_attributes_of_predictions(contract: &Contract, seen: &Seen) -> Option<Error> {
    let n_rows = seen.ledger.n_rows;
    (n_rows > 0 && seen.predictions.n == 0 && seen.outcomes.account.n_used == 0).then(|| {
        let cause = format!("none of {n_rows} rows has a usable prediction");
        Error::new(&error::ATTRIBUTE_NOT_FOUND, contract.source.to_string(), cause)
    })
}

/// The error of a job without labelled rows, where that is a failure.
fn no_labels(contract: &Contract, seen: &Seen) -> Option<Error> {
    if seen.outcomes.account.n_used > 0 || contract.settings.on_empty != OnEmpty::Fail {
        return None;
    }
    let labels = seen.labels.as_ref().map(|labels| labels.for_report());
    let cause = report::looked_at_labels(&seen.ledger, labels.as_ref(), Some(&seen.outcomes.account));
    Some(Error::new(&error::NO_LABEL_MATCHES, contract.source.to_string(), cause))
}

fn metrics(contract: &Contract, seen: &Seen, quality: &Quality, n_violations: Option<u64>) -> Option<Artifact> {
    if !shared::publishes(contract) {
        return None;
    }
    let (artifact, skipped) = report::quality_cloudwatch_artifact(&QualityMetricsInput {
        time: contract.metric_time,
        endpoint: contract.endpoint.as_deref(),
        schedule: contract.schedule.as_deref(),
        quality: Some(quality),
        pairs: seen.labels.as_ref().map(|labels| &labels.pairs),
        n_violations,
        ledger: &seen.ledger,
    });
    shared::log_skipped(&skipped);
    artifact
}

/// What a person wants to know first.
fn lines(seen: &Seen, quality: &Quality, predictions: &Predictions, warnings: &[report::Warning]) -> Vec<String> {
    let mut lines: Vec<String> = seen::labelled_line(seen.labels.as_ref()).into_iter().collect();
    for metric in quality.metrics.iter().chain(&quality.more_metrics) {
        let is_constant = quality::named(metric.name).is_some_and(|kind| kind.is_constant_classifier);
        let Some(value) = metric.value.ok().filter(|_| !is_constant) else { continue };
        let interval = metric.interval.map(|(low, high)| format!("  [{low:.4}, {high:.4}]")).unwrap_or_default();
        let estimated = predictions.estimated.iter().find(|estimate| estimate.name == metric.name);
        let estimated = estimated.and_then(|estimate| estimate.value.ok());
        let estimated = estimated.map(|value| format!("  estimated without labels {value:.4}")).unwrap_or_default();
        lines.push(format!("{:<28} {value:>9.4}{interval}{estimated}", metric.name));
    }
    if quality.n == 0 {
        for estimate in &predictions.estimated {
            let Ok(value) = estimate.value else { continue };
            lines.push(format!("{:<28} {value:>9.4}  estimated without labels", estimate.name));
        }
    }
    lines.extend(warnings.iter().map(|warning| format!("{} {}: {}", warning.code, warning.title, warning.detail)));
    lines
}
