//! What the command line said.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::PathBuf;

use clap::parser::ValueSource;
use clap::{ArgMatches, Command};
use clap_complete::Shell;

use super::machine;
use crate::contract::{SETTINGS, Setting, Settings, VARIABLES};
use crate::names::{self, variable};

/// Flag of the root of SageMaker's mounts.
const OPT_ML: &str = "opt-ml";

/// What to do.
#[derive(Debug)]
pub enum Action {
    Run(Box<RunArguments>),
    /// Looks at a period again, in windows of so many milliseconds.
    Replay(Box<RunArguments>, i64),
    /// The same, for limits that leave so many false alarms a month.
    Calibrate(Box<RunArguments>, i64, f64),
    /// The word of a demonstration, and its folder.
    Demo(String, PathBuf),
    ServeDemo(SocketAddr),
    Explain(Option<String>),
    Schema(Option<String>),
    Completions(Shell),
}

/// What the flags of a run said.
#[derive(Clone, Debug)]
pub struct RunArguments {
    /// Variables of the contract.
    pub flags: BTreeMap<String, String>,
    pub settings: Settings,
    /// Settings that the command line itself names, by their flags.
    pub settings_by_flag: Vec<&'static str>,
    /// Whether baselines are left aside, so that the run suggests one.
    pub suggests_baseline: bool,
    /// Whether captures and ground truth are merged, whatever else the variables say.
    pub merges: bool,
}

/// The root of SageMaker's mounts that a command line asks for which cannot be read as a whole.
pub fn opt_ml_of(arguments: &[OsString], environment: &BTreeMap<String, String>) -> PathBuf {
    let flag = format!("--{OPT_ML}");
    let after = arguments.iter().position(|argument| *argument == *flag).and_then(|place| arguments.get(place + 1));
    let joined = || arguments.iter().find_map(|argument| argument.to_str()?.strip_prefix(&flag)?.strip_prefix('='));
    let variable = || SETTINGS.iter().find(|setting| setting.flag == OPT_ML).map(Setting::variable);
    let set = || environment.get(&variable()?).filter(|value| !value.trim().is_empty()).map(PathBuf::from);
    let given = after.map(PathBuf::from).or_else(|| joined().map(PathBuf::from));
    given.or_else(set).unwrap_or_else(|| PathBuf::from(names::OPT_ML))
}

/// Reads the arguments by the grammar. The error is clap's own and knows how to print itself.
pub fn parse(arguments: &[OsString], grammar: Command) -> Result<Action, clap::Error> {
    let matches = grammar.try_get_matches_from(arguments)?;
    let run = |matches: &ArgMatches, suggests_baseline, merges| {
        Action::Run(Box::new(RunArguments { suggests_baseline, merges, ..run_arguments(matches) }))
    };
    Ok(match matches.subcommand() {
        None => run(&matches, false, false),
        Some(("baseline", matches)) => run(matches, true, false),
        Some(("merge", matches)) => run(matches, false, true),
        Some(("demo", matches)) => match matches.get_one::<SocketAddr>("serve") {
            Some(address) => Action::ServeDemo(*address),
            None => {
                let word = matches.get_one::<String>("monitor").cloned().unwrap_or_default();
                Action::Demo(word, matches.get_one::<PathBuf>("folder").cloned().unwrap_or_default())
            }
        },
        Some(("replay", matches)) => Action::Replay(Box::new(of_period(matches)), every(matches)),
        Some(("calibrate", matches)) => {
            let false_alarms = matches.get_one::<f64>("false-alarms").copied().unwrap_or(1.0);
            Action::Calibrate(Box::new(of_period(matches)), every(matches), false_alarms)
        }
        Some(("explain", matches)) => Action::Explain(matches.get_one::<String>("subject").cloned()),
        Some(("schema", matches)) => Action::Schema(matches.get_one::<String>("name").cloned()),
        Some(("completions", matches)) => {
            Action::Completions(*matches.get_one::<Shell>("shell").unwrap_or(&Shell::Bash))
        }
        Some((_, matches)) => run(matches, false, false),
    })
}

/// The arguments of a run whose window is a period.
fn of_period(matches: &ArgMatches) -> RunArguments {
    let mut arguments = run_arguments(matches);
    for (bound, name) in [("from", variable::START_TIME), ("to", variable::END_TIME)] {
        if let Some(time) = matches.get_one::<String>(bound) {
            arguments.flags.insert(name.to_owned(), time.clone());
        }
    }
    arguments
}

/// The length of the windows of a period in milliseconds.
fn every(matches: &ArgMatches) -> i64 {
    matches.get_one::<i64>("every").copied().unwrap_or(3_600_000)
}

fn run_arguments(matches: &ArgMatches) -> RunArguments {
    let flag = |name: &'static str| matches.get_one::<String>(name).map(|value| (name.to_owned(), value.clone()));
    let mut settings = Settings::of_machine(machine::n_cores(), machine::memory() / 2);
    for setting in SETTINGS {
        let texts: Vec<&str> = match setting.is_switch() {
            true => vec![if matches.get_flag(setting.flag) { "true" } else { "false" }],
            false => matches.get_many::<String>(setting.flag).into_iter().flatten().map(String::as_str).collect(),
        };
        for text in texts {
            // The grammar has checked it.
            let _ = setting.apply(&mut settings, text);
        }
    }
    let flags = VARIABLES.iter().filter_map(|variable| flag(variable.name)).collect();
    let is_given = |flag: &&str| matches.value_source(flag) == Some(ValueSource::CommandLine);
    let settings_by_flag = SETTINGS.iter().map(|setting| setting.flag).filter(is_given).collect();
    RunArguments { flags, settings, settings_by_flag, suggests_baseline: false, merges: false }
}
