//! The six calls of SageMaker's control plane that an endpoint takes from its making to its end.

use std::time::Duration;

use aws_sdk_sagemaker::Client;
use aws_sdk_sagemaker::config::Builder;
use aws_sdk_sagemaker::config::retry::RetryConfig;
use aws_sdk_sagemaker::config::timeout::TimeoutConfig;
use aws_sdk_sagemaker::types::{EndpointStatus, ProductionVariant};
use aws_types::SdkConfig;

use super::answer_limit::AnswerLimit;
use super::failure::CallFailure;

/// For one call: they read and write a record, and are answered within a second where all is well.
const CALL_TIMEOUT: Duration = Duration::from_secs(20);
/// As for asking an endpoint.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// Largest answer: descriptions are a few kilobytes, a hundred times as much is not one.
const MAX_ANSWER_BYTES: usize = 1_000_000;

type Answer<T> = std::result::Result<T, CallFailure>;

/// Makes, looks at and deletes endpoints. Each call is sent once: whoever calls knows what a second call would mean.
#[derive(Clone, Debug)]
pub(super) struct Control {
    client: Client,
}

/// What is known of an endpoint.
#[derive(Clone, Debug)]
pub(super) struct EndpointState {
    pub status: Option<EndpointStatus>,
    pub configuration: Option<String>,
    /// Why it failed.
    pub reason: Option<String>,
}

/// What an endpoint runs.
#[derive(Clone, Debug)]
pub(super) struct Configuration {
    pub variants: Vec<ProductionVariant>,
    /// The key that its volumes are encrypted with.
    pub volume_key: Option<String>,
}

impl Control {
    pub fn new(config: &SdkConfig) -> Self {
        let timeouts =
            TimeoutConfig::builder().connect_timeout(CONNECT_TIMEOUT).operation_timeout(CALL_TIMEOUT).build();
        let config = Builder::from(config)
            .retry_config(RetryConfig::disabled())
            .timeout_config(timeouts)
            .interceptor(AnswerLimit { max_bytes: MAX_ANSWER_BYTES })
            .build();
        Self { client: Client::from_conf(config) }
    }

    pub async fn describe_endpoint(&self, name: &str) -> Answer<EndpointState> {
        let found = self.client.describe_endpoint().endpoint_name(name).send().await;
        let found = found.map_err(|error| CallFailure::of(&error))?;
        Ok(EndpointState {
            status: found.endpoint_status,
            configuration: found.endpoint_config_name,
            reason: found.failure_reason,
        })
    }

    pub async fn describe_configuration(&self, name: &str) -> Answer<Configuration> {
        let found = self.client.describe_endpoint_config().endpoint_config_name(name).send().await;
        let found = found.map_err(|error| CallFailure::of(&error))?;
        Ok(Configuration { variants: found.production_variants.unwrap_or_default(), volume_key: found.kms_key_id })
    }

    /// Without capture: what the monitor asks must not enter what is monitored.
    pub async fn create_configuration(&self, name: &str, configuration: &Configuration) -> Answer<()> {
        let call = self
            .client
            .create_endpoint_config()
            .endpoint_config_name(name)
            .set_production_variants(Some(configuration.variants.clone()))
            .set_kms_key_id(configuration.volume_key.clone());
        call.send().await.map(|_| ()).map_err(|error| CallFailure::of(&error))
    }

    pub async fn create_endpoint(&self, name: &str, configuration: &str) -> Answer<()> {
        let call = self.client.create_endpoint().endpoint_name(name).endpoint_config_name(configuration);
        call.send().await.map(|_| ()).map_err(|error| CallFailure::of(&error))
    }

    pub async fn delete_endpoint(&self, name: &str) -> Answer<()> {
        let call = self.client.delete_endpoint().endpoint_name(name);
        call.send().await.map(|_| ()).map_err(|error| CallFailure::of(&error))
    }

    pub async fn delete_configuration(&self, name: &str) -> Answer<()> {
        let call = self.client.delete_endpoint_config().endpoint_config_name(name);
        call.send().await.map(|_| ()).map_err(|error| CallFailure::of(&error))
    }
}
