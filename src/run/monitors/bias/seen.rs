//! What a bias job reads: rows with their labels and groups, and predictions where they are or where a model makes
//! them.

use std::sync::Arc;

use super::model_predictions::{Answered, Unanswered, ask};
use crate::contract::{AskedModel, BiasJob};
use crate::decode::{Attribute, Format, Instances, Rows};
use crate::engine::{self, JoinInputs, JoinOutput, SideJoin};
use crate::error::{Error, Result};
use crate::measure::bias::{BaselineGroup, as_in_baseline};
use crate::predict::{Leftover, ShadowEndpoints};
use crate::profile::{
    BiasFault, FacetSettings, FacetStatistics, FacetSummary, FeatureRowsSummary, LedgerSummary, Predicted,
    RowPredictions, UNLABELLED,
};
use crate::report::{Account, ModelCalls};
use crate::run::monitor::Job;
use crate::run::{account, datasets, side_tables};
use crate::summary::Summary;

/// What was seen of groups.
pub(in crate::run::monitors) struct Seen {
    /// Rows that have all that is needed beside them: labels, and rows of every side table.
    pub n_rows: u64,
    pub statistics: std::result::Result<FacetStatistics, BiasFault>,
    /// Why there are no predictions though metrics of them are asked for.
    pub lack: Option<String>,
    pub asked: Asked,
    /// Why the job cannot go on.
    pub failed: Option<Error>,
}

/// What was asked of a model.
#[derive(Default)]
pub(in crate::run::monitors) struct Asked {
    /// `None` where no model was asked.
    pub calls: Option<ModelCalls>,
    /// Rows that the model refused, and why.
    pub n_refused: u64,
    pub reasons: Vec<String>,
    /// Endpoints that could not be deleted.
    pub left: Vec<Leftover>,
}

/// How the rows are read.
struct Reading {
    facets: FacetSettings,
    instances: Instances,
    lack: Option<String>,
    asked: Asked,
    answered: Option<Answered>,
}

/// Reads the dataset: twice where a model is asked for the predictions.
pub(super) async fn see(
    job: &Job<'_>,
    settings: &BiasJob,
    shadows: &ShadowEndpoints,
    baseline: Option<&[BaselineGroup]>,
) -> Result<(Account, Seen)> {
    let facets = settings.facets.clone();
    let mut reading = Reading {
        facets: baseline.map_or(facets.clone(), |baseline| as_in_baseline(facets, baseline)),
        instances: Instances { with_label: settings.ground_truth.is_none(), ..settings.instances.clone() },
        lack: None,
        asked: Asked::default(),
        answered: None,
    };
    if !settings.post_training.is_none() && !reading.facets.has_predictions {
        reading.lack = look_in_answers(job, settings, &mut reading).await?;
        if let (Some(_), Ok(model)) = (&reading.lack, &settings.model) {
            reading.lack = None;
            if let Some((account, error)) = ask_model(job, model, shadows, &mut reading).await? {
                let (statistics, failed) = (Err(BiasFault::NoRows), Some(error));
                return Ok((account, Seen { n_rows: 0, statistics, lack: None, asked: reading.asked, failed }));
            }
        }
    }
    fold(job, settings, reading).await
}

/// Takes what is all of an answer for the score, where a threshold is given and most answers hold one cell; why there
/// are no predictions else.
async fn look_in_answers(job: &Job<'_>, settings: &BiasJob, reading: &mut Reading) -> Result<Option<String>> {
    let cause = settings.model.as_ref().err().cloned().unwrap_or_default();
    let Some(threshold) = settings.threshold_of_answers else {
        return Ok(Some(format!("nothing says where the predictions are in the data, and {cause}")));
    };
    let listed = datasets::list(job.contract, Rows::Instances(reading.instances.clone())).await?;
    match listed.n_answer_cells() {
        Some(1) => {
            reading.instances.attributes.scores = vec![Attribute::Index(0)];
            reading.facets.has_predictions = true;
            reading.facets.probability_threshold = Some(threshold);
            Ok(None)
        }
        n_cells => {
            let n_cells = n_cells.unwrap_or(0);
            Ok(Some(format!("an answer has {n_cells} values, nothing says which of them is the score, and {cause}")))
        }
    }
}

