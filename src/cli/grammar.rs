//! Grammar of the command line: commands, flags and their help, built from the tables of variables and settings.
//! What stands below each help is in `examples`.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::net::SocketAddr;
use std::path::PathBuf;

use clap::builder::{FalseyValueParser, PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Arg, ArgAction, Command, value_parser};
use clap_complete::Shell;

use super::headings::monitors;
use crate::contract::{SETTINGS, Setting, Support, VARIABLES, parse_offset};
use crate::names::{Monitor, variable};

/// Words that a command takes, though their tables are not the grammar's.
pub struct Words {
    /// Of `demo --monitor`; the first is the default.
    pub demonstrations: Vec<String>,
    /// Of `explain`.
    pub subjects: Vec<&'static str>,
    /// Of `schema`.
    pub schemas: Vec<&'static str>,
}

/// The grammar. Settings that `environment` holds, and not as white space only, stand in for flags that
/// are not given.
pub fn command(environment: &BTreeMap<String, String>, words: Words) -> Command {
    let job = |command: Command, example| with_flags(command, environment).after_help(example);
    let demo = Command::new("demo")
        .about("Makes data of its own with known defects, and monitors it")
        .after_help(include_str!("examples/demo.txt"));
    let word = |name: &'static str, words| {
        Arg::new(name).value_name(name.to_uppercase()).hide_possible_values(true).value_parser(Offers(words))
    };
    let explain = Command::new("explain").about("Explains a topic or an error's code; lists both without one");
    let schema = Command::new("schema").about("Prints the JSON Schema of a file; lists all without a name");
    let completions = Command::new("completions").about("Prints completions for a shell");
    job(Command::new(env!("CARGO_PKG_NAME")), include_str!("examples/model-monitor.txt"))
        .version(env!("CARGO_PKG_VERSION"))
        .about("Watches deployed models by the container contract of Amazon SageMaker Model Monitor")
        .args_conflicts_with_subcommands(true)
        .subcommand(job(
            Command::new("run").about("Runs the job: suggests a baseline, or monitors when one is given"),
            include_str!("examples/run.txt"),
        ))
        .subcommand(job(
            Command::new("baseline").about("Suggests a baseline, whatever baseline is set"),
            include_str!("examples/baseline.txt"),
        ))
        .subcommand(
            job(
                Command::new("merge").about("Merges captures with ground truth, record by record"),
                include_str!("examples/merge.txt"),
            )
            .mut_args(|argument| {
                let is_merges = |monitors: &[Monitor]| monitors.contains(&Monitor::Merge);
                let id = argument.get_id().to_string();
                let of_variable = VARIABLES.iter().any(|variable| variable.name == id && is_merges(variable.monitors));
                let of_setting = SETTINGS.iter().any(|setting| setting.flag == id && is_merges(setting.monitors));
                if of_variable || of_setting { argument } else { argument.hide(true) }
            }),
        )
        .subcommand(period(job(
            Command::new("replay").about("Judges every window of a past period, by both verdicts; writes nothing"),
            include_str!("examples/replay.txt"),
        )))
        .subcommand(
            period(job(
                Command::new("calibrate").about("Derives limits of drift from a healthy period"),
                include_str!("examples/calibrate.txt"),
            ))
            .arg(
                Arg::new("false-alarms")
                    .long("false-alarms")
                    .value_name("N")
                    .default_value("1")
                    .value_parser(positive)
                    .help("False alarms a month that are accepted"),
            ),
        )
        .subcommand(
            demo.args([
                Arg::new("monitor")
                    .long("monitor")
                    .value_name("MONITOR")
                    .default_value(words.demonstrations.first().cloned().unwrap_or_default())
                    .value_parser(PossibleValuesParser::new(words.demonstrations))
                    .help("Which monitor is shown"),
                Arg::new("folder")
                    .long("folder")
                    .default_value("model-monitor-demo")
                    .value_parser(value_parser!(PathBuf))
                    .help("Where the files go, in a folder of the monitor's name"),
                Arg::new("serve")
                    .long("serve")
                    .value_name("ADDRESS")
                    .value_parser(value_parser!(SocketAddr))
                    .conflicts_with_all(["monitor", "folder"])
                    .help("Only serves the model of the demonstration of attribution, until it is stopped"),
            ]),
        )
        .subcommand(explain.arg(word("subject", words.subjects)).after_help(include_str!("examples/explain.txt")))
        .subcommand(schema.arg(word("name", words.schemas)).after_help(include_str!("examples/schema.txt")))
        .subcommand(
            completions
                .arg(Arg::new("shell").required(true).value_parser(value_parser!(Shell)))
                .after_help(include_str!("examples/completions.txt")),
        )
}

/// A command that looks at a period, in windows of one length.
fn period(command: Command) -> Command {
    let time = |name: &'static str, help| Arg::new(name).long(name).value_name("TIME").required(true).help(help);
    command
        .mut_args(|argument| {
            let is_bound = [variable::START_TIME, variable::END_TIME].contains(&argument.get_id().as_str());
            if is_bound { argument.hide(true) } else { argument }
        })
        .args([
            time("from", "Start of the period: 2026-03-02T00:00:00Z"),
            time("to", "End of the period, not part of it"),
            Arg::new("every")
                .long("every")
                .value_name("DURATION")
                .default_value("PT1H")
                .allow_hyphen_values(true)
                .value_parser(duration)
                .help("Length of a window: PT1H, P1D"),
        ])
}

/// Longest window, in milliseconds: 1,000 years.
const MAX_DURATION: i64 = 1_000 * 366 * 86_400_000;

/// Milliseconds of a duration.
fn duration(text: &str) -> Result<i64, &'static str> {
    let is_length = |millis: &i64| (1..=MAX_DURATION).contains(millis);
    parse_offset(text).filter(is_length).ok_or("it is not a duration such as PT1H or P1D")
}

fn positive(text: &str) -> Result<f64, &'static str> {
    let number = text.parse().ok().filter(|number: &f64| number.is_finite() && *number > 0.0);
    number.ok_or("it is no number above 0")
}

fn with_flags(command: Command, environment: &BTreeMap<String, String>) -> Command {
    let variables = VARIABLES.iter().map(|variable| {
        Arg::new(variable.name)
            .long(variable.name.replace('_', "-"))
            .value_name(variable.value_name)
            .help(variable.help)
            .help_heading(monitors(variable.monitors))
            .hide(variable.support != Support::Honoured)
    });
    command.args(variables).args(SETTINGS.iter().map(|setting| argument(setting, environment)))
}

fn argument(setting: &'static Setting, environment: &BTreeMap<String, String>) -> Arg {
    let variable = setting.variable();
    let is_set = environment.get(&variable).is_some_and(|value| !value.trim().is_empty());
    let argument = Arg::new(setting.flag)
        .long(setting.flag)
        .help(format!("{} [variable: {variable}]", setting.help))
        .help_heading(monitors(setting.monitors))
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

/// Takes any word, and offers these to completions: who gives another one gets a better answer than the
/// parser's.
#[derive(Clone)]
struct Offers(Vec<&'static str>);

impl TypedValueParser for Offers {
    type Value = String;

    fn parse_ref(&self, _: &Command, _: Option<&Arg>, value: &OsStr) -> Result<String, clap::Error> {
        Ok(value.to_string_lossy().into_owned())
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(self.0.iter().map(|word| PossibleValue::new(*word))))
    }
}
