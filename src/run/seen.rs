//! What a model-quality job sees: records with their labels, or captures joined with their ground truth.

use std::sync::Arc;

use arrow::array::RecordBatch;

use super::shared;
use crate::contract::{Contract, GroundTruth, ModelQuality, OnEmpty};
use crate::decode::{Format, Rows, Settings as DecodeSettings};
use crate::engine::{self, Dataset, JoinInputs, JoinOutput, Manifest, ScoreSort, Session};
use crate::error::{self, Error, Result};
use crate::measure::quality::{self, QualityBaseline};
use crate::pairing::JoinCounts;
use crate::profile::{
    CurveStatistics, CurveSummary, Ledger, LedgerSummary, OutcomeStatistics, OutcomeSummary, PredictionStatistics,
    PredictionSummary, TooManyClasses, score_rows, score_rows_schema,
};
use crate::report;
use crate::store::Location;
use crate::summary::Summary;

/// Everything that was seen, accounted for.
pub(super) struct Seen {
    pub(super) ledger: Ledger,
    pub(super) manifest: Manifest,
    /// `None` where records hold their labels.
    pub(super) labels: Option<Labels>,
    pub(super) outcomes: OutcomeStatistics,
    pub(super) predictions: PredictionStatistics,
    pub(super) curves: Option<CurveStatistics>,
}

/// The side of the ground truth.
pub(super) struct Labels {
    pub(super) place: Location,
    source: String,
    manifest: Manifest,
    pub(super) ledger: Ledger,
    pub(super) pairs: JoinCounts,
}

impl Labels {
    pub(super) fn for_report(&self) -> report::Labels<'_> {
        report::Labels {
            source: Some(&self.source),
            inputs: shared::inputs(&self.manifest),
            ledger: &self.ledger,
            pairs: &self.pairs,
        }
    }
}

type Predictions = (LedgerSummary, PredictionSummary);

/// Reads the dataset, and the ground truth where it lies apart.
pub(super) async fn see(
    contract: &Contract,
    job: &ModelQuality,
    profile: Option<&QualityBaseline>,
    session: &Session,
) -> Result<Seen> {
    let outcomes = Arc::new(job.outcomes.clone());
    let predictions = Arc::new(quality::watch(outcomes.clone(), profile));
    let of_captures = || (LedgerSummary::default(), PredictionSummary::new(predictions.clone()));
    let of_rows = || OutcomeSummary::new(outcomes.clone());
    let settings = outcomes.clone();
    let score_sort = score_rows_schema(&outcomes).map(|schema| ScoreSort {
        schema,
        project: Arc::new(move |batch: &RecordBatch| score_rows(batch, &settings)),
        start: CurveSummary::default(),
    });
    match &job.ground_truth {
        None => {
            let dataset = list(contract, Rows::Outcomes(job.attributes.clone())).await?;
            let start = || (of_captures(), of_rows());
            let ((captures, rows), curves) =
                engine::fold_sorted_by_score(session, dataset.clone(), start, score_sort).await?;
            close(contract, &dataset, captures, rows, curves, None)
        }
        Some(truth) => {
            let captures = list(contract, Rows::Predictions(job.attributes.clone())).await?;
            let labels = list_labels(contract, truth, Rows::Labels(truth.attributes.clone())).await?;
            let inputs = JoinInputs { captures: captures.clone(), labels: labels.clone(), policy: truth.duplicates };
            let joined =
                engine::join(session, &inputs, (of_captures, LedgerSummary::default), of_rows, score_sort).await?;
            let JoinOutput { captures: of_captures, labels: of_labels, rows, by_score, pairs } = joined;
            let labels = labels_seen(truth, &labels, of_labels, pairs)?;
            close(contract, &captures, of_captures, rows, by_score, Some(labels))
        }
    }
}

