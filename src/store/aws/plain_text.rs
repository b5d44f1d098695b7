//! Plain text of a setting: without white space around it, and of characters that a header or an address can hold.

/// A setting's text.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum PlainText {
    Text(String),
    /// Nothing but white space.
    Empty,
    /// It holds others than the printable characters of ASCII.
    Unprintable,
}

pub(super) fn plain(text: &str) -> PlainText {
    match text.trim() {
        "" => PlainText::Empty,
        text if text.bytes().all(|byte| byte.is_ascii_graphic()) => PlainText::Text(text.to_owned()),
        _ => PlainText::Unprintable,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_trimmed_or_refused() {
        assert_eq!(plain(" eu-central-1\r\n"), PlainText::Text("eu-central-1".to_owned()));
        assert_eq!(plain("\n"), PlainText::Empty);
        for text in ["eu\ncentral", "a b", "\u{1}", "ü"] {
            assert_eq!(plain(text), PlainText::Unprintable, "{text:?}");
        }
    }
}
