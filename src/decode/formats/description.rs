//! Descriptions: what a rejected record holds, in plain words. Names of content types, of columns, and of JSON's keys
//! that look like names stand in them, and no values of the data.

use crate::decode::extract::lists::{FoundList, lists};
use crate::decode::payload::{Content, Payload};
use crate::decode::reason::Reason;
use crate::decode::rows::convention::Convention;
use crate::decode::rows::reading::Reading;
use crate::decode::shapes::{Inconsistency, inconsistency, length};
use crate::decode::text::json::{Node, Reader, Text, Value, unescape};
use crate::decode::text::key_name::is_name;
use crate::names::{capture as key, encoding};

/// Names that are shown of many, and lists of a document.
const MAX_NAMES: usize = 5;
const MAX_LISTS: usize = 3;
/// Longest name that is shown, in characters.
const MAX_SHOWN: usize = 40;

/// So many things: `1 row`, `2 rows`.
pub fn counted(n: usize, noun: &str) -> String {
    if n == 1 { format!("1 {noun}") } else { format!("{n} {noun}s") }
}

/// A name that the data bring, cut, without what could steer a terminal.
pub fn shown(name: &str) -> String {
    let more = if name.chars().nth(MAX_SHOWN).is_some() { "…" } else { "" };
    let cut: String = name.chars().take(MAX_SHOWN).collect();
    format!("`{}{more}`", cut.escape_debug())
}

/// The first of these names, and how many more there are.
pub fn names(all: &[impl AsRef<str>]) -> String {
    let first: Vec<String> = all.iter().take(MAX_NAMES).map(|name| shown(name.as_ref())).collect();
    let more = if all.len() > MAX_NAMES { format!(" and {} more", all.len() - MAX_NAMES) } else { String::new() };
    format!("{}{more}", first.join(", "))
}

/// The columns of a table that has a header.
pub fn columns(all: &[impl AsRef<str>]) -> String {
    format!("the table has {}: {}", counted(all.len(), "column"), names(all))
}

/// The number of a table's columns, of which nobody knows whether their names are some.
pub fn columns_without(n: usize, sought: &[&str]) -> String {
    format!("the table has {}, and none is called {}", counted(n, "column"), sought.join(", "))
}

/// What kind of JSON a value is.
pub fn value(value: Value<'_, '_>) -> String {
    match value.node() {
        Node::Object { len: 0, .. } => "an object without keys".to_owned(),
        Node::Object { .. } => {
            let keys: Vec<String> = value.entries().map(|(key, _)| meaning(key)).collect();
            object(&keys)
        }
        Node::Array { len: 0, .. } => "an empty list".to_owned(),
        Node::Array { len, .. } => format!("a list of {}", counted(len, "element")),
        Node::String(_) => "a text".to_owned(),
        Node::Null => "null".to_owned(),
        Node::Literal("true" | "false") => "a truth value".to_owned(),
        Node::Literal(_) | Node::Key(_) => "a number".to_owned(),
    }
}

/// An object by its keys that look like names.
fn object(keys: &[String]) -> String {
    let plain: Vec<&String> = keys.iter().filter(|key| is_name(key)).collect();
    match keys.len() - plain.len() {
        0 => format!("an object with the keys {}", names(&plain)),
        n if plain.is_empty() => format!("an object with {} that may be values", counted(n, "key")),
        n => format!("an object with the keys {} and {} that may be values", names(&plain), counted(n, "key")),
    }
}

/// As [`value`], of the first value of a text; `None` where it holds none.
pub fn first_value(text: &str) -> Option<String> {
    let mut tape = Vec::new();
    matches!(Reader::over(text).read(&mut tape), Ok(true)).then(|| value(Value::at(&tape, 0)))
}

/// Why a text is not one JSON value, as far as it shows.
pub fn broken(text: &str) -> Option<String> {
    let mut reader = Reader::over(text);
    match reader.read(&mut Vec::new()) {
        Ok(true) if !text[reader.position()..].trim().is_empty() => Some("something follows the value".to_owned()),
        Err(Reason::InvalidJson) if reader.is_cut_short() => Some("it breaks off".to_owned()),
        _ => None,
    }
}

fn meaning(key: Text<'_>) -> String {
    let mut name = String::new();
    unescape(key, &mut name).map_or_else(|_| key.raw.to_owned(), |()| name)
}

