//! What the command line can say, and what it said.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use clap::builder::{FalseyValueParser, PossibleValuesParser};
use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use clap_complete::Shell;

use crate::contract::{ModelAccess, OnEmpty, Support, VARIABLES, parse_bytes, parse_offset};
use crate::judge::Verdict;
use crate::names;
use crate::pairing::DuplicatePolicy;
use crate::wire::Layout;

/// Default of the largest accepted share of rejected records.
const MAX_REJECTED: &str = "0.05";

/// Variable of the flag `--opt-ml`.
const OPT_ML_VARIABLE: &str = "MODEL_MONITOR_OPT_ML";

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
#[derive(Clone, Debug, Default)]
pub struct RunArguments {
    /// Variables of the contract.
    pub flags: BTreeMap<String, String>,
    pub opt_ml: PathBuf,
    pub n_threads: Option<usize>,
    pub memory_limit: Option<usize>,
    pub max_rejected: f64,
    pub on_empty: OnEmpty,
    pub layout: Layout,
    pub verdict: Verdict,
    pub duplicates: DuplicatePolicy,
    pub ground_truth_id: Option<String>,
    pub class_labels: Vec<String>,
    pub baseline_profile: Option<String>,
    pub analysis_config: Option<String>,
    pub start_time_offset: Option<i64>,
    pub end_time_offset: Option<i64>,
    pub model: ModelAccess,
    pub fail_on_violation: bool,
    pub json: bool,
    /// Whether baselines are left aside, so that the run suggests one.
    pub suggests_baseline: bool,
    /// Whether captures and ground truth are merged, whatever else the variables say.
    pub merges: bool,
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
    let own = |name: &'static str, variable: &'static str, help: &str| {
        let is_set = environment.get(variable).is_some_and(|value| !value.trim().is_empty());
        let help = format!("{help} [variable: {variable}]");
        let argument = Arg::new(name).long(name).help(help).hide_env(true).help_heading("The program");
        if is_set { argument.env(variable) } else { argument }
    };
    command.args(variables).args([
        own("opt-ml", OPT_ML_VARIABLE, "Root of SageMaker's mounts")
            .value_name("FOLDER")
            .default_value(names::OPT_ML)
            .value_parser(value_parser!(PathBuf)),
        own("threads", "MODEL_MONITOR_THREADS", "Threads; by default one for each core")
            .value_name("N")
            .value_parser(value_parser!(u16).range(1..=1024)),
        own(
            "memory-limit",
            "MODEL_MONITOR_MEMORY_LIMIT",
            "Memory for the process; by default half of the machine's or the container's",
        )
        .value_name("SIZE")
        .value_parser(|text: &str| parse_bytes(text).ok_or("it is not a size such as 512MB")),
        own(
            "max-rejected",
            "MODEL_MONITOR_MAX_REJECTED",
            "Largest share of rejected records before the run fails: 0.05 or 5%",
        )
        .value_name("SHARE")
        .default_value(MAX_REJECTED)
        .value_parser(parse_share),
        own("on-empty", "MODEL_MONITOR_ON_EMPTY", "What to do when no record counts")
            .value_name("WAY")
            .default_value("complete")
            .value_parser(PossibleValuesParser::new(["complete", "fail"])),
        own("aws-layout", "MODEL_MONITOR_AWS_LAYOUT", "Generation of AWS's files to write")
            .value_name("YEAR")
            .default_value("2024")
            .value_parser(PossibleValuesParser::new(["2021", "2024"])),
        own("verdict", "MODEL_MONITOR_VERDICT", "Whose decisions fill the violations file; the report shows both")
            .value_name("VERDICT")
            .default_value(Verdict::default().name())
            .value_parser(PossibleValuesParser::new(Verdict::ALL.map(Verdict::name))),
        own("duplicates", "MODEL_MONITOR_DUPLICATES", "Which ground truth serves an id that has several")
            .value_name("POLICY")
            .default_value(DuplicatePolicy::default().name())
            .value_parser(PossibleValuesParser::new(DuplicatePolicy::ALL.map(DuplicatePolicy::name))),
        own("ground-truth-id", "MODEL_MONITOR_GROUND_TRUTH_ID", "Column of the ids in tables of ground truth")
            .value_name("NAME"),
        own("class-labels", "MODEL_MONITOR_CLASS_LABELS", "Classes of the columns of scores, in their order")
            .value_name("A,B,…")
            .value_delimiter(',')
            .action(ArgAction::Append),
        own(
            "baseline-profile",
            "MODEL_MONITOR_BASELINE_PROFILE",
            "model_quality_baseline.json of a baseline; by default the one beside its constraints",
        )
        .value_name("FILE"),
        own(
            "analysis-config",
            "MODEL_MONITOR_ANALYSIS_CONFIG",
            "analysis_config.json of bias or feature attribution; by default where SageMaker mounts it",
        )
        .value_name("FILE"),
        own("start-time-offset", "MODEL_MONITOR_START_TIME_OFFSET", "Moves the start of the window: -P1D")
            .value_name("OFFSET")
            .allow_hyphen_values(true)
            .value_parser(offset),
        own("end-time-offset", "MODEL_MONITOR_END_TIME_OFFSET", "Moves the end of the window: -PT0H")
            .value_name("OFFSET")
            .allow_hyphen_values(true)
            .value_parser(offset),
        own("model-url", "MODEL_MONITOR_MODEL_URL", "Address of a server with /ping and /invocations")
            .value_name("URL"),
        own(
            "call-endpoint",
            "MODEL_MONITOR_CALL_ENDPOINT",
            "Ask predictor.endpoint_name itself: synthetic rows enter its captures",
        )
        .action(ArgAction::SetTrue)
        .value_parser(FalseyValueParser::new()),
        own("max-predictions", "MODEL_MONITOR_MAX_PREDICTIONS", "Rows that may be sent to the model")
            .value_name("N")
            .default_value("1000000")
            .value_parser(value_parser!(u64).range(1..)),
        own("model-concurrency", "MODEL_MONITOR_MODEL_CONCURRENCY", "Requests to the model under way at once")
            .value_name("N")
            .default_value("4")
            .value_parser(value_parser!(u16).range(1..=1024)),
        own("model-batch-rows", "MODEL_MONITOR_MODEL_BATCH_ROWS", "Rows in a request to the model")
            .value_name("N")
            .default_value("1000")
            .value_parser(value_parser!(u32).range(1..=1_000_000)),
        own("model-timeout", "MODEL_MONITOR_MODEL_TIMEOUT", "Seconds that the model may take for a request")
            .value_name("SECONDS")
            .default_value("60")
            .value_parser(value_parser!(u32).range(1..=3_600)),
        own("fail-on-violation", "MODEL_MONITOR_FAIL_ON_VIOLATION", "Exit with 3 when there are violations")
            .action(ArgAction::SetTrue)
            .value_parser(FalseyValueParser::new()),
        own("json", "MODEL_MONITOR_JSON", "Print the report as JSON")
            .action(ArgAction::SetTrue)
            .value_parser(FalseyValueParser::new()),
    ])
}

