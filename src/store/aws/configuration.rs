//! SDK configuration: region, credentials and endpoint, found as every AWS client finds them.

use aws_config::environment::region::EnvironmentVariableRegionProvider;
use aws_config::imds::region::ImdsRegionProvider;
use aws_config::meta::region::RegionProviderChain;
use aws_config::profile::region::ProfileFileRegionProvider;
use aws_config::provider_config::ProviderConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_runtime_api::client::http::SharedHttpClient;

use super::credentials::TrimmedCredentials;
use super::http_client;
use super::plain_text::{PlainText, plain};
use super::service_setting::setting;
use crate::error::{Error, Result, VARIABLE_INVALID};
use crate::names::sdk;

/// What the environment, profile files, container and instance say, for the service of this name. The instance's
/// metadata are asked for a region only where the service itself is meant: beside a configured endpoint the region
/// is a formality.
pub async fn configuration(service: &str) -> Result<SdkConfig> {
    let stated = RegionProviderChain::first_try(EnvironmentVariableRegionProvider::new())
        .or_else(ProfileFileRegionProvider::new())
        .region()
        .await;
    let stated = match stated.as_ref().map(|region| plain(region.as_ref())) {
        Some(PlainText::Text(region)) => Some(Region::new(region)),
        Some(PlainText::Unprintable) => {
            let cause = "it has characters that no region's name has";
            return Err(Error::new(&VARIABLE_INVALID, sdk::REGION, cause));
        }
        Some(PlainText::Empty) | None => None,
    };
    let machine = http_client::trusting_the_machine();
    let config = load(stated.clone(), machine.clone()).await;
    let bundle = http_client::trusting_the_bundle(&config)?;
    if stated.is_some() && bundle.is_none() {
        return Ok(config);
    }
    let region = match stated {
        Some(region) => region,
        None => unstated_region(&config, service, machine.clone()).await,
    };
    Ok(load(Some(region), bundle.unwrap_or(machine)).await)
}

async fn unstated_region(config: &SdkConfig, service: &str, client: SharedHttpClient) -> Region {
    let found = match endpoint_url(config, service) {
        Some(_) => None,
        None => {
            let asking = ProviderConfig::without_region().with_http_client(client);
            ImdsRegionProvider::builder().configure(&asking).build().region().await
        }
    };
    found.unwrap_or_else(|| {
        tracing::info!(region = sdk::DEFAULT_REGION, "no AWS region is configured, taking the default");
        Region::from_static(sdk::DEFAULT_REGION)
    })
}

async fn load(region: Option<Region>, client: SharedHttpClient) -> SdkConfig {
    let region = RegionProviderChain::first_try(region);
    let found = aws_config::defaults(BehaviorVersion::latest()).region(region).http_client(client).load().await;
    match found.credentials_provider() {
        Some(provider) => {
            let trimmed = SharedCredentialsProvider::new(TrimmedCredentials(provider));
            found.into_builder().credentials_provider(trimmed).build()
        }
        None => found,
    }
}

/// The endpoint configured for this service, or else for every service.
pub fn endpoint_url(config: &SdkConfig, service: &str) -> Option<String> {
    let found = setting(config, service, sdk::ENDPOINT_URL, sdk::ENDPOINT_URL_PROFILE);
    let found = found.or_else(|| config.endpoint_url().map(str::to_string))?;
    Some(found.trim().to_string()).filter(|url| !url.is_empty())
}
