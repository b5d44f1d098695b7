//! Ground-truth decoder: records of the contract, or tables with a column of ids and one of labels.
//!
//! Records stand one a line, or several with commas between them, or in an array.

use super::attribute::{Attribute, Attributes};
use super::batch::{BatchBuilder, RecordMark};
use super::captured_outcomes::{event_id, name_of};
use super::column::{Column, Lists};
use super::json::{Node, RecordTemplate, Value, emptied, members};
use super::labels::{LABEL_NAMES, labels};
use super::lines::RecordFormat;
use super::outcome_rows::FixedRows;
use super::path::Searched;
use super::payload::Payload;
use super::staged::StagedRows;
use super::{Reason, Rows};
use crate::names::{capture as key, encoding, side, transform};

/// What a column of ids is called where nothing says its name.
const ID_NAMES: [&str; 6] =
    [key::EVENT_ID, "event_id", key::INFERENCE_ID, "inference_id", transform::INFERENCE_ID, "id"];

/// Decodes records of ground truth.
pub struct GroundTruthFormat {
    attributes: Attributes,
    /// Whether rows hold the record's text, not its labels.
    as_text: bool,
    labels: Column,
    rows: StagedRows,
    template: RecordTemplate,
    /// Allocations used again; empty between records.
    tape: Vec<Node<'static>>,
    id: String,
}

impl GroundTruthFormat {
    pub fn new(rows: &Rows) -> Self {
        Self {
            attributes: rows.attributes(),
            as_text: matches!(rows, Rows::LabelRecords(_)),
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
        if !self.as_text {
            labels(truth, self.attributes.label.as_ref(), &mut self.labels)?;
        } else if !holds_data(truth) {
            return Err(Reason::LabelNotFound);
        }
        let mut fixed = FixedRows { builder, rows: &mut self.rows };
        if self.as_text {
            let written = members(text).into_iter().find(|(name, _)| *name == side::GROUND_TRUTH);
            return fixed.pair(id, &one_line(written.map_or("", |(_, value)| value)));
        }
        fixed.labels(id, &self.labels)
    }

    /// A row of a table: an object with an id and a label.
    fn table_record(&mut self, builder: &mut BatchBuilder, root: Value<'_, '_>) -> Result<(), Reason> {
        let keys: Vec<&str> = root.entries().map(|(key, _)| key.raw).collect();
        let (id, label) = table_places(&keys, &self.attributes);
        let mut ids = Column::default();
        let has_id = push_member(root, self.attributes.id.as_ref(), id, &mut ids)?;
        if !has_id {
            return Err(Reason::IdNotFound);
        }
        let has_label = push_member(root, self.attributes.label.as_ref(), label, &mut self.labels)?;
        let label = self.labels.cell(0).filter(|_| has_label).ok_or(Reason::LabelNotFound)?;
        let text = if self.as_text { label_record(label) } else { label.to_owned() };
        FixedRows { builder, rows: &mut self.rows }.pair(ids.cell(0), &text)
    }
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

/// Whether a record's ground truth holds anything, whatever it means.
fn holds_data(truth: Value<'_, '_>) -> bool {
    match truth.node() {
        Node::Null => false,
        Node::Object { .. } => truth.get(key::DATA).is_none() || Payload::of(truth).is_some(),
        _ => true,
    }
}

/// Appends the scalar that an attribute names, or that stands at `place`; false when there is none.
fn push_member(
    root: Value<'_, '_>,
    attribute: Option<&Attribute>,
    place: Option<usize>,
    out: &mut Column,
) -> Result<bool, Reason> {
    let value = match attribute {
        Some(Attribute::Path(path)) => {
            let searched = Searched::of(root)?;
            return Ok(out.push_found(&searched, &path.search(&searched), Lists::None) && out.n_rows() == 1);
        }
        Some(Attribute::Name(name)) => root.at_keys(name),
        Some(Attribute::Index(_)) | None => place.and_then(|place| root.entries().nth(place)).map(|(_, value)| value),
    };
    let Some(value) = value.filter(|value| value.is_scalar()) else { return Ok(false) };
    out.push_scalar(value)?;
    out.end_row();
    Ok(true)
}

/// The columns of ids and of labels among those called `names`.
pub(super) fn table_places(names: &[&str], attributes: &Attributes) -> (Option<usize>, Option<usize>) {
    let given = |attribute: &Attribute| match attribute {
        Attribute::Index(index) => Some(*index).filter(|&index| index < names.len()),
        Attribute::Name(name) => names.iter().position(|other| other == name),
        Attribute::Path(_) => None,
    };
    let called = |words: &[&str]| {
        words.iter().find_map(|word| names.iter().position(|name| name.trim().eq_ignore_ascii_case(word)))
    };
    let id = attributes.id.as_ref().map_or_else(|| called(&ID_NAMES), given);
    let other = || id.filter(|_| names.len() == 2).map(|id| 1 - id);
    let label = attributes.label.as_ref().map_or_else(|| called(&LABEL_NAMES).or_else(other), given);
    (id, label)
}

/// Whether a table's first record, of the cells `names`, is its header; `None` where that has to be told
/// by its looks. Where ids and labels have positions, a record that names no column is the first of the
/// data, since its label would be lost otherwise.
pub(super) fn table_has_named(names: &[String], attributes: &Attributes) -> Option<bool> {
    let has = |wanted: &str| names.iter().any(|name| name == wanted);
    let has_id = match &attributes.id {
        Some(Attribute::Name(name)) => has(name),
        _ => names.iter().any(|name| ID_NAMES.iter().any(|word| name.trim().eq_ignore_ascii_case(word))),
    };
    let has_label = matches!(&attributes.label, Some(Attribute::Name(name)) if has(name));
    if has_id || has_label {
        return Some(true);
    }
    let are_positions = matches!(attributes.id, Some(Attribute::Index(_)))
        && matches!(attributes.label, None | Some(Attribute::Index(_)));
    are_positions.then_some(false)
}

/// A label of a table as the ground truth of a merged record.
pub(super) fn label_record(label: &str) -> String {
    let is_plain = !label.contains([',', '"', '\n', '\r']);
    let cell = if is_plain { label.to_owned() } else { format!("\"{}\"", label.replace('"', "\"\"")) };
    let (data, encoding) = (json_string(&cell), encoding::CSV);
    format!("{{\"{}\":{data},\"{}\":\"{encoding}\"}}", key::DATA, key::ENCODING)
}

/// A text as a JSON string.
pub(super) fn json_string(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c < ' ' => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// A JSON value as it is written, without line ends, since merged records stand one a line.
pub(super) fn one_line(written: &str) -> String {
    written.replace(['\n', '\r'], " ")
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
                    break;
                }
            }
        }
        self.tape = emptied(tape);
    }
}
