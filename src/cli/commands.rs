//! From arguments to an exit code.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::Write;
use std::net::SocketAddr;
use std::path::Path;
use std::process::ExitCode;

use clap::Command;

use super::arguments::{self, Action, RunArguments};
use super::grammar::{self, Words};
use super::nearest::nearest;
use super::{allocator, completions, demonstration, explain, job, logging, machine, run_summary, terminal, usage};
use crate::error::{self, EXIT_VIOLATIONS, Error, Result};
use crate::report::{self, Outcome};
use crate::wire::schemas;

/// The program. Its arguments, the environment it runs in; what it exits with.
pub fn main(arguments: Vec<OsString>, environment: BTreeMap<String, String>) -> ExitCode {
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
        Err(shown) if !shown.use_stderr() => {
            print(&shown.to_string());
            Ok(0)
        }
        Err(refused) => with_runtime(1, refuse(&opt_ml, usage::usage_error(&refused))).and_then(Err),
    };
    match done {
        Ok(code) => ExitCode::from(code),
        Err(error) => fail(&error, is_watched),
    }
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
        Action::Demo(monitor, folder) => demonstrate(&monitor, &folder)?,
        Action::ServeDemo(address) => return with_runtime(1, serve_demo(address))?.map(|()| 0),
        Action::Explain(subject) => explain::explain(subject.as_deref())?,
        Action::Schema(name) => schema(name.as_deref())?,
        Action::Completions(shell) => completions::script(shell, &mut grammar(&environment)),
    };
    print(&text);
    Ok(0)
}

fn run(arguments: &RunArguments, environment: BTreeMap<String, String>) -> Result<u8> {
    let settings = &arguments.settings;
    let Some(done) = with_runtime(settings.n_threads, job::execute(arguments, environment))?? else { return Ok(0) };
    if settings.json {
        print(&format!("{}\n", String::from_utf8_lossy(&done.finished.report)));
    } else if !settings.quiet {
        print(&run_summary::summary(&done));
    }
    let is_violated = done.finished.outcome == Outcome::CompletedWithViolations;
    Ok(if is_violated && settings.fail_on_violation { EXIT_VIOLATIONS } else { 0 })
}

/// Leaves the message of a command line that could not be read.
async fn refuse(opt_ml: &Path, error: Error) -> Error {
    job::write_message(opt_ml, report::message(Outcome::Failed, 0, &error.to_string(), &[])).await;
    error
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

fn demonstrate(monitor: &str, folder: &Path) -> Result<String> {
    let unknown = || Error::new(&error::USAGE, "--monitor", format!("there is no demonstration of {monitor}"));
    let demonstration = demonstration::find(monitor).ok_or_else(unknown)?;
    let parse = |words: &[OsString]| arguments::parse(words, grammar(&BTreeMap::new()));
    with_runtime(machine::n_cores(), demonstration::run(demonstration, folder, parse))?
}

async fn serve_demo(address: SocketAddr) -> Result<()> {
    demonstration::serve(address, |url| print(&format!("the model is served at {url}, until it is stopped\n"))).await
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
        let _ = std::io::stderr().write_all(terminal::error_lines(error).as_bytes());
    } else {
        tracing::error!(
            code = code.code,
            place = error.place(),
            cause = error.cause(),
            remedy = code.remedy,
            "{}",
            code.title
        );
    }
    ExitCode::from(error.kind().exit_code())
}

/// Prints to standard output; whoever closed it does not want the rest.
fn print(text: &str) {
    let mut output = std::io::stdout().lock();
    let _ = output.write_all(text.as_bytes()).and_then(|()| output.flush());
}
