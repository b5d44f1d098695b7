//! Raw job: the strings of flags, environment and configuration files, and which of them counts.

use std::collections::BTreeMap;

use crate::error::{self, Error, Result};
use crate::wire::clarify::analysis_config::{self, AnalysisConfig};
use crate::wire::job_config::{self, JobConfig};
use crate::wire::resource_config::{self, ResourceConfig};

/// Where a value was set, the strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    Flag,
    Environment,
    JobConfig,
}

/// Everything that may describe a job, unchecked. All of it may be absent.
#[derive(Clone, Debug, Default)]
pub struct RawEnv {
    /// Variables that flags set.
    pub flags: BTreeMap<String, String>,
    /// Settings of the program's own that flags set, by their flags.
    pub settings_by_flag: Vec<&'static str>,
    pub environment: BTreeMap<String, String>,
    /// Contents of processingjobconfig.json.
    pub job_config: Option<Vec<u8>>,
    /// Contents of resourceconfig.json.
    pub resource_config: Option<Vec<u8>>,
    pub analysis_config: Option<ConfigFile>,
    /// Whether captures and ground truth are to be merged, whatever else the variables say.
    pub merges: bool,
    /// Whether a baseline is to be suggested.
    pub suggests_baseline: bool,
}

/// A file of the job's configuration, unread.
#[derive(Clone, Debug)]
pub struct ConfigFile {
    /// Where it lies, for people.
    pub place: String,
    pub bytes: Vec<u8>,
}

/// An analysis configuration, read.
#[derive(Debug)]
pub(super) struct AnalysisConfigFile {
    pub(super) place: String,
    pub(super) config: AnalysisConfig,
}

/// The raw job with its files read.
#[derive(Debug)]
pub(super) struct Job {
    flags: BTreeMap<String, String>,
    pub(super) settings_by_flag: Vec<&'static str>,
    pub(super) suggests_baseline: bool,
    environment: BTreeMap<String, String>,
    pub(super) config: JobConfig,
    pub(super) resources: ResourceConfig,
    pub(super) analysis_config: Option<AnalysisConfigFile>,
}

impl Job {
    pub(super) fn of(raw: RawEnv) -> Result<Self> {
        let unreadable = |place: &'static str| move |cause| Error::new(&error::JOB_CONFIG_UNREADABLE, place, cause);
        let config = raw.job_config.as_deref().map(job_config::read).transpose();
        let resources = raw.resource_config.as_deref().map(resource_config::read).transpose();
        let analysis_config = raw.analysis_config.map(|ConfigFile { place, bytes }| {
            let config = analysis_config::read(&bytes);
            let config = config.map_err(|cause| Error::new(&error::ANALYSIS_CONFIG_INVALID, place.clone(), cause))?;
            Ok(AnalysisConfigFile { place, config })
        });
        Ok(Self {
            analysis_config: analysis_config.transpose()?,
            flags: raw.flags,
            settings_by_flag: raw.settings_by_flag,
            suggests_baseline: raw.suggests_baseline,
            environment: raw.environment,
            config: config.map_err(unreadable(crate::names::path::PROCESSING_JOB_CONFIG))?.unwrap_or_default(),
            resources: resources.map_err(unreadable(crate::names::path::RESOURCE_CONFIG))?.unwrap_or_default(),
        })
    }

    /// The value of a variable. White space around it does not count; an empty value is none.
    pub(super) fn get(&self, name: &str) -> Option<(&str, Source)> {
        let sources = [
            (&self.flags, Source::Flag),
            (&self.environment, Source::Environment),
            (&self.config.environment, Source::JobConfig),
        ];
        sources.into_iter().find_map(|(values, source)| {
            let value = values.get(name)?.trim();
            (!value.is_empty()).then_some((value, source))
        })
    }

    pub(super) fn value(&self, name: &str) -> Option<&str> {
        self.get(name).map(|(value, _)| value)
    }
}
