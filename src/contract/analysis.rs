//! Choice of the monitor: what a job computes, told from its variables and its analysis configuration.

use super::attribution::{self, AttributionJob};
use super::bias::{self, BiasJob};
use super::ground_truth::{self, GroundTruth};
use super::model_quality::{self, ModelQuality};
use super::raw::{AnalysisConfigFile, Job, Source};
use super::setting_table::SETTINGS;
use super::settings::Settings;
use super::values::{invalid, leave_out, missing};
use super::variables::{VARIABLES, Variable};
use crate::decode::Format;
use crate::error::{self, Error, Result};
use crate::names::{Monitor, path, variable};
use crate::wire::clarify::analysis_config::AnalysisConfig;

/// What a job computes.
#[derive(Clone, Debug, PartialEq)]
pub enum Analysis {
    DataQuality,
    ModelQuality(Box<ModelQuality>),
    Bias(Box<BiasJob>),
    Attribution(Box<AttributionJob>),
    /// Captures and ground truth to merged records.
    Merge(Box<GroundTruth>),
}

impl Analysis {
    /// The monitor that does it.
    pub fn monitor(&self) -> Monitor {
        match self {
            Self::DataQuality => Monitor::DataQuality,
            Self::ModelQuality(_) => Monitor::ModelQuality,
            Self::Bias(_) => Monitor::Bias,
            Self::Attribution(_) => Monitor::Attribution,
            Self::Merge(_) => Monitor::Merge,
        }
    }
}

/// Variables of model quality.
const OF_MODEL_QUALITY: [&str; 7] = [
    variable::PROBLEM_TYPE,
    variable::INFERENCE_ATTRIBUTE,
    variable::PROBABILITY_ATTRIBUTE,
    variable::PROBABILITY_THRESHOLD_ATTRIBUTE,
    variable::POSITIVE_LABEL,
    variable::GROUND_TRUTH_ATTRIBUTE,
    variable::GROUND_TRUTH_SOURCE,
];

/// Tells what the job computes; `merges` when the command line says so.
pub(super) fn of(job: &Job, settings: &Settings, merges: bool, format: &Format) -> Result<Analysis> {
    let ground_truth = ground_truth::of(job, settings)?;
    let kind = job.value(variable::ANALYSIS_TYPE).map(|kind| kind.to_ascii_uppercase().replace('-', "_"));
    let has_problem = job.value(variable::PROBLEM_TYPE).is_some();
    if merges {
        return merge(ground_truth);
    }
    let asked = kind.as_deref().map(monitor_of).transpose()?;
    match (asked, &job.analysis_config) {
        (None, Some(file)) if has_problem => Err(ambiguous(file, "problem_type")),
        (None, Some(file)) => configured(job, settings, file, ground_truth, format),
        (None, None) if has_problem => {
            model_quality::of(job, settings, ground_truth, format).map(Box::new).map(Analysis::ModelQuality)
        }
        (None, None) if ground_truth.is_some() => {
            refuse_doubtful_merge(job)?;
            merge(ground_truth)
        }
        (None | Some(Monitor::DataQuality | Monitor::Merge), _) => Ok(data_quality(job)),
        (Some(Monitor::ModelQuality), _) => {
            model_quality::of(job, settings, ground_truth, format).map(Box::new).map(Analysis::ModelQuality)
        }
        (Some(Monitor::Bias), Some(file)) => {
            leave_aside(file, &explanations(&file.config));
            bias::of(job, settings, file, ground_truth, format).map(Box::new).map(Analysis::Bias)
        }
        (Some(Monitor::Attribution), Some(file)) => {
            leave_aside(file, &bias_methods(&file.config));
            attribution::of(job, file, format, settings).map(Box::new).map(Analysis::Attribution)
        }
        (Some(Monitor::Bias | Monitor::Attribution), None) => {
            let cause = "a job of bias or feature attribution needs it; it was not found";
            Err(Error::new(&error::ANALYSIS_CONFIG_INVALID, path::ANALYSIS_CONFIG, cause))
        }
    }
}

/// The monitor that `analysis_type` asks for.
fn monitor_of(kind: &str) -> Result<Monitor> {
    Monitor::ALL.into_iter().find(|monitor| monitor.analysis_type() == Some(kind)).ok_or_else(|| {
        let kinds: Vec<&str> = Monitor::ALL.into_iter().filter_map(Monitor::analysis_type).collect();
        invalid(variable::ANALYSIS_TYPE, format!("it is none of {}", kinds.join(", ")))
    })
}

