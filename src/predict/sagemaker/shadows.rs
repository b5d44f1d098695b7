//! Endpoints that exist because of this process.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use aws_sdk_sagemaker::types::EndpointStatus;
use tokio::time::{Instant, sleep};

use super::SageMaker;
use super::control::{Control, EndpointState};
use super::failure::{CallFailure, Meaning, excerpt};
use super::name::shadow_name;
use super::pace::Pace;
use super::plan::plan;
use crate::error::{Error, Result, SHADOW_ENDPOINT};
use crate::predict::ShadowSettings;

/// How often the making of a thing is asked for that fails for a reason that may pass; with the pauses between them
/// the service has half a minute to recover.
const MAX_ATTEMPTS: usize = 6;

/// What was made, or may have been, and is to be deleted. Clones share it.
///
/// A thing is noted before the service is asked for it, so that [`Shadows::close_all`] knows of it whenever the one
/// who asks is stopped.
#[derive(Clone, Debug, Default)]
pub struct Shadows {
    pub(super) notes: Arc<Mutex<Notes>>,
    pub(super) pace: Pace,
}

#[derive(Debug, Default)]
pub(super) struct Notes {
    pub things: Vec<Thing>,
    pub is_closed: bool,
}

/// Something that costs money or lies about.
#[derive(Clone, Debug)]
pub(super) struct Thing {
    pub kind: LeftoverKind,
    pub name: String,
    pub control: Control,
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

impl Shadows {
    /// Time for [`Shadows::close_all`] at the end of a job. What is in service is deleted at once; an endpoint that
    /// is still being made may have to be waited for, and most take less than this.
    pub const TIME_TO_CLOSE: Duration = Duration::from_secs(15 * 60);
    /// As [`Shadows::TIME_TO_CLOSE`], after a signal: training jobs have 120 s before they are killed
    /// (Amazon SageMaker API Reference: StopTrainingJob), and nothing better is said of processing jobs.
    pub const TIME_TO_CLOSE_WHEN_STOPPED: Duration = Duration::from_secs(100);

    /// Makes an endpoint and gives its name once it is in service. Whatever comes of it, what was made is deleted by
    /// [`Shadows::close_all`].
    pub async fn open(&self, settings: &ShadowSettings, sagemaker: &SageMaker) -> Result<String> {
        let name = shadow_name(&settings.name_prefix)?;
        let control = &sagemaker.control;
        let configuration = plan(control, settings).await?;
        tracing::info!(endpoint = name, of = ?settings.of, "making an endpoint for this job");
        let thing = |kind| Thing { kind, name: name.clone(), control: control.clone() };
        let create = || control.create_configuration(&name, &configuration);
        self.make(thing(LeftoverKind::Configuration), create).await?;
        self.make(thing(LeftoverKind::Endpoint), || control.create_endpoint(&name, &name)).await?;
        let started = Instant::now();
        self.wait(control, &name).await?;
        tracing::info!(endpoint = name, seconds = started.elapsed().as_secs(), "the endpoint is in service");
        Ok(name)
    }

    /// Asks for a thing until there is a clear answer.
    async fn make<F>(&self, thing: Thing, create: impl Fn() -> F) -> Result<()>
    where
        F: Future<Output = std::result::Result<(), CallFailure>>,
    {
        if !self.note(&thing) {
            return Err(failed(&thing.name, "the job is at its end"));
        }
        let mut may_exist = false;
        let mut pauses = self.pace.pauses().take(MAX_ATTEMPTS - 1);
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
                        self.forget(&thing);
                    }
                    return Err(failed(&thing.name, format!("no {}: {}", thing.kind, failure.text)));
                }
            }
        }
    }

    /// Waits until an endpoint is in service.
    async fn wait(&self, control: &Control, name: &str) -> Result<()> {
        let started = Instant::now();
        let mut last_seen = "nothing is known of it".to_owned();
        for pause in self.pace.pauses() {
            sleep(pause).await;
            match control.describe_endpoint(name).await {
                Ok(state) if state.status == Some(EndpointStatus::InService) => return Ok(()),
                Ok(state) if is_lost(&state) => return Err(failed(name, shown(&state))),
                Ok(state) => last_seen = shown(&state),
                Err(failure) if failure.may_pass() => last_seen = failure.text,
                Err(failure) if failure.meaning == Meaning::Missing && started.elapsed() < self.pace.settling => {}
                Err(failure) => return Err(failed(name, failure.text)),
            }
            if started.elapsed() >= self.pace.creation {
                break;
            }
        }
        let minutes = self.pace.creation.as_secs() / 60;
        Err(failed(name, format!("it was not in service after {minutes} minutes: {last_seen}")))
    }

    /// Whether things may still be made; if so, this one is remembered.
    fn note(&self, thing: &Thing) -> bool {
        let mut notes = self.notes();
        if !notes.is_closed {
            notes.things.push(thing.clone());
        }
        !notes.is_closed
    }

    /// Takes back what was noted: it does not exist, or is somebody else's.
    pub(super) fn forget(&self, thing: &Thing) {
        self.notes().things.retain(|other| other.kind != thing.kind || other.name != thing.name);
    }

    /// A thread that panicked leaves whole notes behind: each change of them is one step.
    pub(super) fn notes(&self) -> MutexGuard<'_, Notes> {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn failed(name: &str, cause: impl Into<String>) -> Error {
    Error::new(&SHADOW_ENDPOINT, format!("endpoint {name}"), cause.into())
}

/// Whether an endpoint will never be in service (Amazon SageMaker API Reference: DescribeEndpoint).
fn is_lost(state: &EndpointState) -> bool {
    use EndpointStatus::{Deleting, Failed, OutOfService, UpdateRollbackFailed};
    matches!(state.status, Some(Deleting | Failed | OutOfService | UpdateRollbackFailed))
}

fn shown(state: &EndpointState) -> String {
    let status = state.status.as_ref().map_or("unknown".to_owned(), |status| excerpt(status.as_str()));
    match &state.reason {
        Some(reason) => format!("its status is {status}: {}", excerpt(reason.trim().trim_end_matches('.'))),
        None => format!("its status is {status}"),
    }
}
