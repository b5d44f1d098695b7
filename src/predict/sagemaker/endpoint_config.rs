//! Endpoint configuration of a shadow endpoint: which model it runs, and on what.

use serde_json::{Map, Value, json};

use super::control_plane::{ControlPlane, EndpointConfig};
use super::failure::{CallFailure, excerpt};
use crate::error::{Error, Result, SHADOW_ENDPOINT};
use crate::names::{endpoint, production_variant as key};
use crate::predict::{ShadowOf, ShadowSettings};

/// One variant: the model, on the machines that the settings name or else on those it has now.
pub(super) async fn endpoint_config(control: &ControlPlane, settings: &ShadowSettings) -> Result<EndpointConfig> {
    match &settings.of {
        ShadowOf::Model(model) => {
            let variant = variant(&json!({ key::MODEL: model }), settings)
                .map_err(|cause| unusable(format!("model {model}"), cause))?;
            Ok(EndpointConfig { variants: vec![variant], volume_key: None })
        }
        ShadowOf::Endpoint(endpoint) => {
            let place = || format!("endpoint {endpoint}");
            let failed = |failure: CallFailure| unusable(place(), failure.text);
            let state = control.describe_endpoint(endpoint).await.map_err(failed)?;
            let name = state.configuration.ok_or_else(|| unusable(place(), "it has no configuration"))?;
            let found = control.describe_configuration(&name).await.map_err(failed)?;
            let first = found.variants.first().ok_or_else(|| unusable(place(), "it has no production variant"))?;
            let variant = variant(first, settings).map_err(|cause| unusable(place(), cause))?;
            Ok(EndpointConfig { variants: vec![variant], volume_key: found.volume_key })
        }
    }
}

fn unusable(place: String, cause: impl Into<String>) -> Error {
    Error::new(&SHADOW_ENDPOINT, excerpt(&place), cause.into())
}

/// The variant `like` another. What the model needs to start is taken over; what serves its traffic (scaling,
/// routing, reserved capacity) or its operators (access, dumps) is not.
fn variant(like: &Value, settings: &ShadowSettings) -> std::result::Result<Value, &'static str> {
    let model = present(like, key::MODEL).ok_or("its first variant names no model, but inference components")?;
    let mut made = Map::new();
    made.insert(key::NAME.to_owned(), json!(endpoint::VARIANT));
    made.insert(key::MODEL.to_owned(), model.clone());
    made.insert(key::WEIGHT.to_owned(), json!(1.0));
    copy(like, &key::OF_MODEL, &mut made);
    let same_machine = settings.instance_type.is_none();
    let instance_type = settings.instance_type.as_ref().map(|name| json!(name));
    let instance_type = instance_type.or_else(|| present(like, key::INSTANCE_TYPE).cloned());
    if let (None, Some(serverless)) = (&instance_type, present(like, key::SERVERLESS)) {
        let mut on_demand = Map::new();
        copy(serverless, &key::OF_SERVERLESS, &mut on_demand);
        made.insert(key::SERVERLESS.to_owned(), Value::Object(on_demand));
        return Ok(Value::Object(made));
    }
    let instance_type = instance_type.ok_or("nothing names an instance type (predictor.instance_type)")?;
    let given = settings.initial_instance_count.map(i64::from);
    let count = given.or_else(|| present(like, key::INSTANCE_COUNT)?.as_i64()).unwrap_or(1).max(1);
    made.insert(key::INSTANCE_TYPE.to_owned(), instance_type);
    made.insert(key::INSTANCE_COUNT.to_owned(), json!(count));
    if same_machine {
        copy(like, &[key::ACCELERATOR], &mut made);
        copy(like, &key::OF_MACHINE, &mut made);
    }
    if let Some(accelerator) = &settings.accelerator_type {
        made.insert(key::ACCELERATOR.to_owned(), json!(accelerator));
    }
    Ok(Value::Object(made))
}

fn copy(from: &Value, keys: &[&str], into: &mut Map<String, Value>) {
    let found = keys.iter().filter_map(|key| Some(((*key).to_owned(), present(from, key)?.clone())));
    into.extend(found);
}

/// The value of a key that is there and not null.
fn present<'a>(object: &'a Value, key: &str) -> Option<&'a Value> {
    object.get(key).filter(|value| !value.is_null())
}
