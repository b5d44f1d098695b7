//! S3 client, shared by the process.

use aws_sdk_s3::Client;
use aws_sdk_s3::config::Builder;
use tokio::sync::OnceCell;

use crate::error::Result;
use crate::names::sdk;
use crate::store::aws::{configuration, endpoint_url};

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
        let s3 = Builder::from(&config).force_path_style(endpoint.is_some()).build();
        Ok(Self::new(Client::from_conf(s3), name))
    }
}
