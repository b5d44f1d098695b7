//! The data-quality monitor: types, gaps, categories and distributions of columns.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::contract::Contract;
use crate::decode::Rows;
use crate::error::{self, Result};
use crate::incident::Found;
use crate::judge::{self, BlindDistance, Constraints, Test, TestOutcome, Verdict};
use crate::measure;
use crate::profile::{ColumnStatistics, Detail, Domains, Ledger, TableStatistics, TableSummary};
use crate::report::{self, Account, DataQualityResults, MonitorResults, Warning};
use crate::run::monitor::{Job, Measured, Monitor};
use crate::run::warning::{warning, warning_of, warning_telling};
use crate::run::{account, baseline, datasets};
use crate::wire;

pub(super) struct DataQuality;

/// A baseline, as far as it was given.
pub(super) struct Baseline {
    constraints: Constraints,
    statistics: Option<TableStatistics>,
}

impl Monitor for DataQuality {
    type Baseline = Baseline;
    type Rows = TableStatistics;
    type Results = DataQualityResults;

    async fn read_baseline(&self, job: &Job<'_>) -> Result<Option<Baseline>> {
        let contract = job.contract;
        let statistics = baseline::read(contract.baseline_statistics.as_ref(), wire::statistics::read).await?;
        let constraints = baseline::read(contract.baseline_constraints.as_ref(), wire::constraints::read).await?;
        let constraints = constraints.or_else(|| statistics.as_ref().map(judge::suggest));
        Ok(constraints.map(|mut constraints| {
            override_drift_method(contract, &mut constraints);
            Baseline { constraints, statistics }
        }))
    }

    async fn see(&self, job: &Job<'_>, baseline: Option<&Baseline>) -> Result<(Account, TableStatistics)> {
        let features = baseline.map_or(&[][..], |baseline| &baseline.constraints.features);
        let names = features.iter().map(|feature| feature.name.clone()).collect();
        let outputs_are_last = outputs_are_last(job.contract, baseline);
        let dataset = datasets::list_named(job.contract, Rows::Cells, names, outputs_are_last).await?;
        if outputs_are_last {
            tracing::info!("output_columns_position is END: the last columns are those of outputs");
        }
        let domains = features.iter().filter_map(|feature| Some((feature.name.as_str(), feature.domain.as_deref()?)));
        let domains: Arc<Domains> = Arc::new(domains.collect());
        let watching = || TableSummary::watching(domains.clone());
        let (dataset, mut statistics) = datasets::fold(job, dataset, watching).await?;
        account::log(&dataset.ledger);
        statistics.outputs_are_last = outputs_are_last;
        if dataset.ledger.n_records_used == 0 {
            statistics.columns.clear();
        }
        Ok((Account { dataset, ..Account::default() }, statistics))
    }

    async fn measure(
        &self,
        job: &Job<'_>,
        baseline: Option<Baseline>,
        account: &Account,
        statistics: TableStatistics,
    ) -> Result<Measured<DataQualityResults>> {
        let sums = wrapped_sums(&statistics);
        let mut suggested = judge::suggest(&statistics);
        override_drift_method(job.contract, &mut suggested);
        let (constraints, known) = baseline.map(|baseline| (baseline.constraints, baseline.statistics)).unzip();
        let known = known.flatten();
        let mut results = DataQualityResults {
            suggested,
            measurements: measure::measure(&statistics, known.as_ref()),
            statistics,
            baseline: constraints,
            baseline_statistics: known,
            incidents: None,
            is_empty: account.dataset.ledger.n_records_used == 0,
            redact: job.contract.settings.redact,
        };
        let tests = results.judge().tests.unwrap_or_default();
        results.incidents = incidents(&results, &tests, &account.dataset.ledger);
        let verdict = job.contract.settings.verdict;
        let warnings = of_tests(&results, &tests, verdict).into_iter().chain(sums).collect();
        Ok(Measured { results, warnings })
    }
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
    results.case()?;
    let sides = (results.baseline_statistics.as_ref()?, &results.statistics);
    Some(report::incidents(sides, tests, ledger, results.redact))
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

fn override_drift_method(contract: &Contract, constraints: &mut Constraints) {
    let Some(method) = contract.categorical_drift_method else { return };
    let of_features = constraints.features.iter_mut().map(|feature| &mut feature.config);
    of_features.chain([&mut constraints.config]).for_each(|config| config.categorical_drift_method = method);
}
