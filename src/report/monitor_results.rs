//! What a monitor found out, closed: the half of a monitor that draws. The half that reads and measures is
//! `run::Monitor`.

use serde_json::Value;

use super::{Account, Artifact, Run, looked_at_labels};
use crate::judge::{Finding, IncidentKey, Judgement};
use crate::names::Monitor;
use crate::wire::cloudwatch::{MetricValue, Unit};

/// The results of one run of one monitor.
pub trait MonitorResults {
    const MONITOR: Monitor;

    /// Whether there is a baseline to hold the results against; without one no violations are written.
    fn has_baseline(&self) -> bool;

    /// What is found against the baseline, by both verdicts.
    fn judge(&self) -> Judgement;

    /// The incidents that are named, as the next window is told of them.
    fn incidents(&self) -> Vec<IncidentKey> {
        Vec::new()
    }

    /// Records or rows behind the results; none of them, and the outcome is that there is no data.
    fn n_used(&self, account: &Account) -> u64;

    /// What was looked at, where none of it could be used.
    fn looked_at(&self, account: &Account) -> String {
        looked_at_labels(account, None)
    }

    /// The files of this monitor alone, in the order in which they are to be written.
    fn files(&self, run: &Run<'_>) -> Vec<Artifact>;

    /// Its part of the report.
    fn sections(&self, run: &Run<'_>, judgement: &Judgement) -> Sections;

    /// The results of parts of the rows, beside those of variants ([`Run::segments`]).
    fn segments(&self, _run: &Run<'_>) -> Vec<Value> {
        Vec::new()
    }

    /// Its CloudWatch metrics, after those of every run.
    fn metrics(&self) -> Vec<Metric>;

    /// What was measured, for a person, a line each; what is among the findings is marked ([`marked`]).
    fn lines(&self, findings: &[Finding]) -> Vec<String>;
}

/// A line about something measured, and whether it is a violation.
pub(super) fn marked(is_violated: bool, line: &str) -> String {
    format!("{} {}", if is_violated { '!' } else { ' ' }, line.trim_end())
}

/// An interval behind a number; nothing where there is none.
pub(super) fn interval_text(interval: Option<(f64, f64)>) -> String {
    interval.map(|(low, high)| format!("  [{low:.4}, {high:.4}]")).unwrap_or_default()
}

/// The parts of the report that monitors have for themselves.
#[derive(Debug, Default)]
pub struct Sections {
    /// Sections and their keys.
    pub own: Vec<(&'static str, Value)>,
    /// In the order of the input's columns; then baseline columns that did not arrive.
    pub features: Vec<Value>,
}

/// A CloudWatch metric without its time, in dimensions beside those of the job.
pub struct Metric {
    pub name: String,
    pub value: MetricValue,
    pub unit: Unit,
    pub dimensions: Vec<(&'static str, String)>,
}

impl Metric {
    /// A single value without a unit.
    pub(super) fn single(name: impl Into<String>, value: f64) -> Self {
        Self { name: name.into(), value: MetricValue::Single(value), unit: Unit::None, dimensions: Vec::new() }
    }

    /// A number of things.
    pub(super) fn count(name: &str, n: u64) -> Self {
        Self { unit: Unit::Count, ..Self::single(name, n as f64) }
    }

    pub(super) fn within(self, dimensions: &[(&'static str, &str)]) -> Self {
        let dimensions = dimensions.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        Self { dimensions, ..self }
    }
}
