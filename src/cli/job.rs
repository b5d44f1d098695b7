//! One job from its arguments to its exit message.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use serde_json::Value;
use tokio::signal::unix::{SignalKind, signal};

use super::arguments::RunArguments;
use super::{progress, terminal};
use crate::contract::{ConfigFile, Contract, HostRole, RawEnv, unknown_variables};
use crate::engine::Session;
use crate::error::{self, Error, Result};
use crate::names::path;
use crate::predict::ShadowEndpoints;
use crate::report::{self, Outcome};
use crate::run::{self, Finished};
use crate::store::{self, Location};

/// How long a stopped job may take to remove what it was writing.
const GRACE: Duration = Duration::from_millis(400);

/// How long results that are being published may take to be whole.
const TIME_TO_PUBLISH: Duration = Duration::from_secs(5);

/// Largest analysis configuration: one with a baseline of rows in it is far smaller.
const MAX_CONFIG_BYTES: u64 = 16 << 20;

/// A job that came to its end.
pub struct Done {
    pub finished: Finished,
    /// Folder or prefix of its results.
    pub output: String,
    /// Whether there was a baseline to hold the data against.
    pub is_judged: bool,
}

/// Runs the job of `arguments` in `environment`, writes the exit message. `None` where the job is
/// another host's.
pub async fn execute(arguments: &RunArguments, environment: BTreeMap<String, String>) -> Result<Option<Done>> {
    let shadows = ShadowEndpoints::default();
    let done = until_stopped(work(arguments.clone(), environment, shadows.clone())).await;
    // A job that came to its end has none left. One that was stopped leaves nothing that costs money.
    for left in shadows.close_all(ShadowEndpoints::TIME_TO_CLOSE_WHEN_STOPPED).await {
        tracing::error!(code = error::SHADOW_LEFT.code, detail = %left, "{}", error::SHADOW_LEFT.title);
    }
    let message = match &done {
        Ok(Some(done)) => done.finished.message.clone(),
        Ok(None) => return done,
        Err(error) => report::message(Outcome::Failed, 0, &error.to_string(), &[]),
    };
    write_message(&arguments.settings.opt_ml, message).await;
    done
}

/// What is done with a period of windows.
#[derive(Clone, Copy)]
pub enum OfPeriod {
    Replay,
    /// For so many false alarms a month.
    Calibrate(f64),
}

/// What was found in a period.
pub struct LookedBack {
    pub text: String,
    /// Whether the chosen verdict finds something in one of its windows.
    pub is_violated: bool,
}

/// Looks at a period again, in windows of `every` milliseconds, and tells what it found, as a table or as JSON.
pub async fn look_back(
    arguments: &RunArguments,
    environment: BTreeMap<String, String>,
    (every, task): (i64, OfPeriod),
) -> Result<LookedBack> {
    let opt_ml = arguments.settings.opt_ml.clone();
    let arguments = arguments.clone();
    let told = until_stopped(async move {
        let is_json = arguments.settings.json;
        let (contract, session) = prepare(&arguments, environment).await?;
        // Names from data steer no terminal.
        let printable = |lines: Vec<String>| lines.iter().map(|line| format!("{}\n", error::printable(line))).collect();
        let text = |json: Value, lines| if is_json { format!("{json:#}\n") } else { printable(lines) };
        Ok(match task {
            OfPeriod::Replay => {
                let replay = run::replay(&contract, &session, every).await?;
                let is_violated = replay.is_violated(contract.settings.verdict);
                LookedBack { text: text(replay.to_json(), replay.lines()), is_violated }
            }
            OfPeriod::Calibrate(false_alarms) => {
                let calibration = run::calibrate(&contract, &session, every, false_alarms).await?;
                LookedBack { text: text(calibration.to_json(), calibration.lines()), is_violated: false }
            }
        })
    });
    let told = told.await;
    if let Err(error) = &told {
        write_message(&opt_ml, report::message(Outcome::Failed, 0, &error.to_string(), &[])).await;
    }
    told
}

/// The job that the arguments and the environment describe, and what it is carried out with.
async fn prepare(arguments: &RunArguments, environment: BTreeMap<String, String>) -> Result<(Contract, Session)> {
    for variable in unknown_variables(environment.keys()) {
        tracing::warn!(%variable, "there is no setting of this name");
    }
    let analysis_config = analysis_config(arguments).await?;
    let contract = contract(arguments, environment, analysis_config)?;
    let session = Session::new(contract.settings.n_threads, contract.settings.memory_limit)?;
    Ok((contract, session))
}

async fn work(
    arguments: RunArguments,
    environment: BTreeMap<String, String>,
    shadows: ShadowEndpoints,
) -> Result<Option<Done>> {
    let (contract, session) = prepare(&arguments, environment).await?;
    if let HostRole::Follower { leader } = &contract.host {
        tracing::info!(%leader, "another host does the work");
        return Ok(None);
    }
    let is_shown = !arguments.settings.quiet && terminal::is_watched(&arguments.settings.opt_ml);
    let _shown = is_shown.then(|| progress::show(session.progress()));
    let finished = run::run(&contract, &session, &shadows).await?;
    Ok(Some(Done { finished, output: contract.output.to_string(), is_judged: contract.monitors() }))
}

