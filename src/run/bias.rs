//! Bias: how differently labels and predictions treat groups, on one screen.

use std::sync::Arc;

use super::seen::{self, Labels, labels_seen};
use super::side_tables::{self, JoinedSideTable};
use super::{Finished, Violation, shared};
use crate::contract::{BiasJob, Contract, OnEmpty};
use crate::decode::{Instances, Rows};
use crate::engine::{self, JoinInputs, JoinOutput, Manifest, Session, SideJoin};
use crate::error::{self, Code, Error, Result};
use crate::judge::bias as verdicts;
use crate::measure::bias::{self, BaselineGroup, Bias};
use crate::names::path;
use crate::profile::{BiasFault, FacetStatistics, FacetSummary, Ledger, LedgerSummary};
use crate::report::{self, Account, BiasInput, BiasMetricsInput, BiasMonitoring, Monitor, Warning};
use crate::store::Location;
use crate::summary::Summary;
use crate::wire;

/// Everything that was seen, accounted for.
struct Seen {
    ledger: Ledger,
    manifest: Manifest,
    labels: Option<Labels>,
    /// Datasets that were joined.
    joined: Vec<JoinedSideTable>,
    /// Rows that have all that is needed beside them: labels, and rows of every joined dataset.
    n_rows: u64,
    facets: std::result::Result<FacetStatistics, BiasFault>,
}

/// Measures bias and writes the results.
pub(super) async fn run(contract: &Contract, job: &BiasJob, session: &Session) -> Result<Finished> {
    let baseline = read_baseline(contract).await?;
    let seen = see(contract, job, session).await?;
    let bias = match measured(contract, &seen) {
        Ok(bias) => bias.map(|bias| asked_for(bias, job)),
        Err(error) => {
            let labels = seen.labels.as_ref().map(|labels| labels.for_report());
            let account = Account { ledger: &seen.ledger, labels };
            shared::write_failure(contract, Monitor::Bias, &error, account, &seen.manifest).await?;
            return Err(error);
        }
    };
    let judged = baseline.as_deref().zip(bias.as_ref());
    let findings = judged.map(|(baseline, bias)| verdicts::evaluate(baseline, bias)).unwrap_or_default();
    let tests =
        judged.map(|(baseline, bias)| verdicts::test(baseline, bias, verdicts::DEFAULT_MARGIN)).unwrap_or_default();
    let warnings = bias.as_ref().map(warnings).unwrap_or_default();
    shared::log_warnings(&warnings);

    let intersections = seen.facets.as_ref().map(bias::intersections).unwrap_or_default();
    let of_all = bias.as_ref().and_then(|bias| bias::performance(&bias.post_training.first()?.counts));
    let performance = of_all.map(|(rates, _)| rates).unwrap_or_default();
    let (source, output) = (contract.source.to_string(), contract.output.to_string());
    let input = BiasInput {
        window: shared::report_window(contract),
        job: shared::job_names(contract, &source, &output),
        inputs: shared::inputs(&seen.manifest),
        ledger: &seen.ledger,
        labels: seen.labels.as_ref().map(|labels| labels.for_report()),
        joined: seen.joined.iter().map(JoinedSideTable::for_report).collect(),
        bias: bias.as_ref(),
        intersections: &intersections,
        performance: &performance,
        monitoring: baseline.as_deref().map(|baseline| BiasMonitoring { baseline, findings: &findings, tests: &tests }),
        verdict: contract.settings.verdict,
        warnings: &warnings,
    };
    let (outcome, chosen) = (report::bias_outcome(&input), report::chosen_bias_findings(&input));
    let artifacts = report::bias_artifacts(&input);
    let of_report = shared::report_of(&artifacts);
    let n_violations = baseline.as_ref().map(|_| chosen.len() as u64);
    let metrics = shared::publishes(contract).then(|| {
        report::bias_cloudwatch_artifact(&BiasMetricsInput {
            time: contract.metric_time,
            endpoint: contract.endpoint.as_deref(),
            schedule: contract.schedule.as_deref(),
            bias: bias.as_ref(),
            pairs: seen.labels.as_ref().map(|labels| &labels.pairs),
            n_violations,
            ledger: &seen.ledger,
        })
    });
    let of_metrics = metrics.and_then(|(artifact, skipped)| {
        shared::log_skipped(&skipped);
        Some((Location::Local(contract.opt_ml.join(path::METRICS)), vec![artifact?]))
    });
    shared::write(of_metrics.into_iter().chain([(contract.output.clone(), artifacts)])).await?;
    let looked_at = report::looked_at_labels(&seen.ledger, input.labels.as_ref(), None);
    Ok(Finished {
        outcome,
        violations: chosen.iter().map(Violation::from).collect(),
        lines: lines(&seen, bias.as_ref(), &warnings),
        message: report::message(outcome, chosen.len(), &looked_at),
        ledger: seen.ledger,
        report: of_report,
    })
}

