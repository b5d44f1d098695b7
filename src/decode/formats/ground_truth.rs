//! Ground-truth decoder: records of the contract, or tables with a column of ids and one of labels.
//!
//! Records stand one a line, or several with commas between them, or in an array.

use crate::decode::batch::builder::{BatchBuilder, RecordMark};
use crate::decode::batch::record_format::RecordFormat;
use crate::decode::batch::staged::StagedRows;
use crate::decode::extract::column::{Column, Lists};
use crate::decode::extract::label_readings::{first_labels, other_labels};
use crate::decode::extract::outcome_rows::{FixedRows, other_readings_of_labels};
use crate::decode::extract::table_places::table_places;
use crate::decode::formats::description;
use crate::decode::formats::record::{event_id, name_of};
use crate::decode::reason::Reason;
use crate::decode::settings::attribute::{Attribute, Attributes};
use crate::decode::settings::decoding::Settings;
use crate::decode::settings::rows::Rows;
use crate::decode::shapes::is_list_of;
use crate::decode::text::json::{Node, RecordTemplate, Value, emptied, members, standard_line};
use crate::decode::text::searched::Searched;
use crate::names::{capture as key, side};

/// Decodes records of ground truth.
pub struct GroundTruthFormat {
    attributes: Attributes,
    /// Whether rows hold the record's text, not its labels.
    as_text: bool,
    /// Most bytes of text that binary labels may become.
    max_unfolded: usize,
    labels: Column,
    rows: StagedRows,
    template: RecordTemplate,
    /// Allocations used again; empty between records.
    tape: Vec<Node<'static>>,
    id: String,
}

impl GroundTruthFormat {
    pub fn new(settings: &Settings) -> Self {
        Self {
            attributes: settings.rows.attributes(),
            as_text: matches!(settings.rows, Rows::LabelRecords(_)),
            max_unfolded: settings.max_unfolded(),
            labels: Column::default(),
            rows: StagedRows::default(),
            template: RecordTemplate::default(),
            tape: Vec::new(),
            id: String::new(),
        }
    }