/// Lists the job's dataset, whose rows are to be decoded as `rows`.
pub(super) async fn list(contract: &Contract, rows: Rows) -> Result<Arc<Dataset>> {
    let settings = DecodeSettings {
        format: contract.format.clone(),
        window: contract.window,
        names: Arc::default(),
        max_record_bytes: contract.settings.max_record_bytes(),
        rows,
    };
    let dataset = Arc::new(Dataset::list(&contract.source, settings).await?);
    shared::log_listing(contract, &contract.source, &dataset);
    Ok(dataset)
}

/// Lists the ground truth. All of it is read, whatever the window: labels come late.
pub(super) async fn list_labels(contract: &Contract, truth: &GroundTruth, rows: Rows) -> Result<Arc<Dataset>> {
    let settings = DecodeSettings {
        format: Format::GroundTruth,
        window: crate::decode::Window::default(),
        names: Arc::default(),
        max_record_bytes: contract.settings.max_record_bytes(),
        rows,
    };
    let dataset = Arc::new(Dataset::list(&truth.source, settings).await?);
    shared::log_listing(contract, &truth.source, &dataset);
    Ok(dataset)
}

/// The account of the ground truth and of the join; both must balance.
pub(super) fn labels_seen(
    truth: &GroundTruth,
    dataset: &Dataset,
    ledger: LedgerSummary,
    pairs: JoinCounts,
) -> Result<Labels> {
    let mut ledger = ledger.finish();
    shared::balance(&mut ledger, dataset, &truth.source)?;
    shared::log_ledger(&ledger);
    if let Some(imbalance) = pairs.imbalance() {
        return Err(Error::new(&error::LEDGER, truth.source.to_string(), imbalance));
    }
    tracing::info!(
        captures = pairs.n_captures,
        labels = pairs.n_labels,
        matched = pairs.n_matched,
        labels_used = pairs.n_labels_used,
        "captures joined with ground truth"
    );
    let (place, source) = (truth.source.clone(), truth.source.to_string());
    Ok(Labels { place, source, manifest: dataset.manifest(), ledger, pairs })
}

fn close(
    contract: &Contract,
    dataset: &Dataset,
    (ledger, predictions): Predictions,
    rows: OutcomeSummary,
    curves: Option<CurveSummary>,
    labels: Option<Labels>,
) -> Result<Seen> {
    let mut ledger = ledger.finish();
    shared::balance(&mut ledger, dataset, &contract.source)?;
    shared::log_ledger(&ledger);
    let too_many = |_: TooManyClasses| {
        let cause = format!("there are more than {}", crate::profile::MAX_CLASSES);
        Error::new(&error::TOO_MANY_CLASSES, contract.source.to_string(), cause)
    };
    let outcomes = rows.finish().map_err(too_many)?;
    if let Some(imbalance) = outcomes.account.imbalance() {
        return Err(Error::new(&error::LEDGER, contract.source.to_string(), imbalance));
    }
    Ok(Seen {
        ledger,
        manifest: dataset.manifest(),
        labels,
        outcomes,
        predictions: predictions.finish().map_err(too_many)?,
        curves: curves.and_then(Summary::finish),
    })
}

/// The error of a job without a labelled capture, where that is a failure.
pub(super) fn no_label_matches(contract: &Contract, ledger: &Ledger, labels: &Labels) -> Option<Error> {
    (labels.pairs.n_matched == 0 && contract.settings.on_empty == OnEmpty::Fail).then(|| {
        let looked_at = report::looked_at_labels(ledger, Some(&labels.for_report()), None);
        Error::new(&error::NO_LABEL_MATCHES, contract.source.to_string(), looked_at)
    })
}

/// How much of a window is labelled, for people.
pub(super) fn labelled_line(labels: Option<&Labels>) -> Option<String> {
    let pairs = &labels?.pairs;
    let share = pairs.labelled_share().map(|share| format!(" ({:.1} %)", 100.0 * share)).unwrap_or_default();
    Some(format!("{} of {} captures are labelled{share}", pairs.n_matched, pairs.n_captures))
}
