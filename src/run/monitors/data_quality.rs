//! The data-quality monitor: types, gaps, categories and distributions of columns.

mod results;
mod segments;

use std::collections::BTreeSet;
use std::sync::Arc;

use arrow::array::RecordBatch;

use self::results::{Baseline, results};
use crate::contract::Contract;
use crate::decode::Rows;
use crate::error::{self, Result};
use crate::incident::Found;
use crate::judge::{self, BlindDistance, Constraints, Test, TestOutcome, Verdict};
use crate::profile::{
    ColumnStatistics, Detail, Domains, Ledger, Periods, Segments, TableSegments, TableStatistics, TableSummary,
    TableWindows,
};
use crate::report::{self, Account, DataQualityResults, MonitorResults, Warning};
use crate::run::monitor::{Job, Measured, Monitor};
use crate::run::warning::{warning, warning_of, warning_telling};
use crate::run::{account, baseline, datasets};
use crate::summary::Summary;
use crate::wire;

pub(in crate::run) struct DataQuality;

impl Monitor for DataQuality {
    type Baseline = Baseline;
    type Rows = (TableStatistics, Option<Segments>);
    type Results = DataQualityResults;

    async fn read_baseline(&self, job: &Job<'_>) -> Result<Option<Baseline>> {
        let contract = job.contract;
        let statistics = baseline::read(contract.baseline_statistics.as_ref(), wire::statistics::read).await?;
        let constraints = baseline::read(contract.baseline_constraints.as_ref(), wire::constraints::read).await?;
        let constraints = constraints.or_else(|| statistics.as_ref().map(judge::suggest));
        Ok(constraints.map(|mut constraints| {
            with_settings(contract, &mut constraints);
            Baseline { constraints: constraints.into(), statistics: statistics.map(Arc::new) }
        }))
    }

    async fn see(&self, job: &Job<'_>, baseline: Option<&Baseline>) -> Result<(Account, Self::Rows)> {
        let (account, (mut statistics, segments)) = match job.contract.settings.segment.as_deref() {
            None => {
                let (account, statistics) = fold(job, baseline, TableSummary::watching).await?;
                (account, (statistics, None))
            }
            Some(column) => {
                let watching = |domains: Arc<Domains>| {
                    (TableSummary::watching(domains.clone()), TableSegments::watching(domains, column))
                };
                let (account, (statistics, segments)) = fold(job, baseline, watching).await?;
                (account, (statistics, Some(segments)))
            }
        };
        statistics.outputs_are_last = outputs_are_last(job.contract, baseline);
        if account.dataset.ledger.n_records_used == 0 {
            statistics.columns.clear();
        }
        Ok((account, (statistics, segments)))
    }

    async fn measure(
        &self,
        job: &Job<'_>,
        baseline: Option<Baseline>,
        account: &Account,
        (statistics, segments): Self::Rows,
    ) -> Result<Measured<DataQualityResults>> {
        let sums = wrapped_sums(&statistics);
        let mut suggested = judge::suggest(&statistics);
        with_settings(job.contract, &mut suggested);
        let is_empty = account.dataset.ledger.n_records_used == 0;
        let mut results = results(baseline, suggested, statistics, is_empty);
        results.redact = job.contract.settings.redact;
        let tests = results.judge().tests.unwrap_or_default();
        results.incidents = incidents(&results, &tests, &account.dataset.ledger);
        let verdict = job.contract.settings.verdict;
        results.segments = segments.filter(|_| !is_empty).map(|segments| segments::judged(segments, &results));
        let of_segments = results.segments.as_ref().and_then(|known| segments::warning_of(known, &results.statistics));
        let warnings = of_tests(&results, &tests, verdict).into_iter().chain(sums).chain(of_segments).collect();
        Ok(Measured { results, warnings })
    }
}

/// Folds the job's rows into a summary that knows the domains of the baseline's columns.
async fn fold<S>(
    job: &Job<'_>,
    baseline: Option<&Baseline>,
    watching: impl Fn(Arc<Domains>) -> S,
) -> Result<(Account, S::Output)>
where
    S: Summary<Input = RecordBatch> + Send + 'static,
{
    let features = baseline.map_or(&[][..], |baseline| &baseline.constraints.features);
    let names = features.iter().map(|feature| feature.name.clone()).collect();
    let outputs_are_last = outputs_are_last(job.contract, baseline);
    let dataset = datasets::list_named(job.contract, Rows::Cells, names, outputs_are_last).await?;
    if outputs_are_last {
        tracing::info!("output_columns_position is END: the last columns are those of outputs");
    }
    let domains = features.iter().filter_map(|feature| Some((feature.name.as_str(), feature.domain.as_deref()?)));
    let domains: Arc<Domains> = Arc::new(domains.collect());
    let (dataset, output) = datasets::fold(job, dataset, || watching(domains.clone())).await?;
    account::log(&dataset.ledger);
    Ok((Account { dataset, ..Account::default() }, output))
}

