//! Transport: how one request reaches a model, over whatever protocol.

use async_trait::async_trait;
use bytes::Bytes;

use super::ContentType;

/// Largest body of a request in bytes (InvokeEndpoint's request syntax).
pub(super) const MAX_REQUEST_BYTES: usize = 6 << 20;
/// Largest body of an answer in bytes that is read: a thousand scores of a thousand rows, with their digits, take
/// about a third of it.
pub(super) const MAX_ANSWER_BYTES: usize = 64 << 20;

/// One request.
#[derive(Clone, Debug)]
pub(super) struct Request {
    pub body: Bytes,
    pub content_type: ContentType,
    pub accept: ContentType,
    /// Value of `X-Amzn-SageMaker-Custom-Attributes`.
    pub custom_attributes: Option<String>,
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Failure {
    /// May pass: nobody listens, the connection broke off, 429, 5xx.
    Unreachable(String),
    /// The answer did not come in time.
    TimedOut,
    /// The model does not want this body (4xx).
    Refused(String),
    /// Trying again is no use: permissions, no such endpoint.
    Denied(String),
}

/// A connection to a model.
#[async_trait]
pub(super) trait Transport: Send + Sync {
    /// Sends one request and gives the body of its answer. It ends within the time limit.
    async fn send(&self, request: Request) -> Result<Bytes, Failure>;

    /// Where it leads, for people.
    fn place(&self) -> String;

    /// Largest body of a request in bytes.
    fn max_body_bytes(&self) -> usize;
}
