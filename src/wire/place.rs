//! Path of a parse error: its line and column in a JSON text as a path of keys and indices.
//!
//! Runs after a failure only, so that parsing well-formed files pays nothing for it.

/// Deepest path that is told; deeper levels are left out.
const MAX_DEPTH: usize = 32;
/// Longest key that is told, in bytes.
const MAX_KEY: usize = 80;

/// One open array or object.
enum Level {
    Array { index: usize, has_begun: bool },
    Object { key: String, in_value: bool },
}

/// The path of the value that ends or stands at this one-based line and column, as serde_json
/// counts them: bytes taken from the line so far.
pub(super) fn of(text: &[u8], line: usize, column: usize) -> String {
    let start = match line {
        0 | 1 => 0,
        n => memchr::memchr_iter(b'\n', text).nth(n - 2).map_or(text.len(), |at| at + 1),
    };
    let end = start.saturating_add(column).min(text.len());
    path(&scan(&text[..end]))
}

/// The levels open at the end of `text`. A level closed by the last byte counts as its value.
fn scan(text: &[u8]) -> Vec<Level> {
    let mut levels = Vec::new();
    let mut at = 0;
    while at < text.len() {
        if let (Some(Level::Array { has_begun, .. }), false) = (levels.last_mut(), text[at].is_ascii_whitespace()) {
            *has_begun = true;
        }
        match text[at] {
            b'"' => {
                let end = string_end(text, at + 1);
                if let Some(Level::Object { key, in_value: false }) = levels.last_mut() {
                    let bytes = &text[at + 1..end.min(at + 1 + MAX_KEY)];
                    *key = String::from_utf8_lossy(bytes).into_owned();
                }
                at = end;
            }
            b'{' => levels.push(Level::Object { key: String::new(), in_value: false }),
            b'[' => levels.push(Level::Array { index: 0, has_begun: false }),
            b'}' | b']' => drop(levels.pop()),
            b':' => {
                if let Some(Level::Object { in_value, .. }) = levels.last_mut() {
                    *in_value = true;
                }
            }
            b',' => match levels.last_mut() {
                Some(Level::Array { index, .. }) => *index += 1,
                Some(Level::Object { key, in_value }) => {
                    key.clear();
                    *in_value = false;
                }
                None => {}
            },
            _ => {}
        }
        at += 1;
    }
    levels
}

/// The index of the quote that closes the string whose text starts at `start`, or the end.
fn string_end(text: &[u8], start: usize) -> usize {
    let mut at = start;
    while at < text.len() && text[at] != b'"' {
        at += if text[at] == b'\\' { 2 } else { 1 };
    }
    at.min(text.len())
}

fn path(levels: &[Level]) -> String {
    let mut path = String::new();
    let last = levels.len().saturating_sub(1);
    for (depth, level) in levels.iter().enumerate().take(MAX_DEPTH) {
        match level {
            // The bracket itself is the end of the text: the value is the array.
            Level::Array { has_begun: false, .. } => {}
            Level::Array { index, .. } => path.push_str(&format!("[{index}]")),
            Level::Object { key, .. } if key.is_empty() && depth == last => {}
            Level::Object { key, .. } => {
                if !path.is_empty() {
                    path.push('.');
                }
                path.push_str(key);
            }
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_the_path_of_the_value_that_ends_there() {
        let text = "{\"a\": [ {\"b\": 1}, {\n\"c,]\": {\"d\": [1, \"x\"";
        let cases = [
            (1, 15, "a[0].b", "inside an object in an array"),
            (1, 16, "a[0]", "after the object's end"),
            (2, 22, "a[1].c,].d[1]", "after a string"),
            (2, 8, "a[1].c,]", "after an opening brace"),
            (2, 14, "a[1].c,].d", "after an opening bracket"),
            (1, 0, "", "before anything"),
            (9, 9, "a[1].c,].d[1]", "beyond the end"),
        ];
        for (line, column, expected, what) in cases {
            assert_eq!(of(text.as_bytes(), line, column), expected, "{what}");
        }
    }

    #[test]
    fn hostile_nesting_gives_a_short_path() {
        let text = "[".repeat(100_000);
        assert_eq!(of(text.as_bytes(), 1, text.len()), "[0]".repeat(MAX_DEPTH));
    }
}
