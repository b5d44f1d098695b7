//! Form of an answer: what kind of text a model sent, for messages. The words themselves stand in none, for a model may
//! repeat the rows that it was asked.

use crate::decode::is_name;
use crate::decode::json::{Node, Reader, Value};

/// Keys of an object that are told.
const MAX_KEYS: usize = 4;

/// What a body is, as a phrase: its format, its size, and the keys of an object where they are plain names.
pub(super) fn form(body: &[u8]) -> String {
    let Ok(text) = std::str::from_utf8(body) else { return format!("{} bytes that are no UTF-8 text", body.len()) };
    if text.trim().is_empty() {
        return "an empty body".to_owned();
    }
    let mut tape = Vec::new();
    let mut reader = Reader::over(text);
    let is_json = reader.read(&mut tape) == Ok(true) && text[reader.position()..].trim().is_empty();
    if is_json { json_form(Value::at(&tape, 0)) } else { text_form(text) }
}

fn json_form(value: Value<'_, '_>) -> String {
    match value.node() {
        Node::Array { len, .. } => format!("a JSON list with {len} elements"),
        Node::Object { len: 0, .. } => "an empty JSON object".to_owned(),
        Node::Object { .. } => {
            let names = value.entries().map(|(key, _)| key.raw).filter(|key| is_name(key)).take(MAX_KEYS);
            let names: Vec<String> = names.map(|key| format!("`{key}`")).collect();
            let of_keys = if names.is_empty() { String::new() } else { format!(" with {}", names.join(", ")) };
            format!("a JSON object{of_keys}")
        }
        Node::Literal(word) if word.parse::<f64>().is_ok() => "one number".to_owned(),
        Node::Literal(_) => "a JSON truth value".to_owned(),
        Node::String(_) | Node::Key(_) => "a JSON string".to_owned(),
        Node::Null => "a JSON null".to_owned(),
    }
}

fn text_form(text: &str) -> String {
    let n_lines = text.lines().filter(|line| !line.trim().is_empty()).count();
    let n_cells = text.lines().map(|line| line.split(',').count()).max().unwrap_or(1);
    match (n_lines, n_cells) {
        (1, 1) => "one line of text".to_owned(),
        (1, _) => format!("one line of {n_cells} comma-separated cells"),
        _ => format!("{n_lines} lines of text, {n_cells} comma-separated cells in the longest"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_is_told_and_no_word() {
        let cases: [(&[u8], &str); 13] = [
            (b"", "an empty body"),
            (b" \n", "an empty body"),
            (b"\xff\xfe", "2 bytes that are no UTF-8 text"),
            (b"0.5\n", "one number"),
            (b"true", "a JSON truth value"),
            (b"null", "a JSON null"),
            (b"\"Doe\"", "a JSON string"),
            (b"[1, 2]", "a JSON list with 2 elements"),
            (b"{}", "an empty JSON object"),
            (b"{\"error\": \"Doe\", \"Mr. Doe\": 1}", "a JSON object with `error`"),
            (b"Traceback\n\x1b[1m\nDoe,41\n", "3 lines of text, 2 comma-separated cells in the longest"),
            (b"{\"error\": ", "one line of text"),
            (b"1,2,3", "one line of 3 comma-separated cells"),
        ];
        for (body, expected) in cases {
            assert_eq!(form(body), expected, "{}", String::from_utf8_lossy(body));
        }
    }
}
