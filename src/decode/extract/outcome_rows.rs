//! Outcome rows: how rows of fixed columns are put together.

use std::sync::Arc;

use crate::decode::batch::builder::{BatchBuilder, RecordMark};
use crate::decode::batch::other_readings::OtherReadings;
use crate::decode::batch::outcome::{ID_PLACE, SECOND_PLACE};
use crate::decode::batch::packed_features::PackedFeatures;
use crate::decode::batch::staged::StagedRows;
use crate::decode::extract::column::{Column, Lists};
use crate::decode::extract::features::Features;
use crate::decode::extract::label_readings::labels_in_cell;
use crate::decode::extract::lookup::{Answers, Wanted};
use crate::decode::extract::table_places::label_record;
use crate::decode::extract::written_list::{is_number_in_parentheses, only_element};
use crate::decode::limits::MAX_ID_BYTES;
use crate::decode::reason::Reason;
use crate::decode::settings::attribute::{Attribute, Attributes};
use crate::decode::settings::positions::Positions;

/// The places in which [`answers`] looks for what stands in a row.
#[derive(Clone, Copy, Debug)]
pub struct Places {
    n_attributes: usize,
    n_scores: usize,
    keeps_features: bool,
}

impl Places {
    pub fn of(attributes: &Attributes) -> Self {
        let (n_attributes, n_scores) = (attributes.scores.len(), attributes.n_scores());
        Self { n_attributes, n_scores, keeps_features: attributes.keeps_features }
    }

    /// The column behind the scores: that of the kept features, where there is one.
    fn behind_scores(self) -> u32 {
        SECOND_PLACE + 1 + self.n_scores as u32
    }

    /// The column of the label, or of other readings.
    fn last(self) -> u32 {
        self.behind_scores() + u32::from(self.keeps_features)
    }
}

/// What was found of a record.
#[derive(Clone, Copy)]
pub struct Found<'a> {
    pub answers: &'a Answers,
    pub places: Places,
    /// The features of its rows, where they are kept.
    pub kept: Option<&'a PackedFeatures>,
}

/// A search for the prediction, the scores, the label and the id of rows, in this order.
pub fn answers(
    attributes: &Attributes,
    with_label: bool,
    names: Arc<[String]>,
    positions: Positions,
) -> (Answers, Places) {
    let one = |attribute: &Option<Attribute>| Wanted { attribute: attribute.clone(), lists: Lists::None };
    let lists = match (attributes.scores.len(), attributes.n_scores()) {
        (1, n_scores) if n_scores > 1 => Lists::Of(n_scores),
        _ => Lists::Some,
    };
    let scores = attributes.scores.iter().map(|score| Wanted { attribute: Some(score.clone()), lists });
    let mut wanted: Vec<Wanted> = [one(&attributes.prediction)].into_iter().chain(scores).collect();
    if with_label {
        wanted.extend([one(&attributes.label), one(&attributes.id)]);
    }
    (Answers::new(wanted, names, positions), Places::of(attributes))
}

/// A row of fixed columns, in the making.
pub struct FixedRows<'a> {
    pub builder: &'a mut BatchBuilder,
    pub rows: &'a mut StagedRows,
}