async fn read_baseline(contract: &Contract) -> Result<Option<Vec<BaselineGroup>>> {
    let Some(location) = &contract.baseline_constraints else { return Ok(None) };
    shared::read_wire(location, wire::clarify::analysis::read).await.map(Some)
}

async fn see(contract: &Contract, job: &BiasJob, session: &Session) -> Result<Seen> {
    let settings = Arc::new(job.facets.clone());
    let of_rows = || FacetSummary::new(settings.clone());
    let instances = |with_label| Rows::Instances(Instances { with_label, ..job.instances.clone() });
    match &job.ground_truth {
        None => {
            let side_tables = side_tables::read(contract, job, session).await?;
            let dataset = seen::list(contract, instances(true)).await?;
            let start = || (LedgerSummary::default(), SideJoin::new(side_tables.read.clone(), of_rows()));
            let (ledger, rows) = engine::fold(session, dataset.clone(), start).await?;
            let mut ledger = ledger.finish();
            shared::balance(&mut ledger, &dataset, &contract.source)?;
            shared::log_ledger(&ledger);
            let (counts, facets) = rows.finish();
            let n_rows = if side_tables.read.is_empty() { ledger.n_rows } else { counts.n_joined };
            let joined = side_tables.account(&ledger, &contract.source, &counts)?;
            Ok(Seen { ledger, manifest: dataset.manifest(), labels: None, joined, n_rows, facets })
        }
        Some(truth) => {
            let captures = seen::list(contract, instances(false)).await?;
            let labels = seen::list_labels(contract, truth, Rows::Labels(truth.attributes.clone())).await?;
            let inputs = JoinInputs { captures: captures.clone(), labels: labels.clone(), policy: truth.duplicates };
            let starts = (LedgerSummary::default, LedgerSummary::default);
            let joined = engine::join::<_, _, _, LedgerSummary>(session, &inputs, starts, of_rows, None).await?;
            let JoinOutput { captures: ledger, labels: of_labels, rows, pairs, .. } = joined;
            let mut ledger = ledger.finish();
            shared::balance(&mut ledger, &captures, &contract.source)?;
            shared::log_ledger(&ledger);
            let n_rows = pairs.n_matched;
            let labels = Some(labels_seen(truth, &labels, of_labels, pairs)?);
            let (manifest, joined) = (captures.manifest(), Vec::new());
            Ok(Seen { ledger, manifest, labels, joined, n_rows, facets: rows.finish() })
        }
    }
}

