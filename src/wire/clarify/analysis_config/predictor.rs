//! Section `predictor` of `analysis_config.json`: where the model is, and how it is asked.

use std::collections::HashSet;

use super::values::{check_keys, count, list, name_or_index, text, value};
use super::{PayloadType, PredictorConfig};
use crate::wire::WireError;
use crate::wire::lenient::Object;

/// Longest name of a model or an endpoint in characters (API:CreateModel, API:CreateEndpoint).
const MAX_NAME: usize = 63;
/// Longest beginning of an endpoint's name in characters (DG:clarify-processing-job-configure-analysis).
const MAX_PREFIX: usize = 23;
/// Longest value of a header in characters (API:InvokeEndpoint).
const MAX_HEADER: usize = 1_024;
/// Most instances that may be asked for. Endpoints may have more; a job never does.
const MAX_INSTANCES: usize = 1_000;

pub fn predictor(object: &Object<'_>) -> Result<PredictorConfig, WireError> {
    check_keys(
        object,
        &[
            "endpoint_name",
            "model_name",
            "instance_type",
            "initial_instance_count",
            "endpoint_name_prefix",
            "target_model",
            "accelerator_type",
            "custom_attributes",
            "label",
            "probability",
            "label_headers",
            "content_template",
            "record_template",
            "content_type",
            "accept_type",
            "time_series_predictor_config",
        ],
    )?;
    let n_instances = count(object, "initial_instance_count", MAX_INSTANCES)?;
    Ok(PredictorConfig {
        endpoint_name: name(object, "endpoint_name", MAX_NAME)?,
        model_name: name(object, "model_name", MAX_NAME)?,
        instance_type: stated(object, "instance_type")?,
        initial_instance_count: n_instances.and_then(|n_instances| u32::try_from(n_instances).ok()),
        endpoint_name_prefix: name(object, "endpoint_name_prefix", MAX_PREFIX)?,
        target_model: header(object, "target_model")?,
        accelerator_type: stated(object, "accelerator_type")?,
        custom_attributes: header(object, "custom_attributes")?,
        label: name_or_index(object, "label")?,
        probability: name_or_index(object, "probability")?,
        label_headers: label_headers(object)?,
        content_template: stated(object, "content_template")?,
        record_template: stated(object, "record_template")?,
        content_type: payload_type(object, "content_type")?,
        accept_type: payload_type(object, "accept_type")?,
    })
}

/// A text; an empty one says nothing.
fn stated(object: &Object<'_>, key: &str) -> Result<Option<String>, WireError> {
    Ok(text(object, key)?.filter(|text| !text.is_empty()))
}

/// A name of SageMaker's: letters and digits, with dashes between them. It becomes part of an address.
fn name(object: &Object<'_>, key: &str, most: usize) -> Result<Option<String>, WireError> {
    let Some(name) = stated(object, key)? else { return Ok(None) };
    if name.len() > most {
        return Err(object.error(key, format!("is longer than {most} characters")));
    }
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    if !name.bytes().all(is_allowed) || name.starts_with('-') || name.ends_with('-') {
        return Err(object.error(key, "is no name of letters and digits with dashes between them"));
    }
    Ok(Some(name))
}

/// A text that is sent as a header.
fn header(object: &Object<'_>, key: &str) -> Result<Option<String>, WireError> {
    let Some(value) = stated(object, key)? else { return Ok(None) };
    if value.len() > MAX_HEADER || !value.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
        return Err(object.error(key, format!("is not {MAX_HEADER} visible ASCII characters at most")));
    }
    Ok(Some(value))
}

/// Names of the scores; results are told apart by them.
fn label_headers(object: &Object<'_>) -> Result<Option<Vec<String>>, WireError> {
    let Some(headers) = list(object, "label_headers", value)? else { return Ok(None) };
    let mut seen = HashSet::new();
    if let Some(i) = headers.iter().position(|header| !seen.insert(header)) {
        return Err(object.error(&format!("label_headers[{i}]"), "is there twice"));
    }
    Ok(Some(headers).filter(|headers| !headers.is_empty()))
}

fn payload_type(object: &Object<'_>, key: &str) -> Result<Option<PayloadType>, WireError> {
    let words = [
        ("text/csv", PayloadType::Csv),
        ("application/jsonlines", PayloadType::JsonLines),
        ("application/json", PayloadType::Json),
    ];
    object.word(key, &words)
}
