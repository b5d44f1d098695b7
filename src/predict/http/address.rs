//! Address of a model server: its `/invocations` and its `/ping`.

use hyper::Uri;

use crate::error::{self, Error, Result};
use crate::names::hosting;

/// The flag that holds the address, as messages call it.
const PLACE: &str = "model-url";

/// The two addresses of a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Address {
    pub invocations: Uri,
    pub ping: Uri,
    pub is_secure: bool,
}

impl Address {
    /// Reads `http://host:8080`, with a path before `/invocations` or with it. A name and password would end up in
    /// logs, and a query on the way to `/ping`: both are refused.
    pub fn parse(url: &str) -> Result<Self> {
        let invalid = |cause: &str| Error::new(&error::VARIABLE_INVALID, PLACE, cause);
        let url = url.trim();
        let uri: Uri = url.parse().map_err(|_| invalid("it is no address such as http://127.0.0.1:8080"))?;
        let is_secure = match uri.scheme_str() {
            Some("http") => false,
            Some("https") => true,
            _ => return Err(invalid("it must begin with http:// or https://")),
        };
        let authority = uri.authority().ok_or_else(|| invalid("it names no host"))?;
        if authority.as_str().contains('@') {
            return Err(invalid("it must not hold a name or a password"));
        }
        if authority.host().is_empty() {
            return Err(invalid("it names no host"));
        }
        if authority.port_u16().is_none() && authority.as_str() != authority.host() {
            return Err(invalid("its port is no number"));
        }
        if url.contains(['?', '#']) {
            return Err(invalid("it must end with its path"));
        }
        let path = uri.path().trim_end_matches('/');
        let base = path.strip_suffix(hosting::INVOCATIONS).unwrap_or(path);
        let scheme = if is_secure { "https" } else { "http" };
        let at = |path: &str| format!("{scheme}://{authority}{base}{path}").parse::<Uri>();
        match (at(hosting::INVOCATIONS), at(hosting::PING)) {
            (Ok(invocations), Ok(ping)) => Ok(Self { invocations, ping, is_secure }),
            _ => Err(invalid("it is too long")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn servers_and_their_invocations_are_the_same_address() {
        let cases = [
            ("http://localhost:8080", "http://localhost:8080/invocations", "http://localhost:8080/ping"),
            (" http://localhost:8080/ ", "http://localhost:8080/invocations", "http://localhost:8080/ping"),
            ("http://[::1]:80/invocations", "http://[::1]:80/invocations", "http://[::1]:80/ping"),
            ("http://a/invocations/", "http://a/invocations", "http://a/ping"),
            ("https://a.b/models/x", "https://a.b/models/x/invocations", "https://a.b/models/x/ping"),
            ("HTTP://a/x/invocations", "http://a/x/invocations", "http://a/x/ping"),
        ];
        for (url, invocations, ping) in cases {
            let address = Address::parse(url).unwrap_or_else(|error| panic!("{url}: {error}"));
            assert_eq!((address.invocations.to_string(), address.ping.to_string()), (invocations.into(), ping.into()));
            assert_eq!(address.is_secure, url.starts_with("https"), "{url}");
        }
    }

    #[test]
    fn what_is_no_address_is_refused_without_its_secrets() {
        let urls = [
            "",
            "localhost:8080",
            "/invocations",
            "ftp://a",
            "http://",
            "http://:80",
            "http://user:secret@host",
            "http://user@host/invocations",
            "http://host/?key=secret",
            "http://host/#secret",
            "http://ho st/",
            "http://host:port/",
            "http://host:/",
            "http://host:70000/",
        ];
        for url in urls {
            let error = Address::parse(url).expect_err(url);
            assert_eq!((error.code().code, error.place()), (error::VARIABLE_INVALID.code, PLACE), "{url}");
            assert!(!error.cause().contains("secret"), "{url}: {error}");
        }
    }
}
