//! Captured outcomes: captured and merged records to rows of fixed columns, which are predictions with their
//! labels, or the record's text.

use super::attribute::Attribute;
use super::batch::{BatchBuilder, RecordMark};
use super::capture::{CaptureSides, open_record, read_one};
use super::column::Column;
use super::features::{Features, read_instances};
use super::json::{self, Node, RecordTemplate, Value, emptied, members};
use super::labels::labels;
use super::lines::RecordFormat;
use super::lookup::Answers;
use super::outcome_rows::{FixedRows, Places, answers, checked_id, settle};
use super::payload::Payload;
use super::staged::StagedRows;
use super::time::Window;
use super::{Reason, Rows, Settings};
use crate::names::{capture as key, side};

/// Keys of a record's id in its metadata, in the order of preference.
pub(super) const ID_KEYS: [&str; 2] = [key::INFERENCE_ID, key::EVENT_ID];
/// Room for the text of a payload that is kept from one record to the next.
pub(super) const MAX_KEPT_BYTES: usize = 64 << 10;

/// Decodes captured and merged records.
pub struct RequestFormat {
    kind: Kind,
    sides: CaptureSides,
    window: Window,
    answers: Answers,
    places: Places,
    features: Option<Features>,
    label: Option<Attribute>,
    labels: Column,
    rows: StagedRows,
    template: RecordTemplate,
    /// Allocations used again; empty between records.
    tape: Vec<Node<'static>>,
    id: String,
    payloads: [String; 2],
}

/// What becomes of a record.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Predictions,
    Outcomes,
    Text,
}

impl RequestFormat {
    pub fn new(sides: &CaptureSides, settings: &Settings) -> Self {
        let attributes = settings.rows.attributes();
        let (answers, places) = answers(&attributes, false, settings.names.clone());
        let features = settings.rows.features(false);
        let kind = match &settings.rows {
            rows if rows.have_label() => Kind::Outcomes,
            Rows::CaptureRecords => Kind::Text,
            _ => Kind::Predictions,
        };
        Self {
            kind,
            // Features stand in requests, and attributes look at answers only.
            sides: if features.is_some() { CaptureSides::default() } else { sides.clone() },
            window: settings.window,
            answers,
            places,
            features,
            label: attributes.label,
            labels: Column::default(),
            rows: StagedRows::default(),
            template: RecordTemplate::default(),
            tape: Vec::new(),
            id: String::new(),
            payloads: Default::default(),
        }
    }

