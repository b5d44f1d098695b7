//! What a shadow endpoint is to run.

use aws_sdk_sagemaker::types::{ProductionVariant, ProductionVariantServerlessConfig};

use super::control::{Configuration, Control};
use super::failure::{CallFailure, excerpt};
use crate::error::{Error, Result, SHADOW_ENDPOINT};
use crate::names::endpoint;
use crate::predict::{ShadowOf, ShadowSettings};

/// One variant: the model, on the machines that the settings name or else on those it has now.
pub(super) async fn plan(control: &Control, settings: &ShadowSettings) -> Result<Configuration> {
    match &settings.of {
        ShadowOf::Model(model) => {
            let bare = ProductionVariant::builder().variant_name(endpoint::VARIANT).model_name(model).build();
            let variant = variant(bare, settings).map_err(|cause| unusable(format!("model {model}"), cause))?;
            Ok(Configuration { variants: vec![variant], volume_key: None })
        }
        ShadowOf::Endpoint(endpoint) => {
            let place = || format!("endpoint {endpoint}");
            let failed = |failure: CallFailure| unusable(place(), failure.text);
            let state = control.describe_endpoint(endpoint).await.map_err(failed)?;
            let name = state.configuration.ok_or_else(|| unusable(place(), "it has no configuration"))?;
            let found = control.describe_configuration(&name).await.map_err(failed)?;
            let first = found.variants.into_iter().next();
            let first = first.ok_or_else(|| unusable(place(), "it has no production variant"))?;
            let variant = variant(first, settings).map_err(|cause| unusable(place(), cause))?;
            Ok(Configuration { variants: vec![variant], volume_key: found.volume_key })
        }
    }
}

fn unusable(place: String, cause: impl Into<String>) -> Error {
    Error::new(&SHADOW_ENDPOINT, excerpt(&place), cause.into())
}

/// The variant `like` another. What the model needs to start is taken over; what serves its traffic (scaling,
/// routing, reserved capacity) or its operators (access, dumps) is not.
fn variant(like: ProductionVariant, settings: &ShadowSettings) -> std::result::Result<ProductionVariant, &'static str> {
    let model = like.model_name.ok_or("its first variant names no model, but inference components")?;
    let made = ProductionVariant::builder()
        .variant_name(endpoint::VARIANT)
        .model_name(model)
        .initial_variant_weight(1.0)
        .set_model_data_download_timeout_in_seconds(like.model_data_download_timeout_in_seconds)
        .set_container_startup_health_check_timeout_in_seconds(like.container_startup_health_check_timeout_in_seconds);
    let is_serverless = settings.instance_type.is_none() && like.instance_type.is_none();
    if let Some(serverless) = like.serverless_config.filter(|_| is_serverless) {
        let on_demand = ProductionVariantServerlessConfig::builder()
            .set_memory_size_in_mb(serverless.memory_size_in_mb)
            .set_max_concurrency(serverless.max_concurrency);
        return Ok(made.serverless_config(on_demand.build()).build());
    }
    let same_machine = settings.instance_type.is_none();
    let instance_type = settings.instance_type.as_deref().map(Into::into).or(like.instance_type);
    let instance_type = instance_type.ok_or("nothing names an instance type (predictor.instance_type)")?;
    let given = settings.initial_instance_count.map(|count| i32::try_from(count).unwrap_or(i32::MAX));
    let accelerator = settings.accelerator_type.as_deref().map(Into::into);
    Ok(made
        .instance_type(instance_type)
        .initial_instance_count(given.or(like.initial_instance_count).unwrap_or(1).max(1))
        .set_accelerator_type(accelerator.or(like.accelerator_type.filter(|_| same_machine)))
        .set_volume_size_in_gb(like.volume_size_in_gb.filter(|_| same_machine))
        .set_inference_ami_version(like.inference_ami_version.filter(|_| same_machine))
        .build())
}
