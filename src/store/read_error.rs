//! Read error: why an entry could not be read.

use std::fmt;

/// Why an entry could not be read, or not to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadError {
    /// It was there when the location was listed and was not there any more when it was to be opened.
    Gone,
    /// The job cannot read what was listed: no permission, an expired token, no descriptor, no answer, a transfer
    /// that broke off, or bytes other than those that were listed. The cause as a phrase. It says nothing of the
    /// data, so no part of it may be left out because of it.
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
