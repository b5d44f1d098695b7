//! Credentials that a request can carry: white space around them, such as a line's end, is no part of them.

use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider, future};

use super::plain_text::{PlainText, plain};
use crate::names::sdk;

/// Gives the credentials of another provider, trimmed; refuses those that no header of a request can hold.
#[derive(Debug)]
pub(super) struct TrimmedCredentials(pub(super) SharedCredentialsProvider);

impl ProvideCredentials for TrimmedCredentials {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(async { trimmed(&self.0.provide_credentials().await?) })
    }

    fn fallback_on_interrupt(&self) -> Option<Credentials> {
        trimmed(&self.0.fallback_on_interrupt()?).ok()
    }
}

fn trimmed(found: &Credentials) -> Result<Credentials, CredentialsError> {
    let part = |name: &str, value: &str| match plain(value) {
        PlainText::Text(text) => Ok(text),
        PlainText::Empty => Err(refused(name, "is empty")),
        PlainText::Unprintable => Err(refused(name, "has characters that no request can carry")),
    };
    let mut builder = Credentials::builder()
        .access_key_id(part(sdk::ACCESS_KEY_ID, found.access_key_id())?)
        .secret_access_key(part(sdk::SECRET_ACCESS_KEY, found.secret_access_key())?)
        .provider_name("trimmed");
    builder.set_session_token(found.session_token().map(|token| part(sdk::SESSION_TOKEN, token)).transpose()?);
    builder.set_expiry(found.expiry());
    builder.set_account_id(found.account_id().cloned());
    Ok(builder.build())
}

fn refused(name: &str, cause: &str) -> CredentialsError {
    CredentialsError::invalid_configuration(format!("of the credentials at hand {name} {cause}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(key: &str, secret: &str, token: Option<&str>) -> Result<Credentials, CredentialsError> {
        trimmed(&Credentials::new(key, secret, token.map(str::to_owned), None, "tests"))
    }

    #[test]
    fn white_space_around_credentials_is_dropped() {
        let found = of("key\n", " secret\r\n", Some("token\t")).expect("credentials");
        let parts = (found.access_key_id(), found.secret_access_key(), found.session_token());
        assert_eq!(parts, ("key", "secret", Some("token")));
        assert_eq!(of("key", "secret", None).expect("credentials").session_token(), None);
    }

    #[test]
    fn credentials_that_no_request_can_carry_are_refused_by_name() {
        let cases = [
            (of("k\ney", "secret", None), "AWS_ACCESS_KEY_ID"),
            (of("key", " \n", None), "AWS_SECRET_ACCESS_KEY"),
            (of("key", "secret", Some("to\u{1}ken")), "AWS_SESSION_TOKEN"),
        ];
        for (refused, name) in cases {
            let error = refused.expect_err(name);
            let cause = std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default();
            assert!(cause.contains(name) && !cause.contains("secret"), "{cause}");
        }
    }
}