    /// Stages the rows of the record on `tape`, unless it is outside the window.
    fn stage(
        &mut self,
        builder: &mut BatchBuilder,
        line: &str,
        tape: &[Node<'_>],
        mark: &mut RecordMark,
    ) -> Result<(), Reason> {
        let (root, data) = open_record(tape, &self.window, mark)?;
        let id = event_id(root, ID_KEYS, &mut self.id)?;
        let mut fixed = FixedRows { builder, rows: &mut self.rows };
        if self.kind == Kind::Text {
            return fixed.pair(id, &record_text(line));
        }
        let features = self.features.as_mut();
        let n_rows = read_answers(&mut self.answers, features, &self.sides, data, &mut self.payloads)?;
        if n_rows == 0 {
            return Err(Reason::NoPayload);
        }
        self.labels.clear();
        if self.kind == Kind::Outcomes {
            // Labels may not have come yet, or not all of them; what is too much belongs to no row.
            if let Some(truth) = root.get(side::GROUND_TRUTH) {
                labels(truth, self.label.as_ref(), &mut self.labels)?;
            }
            if self.labels.n_rows() > n_rows {
                return Err(Reason::RowCountMismatch);
            }
        }
        let labels = (self.kind == Kind::Outcomes).then_some(&self.labels);
        fixed.answers(id, (&self.answers, self.places), n_rows, (labels, self.features.as_mut()))
    }
}

impl RecordFormat for RequestFormat {
    fn decode(&mut self, builder: &mut BatchBuilder, line: &str, number: u64) {
        let mut mark = RecordMark { line: number, time: None };
        let mut tape: Vec<Node<'_>> = std::mem::take(&mut self.tape);
        self.rows.clear();
        let staged =
            read_one(&mut self.template, line, &mut tape).and_then(|()| self.stage(builder, line, &tape, &mut mark));
        let id = |reason| id_outside_window(&tape, reason);
        settle(builder, mark, &self.rows, staged, id, self.features.as_mut());
        self.tape = emptied(tape);
        for payload in &mut self.payloads {
            payload.clear();
            payload.shrink_to(MAX_KEPT_BYTES);
        }
    }
}

/// The id of a record outside the window. The join needs it: labels may be meant for that record.
pub(super) fn id_outside_window(tape: &[Node<'_>], reason: Reason) -> Option<String> {
    if reason != Reason::OutsideWindow {
        return None;
    }
    let mut buffer = String::new();
    let id = event_id(Value::at(tape, 0), ID_KEYS, &mut buffer);
    id.and_then(checked_id).ok().flatten().map(str::to_owned)
}

/// Looks at the payloads of a record; how many rows they hold.
fn read_answers(
    answers: &mut Answers,
    features: Option<&mut Features>,
    sides: &CaptureSides,
    data: Value<'_, '_>,
    [of_output, of_input]: &mut [String; 2],
) -> Result<usize, Reason> {
    let payload = |keys: &[&'static str]| keys.iter().find_map(|&key| Some((key, Payload::of(data.get(key)?)?)));
    let (output, input) = (payload(&sides.outputs), payload(&sides.inputs).map(|(_, input)| input));
    let is_joined = matches!(output, Some((key::BATCH_TRANSFORM_OUTPUT, _)));
    let output = output.map(|(_, output)| output);
    if output.is_none() && input.is_none() {
        return Err(Reason::NoPayload);
    }
    let (mut output_tape, mut input_tape) = (Vec::new(), Vec::new());
    let output = output.as_ref().map(|output| output.content(of_output, &mut output_tape)).transpose()?;
    let input = input.as_ref().map(|input| input.content(of_input, &mut input_tape)).transpose()?;
    let Some(features) = features else { return answers.read(output.as_ref(), input.as_ref()) };
    let joined = output.as_ref().filter(|_| is_joined);
    read_instances(answers, features, output.as_ref(), (input.as_ref(), joined))
}

/// The first of the metadata's entries under `keys` that names the record.
pub(super) fn event_id<'b>(
    root: Value<'_, '_>,
    keys: [&str; 2],
    buffer: &'b mut String,
) -> Result<Option<&'b str>, Reason> {
    let Some(metadata) = root.get(key::EVENT_METADATA) else { return Ok(None) };
    for key in keys {
        if let Some(value) = metadata.get(key)
            && name_of(value, buffer)?
        {
            return Ok(Some(buffer));
        }
    }
    Ok(None)
}

/// Writes the string or number to `buffer`; whether there is one.
pub(super) fn name_of(value: Value<'_, '_>, buffer: &mut String) -> Result<bool, Reason> {
    buffer.clear();
    match value.node() {
        Node::String(text) => json::unescape(text, buffer)?,
        Node::Literal(word) => buffer.push_str(word),
        _ => {}
    }
    Ok(!buffer.trim().is_empty())
}

/// The end of a merged line: captured data and metadata as they are written.
fn record_text(line: &str) -> String {
    let written = members(line);
    let parts = [key::CAPTURE_DATA, key::EVENT_METADATA].iter().filter_map(|key| {
        let (_, value) = written.iter().find(|(name, _)| name == key)?;
        Some(format!("\"{key}\":{value}"))
    });
    format!("{}}}", parts.collect::<Vec<_>>().join(","))
}