/// The monitor that an analysis configuration speaks of.
fn configured(
    job: &Job,
    settings: &Settings,
    file: &AnalysisConfigFile,
    ground_truth: Option<GroundTruth>,
    format: &Format,
) -> Result<Analysis> {
    let (bias_methods, explanations) = (bias_methods(&file.config), explanations(&file.config));
    match (bias_methods.is_empty(), explanations.is_empty()) {
        (false, false) => {
            let found = [bias_methods, explanations].concat().join(", ");
            Err(ambiguous(file, &format!("bias and feature attribution: {found}")))
        }
        (true, false) => attribution::of(job, file, format, settings).map(Box::new).map(Analysis::Attribution),
        (_, true) => bias::of(job, settings, file, ground_truth, format).map(Box::new).map(Analysis::Bias),
    }
}

/// The methods of bias that a configuration asks for.
fn bias_methods(config: &AnalysisConfig) -> Vec<&'static str> {
    asked([
        ("pre_training_bias", config.pre_training_bias.is_some()),
        ("post_training_bias", config.post_training_bias.is_some()),
    ])
}

/// The methods of attribution that a configuration asks for.
fn explanations(config: &AnalysisConfig) -> Vec<&'static str> {
    asked([("shap", config.shap.is_some()), ("pdp", config.pdp.is_some())])
}

fn asked(methods: [(&'static str, bool); 2]) -> Vec<&'static str> {
    methods.into_iter().filter(|(_, is_asked)| *is_asked).map(|(method, _)| method).collect()
}

/// Says what a configuration asks for that the monitor of this job does not do.
fn leave_aside(file: &AnalysisConfigFile, methods: &[&str]) {
    if !methods.is_empty() {
        let methods = methods.join(", ");
        tracing::info!(file = %file.place, %methods, "analysis_type names another monitor: the methods are left aside");
    }
}

fn ambiguous(file: &AnalysisConfigFile, what: &str) -> Error {
    let cause = format!("there is an analysis configuration, and the job speaks of {what}; analysis_type is not set");
    Error::new(&error::ROLE_AMBIGUOUS, file.place.clone(), cause)
}

/// The service hands some attributes of model quality to every job of an endpoint, and a pipeline one environment to
/// all of its steps: they are no reason to refuse.
fn data_quality(job: &Job) -> Analysis {
    leave_out(job, &OF_MODEL_QUALITY, "the data-quality monitor");
    Analysis::DataQuality
}

/// Refuses a merge that nothing asks for but ground truth without a kind of problem, where the job has what no merge
/// takes: the kind, or an analysis configuration, was forgotten. Of the environment, which other jobs may share, a
/// baseline counts alone.
fn refuse_doubtful_merge(job: &Job) -> Result<()> {
    let means_nothing = |monitors: &[Monitor]| !monitors.contains(&Monitor::Merge);
    let is_doubtful = |variable: &&Variable| match job.get(variable.name) {
        Some((_, Source::Flag)) => means_nothing(variable.monitors),
        Some(_) => [variable::BASELINE_CONSTRAINTS, variable::BASELINE_STATISTICS].contains(&variable.name),
        None => false,
    };
    let of_settings = SETTINGS.iter().filter(|setting| means_nothing(setting.monitors));
    let of_settings = of_settings.filter(|setting| job.settings_by_flag.contains(&setting.flag));
    let found: Vec<&str> = job
        .suggests_baseline
        .then_some("the command baseline")
        .into_iter()
        .chain(VARIABLES.iter().filter(is_doubtful).map(|variable| variable.name))
        .chain(of_settings.map(|setting| setting.flag))
        .collect();
    if found.is_empty() {
        return Ok(());
    }
    let cause = format!(
        "there is neither problem_type nor an analysis configuration, which is a merge, and a merge has no use for {}",
        found.join(", ")
    );
    let remedy = "Set problem_type for model quality, or name the analysis_config.json of bias (--analysis-config). \
                  To merge, say `model-monitor merge`, or take away what is listed.";
    Err(Error::new(&error::ROLE_AMBIGUOUS, variable::GROUND_TRUTH_SOURCE, cause).with_remedy(remedy))
}

fn merge(ground_truth: Option<GroundTruth>) -> Result<Analysis> {
    let absent =
        || missing(variable::GROUND_TRUTH_SOURCE, "it says where the labels are that captures are merged with");
    ground_truth.map(Box::new).map(Analysis::Merge).ok_or_else(absent)
}
