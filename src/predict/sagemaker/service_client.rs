//! AWS service client: calls signed with Signature Version 4, sent once each through the SDK's HTTP client.

use std::time::Duration;

use aws_runtime::auth::SigV4OperationSigningConfig;
use aws_runtime::auth::sigv4::{SCHEME_ID, SigV4AuthScheme};
use aws_runtime::service_clock_skew::ServiceClockSkewInterceptor;
use aws_runtime::user_agent::{ApiMetadata, UserAgentInterceptor};
use aws_smithy_runtime::client::orchestrator::operation::Operation;
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::auth::static_resolver::StaticAuthSchemeOptionResolver;
use aws_smithy_runtime_api::client::auth::{AuthSchemeOptionResolverParams, SharedAuthSchemeOptionResolver};
use aws_smithy_runtime_api::client::behavior_version::BehaviorVersion;
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse, OrchestratorError};
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponentsBuilder;
use aws_smithy_runtime_api::client::runtime_plugin::StaticRuntimePlugin;
use aws_smithy_runtime_api::client::stalled_stream_protection::StalledStreamProtectionConfig;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::config_bag::Layer;
use aws_smithy_types::timeout::TimeoutConfig;
use aws_types::region::{Region, SigningRegion};
use aws_types::{SdkConfig, SigningName};
use bytes::Bytes;

use super::response_limit::ResponseLimit;
use super::service_address::{Service, address};
use super::service_error::ServiceError;
use crate::names::sdk;

pub(super) const ACCEPT: &str = "accept";
pub(super) const CONTENT_TYPE: &str = "content-type";

/// A call that was not answered, or answered with an error.
pub(super) type CallError = SdkError<ServiceError, HttpResponse>;

/// One request.
#[derive(Debug)]
pub(super) struct Call {
    /// Below the address of the service.
    pub path: String,
    pub headers: Vec<(&'static str, String)>,
    pub body: Bytes,
}

/// What a call may take.
#[derive(Clone, Copy, Debug)]
pub(super) struct CallLimits {
    pub connect: Duration,
    /// From the beginning to the end of the answer.
    pub total: Duration,
    pub max_answer_bytes: usize,
}

/// A client of one service. Credentials are those of the configuration, and are cached as every AWS client does it.
#[derive(Clone, Debug)]
pub(super) struct ServiceClient {
    operation: Operation<Call, Bytes, ServiceError>,
}

impl ServiceClient {
    pub fn new(service: &Service, config: &SdkConfig, limits: CallLimits) -> Self {
        let timeouts = TimeoutConfig::builder().connect_timeout(limits.connect).operation_timeout(limits.total).build();
        let mut operation = Operation::builder()
            .service_name(service.id)
            .operation_name(service.id)
            .behavior_version(config.behavior_version().unwrap_or_else(BehaviorVersion::latest))
            .endpoint_url(&address(service, config))
            .runtime_plugin(signing(config))
            .timeout_config(timeouts)
            // A model that thinks sends nothing for a while; the time limit above is the only one.
            .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
            .no_retry()
            .with_connection_poisoning()
            .interceptor(UserAgentInterceptor::new())
            .interceptor(ServiceClockSkewInterceptor::new())
            .interceptor(ResponseLimit { max_bytes: limits.max_answer_bytes });
        if let Some(client) = config.http_client() {
            operation = operation.http_client(client);
        }
        Self { operation: operation.serializer(request).deserializer(answer).build() }
    }

    /// The body of the answer. The request is sent once: trying again is the caller's.
    pub async fn send(&self, call: Call) -> Result<Bytes, CallError> {
        self.operation.invoke(call).await
    }
}

/// Who signs the requests, and for which region.
fn signing(config: &SdkConfig) -> StaticRuntimePlugin {
    let region = config.region().cloned().unwrap_or(Region::from_static(sdk::DEFAULT_REGION));
    let mut layer = Layer::new("signing");
    layer.store_put(AuthSchemeOptionResolverParams::new(()));
    layer.store_put(SigV4OperationSigningConfig::default());
    layer.store_put(SigningName::from_static(sdk::SAGEMAKER_NAME));
    layer.store_put(SigningRegion::from(region));
    layer.store_put(ApiMetadata::new(sdk::SAGEMAKER_NAME, env!("CARGO_PKG_VERSION")));
    let schemes = SharedAuthSchemeOptionResolver::new(StaticAuthSchemeOptionResolver::new(vec![SCHEME_ID]));
    let mut components = RuntimeComponentsBuilder::new("signing")
        .with_auth_scheme(SigV4AuthScheme::new())
        .with_auth_scheme_option_resolver(Some(schemes));
    if let Some(cache) = config.identity_cache() {
        components.set_identity_cache(Some(cache));
    }
    if let Some(credentials) = config.credentials_provider() {
        components.set_identity_resolver(SCHEME_ID, credentials);
    }
    StaticRuntimePlugin::new().with_config(layer.freeze()).with_runtime_components(components)
}

fn request(call: Call) -> Result<HttpRequest, BoxError> {
    let mut request = hyper::Request::post(call.path);
    for (name, value) in call.headers {
        request = request.header(name, value);
    }
    Ok(request.body(SdkBody::from(call.body))?.try_into()?)
}

fn answer(response: &HttpResponse) -> Result<Bytes, OrchestratorError<ServiceError>> {
    let body = response.body().bytes().unwrap_or_default();
    if response.status().is_success() {
        return Ok(Bytes::copy_from_slice(body));
    }
    Err(OrchestratorError::operation(ServiceError::read(response.headers(), body)))
}
