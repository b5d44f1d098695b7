//! Outcome rows: what the rows of a batch say, predictions, scores and labels.

use std::collections::HashMap;

use arrow::array::{RecordBatch, StringViewArray};

use super::label::{Meaning, finite_number};
use super::settings::{OutcomeSettings, Problem};
use crate::decode::outcome::{FEATURES, LABEL, PREDICTION, cells_of, score_column};
use crate::decode::{has_decimal_comma, is_nothing};
use crate::profile::row_identity::RowIdentities;
use crate::profile::text_cells::{cell_at, filled_at};

/// What a model answered.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Said<'a> {
    /// The text of a class.
    Class(&'a str),
    /// Whether the score lies above its threshold.
    Positive(bool),
    Number(f64),
}

/// What a row's label says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Labelled<'a> {
    /// A class or a number, as it is written.
    As(&'a str),
    /// A text that stands for a missing value, such as `None`, unless there is a class of this name.
    Perhaps(&'a str),
}

/// Why a row is not used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lack<'a> {
    Prediction,
    /// There is no label.
    Label,
    /// The label says nothing; its text.
    LabelText(&'a str),
    Numbers {
        has_decimal_comma: bool,
    },
}

/// The number that a text is.
fn number(text: &str) -> Result<f64, Lack<'static>> {
    finite_number(text).ok_or_else(|| Lack::Numbers { has_decimal_comma: has_decimal_comma(text.trim()) })
}

/// The columns of one batch.
pub(super) struct OutcomeRows<'a> {
    pub settings: &'a OutcomeSettings,
    pub identities: RowIdentities<'a>,
    prediction: Option<&'a StringViewArray>,
    label: Option<&'a StringViewArray>,
    features: Option<&'a StringViewArray>,
    scores: Vec<Option<&'a StringViewArray>>,
    positive_column: Option<usize>,
}

impl<'a> OutcomeRows<'a> {
    /// `None` when the batch has no rows or another layout.
    pub fn of(batch: &'a RecordBatch, settings: &'a OutcomeSettings) -> Option<Self> {
        Some(Self {
            settings,
            identities: RowIdentities::of(batch)?,
            prediction: cells_of(batch, PREDICTION),
            label: cells_of(batch, LABEL),
            features: cells_of(batch, FEATURES),
            scores: (0..settings.n_scores).map(|place| cells_of(batch, &score_column(place))).collect(),
            positive_column: settings.positive_column(),
        })
    }

    /// What the model was asked about, packed; `None` where it is not kept.
    pub fn features(&self, row: usize) -> Option<&'a str> {
        filled_at(self.features, row)
    }

    /// The label's text as it stands there; blank is none.
    pub fn label(&self, row: usize) -> Result<Labelled<'a>, Lack<'a>> {
        let text = cell_at(self.label, row).ok_or(Lack::Label)?;
        match text.trim() {
            "" => Err(Lack::LabelText(text)),
            trimmed if is_nothing(trimmed) && !self.settings.names_class(trimmed) => Ok(Labelled::Perhaps(text)),
            _ => Ok(Labelled::As(text)),
        }
    }

    /// The label where it must be a number.
    pub fn label_number(&self, row: usize) -> Result<f64, Lack<'a>> {
        match self.label(row)? {
            Labelled::As(text) => number(text),
            Labelled::Perhaps(text) => Err(Lack::LabelText(text)),
        }
    }

    /// What the model answered. All scores of the row are left in `scores`.
    pub fn prediction(&self, row: usize, scores: &mut Vec<f64>) -> Result<Said<'a>, Lack<'a>> {
        let threshold = self.settings.threshold.filter(|_| self.settings.problem == Problem::BinaryClassification);
        if let Some(threshold) = threshold {
            let Some(column) = self.positive_column else { return Err(Lack::Prediction) };
            if filled_at(self.scores.get(column).copied().flatten(), row).is_none() {
                return Err(Lack::Prediction);
            }
            self.read_scores(row, scores)?;
            return Ok(Said::Positive(scores[column] > threshold));
        }
        if self.settings.largest_score_predicts {
            if self.scores.iter().all(|column| filled_at(*column, row).is_none()) {
                return Err(Lack::Prediction);
            }
            self.read_scores(row, scores)?;
            return self.class_of_largest(scores).map(Said::Class).ok_or(Lack::Prediction);
        }
        let text = filled_at(self.prediction, row).ok_or(Lack::Prediction)?;
        if self.settings.problem == Problem::Regression {
            return number(text).map(Said::Number);
        }
        self.read_scores(row, scores)?;
        Ok(Said::Class(text))
    }

    /// The positive class's of the scores that were read; binary only.
    pub fn positive_score(&self, scores: &[f64]) -> Option<f64> {
        scores.get(self.positive_column?).copied()
    }

    /// The class of the largest score, the first of equal ones.
    fn class_of_largest(&self, scores: &[f64]) -> Option<&'a str> {
        let mut largest = 0;
        for (place, score) in scores.iter().enumerate() {
            if *score > scores[largest] {
                largest = place;
            }
        }
        self.settings.score_classes.get(largest).map(String::as_str)
    }

    fn read_scores(&self, row: usize, scores: &mut Vec<f64>) -> Result<(), Lack<'a>> {
        scores.clear();
        for column in &self.scores {
            scores.push(number(filled_at(*column, row).unwrap_or_default())?);
        }
        Ok(())
    }
}

impl OutcomeSettings {
    /// Whether the job itself names a class of this text.
    pub(super) fn names_class(&self, text: &str) -> bool {
        self.problem != Problem::Regression
            && (self.positive_label.trim() == text || self.score_classes.iter().any(|class| class.trim() == text))
    }

    /// The column of the positive class's score, in a binary problem with scores: the only one; of
    /// several the one whose class is told to be the positive one, else the last.
    pub fn positive_column(&self) -> Option<usize> {
        if self.problem != Problem::BinaryClassification {
            return None;
        }
        let positive = Meaning::of(&self.positive_label);
        let told = self.score_classes.iter().take(self.n_scores).position(|class| Meaning::of(class) == positive);
        let last = self.n_scores.checked_sub(1)?;
        Some(told.filter(|_| self.n_scores > 1).unwrap_or(last))
    }

    /// The columns of scores by their classes, as far as these are told.
    pub(super) fn columns_by_class(&self) -> HashMap<Meaning, usize> {
        let mut columns = HashMap::new();
        for (place, class) in self.score_classes.iter().take(self.n_scores).enumerate() {
            columns.entry(Meaning::of(class)).or_insert(place);
        }
        columns
    }
}