/// The root of SageMaker's mounts that a command line asks for which cannot be read as a whole.
pub fn opt_ml_of(arguments: &[OsString], environment: &BTreeMap<String, String>) -> PathBuf {
    let is_flag = |argument: &OsString| argument == "--opt-ml";
    let after = arguments.iter().position(is_flag).and_then(|place| arguments.get(place + 1)).map(PathBuf::from);
    let joined =
        || arguments.iter().find_map(|argument| argument.to_str()?.strip_prefix("--opt-ml=").map(PathBuf::from));
    let set = || environment.get(OPT_ML_VARIABLE).filter(|value| !value.trim().is_empty()).map(PathBuf::from);
    after.or_else(joined).or_else(set).unwrap_or_else(|| PathBuf::from(names::OPT_ML))
}

fn offset(text: &str) -> Result<i64, &'static str> {
    parse_offset(text).ok_or("it is not an offset such as -PT1H or -P7D")
}

fn parse_share(text: &str) -> Result<f64, &'static str> {
    let (number, unit) = text.strip_suffix('%').map_or((text, 1.0), |percent| (percent, 100.0));
    let share = number.trim().parse::<f64>().map_err(|_| "it is not a share such as 0.05 or 5%")? / unit;
    if (0.0..=1.0).contains(&share) { Ok(share) } else { Err("it is not between 0 and 1") }
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

fn model_access(matches: &ArgMatches) -> ModelAccess {
    let mut access = ModelAccess {
        url: matches.get_one::<String>("model-url").filter(|text| !text.trim().is_empty()).cloned(),
        calls_endpoint: matches.get_flag("call-endpoint"),
        ..ModelAccess::default()
    };
    let limits = &mut access.limits;
    let number = |name: &str| matches.get_one::<u32>(name).copied();
    limits.max_predictions = matches.get_one::<u64>("max-predictions").copied().unwrap_or(limits.max_predictions);
    limits.concurrency = matches.get_one::<u16>("model-concurrency").map_or(limits.concurrency, |&n| usize::from(n));
    limits.max_batch_rows = number("model-batch-rows").map_or(limits.max_batch_rows, |n| n as usize);
    limits.timeout = number("model-timeout").map_or(limits.timeout, |n| Duration::from_secs(u64::from(n)));
    access
}

fn run_arguments(matches: &ArgMatches) -> RunArguments {
    let word = |name: &str| matches.get_one::<String>(name).map(String::as_str).unwrap_or_default();
    let text = |name: &str| matches.get_one::<String>(name).filter(|text| !text.trim().is_empty()).cloned();
    let flag = |name: &'static str| matches.get_one::<String>(name).map(|value| (name.to_owned(), value.clone()));
    let verdict = Verdict::ALL.into_iter().find(|verdict| verdict.name() == word("verdict"));
    let duplicates = DuplicatePolicy::ALL.into_iter().find(|policy| policy.name() == word("duplicates"));
    let classes = matches.get_many::<String>("class-labels").into_iter().flatten().map(|text| text.trim().to_owned());
    RunArguments {
        flags: VARIABLES.iter().filter_map(|variable| flag(variable.name)).collect(),
        opt_ml: matches.get_one::<PathBuf>("opt-ml").cloned().unwrap_or_default(),
        n_threads: matches.get_one::<u16>("threads").map(|&n| usize::from(n)),
        memory_limit: matches.get_one::<usize>("memory-limit").copied(),
        max_rejected: matches.get_one::<f64>("max-rejected").copied().unwrap_or_default(),
        on_empty: if word("on-empty") == "fail" { OnEmpty::Fail } else { OnEmpty::Complete },
        layout: if word("aws-layout") == "2021" { Layout::Aws2021 } else { Layout::Aws2024 },
        verdict: verdict.unwrap_or_default(),
        duplicates: duplicates.unwrap_or_default(),
        ground_truth_id: text("ground-truth-id"),
        class_labels: classes.filter(|text| !text.is_empty()).collect(),
        baseline_profile: text("baseline-profile"),
        analysis_config: text("analysis-config"),
        start_time_offset: matches.get_one::<i64>("start-time-offset").copied(),
        end_time_offset: matches.get_one::<i64>("end-time-offset").copied(),
        model: model_access(matches),
        fail_on_violation: matches.get_flag("fail-on-violation"),
        json: matches.get_flag("json"),
        suggests_baseline: false,
        merges: false,
    }
}