/// What was measured; `None` where there was nothing to measure. The error where the input is unusable.
fn measured(contract: &Contract, seen: &Seen) -> Result<Option<Bias>> {
    let of_labels = || {
        let labels = seen.labels.as_ref()?;
        shared::too_many_rejected(contract, &labels.ledger, &labels.place)
            .or_else(|| seen::no_label_matches(contract, &seen.ledger, labels))
    };
    let of_joined =
        || seen.joined.iter().find_map(|joined| shared::too_many_rejected(contract, &joined.ledger, &joined.place));
    let unusable = shared::unusable(contract, &seen.ledger, &contract.source).or_else(of_labels).or_else(of_joined);
    if let Some(error) = unusable {
        return Err(error);
    }
    if seen.n_rows == 0 && !seen.joined.is_empty() && contract.settings.on_empty == OnEmpty::Fail {
        let cause = seen.joined.iter().map(JoinedSideTable::line).collect::<Vec<_>>().join("; ");
        return Err(Error::new(&error::NO_DATA, contract.source.to_string(), cause));
    }
    if seen.n_rows == 0 {
        return Ok(None);
    }
    let place = contract.source.to_string();
    let statistics = seen.facets.as_ref().map_err(|fault| Error::new(code_of(fault), place.clone(), fault))?;
    bias::measure(statistics).map(Some).map_err(|fault| Error::new(code_of(&fault), place, &fault))
}

/// Of what was measured, the metrics that the configuration asks for.
fn asked_for(mut bias: Bias, job: &BiasJob) -> Bias {
    for (groups, metrics) in
        [(&mut bias.pre_training, &job.pre_training), (&mut bias.post_training, &job.post_training)]
    {
        groups.iter_mut().for_each(|group| group.metrics.retain(|metric| metrics.contains(metric.name)));
    }
    bias
}

fn code_of(fault: &BiasFault) -> &'static Code {
    match fault {
        BiasFault::FacetAbsent(_) => &error::FACET_NOT_FOUND,
        BiasFault::TypesDiffer | BiasFault::PredictionsNotFinite => &error::LABEL_TYPES_DIFFER,
        BiasFault::NoPositivePrediction => &error::NO_POSITIVE_PREDICTION,
        BiasFault::TooManyValues { .. } => &error::TOO_MANY_GROUPS,
        BiasFault::NoRows => &error::NO_DATA,
        BiasFault::NoPositiveLabels
        | BiasFault::ThresholdMissing(_)
        | BiasFault::ThresholdNotNumeric { .. }
        | BiasFault::ValueNotOfColumn { .. } => &error::FACET_THRESHOLD,
    }
}

fn warnings(bias: &Bias) -> Vec<Warning> {
    let small = bias.pre_training.iter().filter(|group| {
        let counts = &group.counts.n;
        let n = |side: usize| counts[side].iter().flatten().sum::<u64>();
        let n_positive = |side: usize| counts[side][1].iter().sum::<u64>();
        (0..2).any(|side| n(side) < verdicts::MIN_GROUP || n_positive(side) < verdicts::MIN_POSITIVES)
    });
    let of_group = |group: &bias::GroupBias| Warning {
        code: error::GROUP_TOO_SMALL.code,
        title: error::GROUP_TOO_SMALL.title,
        detail: format!("{} = {}, or the rest", group.facet, group.facet_value),
        values: Vec::new(),
    };
    small.map(of_group).collect()
}

/// What a person wants to know first.
fn lines(seen: &Seen, bias: Option<&Bias>, warnings: &[Warning]) -> Vec<String> {
    let mut lines = seen::labelled_line(seen.labels.as_ref()).into_iter().collect::<Vec<_>>();
    lines.extend(seen.joined.iter().map(JoinedSideTable::line));
    for group in bias.iter().flat_map(|bias| bias.pre_training.iter().chain(&bias.post_training)) {
        let numbers = group.metrics.iter().filter_map(|metric| {
            let value = metric.value.as_ref().ok()?;
            let interval = metric.interval.map(|(low, high)| format!("  [{low:.4}, {high:.4}]")).unwrap_or_default();
            Some(format!("{} = {}  {:<6} {value:>9.4}{interval}", group.facet, group.facet_value, metric.name))
        });
        lines.extend(numbers);
    }
    lines.extend(warnings.iter().map(|warning| format!("{} {}: {}", warning.code, warning.title, warning.detail)));
    lines
}
