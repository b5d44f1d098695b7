//! JSON Lines detection: whether a file that begins with some bytes holds its records line by line.
//!
//! A file that holds them so is read line by line, so that a broken record spoils its own line only.

use crate::decode::text::json::Reader;

/// Lines of a file's beginning that are looked at.
const FIRST_LINES: usize = 8;

/// Whether a file of JSON holds one value a line. A document may begin with a whole line, too: an array that
/// nothing follows.
pub fn holds_values(head: &[u8]) -> bool {
    let head = head.trim_ascii_start();
    let is_array = head.first() == Some(&b'[');
    let Some(end) = memchr::memchr(b'\n', head) else { return !is_array };
    if is_array { is_value(&head[..end]) && !head[end..].trim_ascii().is_empty() } else { has_line(head, is_value) }
}

/// Whether a file of JSON holds records of ground truth line by line, one or several in each. A file of one
/// line is read as a whole.
pub fn holds_labels(head: &[u8]) -> bool {
    let head = head.trim_ascii_start();
    let Some(end) = memchr::memchr(b'\n', head) else { return false };
    if head.first() == Some(&b'[') { are_values(&head[..end]) } else { has_line(head, are_values) }
}

/// Whether a file of ground truth holds JSON, and else a table of comma-separated values.
pub fn are_labels_json(head: &[u8]) -> bool {
    let is_open = |byte: &u8| matches!(byte, b'{' | b'[');
    head.trim_ascii_start().first().is_some_and(is_open) || has_line(head, are_values)
}

/// Whether one of the first lines is whole and begins with an object.
fn has_line(head: &[u8], is_whole: impl Fn(&[u8]) -> bool) -> bool {
    let mut lines: Vec<&[u8]> = head.split(|&byte| byte == b'\n').take(FIRST_LINES).collect();
    if lines.len() < FIRST_LINES {
        // The last one may go on beyond the head.
        lines.pop();
    }
    lines.iter().any(|line| line.starts_with(b"{") && is_whole(line))
}

/// Whether a line holds exactly one JSON value.
fn is_value(line: &[u8]) -> bool {
    let mut tape = Vec::new();
    std::str::from_utf8(line).is_ok_and(|text| {
        let mut reader = Reader::over(text);
        reader.read(&mut tape) == Ok(true) && reader.read(&mut tape) == Ok(false)
    })
}

/// Whether a line holds whole JSON values and what separates them.
fn are_values(line: &[u8]) -> bool {
    let Ok(mut rest) = std::str::from_utf8(line) else { return false };
    let mut tape = Vec::new();
    loop {
        rest = rest.trim_start_matches([' ', '\t', '\r', ',']);
        if rest.is_empty() {
            return true;
        }
        tape.clear();
        let mut reader = Reader::over(rest);
        if reader.read(&mut tape) != Ok(true) {
            return false;
        }
        rest = &rest[reader.position()..];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_tells_whether_it_holds_values() {
        let cases = [
            ("{\"a\":1}", true, "one object"),
            ("\n{\"a\":1}\n{\"a\":2}\n", true, "objects, a line each"),
            ("{\"a\":\n{\"a\":2}\n", true, "a broken line before a whole one"),
            ("[1,2]\n[3,4]\n", true, "vectors, a line each"),
            ("[1,2]\n", false, "one array"),
            ("[{\"a\":1},\n{\"a\":2}]", false, "an array over two lines"),
            ("[\n{\"a\":1},\n{\"a\":2}\n]\n", false, "an array with an element a line"),
            ("{\n  \"a\": 1\n}\n{\n  \"a\": 2\n}\n", false, "objects over several lines"),
        ];
        for (head, expected, what) in cases {
            assert_eq!(holds_values(head.as_bytes()), expected, "{what}");
        }
    }
}
