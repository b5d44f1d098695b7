//! Outcome summary: the open counts of predictions with their labels.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use arrow::array::RecordBatch;

use super::binary::BinaryTally;
use super::bootstrap::BootstrapWeights;
use super::classes::{Classes, TooManyClasses};
use super::confusion_matrix::ConfusionMatrix;
use super::label::Meaning;
use super::labelled_rows::LabelledRowsTally;
use super::multiclass::MulticlassTally;
use super::outcome_account::OutcomeAccount;
use super::outcome_rows::{Labelled, Lack, OutcomeRows, Said};
use super::regression::RegressionTally;
use super::score_bins::is_probability;
use super::settings::{OutcomeSettings, Problem};
use super::statistics::{BinaryCounts, MulticlassCounts, OutcomeCounts, OutcomeStatistics};
use crate::profile::row_identity::Place;
use crate::summary::Summary;

/// Predictions beside their labels, in batches of the columns of [`crate::decode::outcome`].
///
/// A row is used when it has a prediction, a label and, where scores are expected, all of them as
/// numbers; see [`OutcomeAccount`] for the others. Counts do not depend on the order of rows, sums
/// do by their rounding only. Merging a default value changes nothing. A summary without settings
/// sees nothing.
#[derive(Clone, Debug, Default)]
pub struct OutcomeSummary {
    settings: Option<Arc<OutcomeSettings>>,
    positive: Option<Meaning>,
    account: OutcomeAccount,
    classes: Classes,
    /// Columns of the classes whose scores are told, and of the classes seen, by place.
    told_columns: HashMap<Meaning, usize>,
    columns: Vec<Option<usize>>,
    matrix: ConfusionMatrix,
    tally: Tally,
    rows: LabelledRowsTally,
    /// Rows whose label stands for a missing value unless there is a class of this name, by the label's text.
    undecided: BTreeMap<Box<str>, OutcomeSummary>,
    has_too_many: bool,
    /// The place of the row seen last.
    last: Place,
}

#[derive(Clone, Debug, Default)]
enum Tally {
    #[default]
    None,
    Binary(BinaryTally),
    Multiclass(MulticlassTally),
    Regression(Box<RegressionTally>),
}

/// One row that is used.
struct Used<'a> {
    said: Said<'a>,
    label: &'a str,
    scores: &'a [f64],
    positive_score: Option<f64>,
    hash: u64,
}

impl OutcomeSummary {
    pub fn new(settings: Arc<OutcomeSettings>) -> Self {
        let tally = match settings.problem {
            Problem::BinaryClassification => Tally::Binary(BinaryTally::default()),
            Problem::MulticlassClassification => Tally::Multiclass(MulticlassTally::default()),
            Problem::Regression => Tally::Regression(Box::default()),
        };
        let positive = Some(Meaning::of(&settings.positive_label));
        let told_columns = settings.columns_by_class();
        Self { settings: Some(settings), positive, told_columns, tally, ..Self::default() }
    }

    fn observe_classes(&mut self, row: &Used<'_>, settings: &OutcomeSettings) -> Result<(), TooManyClasses> {
        let actual = self.classes.place(row.label)?;
        let predicted = match row.said {
            Said::Class(text) => self.classes.place(text)?,
            Said::Positive(true) => self.classes.place(&settings.positive_label)?,
            Said::Positive(false) | Said::Number(_) => self.classes.other()?,
        };
        self.account.n_used += 1;
        if let Said::Class(text) = row.said {
            self.account.n_labels_normalised += u64::from(actual == predicted && text != row.label);
        }
        let read = if row.positive_score.is_some() { row.positive_score.as_slice() } else { row.scores };
        self.account.n_scores_outside += u64::from(!read.iter().all(|score| is_probability(*score)));
        self.matrix.add(actual, predicted, 1);
        let weights = BootstrapWeights::of(row.hash);
        match &mut self.tally {
            Tally::Binary(tally) => {
                let is_positive = |place: usize| Some(self.classes.meaning(place)) == self.positive.as_ref();
                tally.push(is_positive(actual), is_positive(predicted), row.positive_score, &weights);
            }
            Tally::Multiclass(tally) => {
                tally.push(actual, predicted, &weights);
                // New classes are looked up in the order of their places, each once.
                while self.columns.len() < self.classes.len() {
                    let class = self.classes.meaning(self.columns.len());
                    self.columns.push(self.told_columns.get(class).copied());
                }
                tally.push_scores(row.scores, self.columns[actual], !self.told_columns.is_empty(), &weights);
            }
            Tally::None | Tally::Regression(_) => {}
        }
        Ok(())
    }

