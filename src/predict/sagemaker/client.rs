//! SageMaker clients: configuration of its two services, shared by the process.

use aws_types::SdkConfig;
use tokio::sync::OnceCell;

use super::control_plane::ControlPlane;
use crate::error::Result;
use crate::names::sdk;
use crate::store::configuration;

static SHARED: OnceCell<SageMaker> = OnceCell::const_new();

/// SageMaker's two services: the one that asks endpoints, and the one that makes them.
#[derive(Clone, Debug)]
pub struct SageMaker {
    /// Clients for it are built with the limits of what is asked.
    pub(super) runtime: SdkConfig,
    pub(super) control: ControlPlane,
}

impl SageMaker {
    /// Takes what was configured elsewhere.
    pub fn new(runtime: SdkConfig, control: &SdkConfig) -> Self {
        Self { runtime, control: ControlPlane::new(control) }
    }

    /// What every AWS client reads, at the first call: environment, profile files, container and instance.
    pub async fn shared() -> Result<Self> {
        SHARED.get_or_try_init(Self::configured).await.cloned()
    }

    async fn configured() -> Result<Self> {
        let runtime = configuration(sdk::SAGEMAKER_RUNTIME_SERVICE).await?;
        Ok(Self::new(runtime, &configuration(sdk::SAGEMAKER_SERVICE).await?))
    }
}
