//! JSON members as they are written, without being parsed.

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

/// A text as a JSON string.
pub fn json_string(text: &str) -> String {
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
    fn what_is_no_object_has_no_members_and_does_no_harm() {
        for text in ["", "1", "{\"", "{\"a", "{\"a\"", "{\"a\":", "{\"a\\", "[", "\"é", "{é", "{\"a\":}"] {
            assert_eq!(members(text), [], "{text}");
        }
    }
}