    fn observe_number(&mut self, prediction: f64, label: f64, hash: u64) {
        self.account.n_used += 1;
        if let Tally::Regression(tally) = &mut self.tally {
            tally.push(prediction, label, &BootstrapWeights::of(hash));
        }
    }

    fn observe_row<'a>(
        &mut self,
        rows: &OutcomeRows<'a>,
        row: usize,
        place: Place,
        scores: &mut Vec<f64>,
    ) -> Result<(), Lack<'a>> {
        let said = rows.prediction(row, scores)?;
        if let Said::Number(prediction) = said {
            let (label, hash) = (rows.label_number(row)?, rows.identities.hash(row, place));
            self.observe_number(prediction, label, hash);
            if let (Some(features), Ok(Labelled::As(text))) = (rows.features(row), rows.label(row)) {
                self.rows.push(hash, text, features);
            }
            return Ok(());
        }
        let (label, counts) = match rows.label(row)? {
            Labelled::As(label) => (label, &mut *self),
            Labelled::Perhaps(label) => (label, self.undecided(label.trim())),
        };
        let positive_score = rows.positive_score(scores);
        let used = Used { said, label, scores, positive_score, hash: rows.identities.hash(row, place) };
        let observed = counts.observe_classes(&used, rows.settings);
        if let Some(features) = rows.features(row) {
            counts.rows.push(used.hash, label, features);
        }
        self.has_too_many |= observed.is_err();
        Ok(())
    }

    /// The summary of the rows that are labelled with a text which may stand for nothing.
    fn undecided(&mut self, text: &str) -> &mut Self {
        let settings = &self.settings;
        self.undecided.entry(text.into()).or_insert_with(|| settings.clone().map(Self::new).unwrap_or_default())
    }

    /// Decides about labels that may stand for a missing value (`None`, `NA`): they are classes where `is_class`
    /// knows a class of this text, or where a labelled row is predicted to be of it; else their rows have no label.
    pub fn decide(&mut self, is_class: impl Fn(&str) -> bool) -> UndecidedLabels {
        let undecided = std::mem::take(&mut self.undecided);
        let is_predicted = |text: &str| [&*self].into_iter().chain(undecided.values()).any(|rows| rows.predicts(text));
        let are_classes: Vec<bool> = undecided.keys().map(|text| is_class(text) || is_predicted(text)).collect();
        let decided = match (are_classes.contains(&true), are_classes.contains(&false)) {
            (false, false) => UndecidedLabels::None,
            (true, false) => UndecidedLabels::AreClasses,
            (false, true) => UndecidedLabels::AreMissing,
            (true, true) => UndecidedLabels::AreBoth,
        };
        for ((text, summary), is_class) in undecided.into_iter().zip(are_classes) {
            if is_class {
                self.merge(summary);
            } else {
                self.account.count_missing(&text, summary.account.n_used);
            }
        }
        decided
    }

    /// Whether a row that is used is predicted to be of the class that is written so.
    fn predicts(&self, text: &str) -> bool {
        let predicted = self.matrix.is_predicted();
        let meaning = Meaning::of(text);
        (0..self.classes.len())
            .any(|place| predicted.get(place) == Some(&true) && *self.classes.meaning(place) == meaning)
    }
}

/// What came out about labels that may stand for a missing value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UndecidedLabels {
    /// There are none.
    None,
    AreClasses,
    AreMissing,
    /// Some of them are classes.
    AreBoth,
}

