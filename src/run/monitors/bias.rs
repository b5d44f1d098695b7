//! The bias monitor: how differently labels and predictions treat groups.

use std::sync::Arc;

use crate::contract::{BiasJob, OnEmpty};
use crate::decode::{Format, Instances, Rows};
use crate::engine::{self, JoinInputs, JoinOutput, SideJoin};
use crate::error::{self, Code, Error, Result};
use crate::judge::bias as verdicts;
use crate::measure::bias::{self, BaselineGroup};
use crate::profile::{BiasFault, FacetStatistics, FacetSummary, LedgerSummary};
use crate::report::{Account, BiasResults, SideTableAccount, Warning};
use crate::run::monitor::{Job, Measured, Monitor};
use crate::run::{account, baseline, datasets, side_tables};
use crate::summary::Summary;
use crate::wire::clarify::analysis;

pub(super) struct Bias<'a> {
    pub settings: &'a BiasJob,
}

/// What was seen of groups.
pub(super) struct Facets {
    /// Rows that have all that is needed beside them: labels, and rows of every side table.
    n_rows: u64,
    statistics: std::result::Result<FacetStatistics, BiasFault>,
}

impl Facets {
    fn new(n_rows: u64, statistics: std::result::Result<FacetStatistics, BiasFault>) -> Self {
        let has_rows = !matches!(statistics, Err(BiasFault::NoRows));
        Self { n_rows: if has_rows { n_rows } else { 0 }, statistics }
    }
}

impl Monitor for Bias<'_> {
    type Baseline = Vec<BaselineGroup>;
    type Rows = Facets;
    type Results = BiasResults;

    async fn read_baseline(&self, job: &Job<'_>) -> Result<Option<Vec<BaselineGroup>>> {
        baseline::read(job.contract.baseline_constraints.as_ref(), analysis::read).await
    }

    async fn see(&self, job: &Job<'_>, _: Option<&Vec<BaselineGroup>>) -> Result<(Account, Facets)> {
        let (contract, settings) = (job.contract, self.settings);
        let of_facets = Arc::new(settings.facets.clone());
        let is_captured = matches!(contract.format, Format::Capture(_));
        let of_rows = || FacetSummary::new(of_facets.clone()).leaving_out_unlabelled(is_captured);
        let instances = |with_label| Rows::Instances(Instances { with_label, ..settings.instances.clone() });
        let Some(truth) = &settings.ground_truth else {
            let side_tables = side_tables::read(job, settings).await?;
            let dataset = datasets::list(contract, instances(true)).await?;
            let start = || SideJoin::new(side_tables.read.clone(), of_rows());
            let (dataset, (of_join, statistics)) = datasets::fold(job, dataset, start).await?;
            account::log(&dataset.ledger);
            let n_rows = if side_tables.read.is_empty() { dataset.ledger.n_rows } else { of_join.n_joined };
            let side_tables = side_tables.account(&dataset, &of_join)?;
            return Ok((Account { dataset, labels: None, side_tables }, Facets::new(n_rows, statistics)));
        };
        let captures = datasets::list(contract, instances(false)).await?;
        let labels = datasets::list_labels(contract, truth, Rows::Labels(truth.attributes.clone())).await?;
        let inputs = JoinInputs { captures: captures.clone(), labels: labels.clone(), policy: truth.duplicates };
        let starts = (|| datasets::ledger(contract), LedgerSummary::default);
        let joined = engine::join::<_, _, _, LedgerSummary>(job.session, &inputs, starts, of_rows, None).await?;
        let JoinOutput { captures: ledger, labels: of_labels, rows, pairs, .. } = joined;
        let dataset = account::of_dataset(ledger, &captures, &contract.source)?;
        account::log(&dataset.ledger);
        let facets = Facets::new(pairs.n_matched, rows.finish());
        let labels = Some(datasets::label_account(truth, &labels, of_labels, pairs)?);
        Ok((Account { dataset, labels, ..Account::default() }, facets))
    }

    async fn measure(
        &self,
        job: &Job<'_>,
        baseline: Option<Vec<BaselineGroup>>,
        account: &Account,
        facets: Facets,
    ) -> Result<Measured<BiasResults>> {
        if let Some(error) = account::no_label_matches(job.contract, account) {
            return Err(error);
        }
        let place = account.dataset.place.clone();
        let side_tables = &account.side_tables;
        if facets.n_rows == 0 && !side_tables.is_empty() && job.contract.settings.on_empty == OnEmpty::Fail {
            let cause = side_tables.iter().map(SideTableAccount::line).collect::<Vec<_>>().join("; ");
            return Err(Error::new(&error::NO_DATA, place, cause));
        }
        let intersections = facets.statistics.as_ref().map(bias::intersections).unwrap_or_default();
        if facets.n_rows == 0 {
            let results = BiasResults { intersections, baseline, ..BiasResults::default() };
            return Ok(Measured { results, warnings: Vec::new() });
        }
        let error = |fault: BiasFault| Error::new(code_of(&fault), place, &fault);
        let measured = facets.statistics.and_then(|statistics| bias::measure(&statistics)).map_err(error)?;
        let measured = asked_for(measured, self.settings);
        let of_all = measured.post_training.first().and_then(|group| bias::performance(&group.counts));
        let warnings = warnings(&measured);
        let performance = of_all.map(|(rates, _)| rates).unwrap_or_default();
        let results = BiasResults { bias: Some(measured), intersections, performance, baseline };
        Ok(Measured { results, warnings })
    }
}

/// Of what was measured, the metrics that the configuration asks for.
fn asked_for(mut bias: bias::Bias, job: &BiasJob) -> bias::Bias {
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

fn warnings(bias: &bias::Bias) -> Vec<Warning> {
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
