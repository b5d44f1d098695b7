//! What every AWS client of the program is configured from.

use aws_config::environment::region::EnvironmentVariableRegionProvider;
use aws_config::imds::region::ImdsRegionProvider;
use aws_config::meta::region::RegionProviderChain;
use aws_config::profile::region::ProfileFileRegionProvider;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_types::service_config::ServiceConfigKey;

use crate::names::sdk;

/// What the environment, profile files, container and instance say, for the service of this name. The instance's
/// metadata are asked for a region only where the service itself is meant: beside a configured endpoint the region
/// is a formality.
pub async fn sdk_configuration(service: &str) -> SdkConfig {
    let stated = RegionProviderChain::first_try(EnvironmentVariableRegionProvider::new())
        .or_else(ProfileFileRegionProvider::new())
        .region()
        .await;
    let unstated = stated.is_none();
    let config = load(stated).await;
    if !unstated {
        return config;
    }
    let found = match endpoint_url(&config, service) {
        Some(_) => None,
        None => ImdsRegionProvider::builder().build().region().await,
    };
    let region = found.unwrap_or_else(|| {
        tracing::info!(region = sdk::DEFAULT_REGION, "no AWS region is configured, taking the default");
        Region::from_static(sdk::DEFAULT_REGION)
    });
    load(Some(region)).await
}

async fn load(region: Option<Region>) -> SdkConfig {
    aws_config::defaults(BehaviorVersion::latest()).region(RegionProviderChain::first_try(region)).load().await
}

/// The endpoint configured for this service, or else for every service.
pub(super) fn endpoint_url(config: &SdkConfig, service: &str) -> Option<String> {
    let key = ServiceConfigKey::builder()
        .service_id(service)
        .env(sdk::ENDPOINT_URL)
        .profile(sdk::ENDPOINT_URL_PROFILE)
        .build()
        .ok()?;
    config
        .service_config()
        .and_then(|service| service.load_config(key))
        .or_else(|| config.endpoint_url().map(str::to_string))
}
