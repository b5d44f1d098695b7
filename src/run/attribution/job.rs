//! An attribution job, on one screen.

use super::explained::{Explained, Work, explain};
use super::seen::{Found, Seen, see};
use crate::contract::{AttributionJob, Contract};
use crate::engine::Session;
use crate::error::{self, Result};
use crate::judge::attribution as verdicts;
use crate::measure::attribution::{AttributionComparison, Explanations, Method, compare};
use crate::names::path;
use crate::predict::Shadows;
use crate::report::{
    self, Account, AttributionInput, AttributionMetricsInput, AttributionMonitoring, LocalAttributions, Monitor,
    Warning,
};
use crate::run::{Finished, Violation, shared};
use crate::store::Location;
use crate::wire::clarify::explanations::{self, BaselineExplanations};

/// Below this, what is found is mostly chance.
const FEW_ROWS: u64 = 30;

/// Explains rows, holds their attributions against a baseline and writes the results.
pub(in crate::run) async fn run(
    contract: &Contract,
    job: &AttributionJob,
    session: &Session,
    shadows: &Shadows,
) -> Result<Finished> {
    let baseline = read_baseline(contract).await?;
    let seen = see(contract, job, session).await?;
    let judged = seen.judged();
    let Seen { ledger, manifest, found } = seen;
    let n_unusable = if let Found::Attributions(found) = &found { found.n_unusable.values().sum() } else { 0_u64 };
    let explained = match shared::unusable(contract, &judged, &contract.source) {
        Some(error) => Err(error),
        None => {
            let of_baseline = baseline.as_ref().and_then(|baseline| baseline.reference_rows.as_ref());
            explain(&Work { contract, job, session, shadows, of_baseline }, found).await
        }
    };
    // Whatever became of it, no endpoint outlives the job.
    let left = shadows.close_all(Shadows::TIME_TO_CLOSE).await;
    let explained = match explained {
        Ok(explained) => explained,
        Err(error) => {
            let account = Account { ledger: &ledger, labels: None };
            shared::write_failure(contract, Monitor::Attribution, &error, account, &manifest).await?;
            return Err(error);
        }
    };
    let explanations = explained.as_ref().map(|explained| &explained.explanations);
    let compared = baseline
        .as_ref()
        .zip(explanations)
        .map(|(baseline, explanations)| compare(&baseline.outputs, &explanations.statistics, explanations.aggregation));
    let (findings, tests) = match baseline.as_ref().zip(explanations) {
        Some((baseline, Explanations { statistics, aggregation, .. })) => (
            compared.as_ref().map(|compared| verdicts::evaluate(&compared.drifts)).unwrap_or_default(),
            verdicts::test(&baseline.outputs, statistics, *aggregation, verdicts::DEFAULT_MARGIN),
        ),
        None => Default::default(),
    };
    let warnings = warnings(explained.as_ref(), compared.as_ref(), n_unusable, &left);
    shared::log_warnings(&warnings);

    let (source, output) = (contract.source.to_string(), contract.output.to_string());
    let input = AttributionInput {
        window: shared::report_window(contract),
        job: shared::job_names(contract, &source, &output),
        inputs: shared::inputs(&manifest),
        ledger: &ledger,
        explanations,
        coverage: explained.as_ref().map(|explained| explained.coverage),
        calls: explained.as_ref().and_then(|explained| explained.calls),
        reference_features: explained.as_ref().map(|explained| &explained.features[..]).unwrap_or_default(),
        made_reference_rows: explained.as_ref().is_some_and(|explained| explained.made_references),
        local: explained.as_ref().and_then(|explained| Some(LocalAttributions { rows: explained.local.as_deref()? })),
        monitoring: baseline.as_ref().map(|baseline| AttributionMonitoring {
            baseline: &baseline.outputs,
            drifts: compared.as_ref().map(|compared| &compared.drifts[..]).unwrap_or_default(),
            findings: &findings,
            tests: &tests,
        }),
        verdict: contract.settings.verdict,
        warnings: &warnings,
    };
    let (outcome, chosen) = (report::attribution_outcome(&input), report::chosen_attribution_findings(&input));
    let artifacts = report::attribution_artifacts(&input);
    let of_report = shared::report_of(&artifacts);
    let metrics = shared::publishes(contract).then(|| {
        report::attribution_cloudwatch_artifact(&AttributionMetricsInput {
            time: contract.metric_time,
            endpoint: contract.endpoint.as_deref(),
            schedule: contract.schedule.as_deref(),
            explanations,
            n_violations: baseline.as_ref().map(|_| chosen.len() as u64),
            ledger: &ledger,
        })
    });
    let of_metrics = metrics.and_then(|(artifact, skipped)| {
        shared::log_skipped(&skipped);
        Some((Location::Local(contract.opt_ml.join(path::METRICS)), vec![artifact?]))
    });
    shared::write(of_metrics.into_iter().chain([(contract.output.clone(), artifacts)])).await?;
    Ok(Finished {
        outcome,
        violations: chosen.iter().map(Violation::from).collect(),
        lines: lines(explained.as_ref(), compared.as_ref(), &warnings),
        message: report::message(outcome, chosen.len(), &report::looked_at(&ledger)),
        ledger,
        report: of_report,
    })
}

