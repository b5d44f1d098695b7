//! A calibration: the limits that a healthy period suggests, and the smallest change that each column would show.

use serde_json::{Value, json};

use super::Window;
use crate::judge::{CalibratedLimit, SmallestChange};

/// The limits of a period.
pub struct Calibration {
    pub window: Window,
    /// Windows in the period, and those of them with rows.
    pub n_windows: usize,
    pub n_with_rows: usize,
    /// The usual number of rows in a window: the median of those with rows.
    pub n_rows: u64,
    /// False alarms a month that are accepted.
    pub false_alarms: f64,
    pub limits: Vec<CalibratedLimit>,
    /// What became of the records, a sentence each.
    pub records: Vec<String>,
    /// Where the constraints are.
    pub output: String,
}

impl Calibration {
    /// For a person: a line a column. Names are as they are in the data.
    pub fn lines(&self) -> Vec<String> {
        let head = "column                       windows  largest  limit   smallest change that is found";
        let mut lines = vec![head.to_owned()];
        lines.extend(self.limits.iter().map(line));
        lines.push(format!(
            "{} windows, {} with rows, {} rows in the usual one; {} false alarms a month accepted",
            self.n_windows, self.n_with_rows, self.n_rows, self.false_alarms
        ));
        let n_without = self.limits.iter().filter(|limit| limit.threshold.is_none()).count();
        if n_without > 0 {
            lines.push(format!("{n_without} columns keep their limits: too few windows could be compared"));
        }
        lines.extend(self.records.iter().cloned());
        lines.push(format!("constraints in {}", self.output));
        lines
    }

    /// The same as JSON.
    pub fn to_json(&self) -> Value {
        let limit = |limit: &CalibratedLimit| {
            json!({
                "feature": limit.feature,
                "n_windows": limit.n_windows,
                "largest": limit.largest,
                "threshold": limit.threshold,
                "smallest_change": limit.smallest.map(|change| change.size),
                "unit": limit.smallest.map(|change| if change.is_share { "share" } else { "standard_deviation" }),
            })
        };
        json!({
            "window": self.window.to_text(),
            "n_windows": self.n_windows,
            "n_with_rows": self.n_with_rows,
            "n_rows": self.n_rows,
            "false_alarms_a_month": self.false_alarms,
            "features": self.limits.iter().map(limit).collect::<Vec<_>>(),
            "records": self.records,
            "output": self.output,
        })
    }
}

/// The limit of a column for a person.
fn line(limit: &CalibratedLimit) -> String {
    let number = |value: Option<f64>| value.map_or("-".to_owned(), |value| format!("{value:.3}"));
    let smallest = match limit.smallest {
        Some(SmallestChange { size, is_share: true }) => format!("{:.1} points of a share", 100.0 * size),
        Some(SmallestChange { size, .. }) => format!("{size:.2} standard deviations"),
        None => "-".to_owned(),
    };
    let (feature, n_windows) = (&limit.feature, limit.n_windows);
    let (largest, threshold) = (number(limit.largest), number(limit.threshold));
    format!("{feature:<28} {n_windows:>7}  {largest:>7}  {threshold:>5}   {smallest}")
}
