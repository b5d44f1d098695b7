//! The one S3 client of the program.

use aws_config::environment::region::EnvironmentVariableRegionProvider;
use aws_config::imds::region::ImdsRegionProvider;
use aws_config::meta::region::RegionProviderChain;
use aws_config::profile::region::ProfileFileRegionProvider;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_s3::Client;
use aws_sdk_s3::config::Builder;
use aws_types::service_config::ServiceConfigKey;
use tokio::sync::OnceCell;

use crate::names::sdk;

static SHARED: OnceCell<S3Client> = OnceCell::const_new();

/// A client, and how to call the other end in messages.
#[derive(Clone, Debug)]
pub struct S3Client {
    pub(super) client: Client,
    pub(super) endpoint: String,
}

impl S3Client {
    /// Wraps a client that was configured elsewhere; `endpoint` is its name in messages.
    pub fn new(client: Client, endpoint: impl Into<String>) -> Self {
        Self { client, endpoint: endpoint.into() }
    }

    /// The shared client, built at the first call from what every AWS client reads: environment,
    /// profile files, container and instance credentials. Where an endpoint is configured,
    /// buckets are addressed in the path, because such an endpoint rarely has a name for each.
    pub async fn shared() -> Self {
        SHARED.get_or_init(Self::configured).await.clone()
    }

    async fn configured() -> Self {
        let config = configuration().await;
        let endpoint = endpoint_url(&config);
        let name = match (&endpoint, config.region()) {
            (Some(url), _) => url.clone(),
            (None, Some(region)) => format!("S3 in {region}"),
            (None, None) => "S3".to_string(),
        };
        let s3 = Builder::from(&config).force_path_style(endpoint.is_some()).build();
        Self::new(Client::from_conf(s3), name)
    }
}

/// Everything but the service's own settings. The instance's metadata are asked for a region only
/// where S3 itself is meant: beside a configured endpoint the region is a formality.
async fn configuration() -> SdkConfig {
    let stated = RegionProviderChain::first_try(EnvironmentVariableRegionProvider::new())
        .or_else(ProfileFileRegionProvider::new())
        .region()
        .await;
    let unstated = stated.is_none();
    let config = load(stated).await;
    if !unstated {
        return config;
    }
    let found = match endpoint_url(&config) {
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

/// The endpoint configured for S3, or else for every service.
fn endpoint_url(config: &SdkConfig) -> Option<String> {
    let key = ServiceConfigKey::builder()
        .service_id(sdk::S3_SERVICE)
        .env(sdk::ENDPOINT_URL)
        .profile(sdk::ENDPOINT_URL_PROFILE)
        .build()
        .ok()?;
    config
        .service_config()
        .and_then(|service| service.load_config(key))
        .or_else(|| config.endpoint_url().map(str::to_string))
}