/// The results of each window of the job's, from one pass over its captures; of a window without rows they are empty.
pub(in crate::run) async fn results_of_windows(
    job: &Job<'_>,
    baseline: &Baseline,
    periods: Periods,
    n_windows: usize,
) -> Result<(Account, Vec<DataQualityResults>)> {
    let watching = |domains| TableWindows::watching(domains, periods);
    let (account, mut tables) = fold(job, Some(baseline), watching).await?;
    let mut windows = Vec::with_capacity(n_windows);
    for place in 0..n_windows {
        let statistics = tables.remove(&(place as i64)).unwrap_or_default();
        let is_empty = statistics.n_rows == 0;
        windows.push(results(Some(baseline.clone()), judge::suggest(&statistics), statistics, is_empty));
    }
    Ok((account, windows))
}

/// What the tests of the statistical verdict say beside it.
fn of_tests(results: &DataQualityResults, tests: &[Test], verdict: Verdict) -> Vec<Warning> {
    let Some(case) = results.case() else { return Vec::new() };
    let is_chosen = verdict == Verdict::Statistical;
    let Some(baseline) = &results.baseline_statistics else {
        return Vec::from_iter(is_chosen.then(|| warning(&error::NOTHING_TESTED, "baseline_statistics is not given")));
    };
    let other_kinds = judge::other_kinds(&case, baseline, &results.statistics);
    let untested = insufficient(tests).filter(|_| is_chosen);
    let n_columns = tested(tests, |_| true).len();
    let blind = blind(&judge::blind_distances(&case, tests), n_columns);
    let is_told = is_chosen && !other_kinds.is_empty();
    let other_kinds = is_told.then(|| warning_of(&error::OTHER_KINDS, n_columns, "columns", &other_kinds));
    untested.into_iter().chain(blind).chain(other_kinds).collect()
}

/// The causes of what the tests found; `None` where nothing is judged, or the baseline's statistics were not given.
fn incidents(results: &DataQualityResults, tests: &[Test], ledger: &Ledger) -> Option<Found> {
    let judged = results.case()?.judged_names();
    let sides = (results.baseline_statistics.as_deref()?, &results.statistics);
    Some(report::incidents(sides, &judged, tests, ledger, results.redact))
}

/// The columns of the tests that are meant.
fn tested(tests: &[Test], is_meant: impl Fn(&Test) -> bool) -> BTreeSet<&str> {
    tests.iter().filter(|test| is_meant(test)).filter_map(|test| test.subject.feature()).collect()
}

/// Columns of which no distribution could be tested.
fn insufficient(tests: &[Test]) -> Option<Warning> {
    let all = tested(tests, |_| true);
    let is_untested = |test: &Test| judge::is_of_distribution(test) && test.outcome == TestOutcome::InsufficientData;
    let untested = tested(tests, is_untested);
    let untested: Vec<String> = untested.into_iter().map(str::to_owned).collect();
    (!untested.is_empty()).then(|| warning_of(&error::INSUFFICIENT_ROWS, all.len(), "columns", &untested))
}

/// Changes that AWS's distance does not show.
fn blind(distances: &[BlindDistance], n_columns: usize) -> Option<Warning> {
    let told = |BlindDistance { feature, aws, exact, .. }: &BlindDistance| {
        format!("{feature} (AWS's distance {aws:.3}, exact {exact:.3})")
    };
    let names: Vec<String> = distances.iter().map(|distance| distance.feature.clone()).collect();
    let shown: Vec<String> = distances.iter().map(told).collect();
    let n = (shown.len(), n_columns);
    (!shown.is_empty()).then(|| warning_telling(&error::BLIND_DISTANCE, n, &shown).listing("columns", &names))
}

/// Columns of integers whose sums are not those of their values.
fn wrapped_sums(statistics: &TableStatistics) -> Option<Warning> {
    let is_wrapped =
        |column: &&ColumnStatistics| matches!(&column.detail, Detail::Numeric(Ok(numbers)) if numbers.is_sum_wrapped);
    let wrapped = statistics.columns.iter().filter(is_wrapped);
    let names: Vec<String> = wrapped.map(|column| column.name.clone()).collect();
    (!names.is_empty()).then(|| warning_of(&error::SUM_WRAPPED, statistics.columns.len(), "columns", &names))
}

/// Whether the last columns are those of outputs: as the job says, else as its baseline remembers.
fn outputs_are_last(contract: &Contract, baseline: Option<&Baseline>) -> bool {
    let remembers = |baseline: &Baseline| {
        let of_statistics = baseline.statistics.as_ref().is_some_and(|statistics| statistics.outputs_are_last);
        baseline.constraints.outputs_are_last || of_statistics
    };
    contract.outputs_are_last.unwrap_or_else(|| baseline.is_some_and(remembers))
}

/// Puts the job's own settings of drift into the constraints: AWS's variable stands above them, ours below.
fn with_settings(contract: &Contract, constraints: &mut Constraints) {
    let of_features = constraints.features.iter_mut().map(|feature| &mut feature.config);
    for config in of_features.chain([&mut constraints.config]) {
        config.categorical_drift_method = contract.categorical_drift_method.unwrap_or(config.categorical_drift_method);
        config.drift_measure = config.drift_measure.or(contract.settings.drift_measure);
        config.drift_threshold = config.drift_threshold.or(contract.settings.drift_threshold);
    }
}
