//! From arguments to an exit code.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::{IsTerminal, Write};
use std::path::Path;
use std::process::ExitCode;

use clap::error::ContextKind;

use super::arguments::{self, Action, Monitor, RunArguments};
use super::{allocator, demonstration, job, logging, machine, printing};
use crate::error::{self, Error, Result};
use crate::report::{self, Outcome};
use crate::wire::schemas;

/// Violations, where the caller wants them to fail.
const EXIT_VIOLATIONS: u8 = 3;

/// The program. Its arguments, the environment it runs in; what it exits with.
pub fn main(arguments: Vec<OsString>, environment: BTreeMap<String, String>) -> ExitCode {
    logging::start();
    let action = match arguments::parse(&arguments, &environment) {
        Ok(action) => action,
        Err(error) if !error.use_stderr() => {
            print(&error.to_string());
            return ExitCode::SUCCESS;
        }
        Err(error) => {
            let opt_ml = arguments::opt_ml_of(&arguments, &environment);
            return with_runtime(1, refuse(&opt_ml, &error)).unwrap_or_else(|error| fail(&error));
        }
    };
    let done = match action {
        Action::Run(arguments) => run(&arguments, environment),
        Action::Demo(monitor, folder) => demonstrate(monitor, &folder).map(print_all),
        Action::Explain(code) => printing::explain(code.as_deref()).map(print_all),
        Action::Schema(name) => schema(name.as_deref()).map(print_all),
        Action::Completions(shell) => {
            let mut text = Vec::new();
            clap_complete::generate(shell, &mut arguments::command(&environment), env!("CARGO_PKG_NAME"), &mut text);
            print(&String::from_utf8_lossy(&text));
            Ok(0)
        }
    };
    match done {
        Ok(code) => ExitCode::from(code),
        Err(error) => fail(&error),
    }
}

fn run(arguments: &RunArguments, environment: BTreeMap<String, String>) -> Result<u8> {
    let settings = &arguments.settings;
    let Some(finished) = with_runtime(settings.n_threads, job::execute(arguments, environment))?? else { return Ok(0) };
    if settings.json {
        print(&format!("{}\n", String::from_utf8_lossy(&finished.report)));
    } else {
        print(&printing::summary(&finished));
    }
    let is_violated = finished.outcome == Outcome::CompletedWithViolations;
    Ok(if is_violated && settings.fail_on_violation { EXIT_VIOLATIONS } else { 0 })
}

/// Leaves the message of a command line that could not be read. A person sees the grammar's own text.
async fn refuse(opt_ml: &Path, refused: &clap::Error) -> ExitCode {
    let error = usage_error(refused);
    job::write_message(opt_ml, report::message(Outcome::Failed, 0, &error.to_string())).await;
    if !std::io::stderr().is_terminal() || refused.print().is_err() {
        return fail(&error);
    }
    ExitCode::from(error.kind().exit_code())
}

/// What could not be read of a command line, and why.
fn usage_error(refused: &clap::Error) -> Error {
    let named = [ContextKind::InvalidArg, ContextKind::InvalidSubcommand];
    let place = named.into_iter().find_map(|kind| refused.get(kind)).map(ToString::to_string);
    let known = || refused.kind().as_str().unwrap_or("it does not fit the grammar").to_owned();
    let cause = std::error::Error::source(refused).map_or_else(known, ToString::to_string);
    Error::new(&error::USAGE, place.unwrap_or_else(|| "command line".to_owned()), cause)
}

/// Runs `work` on as many threads, and one more that is free to hear signals. What still runs afterwards is left behind, so that a stop is quick.
fn with_runtime<T>(n_threads: usize, work: impl Future<Output = T>) -> Result<T> {
    allocator::keep_few_pools(n_threads);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(n_threads + 1)
        .enable_all()
        .build()
        .map_err(|cause| Error::new(&error::INTERNAL, "threads", cause))?;
    let done = runtime.block_on(work);
    runtime.shutdown_background();
    Ok(done)
}

fn demonstrate(monitor: Monitor, folder: &Path) -> Result<String> {
    with_runtime(machine::n_cores(), async {
        match monitor {
            Monitor::DataQuality => demonstration::data_quality(folder).await,
            Monitor::ModelQuality => demonstration::model_quality(folder).await,
            Monitor::Bias => demonstration::bias(folder).await,
            Monitor::Attribution => demonstration::attribution(folder).await,
        }
    })?
}

fn schema(name: Option<&str>) -> Result<String> {
    match name {
        None => Ok(schemas::ALL.iter().map(|schema| format!("{}\n", schema.name)).collect()),
        Some(name) => schemas::find(name).map(|schema| schema.text.to_owned()).ok_or_else(|| {
            Error::new(&error::USAGE, "schema", "there is no schema of this name; without one, all are listed")
        }),
    }
}

fn fail(error: &Error) -> ExitCode {
    let code = error.code();
    tracing::error!(
        code = code.code,
        place = error.place(),
        cause = error.cause(),
        remedy = code.remedy,
        "{}",
        code.title
    );
    ExitCode::from(error.kind().exit_code())
}

fn print_all(text: String) -> u8 {
    print(&text);
    0
}

/// Prints to standard output; whoever closed it does not want the rest.
fn print(text: &str) {
    let mut output = std::io::stdout().lock();
    let _ = output.write_all(text.as_bytes()).and_then(|()| output.flush());
}
