//! Prediction summary: the open distribution of predictions, labelled or not.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use arrow::array::RecordBatch;

use super::calibration::{Calibration, Distribution};
use super::classes::{Classes, TooManyClasses};
use super::confusion_matrix::slot;
use super::histogram::OpenHistogram;
use super::label::Meaning;
use super::outcome_rows::{OutcomeRows, Said};
use super::score_bins::bin_of;
use super::settings::{OutcomeSettings, Problem};
use super::statistics::{ExpectedBin, ExpectedClass, ExpectedCounts, PredictionStatistics};
use crate::decode::outcome::{OTHER_READINGS, cells_of};
use crate::profile::text_cells::cell_at;
use crate::summary::Summary;

/// How predictions are to be read, and what a baseline knows of them.
#[derive(Clone, Debug, PartialEq)]
pub struct PredictionSettings {
    pub outcomes: Arc<OutcomeSettings>,
    /// From scores to probabilities: one map in a binary problem, of the positive class, else one for
    /// each column. Without it nothing is expected of the labels.
    pub calibration: Option<Calibration>,
    /// Edges between which a baseline counted predicted numbers; regression only.
    pub prediction_edges: Option<Vec<f64>>,
    /// The same of each column of scores; empty without a baseline.
    pub score_edges: Vec<Option<Vec<f64>>>,
}

impl PredictionSettings {
    /// Settings without a baseline.
    pub fn new(outcomes: Arc<OutcomeSettings>) -> Self {
        Self { outcomes, calibration: None, prediction_edges: None, score_edges: Vec::new() }
    }
}

/// Predictions and their scores, in batches of the columns of [`crate::decode::outcome`].
///
/// A row is used when it has a prediction and, where scores are expected, all of them as numbers.
/// Where a threshold makes predictions, the class that is not positive is called `other`. Records that can be read in
/// several ways are left to who joins them with labels, but for those without an id. Merging a
/// default value changes nothing; a summary without settings sees nothing.
#[derive(Clone, Debug, Default)]
pub struct PredictionSummary {
    settings: Option<Arc<PredictionSettings>>,
    n: u64,
    classes: Classes,
    class_counts: Vec<u64>,
    numbers: Option<OpenHistogram>,
    scores: Vec<OpenHistogram>,
    expected: Expected,
    has_too_many: bool,
}

#[derive(Clone, Debug, Default)]
enum Expected {
    #[default]
    Nothing,
    Binary {
        positive: Meaning,
        column: usize,
        bins: BTreeMap<usize, ExpectedBin>,
    },
    Multiclass {
        columns: HashMap<Meaning, usize>,
        /// One for each column, and one for classes without a column.
        classes: Vec<ExpectedClass>,
    },
}

impl Expected {
    fn new(settings: &PredictionSettings) -> Self {
        let outcomes = &settings.outcomes;
        let n_maps = if outcomes.problem == Problem::BinaryClassification { 1 } else { outcomes.n_scores };
        let is_complete = |calibration: &&Calibration| calibration.maps.len() == n_maps;
        if settings.calibration.as_ref().filter(is_complete).is_none() {
            return Self::Nothing;
        }
        match (outcomes.problem, outcomes.positive_column()) {
            (Problem::BinaryClassification, Some(column)) => {
                Self::Binary { positive: Meaning::of(&outcomes.positive_label), column, bins: BTreeMap::new() }
            }
            (Problem::MulticlassClassification, _) if outcomes.score_classes.len() == outcomes.n_scores => {
                Self::Multiclass {
                    columns: outcomes.columns_by_class(),
                    classes: vec![ExpectedClass::default(); outcomes.n_scores + 1],
                }
            }
            _ => Self::Nothing,
        }
    }

    fn push(&mut self, predicted: &Meaning, scores: &[f64], calibration: &Calibration) {
        match self {
            Self::Nothing => {}
            Self::Binary { positive, column, bins } => {
                let Some((score, map)) = scores.get(*column).zip(calibration.maps.first()) else { return };
                let bin = bins.entry(bin_of(*score)).or_default();
                let says_positive = usize::from(predicted == positive);
                bin.n[says_positive] += 1;
                bin.positives[says_positive] += map.probability(*score);
            }
            Self::Multiclass { columns, classes } => {
                let chances = scores.iter().zip(&calibration.maps).map(|(score, map)| map.probability(*score));
                let chances: Vec<f64> = chances.collect();
                let total: f64 = chances.iter().sum();
                let said = columns.get(predicted).copied().unwrap_or(chances.len());
                classes[said].n_predicted += 1;
                // Scores that say nothing say it of every class.
                let chance = |i: usize| if total > 0.0 { chances[i] / total } else { 1.0 / chances.len() as f64 };
                for (i, class) in classes.iter_mut().enumerate().take(chances.len()) {
                    class.actual += chance(i);
                    class.hits += if i == said { chance(i) } else { 0.0 };
                }
            }
        }
    }

    fn merge(&mut self, other: Self) {
        match (self, other) {
            (Self::Binary { bins: mine, .. }, Self::Binary { bins: theirs, .. }) => {
                for (bin, theirs) in theirs {
                    let mine = mine.entry(bin).or_default();
                    for side in 0..2 {
                        mine.n[side] += theirs.n[side];
                        mine.positives[side] += theirs.positives[side];
                    }
                }
            }
            (Self::Multiclass { classes: mine, .. }, Self::Multiclass { classes: theirs, .. }) => {
                for (mine, theirs) in mine.iter_mut().zip(theirs) {
                    mine.n_predicted += theirs.n_predicted;
                    mine.actual += theirs.actual;
                    mine.hits += theirs.hits;
                }
            }
            _ => {}
        }
    }

