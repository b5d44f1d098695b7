//! Names among JSON's keys, which messages and logs may show: other keys may be values of the data, such as an id or an
//! address in an object by ids or addresses.

/// Longest name that is shown, in bytes.
const MAX_BYTES: usize = 40;
/// Digits of a name; ids have more.
const MAX_DIGITS: usize = 3;

/// Whether a key looks like a name in a program, not like a value.
pub fn is_name(key: &str) -> bool {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    key.len() <= MAX_BYTES
        && key.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && key.bytes().all(is_word)
        && key.bytes().filter(u8::is_ascii_digit).count() <= MAX_DIGITS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_told_from_ids_and_addresses() {
        for name in ["a", "_id", "feature_128", "x-y", "captureData"] {
            assert!(is_name(name), "{name}");
        }
        let values = [
            "",
            "0",
            "Mr. Doe",
            "doe@example.org",
            "c-4111",
            "b7f0c2d4-9a1e",
            "a.b",
            "gr\u{fc}n",
            "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz",
        ];
        for value in values {
            assert!(!is_name(value), "{value}");
        }
    }
}
