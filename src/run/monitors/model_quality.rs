//! The model-quality monitor: predictions held against their labels.

use std::sync::Arc;

use arrow::array::RecordBatch;

use super::model_quality_warnings as warnings;
use super::outcomes::Outcomes;
use super::positive_label::{Origin, PositiveLabel};
use crate::contract::{self, Contract, OnEmpty};
use crate::decode::{Attribute, Attributes, Format, Rows};
use crate::engine::{self, Dataset, JoinInputs, JoinOutput, ScoreSort};
use crate::error::{self, Error, Result};
use crate::judge::quality::{self as verdicts, QualityConstraints};
use crate::measure::concept;
use crate::measure::quality::{self, QualityBaseline};
use crate::profile::{
    CurveSummary, LedgerSummary, OutcomeSettings, OutcomeSummary, PredictionSummary, Problem, score_rows,
    score_rows_schema,
};
use crate::report::{self, Account, ModelQualityBaseline, ModelQualityResults};
use crate::run::monitor::{Job, Measured, Monitor};
use crate::run::{account, baseline, datasets};
use crate::store::Location;
use crate::summary::Summary;
use crate::wire::model_quality as files;

pub(super) struct ModelQuality<'a> {
    pub settings: &'a contract::ModelQuality,
}

impl Monitor for ModelQuality<'_> {
    type Baseline = ModelQualityBaseline;
    type Rows = Outcomes;
    type Results = ModelQualityResults;

    async fn read_baseline(&self, job: &Job<'_>) -> Result<Option<ModelQualityBaseline>> {
        let contract = job.contract;
        if let Some(location) = &contract.baseline_statistics {
            tracing::warn!(%location, "model quality compares with constraints only: the baseline's statistics are not read");
        }
        let Some(location) = &contract.baseline_constraints else { return Ok(None) };
        let Some(constraints) = baseline::read(Some(location), files::constraints::read).await? else {
            return Ok(None);
        };
        self.must_be_of(constraints.problem, location)?;
        let profile = self.read_profile(contract).await?;
        Ok(Some(ModelQualityBaseline { constraints, profile }))
    }

    async fn see(&self, job: &Job<'_>, baseline: Option<&ModelQualityBaseline>) -> Result<(Account, Outcomes)> {
        let (contract, settings) = (job.contract, self.settings);
        let profile = baseline.and_then(|baseline| baseline.profile.as_ref());
        let outcomes = Arc::new(OutcomeSettings {
            positive_label: self.positive_label(profile).text.to_owned(),
            ..settings.outcomes.clone()
        });
        let predictions = Arc::new(quality::watch(outcomes.clone(), profile));
        let of_captures =
            |dataset: &Dataset| (datasets::ledger(contract, dataset), PredictionSummary::new(predictions.clone()));
        let of_rows = || OutcomeSummary::new(outcomes.clone());
        let of_open = || PredictionSummary::new(predictions.clone());
        let of_score_sort = outcomes.clone();
        let score_sort = score_rows_schema(&outcomes).map(|schema| ScoreSort {
            schema,
            project: Arc::new(move |batch: &RecordBatch| score_rows(batch, &of_score_sort)),
            start: CurveSummary::default(),
        });
        // Features are of use where a baseline is made of them, or has them.
        let keeps_features = !contract.monitors() || profile.is_some_and(|profile| profile.concept.is_some());
        let attributes = Attributes { keeps_features, ..settings.attributes.clone() };
        let Some(truth) = &settings.ground_truth else {
            let dataset = datasets::list(contract, Rows::Outcomes(attributes)).await?;
            let start = || (of_captures(&dataset), of_rows());
            let folded = engine::fold_sorted_by_score(job.session, dataset.clone(), start, score_sort).await?;
            let (((ledger, predictions), rows), curves) = folded;
            let dataset = account::of_dataset(ledger, &dataset, &contract.source)?;
            account::log(&dataset.ledger);
            let account = Account { dataset, ..Account::default() };
            return Ok((account, Outcomes::close(contract, (rows, predictions), curves, profile)?));
        };
        let captures = datasets::list(contract, Rows::Predictions(attributes)).await?;
        let labels = datasets::list_labels(contract, truth, Rows::Labels(truth.attributes.clone())).await?;
        let inputs = JoinInputs { captures: captures.clone(), labels: labels.clone(), policy: truth.duplicates };
        let starts = (|| of_captures(&captures), LedgerSummary::default);
        let joined = engine::join(job.session, &inputs, starts, (of_rows, of_open), score_sort).await?;
        let JoinOutput { captures: (ledger, mut predictions), labels: of_labels, rows, open, by_score, pairs } = joined;
        predictions.merge(open);
        let mut labels = datasets::label_account(truth, &labels, of_labels, pairs)?;
        let mut dataset = account::of_dataset(ledger, &captures, &contract.source)?;
        dataset.ledger.n_rows = labels.pairs.n_rows_read(dataset.ledger.n_rows);
        account::log(&dataset.ledger);
        let outcomes = Outcomes::close(contract, (rows, predictions), by_score, profile)?;
        labels.pairs.leave_unlabelled(outcomes.labelled.account.n_without_label);
        Ok((Account { dataset, labels: Some(labels), ..Account::default() }, outcomes))
    }

    async fn measure(
        &self,
        job: &Job<'_>,
        baseline: Option<ModelQualityBaseline>,
        account: &Account,
        seen: Outcomes,
    ) -> Result<Measured<ModelQualityResults>> {
        let profile = baseline.as_ref().and_then(|baseline| baseline.profile.as_ref());
        if let Some(error) = self.unusable(job.contract, account, &seen, self.positive_label(profile)) {
            return Err(error);
        }
        let is_labelled = seen.labelled.account.n_used > 0;
        let problem = self.settings.outcomes.problem;
        let measured = quality::measure(&seen.labelled, seen.curves.as_ref());
        let is_baseline = is_labelled && !job.contract.monitors();
        let limits = baseline.as_ref().map(|baseline| &baseline.constraints);
        let warnings = warnings::of(account.dataset.ledger.n_rows, account.labels.as_ref(), &seen, &measured, limits);
        let results = ModelQualityResults {
            problem,
            predictions: quality::predictions(&seen.predictions, profile),
            concept: profile
                .and_then(|profile| profile.concept.as_ref())
                .map(|baseline| concept::changes(&seen.labelled.rows, baseline))
                .unwrap_or_default(),
            suggested: match is_labelled {
                true => verdicts::suggest(&measured),
                false => QualityConstraints { problem, limits: Vec::new() },
            },
            remembered: is_baseline.then(|| QualityBaseline {
                positive_label: (problem == Problem::BinaryClassification)
                    .then(|| self.settings.outcomes.positive_label.clone()),
                ..quality::remember(&measured, &seen.labelled, &seen.predictions)
            }),
            quality: measured,
            baseline,
            redact: job.contract.settings.redact,
        };
        Ok(Measured { results, warnings })
    }
}

