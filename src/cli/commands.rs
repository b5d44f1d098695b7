//! From arguments to an exit code.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::{ErrorKind, Write};
use std::net::SocketAddr;
use std::panic::AssertUnwindSafe;
use std::path::Path;
use std::process::ExitCode;

use clap::Command;

use super::arguments::{self, Action, RunArguments};
use super::grammar::{self, Words};
use super::job::OfPeriod;
use super::log_queue::LOG;
use super::nearest::nearest;
use super::threads::{self, Allowed};
use super::{
    allocator, completions, demonstration, descriptors, explain, job, logging, machine, run_summary, signals, terminal,
    usage,
};
use crate::contract::Settings;
use crate::error::{self, EXIT_VIOLATIONS, Error, Result};
use crate::report::{self, Outcome};
use crate::wire::schemas;

/// The program. Its arguments, the environment it runs in; what it exits with.
pub fn main(arguments: Vec<OsString>, environment: BTreeMap<String, String>) -> ExitCode {
    signals::fail_at_file_size_limit();
    let opt_ml = arguments::opt_ml_of(&arguments, &environment);
    let is_watched = terminal::is_watched(&opt_ml);
    let parsed = arguments::parse(&arguments, grammar(&environment));
    let filter = match &parsed {
        Ok(Action::Run(arguments)) if arguments.settings.quiet => Some("error".to_owned()),
        Ok(Action::Run(arguments)) => arguments.settings.log_level.clone(),
        _ => None,
    };
    logging::start(filter.as_deref(), &environment, is_watched);
    let done = match parsed {
        Ok(action) => carry_out(action, environment),
        Err(shown) if !shown.use_stderr() => print(&shown.to_string()).map(|()| 0),
        Err(refused) => with_runtime(ONE_THREAD, refuse(&opt_ml, usage::usage_error(&refused))).and_then(Err),
    };
    let code = match done {
        Ok(code) => ExitCode::from(code),
        Err(error) => fail(&error, is_watched),
    };
    LOG.finish();
    code
}

fn grammar(environment: &BTreeMap<String, String>) -> Command {
    let words = Words {
        demonstrations: demonstration::ALL.iter().map(|demonstration| demonstration.name()).collect(),
        subjects: explain::subjects().collect(),
        schemas: schemas::ALL.iter().map(|schema| schema.name).collect(),
    };
    grammar::command(environment, words)
}

fn carry_out(action: Action, environment: BTreeMap<String, String>) -> Result<u8> {
    let text = match action {
        Action::Run(arguments) => return run(&arguments, environment),
        Action::Replay(arguments, every) => return look_back(&arguments, environment, (every, OfPeriod::Replay)),
        Action::Calibrate(arguments, every, false_alarms) => {
            return look_back(&arguments, environment, (every, OfPeriod::Calibrate(false_alarms)));
        }
        Action::Demo(monitor, folder) => demonstrate(&monitor, &folder)?,
        Action::ServeDemo(address) => return with_runtime(ONE_THREAD, serve_demo(address))?.map(|()| 0),
        Action::Explain(subject) => explain::explain(subject.as_deref())?,
        Action::Schema(name) => schema(name.as_deref())?,
        Action::Completions(shell) => completions::script(shell, &mut grammar(&environment)),
    };
    print(&text).map(|()| 0)
}

/// Looks at a period again, and says what it found.
fn look_back(arguments: &RunArguments, environment: BTreeMap<String, String>, period: (i64, OfPeriod)) -> Result<u8> {
    let found = begin(arguments, |arguments| async move { job::look_back(&arguments, environment, period).await })?;
    print(&found.text)?;
    Ok(exit_code(found.is_violated, &arguments.settings))
}

/// What the program exits with where everything was done.
fn exit_code(is_violated: bool, settings: &Settings) -> u8 {
    if is_violated && settings.fail_on_violation { EXIT_VIOLATIONS } else { 0 }
}

fn run(arguments: &RunArguments, environment: BTreeMap<String, String>) -> Result<u8> {
    let settings = &arguments.settings;
    let done = begin(arguments, |arguments| async move { job::execute(&arguments, environment).await })?;
    let Some(done) = done else { return Ok(0) };
    let text = match settings.json {
        true => format!("{}\n", String::from_utf8_lossy(&done.finished.report)),
        false if settings.quiet => String::new(),
        false => run_summary::summary(&done),
    };
    // The results stand, whoever reads of them.
    if let Err(error) = print(&text) {
        tracing::warn!(code = error::NOT_PRINTED.code, cause = error.cause(), "{}", error::NOT_PRINTED.title);
    }
    let is_violated = done.finished.outcome == Outcome::CompletedWithViolations;
    Ok(exit_code(is_violated, settings))
}

