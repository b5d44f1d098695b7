//! How SageMaker is reached.

use aws_types::SdkConfig;
use tokio::sync::OnceCell;

use super::control::Control;
use crate::names::sdk;
use crate::store::sdk_configuration;

static SHARED: OnceCell<SageMaker> = OnceCell::const_new();

/// SageMaker's two services: the one that asks endpoints, and the one that makes them.
#[derive(Clone, Debug)]
pub struct SageMaker {
    /// Clients for it are built with the limits of what is asked.
    pub(super) runtime: SdkConfig,
    pub(super) control: Control,
}

impl SageMaker {
    /// Takes what was configured elsewhere.
    pub fn new(runtime: SdkConfig, control: &SdkConfig) -> Self {
        Self { runtime, control: Control::new(control) }
    }

    /// What every AWS client reads, at the first call: environment, profile files, container and instance.
    pub async fn shared() -> Self {
        SHARED.get_or_init(Self::configured).await.clone()
    }

    async fn configured() -> Self {
        let runtime = sdk_configuration(sdk::SAGEMAKER_RUNTIME_SERVICE).await;
        Self::new(runtime, &sdk_configuration(sdk::SAGEMAKER_SERVICE).await)
    }
}