/// Asks the model about every row of the dataset. An account and an error where the job cannot go on.
async fn ask_model(
    job: &Job<'_>,
    model: &AskedModel,
    shadows: &ShadowEndpoints,
    reading: &mut Reading,
) -> Result<Option<(Account, Error)>> {
    let dataset = datasets::list(job.contract, Rows::Instances(reading.instances.clone())).await?;
    let (dataset, rows) = datasets::fold(job, dataset, FeatureRowsSummary::of_all).await?;
    if rows.rows.is_empty() {
        return Ok(None);
    }
    let answered = ask(job.session, model, shadows, rows).await;
    // Whatever became of it, no endpoint outlives the job.
    reading.asked.left = shadows.close_all(ShadowEndpoints::TIME_TO_CLOSE).await;
    match answered {
        Ok(answered) => {
            reading.asked.calls = Some(answered.calls);
            reading.asked.reasons.clone_from(&answered.reasons);
            reading.answered = Some(answered);
            reading.facets.has_predictions = true;
            reading.facets.probability_threshold = None;
            Ok(None)
        }
        Err(Unanswered::NotAsked(error)) => {
            reading.lack = Some(format!("no model can be asked ({}: {})", error.code().code, error.cause()));
            Ok(None)
        }
        Err(Unanswered::Failed(error)) => Ok(Some((Account { dataset, ..Account::default() }, error))),
    }
}

/// Counts the rows by their groups, joined with what belongs to them.
async fn fold(job: &Job<'_>, settings: &BiasJob, reading: Reading) -> Result<(Account, Seen)> {
    let contract = job.contract;
    let Reading { facets, instances, lack, mut asked, answered } = reading;
    let facets = Arc::new(facets);
    let is_captured = matches!(contract.format, Format::Capture(_));
    let predictions: Option<Arc<RowPredictions>> = answered.as_ref().map(|answered| answered.predictions.clone());
    let of_rows =
        || Predicted::new(predictions.clone(), FacetSummary::new(facets.clone()).leaving_out_incomplete(is_captured));
    let (account, n_rows, rows) = match &settings.ground_truth {
        None => {
            let side_tables = side_tables::read(job, settings).await?;
            let dataset = datasets::list(contract, Rows::Instances(instances)).await?;
            let start = || SideJoin::new(side_tables.read.clone(), of_rows());
            let (dataset, (of_join, rows)) = datasets::fold(job, dataset, start).await?;
            account::log(&dataset.ledger);
            let n_rows = if side_tables.read.is_empty() { dataset.ledger.n_rows } else { of_join.n_joined };
            let side_tables = side_tables.account(&dataset, &of_join)?;
            (Account { dataset, labels: None, side_tables }, n_rows, rows)
        }
        Some(truth) => {
            let captures = datasets::list(contract, Rows::Instances(instances)).await?;
            let labels = datasets::list_labels(contract, truth, Rows::Labels(truth.attributes.clone())).await?;
            let inputs = JoinInputs { captures: captures.clone(), labels: labels.clone(), policy: truth.duplicates };
            let starts = (|| datasets::ledger(contract, &captures), LedgerSummary::default);
            // Nothing can be read in several ways: the features tell how many rows there are.
            let of_rows = (of_rows, LedgerSummary::default);
            let joined = engine::join::<_, _, _, _, LedgerSummary>(job.session, &inputs, starts, of_rows, None).await?;
            let JoinOutput { captures: ledger, labels: of_labels, rows, pairs, .. } = joined;
            let dataset = account::of_dataset(ledger, &captures, &contract.source)?;
            account::log(&dataset.ledger);
            let n_rows = pairs.n_matched;
            let mut labels = datasets::label_account(truth, &labels, of_labels, pairs)?;
            let rows = rows.finish();
            if let (Ok(statistics), _) = &rows {
                labels.pairs.leave_unlabelled(statistics.n_missing.get(UNLABELLED).copied().unwrap_or(0));
            }
            (Account { dataset, labels: Some(labels), ..Account::default() }, n_rows, rows)
        }
    };
    let (statistics, n_refused) = rows;
    asked.n_refused = n_refused;
    let is_empty = match &statistics {
        Err(BiasFault::NoRows) => true,
        // Captures are there, and their ground truth says nothing of them yet.
        Err(BiasFault::NoLabels { .. }) => settings.ground_truth.is_some(),
        _ => false,
    };
    let n_rows = if is_empty { 0 } else { n_rows };
    Ok((account, Seen { n_rows, statistics, lack, asked, failed: None }))
}
