//! Excerpts: the beginning of what came from outside, for messages.

/// Longest excerpt in characters.
const MAX_CHARS: usize = 120;
/// Bytes that are looked at: no character has more than four.
const MAX_BYTES: usize = 4 * MAX_CHARS;

/// The beginning of a text between backticks, with escapes for what is not printable.
pub(super) fn excerpt(bytes: &[u8]) -> String {
    let beginning = String::from_utf8_lossy(&bytes[..bytes.len().min(MAX_BYTES)]);
    let mut shown = String::new();
    let mut n_chars = 0;
    for c in beginning.chars() {
        let escaped = c.escape_debug();
        n_chars += escaped.len();
        if n_chars > MAX_CHARS {
            return format!("`{shown}…`");
        }
        shown.extend(escaped);
    }
    let rest = if bytes.len() > MAX_BYTES { "…" } else { "" };
    format!("`{shown}{rest}`")
}
