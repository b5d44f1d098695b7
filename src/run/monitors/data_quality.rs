//! The data-quality monitor: types, gaps, categories and distributions of columns.

use std::sync::Arc;

use crate::contract::Contract;
use crate::decode::Rows;
use crate::error::{self, Result};
use crate::judge::{self, Constraints};
use crate::measure;
use crate::profile::{ColumnStatistics, Detail, Domains, TableStatistics, TableSummary};
use crate::report::{Account, DataQualityResults, Warning};
use crate::run::monitor::{Job, Measured, Monitor};
use crate::run::warning::warning_of;
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
        let warnings = Vec::from_iter(wrapped_sums(&statistics));
        let mut suggested = judge::suggest(&statistics);
        override_drift_method(job.contract, &mut suggested);
        let known = baseline.as_ref().and_then(|baseline| baseline.statistics.as_ref());
        let results = DataQualityResults {
            suggested,
            measurements: measure::measure(&statistics, known),
            statistics,
            baseline: baseline.map(|baseline| baseline.constraints),
            is_empty: account.dataset.ledger.n_records_used == 0,
            redact: job.contract.settings.redact,
        };
        Ok(Measured { results, warnings })
    }
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