impl FixedRows<'_> {
    pub fn cell(&mut self, column: u32, text: Option<&str>) {
        match text {
            Some(text) if !text.is_empty() => self.builder.stage(self.rows, column, text),
            _ => self.builder.stage_null(self.rows, column),
        }
    }

    /// A label: empty where it is there and says nothing, null where there is none.
    fn label(&mut self, column: u32, text: Option<&str>) {
        match text {
            Some(text) => self.builder.stage(self.rows, column, text),
            None => self.builder.stage_null(self.rows, column),
        }
    }

    pub fn end_row(&mut self) -> Result<(), Reason> {
        self.rows.end_row();
        if self.builder.is_overflowing(self.rows) { Err(Reason::RecordTooLarge) } else { Ok(()) }
    }

    /// The view of the id that all rows of a record share.
    pub fn id(&mut self, id: Option<&str>) -> Result<Option<u128>, Reason> {
        let id = checked_id(id)?;
        Ok(id.map(|id| self.builder.view(id)))
    }

    /// One row of an id and a text, which may be empty.
    pub fn pair(&mut self, id: Option<&str>, text: &str) -> Result<(), Reason> {
        let id = self.id(id)?;
        self.rows.push(ID_PLACE, id);
        self.label(SECOND_PLACE, Some(text));
        self.end_row()
    }

    /// The labels that a row of a table holds, one at least, as rows or as the text of a record. A single one may hold
    /// those of several rows, or be a list of one; one that is null or empty says nothing. A number in parentheses can
    /// be read in two ways, and is in none.
    pub fn labels_of_table(&mut self, id: Option<&str>, labels: &Column, as_text: bool) -> Result<(), Reason> {
        if labels.n_rows() == 1 && labels.cell(0).is_some_and(is_number_in_parentheses) {
            return Err(Reason::LabelNotFound);
        }
        let opened = labels.cell(0).filter(|_| labels.n_rows() == 1).and_then(only_element);
        let labels = opened.as_ref().unwrap_or(labels);
        let text = |row| labels.cell(row).unwrap_or_default();
        match labels.n_rows() {
            n_rows if as_text => self.pair(id, &label_record((0..n_rows).map(text))),
            1 => {
                let others = labels_in_cell(text(0));
                self.labels(id, labels, other_readings_of_labels(&others, 1).as_deref())
            }
            _ => self.labels(id, labels, None),
        }
    }

    /// A row for each label, with other readings beside the first.
    pub fn labels(&mut self, id: Option<&str>, labels: &Column, others: Option<&str>) -> Result<(), Reason> {
        let id = self.id(id)?;
        for row in 0..labels.n_rows() {
            self.rows.push(ID_PLACE, id);
            self.label(SECOND_PLACE, label_in(labels, row));
            self.cell(SECOND_PLACE + 1, others.filter(|_| row == 0));
            self.end_row()?;
        }
        Ok(())
    }

    /// The first `n_rows` rows that were found, with labels, or other readings, and features beside them where there
    /// are any.
    pub fn answers(
        &mut self,
        id: Option<&str>,
        found: Found<'_>,
        n_rows: usize,
        (beside, mut features): (Beside<'_>, Option<&mut Features>),
    ) -> Result<(), Reason> {
        let id = self.id(id)?;
        let last = found.places.last();
        for row in 0..n_rows {
            self.rows.push(ID_PLACE, id);
            self.answer(found, row)?;
            match beside {
                Beside::Nothing => {}
                Beside::Labels(labels) => self.label(last, label_in(labels, row)),
                Beside::OtherReadings(text) if row == 0 => self.cell(last, Some(text)),
                Beside::OtherReadings(_) => {}
            }
            self.features(features.as_deref_mut(), row)?;
            self.end_row()?;
        }
        Ok(())
    }

    /// The first `n_rows` rows of a table's record: label and id are among what was found.
    pub fn whole_answers(
        &mut self,
        found: Found<'_>,
        n_rows: usize,
        mut features: Option<&mut Features>,
    ) -> Result<(), Reason> {
        let Found { answers, places, .. } = found;
        let (label, id) = (places.n_attributes + 1, places.n_attributes + 2);
        for row in 0..n_rows {
            let id = self.id(answers.column(id).cell(row))?;
            self.rows.push(ID_PLACE, id);
            self.answer(found, row)?;
            self.label(places.last(), label_in(answers.column(label), row));
            self.features(features.as_deref_mut(), row)?;
            self.end_row()?;
        }
        Ok(())
    }

    fn features(&mut self, features: Option<&mut Features>, row: usize) -> Result<(), Reason> {
        features.map_or(Ok(()), |features| features.stage(self.builder, self.rows, row))
    }

    fn answer(&mut self, Found { answers, places, kept }: Found<'_>, row: usize) -> Result<(), Reason> {
        self.cell(SECOND_PLACE, answers.column(0).cell(row));
        self.scores(&scores_in(answers, places, row), places.n_scores)?;
        if places.keeps_features {
            self.cell(places.behind_scores(), kept.and_then(|kept| kept.row(row)));
        }
        Ok(())
    }

    /// The scores of a row: as many as there should be, or none at all.
    pub fn scores(&mut self, scores: &[Option<&str>], n_scores: usize) -> Result<(), Reason> {
        let are_none = scores.iter().all(Option::is_none);
        if scores.len() != n_scores && !are_none {
            return Err(Reason::ScoreCountMismatch);
        }
        for place in 0..n_scores {
            let score = scores.get(place).copied().flatten();
            self.cell(SECOND_PLACE + 1 + place as u32, score);
        }
        Ok(())
    }

    /// One row of a table, which is not ended.
    pub fn table_row(&mut self, row: &TableRow<'_>, places: Places, with_label: bool) -> Result<(), Reason> {
        let id = self.id(row.id)?;
        self.rows.push(ID_PLACE, id);
        self.cell(SECOND_PLACE, row.prediction);
        self.scores(&row.scores, places.n_scores)?;
        if places.keeps_features {
            self.cell(places.behind_scores(), row.features);
        }
        if with_label {
            self.label(places.last(), row.label);
        }
        Ok(())
    }
}