impl ModelQuality<'_> {
    /// The positive label that the job names, else that of the baseline, else the usual one.
    fn positive_label<'a>(&'a self, profile: Option<&'a QualityBaseline>) -> PositiveLabel<'a> {
        let own = self.settings.outcomes.positive_label.as_str();
        match profile.and_then(|profile| profile.positive_label.as_deref()) {
            _ if self.settings.names_positive_label => PositiveLabel { text: own, origin: Origin::Job },
            Some(text) => PositiveLabel { text, origin: Origin::Baseline },
            None => PositiveLabel { text: own, origin: Origin::Default },
        }
    }

    /// The profile of the baseline. Where the job does not name it, it may be absent.
    async fn read_profile(&self, contract: &Contract) -> Result<Option<QualityBaseline>> {
        let Some((location, is_named)) = &contract.baseline_profile else { return Ok(None) };
        match baseline::read(Some(location), files::baseline::read).await {
            Ok(profile) => {
                profile.iter().try_for_each(|profile| self.must_be_of(profile.problem, location))?;
                Ok(profile)
            }
            Err(error) if !is_named && error.code().code == error::BASELINE_UNREADABLE.code => {
                tracing::warn!(%location, "the baseline's profile is not there: no estimates, and its thresholds are taken as exact");
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    fn must_be_of(&self, problem: Problem, location: &Location) -> Result<()> {
        let wanted = self.settings.outcomes.problem;
        if problem == wanted {
            return Ok(());
        }
        let cause = format!("it is of a {} model, and problem_type is {}", problem.name(), wanted.name());
        Err(Error::new(&error::BASELINE_INVALID, location.to_string(), cause))
    }

    /// The error of a job whose rows cannot be used.
    fn unusable(
        &self,
        contract: &Contract,
        account: &Account,
        seen: &Outcomes,
        positive: PositiveLabel<'_>,
    ) -> Option<Error> {
        wrong_attributes(contract, self.settings, (account.dataset.ledger.n_rows, seen), positive)
            .or_else(|| wrong_attributes_of_predictions(contract, account, seen))
            .or_else(|| no_labels(contract, account, seen))
    }
}

/// The error where what the attributes point at is in no row, or is of the wrong kind in most rows.
fn wrong_attributes(
    contract: &Contract,
    job: &contract::ModelQuality,
    (n_window_rows, seen): (u64, &Outcomes),
    positive: PositiveLabel<'_>,
) -> Option<Error> {
    let outcomes = &seen.labelled;
    let account = &outcomes.account;
    let place = contract.source.to_string();
    let prediction = || match job.outcomes.threshold.is_some() || job.outcomes.largest_score_predicts {
        true => named("probability_attribute", &job.attributes.scores),
        false => named("inference_attribute", &job.attributes.prediction),
    };
    let label = || named("ground_truth_attribute", &job.attributes.label);
    let n_complete = account.n_rows - account.n_without_prediction - account.n_without_label;
    if account.n_rows > 0 && account.n_without_prediction == account.n_rows {
        let cause = format!("none of {} rows has a value for {}", account.n_rows, prediction());
        return Some(without_answers(contract, Error::new(&error::ATTRIBUTE_NOT_FOUND, place, cause)));
    }
    // Labels of captures come late; those of a table are there, or are looked for in the wrong place.
    let is_table = job.ground_truth.is_none() && !matches!(contract.format, Format::Capture(_));
    if is_table && account.n_without_label > 0 && n_complete == 0 {
        let cause = format!("none of {} rows has a value for {}", account.n_rows, label());
        return Some(Error::new(&error::ATTRIBUTE_NOT_FOUND, place, cause));
    }
    if 2 * account.n_not_numbers > n_complete {
        let are_predictions = 2 * seen.predictions.n < n_window_rows;
        let of = if are_predictions { prediction() } else { label() };
        let cause = format!("{} of {n_complete} rows hold text where a number is needed", account.n_not_numbers);
        let cause = format!("{cause}{}: {of}", warnings::decimal_commas(account));
        return Some(Error::new(&error::NOT_NUMBERS, place, cause));
    }
    (!outcomes.has_positive_label(positive.is_known())).then(|| positive.unknown(&outcomes.labels(), place))
}

/// A variable with the attributes that it names.
fn named<'a>(variable: &str, attributes: impl IntoIterator<Item = &'a Attribute>) -> String {
    let texts: Vec<_> = attributes.into_iter().map(|attribute| attribute.text().escape_debug().to_string()).collect();
    if texts.is_empty() { variable.to_owned() } else { format!("{variable} ({})", texts.join(", ")) }
}

/// The same for rows that have no label yet.
fn wrong_attributes_of_predictions(contract: &Contract, account: &Account, seen: &Outcomes) -> Option<Error> {
    let n_rows = account.dataset.ledger.n_rows;
    (n_rows > 0 && seen.predictions.n == 0 && seen.labelled.account.n_used == 0).then(|| {
        let cause = format!("none of {n_rows} rows has a usable prediction");
        without_answers(contract, Error::new(&error::ATTRIBUTE_NOT_FOUND, contract.source.to_string(), cause))
    })
}

/// The error that there are no predictions, with the reason where answers are not asked for.
fn without_answers(contract: &Contract, error: Error) -> Error {
    match &contract.format {
        Format::Capture(sides) if sides.outputs.is_empty() => {
            error.with_more("captureIndexNames lists no answers, and predictions stand nowhere else")
        }
        _ => error,
    }
}

/// The error of a job without labelled rows, where that is a failure.
fn no_labels(contract: &Contract, account: &Account, seen: &Outcomes) -> Option<Error> {
    if seen.labelled.account.n_used > 0 || contract.settings.on_empty != OnEmpty::Fail {
        return None;
    }
    let cause = report::looked_at_labels(account, Some(&seen.labelled.account));
    Some(Error::new(&error::NO_LABEL_MATCHES, contract.source.to_string(), cause))
}
