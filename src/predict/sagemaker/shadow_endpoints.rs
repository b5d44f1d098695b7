//! Shadow endpoints: endpoints that are made for this job, and the registry of what must be deleted after it.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::SageMaker;
use super::control_plane::{ControlPlane, EndpointState};
use super::endpoint_config::endpoint_config;
use super::endpoint_name::shadow_name;
use super::failure::{CallFailure, Meaning, excerpt};
use super::polling::Polling;
use crate::error::{Error, Result, SHADOW_ENDPOINT};
use crate::names::endpoint_api;
use crate::predict::ShadowSettings;

/// How often the making of a resource is asked for that fails for a reason that may pass; with the pauses between them
/// the service has half a minute to recover.
const MAX_ATTEMPTS: usize = 6;

/// The endpoints and configurations that were made, or may have been, and are to be deleted. Clones share them.
///
/// A resource is registered before the service is asked for it, so that [`ShadowEndpoints::close_all`] knows of it whenever the one
/// who asks is stopped.
#[derive(Clone, Debug, Default)]
pub struct ShadowEndpoints {
    pub(super) registry: Arc<Mutex<Registry>>,
    pub(super) polling: Polling,
}

#[derive(Debug, Default)]
pub(super) struct Registry {
    pub resources: Vec<Resource>,
    pub is_closed: bool,
}

/// An endpoint or an endpoint configuration that was made, or may have been.
#[derive(Clone, Debug)]
pub(super) struct Resource {
    pub kind: LeftoverKind,
    pub name: String,
    pub control: ControlPlane,
}

/// What may be left behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeftoverKind {
    Endpoint,
    Configuration,
}

/// Something that was made for this job and may still exist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leftover {
    pub kind: LeftoverKind,
    pub name: String,
    /// Why it was not deleted: a phrase without a final dot.
    pub reason: String,
}

impl fmt::Display for Leftover {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} ({})", self.kind, self.name, self.reason)
    }
}

impl fmt::Display for LeftoverKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Endpoint => "endpoint",
            Self::Configuration => "endpoint configuration",
        })
    }
}

impl ShadowEndpoints {
    /// Time for [`ShadowEndpoints::close_all`] at the end of a job. What is in service is deleted at once; an endpoint that
    /// is still being made may have to be waited for, and most take less than this.
    pub const TIME_TO_CLOSE: Duration = Duration::from_secs(15 * 60);
    /// As [`ShadowEndpoints::TIME_TO_CLOSE`], after a signal: training jobs have 120 s before they are killed
    /// (Amazon SageMaker API Reference: StopTrainingJob), and nothing better is said of processing jobs.
    pub const TIME_TO_CLOSE_WHEN_STOPPED: Duration = Duration::from_secs(100);

    /// Makes an endpoint and gives its name once it is in service. Whatever comes of it, what was made is deleted by
    /// [`ShadowEndpoints::close_all`].
    pub async fn open(&self, settings: &ShadowSettings, sagemaker: &SageMaker) -> Result<String> {
        let name = shadow_name(&settings.name_prefix)?;
        let control = &sagemaker.control;
        let configuration = endpoint_config(control, settings).await?;
        tracing::info!(endpoint = name, of = ?settings.of, "making an endpoint for this job");
        let resource = |kind| Resource { kind, name: name.clone(), control: control.clone() };
        let create = || control.create_configuration(&name, &configuration);
        self.make(resource(LeftoverKind::Configuration), create).await?;
        self.make(resource(LeftoverKind::Endpoint), || control.create_endpoint(&name, &name)).await?;
        let started = Instant::now();
        self.wait(control, &name).await?;
        tracing::info!(endpoint = name, seconds = started.elapsed().as_secs(), "the endpoint is in service");
        Ok(name)
    }

    /// Asks for a resource until there is a clear answer.
    async fn make<F>(&self, resource: Resource, create: impl Fn() -> F) -> Result<()>
    where
        F: Future<Output = std::result::Result<(), CallFailure>>,
    {
        if !self.register(&resource) {
            return Err(failed(&resource.name, "the job is at its end"));
        }
        let mut may_exist = false;
        let mut pauses = self.polling.pauses().take(MAX_ATTEMPTS - 1);
        loop {
            let Err(failure) = create().await else { return Ok(()) };
            if failure.meaning == Meaning::Existing && may_exist {
                return Ok(());
            }
            may_exist |= failure.may_have_worked();
            match pauses.next().filter(|_| failure.may_pass()) {
                Some(pause) => sleep(pause).await,
                None => {
                    if !may_exist {
                        self.forget(&resource);
                    }
                    return Err(failed(&resource.name, format!("no {}: {}", resource.kind, failure.text)));
                }
            }
        }
    }

    /// Waits until an endpoint is in service.
    async fn wait(&self, control: &ControlPlane, name: &str) -> Result<()> {
        let started = Instant::now();
        let mut last_seen = "nothing is known of it".to_owned();
        for pause in self.polling.pauses() {
            sleep(pause).await;
            match control.describe_endpoint(name).await {
                Ok(state) if state.status.as_deref() == Some(endpoint_api::IN_SERVICE) => return Ok(()),
                Ok(state) if is_lost(&state) => return Err(failed(name, shown(&state))),
                Ok(state) => last_seen = shown(&state),
                Err(failure) if failure.may_pass() => last_seen = failure.text,
                Err(failure) if failure.meaning == Meaning::Missing && started.elapsed() < self.polling.settling => {}
                Err(failure) => return Err(failed(name, failure.text)),
            }
            if started.elapsed() >= self.polling.creation {
                break;
            }
        }
        let minutes = self.polling.creation.as_secs() / 60;
        Err(failed(name, format!("it was not in service after {minutes} minutes: {last_seen}")))
    }

    /// Whether resources may still be made; if so, this one is registered.
    fn register(&self, resource: &Resource) -> bool {
        let mut registry = self.registry();
        if !registry.is_closed {
            registry.resources.push(resource.clone());
        }
        !registry.is_closed
    }

    /// Takes a resource out of the registry: it does not exist, or is somebody else's.
    pub(super) fn forget(&self, resource: &Resource) {
        self.registry().resources.retain(|other| other.kind != resource.kind || other.name != resource.name);
    }

    /// A thread that panicked leaves a whole registry behind: each change of them is one step.
    pub(super) fn registry(&self) -> MutexGuard<'_, Registry> {
        self.registry.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn failed(name: &str, cause: impl Into<String>) -> Error {
    Error::new(&SHADOW_ENDPOINT, format!("endpoint {name}"), cause.into())
}

/// Whether an endpoint will never be in service (Amazon SageMaker API Reference: DescribeEndpoint).
fn is_lost(state: &EndpointState) -> bool {
    state.status.as_deref().is_some_and(|status| endpoint_api::LOST.contains(&status))
}

fn shown(state: &EndpointState) -> String {
    let status = state.status.as_deref().map_or("unknown".to_owned(), excerpt);
    match &state.reason {
        Some(reason) => format!("its status is {status}: {}", excerpt(reason.trim().trim_end_matches('.'))),
        None => format!("its status is {status}"),
    }
}
