//! JSON members as they are written, without being parsed, and values as others read them.

use std::borrow::Cow;

use crate::decode::reason::Reason;

/// Each key of the object `text`, as it stands between its quotes, and its value as it is written.
/// `text` was read before: of what is no JSON some members are missing.
pub fn members(text: &str) -> Vec<(&str, &str)> {
    let bytes = text.as_bytes();
    let mut members = Vec::new();
    let mut at = after_space(bytes, 0) + 1;
    loop {
        at = after_space(bytes, at);
        if bytes.get(at) == Some(&b',') {
            at = after_space(bytes, at + 1);
        }
        if bytes.get(at) != Some(&b'"') {
            return members;
        }
        let key_end = after_string(bytes, at);
        let colon = after_space(bytes, key_end);
        let start = after_space(bytes, colon + 1);
        let end = after_value(bytes, start);
        let (Some(key), Some(value)) = (text.get(at + 1..key_end - 1), text.get(start..end)) else { return members };
        if value.is_empty() {
            return members;
        }
        members.push((key, value));
        at = end;
    }
}

fn after_space(bytes: &[u8], at: usize) -> usize {
    let n_spaces = bytes.get(at..).unwrap_or_default().iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    at + n_spaces
}

/// The place after the string that begins at `at`.
fn after_string(bytes: &[u8], at: usize) -> usize {
    let mut at = at + 1;
    while let Some(step) = memchr::memchr2(b'"', b'\\', bytes.get(at..).unwrap_or_default()) {
        at += step;
        if bytes[at] == b'"' {
            return at + 1;
        }
        at += 2;
    }
    bytes.len().max(at)
}

/// The place after the value that begins at `at`.
fn after_value(bytes: &[u8], at: usize) -> usize {
    let (mut at, mut depth) = (at, 0_usize);
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'"' => {
                at = after_string(bytes, at);
                if depth == 0 {
                    break;
                }
                continue;
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' if depth <= 1 => return at + depth,
            b'}' | b']' => depth -= 1,
            b',' | b' ' | b'\n' | b'\r' | b'\t' if depth == 0 => break,
            _ => {}
        }
        at += 1;
    }
    at.min(bytes.len())
}

/// JSON that was read before, on one line and by the standard (RFC 8259), which knows neither bare control characters in
/// strings, which are escaped, nor other escapes, nor words such as NaN: what holds these is refused.
pub fn standard_line(written: &str) -> Result<Cow<'_, str>, Reason> {
    let mut out: Option<String> = None;
    let (mut rest, mut is_string) = (written, false);
    while !rest.is_empty() {
        let stop = if is_string { memchr::memchr2(b'"', b'\\', rest.as_bytes()) } else { rest.find('"') };
        let (part, after) = rest.split_at(stop.unwrap_or(rest.len()));
        if !is_string && part.contains(['N', 'I']) {
            return Err(Reason::InvalidJson);
        }
        if part.bytes().any(|byte| byte < b' ') {
            let kept = written.len() - rest.len();
            let line = out.get_or_insert_with(|| written[..kept].to_owned());
            match is_string {
                true => part.chars().for_each(|c| push_escaped(c, line)),
                false => line.push_str(&part.replace(['\n', '\r'], " ")),
            }
        } else if let Some(line) = &mut out {
            line.push_str(part);
        }
        let n = if after.starts_with('\\') { n_escape(after)? } else { usize::from(!after.is_empty()) };
        is_string ^= after.starts_with('"');
        if let Some(line) = &mut out {
            line.push_str(&after[..n]);
        }
        rest = &after[n..];
    }
    Ok(out.map_or(Cow::Borrowed(written), Cow::Owned))
}

/// How long the escape is with which a text begins.
fn n_escape(text: &str) -> Result<usize, Reason> {
    let bytes = text.as_bytes();
    match bytes.get(1) {
        Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => Ok(2),
        Some(b'u') if bytes.get(2..6).is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit)) => Ok(6),
        _ => Err(Reason::InvalidJson),
    }
}

/// A text as a JSON string.
pub fn json_string(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    text.chars().for_each(|c| push_escaped(c, &mut out));
    out.push('"');
    out
}

/// Appends a character of a JSON string.
fn push_escaped(c: char, out: &mut String) {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_given_as_they_are_written() {
        let text = " { \"a\" : [1, {\"b\":\"]\\\"}\"}] ,\"c\\\"d\":1e5,\"e\":{},\"f\": \"x\" , \"g\":null}";
        let expected =
            [("a", "[1, {\"b\":\"]\\\"}\"}]"), ("c\\\"d", "1e5"), ("e", "{}"), ("f", "\"x\""), ("g", "null")];
        assert_eq!(members(text), expected);
        assert_eq!(members("{}"), []);
    }

    #[test]
    fn lines_are_of_the_standard_or_refused() {
        let cases = [
            ("{\"a\":\"x\\n\\u00e9\\\"\",\"N\":1}", Ok("{\"a\":\"x\\n\\u00e9\\\"\",\"N\":1}")),
            ("{\"a\":\n\t[1,\r\n2]}", Ok("{\"a\": \t[1,  2]}")),
            ("\"é\":{\"\u{1}\":\"a\tb\\\\\u{1f}\"}}", Ok("\"é\":{\"\\u0001\":\"a\\tb\\\\\\u001f\"}}")),
            ("{\"a\":\"0.1\\q\"}", Err(Reason::InvalidJson)),
            ("{\"a\":\"\\u12\"}", Err(Reason::InvalidJson)),
            ("{\"a\":[NaN]}", Err(Reason::InvalidJson)),
            ("{\"a\":-Infinity}", Err(Reason::InvalidJson)),
        ];
        for (written, expected) in cases {
            assert_eq!(standard_line(written).as_deref(), expected.as_ref().map(|line| *line), "{written}");
        }
    }

    #[test]
    fn what_is_no_object_has_no_members_and_does_no_harm() {
        for text in ["", "1", "{\"", "{\"a", "{\"a\"", "{\"a\":", "{\"a\\", "[", "\"é", "{é", "{\"a\":}"] {
            assert_eq!(members(text), [], "{text}");
        }
    }
}
