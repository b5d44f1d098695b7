//! What the command line can say, and what it said.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;

use clap::builder::{FalseyValueParser, PossibleValuesParser};
use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use clap_complete::Shell;

use super::machine;
use crate::contract::{SETTINGS, Setting, Settings, Support, VARIABLES};
use crate::names;

/// Flag of the root of SageMaker's mounts.
const OPT_ML: &str = "opt-ml";

/// What to do.
#[derive(Debug)]
pub enum Action {
    Run(Box<RunArguments>),
    Demo(Monitor, PathBuf),
    Explain(Option<String>),
    Schema(Option<String>),
    Completions(Shell),
}

/// What is demonstrated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Monitor {
    DataQuality,
    ModelQuality,
    Bias,
    Attribution,
}

impl Monitor {
    const ALL: [(&'static str, Self); 4] = [
        ("data-quality", Self::DataQuality),
        ("model-quality", Self::ModelQuality),
        ("bias", Self::Bias),
        ("attribution", Self::Attribution),
    ];
}

/// What the flags of a run said.
#[derive(Clone, Debug)]
pub struct RunArguments {
    /// Variables of the contract.
    pub flags: BTreeMap<String, String>,
    pub settings: Settings,
    /// Whether baselines are left aside, so that the run suggests one.
    pub suggests_baseline: bool,
    /// Whether captures and ground truth are merged, whatever else the variables say.
    pub merges: bool,
}

impl RunArguments {
    /// Those of a run of whose flags none is given.
    pub fn of(flags: BTreeMap<String, String>) -> Self {
        let settings = Settings::of_machine(machine::n_cores(), machine::memory() / 2);
        Self { flags, settings, suggests_baseline: false, merges: false }
    }
}

/// The command line's grammar. Settings that `environment` holds, and not as white space only, stand
/// in for flags that are not given.
pub fn command(environment: &BTreeMap<String, String>) -> Command {
    let completions = Command::new("completions")
        .about("Prints completions for a shell")
        .arg(Arg::new("shell").required(true).value_parser(value_parser!(Shell)));
    let demo = Command::new("demo").about("Makes data of its own with known defects, and monitors it").args([
        Arg::new("monitor")
            .long("monitor")
            .value_name("MONITOR")
            .default_value(Monitor::ALL[0].0)
            .value_parser(PossibleValuesParser::new(Monitor::ALL.map(|(word, _)| word)))
            .help("Which monitor is shown"),
        Arg::new("folder")
            .long("folder")
            .default_value("model-monitor-demo")
            .value_parser(value_parser!(PathBuf))
            .help("Where the files go"),
    ]);
    let with_run_arguments = |command| with_run_arguments(command, environment);
    with_run_arguments(Command::new(env!("CARGO_PKG_NAME")))
        .version(env!("CARGO_PKG_VERSION"))
        .about("Watches deployed models by the container contract of Amazon SageMaker Model Monitor")
        .after_help("Without a command it runs the job that its variables describe. A variable is taken from its flag, else from the environment (same name with underscores), else from processingjobconfig.json.")
        .args_conflicts_with_subcommands(true)
        .subcommand(with_run_arguments(Command::new("run").about("Runs the job: suggests a baseline, or monitors when one is given")))
        .subcommand(with_run_arguments(Command::new("baseline").about("Suggests a baseline, whatever baseline is set")))
        .subcommand(with_run_arguments(Command::new("merge").about("Merges captures with ground truth, record by record")))
        .subcommand(demo)
        .subcommand(Command::new("explain").about("Explains an error's code; lists all codes without one").arg(Arg::new("code")))
        .subcommand(Command::new("schema").about("Prints the JSON Schema of a file; lists all without a name").arg(Arg::new("name")))
        .subcommand(completions)
}

fn with_run_arguments(command: Command, environment: &BTreeMap<String, String>) -> Command {
    let variables = VARIABLES.iter().map(|variable| {
        Arg::new(variable.name)
            .long(variable.name.replace('_', "-"))
            .value_name("VALUE")
            .help(variable.help)
            .help_heading("The contract")
            .hide(matches!(variable.support, Support::Refused(_)))
    });
    command.args(variables).args(SETTINGS.iter().map(|setting| argument(setting, environment)))
}

fn argument(setting: &'static Setting, environment: &BTreeMap<String, String>) -> Arg {
    let variable = setting.variable();
    let is_set = environment.get(&variable).is_some_and(|value| !value.trim().is_empty());
    let argument = Arg::new(setting.flag)
        .long(setting.flag)
        .help(format!("{} [variable: {variable}]", setting.help))
        .help_heading("The program")
        .hide_env(true);
    let argument = if is_set { argument.env(variable) } else { argument };
    if setting.is_switch() {
        return argument.action(ArgAction::SetTrue).value_parser(FalseyValueParser::new());
    }
    // An offset begins with a hyphen.
    let argument = argument.value_name(setting.value_name).allow_hyphen_values(setting.is_offset());
    let argument = match setting.words() {
        words if words.is_empty() => argument.value_parser(|text: &str| setting.check(text).map(|()| text.to_owned())),
        words => argument.value_parser(PossibleValuesParser::new(words)),
    };
    let argument = if let Some(default) = setting.default { argument.default_value(default) } else { argument };
    if setting.is_list() { argument.value_delimiter(',').action(ArgAction::Append) } else { argument }
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

/// Reads the arguments. The error is clap's own and knows how to print itself.
pub fn parse(arguments: &[OsString], environment: &BTreeMap<String, String>) -> Result<Action, clap::Error> {
    let matches = command(environment).try_get_matches_from(arguments)?;
    let run = |matches: &ArgMatches, suggests_baseline, merges| {
        Action::Run(Box::new(RunArguments { suggests_baseline, merges, ..run_arguments(matches) }))
    };
    Ok(match matches.subcommand() {
        None => run(&matches, false, false),
        Some(("baseline", matches)) => run(matches, true, false),
        Some(("merge", matches)) => run(matches, false, true),
        Some(("demo", matches)) => {
            let word = matches.get_one::<String>("monitor");
            let named = Monitor::ALL.into_iter().find(|(known, _)| word.is_some_and(|word| word == known));
            let monitor = named.map_or(Monitor::DataQuality, |(_, monitor)| monitor);
            Action::Demo(monitor, matches.get_one::<PathBuf>("folder").cloned().unwrap_or_default())
        }
        Some(("explain", matches)) => Action::Explain(matches.get_one::<String>("code").cloned()),
        Some(("schema", matches)) => Action::Schema(matches.get_one::<String>("name").cloned()),
        Some(("completions", matches)) => {
            Action::Completions(*matches.get_one::<Shell>("shell").unwrap_or(&Shell::Bash))
        }
        Some((_, matches)) => run(matches, false, false),
    })
}

fn run_arguments(matches: &ArgMatches) -> RunArguments {
    let flag = |name: &'static str| matches.get_one::<String>(name).map(|value| (name.to_owned(), value.clone()));
    let mut arguments = RunArguments::of(VARIABLES.iter().filter_map(|variable| flag(variable.name)).collect());
    for setting in SETTINGS {
        let texts: Vec<&str> = match setting.is_switch() {
            true => vec![if matches.get_flag(setting.flag) { "true" } else { "false" }],
            false => matches.get_many::<String>(setting.flag).into_iter().flatten().map(String::as_str).collect(),
        };
        for text in texts {
            // The grammar has checked it.
            let _ = setting.apply(&mut arguments.settings, text);
        }
    }
    arguments
}
