//! Model access of bias and attribution: where the model is, and how it is asked.

use super::columns::{place, unusable};
use super::raw::{AnalysisConfigFile, Job};
use super::settings::Settings;
use super::values::attribute;
use crate::decode::{Attribute, Format};
use crate::error::{self, Error, Result};
use crate::names::{endpoint, variable};
use crate::predict::{
    AnswerFormat, ContentType, Limits, ModelSettings, RequestFormat, ShadowOf, ShadowSettings, Target, cell_kinds,
};
use crate::profile::FeatureCells;
use crate::wire::clarify::analysis_config::{AnalysisConfig, DatasetType, PayloadType, PredictorConfig};

/// What stands in a template of JSON Lines (DG:clarify-processing-job-configure-analysis).
const FEATURES: &str = "$features";

/// What the client writes for a schedule that was given names of outputs and no place of them (sagemaker client,
/// `clarify_model_monitoring.py`: `str(model_scores.label)`).
const NOTHING: &str = "None";

/// A model that is asked about rows of features.
#[derive(Clone, Debug, PartialEq)]
pub struct ModelJob {
    /// `None` where nothing says where the model is.
    pub target: Option<Target>,
    pub request: RequestSettings,
    pub answer: AnswerFormat,
    pub limits: Limits,
}

/// How rows are written for the model, before the features are known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RequestSettings {
    pub content_type: ContentType,
    pub content_template: Option<String>,
    pub record_template: Option<String>,
    pub custom_attributes: Option<String>,
}

impl ModelJob {
    /// The model of a job whose features stand at `features` in JSON values.
    pub(super) fn of(
        job: &Job,
        file: &AnalysisConfigFile,
        format: &Format,
        features: Option<&Attribute>,
        settings: &Settings,
    ) -> Result<Self> {
        let predictor = file.config.predictor.clone().unwrap_or_default();
        let content_type = content_type(&file.config, &predictor, format, features);
        Ok(Self {
            target: target(job, file, &predictor, settings)?,
            answer: answer(job, &predictor, content_type, matches!(format, Format::Capture(_)))?,
            request: RequestSettings {
                content_type,
                content_template: predictor.content_template,
                record_template: predictor.record_template,
                custom_attributes: predictor.custom_attributes,
            },
            limits: settings.model.limits.clone(),
        })
    }

    /// What the model at `target` is opened with, to be asked about rows of these features. `rows` are those that
    /// tell how cells are written in JSON.
    pub fn opened_with(&self, target: Target, feature_names: &[String], rows: &[FeatureCells]) -> ModelSettings {
        let RequestSettings { content_type, content_template, record_template, custom_attributes } =
            self.request.clone();
        ModelSettings {
            target,
            request: RequestFormat {
                content_type,
                content_template,
                record_template,
                custom_attributes,
                feature_names: feature_names.to_vec(),
                kinds: cell_kinds(rows, feature_names.len()),
            },
            answer: self.answer.clone(),
            limits: self.limits.clone(),
        }
    }
}

