//! One captured or merged record: its sides, its time, and what names it.

use crate::decode::batch::builder::{BatchBuilder, RecordMark};
use crate::decode::extract::outcome_rows::checked_id;
use crate::decode::reason::Reason;
use crate::decode::settings::filter::{Filter, variant_of};
use crate::decode::text::json::{self, Node, RecordTemplate, Value};
use crate::decode::text::time::{self, Window};
use crate::names::capture as key;

/// Variants of one object that are counted, at most.
const MAX_VARIANTS: usize = 64;

/// Keys of a record's id in its metadata, in the order of preference.
pub const ID_KEYS: [&str; 2] = [key::INFERENCE_ID, key::EVENT_ID];

/// Reads the one JSON object of a line.
pub fn read_one<'a>(template: &mut RecordTemplate, line: &'a str, tape: &mut Vec<Node<'a>>) -> Result<(), Reason> {
    let read = template.read(line, tape)?;
    let end = tape.len();
    if !matches!(tape.first(), Some(Node::Object { .. })) {
        return Err(Reason::NotACapture);
    }
    if json::Reader::over(&line[read..]).read(tape)? {
        tape.truncate(end);
        return Err(Reason::InvalidJson);
    }
    Ok(())
}

/// A captured record and its sides, if it is in the window and meant by the job. Its time goes to `mark` in any case.
pub fn open_record<'t, 'a>(
    tape: &'t [Node<'a>],
    (window, filter): (&Window, &Filter),
    mark: &mut RecordMark,
) -> Result<(Value<'t, 'a>, Value<'t, 'a>), Reason> {
    let root = Value::at(tape, 0);
    let data = root.get(key::CAPTURE_DATA).ok_or(Reason::NotACapture)?;
    mark.time = record_time(root)?;
    match mark.time {
        Some(time) if !window.contains(time) => Err(Reason::OutsideWindow),
        _ => filter.check(root).map(|()| (root, data)),
    }
}

/// The record's `inferenceTime`, if it has one.
fn record_time(root: Value<'_, '_>) -> Result<Option<i64>, Reason> {
    let Some(value) = root.get(key::EVENT_METADATA).and_then(|metadata| metadata.get(key::INFERENCE_TIME)) else {
        return Ok(None);
    };
    match value.node() {
        Node::Null => Ok(None),
        Node::String(text) if !text.escaped => time::parse(text.raw).map(Some).ok_or(Reason::InvalidTime),
        _ => Err(Reason::InvalidTime),
    }
}

/// The variant that the metadata of the record on `tape` name.
pub fn named_variant(tape: &[Node<'_>]) -> Option<String> {
    if !matches!(tape.first(), Some(Node::Object { .. })) {
        return None;
    }
    variant_of(Value::at(tape, 0).get(key::EVENT_METADATA)?)
}

/// Counts a record by the variant that its metadata name. What is left out counts as none, and is known to be there.
pub fn count_variant(builder: &mut BatchBuilder, tape: &[Node<'_>], settled: Result<(), Reason>) {
    let n = match settled {
        Ok(()) => 1,
        Err(Reason::FilteredOut) => 0,
        Err(_) => return,
    };
    let Some(variant) = named_variant(tape) else { return };
    if builder.variants.contains_key(&variant) || builder.variants.len() < MAX_VARIANTS {
        *builder.variants.entry(variant).or_default() += n;
    }
}

/// The id of a record that is left out. The join needs it: labels may be meant for that record.
pub fn id_left_out(tape: &[Node<'_>], reason: Reason) -> Option<String> {
    if !reason.is_left_out() {
        return None;
    }
    let mut buffer = String::new();
    let id = event_id(Value::at(tape, 0), ID_KEYS, &mut buffer);
    id.and_then(checked_id).ok().flatten().map(str::to_owned)
}

/// The first of the metadata's entries under `keys` that names the record.
pub fn event_id<'b>(root: Value<'_, '_>, keys: [&str; 2], buffer: &'b mut String) -> Result<Option<&'b str>, Reason> {
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
pub fn name_of(value: Value<'_, '_>, buffer: &mut String) -> Result<bool, Reason> {
    buffer.clear();
    match value.node() {
        Node::String(text) => json::unescape(text, buffer)?,
        Node::Literal(word) => buffer.push_str(word),
        _ => {}
    }
    Ok(!buffer.trim().is_empty())
}