impl Summary for OutcomeSummary {
    type Input = RecordBatch;
    type Output = Result<OutcomeStatistics, TooManyClasses>;

    fn observe(&mut self, batch: &RecordBatch) {
        let Some(settings) = self.settings.clone().filter(|_| !self.has_too_many) else { return };
        let Some(rows) = OutcomeRows::of(batch, &settings) else { return };
        let mut scores = Vec::with_capacity(settings.n_scores);
        let mut last = self.last;
        for (row, place) in rows.identities.placed(&mut last) {
            self.account.n_rows += 1;
            match self.observe_row(&rows, row, place, &mut scores) {
                Ok(()) => {}
                Err(Lack::Prediction) => self.account.n_without_prediction += 1,
                Err(Lack::Label) => self.account.n_without_label += 1,
                Err(Lack::LabelText(text)) => self.account.count_missing(text, 1),
                Err(Lack::Numbers { has_decimal_comma }) => {
                    self.account.n_not_numbers += 1;
                    self.account.n_decimal_commas += u64::from(has_decimal_comma);
                }
            }
            if self.has_too_many {
                return;
            }
        }
        self.last = last;
    }

    fn merge(&mut self, other: Self) {
        if other.settings.is_none() {
            return;
        }
        if self.settings.is_none() {
            *self = other;
            return;
        }
        self.account.add(&other.account);
        self.rows.merge(other.rows);
        self.has_too_many |= other.has_too_many;
        for (text, summary) in other.undecided {
            self.undecided.entry(text).or_default().merge(summary);
        }
        let Ok(places) = self.classes.merge(other.classes) else {
            self.has_too_many = true;
            return;
        };
        self.matrix.merge(other.matrix, &places);
        match (&mut self.tally, other.tally) {
            (Tally::Binary(mine), Tally::Binary(theirs)) => mine.merge(theirs),
            (Tally::Multiclass(mine), Tally::Multiclass(theirs)) => mine.merge(theirs, &places),
            (Tally::Regression(mine), Tally::Regression(theirs)) => mine.merge(*theirs),
            _ => {}
        }
    }

    /// What [`Self::decide`] has not decided yet is decided by the predictions of labelled rows alone.
    fn finish(mut self) -> Self::Output {
        self.decide(|_| false);
        if self.has_too_many {
            return Err(TooManyClasses);
        }
        let positive = self.positive.unwrap_or(Meaning::Other);
        let ordered = self.classes.close(&self.matrix.is_actual(), &positive);
        let matrix = self.matrix.close(&ordered);
        let counts = match self.tally {
            Tally::Regression(tally) => OutcomeCounts::Regression(Box::new(tally.close())),
            Tally::Multiclass(mut tally) => {
                let classes = tally.close_classes(&ordered);
                let columns = self.settings.map_or_else(Vec::new, |settings| settings.score_classes.clone());
                let (losses, histograms) = tally.close_scores(&columns);
                OutcomeCounts::Multiclass(MulticlassCounts { matrix, classes, losses, histograms })
            }
            tally => OutcomeCounts::Binary(BinaryCounts {
                positive: ordered.meanings.iter().position(|meaning| *meaning == positive),
                matrix,
                has_scores: self.settings.is_some_and(|settings| settings.n_scores > 0),
                cells: if let Tally::Binary(tally) = tally { tally.close() } else { Vec::new() },
            }),
        };
        Ok(OutcomeStatistics { account: self.account, counts, rows: self.rows.close() })
    }

    fn memory(&self) -> usize {
        let tally = match &self.tally {
            Tally::None => 0,
            Tally::Binary(tally) => tally.memory(),
            Tally::Multiclass(tally) => tally.memory(),
            Tally::Regression(tally) => tally.memory(),
        };
        let undecided: usize = self.undecided.values().map(Self::memory).sum();
        undecided + tally + self.rows.memory() + self.classes.memory() + self.matrix.memory()
    }
}