/// Where the model answers; `None` where nothing says it. Synthetic rows would enter the captures of an
/// endpoint in use: it is asked where that is allowed, else a copy of it, or of the model.
fn target(
    job: &Job,
    file: &AnalysisConfigFile,
    predictor: &PredictorConfig,
    settings: &Settings,
) -> Result<Option<Target>> {
    if let Some(url) = &settings.model.url {
        return Ok(Some(Target::Http { url: url.clone() }));
    }
    let target_model = predictor.target_model.clone();
    if let Some(name) = &predictor.endpoint_name {
        if settings.model.calls_endpoint {
            return Ok(Some(Target::Endpoint { name: name.clone(), target_model }));
        }
        if predictor.model_name.is_none() {
            let cause = format!("predictor.endpoint_name is {name}, and calling it is not allowed");
            return Err(Error::new(&error::ENDPOINT_NOT_ALLOWED, file.place.clone(), cause));
        }
        tracing::info!(endpoint = %name, "the endpoint may not be called: one of the job's own is made of the model");
    }
    let of = match (&predictor.model_name, job.value(variable::ENDPOINT_NAME)) {
        (Some(model), _) => {
            let needed = [
                ("instance_type", predictor.instance_type.is_none()),
                ("initial_instance_count", predictor.initial_instance_count.is_none()),
            ];
            if let Some((key, _)) = needed.into_iter().find(|(_, is_missing)| *is_missing) {
                return Err(unusable(file, format!("predictor.{key} is missing: an endpoint of the model needs it")));
            }
            ShadowOf::Model(model.clone())
        }
        (None, Some(endpoint)) => ShadowOf::Endpoint(endpoint.to_owned()),
        (None, None) => return Ok(None),
    };
    Ok(Some(Target::Shadow(ShadowSettings {
        of,
        instance_type: predictor.instance_type.clone(),
        initial_instance_count: predictor.initial_instance_count,
        accelerator_type: predictor.accelerator_type.clone(),
        name_prefix: predictor.endpoint_name_prefix.clone().unwrap_or_else(|| endpoint::NAME_PREFIX.to_owned()),
        target_model,
    })))
}

/// What the model takes: what the configuration says, else what the dataset is.
///
/// Captures do not say it. Templates and an expression for the features are for JSON alone: `$features`
/// in the content's template is for JSON Lines, any other template for JSON; an expression that takes
/// features from a list of records is for JSON, keys that lead to those of one record for JSON Lines.
fn content_type(
    config: &AnalysisConfig,
    predictor: &PredictorConfig,
    format: &Format,
    features: Option<&Attribute>,
) -> ContentType {
    if let Some(given) = predictor.content_type {
        return payload_type(given);
    }
    match (config.dataset_type, format) {
        (Some(DatasetType::JsonLines), _) => ContentType::JsonLines,
        (Some(DatasetType::Json), _) => ContentType::Json,
        (Some(DatasetType::Csv | DatasetType::Parquet), _) => ContentType::Csv,
        (_, Format::Capture(_)) => match (&predictor.content_template, &predictor.record_template, features) {
            (Some(template), _, _) if template.contains(FEATURES) => ContentType::JsonLines,
            (Some(_), _, _) | (_, Some(_), _) | (_, _, Some(Attribute::Path(_))) => ContentType::Json,
            (None, None, Some(_)) => ContentType::JsonLines,
            (None, None, None) => ContentType::Csv,
        },
        (_, Format::Json { lines: Some(true) }) => ContentType::JsonLines,
        (_, Format::Json { .. }) => ContentType::Json,
        (_, Format::Csv { .. } | Format::Parquet | Format::GroundTruth) => ContentType::Csv,
    }
}

/// How answers are read. Of captures, the job's attributes say where the values stand in them; in tables
/// they say where columns are.
fn answer(job: &Job, predictor: &PredictorConfig, content_type: ContentType, is_capture: bool) -> Result<AnswerFormat> {
    let mut label = predictor.label.as_ref().map(place).transpose()?;
    let mut probability = predictor.probability.as_ref().map(place).transpose()?;
    if is_capture && label.is_none() && probability.is_none() {
        label = prediction(job)?;
        probability = attribute(job, variable::PROBABILITY_ATTRIBUTE)?;
    }
    Ok(AnswerFormat {
        accept: predictor.accept_type.map_or(content_type, payload_type),
        label,
        probability,
        label_headers: predictor.label_headers.clone().unwrap_or_default(),
    })
}

/// Where the prediction stands in captured answers.
pub(super) fn prediction(job: &Job) -> Result<Option<Attribute>> {
    match job.value(variable::INFERENCE_ATTRIBUTE) {
        Some(NOTHING) => Ok(None),
        _ => attribute(job, variable::INFERENCE_ATTRIBUTE),
    }
}

fn payload_type(given: PayloadType) -> ContentType {
    match given {
        PayloadType::Csv => ContentType::Csv,
        PayloadType::JsonLines => ContentType::JsonLines,
        PayloadType::Json => ContentType::Json,
    }
}
