//! Read error: why an entry could not be read.

use std::fmt;

/// Why an entry could not be read, or not to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadError {
    /// It was there when the location was listed and is not there any more.
    Gone,
    /// Anything else; the cause as a phrase.
    Failed(String),
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Gone => f.write_str("it disappeared after it was listed"),
            Self::Failed(cause) => f.write_str(cause),
        }
    }
}

impl std::error::Error for ReadError {}
