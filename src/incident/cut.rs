//! Values of the data in sentences: escaped and cut.

/// Longest value that is told, in characters.
const MAX_CHARACTERS: usize = 40;

/// The beginning of a value, without characters that steer a terminal.
pub(super) fn cut(value: &str) -> String {
    let mut characters = value.chars();
    let shown: String = characters.by_ref().take(MAX_CHARACTERS).flat_map(char::escape_debug).collect();
    if characters.next().is_some() { shown + "…" } else { shown }
}

/// The same in quotation marks.
pub(super) fn quoted(value: &str) -> String {
    format!("\"{}\"", cut(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_escaped_and_cut() {
        assert_eq!(quoted("a\u{1b}b\n"), "\"a\\u{1b}b\\n\"");
        assert_eq!(cut(&"ä".repeat(41)), "ä".repeat(40) + "…");
    }
}
