//! What went wrong at the other end, in words.

use std::error::Error as StdError;
use std::fmt;

use aws_sdk_s3::config::http::HttpResponse;
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};

use crate::names::s3_answer;
use crate::store::entry::ReadError;

/// What a failed request means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    Missing,
    Denied,
    /// The object is not the one the request was conditional on.
    Changed,
    NotModified,
    Other,
}

/// A failed request: what it means, and a phrase that says so.
#[derive(Debug)]
pub struct Failure {
    pub meaning: Meaning,
    pub text: String,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl StdError for Failure {}

impl Failure {
    pub fn other(text: impl Into<String>) -> Self {
        Self { meaning: Meaning::Other, text: text.into() }
    }

    /// The failure of a request to `endpoint`.
    pub fn of<E>(error: &SdkError<E, HttpResponse>, endpoint: &str) -> Self
    where
        E: StdError + ProvideErrorMetadata + 'static,
    {
        let status = error.raw_response().map(|response| response.status().as_u16());
        match error {
            SdkError::ServiceError(answer) => {
                let (code, message) = (answer.err().code(), answer.err().message());
                Self { meaning: meaning(code, status), text: phrase(code, message, status) }
            }
            SdkError::DispatchFailure(_) | SdkError::TimeoutError(_) => Self::other(unanswered(error, endpoint)),
            SdkError::ResponseError(_) => {
                Self::other(format!("the answer of {endpoint} cannot be read: {}", root_cause(error)))
            }
            _ => Self::other(format!("the request cannot be made: {}", root_cause(error))),
        }
    }

    /// The failure as the object store at `path` reports it.
    pub fn at(self, path: &str) -> object_store::Error {
        let (path, source) = (path.to_string(), Box::new(self));
        match source.meaning {
            Meaning::Missing => object_store::Error::NotFound { path, source },
            Meaning::Denied => object_store::Error::PermissionDenied { path, source },
            Meaning::Changed => object_store::Error::Precondition { path, source },
            Meaning::NotModified => object_store::Error::NotModified { path, source },
            Meaning::Other => object_store::Error::Generic { store: "S3", source },
        }
    }
}

impl From<Failure> for ReadError {
    fn from(failure: Failure) -> Self {
        match failure.meaning {
            Meaning::Missing => Self::Gone,
            _ => Self::Failed(failure.text),
        }
    }
}

fn meaning(code: Option<&str>, status: Option<u16>) -> Meaning {
    match (code, status) {
        (Some(s3_answer::NO_SUCH_BUCKET), _) => Meaning::Other,
        (Some(s3_answer::NO_SUCH_KEY | s3_answer::NOT_FOUND), _) | (None, Some(404)) => Meaning::Missing,
        (_, Some(403)) => Meaning::Denied,
        (_, Some(412)) => Meaning::Changed,
        (_, Some(304)) => Meaning::NotModified,
        _ => Meaning::Other,
    }
}

fn phrase(code: Option<&str>, message: Option<&str>, status: Option<u16>) -> String {
    let status = || status.map_or("an unreadable answer".to_string(), |status| format!("HTTP status {status}"));
    let code = code.map_or_else(status, str::to_string);
    match message.map(|message| message.trim().trim_end_matches('.')) {
        Some(message) if !message.is_empty() => format!("{code}: {message}"),
        _ => code,
    }
}

/// Nothing came back: no connection, or no credentials to sign a request with.
fn unanswered(error: &(dyn StdError + 'static), endpoint: &str) -> String {
    let chain = chain(error);
    match chain.iter().find(|cause| cause.contains("credentials")) {
        Some(cause) => format!("no AWS credentials were found: {cause}"),
        None => format!("no answer from {endpoint}: {}", root_cause(error)),
    }
}

fn root_cause(error: &(dyn StdError + 'static)) -> String {
    chain(error).pop().unwrap_or_default()
}

/// The messages of an error and of its causes, outermost first.
fn chain(error: &(dyn StdError + 'static)) -> Vec<String> {
    std::iter::successors(Some(error), |&error| error.source()).map(ToString::to_string).collect()
}

/// The innermost cause of a body that broke off.
pub fn broken_body(error: &(dyn StdError + 'static)) -> Failure {
    Failure::other(format!("the transfer broke off: {}", root_cause(error)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_mean_what_they_say() {
        let cases = [
            (Some("NoSuchKey"), Some(404), Meaning::Missing),
            (Some("NoSuchBucket"), Some(404), Meaning::Other),
            (None, Some(404), Meaning::Missing),
            (Some("AccessDenied"), Some(403), Meaning::Denied),
            (None, Some(403), Meaning::Denied),
            (Some("PreconditionFailed"), Some(412), Meaning::Changed),
            (None, Some(304), Meaning::NotModified),
            (Some("SlowDown"), Some(503), Meaning::Other),
            (None, None, Meaning::Other),
        ];
        for (code, status, expected) in cases {
            assert_eq!(meaning(code, status), expected, "{code:?} {status:?}");
        }
    }

    #[test]
    fn phrases_have_no_final_dot_and_never_are_empty() {
        assert_eq!(phrase(Some("AccessDenied"), Some("Access Denied."), Some(403)), "AccessDenied: Access Denied");
        assert_eq!(phrase(Some("AccessDenied"), Some(" "), Some(403)), "AccessDenied");
        assert_eq!(phrase(None, None, Some(403)), "HTTP status 403");
        assert_eq!(phrase(None, None, None), "an unreadable answer");
    }
}
