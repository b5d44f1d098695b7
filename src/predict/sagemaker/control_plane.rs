//! SageMaker's control plane: the six calls that an endpoint takes from its making to its end.

use std::time::Duration;

use aws_types::SdkConfig;
use bytes::Bytes;
use serde_json::{Value, json};

use super::failure::CallFailure;
use super::service_address::CONTROL_PLANE;
use super::service_client::{CONTENT_TYPE, Call, CallLimits, ServiceClient};
use crate::names::{aws_json, endpoint_api};

/// A call reads or writes a record, and is answered within a second where all is well. Descriptions are a few
/// kilobytes, a hundred times as much is not one. Connections as for asking an endpoint.
const LIMITS: CallLimits =
    CallLimits { connect: Duration::from_secs(5), total: Duration::from_secs(20), max_answer_bytes: 1_000_000 };

type Answer<T> = std::result::Result<T, CallFailure>;

/// Makes, looks at and deletes endpoints. Each call is sent once: whoever calls knows what a second call would mean.
#[derive(Clone, Debug)]
pub(super) struct ControlPlane {
    client: ServiceClient,
}

/// What is known of an endpoint.
#[derive(Clone, Debug)]
pub(super) struct EndpointState {
    pub status: Option<String>,
    pub configuration: Option<String>,
    /// Why it failed.
    pub reason: Option<String>,
}

/// What an endpoint runs.
#[derive(Clone, Debug)]
pub(super) struct EndpointConfig {
    /// Production variants as the service writes them.
    pub variants: Vec<Value>,
    /// The key that its volumes are encrypted with.
    pub volume_key: Option<String>,
}

impl ControlPlane {
    pub fn new(config: &SdkConfig) -> Self {
        Self { client: ServiceClient::new(&CONTROL_PLANE, config, LIMITS) }
    }

    pub async fn describe_endpoint(&self, name: &str) -> Answer<EndpointState> {
        let found = self.describe("DescribeEndpoint", json!({ endpoint_api::ENDPOINT: name })).await?;
        Ok(EndpointState {
            status: text(&found, endpoint_api::STATUS),
            configuration: text(&found, endpoint_api::CONFIG),
            reason: text(&found, endpoint_api::FAILURE_REASON),
        })
    }

    pub async fn describe_configuration(&self, name: &str) -> Answer<EndpointConfig> {
        let found = self.describe("DescribeEndpointConfig", json!({ endpoint_api::CONFIG: name })).await?;
        let variants = found.get(endpoint_api::VARIANTS).and_then(Value::as_array).cloned().unwrap_or_default();
        Ok(EndpointConfig { variants, volume_key: text(&found, endpoint_api::VOLUME_KEY) })
    }

    /// Without capture: what the monitor asks must not enter what is monitored.
    pub async fn create_configuration(&self, name: &str, configuration: &EndpointConfig) -> Answer<()> {
        let mut body = json!({ endpoint_api::CONFIG: name, endpoint_api::VARIANTS: configuration.variants });
        if let Some(key) = &configuration.volume_key {
            body[endpoint_api::VOLUME_KEY] = json!(key);
        }
        self.order("CreateEndpointConfig", body).await
    }

    pub async fn create_endpoint(&self, name: &str, configuration: &str) -> Answer<()> {
        let body = json!({ endpoint_api::ENDPOINT: name, endpoint_api::CONFIG: configuration });
        self.order("CreateEndpoint", body).await
    }

    pub async fn delete_endpoint(&self, name: &str) -> Answer<()> {
        self.order("DeleteEndpoint", json!({ endpoint_api::ENDPOINT: name })).await
    }

    pub async fn delete_configuration(&self, name: &str) -> Answer<()> {
        self.order("DeleteEndpointConfig", json!({ endpoint_api::CONFIG: name })).await
    }

    /// A call whose answer counts.
    async fn describe(&self, operation: &str, body: Value) -> Answer<Value> {
        let answer = self.call(operation, &body).await?;
        serde_json::from_slice(&answer).map_err(|_| CallFailure::unreadable())
    }

    /// A call whose success counts.
    async fn order(&self, operation: &str, body: Value) -> Answer<()> {
        self.call(operation, &body).await.map(|_| ())
    }

    async fn call(&self, operation: &str, body: &Value) -> Answer<Bytes> {
        let headers = vec![
            (CONTENT_TYPE, aws_json::CONTENT_TYPE.to_owned()),
            (aws_json::TARGET_HEADER, format!("{}{operation}", aws_json::TARGET_PREFIX)),
        ];
        let call = Call { path: "/".to_owned(), headers, body: body.to_string().into() };
        self.client.send(call).await.map_err(|error| CallFailure::of(&error))
    }
}

fn text(answer: &Value, key: &str) -> Option<String> {
    answer.get(key)?.as_str().map(str::to_owned)
}
