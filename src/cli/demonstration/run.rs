//! Running a demonstration: its files, its model where it has one, its three jobs, its page.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;

use super::command_line::CommandLine;
use super::definition::{BASELINE, Demonstration, Flag, Places, flag};
use super::model_server::ModelServer;
use super::page::{self, Job, Replay};
use super::placing::place;
use crate::cli::arguments::Action;
use crate::cli::job;
use crate::demo::{DRIFTED, ENDPOINT, HEALTHY, Hour};
use crate::error::{self, Error, Result};
use crate::names::dataset_format::CAPTURE;
use crate::names::variable;

/// Makes the data in a folder of its own below `folder`, runs the jobs and tells what they found. `parse`
/// reads their command lines.
pub async fn run(
    demonstration: &Demonstration,
    folder: &Path,
    parse: impl Fn(&[OsString]) -> std::result::Result<Action, clap::Error>,
) -> Result<String> {
    let places = Places::new(folder.join(demonstration.name()));
    place(places.folder(), (demonstration.files)())?;
    let any_port = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let server = if demonstration.asks_model { Some(ModelServer::start(any_port).await?) } else { None };
    let mut jobs = Vec::new();
    for (name, hour) in [(BASELINE, None), ("healthy", Some(HEALTHY)), ("drifted", Some(DRIFTED))] {
        let command = command(demonstration, &places, name, hour, server.as_ref());
        let finished = carry_out(&places, name, &command, &parse).await?;
        jobs.push(Job { name, is_judged: hour.is_some(), command, finished });
    }
    let replay = if demonstration.replays { Some(look_back(demonstration, &places, &parse).await?) } else { None };
    Ok(page::page(demonstration, &places, &jobs, replay, server.as_ref().map(ModelServer::address)))
}

fn command(
    demonstration: &Demonstration,
    places: &Places,
    name: &str,
    hour: Option<Hour>,
    server: Option<&ModelServer>,
) -> CommandLine {
    let mut flags: Vec<Flag> = match hour {
        None => vec![flag(variable::DATASET_FORMAT, "{\"csv\":{\"header\":true}}")],
        Some(hour) => vec![
            flag(variable::DATASET_FORMAT, format!("{{\"{CAPTURE}\":{{}}}}")),
            flag(variable::DATASET_SOURCE, places.captures()),
            flag(variable::START_TIME, hour.start),
            flag(variable::END_TIME, hour.end),
            flag(variable::ENDPOINT_NAME, ENDPOINT),
            flag(variable::MONITORING_SCHEDULE_NAME, "hourly"),
        ],
    };
    flags.extend(if hour.is_some() { (demonstration.hour)(places) } else { (demonstration.baseline)(places) });
    flags.extend(server.map(|server| flag("model-url", server.url())));
    flags.extend([flag(variable::OUTPUT_PATH, places.at(name)), flag("opt-ml", places.opt_ml(name))]);
    CommandLine::new(if hour.is_some() { "run" } else { "baseline" }, flags)
}

/// Looks at both hours again.
async fn look_back(
    demonstration: &Demonstration,
    places: &Places,
    parse: impl Fn(&[OsString]) -> std::result::Result<Action, clap::Error>,
) -> Result<Replay> {
    let mut flags = vec![
        flag("from", HEALTHY.start),
        flag("to", DRIFTED.end),
        flag("every", "PT10M"),
        flag(variable::DATASET_FORMAT, format!("{{\"{CAPTURE}\":{{}}}}")),
        flag(variable::DATASET_SOURCE, places.captures()),
    ];
    flags.extend((demonstration.hour)(places));
    let command = CommandLine::new("replay", flags);
    let words: Vec<OsString> = command.words().into_iter().map(OsString::from).collect();
    match parse(&words) {
        Ok(Action::Replay(arguments, every)) => {
            let found = job::look_back(&arguments, BTreeMap::new(), (every, job::OfPeriod::Replay)).await?;
            Ok(Replay { command, text: found.text })
        }
        Ok(action) => Err(broken(format!("its command is no replay: {action:?}"))),
        Err(refused) => Err(broken(refused.to_string())),
    }
}

fn broken(cause: String) -> Error {
    Error::new(&error::INTERNAL, "demo", cause)
}

/// Runs the command as if it had been typed, beside a stand-in for SageMaker's mounts.
async fn carry_out(
    places: &Places,
    name: &str,
    command: &CommandLine,
    parse: impl Fn(&[OsString]) -> std::result::Result<Action, clap::Error>,
) -> Result<job::Done> {
    let opt_ml = places.opt_ml(name);
    fs::create_dir_all(&opt_ml).map_err(|cause| Error::new(&error::OUTPUT_UNWRITABLE, opt_ml, cause))?;
    let words: Vec<OsString> = command.words().into_iter().map(OsString::from).collect();
    match parse(&words) {
        Ok(Action::Run(arguments)) => {
            let done = job::execute(&arguments, BTreeMap::new()).await?;
            done.ok_or_else(|| broken("another host was named as the leader".to_owned()))
        }
        Ok(action) => Err(broken(format!("its command is no job: {action:?}"))),
        Err(refused) => Err(broken(refused.to_string())),
    }
}