/// What stands beside the answers of a record's rows.
#[derive(Clone, Copy)]
pub enum Beside<'a> {
    Nothing,
    Labels(&'a Column),
    OtherReadings(&'a str),
}

/// The scores of a row, one null for each attribute that has none.
fn scores_in(answers: &Answers, places: Places, row: usize) -> Vec<Option<&str>> {
    let mut scores: Vec<Option<&str>> = Vec::with_capacity(places.n_scores);
    for place in 1..=places.n_attributes {
        let n_before = scores.len();
        scores.extend(answers.column(place).row(row));
        if scores.len() == n_before {
            scores.push(None);
        }
    }
    scores
}

/// The prediction and the scores of a row; `None` where it has another number of scores than the job expects.
pub fn answer_in(answers: &Answers, places: Places, row: usize) -> Option<Vec<Option<&str>>> {
    let mut scores = scores_in(answers, places, row);
    if scores.iter().all(Option::is_none) {
        scores = vec![None; places.n_scores];
    }
    let prediction = answers.column(0).cell(row);
    (scores.len() == places.n_scores).then(|| [prediction].into_iter().chain(scores).collect())
}

/// Labels in the ways in which they can be read but the first, of which there are `n_labels`, as a cell of text.
pub fn other_readings_of_labels(others: &[Column], n_labels: usize) -> Option<String> {
    let mut readings = OtherReadings::default();
    for other in others.iter().filter(|other| other.n_rows() != n_labels) {
        readings.push((0..other.n_rows()).map(|row| vec![label_in(other, row)]));
    }
    readings.to_text()
}

/// The label of a row: empty where it is there and says nothing.
fn label_in(labels: &Column, row: usize) -> Option<&str> {
    (row < labels.n_rows()).then(|| labels.cell(row).unwrap_or_default())
}

/// Takes in the rows of a record, or rejects it: then the error says why.
pub fn settle(
    builder: &mut BatchBuilder,
    mark: RecordMark,
    rows: &StagedRows,
    staged: Result<(), Reason>,
    known_id: impl FnOnce(Reason) -> Option<String>,
    features: Option<&mut Features>,
) -> Result<(), Reason> {
    let accepted = staged.and_then(|()| builder.accept(mark, &[rows]));
    if let Err(reason) = accepted {
        builder.reject_known(mark, reason, known_id(reason).as_deref());
    }
    if let Some(features) = features {
        features.settle(builder, accepted.is_ok());
    }
    accepted
}

/// What a row of a table holds.
#[derive(Debug, Default)]
pub struct TableRow<'a> {
    pub id: Option<&'a str>,
    pub prediction: Option<&'a str>,
    pub scores: Vec<Option<&'a str>>,
    /// Where they are kept.
    pub features: Option<&'a str>,
    /// Empty where it is there and says nothing.
    pub label: Option<&'a str>,
}

/// An id that may be joined on; an empty one is none.
pub fn checked_id(id: Option<&str>) -> Result<Option<&str>, Reason> {
    let id = id.map(str::trim).filter(|id| !id.is_empty());
    if id.is_some_and(|id| id.len() > MAX_ID_BYTES) { Err(Reason::IdTooLong) } else { Ok(id) }
}
