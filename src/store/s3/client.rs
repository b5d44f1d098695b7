//! S3 client, shared by the process.

use aws_sdk_s3::Client;
use aws_sdk_s3::config::{Builder, StalledStreamProtectionConfig};
use tokio::sync::OnceCell;

use crate::error::Result;
use crate::names::sdk;
use crate::store::aws::{configuration, endpoint_url};
use crate::store::patience::Patience;

static SHARED: OnceCell<S3Client> = OnceCell::const_new();

/// A client, how to call the other end in messages, and how long to wait for it.
#[derive(Clone, Debug)]
pub struct S3Client {
    pub(super) client: Client,
    pub(super) endpoint: String,
    pub(super) patience: Patience,
}

impl S3Client {
    /// A client that is configured elsewhere but for its time limits; `endpoint` is its name in messages.
    pub fn new(config: Builder, endpoint: impl Into<String>, patience: Patience) -> Self {
        // Bodies that stall are watched where they are read.
        let watch = StalledStreamProtectionConfig::enabled().download_enabled(false);
        let config = config.timeout_config(patience.timeouts()).stalled_stream_protection(watch.build());
        Self { client: Client::from_conf(config.build()), endpoint: endpoint.into(), patience }
    }

    /// The shared client, built at the first call from what every AWS client reads: environment,
    /// profile files, container and instance credentials. Where an endpoint is configured,
    /// buckets are addressed in the path, because such an endpoint rarely has a name for each.
    pub async fn shared() -> Result<Self> {
        SHARED.get_or_try_init(Self::configured).await.cloned()
    }

    async fn configured() -> Result<Self> {
        let config = configuration(sdk::S3_SERVICE).await?;
        let endpoint = endpoint_url(&config, sdk::S3_SERVICE);
        let name = match (&endpoint, config.region()) {
            (Some(url), _) => url.clone(),
            (None, Some(region)) => format!("S3 in {region}"),
            (None, None) => "S3".to_string(),
        };
        let mut s3 = Builder::from(&config).force_path_style(endpoint.is_some());
        if endpoint.is_some() {
            s3.set_endpoint_url(endpoint);
        }
        Ok(Self::new(s3, name, Patience::default()))
    }
}
