//! Settings of the program's own, which SageMaker does not know, as values; their flags are in [`super::SETTINGS`].

use std::path::PathBuf;

use crate::decode::Filter;
use crate::judge::{AlarmRule, Verdict};
use crate::names;
use crate::pairing::DuplicatePolicy;
use crate::predict::Limits;
use crate::wire::Layout;

/// What to do when no record of the input counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnEmpty {
    /// Write empty results and succeed.
    #[default]
    Complete,
    /// Fail.
    Fail,
}

impl OnEmpty {
    pub const ALL: [Self; 2] = [Self::Complete, Self::Fail];

    /// The stable word of flags.
    pub fn name(self) -> &'static str {
        match self {
            Self::Complete => "complete",
            Self::Fail => "fail",
        }
    }
}

/// Share of rejected records that is no reason to fail.
const MAX_REJECTED: f64 = 0.05;

/// Limits and ways of working.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// Root of SageMaker's mounts.
    pub opt_ml: PathBuf,
    /// Threads that fold; at least one.
    pub n_threads: usize,
    /// Bytes that the process may take up; half of them are counted out to statistics and batches.
    pub memory_limit: usize,
    /// Largest accepted share of rejected records, in 0…1.
    pub max_rejected: f64,
    pub on_empty: OnEmpty,
    /// Layout of statistics and constraints.
    pub layout: Layout,
    pub verdict: Verdict,
    /// The folder of the results of the windows before this one, or one above it.
    pub previous_output: Option<String>,
    pub alarm_rule: AlarmRule,
    /// The drift measure of columns for which constraints name none.
    pub drift_measure: Option<&'static str>,
    /// The limit of columns for which constraints name none.
    pub drift_threshold: Option<f64>,
    /// Which ground truth serves an id that has several.
    pub duplicates: DuplicatePolicy,
    /// Column of the ids in tables of ground truth.
    pub ground_truth_id: Option<String>,
    /// The byte between the cells of tables of ground truth, where it is not that of the dataset's tables.
    pub ground_truth_delimiter: Option<u8>,
    /// Classes of the columns of scores, in their order.
    pub class_labels: Vec<String>,
    /// The file that a model-quality baseline leaves beside its constraints, where it is not there.
    pub baseline_profile: Option<String>,
    /// The analysis configuration, where it is not the one that SageMaker mounts.
    pub analysis_config: Option<String>,
    /// Which captured records are meant.
    pub filter: Filter,
    /// The column whose values make segments of the rows.
    pub segment: Option<String>,
    /// Milliseconds that the window's bounds are moved by.
    pub start_time_offset: Option<i64>,
    pub end_time_offset: Option<i64>,
    pub model: ModelAccess,
    /// Whether violations make the exit code say so.
    pub fail_on_violation: bool,
    /// Whether the report is printed as JSON.
    pub json: bool,
    /// Whether nothing is printed but errors.
    pub quiet: bool,
    /// Whether warnings and what is told about unknown values name no values of the data.
    pub redact: bool,
    /// What is logged: a level, or a filter of the crate `tracing-subscriber`.
    pub log_level: Option<String>,
}

/// How the model may be asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ModelAccess {
    /// A server with `/ping` and `/invocations`.
    pub url: Option<String>,
    /// Whether an endpoint in use may be asked: synthetic rows enter its captures.
    pub calls_endpoint: bool,
    pub limits: Limits,
}

impl Settings {
    /// What holds where nothing is set, on a machine of so many threads and so much memory in bytes.
    pub fn of_machine(n_threads: usize, memory_limit: usize) -> Self {
        Self {
            opt_ml: PathBuf::from(names::OPT_ML),
            n_threads,
            memory_limit,
            max_rejected: MAX_REJECTED,
            on_empty: OnEmpty::default(),
            layout: Layout::default(),
            verdict: Verdict::default(),
            previous_output: None,
            alarm_rule: AlarmRule::default(),
            drift_measure: None,
            drift_threshold: None,
            duplicates: DuplicatePolicy::default(),
            ground_truth_id: None,
            ground_truth_delimiter: None,
            class_labels: Vec::new(),
            baseline_profile: None,
            analysis_config: None,
            filter: Filter::default(),
            segment: None,
            start_time_offset: None,
            end_time_offset: None,
            model: ModelAccess::default(),
            fail_on_violation: false,
            json: false,
            quiet: false,
            redact: false,
            log_level: None,
        }
    }

    /// Longest record in bytes: at most 32 MiB (a request of SageMaker holds at most 25 MB, a third
    /// more in BASE64), less where memory is short.
    pub fn max_record_bytes(&self) -> usize {
        self.max_record_memory().min(32 << 20)
    }

    /// Most bytes that the rows of one record may take in memory: several batches are under way at once, and one
    /// holds a whole record.
    pub fn max_record_memory(&self) -> usize {
        (self.memory_limit / 16).max(64 << 10)
    }
}
