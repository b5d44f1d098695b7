//! Plain text: what comes from outside, made fit for one line of a terminal or log.

/// The text with escapes for what is no printable character; quotes stay as they are.
pub fn printable(text: &str) -> String {
    let shown = |c: char| match c {
        '\'' | '"' | '\\' => c.to_string(),
        c => c.escape_debug().to_string(),
    };
    text.chars().map(shown).collect()
}

/// The text without line breaks and other control characters, which could steer a terminal.
pub(super) fn plain(text: String) -> String {
    if !text.contains(char::is_control) {
        return text;
    }
    let shown = |c: char| match c {
        '\n' | '\r' | '\t' => ' ',
        c if c.is_control() => char::REPLACEMENT_CHARACTER,
        c => c,
    };
    text.chars().map(shown).collect()
}