    fn record(&mut self, builder: &mut BatchBuilder, text: &str, tape: &[Node<'_>], mark: RecordMark) {
        self.rows.clear();
        self.labels.clear();
        let root = Value::at(tape, 0);
        let staged = match root.get(side::GROUND_TRUTH) {
            Some(truth) => self.contract_record(builder, text, root, truth),
            None => self.table_record(builder, root),
        };
        if let Err(reason) = staged.and_then(|()| builder.accept(mark, &[&self.rows])) {
            builder.reject(mark, reason);
            builder.details.add(mark.line, reason, || detail(root, reason, self.max_unfolded));
        }
    }

    fn contract_record(
        &mut self,
        builder: &mut BatchBuilder,
        text: &str,
        root: Value<'_, '_>,
        truth: Value<'_, '_>,
    ) -> Result<(), Reason> {
        let has_id = event_id(root, [key::EVENT_ID, key::INFERENCE_ID], &mut self.id)?.is_some()
            || top_level_id(root, &mut self.id)?;
        let id = has_id.then_some(self.id.as_str());
        let mut others = None;
        if !self.as_text {
            let label = self.attributes.label.as_ref();
            self.rows.unreadable = first_labels(truth, label, self.max_unfolded, &mut self.labels)?;
            let other = other_labels(truth, label, self.max_unfolded);
            others = other_readings_of_labels(&other, self.labels.n_rows());
        }
        let mut fixed = FixedRows { builder, rows: &mut self.rows };
        if self.as_text {
            let written = members(text).into_iter().find(|(name, _)| *name == side::GROUND_TRUTH);
            return fixed.pair(id, &standard_line(written.map_or("", |(_, value)| value))?);
        }
        fixed.labels(id, &self.labels, others.as_deref())
    }

    /// A row of a table: an object with an id and a label.
    fn table_record(&mut self, builder: &mut BatchBuilder, root: Value<'_, '_>) -> Result<(), Reason> {
        let keys: Vec<&str> = root.entries().map(|(key, _)| key.raw).collect();
        let (id, label) = table_places(&keys, &self.attributes);
        let mut ids = Column::default();
        let has_id = push_member(root, self.attributes.id.as_ref(), id, &mut ids)? && ids.n_rows() == 1;
        if !has_id {
            return Err(Reason::IdNotFound);
        }
        let has_label = push_member(root, self.attributes.label.as_ref(), label, &mut self.labels)?;
        if !has_label {
            return Err(Reason::LabelNotFound);
        }
        FixedRows { builder, rows: &mut self.rows }.labels_of_table(ids.cell(0), &self.labels, self.as_text)
    }
}

/// What it is about a record in which something is not found.
fn detail(root: Value<'_, '_>, reason: Reason, max_unfolded: usize) -> Option<String> {
    let is_about_record = matches!(reason, Reason::IdNotFound | Reason::LabelNotFound);
    is_about_record.then(|| match root.get(side::GROUND_TRUTH) {
        Some(truth) => {
            let held = description::payload(truth, max_unfolded, description::kind);
            format!("{}: {held}", description::heading(side::GROUND_TRUTH, truth))
        }
        None => format!("it is {}", description::value(root)),
    })
}

/// Writes what names a record that has no metadata to `buffer`; whether there is something.
fn top_level_id(root: Value<'_, '_>, buffer: &mut String) -> Result<bool, Reason> {
    for name in [key::EVENT_ID, key::INFERENCE_ID, "id"] {
        if let Some(value) = root.get(name)
            && name_of(value, buffer)?
        {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Appends the scalar that an attribute names, or that stands at `place`, or those of a list that does, a row each;
/// false when there is none.
fn push_member(
    root: Value<'_, '_>,
    attribute: Option<&Attribute>,
    place: Option<usize>,
    out: &mut Column,
) -> Result<bool, Reason> {
    let value = match attribute {
        Some(Attribute::Path(path)) => {
            let searched = Searched::of(root)?;
            return Ok(out.push_found(&searched, &path.search(&searched), Lists::None));
        }
        Some(Attribute::Name(name)) => root.at_keys(name),
        Some(Attribute::Index(_)) | None => place.and_then(|place| root.entries().nth(place)).map(|(_, value)| value),
    };
    let is_list = |value: Value<'_, '_>| is_list_of(value, Value::is_scalar);
    let Some(value) = value.filter(|value| value.is_scalar() || is_list(*value)) else { return Ok(false) };
    let mut push = |scalar| out.push_scalar(scalar).map(|()| out.end_row());
    if value.is_scalar() {
        push(value)?
    } else {
        value.elements().try_for_each(push)?
    }
    Ok(true)
}

impl RecordFormat for GroundTruthFormat {
    /// Takes the records of a text: objects, whatever brackets and commas stand between them.
    fn decode(&mut self, builder: &mut BatchBuilder, text: &str, line: u64) {
        let mark = RecordMark { line, time: None };
        let mut tape: Vec<Node<'_>> = std::mem::take(&mut self.tape);
        let mut rest = text;
        loop {
            rest = rest.trim_start_matches([' ', '\t', '\r', '\n', ',', '[', ']']);
            if rest.is_empty() {
                break;
            }
            tape.clear();
            let is_open = rest.starts_with('{');
            let read = if is_open { self.template.read(rest, &mut tape) } else { Err(Reason::InvalidJson) };
            match read {
                Ok(end) => {
                    let (record, after) = rest.split_at(end);
                    self.record(builder, record, &tape, mark);
                    rest = after;
                }
                // Where a record is broken nobody can say where the next one begins.
                Err(reason) => {
                    builder.reject(mark, reason);
                    let broken = || description::broken(rest).filter(|_| reason == Reason::InvalidJson);
                    builder.details.add(mark.line, reason, broken);
                    break;
                }
            }
        }
        self.tape = emptied(tape);
    }
}
