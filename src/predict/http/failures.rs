//! Failed requests over HTTP: what a status or a broken connection means.

use std::error::Error as StdError;

use hyper::StatusCode;

use crate::predict::form::form;
use crate::predict::transport::Failure;
use crate::store::root_cause;

/// Longest cause of a failure of the connection, in characters.
const MAX_CHARS: usize = 200;

/// What an answer with this status means that is no success.
pub(super) fn of_status(status: StatusCode, body: &[u8]) -> Failure {
    let cause = format!("HTTP status {} with {}", status.as_u16(), form(body));
    match status.as_u16() {
        // Too slow for the server, too early, too many requests.
        408 | 425 | 429 | 500.. => Failure::Unreachable(cause),
        401 | 403 | 404 | 405 | 407 => Failure::Denied(cause),
        400..=499 => Failure::Refused(cause),
        300..=399 => Failure::Denied(format!("{cause} (redirects are not followed)")),
        _ => Failure::Denied(cause),
    }
}

/// The innermost cause of a request that was not answered, or of a body that broke off.
pub(super) fn of_error(error: &(dyn StdError + 'static)) -> Failure {
    Failure::Unreachable(cause(error))
}

/// What lies behind an error. Of a certificate that does not fit, the server has its say in it.
pub(super) fn cause(error: &(dyn StdError + 'static)) -> String {
    root_cause(error).chars().take(MAX_CHARS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NO: &str = "one line of text";

    #[test]
    fn every_status_has_its_meaning() {
        let meaning = |status: u16| {
            let status = StatusCode::from_u16(status).unwrap_or_else(|error| panic!("{status}: {error}"));
            match of_status(status, b"no\n") {
                Failure::Unreachable(cause) => ("unreachable", cause),
                Failure::TimedOut => ("timed out", String::new()),
                Failure::Refused(cause) => ("refused", cause),
                Failure::Denied(cause) => ("denied", cause),
            }
        };
        for status in [408, 425, 429, 500, 502, 503, 504, 599] {
            assert_eq!(meaning(status), ("unreachable", format!("HTTP status {status} with {NO}")));
        }
        for status in [400, 406, 413, 415, 422, 424, 499] {
            assert_eq!(meaning(status), ("refused", format!("HTTP status {status} with {NO}")));
        }
        for status in [101, 300, 301, 307, 308, 401, 403, 404, 405, 407] {
            assert_eq!(meaning(status).0, "denied", "{status}");
        }
    }
}