    fn close(self) -> Option<ExpectedCounts> {
        match self {
            Self::Nothing => None,
            Self::Binary { bins, .. } => Some(ExpectedCounts::Binary(bins.into_values().collect())),
            Self::Multiclass { classes, .. } => Some(ExpectedCounts::Multiclass(classes)),
        }
    }
}

impl PredictionSummary {
    pub fn new(settings: Arc<PredictionSettings>) -> Self {
        let edges = |place: usize| settings.score_edges.get(place).and_then(Option::as_deref);
        let is_regression = settings.outcomes.problem == Problem::Regression;
        let n_scores = if is_regression { 0 } else { settings.outcomes.n_scores };
        Self {
            numbers: is_regression.then(|| OpenHistogram::new(settings.prediction_edges.as_deref(), 1)),
            scores: (0..n_scores).map(|place| OpenHistogram::new(edges(place), n_scores)).collect(),
            expected: Expected::new(&settings),
            settings: Some(settings),
            ..Self::default()
        }
    }

    fn observe_row(
        &mut self,
        said: Said<'_>,
        scores: &[f64],
        settings: &PredictionSettings,
    ) -> Result<(), TooManyClasses> {
        let place = match said {
            Said::Number(x) => {
                self.n += 1;
                self.numbers.iter_mut().for_each(|numbers| numbers.push(x));
                return Ok(());
            }
            Said::Class(text) => self.classes.place(text)?,
            Said::Positive(true) => self.classes.place(&settings.outcomes.positive_label)?,
            Said::Positive(false) => self.classes.other()?,
        };
        self.n += 1;
        *slot(&mut self.class_counts, place) += 1;
        self.scores.iter_mut().zip(scores).for_each(|(tally, score)| tally.push(*score));
        if let Some(calibration) = &settings.calibration {
            self.expected.push(self.classes.meaning(place), scores, calibration);
        }
        Ok(())
    }
}

impl Summary for PredictionSummary {
    type Input = RecordBatch;
    type Output = Result<PredictionStatistics, TooManyClasses>;

    fn observe(&mut self, batch: &RecordBatch) {
        let Some(settings) = self.settings.clone().filter(|_| !self.has_too_many) else { return };
        let Some(rows) = OutcomeRows::of(batch, &settings.outcomes) else { return };
        let mut scores = Vec::with_capacity(settings.outcomes.n_scores);
        let others = cells_of(batch, OTHER_READINGS);
        let mut is_left = false;
        for row in rows.identities.used() {
            if others.is_some() && rows.identities.starts_record(row) {
                is_left = cell_at(others, row).is_some() && rows.identities.id(row).is_some();
            }
            if is_left {
                continue;
            }
            let Ok(said) = rows.prediction(row, &mut scores) else { continue };
            if self.observe_row(said, &scores, &settings).is_err() {
                self.has_too_many = true;
                return;
            }
        }
    }

    fn merge(&mut self, other: Self) {
        if other.settings.is_none() {
            return;
        }
        if self.settings.is_none() {
            *self = other;
            return;
        }
        self.n += other.n;
        self.has_too_many |= other.has_too_many;
        let Ok(places) = self.classes.merge(other.classes) else {
            self.has_too_many = true;
            return;
        };
        for (place, n) in places.into_iter().zip(other.class_counts) {
            *slot(&mut self.class_counts, place) += n;
        }
        match (&mut self.numbers, other.numbers) {
            (Some(mine), Some(theirs)) => mine.merge(theirs),
            (mine, theirs) => *mine = mine.take().or(theirs),
        }
        self.scores.iter_mut().zip(other.scores).for_each(|(mine, theirs)| mine.merge(theirs));
        self.expected.merge(other.expected);
    }

    fn finish(self) -> Self::Output {
        if self.has_too_many {
            return Err(TooManyClasses);
        }
        let predictions = match self.numbers {
            Some(numbers) => numbers.close(),
            None => {
                // Written canonically: a baseline and a later run must agree on the names.
                let name = |(place, n): (usize, &u64)| (self.classes.meaning(place).canonical(), *n);
                let mut classes: Vec<_> = self.class_counts.iter().enumerate().map(name).collect();
                classes.sort();
                Distribution::Classes(classes)
            }
        };
        Ok(PredictionStatistics {
            problem: self.settings.map_or(Problem::BinaryClassification, |settings| settings.outcomes.problem),
            n: self.n,
            predictions,
            scores: self.scores.into_iter().map(OpenHistogram::close).collect(),
            expected: self.expected.close(),
        })
    }

    fn memory(&self) -> usize {
        let numbers: usize = self.numbers.iter().chain(&self.scores).map(OpenHistogram::memory).sum();
        let expected = match &self.expected {
            Expected::Nothing => 0,
            Expected::Binary { bins, .. } => bins.len() * 2 * size_of::<ExpectedBin>(),
            Expected::Multiclass { classes, .. } => classes.len() * size_of::<ExpectedClass>(),
        };
        numbers + expected + self.classes.memory() + self.class_counts.capacity() * size_of::<u64>()
    }
}
