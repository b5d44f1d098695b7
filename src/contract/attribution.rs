//! Feature-attribution job, from its analysis configuration and the variables that go with it.

use super::columns::{self, place, unusable};
use super::model::{self, ModelJob};
use super::raw::{AnalysisConfigFile, Job};
use super::reference_rows::{self, Reference};
use super::settings::Settings;
use super::values::{attribute, leave_out, scores};
use crate::decode::{Attribute, Attributes, Format, Instances};
use crate::error::Result;
use crate::names::variable;
use crate::profile::Aggregation;
use crate::wire::clarify::analysis_config::{AnalysisConfig, NameOrIndex, PdpConfig, ShapConfig};

/// How attributions are computed and what of.
#[derive(Clone, Debug, PartialEq)]
pub struct AttributionJob {
    /// Where features stand. Rows hold no outcomes, and outcomes in tables are no features.
    pub instances: Instances,
    /// Whether attributions are wanted; else it is partial dependence alone.
    pub explains: bool,
    pub shap: Shap,
    pub partial_dependence: Option<PartialDependenceJob>,
    /// Without a target captures must hold attributions.
    pub model: ModelJob,
}

/// How KernelSHAP is to be run.
#[derive(Clone, Debug, PartialEq)]
pub struct Shap {
    pub reference: Reference,
    /// Coalitions of a row; `None`: as many as AWS's rule says, or all where that is not much more.
    pub n_samples: Option<usize>,
    pub seed: u64,
    pub use_logit: bool,
    pub aggregation: Aggregation,
    pub saves_local_values: bool,
    /// Features whose attributions are reported, by name; `None` where all are.
    pub features_to_explain: Option<Vec<String>>,
}

/// For which features partial dependence is computed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartialDependenceJob {
    /// Parts that the range of a number is divided into.
    pub grid_resolution: usize,
    /// By name; `None`: those of the largest attributions, so many.
    pub features: Option<Vec<String>>,
    pub top_k_features: usize,
}

/// Where nothing else is given. Any number would do; a fixed one gives the same attributions for the same data.
const SEED: u64 = 0x7368_6170;
/// Parts of a number's range where the configuration does not say it (sagemaker client, `clarify.py`).
const GRID_RESOLUTION: usize = 15;

/// Variables that say nothing about attributions.
const OF_OTHERS: [&str; 4] = [
    variable::PROBLEM_TYPE,
    variable::POSITIVE_LABEL,
    variable::PROBABILITY_THRESHOLD_ATTRIBUTE,
    variable::GROUND_TRUTH_SOURCE,
];

pub(super) fn of(job: &Job, file: &AnalysisConfigFile, format: &Format, settings: &Settings) -> Result<AttributionJob> {
    let config = &file.config;
    leave_out(job, &OF_OTHERS, "feature attribution");
    let is_capture = matches!(format, Format::Capture(_));
    let features = columns::features(file)?;
    let instances = Instances {
        attributes: Attributes::default(),
        // Tables without labels would be taken for the outputs of a batch transform.
        with_label: !is_capture,
        headers: columns::headers(file, is_capture || features.is_some())?,
        features,
        others: others(job, config, is_capture)?,
        excluded: columns::excluded(config)?,
    };
    let shap = config.shap.clone().unwrap_or_default();
    if let Some(PdpConfig { features: None, .. }) = &config.pdp
        && config.shap.is_none()
    {
        return Err(unusable(file, "pdp.features is missing: without shap nothing tells which features matter most"));
    }
    Ok(AttributionJob {
        explains: config.shap.is_some() || config.pdp.is_none(),
        shap: Shap { reference: reference_rows::of(file, &shap, &instances, is_capture)?, ..of_shap(config, &shap) },
        partial_dependence: config.pdp.as_ref().map(|pdp| PartialDependenceJob {
            grid_resolution: pdp.grid_resolution.unwrap_or(GRID_RESOLUTION),
            features: pdp.features.as_ref().map(|features| names(config, features)),
            top_k_features: pdp.top_k_features,
        }),
        model: ModelJob::of(job, file, format, instances.features.as_ref(), settings)?,
        instances,
    })
}

/// What stands beside the features of a row: predictions, scores, the label, what names the row.
fn others(job: &Job, config: &AnalysisConfig, is_capture: bool) -> Result<Vec<Attribute>> {
    let mut others = scores(job)?;
    others.extend(model::prediction(job)?);
    others.extend(config.predicted_label.as_ref().map(place).transpose()?);
    if !is_capture {
        others.extend(attribute(job, variable::GROUND_TRUTH_ATTRIBUTE)?);
        others.extend(config.label.as_ref().map(place).transpose()?);
        others.extend(config.joinsource_name_or_index.as_ref().map(place).transpose()?);
    }
    Ok(others)
}

fn of_shap(config: &AnalysisConfig, shap: &ShapConfig) -> Shap {
    Shap {
        reference: Reference::Clusters(shap.num_clusters),
        n_samples: shap.num_samples,
        seed: shap.seed.unwrap_or(SEED),
        use_logit: shap.use_logit,
        aggregation: shap.aggregation,
        saves_local_values: shap.save_local_shap_values,
        features_to_explain: shap.features_to_explain.as_ref().map(|features| names(config, features)),
    }
}

fn names(config: &AnalysisConfig, columns: &[NameOrIndex]) -> Vec<String> {
    columns.iter().map(|column| config.column(column)).collect()
}
