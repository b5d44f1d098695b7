//! The way to a model behind an endpoint of SageMaker.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use aws_sdk_sagemakerruntime::Client;
use aws_sdk_sagemakerruntime::config::retry::RetryConfig;
use aws_sdk_sagemakerruntime::config::timeout::TimeoutConfig;
use aws_sdk_sagemakerruntime::config::{Builder, StalledStreamProtectionConfig};
use aws_sdk_sagemakerruntime::error::SdkError;
use aws_sdk_sagemakerruntime::operation::invoke_endpoint::InvokeEndpointError;
use aws_sdk_sagemakerruntime::primitives::Blob;
use bytes::Bytes;

use super::SageMaker;
use super::answer_limit::AnswerLimit;
use super::failure::{CallFailure, Meaning, excerpt};
use super::name::check_endpoint_name;
use crate::error::Result;
use crate::names::sagemaker_answer;
use crate::predict::Limits;
use crate::predict::transport::{Failure, Request, Transport};

/// Largest body of a request: 6 MB (DG:model-deploy-feature-matrix), taken as the smaller of its two readings.
const MAX_REQUEST_BYTES: usize = 6_000_000;
/// Largest body of an answer. The service lets 6 MB through; four times as much leaves room for it to raise that, and
/// for nothing that would exhaust memory.
const MAX_ANSWER_BYTES: usize = 4 * MAX_REQUEST_BYTES;
/// The service's own machines answer at once, or there is no way to them.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// A way to the endpoint of this name; `target_model` names one model of several that it serves. Requests are sent
/// once: trying again is the asker's.
pub(in crate::predict) fn endpoint(
    name: &str,
    target_model: Option<&str>,
    limits: &Limits,
    sagemaker: &SageMaker,
) -> Result<Arc<dyn Transport>> {
    check_endpoint_name(name)?;
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(CONNECT_TIMEOUT.min(limits.timeout))
        .operation_timeout(limits.timeout)
        .build();
    let config = Builder::from(&sagemaker.runtime)
        .retry_config(RetryConfig::disabled())
        .timeout_config(timeouts)
        // A model that thinks sends nothing for a while; the time limit above is the only one.
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
        .interceptor(AnswerLimit { max_bytes: MAX_ANSWER_BYTES })
        .build();
    let target_model = target_model.map(str::to_owned);
    Ok(Arc::new(Endpoint { client: Client::from_conf(config), name: name.to_owned(), target_model }))
}

struct Endpoint {
    client: Client,
    name: String,
    target_model: Option<String>,
}

#[async_trait]
impl Transport for Endpoint {
    async fn send(&self, request: Request) -> std::result::Result<Bytes, Failure> {
        let invocation = self
            .client
            .invoke_endpoint()
            .endpoint_name(&self.name)
            .content_type(request.content_type.name())
            .accept(request.accept.name())
            .set_custom_attributes(request.custom_attributes)
            .set_target_model(self.target_model.clone())
            .body(Blob::new(request.body));
        let answer = invocation.send().await.map_err(|error| failure(&error))?;
        Ok(answer.body.map(|body| Bytes::from(body.into_inner())).unwrap_or_default())
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

fn failure(error: &SdkError<InvokeEndpointError>) -> Failure {
    if let Some(InvokeEndpointError::ModelError(answer)) = error.as_service_error() {
        let message = answer.original_message().or(answer.message()).unwrap_or_default();
        return of_the_model(answer.original_status_code(), message);
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
fn of_the_model(status: Option<i32>, message: &str) -> Failure {
    let text = |status: i32| format!("HTTP status {status}: {}", excerpt(message.trim()));
    match status {
        Some(status @ (408 | 429)) => Failure::Unreachable(text(status)),
        Some(status @ 400..=499) => Failure::Refused(text(status)),
        _ if message.to_lowercase().contains(sagemaker_answer::TIMED_OUT_PHRASE) => Failure::TimedOut,
        Some(status @ 500..) => Failure::Unreachable(text(status)),
        _ => Failure::Unreachable(format!("the model did not answer: {}", excerpt(message.trim()))),
    }
}