/// The analysis configuration: the one that is named must be there, the mounted one may be.
async fn analysis_config(arguments: &RunArguments) -> Result<Option<ConfigFile>> {
    if let Some(text) = &arguments.settings.analysis_config {
        let unreadable = |cause: String| Error::new(&error::ANALYSIS_CONFIG_INVALID, text.clone(), cause);
        let location: Location = text.parse().map_err(|cause: store::LocationError| unreadable(cause.to_string()))?;
        let bytes =
            store::read_to_end(&location, MAX_CONFIG_BYTES, |cause| unreadable(cause.to_string())).await?.to_vec();
        return Ok(Some(ConfigFile { place: text.clone(), bytes }));
    }
    let bytes = read_config(&arguments.settings.opt_ml, path::ANALYSIS_CONFIG)?;
    Ok(bytes.map(|bytes| ConfigFile { place: path::ANALYSIS_CONFIG.to_owned(), bytes }))
}

fn contract(
    arguments: &RunArguments,
    environment: BTreeMap<String, String>,
    analysis_config: Option<ConfigFile>,
) -> Result<Contract> {
    let raw = RawEnv {
        flags: arguments.flags.clone(),
        settings_by_flag: arguments.settings_by_flag.clone(),
        environment,
        job_config: read_config(&arguments.settings.opt_ml, path::PROCESSING_JOB_CONFIG)?,
        resource_config: read_config(&arguments.settings.opt_ml, path::RESOURCE_CONFIG)?,
        analysis_config,
        merges: arguments.merges,
        suggests_baseline: arguments.suggests_baseline,
    };
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |elapsed| elapsed.as_millis() as i64);
    let contract = Contract::check(raw, arguments.settings.clone(), now)?;
    let contract = if arguments.suggests_baseline { contract.without_baseline() } else { contract };
    contract.refuse_overlaps()?;
    Ok(contract)
}

/// A file of the job's configuration; `None` where there is none.
fn read_config(opt_ml: &Path, name: &str) -> Result<Option<Vec<u8>>> {
    match fs::read(opt_ml.join(name)) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(cause) if cause.kind() == std::io::ErrorKind::NotADirectory => Ok(None),
        Err(cause) => Err(Error::new(&error::JOB_CONFIG_UNREADABLE, name, cause)),
    }
}

/// Waits for `work`, or for a signal that ends it. The work is a task of its own, so that a signal is
/// heard while it computes.
async fn until_stopped<T: Send + 'static>(work: impl Future<Output = Result<T>> + Send + 'static) -> Result<T> {
    let internal = |cause: std::io::Error| Error::new(&error::INTERNAL, "signals", cause);
    let mut interrupted = signal(SignalKind::interrupt()).map_err(internal)?;
    let mut terminated = signal(SignalKind::terminate()).map_err(internal)?;
    let mut task = tokio::spawn(work);
    let stopped = tokio::select! {
        done = &mut task => return done.unwrap_or_else(|defect| Err(Error::new(&error::INTERNAL, "job", defect))),
        _ = interrupted.recv() => (&error::INTERRUPTED, "SIGINT was received"),
        _ = terminated.recv() => (&error::TERMINATED, "SIGTERM was received"),
    };
    task.abort();
    // What is being written is removed as the task ends; what computes is not worth waiting for.
    let _ = tokio::time::timeout(GRACE, task).await;
    let is_whole = store::published(TIME_TO_PUBLISH).await;
    let rest =
        if is_whole { "" } else { " while results were being published: new ones may stand beside earlier ones" };
    let (code, cause) = stopped;
    Err(Error::new(code, "process", format!("{cause}{rest}")))
}

/// Writes the exit message of a job that could not begin, where the root of SageMaker's mounts exists: without what
/// jobs have to write with.
pub fn leave_message(opt_ml: &Path, error: &Error) {
    let path = opt_ml.join(path::MESSAGE);
    let Some(folder) = path.parent().filter(|_| opt_ml.is_dir()) else { return };
    let message = report::message(Outcome::Failed, 0, &error.to_string(), &[]);
    if let Err(cause) = fs::create_dir_all(folder).and_then(|()| fs::write(&path, message)) {
        let code = &error::MESSAGE_UNWRITTEN;
        tracing::warn!(code = code.code, %cause, "{}", code.title);
    }
}

/// Writes the exit message, where the root of SageMaker's mounts exists. A message that cannot be
/// written changes nothing about the job.
pub async fn write_message(opt_ml: &Path, message: String) {
    if !opt_ml.is_dir() {
        return;
    }
    let path = opt_ml.join(path::MESSAGE);
    let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else { return };
    let target = Location::Local(folder.to_owned());
    let name = name.to_string_lossy().into_owned();
    if let Err(error) = store::write_all(&target, &[(name, Bytes::from(message))]).await {
        let code = &error::MESSAGE_UNWRITTEN;
        tracing::warn!(code = code.code, cause = error.cause(), "{}", code.title);
    }
}
