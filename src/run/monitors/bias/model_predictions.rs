//! Predictions of a model for every row of a dataset that holds none.

use std::collections::HashSet;
use std::sync::Arc;

use crate::attributions::calls_of;
use crate::contract::AskedModel;
use crate::engine::{Reservation, Session};
use crate::error::{self, Error, Result};
use crate::predict::{Model, Prediction, ShadowEndpoints, Target};
use crate::profile::{FeatureCells, FeatureRows, RowPredictions};
use crate::report::ModelCalls;

/// Rows in one call of the model, at most.
const MAX_CALL_ROWS: usize = 1 << 16;
/// Threshold where the answers are scores and none is given (DG:clarify-processing-job-configure-analysis).
const THRESHOLD: f64 = 0.5;
/// Reasons that are told; they hold the model's words, which may be others for each row.
const MAX_REASONS: usize = 10;

/// What the model predicted.
pub(super) struct Answered {
    pub predictions: Arc<RowPredictions>,
    pub calls: ModelCalls,
    /// Why rows were refused.
    pub reasons: Vec<String>,
    #[expect(dead_code, reason = "held as long as the predictions")]
    reservation: Reservation,
}

/// Why there are no predictions.
pub(super) enum Unanswered {
    /// No endpoint could be made of the model: it cannot be asked.
    NotAsked(Error),
    Failed(Error),
}

impl From<Error> for Unanswered {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

/// Asks the model about every different row, within the limits of any job that asks a model.
pub(super) async fn ask(
    session: &Session,
    asked: &AskedModel,
    shadows: &ShadowEndpoints,
    rows: FeatureRows,
    score_labels: &[String; 2],
) -> std::result::Result<Answered, Unanswered> {
    let AskedModel { model: job, threshold } = asked;
    let (n_rows, (predictions, different)) = (rows.n_seen, RowPredictions::of(rows));
    if predictions.names().is_empty() {
        let cause = "no column of the data is a feature: headers, label and excluded_columns leave none";
        return Err(Error::new(&error::FEATURE_ABSENT, "headers", cause).into());
    }
    let budget = job.limits.max_predictions;
    if different.len() as u64 > budget {
        let cause = format!("{} different rows are to be predicted, and {budget} are allowed", different.len());
        return Err(Error::new(&error::TOO_MANY_PREDICTIONS, "max-predictions", cause).into());
    }
    let Some(target) = job.target.clone() else {
        return Err(Error::new(&error::NO_MODEL, "predictor", "nothing says where the model is").into());
    };
    tracing::info!(rows = n_rows, different = different.len(), allowed = budget, "the model will be asked");
    let reservation = session.reserve("the predictions of the model");
    reservation.hold(predictions.memory() + different.len() * size_of::<f64>())?;
    let is_made = matches!(target, Target::Shadow(_));
    let opened = Model::open(job.opened_with(target, predictions.names(), &different), shadows).await;
    let model =
        opened.map_err(|error| if is_made { Unanswered::NotAsked(error) } else { Unanswered::Failed(error) })?;
    let answers = predict(&model, &different).await?;
    let reasons = reasons(&answers);
    if let (Some(reason), true) = (reasons.first(), answers.iter().all(std::result::Result::is_err)) {
        let cause = format!("it refuses every row, the first because {reason}");
        return Err(Error::new(&error::MODEL_REFUSES, model.place(), cause).into());
    }
    let predictions = predictions.with_labels(labels(&answers, *threshold, (score_labels, &job.answer.label_headers)));
    Ok(Answered { predictions: Arc::new(predictions), calls: calls_of(&model), reasons, reservation })
}

async fn predict(model: &Model, rows: &[FeatureCells]) -> Result<Vec<Prediction>> {
    let mut answers = Vec::with_capacity(rows.len());
    for part in rows.chunks(MAX_CALL_ROWS) {
        answers.extend(model.predict(part).await?);
    }
    Ok(answers)
}

/// Why rows were refused, each reason once.
fn reasons(answers: &[Prediction]) -> Vec<String> {
    let mut seen = HashSet::new();
    let refused = answers.iter().filter_map(|answer| answer.as_ref().err().map(|refusal| refusal.reason()));
    refused.filter(|reason| seen.insert(*reason)).take(MAX_REASONS).map(str::to_owned).collect()
}

/// The labels that answers say. Of several scores the largest is that of the label, which is called as `headers` do,
/// else by its place; one score is held against the threshold, which tells its label; one whole number is the label
/// itself.
fn labels(
    answers: &[Prediction],
    threshold: Option<f64>,
    (score_labels, headers): (&[String; 2], &[String]),
) -> Vec<Option<Arc<str>>> {
    let alone = || answers.iter().flatten().filter_map(|scores| scores.first());
    let threshold = threshold.or_else(|| (!alone().all(|score| score.fract() == 0.0)).then_some(THRESHOLD));
    let label = |scores: &Arc<[f64]>| -> Arc<str> {
        match (&scores[..], threshold) {
            ([score], Some(threshold)) => score_labels[usize::from(*score > threshold)].as_str().into(),
            ([score], None) => score.to_string().into(),
            (scores, _) => {
                let place = largest(scores);
                headers.get(place).map_or_else(|| place.to_string().into(), |header| header.as_str().into())
            }
        }
    };
    answers.iter().map(|answer| answer.as_ref().ok().map(label)).collect()
}

/// The place of the largest score, the first of equal ones.
fn largest(scores: &[f64]) -> usize {
    let mut largest = 0;
    for (place, score) in scores.iter().enumerate() {
        if *score > scores[largest] {
            largest = place;
        }
    }
    largest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::FacetSettings;

    #[test]
    fn answers_are_labels_or_scores() {
        let of = |rows: &[&[f64]], threshold, headers: &[&str]| -> String {
            let answers: Vec<Prediction> = rows.iter().map(|scores| Ok(Arc::from(*scores))).collect();
            let headers: Vec<String> = headers.iter().map(|header| (*header).to_owned()).collect();
            let score_labels = FacetSettings::SCORE_LABELS.map(str::to_owned);
            let labels = labels(&answers, threshold, (&score_labels, &headers));
            labels.iter().map(|label| label.as_deref().unwrap_or("-")).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(of(&[&[0.9], &[0.8], &[0.81]], Some(0.8), &[]), "1 0 1");
        assert_eq!(of(&[&[0.9], &[0.5], &[1.0]], None, &[]), "1 0 1", "fractions are scores");
        assert_eq!(of(&[&[1.0], &[0.0], &[3.0]], None, &[]), "1 0 3", "whole numbers are labels");
        assert_eq!(of(&[&[0.2, 0.8], &[0.5, 0.5]], Some(0.9), &[]), "1 0");
        assert_eq!(of(&[&[0.2, 0.7, 0.1], &[0.1, 0.1, 0.8]], None, &["a", "b", "c"]), "b c");
    }
}
