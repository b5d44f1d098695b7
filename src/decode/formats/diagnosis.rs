//! Diagnosis: what a rejected record holds, side by side, and what would help. Nothing of the data's values stands in
//! it; names of content types and of JSON's keys do.

use crate::decode::payload::{Content, Payload};
use crate::decode::reason::Reason;
use crate::decode::rows::convention::Convention;
use crate::decode::rows::reading::Reading;
use crate::decode::text::json::{Node, Value};
use crate::names::{capture as key, encoding, side};

/// Sides of a record, in the order in which they are told.
const SIDES: [&str; 5] = [
    key::ENDPOINT_INPUT,
    key::ENDPOINT_OUTPUT,
    key::BATCH_TRANSFORM_INPUT,
    key::BATCH_TRANSFORM_OUTPUT,
    side::GROUND_TRUTH,
];
/// Lists of a document that are told.
const MAX_LISTS: usize = 4;
/// Longest content type and key that is shown, in characters.
const MAX_SHOWN: usize = 60;

/// What the record on `tape` holds, and what to do about its rejection; `None` where there is nothing to tell.
pub fn of(tape: &[Node<'_>], reason: Reason) -> Option<String> {
    if !matches!(tape.first(), Some(Node::Object { .. })) {
        return None;
    }
    let root = Value::at(tape, 0);
    let data = root.get(key::CAPTURE_DATA);
    let at = |name: &str| if name == side::GROUND_TRUTH { root.get(name) } else { data?.get(name) };
    let sides = SIDES.iter().filter_map(|name| Some(described(name, at(name)?)));
    let sides: Vec<String> = sides.collect();
    if sides.is_empty() {
        return None;
    }
    let advice = advice(reason).map(|advice| format!("; {advice}")).unwrap_or_default();
    Some(format!("{}{advice}", sides.join(", ")))
}

fn advice(reason: Reason) -> Option<&'static str> {
    match reason {
        Reason::RowCountMismatch => Some(
            "ask for one side with captureIndexNames, or name the list that holds the rows by a JMESPath attribute",
        ),
        Reason::BinaryPayload | Reason::UnknownEncoding => {
            Some("ask for the other side with captureIndexNames, or have the client send text, JSON, NPY or Parquet")
        }
        Reason::InvalidPayload => Some("the content type or the encoding does not say what the payload is"),
        Reason::ScoreCountMismatch => Some("name as many classes as there are scores, or the score by its position"),
        Reason::FeaturesNotFound => Some("name the list that holds the features by `features` in the configuration"),
        Reason::LabelNotFound => Some("name the label with ground_truth_attribute"),
        _ => None,
    }
}

/// A side, its content type, and its rows.
fn described(name: &str, value: Value<'_, '_>) -> String {
    let text = |key: &str| value.get(key).and_then(Value::text).map(|text| text.raw);
    let known = |text: &&str| [encoding::CSV, encoding::JSON, encoding::BASE64].contains(text);
    let kind = text(key::OBSERVED_CONTENT_TYPE).and_then(media_type).or_else(|| text(key::ENCODING).filter(known));
    let kind = kind.map(|kind| format!(" ({kind})")).unwrap_or_default();
    let (mut buffer, mut tape) = (String::new(), Vec::new());
    let content = Payload::of(value).map(|payload| payload.content(&mut buffer, &mut tape));
    let what = match &content {
        None => "no data".to_owned(),
        Some(Err(reason)) => reason.text().to_owned(),
        Some(Ok(content)) => rows(content),
    };
    format!("{name}{kind}: {what}")
}

/// The type and subtype of a content type, if it is one; whatever else stands there may be a value.
fn media_type(text: &str) -> Option<&str> {
    let name = text.split(';').next().unwrap_or_default().trim();
    let is_token = |part: &str| {
        let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'+' | b'-' | b'_');
        part.starts_with(|c: char| c.is_ascii_alphabetic()) && part.len() <= MAX_SHOWN && part.bytes().all(is_allowed)
    };
    let (kind, subtype) = name.split_once('/')?;
    (is_token(kind) && is_token(subtype)).then_some(name)
}

fn rows(content: &Content<'_, '_>) -> String {
    let reading = Reading::of(content, &Convention::default());
    let n_rows = match reading.n_rows() {
        Ok(n_rows) => n_rows,
        Err(reason) => return reason.text().to_owned(),
    };
    let (_, width) = reading.row_width();
    let lists = match content.values() {
        [value] => lists(*value),
        _ => String::new(),
    };
    format!("rows {n_rows}, cells {width}{lists}")
}

/// The lists in a document, by their keys and lengths.
fn lists(value: Value<'_, '_>) -> String {
    let of_list = |(name, list): (crate::decode::text::json::Text<'_>, Value<'_, '_>)| match list.node() {
        Node::Array { len, .. } => Some(format!("{}[*] {len}", shown(name.raw))),
        _ => None,
    };
    let lists: Vec<String> = value.entries().filter_map(of_list).take(MAX_LISTS).collect();
    if lists.is_empty() { String::new() } else { format!(", lists {}", lists.join(" ")) }
}

fn shown(text: &str) -> String {
    text.chars().take(MAX_SHOWN).collect()
}
