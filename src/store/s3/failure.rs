//! Failed S3 requests: what they mean, and the message.

use std::error::Error as StdError;
use std::fmt;

use aws_sdk_s3::config::http::HttpResponse;
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};

use crate::names::s3_answer;
use crate::store::aws::{missing_credentials, root_cause, unanswered_cause};
use crate::store::read_error::ReadError;

/// Status of the answer to a condition that does not hold: every read is of the version that was listed.
const PRECONDITION_FAILED: u16 = 412;

/// A failed request.
#[derive(Debug)]
pub struct Failure {
    /// Whether there is no such object.
    pub is_missing: bool,
    /// Whether the request may have had its effect all the same: it was not refused.
    pub may_have_worked: bool,
    /// A phrase.
    pub text: String,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl StdError for Failure {}

impl Failure {
    /// The object is not the one that was listed.
    pub fn replaced() -> Self {
        Self::other("it was replaced by another version after it was listed")
    }

    pub fn other(text: impl Into<String>) -> Self {
        Self { is_missing: false, may_have_worked: true, text: text.into() }
    }

    /// The failure of a request to `endpoint`.
    pub fn of<E>(error: &SdkError<E, HttpResponse>, endpoint: &str) -> Self
    where
        E: StdError + ProvideErrorMetadata + 'static,
    {
        let status = error.raw_response().map(|response| response.status().as_u16());
        match error {
            SdkError::ServiceError(_) if status == Some(PRECONDITION_FAILED) => Self::replaced(),
            SdkError::ServiceError(answer) => {
                let (code, message) = (answer.err().code(), answer.err().message());
                let may_have_worked = !status.is_some_and(|status| (400..500).contains(&status));
                Self { is_missing: is_missing(code, status), may_have_worked, text: phrase(code, message, status) }
            }
            SdkError::DispatchFailure(_) | SdkError::TimeoutError(_) => Self::other(unanswered(error, endpoint)),
            SdkError::ResponseError(_) => {
                Self::other(format!("the answer of {endpoint} cannot be read: {}", root_cause(error)))
            }
            _ => Self::other(format!("the request cannot be made: {}", root_cause(error))),
        }
    }
}

impl From<Failure> for ReadError {
    fn from(failure: Failure) -> Self {
        if failure.is_missing { Self::Gone } else { Self::Failed(failure.text) }
    }
}

/// A bucket that is not there is no missing object.
fn is_missing(code: Option<&str>, status: Option<u16>) -> bool {
    match code {
        Some(code) => [s3_answer::NO_SUCH_KEY, s3_answer::NOT_FOUND].contains(&code),
        None => status == Some(404),
    }
}

fn phrase(code: Option<&str>, message: Option<&str>, status: Option<u16>) -> String {
    // An answer that is none of a failure, and yet cannot be read.
    let status = status.filter(|status| !(200..300).contains(status));
    let status = || status.map_or("an unreadable answer".to_string(), |status| format!("HTTP status {status}"));
    let code = code.map_or_else(status, str::to_string);
    match message.map(|message| message.trim().trim_end_matches('.')) {
        Some(message) if !message.is_empty() => format!("{code}: {message}"),
        _ => code,
    }
}

/// Nothing came back: no connection, or no credentials to sign a request with.
fn unanswered(error: &(dyn StdError + 'static), endpoint: &str) -> String {
    match missing_credentials(error) {
        Some(told) => told,
        None => format!("no answer from {endpoint}: {}", unanswered_cause(error)),
    }
}

/// The innermost cause of a body that broke off.
pub fn broken_body(error: &(dyn StdError + 'static)) -> Failure {
    Failure::other(format!("the transfer broke off: {}", root_cause(error)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_missing_object_is_missing() {
        let cases = [
            (Some("NoSuchKey"), Some(404), true),
            (Some("NotFound"), Some(404), true),
            (Some("NoSuchBucket"), Some(404), false),
            (None, Some(404), true),
            (Some("AccessDenied"), Some(403), false),
            (None, Some(403), false),
            (Some("PreconditionFailed"), Some(412), false),
            (Some("SlowDown"), Some(503), false),
            (None, None, false),
        ];
        for (code, status, expected) in cases {
            assert_eq!(is_missing(code, status), expected, "{code:?} {status:?}");
        }
    }

    #[test]
    fn phrases_have_no_final_dot_and_never_are_empty() {
        assert_eq!(phrase(Some("AccessDenied"), Some("Access Denied."), Some(403)), "AccessDenied: Access Denied");
        assert_eq!(phrase(Some("AccessDenied"), Some(" "), Some(403)), "AccessDenied");
        assert_eq!(phrase(None, None, Some(403)), "HTTP status 403");
        assert_eq!(phrase(None, None, Some(200)), "an unreadable answer");
        assert_eq!(phrase(None, None, None), "an unreadable answer");
    }
}
