//! Contributions: which parts of a column, and which columns of a run, carry the drift.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::json::without_empty;
use super::unknown_values::shown;
use crate::judge::{self, Test, TestOutcome};
use crate::measure::FeatureMeasurements;
use crate::measure::drift::{Comparison, Contribution, Part, contributions};
use crate::profile::ColumnStatistics;

/// Most parts of a column that are told.
const MAX_TOLD: usize = 5;
/// The distance that the parts share.
const DISTANCE: &str = "total_variation_distance";

/// Whether a test found that the distribution of a column changed.
pub(super) fn has_drifted(test: &Test) -> bool {
    test.outcome == TestOutcome::Violated && judge::is_of_distribution(test)
}

/// The parts of a column that carry most of its distance, as members of the report.
pub(super) fn of_column(baseline: &ColumnStatistics, current: &ColumnStatistics, is_redacted: bool) -> Vec<Value> {
    let found = contributions(&Comparison::new(baseline, current)).unwrap_or_default();
    found.iter().take(MAX_TOLD).map(|one| to_json(one, is_redacted)).collect()
}

fn to_json(contribution: &Contribution<'_>, is_redacted: bool) -> Value {
    let (part, [value, from, to]) = match contribution.part {
        Part::Below(to) => ("below", [None, None, Some(json!(to))]),
        Part::Above(from) => ("above", [None, Some(json!(from)), None]),
        Part::Range { from, to } => ("range", [None, Some(json!(from)), Some(json!(to))]),
        Part::Value(value) => ("value", [Some(json!(value)), None, None]),
        Part::Between => ("between", [None, None, None]),
        Part::Category(value) => ("category", [(!is_redacted).then(|| json!(shown(value))), None, None]),
        Part::Unknown => ("unknown", [None, None, None]),
        Part::Missing => ("missing", [None, None, None]),
    };
    let object = json!({
        "part": part,
        "value": value,
        "from": from,
        "to": to,
        "baseline_share": contribution.baseline_share,
        "current_share": contribution.current_share,
        "share_of_distance": contribution.share,
    });
    without_empty(object, &["value", "from", "to"])
}

/// The columns that drifted, with what each adds to the sum of their distances, the largest first; a section of the
/// report, absent where none did.
pub(super) fn of_run(measurements: &[FeatureMeasurements], tests: &[Test]) -> Option<(&'static str, Value)> {
    let drifted: BTreeSet<&str> =
        tests.iter().filter(|test| has_drifted(test)).filter_map(|test| test.subject.feature()).collect();
    let distance =
        |measured: &FeatureMeasurements| Some((measured.feature.clone(), measured.get(DISTANCE)?.value.ok()?));
    let of_drifted = measurements.iter().filter(|measured| drifted.contains(measured.feature.as_str()));
    let mut distances: Vec<(String, f64)> = of_drifted.filter_map(distance).collect();
    distances.sort_by(|(_, a), (_, b)| b.total_cmp(a));
    let sum: f64 = distances.iter().map(|(_, distance)| distance).sum();
    let told =
        distances.iter().map(|(feature, distance)| json!({"feature": feature, "share_of_drift": distance / sum}));
    (sum > 0.0).then(|| ("contributions", told.collect()))
}
