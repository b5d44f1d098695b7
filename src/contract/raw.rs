//! The strings of a job, with where each comes from.

use std::collections::BTreeMap;

use crate::error::{self, Error, Result};
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
    pub flags: BTreeMap<String, String>,
    pub environment: BTreeMap<String, String>,
    /// Contents of processingjobconfig.json.
    pub job_config: Option<Vec<u8>>,
    /// Contents of resourceconfig.json.
    pub resource_config: Option<Vec<u8>>,
    /// Whether captures and ground truth are to be merged, whatever else the variables say.
    pub merges: bool,
}

/// The raw job with its files read.
#[derive(Debug)]
pub(super) struct Job {
    flags: BTreeMap<String, String>,
    environment: BTreeMap<String, String>,
    pub(super) config: JobConfig,
    pub(super) resources: ResourceConfig,
}

impl Job {
    pub(super) fn of(raw: RawEnv) -> Result<Self> {
        let unreadable = |place: &'static str| move |cause| Error::new(&error::JOB_CONFIG_UNREADABLE, place, cause);
        let config = raw.job_config.as_deref().map(job_config::read).transpose();
        let resources = raw.resource_config.as_deref().map(resource_config::read).transpose();
        Ok(Self {
            flags: raw.flags,
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
