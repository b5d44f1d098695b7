//! InvokeEndpoint: the transport to a model behind an endpoint of SageMaker.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;

use super::SageMaker;
use super::endpoint_name::check_endpoint_name;
use super::failure::{CallFailure, Meaning, excerpt};
use super::service_address::RUNTIME;
use super::service_client::{ACCEPT, CONTENT_TYPE, Call, CallError, CallLimits, ServiceClient};
use crate::error::Result;
use crate::names::{aws_json, hosting, sagemaker_answer};
use crate::predict::Limits;
use crate::predict::form::form;
use crate::predict::transport::{Failure, Request, Transport};

/// Largest body of a request: 6 MB (DG:model-deploy-feature-matrix), taken as the smaller of its two readings.
const MAX_REQUEST_BYTES: usize = 6_000_000;
/// Largest body of an answer. The service lets 6 MB through; four times as much leaves room for it to raise that, and
/// for nothing that would exhaust memory.
const MAX_ANSWER_BYTES: usize = 4 * MAX_REQUEST_BYTES;
/// The service's own machines answer at once, or there is no way to them.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// A transport to the endpoint of this name; `target_model` names one model of several that it serves. Requests are
/// sent once: trying again is the caller's.
pub(in crate::predict) fn endpoint(
    name: &str,
    target_model: Option<&str>,
    limits: &Limits,
    sagemaker: &SageMaker,
) -> Result<Arc<dyn Transport>> {
    check_endpoint_name(name)?;
    let limits = CallLimits {
        connect: CONNECT_TIMEOUT.min(limits.timeout),
        total: limits.timeout,
        max_answer_bytes: MAX_ANSWER_BYTES,
    };
    let client = ServiceClient::new(&RUNTIME, &sagemaker.runtime, limits);
    Ok(Arc::new(Endpoint { client, name: name.to_owned(), target_model: target_model.map(str::to_owned) }))
}

struct Endpoint {
    client: ServiceClient,
    name: String,
    target_model: Option<String>,
}

#[async_trait]
impl Transport for Endpoint {
    async fn send(&self, request: Request) -> std::result::Result<Bytes, Failure> {
        let mut headers =
            vec![(CONTENT_TYPE, request.content_type.name().to_owned()), (ACCEPT, request.accept.name().to_owned())];
        headers.extend(request.custom_attributes.map(|attributes| (hosting::CUSTOM_ATTRIBUTES, attributes)));
        headers.extend(self.target_model.clone().map(|model| (hosting::TARGET_MODEL, model)));
        let path = format!("/endpoints/{}{}", self.name, hosting::INVOCATIONS);
        self.client.send(Call { path, headers, body: request.body }).await.map_err(|error| failure(&error))
    }

    fn place(&self) -> String {
        match &self.target_model {
            Some(model) => format!("endpoint {}, model {}", self.name, excerpt(model)),
            None => format!("endpoint {}", self.name),
        }
    }

    fn max_body_bytes(&self) -> usize {
        MAX_REQUEST_BYTES
    }
}

fn failure(error: &CallError) -> Failure {
    if let Some(answer) =
        error.as_service_error().filter(|answer| answer.code.as_deref() == Some(aws_json::MODEL_ERROR))
    {
        let message = answer.original_message.as_deref().or(answer.message.as_deref()).unwrap_or_default();
        return of_the_model(answer.original_status, message);
    }
    let CallFailure { meaning, text } = CallFailure::of(error);
    match meaning {
        Meaning::Throttled | Meaning::Unanswered => Failure::Unreachable(text),
        Meaning::Late => Failure::TimedOut,
        Meaning::TooLarge => Failure::Refused(text),
        // What the service itself refuses is wrong with every body.
        Meaning::Missing | Meaning::Existing | Meaning::Denied | Meaning::Refused => Failure::Denied(text),
    }
}

/// What the model's container answered; it has no status where it did not answer.
fn of_the_model(status: Option<i64>, message: &str) -> Failure {
    let text = |status: i64| format!("HTTP status {status} with {}", form(message.as_bytes()));
    match status {
        Some(status @ (408 | 429)) => Failure::Unreachable(text(status)),
        Some(status @ 400..=499) => Failure::Refused(text(status)),
        _ if message.to_lowercase().contains(sagemaker_answer::TIMED_OUT_PHRASE) => Failure::TimedOut,
        Some(status @ 500..) => Failure::Unreachable(text(status)),
        _ => Failure::Unreachable(format!("the model did not answer; the service tells {}", form(message.as_bytes()))),
    }
}
