//! HTTP transport to a model server with SageMaker's hosting contract.

use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::{Body, Incoming};
use hyper::header::{ACCEPT, CONTENT_TYPE};
use hyper::{Method, Response};
use tokio::time::timeout;

use super::address::Address;
use super::client::Connections;
use super::failures::{cause, of_error, of_status};
use super::readiness::{PingOutcome, ReadinessLimits, wait_until_ready};
use crate::error::{self, Error, Result};
use crate::names::hosting;
use crate::predict::Limits;
use crate::predict::transport::{Failure, MAX_ANSWER_BYTES, MAX_REQUEST_BYTES, Request, Transport};

/// Bytes of a refusal that are read; their form is told.
const MAX_REFUSAL_BYTES: usize = 16 << 10;

/// A model server that answers `/invocations`.
#[derive(Debug)]
pub(in crate::predict) struct HttpModel {
    address: Address,
    connections: Connections,
    timeout: Duration,
}

impl HttpModel {
    /// Waits until the server at `url` is ready.
    pub async fn open(url: &str, limits: &Limits) -> Result<Self> {
        Self::open_within(url, limits, ReadinessLimits::within(limits)).await
    }

    pub(in crate::predict) async fn open_within(
        url: &str,
        limits: &Limits,
        readiness: ReadinessLimits,
    ) -> Result<Self> {
        let address = Address::parse(url)?;
        let place = address.invocations.to_string();
        let unreachable = |cause: String| Error::new(&error::MODEL_UNREACHABLE, place.clone(), cause);
        let connections =
            Connections::open(address.is_secure, limits.concurrency).map_err(|error| unreachable(error.to_string()))?;
        let model = Self { address, connections, timeout: limits.timeout };
        wait_until_ready(readiness, || model.ping(readiness.answer)).await.map_err(unreachable)?;
        Ok(model)
    }

    async fn ping(&self, within: Duration) -> PingOutcome {
        let request = hyper::Request::get(self.address.ping.clone()).body(Full::default());
        let Ok(request) = request else { return PingOutcome::NoAnswer };
        let answered = async {
            let response = self.connections.send(request).await?;
            let status = response.status();
            // What is read to its end leaves the connection open for what follows.
            let _ = Limited::new(response.into_body(), MAX_REFUSAL_BYTES).collect().await;
            Ok::<_, hyper_util::client::legacy::Error>(status)
        };
        match timeout(within, answered).await {
            Ok(Ok(status)) => PingOutcome::Status(status),
            Ok(Err(error)) if error.is_connect() => PingOutcome::NotListening(cause(&error)),
            Ok(Err(_)) | Err(_) => PingOutcome::NoAnswer,
        }
    }

    async fn invoke(&self, request: Request) -> std::result::Result<Bytes, Failure> {
        let mut builder = hyper::Request::builder()
            .method(Method::POST)
            .uri(self.address.invocations.clone())
            .header(CONTENT_TYPE, request.content_type.name())
            .header(ACCEPT, request.accept.name());
        if let Some(custom_attributes) = request.custom_attributes {
            builder = builder.header(hosting::CUSTOM_ATTRIBUTES, custom_attributes);
        }
        let request = builder.body(Full::new(request.body)).map_err(|error| Failure::Denied(error.to_string()))?;
        let response = self.connections.send(request).await.map_err(|error| of_error(&error))?;
        match response.status() {
            status if status.is_success() => body(response).await,
            status => Err(of_status(status, &beginning(response).await)),
        }
    }
}

#[async_trait]
impl Transport for HttpModel {
    async fn send(&self, request: Request) -> std::result::Result<Bytes, Failure> {
        timeout(self.timeout, self.invoke(request)).await.unwrap_or(Err(Failure::TimedOut))
    }

    fn place(&self) -> String {
        self.address.invocations.to_string()
    }

    fn max_body_bytes(&self) -> usize {
        MAX_REQUEST_BYTES
    }
}

async fn body(response: Response<Incoming>) -> std::result::Result<Bytes, Failure> {
    let too_large = || Failure::Denied(format!("its answer is larger than {} MB", MAX_ANSWER_BYTES >> 20));
    if response.body().size_hint().lower() > MAX_ANSWER_BYTES as u64 {
        return Err(too_large());
    }
    match Limited::new(response.into_body(), MAX_ANSWER_BYTES).collect().await {
        Ok(whole) => Ok(whole.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(too_large()),
        Err(error) => Err(of_error(&*error)),
    }
}

/// What a refusal says, if that is not too much.
async fn beginning(response: Response<Incoming>) -> Bytes {
    Limited::new(response.into_body(), MAX_REFUSAL_BYTES)
        .collect()
        .await
        .map(|whole| whole.to_bytes())
        .unwrap_or_default()
}
