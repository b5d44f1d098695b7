//! An attribution job, on one screen.

use super::explained::{Explained, Work, explain};
use super::seen::{Seen, see};
use super::{lines, warnings};
use crate::contract::{AttributionJob, Contract};
use crate::engine::{Manifest, Session};
use crate::error::Result;
use crate::judge::attribution as verdicts;
use crate::judge::attribution::{AttributionFinding, AttributionTest};
use crate::measure::attribution::{AttributionComparison, BaselineAttributions, Explanations, compare};
use crate::names::path;
use crate::predict::ShadowEndpoints;
use crate::profile::Ledger;
use crate::report::{
    self, Account, Artifact, AttributionInput, AttributionMetricsInput, AttributionMonitoring, LocalAttributions,
    Monitor, Warning,
};
use crate::run::{Finished, Violation, shared};
use crate::store::Location;
use crate::wire::clarify::explanations::{self, BaselineExplanations};

/// Explains rows, holds their attributions against a baseline and writes the results.
pub(in crate::run) async fn run(
    contract: &Contract,
    job: &AttributionJob,
    session: &Session,
    shadows: &ShadowEndpoints,
) -> Result<Finished> {
    let baseline = read_baseline(contract).await?;
    let seen = see(contract, job, session).await?;
    let judged = seen.judged();
    let Seen { ledger, manifest, found, unused } = seen;
    let of_baseline = baseline.as_ref().and_then(|baseline| baseline.reference_rows.as_ref());
    let explained = match shared::unusable(contract, &judged, &contract.source) {
        Some(error) => Err(error),
        None => explain(&Work { contract, job, session, shadows, of_baseline, unused: unused.as_deref() }, found).await,
    };
    // Whatever became of it, no endpoint outlives the job.
    let left = shadows.close_all(ShadowEndpoints::TIME_TO_CLOSE).await;
    let explained = match explained {
        Ok(explained) => explained,
        Err(error) => {
            shared::log_warnings(&warnings::of(None, None, &left));
            let account = Account { ledger: &ledger, labels: None };
            shared::write_failure(contract, Monitor::Attribution, &error, account, &manifest).await?;
            return Err(error);
        }
    };
    let monitored = baseline
        .as_ref()
        .map(|baseline| Monitored::of(&baseline.outputs, explained.as_ref().map(|explained| &explained.explanations)));
    let comparison = monitored.as_ref().map(|monitored| &monitored.comparison);
    let warnings = warnings::of(explained.as_ref(), comparison, &left);
    shared::log_warnings(&warnings);
    Results { contract, manifest: &manifest, ledger, explained, monitored, warnings }.write().await
}

async fn read_baseline(contract: &Contract) -> Result<Option<BaselineExplanations>> {
    let Some(location) = &contract.baseline_constraints else { return Ok(None) };
    shared::read_wire(location, explanations::read).await.map(Some)
}

/// A baseline, and what was found against it.
struct Monitored<'a> {
    baseline: &'a [BaselineAttributions],
    /// Of nothing, where no row was explained; so are the others.
    comparison: AttributionComparison,
    /// AWS's.
    findings: Vec<AttributionFinding>,
    tests: Vec<AttributionTest>,
}

impl<'a> Monitored<'a> {
    fn of(baseline: &'a [BaselineAttributions], explanations: Option<&Explanations>) -> Self {
        let Some(Explanations { statistics, aggregation, .. }) = explanations else {
            return Self { baseline, comparison: Default::default(), findings: Vec::new(), tests: Vec::new() };
        };
        let comparison = compare(baseline, statistics, *aggregation);
        Self {
            baseline,
            findings: verdicts::evaluate(&comparison.drifts),
            tests: verdicts::test(baseline, statistics, *aggregation, verdicts::DEFAULT_MARGIN),
            comparison,
        }
    }

    fn for_report(&self) -> AttributionMonitoring<'_> {
        AttributionMonitoring {
            baseline: self.baseline,
            drifts: &self.comparison.drifts,
            findings: &self.findings,
            tests: &self.tests,
        }
    }
}

/// Everything that a run found out.
struct Results<'a> {
    contract: &'a Contract,
    manifest: &'a Manifest,
    ledger: Ledger,
    explained: Option<Explained>,
    monitored: Option<Monitored<'a>>,
    warnings: Vec<Warning>,
}

impl Results<'_> {
    async fn write(self) -> Result<Finished> {
        let (source, output) = (self.contract.source.to_string(), self.contract.output.to_string());
        let input = self.input(shared::job_names(self.contract, &source, &output));
        let (outcome, chosen) = (report::attribution_outcome(&input), report::chosen_attribution_findings(&input));
        let artifacts = report::attribution_artifacts(&input);
        let of_report = shared::report_of(&artifacts);
        let of_metrics = self.metrics(chosen.len() as u64);
        shared::write(of_metrics.into_iter().chain([(self.contract.output.clone(), artifacts)])).await?;
        let drifts = self.monitored.as_ref().map(|monitored| &monitored.comparison.drifts[..]).unwrap_or_default();
        Ok(Finished {
            outcome,
            violations: chosen.iter().map(Violation::from).collect(),
            lines: lines::of(self.explained.as_ref(), drifts, &self.warnings),
            message: report::message(outcome, chosen.len(), &report::looked_at(&self.ledger)),
            ledger: self.ledger,
            report: of_report,
        })
    }

    fn input<'a>(&'a self, job: report::Job<'a>) -> AttributionInput<'a> {
        let explained = self.explained.as_ref();
        AttributionInput {
            window: shared::report_window(self.contract),
            job,
            inputs: shared::inputs(self.manifest),
            ledger: &self.ledger,
            explanations: explained.map(|explained| &explained.explanations),
            coverage: explained.and_then(|explained| explained.coverage),
            calls: explained.and_then(|explained| explained.calls),
            reference_features: explained.map(|explained| &explained.features[..]).unwrap_or_default(),
            made_reference_rows: explained.is_some_and(|explained| explained.made_references),
            local: explained.and_then(|explained| Some(LocalAttributions { rows: explained.local.as_deref()? })),
            monitoring: self.monitored.as_ref().map(Monitored::for_report),
            verdict: self.contract.settings.verdict,
            warnings: &self.warnings,
        }
    }

    /// The metrics and the folder that they belong in, if they are to be written.
    fn metrics(&self, n_violations: u64) -> Option<(Location, Vec<Artifact>)> {
        if !shared::publishes(self.contract) {
            return None;
        }
        let (artifact, skipped) = report::attribution_cloudwatch_artifact(&AttributionMetricsInput {
            time: self.contract.metric_time,
            endpoint: self.contract.endpoint.as_deref(),
            schedule: self.contract.schedule.as_deref(),
            explanations: self.explained.as_ref().map(|explained| &explained.explanations),
            n_violations: self.monitored.as_ref().map(|_| n_violations),
            ledger: &self.ledger,
        });
        shared::log_skipped(&skipped);
        Some((Location::Local(self.contract.opt_ml.join(path::METRICS)), vec![artifact?]))
    }
}
