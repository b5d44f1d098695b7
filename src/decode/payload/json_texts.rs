//! JSON that was made a text of JSON, whole or in part, is opened.

use crate::decode::reason::Reason;
use crate::decode::shapes::{WRAPPERS, is_called, is_list, is_list_of};
use crate::decode::text::json::{self, Node, Reader, Text, Value};

/// Texts inside texts that are opened: JSON that was made text of twice or more.
const MAX_TEXTS: usize = 4;

/// Whether JSON is the text of JSON.
pub fn is_json_text(text: &str) -> bool {
    text.trim_start().starts_with('"')
}

/// Whether a text is a JSON object or list.
pub fn is_document(text: &str) -> bool {
    text.trim_start().starts_with(['{', '['])
}

/// Replaces JSON that is a text of JSON by that text, and texts of JSON in it where rows may stand: under a key that
/// is put around documents, and as the elements of a list.
pub fn open_texts(buffer: &mut String) -> Result<(), Reason> {
    for _ in 0..MAX_TEXTS {
        if !is_json_text(buffer) {
            break;
        }
        let mut tape = Vec::new();
        let mut reader = Reader::over(buffer);
        let is_read = reader.read(&mut tape) == Ok(true) && buffer[reader.position()..].trim().is_empty();
        let Some(Node::String(text)) = tape.first().filter(|_| is_read) else { return Ok(()) };
        let mut inner = String::new();
        json::unescape(*text, &mut inner)?;
        if !is_document(&inner) && !is_json_text(&inner) {
            return Ok(());
        }
        *buffer = inner;
    }
    if may_hold_documents(buffer)
        && let Some(opened) = opened(buffer)
    {
        *buffer = opened;
    }
    Ok(())
}

/// The text with the texts of JSON in it opened; `buffer` keeps it where there may be some.
pub fn with_texts_opened<'b>(text: &'b str, buffer: &'b mut String) -> Result<&'b str, Reason> {
    if !is_json_text(text) && !may_hold_documents(text) {
        return Ok(text);
    }
    buffer.clear();
    buffer.push_str(text);
    open_texts(buffer)?;
    Ok(buffer)
}

/// Whether a text of a document may stand in JSON: nothing else begins with a quote and a bracket.
fn may_hold_documents(json: &str) -> bool {
    let bytes = json.as_bytes();
    memchr::memchr2_iter(b'{', b'[', bytes).any(|at| at > 0 && bytes[at - 1] == b'"')
}

/// The JSON values of a text with the texts in them opened; `None` where there are none.
fn opened(text: &str) -> Option<String> {
    let mut reader = Reader::over(text);
    let (mut out, mut n_copied) = (String::new(), 0);
    let mut tape = Vec::new();
    while reader.read(&mut tape) == Ok(true) {
        for (text_of, inner) in texts_in(Value::at(&tape, 0)) {
            // The quotes go, too.
            let start = text_of.raw.as_ptr().addr() - text.as_ptr().addr() - 1;
            out.push_str(&text[n_copied..start]);
            out.push_str(&inner);
            n_copied = start + text_of.raw.len() + 2;
        }
        tape.clear();
        reader.skip_comma();
    }
    out.push_str(&text[n_copied..]);
    (n_copied > 0).then_some(out)
}

/// The texts of documents in a value, in their order, and what they mean.
fn texts_in<'a>(value: Value<'_, 'a>) -> Vec<(Text<'a>, String)> {
    if is_list(value) {
        return documents_in(value);
    }
    let in_member = |(key, member): (Text<'a>, Value<'_, 'a>)| match member.node() {
        Node::String(text) if is_called(key.raw, &WRAPPERS) => document(text).into_iter().collect(),
        Node::Array { .. } => documents_in(member),
        _ => Vec::new(),
    };
    value.entries().flat_map(in_member).collect()
}

/// The elements of a list of nothing but texts of documents.
fn documents_in<'a>(list: Value<'_, 'a>) -> Vec<(Text<'a>, String)> {
    if !is_list_of(list, |element| element.text().is_some_and(|text| is_document(text.raw))) {
        return Vec::new();
    }
    let documents: Option<Vec<_>> = list.elements().map(|element| document(element.text()?)).collect();
    documents.unwrap_or_default()
}

fn document(text: Text<'_>) -> Option<(Text<'_>, String)> {
    let mut meaning = String::new();
    json::unescape(text, &mut meaning).ok().filter(|()| is_document(&meaning))?;
    let mut tape = Vec::new();
    let mut reader = Reader::over(&meaning);
    let is_whole = reader.read(&mut tape) == Ok(true) && meaning[reader.position()..].trim().is_empty();
    is_whole.then_some((text, meaning))
}
