//! HTTP client: connections to a model server, kept open, with TLS where the address asks for it.

use std::io;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::{Request, Response};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::{Client, Error};
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rustls::crypto::ring;

/// How long a connection may take. A server next door needs milliseconds, one across the world less than a second.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// How long an unused connection is kept. Servers close theirs after a minute or so (nginx: 75 s).
const IDLE_TIMEOUT: Duration = Duration::from_secs(30);

#[derive(Clone, Debug)]
pub(super) enum Connections {
    Plain(Client<HttpConnector, Full<Bytes>>),
    Secure(Client<HttpsConnector<HttpConnector>, Full<Bytes>>),
}

impl Connections {
    /// Up to `max_idle` connections are kept; those with TLS trust the certificates that the machine trusts.
    pub fn open(is_secure: bool, max_idle: usize) -> io::Result<Self> {
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        connector.set_connect_timeout(Some(CONNECT_TIMEOUT));
        connector.enforce_http(!is_secure);
        let mut builder = Client::builder(TokioExecutor::new());
        builder.pool_timer(TokioTimer::new()).pool_idle_timeout(IDLE_TIMEOUT).pool_max_idle_per_host(max_idle);
        if !is_secure {
            return Ok(Self::Plain(builder.build(connector)));
        }
        let secure = HttpsConnectorBuilder::new().with_provider_and_native_roots(ring::default_provider())?;
        let secure = secure.https_only().enable_http1();
        Ok(Self::Secure(builder.build(secure.wrap_connector(connector))))
    }

    pub async fn send(&self, request: Request<Full<Bytes>>) -> Result<Response<Incoming>, Error> {
        match self {
            Self::Plain(client) => client.request(request).await,
            Self::Secure(client) => client.request(request).await,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// No root certificates are a property of the machine.
    #[tokio::test]
    async fn connections_with_tls_can_be_opened() {
        match Connections::open(true, 1) {
            Ok(connections) => assert!(matches!(connections, Connections::Secure(_))),
            Err(error) => assert_eq!(error.kind(), io::ErrorKind::NotFound, "{error}"),
        }
    }
}
