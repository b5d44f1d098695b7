//! Parse errors of files: a place inside the file, and what is wrong there.

use std::fmt;

use serde::de::DeserializeOwned;

use super::place;

/// Longest cause that is kept, in bytes: serde quotes the offending value, which may be long.
const MAX_CAUSE: usize = 300;

/// A place inside a file (`features[3].numerical_statistics.mean`; empty for the whole file) and
/// what is wrong there, as a phrase without a final dot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WireError {
    pub place: String,
    pub cause: String,
}

impl WireError {
    pub fn new(place: impl Into<String>, cause: impl fmt::Display) -> Self {
        let mut cause = cause.to_string();
        if cause.len() > MAX_CAUSE {
            cause.truncate(cause.floor_char_boundary(MAX_CAUSE));
            cause.push('…');
        }
        Self { place: place.into(), cause }
    }
}

impl fmt::Display for WireError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.place.as_str() {
            "" => write!(f, "{}", self.cause),
            place => write!(f, "{place}: {}", self.cause),
        }
    }
}

impl std::error::Error for WireError {}

/// The value that `bytes` hold as JSON, with the place of what is wrong. A byte order mark is
/// skipped; nesting deeper than serde_json's limit of 128 is an error.
pub(super) fn from_json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, WireError> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    serde_json::from_slice(bytes).map_err(|error| {
        if bytes.trim_ascii().is_empty() {
            return WireError::new("", "the file is empty");
        }
        WireError::new(place::of(bytes, error.line(), error.column()), without_value(&error.to_string()))
    })
}

/// A parser's message without the value that it quotes: baselines hold values of data.
fn without_value(message: &str) -> String {
    let Some((before, after)) = message.rsplit_once(", expected ") else { return message.to_owned() };
    let end = before.find(['"', '`']).unwrap_or(before.len());
    format!("{}, expected {after}", before[..end].trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cause_quotes_no_value() {
        let cause = |text: &str| from_json::<Vec<u64>>(text.as_bytes()).map_err(|error| error.cause);
        for text in ["[1,\"4111\"]", "[1,-4111]", "[1,4111.5]", "[1,[\"4111\"]]", "[1,\"a, expected 4111\"]"] {
            let cause = cause(text).unwrap_err();
            assert!(cause.starts_with("invalid ") && !cause.contains("4111"), "{text}: {cause}");
        }
    }
}
