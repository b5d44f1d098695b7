//! Failed calls of SageMaker: classification and message.

use std::error::Error as StdError;
use std::iter::successors;

use aws_smithy_runtime_api::client::result::SdkError;
use http_body_util::LengthLimitError;

use super::service_client::CallError;
use crate::names::sagemaker_answer as answer;
use crate::store::{missing_credentials, unanswered_cause};

/// Characters of a foreign message that are shown: enough for one sentence of an exception.
const MAX_EXCERPT: usize = 200;

/// What a failed call means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// Too many calls; this one had no effect.
    Throttled,
    /// No answer, or one that says the service is out of order. Whether the call had an effect is not known.
    Unanswered,
    /// As `Unanswered`, because time was over.
    Late,
    /// What the call names is not there.
    Missing,
    /// What the call makes is there.
    Existing,
    /// Permissions or credentials.
    Denied,
    /// The call or its answer is too large.
    TooLarge,
    /// The call is wrong, or is not allowed now.
    Refused,
}

/// A failed call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct CallFailure {
    pub meaning: Meaning,
    /// A phrase without a final dot.
    pub text: String,
}

impl CallFailure {
    pub fn of(error: &CallError) -> Self {
        match error {
            SdkError::ServiceError(failed) => {
                let status = failed.raw().status().as_u16();
                Self::answered(failed.err().code.as_deref(), failed.err().message.as_deref(), status)
            }
            SdkError::TimeoutError(_) => Self { meaning: Meaning::Late, text: "no answer in time".to_owned() },
            SdkError::ResponseError(_) if is_too_long(error) => {
                Self { meaning: Meaning::TooLarge, text: "the answer is too large".to_owned() }
            }
            SdkError::ConstructionFailure(_) => {
                Self { meaning: Meaning::Denied, text: format!("the request cannot be made: {}", cause(error)) }
            }
            _ => Self::unanswered(error),
        }
    }

    /// An answer that says the call succeeded, and is not of the service's protocol.
    pub fn unreadable() -> Self {
        Self::answered(None, None, 200)
    }

    /// The service's own error, by its code, message and HTTP status.
    fn answered(code: Option<&str>, message: Option<&str>, status: u16) -> Self {
        let name = code.map_or_else(|| format!("HTTP status {status}"), excerpt);
        let message = excerpt(message.unwrap_or_default().trim().trim_end_matches('.'));
        let text = if message.is_empty() { name } else { format!("{name}: {message}") };
        Self { meaning: meaning(code.unwrap_or_default(), &message.to_lowercase(), status), text }
    }

    /// No connection, one that broke off, or no credentials to sign a request with.
    fn unanswered(error: &(dyn StdError + 'static)) -> Self {
        match missing_credentials(error) {
            Some(text) => Self { meaning: Meaning::Denied, text },
            None => Self { meaning: Meaning::Unanswered, text: format!("no answer: {}", cause(error)) },
        }
    }

    /// Whether the same call may succeed a moment later.
    pub fn may_pass(&self) -> bool {
        matches!(self.meaning, Meaning::Throttled | Meaning::Unanswered | Meaning::Late)
    }

    /// Whether the call may have done what it was to do: there is no answer that could be read.
    pub fn may_have_worked(&self) -> bool {
        matches!(self.meaning, Meaning::Unanswered | Meaning::Late | Meaning::TooLarge)
    }
}

/// `message` is in lower case.
fn meaning(code: &str, message: &str, status: u16) -> Meaning {
    let says = |phrases: &[&str]| phrases.iter().any(|phrase| message.contains(phrase));
    match status {
        429 => return Meaning::Throttled,
        401 | 403 => return Meaning::Denied,
        413 => return Meaning::TooLarge,
        500.. => return Meaning::Unanswered,
        _ => {}
    }
    if answer::THROTTLED.contains(&code) {
        Meaning::Throttled
    } else if answer::DENIED.contains(&code) {
        Meaning::Denied
    } else if says(&answer::EXISTING_PHRASES) {
        Meaning::Existing
    } else if answer::MISSING.contains(&code) || says(&answer::MISSING_PHRASES) {
        Meaning::Missing
    } else if says(&answer::TOO_LARGE_PHRASES) {
        Meaning::TooLarge
    } else {
        Meaning::Refused
    }
}

/// The beginning of a text that comes from outside, without what could steer a terminal.
pub(super) fn excerpt(text: &str) -> String {
    let shown: String = text.chars().take(MAX_EXCERPT).map(plain).collect();
    if text.chars().nth(MAX_EXCERPT).is_some() { format!("{shown}…") } else { shown }
}

fn plain(c: char) -> String {
    if matches!(c, '"' | '\'' | '\\') { c.to_string() } else { c.escape_debug().to_string() }
}

fn cause(error: &(dyn StdError + 'static)) -> String {
    excerpt(&unanswered_cause(error))
}

fn is_too_long(error: &(dyn StdError + 'static)) -> bool {
    successors(Some(error), |&error| error.source()).any(|cause| cause.is::<LengthLimitError>())
}