async fn read_baseline(contract: &Contract) -> Result<Option<BaselineExplanations>> {
    let Some(location) = &contract.baseline_constraints else { return Ok(None) };
    shared::read_wire(location, explanations::read).await.map(Some)
}

fn warnings(
    explained: Option<&Explained>,
    compared: Option<&AttributionComparison>,
    n_unusable: u64,
    left: &[crate::predict::Leftover],
) -> Vec<Warning> {
    let warning = |code: &'static error::Code, detail: String, values: Vec<(String, Vec<String>)>| Warning {
        code: code.code,
        title: code.title,
        detail,
        values,
    };
    let mut warnings = Vec::new();
    if let Some(Explained { coverage, refused, .. }) = explained {
        let n_chosen = coverage.n_explained + coverage.n_refused;
        if n_chosen < coverage.n_rows {
            let detail = format!("{n_chosen} of {} rows were drawn", coverage.n_rows);
            warnings.push(warning(&error::ROWS_SAMPLED, detail, Vec::new()));
        }
        if coverage.n_explained < FEW_ROWS {
            let detail = format!("{} rows were explained", coverage.n_explained);
            warnings.push(warning(&error::FEW_ROWS_EXPLAINED, detail, Vec::new()));
        }
        if coverage.n_refused > 0 {
            let code = if n_unusable > 0 { &error::ATTRIBUTIONS_UNUSABLE } else { &error::ROWS_REFUSED };
            let detail = format!("{} rows are not in the attributions", coverage.n_refused);
            warnings.push(warning(code, detail, vec![("reasons".to_owned(), refused.clone())]));
        }
    }
    for drift in compared.iter().flat_map(|compared| &compared.drifts) {
        let names = |is_lost: fn(&crate::measure::attribution::FeatureDrift) -> bool| -> Vec<String> {
            drift.features.iter().filter(|feature| is_lost(feature)).map(|feature| feature.name.clone()).collect()
        };
        let values = [
            ("only in the baseline", names(|feature| feature.value.is_none())),
            ("only in the data", names(|feature| feature.baseline_value.is_none())),
        ];
        let values: Vec<_> = values.into_iter().filter(|(_, names)| !names.is_empty()).collect();
        if !values.is_empty() {
            let values = values.into_iter().map(|(name, names)| (name.to_owned(), names)).collect();
            warnings.push(warning(&error::FEATURES_DIFFER, format!("output {}", drift.output), values));
        }
    }
    if let Some(AttributionComparison { outputs_only_in_baseline, outputs_only_in_current, .. }) = compared
        && !(outputs_only_in_baseline.is_empty() && outputs_only_in_current.is_empty())
    {
        let values =
            [("only in the baseline", outputs_only_in_baseline), ("only in the data", outputs_only_in_current)];
        let values = values.map(|(name, names)| (name.to_owned(), names.clone())).to_vec();
        warnings.push(warning(&error::OUTPUTS_DIFFER, "outputs are matched by their names".to_owned(), values));
    }
    warnings.extend(left.iter().map(|left| warning(&error::SHADOW_LEFT, left.to_string(), Vec::new())));
    warnings
}

/// What a person wants to know first.
fn lines(explained: Option<&Explained>, compared: Option<&AttributionComparison>, warnings: &[Warning]) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(Explained { explanations, coverage, calls, .. }) = explained {
        let of_model = calls.map(|calls| format!(", {} predictions", calls.n_predictions)).unwrap_or_default();
        let how = match coverage.method {
            Method::Captured => "as captured".to_owned(),
            Method::KernelShap { n_coalitions, is_exact: true, .. } => format!("all of {n_coalitions} coalitions"),
            Method::KernelShap { n_coalitions, .. } => format!("up to {n_coalitions} drawn coalitions"),
        };
        lines.push(format!("{} of {} rows explained, {how}{of_model}", coverage.n_explained, coverage.n_rows));
        for output in &explanations.statistics.outputs {
            let word = explanations.aggregation.name();
            for (name, feature) in explanations.statistics.features.iter().zip(&output.features) {
                let value = feature.aggregated(explanations.aggregation);
                let error = feature.variance_abs.map(|variance| (variance / output.n as f64).sqrt());
                let error = error.map(|error| format!(" ± {error:.4}")).unwrap_or_default();
                lines.push(format!("{}: {name}  {word} = {value:.4}{error}", output.output));
            }
        }
    }
    for drift in compared.iter().flat_map(|compared| &compared.drifts) {
        let ndcg = drift.ndcg.map_or_else(|lack| lack.reason().to_owned(), |ndcg| format!("{ndcg:.4}"));
        let interval = drift.ndcg_interval.map(|(low, high)| format!(" [{low:.4}, {high:.4}]")).unwrap_or_default();
        let floor = drift.noise_floor.map(|(floor, _)| format!(", {floor:.4} between two seeds")).unwrap_or_default();
        let ratio = drift.magnitude_ratio.map(|ratio| format!(", magnitude × {ratio:.3}")).unwrap_or_default();
        lines.push(format!("{}: NDCG {ndcg}{interval}{floor}{ratio}", drift.output));
    }
    lines.extend(warnings.iter().map(|warning| format!("{} {}: {}", warning.code, warning.title, warning.detail)));
    lines
}