/// A side's key and its content type, or its encoding where it has none.
pub fn heading(name: &str, side: Value<'_, '_>) -> String {
    let text = |key: &str| side.get(key).and_then(Value::text).map(|text| text.raw);
    let known = |text: &&str| [encoding::CSV, encoding::JSON, encoding::BASE64].contains(text);
    let kind = text(key::OBSERVED_CONTENT_TYPE).and_then(media_type).or_else(|| text(key::ENCODING).filter(known));
    kind.map_or_else(|| name.to_owned(), |kind| format!("{name} ({kind})"))
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

/// What the payload of a side, of which binary data may unfold to so many bytes, holds, as `what` says it, or why it
/// cannot be read.
pub fn payload(
    side: Value<'_, '_>,
    max_unfolded: usize,
    what: impl Fn(&Content<'_, '_>) -> Result<String, Reason>,
) -> String {
    let (mut buffer, mut tape) = (String::new(), Vec::new());
    let Some(payload) = Payload::of(side, max_unfolded) else {
        return if side.get(key::DATA).is_some() { "no data".to_owned() } else { value(side) };
    };
    match payload.content(&mut buffer, &mut tape).and_then(|content| what(&content)) {
        Ok(text) => text,
        Err(Reason::InvalidPayload) => match payload.is_json_cut_short() {
            Some(true) => "JSON that breaks off".to_owned(),
            Some(false) => "no JSON, though it was captured as such".to_owned(),
            None => Reason::UnterminatedQuote.text().to_owned(),
        },
        Err(reason) => reason.text().to_owned(),
    }
}

/// The rows of a payload, and what else could be some.
pub fn rows(content: &Content<'_, '_>, convention: &Convention) -> Result<String, Reason> {
    let only = if let [only] = content.values() { Some(*only) } else { None };
    if let Some(found) = only.and_then(inconsistency) {
        return Ok(contradiction(found));
    }
    let reading = Reading::of(content, convention);
    let (n_rows, (_, width)) = (reading.n_rows()?, reading.row_width());
    let cells = if width > 0 { format!(" of {}", counted(width, "cell")) } else { String::new() };
    let inside = only.and_then(lengths);
    let inside = inside.map(|inside| format!(", where {inside}")).unwrap_or_default();
    Ok(format!("{}{cells}{inside}", counted(n_rows, "row")))
}

/// What kind of JSON a payload is; else its rows.
pub fn kind(content: &Content<'_, '_>) -> Result<String, Reason> {
    match content.values() {
        [only] => Ok(value(*only)),
        _ => rows(content, &Convention::default()),
    }
}

/// The numbers of rows that attributes find, where there are any that do not agree.
pub fn disagreement(n_found: &[usize]) -> Option<String> {
    let counts: Vec<String> = n_found.iter().map(usize::to_string).collect();
    (!counts.is_empty()).then(|| format!("the attributes find {} rows", counts.join(" and ")))
}

fn contradiction(found: Inconsistency<'_>) -> String {
    let tensor = |name: Text<'_>| match meaning(name) {
        name if is_name(&name) => format!("the tensor {}", shown(&name)),
        _ => "a tensor".to_owned(),
    };
    match found {
        Inconsistency::Values { name, n, n_by_shape } => {
            format!("{} has {}, and {n_by_shape} by its shape", tensor(name), counted(n, "value"))
        }
        Inconsistency::Rows { first: (first, n), other: (other, n_other) } => {
            format!("{} has {}, and {} has {n_other}", tensor(first), counted(n, "row"), tensor(other))
        }
    }
}

/// As [`lengths`], of the first value of a text.
pub fn lists_in(text: &str) -> Option<String> {
    let mut tape = Vec::new();
    matches!(Reader::over(text).read(&mut tape), Ok(true)).then(|| lengths(Value::at(&tape, 0)))?
}

/// The lists in a document, by their keys and lengths.
fn lengths(value: Value<'_, '_>) -> Option<String> {
    let inside = lists(value).into_iter().filter(|found| !found.path.is_empty());
    let told = |FoundList { path, list }: FoundList<'_, '_>| {
        format!("the list {} has {}", shown(&path), counted(length(list), "element"))
    };
    let all: Vec<String> = inside.take(MAX_LISTS).map(told).collect();
    (!all.is_empty()).then(|| all.join(", "))
}