/// Does the work of a job with as many threads as it may have. One that cannot begin leaves its message, too.
fn begin<T, F>(arguments: &RunArguments, work: impl FnOnce(RunArguments) -> F) -> Result<T>
where
    F: Future<Output = Result<T>>,
{
    let opt_ml = &arguments.settings.opt_ml;
    let allowed = descriptors::check().and_then(|()| threads::allowed(arguments.settings.n_threads));
    let begun = allowed.and_then(|allowed| {
        let settings = Settings { n_threads: allowed.n, ..arguments.settings.clone() };
        with_runtime(allowed, work(RunArguments { settings, ..arguments.clone() }))
    });
    begun.inspect_err(|error| job::leave_message(opt_ml, error))?
}

/// Leaves the message of a command line that could not be read.
async fn refuse(opt_ml: &Path, error: Error) -> Error {
    job::write_message(opt_ml, report::message(Outcome::Failed, 0, &error.to_string(), &[])).await;
    error
}

/// What commands need that are no jobs.
const ONE_THREAD: Allowed = Allowed { n: 1, n_reading: None };

/// Runs `work` on as many threads, and one more that is free to hear signals. What still runs afterwards is left behind, so that a stop is quick.
fn with_runtime<T>(allowed: Allowed, work: impl Future<Output = T>) -> Result<T> {
    allocator::keep_few_pools(allowed.n);
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    builder.worker_threads(allowed.n + 1).enable_all();
    if let Some(n_reading) = allowed.n_reading {
        builder.max_blocking_threads(n_reading);
    }
    // It panics where a thread cannot be started.
    let built = std::panic::catch_unwind(AssertUnwindSafe(|| builder.build()));
    let too_few = |cause: String| Error::new(&error::TOO_FEW_THREADS, "threads", cause);
    let runtime = built.map_err(|_| too_few("a thread could not be started".to_owned()))?;
    let runtime = runtime.map_err(|cause| too_few(cause.to_string()))?;
    let done = runtime.block_on(work);
    runtime.shutdown_background();
    Ok(done)
}

fn demonstrate(monitor: &str, folder: &Path) -> Result<String> {
    let unknown = || Error::new(&error::USAGE, "--monitor", format!("there is no demonstration of {monitor}"));
    let demonstration = demonstration::find(monitor).ok_or_else(unknown)?;
    let parse = |words: &[OsString]| arguments::parse(words, grammar(&BTreeMap::new()));
    with_runtime(threads::allowed(machine::n_cores())?, demonstration::run(demonstration, folder, parse))?
}

async fn serve_demo(address: SocketAddr) -> Result<()> {
    demonstration::serve(address, |url| {
        // Who does not see it has given the address.
        let _ = write_out(&format!("the model is served at {url}, until it is stopped\n"));
    })
    .await
}

/// A schema by its name or by the name of its file.
fn schema(name: Option<&str>) -> Result<String> {
    let names = schemas::ALL.iter().map(|schema| schema.name);
    let Some(name) = name else { return Ok(names.map(|name| format!("{name}\n")).collect()) };
    let unknown = || {
        let alike = nearest(name, names).join(" or ");
        let hint = if alike.is_empty() { String::new() } else { format!("; did you mean {alike}?") };
        Error::new(
            &error::USAGE,
            "schema",
            format!("there is no schema of the name {name}{hint}; without a name, all are listed"),
        )
    };
    let found = schemas::find(name.strip_suffix(".json").unwrap_or(name));
    found.map(|schema| schema.text.to_owned()).ok_or_else(unknown)
}

/// Says what went wrong: a few lines for a person, an entry of the log for anyone else.
fn fail(error: &Error, is_watched: bool) -> ExitCode {
    let code = error.code();
    if is_watched {
        LOG.push(terminal::error_lines(error).into_bytes());
    } else {
        tracing::error!(
            code = code.code,
            place = error.place(),
            cause = error.cause(),
            remedy = error.remedy(),
            "{}",
            code.title
        );
    }
    ExitCode::from(error.kind().exit_code())
}

/// Prints to standard output, for as long as nobody stops the process; whoever closed it does not want the rest.
fn print(text: &str) -> Result<()> {
    signals::end_at_once();
    match write_out(text) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Error::new(&error::OUTPUT_UNWRITABLE, "standard output", error))
        }
        _ => Ok(()),
    }
}

fn write_out(text: &str) -> std::io::Result<()> {
    let mut output = std::io::stdout().lock();
    output.write_all(text.as_bytes()).and_then(|()| output.flush())
}
