//! Data quality: the line of the house, on one screen.

use std::sync::Arc;

use super::{Finished, shared};
use crate::contract::Contract;
use crate::decode::{Rows, Settings as DecodeSettings};
use crate::engine::{self, Dataset, Session};
use crate::error::Result;
use crate::judge::{self, Case, Constraints};
use crate::measure::{self, FeatureMeasurements};
use crate::names::path;
use crate::profile::{Domains, Ledger, LedgerSummary, TableStatistics, TableSummary};
use crate::report::{self, Account, Artifact, MetricsInput, Monitor, Outcome, ReportInput};
use crate::store::Location;
use crate::summary::Summary;
use crate::wire;

/// A baseline, as far as it was given.
struct Baseline {
    constraints: Constraints,
    statistics: Option<TableStatistics>,
}

/// Analyses the dataset of a job and writes its results.
pub async fn run(contract: &Contract, session: &Session) -> Result<Finished> {
    let baseline = read_baseline(contract).await?;
    let dataset = Arc::new(Dataset::list(&contract.source, decode_settings(contract, baseline.as_ref())).await?);
    shared::log_listing(contract, &contract.source, &dataset);
    if contract.outputs_at_end {
        tracing::warn!(
            "output_columns_position is END: columns keep the table's order, captured rows have outputs first"
        );
    }

    let domains = Arc::new(watched_domains(baseline.as_ref()));
    let start = || (TableSummary::watching(domains.clone()), LedgerSummary::default());
    let profile = engine::fold(session, dataset.clone(), start).await?;
    let (mut statistics, mut ledger) = profile.finish();
    let manifest = dataset.manifest();
    shared::balance(&mut ledger, &dataset, &contract.source)?;
    shared::log_ledger(&ledger);
    if let Some(error) = shared::unusable(contract, &ledger, &contract.source) {
        shared::write_failure(
            contract,
            Monitor::DataQuality,
            &error,
            Account { ledger: &ledger, labels: None },
            &manifest,
        )
        .await?;
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
        window: shared::report_window(contract),
        job: shared::job_names(contract, &source, &output),
        inputs: shared::inputs(&manifest),
        ledger: &ledger,
        statistics: &statistics,
        suggested: &suggested,
        monitoring: baseline.as_ref().map(|baseline| (&baseline.constraints, findings.as_slice())),
        measurements: &measurements,
        threshold: &judge::threshold_for,
        layout: contract.settings.layout,
    };
    let artifacts = report::artifacts(&input);
    let report = shared::report_of(&artifacts);
    let metrics = metrics(contract, &statistics, &ledger, &measurements, baseline.as_ref(), findings.len());
    let of_metrics = metrics.map(|artifact| (Location::Local(contract.opt_ml.join(path::METRICS)), vec![artifact]));
    shared::write(of_metrics.into_iter().chain([(contract.output.clone(), artifacts)])).await?;
    let message = report::message(outcome, findings.len(), &report::looked_at(&ledger));
    let violations = findings.iter().map(Into::into).collect();
    Ok(Finished { outcome, violations, lines: Vec::new(), ledger, report, message })
}

async fn read_baseline(contract: &Contract) -> Result<Option<Baseline>> {
    let statistics = match &contract.baseline_statistics {
        Some(location) => Some(shared::read_wire(location, wire::statistics::read).await?),
        None => None,
    };
    let constraints = match (&contract.baseline_constraints, &statistics) {
        (Some(location), _) => Some(shared::read_wire(location, wire::constraints::read).await?),
        (None, Some(statistics)) => Some(judge::suggest(statistics)),
        (None, None) => None,
    };
    Ok(constraints.map(|mut constraints| {
        override_drift_method(contract, &mut constraints);
        Baseline { constraints, statistics }
    }))
}

fn decode_settings(contract: &Contract, baseline: Option<&Baseline>) -> DecodeSettings {
    let features = baseline.map_or(&[][..], |baseline| &baseline.constraints.features);
    DecodeSettings {
        format: contract.format.clone(),
        window: contract.window,
        names: features.iter().map(|feature| feature.name.clone()).collect(),
        rows: Rows::Cells,
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

/// The metrics' file, if there is anything to publish and somewhere to write it.
fn metrics(
    contract: &Contract,
    statistics: &TableStatistics,
    ledger: &Ledger,
    measurements: &[FeatureMeasurements],
    baseline: Option<&Baseline>,
    n_violations: usize,
) -> Option<Artifact> {
    if !shared::publishes(contract) {
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
    shared::log_skipped(&skipped);
    artifact
}
