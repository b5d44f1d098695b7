//! What one row of an outcome batch says.

use std::collections::HashMap;

use arrow::array::{Array, RecordBatch, StringViewArray};

use super::closed::{OutcomeSettings, Problem};
use super::label::{Meaning, finite_number};
use super::weights::mix;
use crate::decode::outcome::{ID, LABEL, PREDICTION, cells_of, score_column};
use crate::decode::{Meta, OBJECT};
use crate::sketch::text_hash;

/// What a model answered.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Said<'a> {
    /// The text of a class.
    Class(&'a str),
    /// Whether the score lies above its threshold.
    Positive(bool),
    Number(f64),
}

/// Why a row is not used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lack {
    Prediction,
    Label,
    Numbers,
}

/// Where a row stands in its object.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::profile) struct Place {
    line: u64,
    /// Records that begin on the same line before it. A whole table of JSON may be one line.
    record: u64,
    /// Rows of the same record before it.
    row: u64,
}

impl Place {
    /// Goes on to the next row.
    pub fn step(&mut self, starts_record: bool, line: u64) {
        *self = match self {
            _ if !starts_record => Self { row: self.row + 1, ..*self },
            _ if line == self.line => Self { record: self.record + 1, row: 0, ..*self },
            _ => Self { line, record: 0, row: 0 },
        };
    }

    /// The hash by which a row is drawn: of its record's id and its place there. A record without
    /// an id is told by its object's hash and its place there.
    pub fn hash(self, id: Option<&str>, object: u64) -> u64 {
        let record = match (id, self.record) {
            (Some(id), _) => text_hash(id),
            (None, 0) => mix(object, self.line),
            (None, record) => mix(mix(object, self.line), record),
        };
        mix(record, self.row)
    }
}

/// The columns of one batch.
pub(super) struct Rows<'a> {
    pub settings: &'a OutcomeSettings,
    meta: Meta<'a>,
    id: Option<&'a StringViewArray>,
    prediction: Option<&'a StringViewArray>,
    label: Option<&'a StringViewArray>,
    scores: Vec<Option<&'a StringViewArray>>,
    positive_column: Option<usize>,
    /// Of the object's name.
    object: u64,
}

impl<'a> Rows<'a> {
    /// `None` when the batch has no rows or another layout.
    pub fn of(batch: &'a RecordBatch, settings: &'a OutcomeSettings) -> Option<Self> {
        let meta = Meta::of(batch).filter(|_| batch.num_rows() > 0)?;
        Some(Self {
            settings,
            meta,
            id: cells_of(batch, ID),
            prediction: cells_of(batch, PREDICTION),
            label: cells_of(batch, LABEL),
            scores: (0..settings.n_scores).map(|place| cells_of(batch, &score_column(place))).collect(),
            positive_column: settings.positive_column(),
            object: batch.schema_ref().metadata().get(OBJECT).map_or(0, |object| text_hash(object)),
        })
    }

    /// Rows that are used.
    pub fn used(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.meta.reason.len()).filter(|row| self.meta.reason.is_null(*row))
    }

    /// Rows that are used, each with its place. `last` is the place of the last row of the batch before.
    pub fn placed<'p>(&'p self, last: &'p mut Place) -> impl Iterator<Item = (usize, Place)> + 'p {
        let placed = (0..self.meta.reason.len()).map(|row| {
            last.step(self.meta.starts_record.value(row), self.meta.line.value(row));
            (row, *last)
        });
        placed.filter(|(row, _)| self.meta.reason.is_null(*row))
    }

    /// The hash by which a row is drawn.
    pub fn hash(&self, row: usize, place: Place) -> u64 {
        place.hash(text_at(self.id, row), self.object)
    }

    /// The label's text as it stands there; blank is none.
    pub fn label(&self, row: usize) -> Result<&'a str, Lack> {
        text_at(self.label, row).ok_or(Lack::Label)
    }

    /// The label where it must be a number.
    pub fn label_number(&self, row: usize) -> Result<f64, Lack> {
        finite_number(self.label(row)?).ok_or(Lack::Numbers)
    }

    /// What the model answered. All scores of the row are left in `scores`.
    pub fn prediction(&self, row: usize, scores: &mut Vec<f64>) -> Result<Said<'a>, Lack> {
        let threshold = self.settings.threshold.filter(|_| self.settings.problem == Problem::BinaryClassification);
        if let Some(threshold) = threshold {
            let Some(column) = self.positive_column else { return Err(Lack::Prediction) };
            if text_at(self.scores.get(column).copied().flatten(), row).is_none() {
                return Err(Lack::Prediction);
            }
            self.read_scores(row, scores)?;
            return Ok(Said::Positive(scores[column] > threshold));
        }
        let text = text_at(self.prediction, row).ok_or(Lack::Prediction)?;
        if self.settings.problem == Problem::Regression {
            return finite_number(text).map(Said::Number).ok_or(Lack::Numbers);
        }
        self.read_scores(row, scores)?;
        Ok(Said::Class(text))
    }

    /// The positive class's of the scores that were read; binary only.
    pub fn positive_score(&self, scores: &[f64]) -> Option<f64> {
        scores.get(self.positive_column?).copied()
    }

    fn read_scores(&self, row: usize, scores: &mut Vec<f64>) -> Result<(), Lack> {
        scores.clear();
        for column in &self.scores {
            scores.push(text_at(*column, row).and_then(finite_number).ok_or(Lack::Numbers)?);
        }
        Ok(())
    }
}

/// A cell's text; `None` when it is null or blank.
pub(in crate::profile) fn text_at(cells: Option<&StringViewArray>, row: usize) -> Option<&str> {
    let text = cells.filter(|cells| cells.is_valid(row))?.value(row);
    (!text.chars().all(char::is_whitespace)).then_some(text)
}

impl OutcomeSettings {
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
