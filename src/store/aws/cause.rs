//! Causes of failed requests, as phrases.

use std::error::Error as StdError;

use crate::names::sdk;

/// What the TLS library says of a certificate that nobody vouches for.
const UNKNOWN_ISSUER: &str = "UnknownIssuer";

/// What the SDK says of a time limit that was reached, with the limit.
const TIME_OUT: &str = "timeout occurred after";

/// The innermost cause of an error.
pub fn root_cause(error: &(dyn StdError + 'static)) -> String {
    chain(error).last().map(ToString::to_string).unwrap_or_default()
}

/// The innermost cause of a request to AWS that was not answered; for a certificate that is not trusted, with what to
/// do about it.
pub fn unanswered_cause(error: &(dyn StdError + 'static)) -> String {
    let said = chain(error).map(ToString::to_string).find(|cause| cause.contains(TIME_OUT));
    let cause = said.unwrap_or_else(|| root_cause(error));
    if cause.contains(UNKNOWN_ISSUER) {
        let (bundle, roots) = (sdk::CA_BUNDLE, sdk::CERTIFICATE_FILE);
        return format!("{cause}; point {bundle} or {roots} at a file with the certificate of its authority");
    }
    cause
}

/// What the SDK says where it found no credentials to sign a request with, on one line, and where it looks for them.
pub fn missing_credentials(error: &(dyn StdError + 'static)) -> Option<String> {
    let said = chain(error).map(ToString::to_string).filter(|cause| cause.contains("credentials")).last()?;
    let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
    let (key, secret, token, endpoint) =
        (sdk::ACCESS_KEY_ID, sdk::SECRET_ACCESS_KEY, sdk::SESSION_TOKEN, sdk::ENDPOINT_URL);
    Some(format!(
        "no AWS credentials were found: {said}; set {key} and {secret} (and {token} if they are temporary), or run where \
         the job, the task or the instance has a role; {endpoint} names another server than AWS's"
    ))
}

/// An error and its causes, outermost first.
fn chain<'a>(error: &'a (dyn StdError + 'static)) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |&error| error.source())
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    fn of(text: &str) -> io::Error {
        io::Error::other(text.to_owned())
    }

    #[test]
    fn a_certificate_that_is_not_trusted_names_what_mends_it() {
        assert_eq!(unanswered_cause(&of("connection refused")), "connection refused");
        let untrusted = unanswered_cause(&of("invalid peer certificate: UnknownIssuer"));
        assert!(untrusted.starts_with("invalid peer certificate: UnknownIssuer; "), "{untrusted}");
        assert!(untrusted.contains("AWS_CA_BUNDLE") && untrusted.contains("SSL_CERT_FILE"), "{untrusted}");
    }

    #[test]
    fn missing_credentials_are_told_on_one_line() {
        let told = missing_credentials(&of("no providers provided credentials. Attempted:\n  Environment\n  Profile"));
        let told = told.expect("no credentials");
        let said = "no AWS credentials were found: no providers provided credentials. Attempted: Environment Profile; ";
        assert!(told.starts_with(said), "{told}");
        let named = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "role", "AWS_ENDPOINT_URL"];
        assert!(named.iter().all(|name| told.contains(name)), "{told}");
        assert_eq!(missing_credentials(&of("connection refused")), None);
    }
}
