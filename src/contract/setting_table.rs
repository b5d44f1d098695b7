//! Table of the program's own settings.

use std::time::Duration;

use super::monitors::{EVERY_MONITOR, WITH_BASELINE, WITH_GROUND_TRUTH, WITH_MODEL};
use super::setting::{Setting, SettingValue, VARIABLE_PREFIX};
use super::settings::OnEmpty;
use crate::judge::Verdict;
use crate::names::{self, Monitor};
use crate::pairing::DuplicatePolicy;
use crate::wire::Layout;

/// Variables that are called like those of settings, and are none: what is misspelt would be left aside in silence.
pub fn unknown_variables<'a>(environment: impl Iterator<Item = &'a String>) -> impl Iterator<Item = &'a String> {
    environment.filter(|name| {
        name.starts_with(VARIABLE_PREFIX) && !SETTINGS.iter().any(|setting| setting.variable() == **name)
    })
}

/// Every setting, in the order of the help text.
pub static SETTINGS: &[Setting] = &[
    Setting {
        flag: "opt-ml",
        value_name: "FOLDER",
        default: Some(names::OPT_ML),
        help: "Root of SageMaker's mounts",
        monitors: EVERY_MONITOR,
        value: SettingValue::Text(|settings, text| settings.opt_ml = text.into()),
    },
    Setting {
        flag: "threads",
        value_name: "N",
        default: None,
        help: "Threads; by default one for each core",
        monitors: EVERY_MONITOR,
        value: SettingValue::Count(1_024, |settings, n| settings.n_threads = n as usize),
    },
    Setting {
        flag: "memory-limit",
        value_name: "SIZE",
        default: None,
        help: "Memory for the process; by default half of the machine's or the container's",
        monitors: EVERY_MONITOR,
        value: SettingValue::Size(|settings, bytes| settings.memory_limit = bytes),
    },
    Setting {
        flag: "max-rejected",
        value_name: "SHARE",
        default: Some("0.05"),
        help: "Largest share of rejected records before the run fails: 0.05 or 5%",
        monitors: EVERY_MONITOR,
        value: SettingValue::Share(|settings, share| settings.max_rejected = share),
    },
    Setting {
        flag: "on-empty",
        value_name: "WAY",
        default: Some("complete"),
        help: "What to do when no record counts",
        monitors: EVERY_MONITOR,
        value: SettingValue::OneOf(
            || OnEmpty::ALL.map(OnEmpty::name).to_vec(),
            |settings, word| set_named(&mut settings.on_empty, OnEmpty::ALL, OnEmpty::name, word),
        ),
    },
    Setting {
        flag: "aws-layout",
        value_name: "YEAR",
        default: Some("2024"),
        help: "Generation of AWS's files to write",
        monitors: &[Monitor::DataQuality, Monitor::ModelQuality],
        value: SettingValue::OneOf(
            || Layout::ALL.map(Layout::name).to_vec(),
            |settings, word| set_named(&mut settings.layout, Layout::ALL, Layout::name, word),
        ),
    },
    Setting {
        flag: "verdict",
        value_name: "VERDICT",
        default: Some("aws"),
        help: "Whose decisions fill the violations file; the report shows both",
        monitors: WITH_BASELINE,
        value: SettingValue::OneOf(
            || Verdict::ALL.map(Verdict::name).to_vec(),
            |settings, word| set_named(&mut settings.verdict, Verdict::ALL, Verdict::name, word),
        ),
    },
    Setting {
        flag: "previous-output",
        value_name: "PLACE",
        default: None,
        help: "Results of the windows before this one, a folder or one above it: the statistical verdict then holds its rate over all of them",
        monitors: WITH_BASELINE,
        value: SettingValue::Text(|settings, text| settings.previous_output = Some(text.to_owned())),
    },
    Setting {
        flag: "alarm-rule",
        value_name: "RULE",
        default: Some("e-process"),
        help: "How those windows count: e-process, or K/N for K violated windows of the last N",
        monitors: WITH_BASELINE,
        value: SettingValue::AlarmRule(|settings, rule| settings.alarm_rule = rule),
    },
    Setting {
        flag: "drift-measure",
        value_name: "MEASURE",
        default: None,
        help: "Measure of drift that decides of columns for which the constraints name none, where it suits them",
        monitors: &[Monitor::DataQuality],
        value: SettingValue::DriftMeasure(|settings, name| settings.drift_measure = Some(name)),
    },
    Setting {
        flag: "drift-threshold",
        value_name: "NUMBER",
        default: None,
        help: "Its limit; without a measure, the margin of the statistical verdict's tests of distributions",
        monitors: &[Monitor::DataQuality],
        value: SettingValue::Number(|settings, number| settings.drift_threshold = Some(number)),
    },
    Setting {
        flag: "duplicates",
        value_name: "POLICY",
        default: Some("nearest"),
        help: "Which ground truth serves an id that has several",
        monitors: WITH_GROUND_TRUTH,
        value: SettingValue::OneOf(
            || DuplicatePolicy::ALL.map(DuplicatePolicy::name).to_vec(),
            |settings, word| set_named(&mut settings.duplicates, DuplicatePolicy::ALL, DuplicatePolicy::name, word),
        ),
    },
    Setting {
        flag: "ground-truth-id",
        value_name: "NAME",
        default: None,
        help: "Column of the ids in tables of ground truth",
        monitors: WITH_GROUND_TRUTH,
        value: SettingValue::Text(|settings, text| settings.ground_truth_id = Some(text.to_owned())),
    },
    Setting {
        flag: "ground-truth-delimiter",
        value_name: "CHARACTER",
        default: None,
        help: "Between the cells of tables of ground truth: ';', or \\t for a tab; by default as in dataset_format",
        monitors: WITH_GROUND_TRUTH,
        value: SettingValue::Delimiter(|settings, delimiter| settings.ground_truth_delimiter = Some(delimiter)),
    },
    Setting {
        flag: "class-labels",
        value_name: "A,B,…",
        default: None,
        help: "Classes of the columns of scores, in their order",
        monitors: &[Monitor::ModelQuality],
        value: SettingValue::List(|settings, label| settings.class_labels.push(label.to_owned())),
    },
    Setting {
        flag: "baseline-profile",
        value_name: "FILE",
        default: None,
        help: "model_quality_baseline.json of a baseline; by default the one beside its constraints",
        monitors: &[Monitor::ModelQuality],
        value: SettingValue::Text(|settings, text| settings.baseline_profile = Some(text.to_owned())),
    },
    Setting {
        flag: "analysis-config",
        value_name: "FILE",
        default: None,
        help: "analysis_config.json of bias or feature attribution; by default where SageMaker mounts it",
        monitors: &[Monitor::Bias, Monitor::Attribution],
        value: SettingValue::Text(|settings, text| settings.analysis_config = Some(text.to_owned())),
    },
    Setting {
        flag: "where",
        value_name: "EXPRESSION",
        default: None,
        help: "Only captures whose eventMetadata fulfil this JMESPath: \"customAttributes[0].test != 'true'\"",
        monitors: EVERY_MONITOR,
        value: SettingValue::Expression(|settings, condition| settings.filter.condition = Some(condition)),
    },
    Setting {
        flag: "variant",
        value_name: "NAME",
        default: None,
        help: "Only captures of this variant of the endpoint, by the folder that they lie in",
        monitors: EVERY_MONITOR,
        value: SettingValue::Text(|settings, text| settings.filter.variant = Some(text.trim().to_owned())),
    },
    Setting {
        flag: "segment",
        value_name: "COLUMN",
        default: None,
        help: "Measure the rows of each value of this column, too, and say which of them carry the drift: a column of the rows, not of eventMetadata",
        monitors: &[Monitor::DataQuality],
        value: SettingValue::Text(|settings, text| settings.segment = Some(text.trim().to_owned())),
    },
    Setting {
        flag: "start-time-offset",
        value_name: "OFFSET",
        default: None,
        help: "Moves the start of the window; -PT1H, with an end of -PT0H and no times, is the last full hour",
        monitors: EVERY_MONITOR,
        value: SettingValue::Offset(|settings, millis| settings.start_time_offset = Some(millis)),
    },
    Setting {
        flag: "end-time-offset",
        value_name: "OFFSET",
        default: None,
        help: "Moves the end of the window, as --start-time-offset moves its start",
        monitors: EVERY_MONITOR,
        value: SettingValue::Offset(|settings, millis| settings.end_time_offset = Some(millis)),
    },
    Setting {
        flag: "model-url",
        value_name: "URL",
        default: None,
        help: "Address of a server with /ping and /invocations",
        monitors: WITH_MODEL,
        value: SettingValue::Text(|settings, text| settings.model.url = Some(text.to_owned())),
    },
    Setting {
        flag: "call-endpoint",
        value_name: "",
        default: None,
        help: "Ask predictor.endpoint_name itself: synthetic rows enter its captures",
        monitors: WITH_MODEL,
        value: SettingValue::Switch(|settings, is_on| settings.model.calls_endpoint = is_on),
    },
    Setting {
        flag: "max-predictions",
        value_name: "N",
        default: Some("1000000"),
        help: "Rows that may be sent to the model",
        monitors: WITH_MODEL,
        value: SettingValue::Count(u64::MAX, |settings, n| settings.model.limits.max_predictions = n),
    },
    Setting {
        flag: "model-concurrency",
        value_name: "N",
        default: Some("4"),
        help: "Requests to the model under way at once",
        monitors: WITH_MODEL,
        value: SettingValue::Count(1_024, |settings, n| settings.model.limits.concurrency = n as usize),
    },
    Setting {
        flag: "model-batch-rows",
        value_name: "N",
        default: Some("1000"),
        help: "Rows in a request to the model",
        monitors: WITH_MODEL,
        value: SettingValue::Count(1_000_000, |settings, n| settings.model.limits.max_batch_rows = n as usize),
    },
    Setting {
        flag: "model-timeout",
        value_name: "SECONDS",
        default: Some("60"),
        help: "Seconds that the model may take for a request",
        monitors: WITH_MODEL,
        value: SettingValue::Count(3_600, |settings, n| settings.model.limits.timeout = Duration::from_secs(n)),
    },
    Setting {
        flag: "fail-on-violation",
        value_name: "",
        default: None,
        help: "Exit with 3 when there are violations",
        monitors: WITH_BASELINE,
        value: SettingValue::Switch(|settings, is_on| settings.fail_on_violation = is_on),
    },
    Setting {
        flag: "json",
        value_name: "",
        default: None,
        help: "Print the report as JSON",
        monitors: EVERY_MONITOR,
        value: SettingValue::Switch(|settings, is_on| settings.json = is_on),
    },
    Setting {
        flag: "quiet",
        value_name: "",
        default: None,
        help: "Print no summary and no progress",
        monitors: EVERY_MONITOR,
        value: SettingValue::Switch(|settings, is_on| settings.quiet = is_on),
    },
    Setting {
        flag: "redact",
        value_name: "",
        default: None,
        help: "Name no values of the data in warnings, none that the baseline does not know, and no classes",
        monitors: EVERY_MONITOR,
        value: SettingValue::Switch(|settings, is_on| settings.redact = is_on),
    },
    Setting {
        flag: "log-level",
        value_name: "LEVEL",
        default: None,
        help: "The least important lines that are logged; by default info in jobs and warn on a terminal",
        monitors: EVERY_MONITOR,
        value: SettingValue::OneOf(|| LOG_LEVELS.to_vec(), |settings, word| settings.log_level = Some(word.to_owned())),
    },
];

/// Levels of log lines, the most important first.
pub const LOG_LEVELS: [&str; 5] = ["error", "warn", "info", "debug", "trace"];

/// Sets a field to the value of this name; words of no value change nothing.
fn set_named<T: Copy, const N: usize>(field: &mut T, all: [T; N], name: fn(T) -> &'static str, word: &str) {
    *field = all.into_iter().find(|value| name(*value) == word).unwrap_or(*field);
}
