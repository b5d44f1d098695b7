//! Settings of our own, which SageMaker does not know.

use crate::judge::Verdict;
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

/// Limits and ways of working.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
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
    /// Which ground truth serves an id that has several.
    pub duplicates: DuplicatePolicy,
    /// Column of the ids in tables of ground truth.
    pub ground_truth_id: Option<String>,
    /// Classes of the columns of scores, in their order.
    pub class_labels: Vec<String>,
    /// The file that a model-quality baseline leaves beside its constraints, where it is not there.
    pub baseline_profile: Option<String>,
    /// Milliseconds that the window's bounds are moved by.
    pub start_time_offset: Option<i64>,
    pub end_time_offset: Option<i64>,
    pub model: ModelAccess,
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
    /// Longest record in bytes: at most 32 MiB (a request of SageMaker holds at most 25 MB, a third
    /// more in BASE64), less where memory is short.
    pub fn max_record_bytes(&self) -> usize {
        (self.memory_limit / 16).clamp(64 << 10, 32 << 20)
    }
}

/// Bytes of a size such as `512MB`, `2GiB`, `1.5g` or `1048576`. `MB` and `MiB` both mean 2²⁰ bytes.
pub fn parse_bytes(text: &str) -> Option<usize> {
    let text = text.trim();
    let digits = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let number: f64 = number.parse().ok()?;
    let factor = match unit.trim().to_ascii_lowercase().as_str() {
        "" | "b" => 1_u64,
        "k" | "kb" | "kib" => 1 << 10,
        "m" | "mb" | "mib" => 1 << 20,
        "g" | "gb" | "gib" => 1 << 30,
        "t" | "tb" | "tib" => 1 << 40,
        _ => return None,
    };
    let bytes = number * factor as f64;
    (bytes >= 1.0 && bytes < usize::MAX as f64).then_some(bytes as usize)
}
