//! Row segments: the results of the rows that hold each value of a column, and which of them carry the drift.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::json::known;
use super::segment::with_results;
use super::unknown_values::shown;
use super::{MonitorResults, Outcome, Run, contributions};
use crate::judge::{Judgement, Test};
use crate::measure::drift::{Comparison, carried};
use crate::profile::{ColumnStatistics, TableStatistics, Undefined};

/// Most segments that are told for a column that drifted.
const MAX_CARRYING: usize = 5;

/// Results that know the statistics of columns.
pub trait OfColumns {
    fn column(&self, name: &str) -> Option<&ColumnStatistics>;
}

/// The segments by one column, with the results of a monitor.
pub struct RowSegments<R> {
    /// Whose values make the segments.
    pub column: String,
    pub n_rows: u64,
    /// Rows that are in none.
    pub n_other: u64,
    pub segments: Vec<RowSegment<R>>,
    /// Whether the values are named nowhere.
    pub redact: bool,
}

/// The rows that hold one value.
pub struct RowSegment<R> {
    /// `None` where the cell is null.
    pub value: Option<String>,
    pub n_rows: u64,
    pub results: R,
    /// The tests are corrected for those of all segments.
    pub judgement: Judgement,
}

/// How much of a column's distance goes with a segment; `None` is the rows that are in none.
type Carrier<'s, R> = (Option<(usize, &'s RowSegment<R>)>, f64);

impl<R: MonitorResults + OfColumns> RowSegments<R> {
    /// An entry for each segment, and for the rows that are in none.
    pub(super) fn to_json(&self, run: &Run<'_>) -> Vec<Value> {
        let entry = |(place, segment): (usize, &RowSegment<R>)| {
            let (n, n_violations) = (segment.n_rows, segment.judgement.chosen(run.verdict).len());
            let mut name = vec![("column", json!(self.column))];
            name.extend(self.name(Some((place, segment))));
            name.push(("share", json!(self.share(n))));
            let sections = segment.results.sections(run, &segment.judgement);
            with_results(name, (Outcome::of(n, n_violations), n, n_violations), sections)
        };
        let other = || {
            let share = self.share(self.n_other);
            let (_, not_computed) = known(Err(Undefined::HighCardinality));
            json!({"column": self.column, "rows": "other", "n": self.n_other, "share": share, "not_computed": not_computed})
        };
        let entries = self.segments.iter().enumerate().map(entry);
        entries.chain((self.n_other > 0).then(other)).collect()
    }

    /// The segments that carry most of the distance of a column that drifted, the first ones first.
    pub(super) fn carrying(&self, sides: (&ColumnStatistics, &ColumnStatistics)) -> Vec<Value> {
        let entry = |(segment, share): (Option<(usize, &RowSegment<R>)>, f64)| {
            let of_rows = self.share(self.n_rows_of(segment));
            let of_both = [("share_of_distance", json!(share)), ("share_of_rows", json!(of_rows))];
            self.name(segment).into_iter().chain(of_both).map(|(key, value)| (key.to_owned(), value)).collect()
        };
        self.carriers(sides).into_iter().map(entry).map(Value::Object).collect()
    }

    /// Where most of the drift is, a line for each column that drifted; `sides` are the statistics of the baseline and
    /// of all rows.
    pub(super) fn lines(&self, (baseline, whole): (&TableStatistics, &TableStatistics), tests: &[Test]) -> Vec<String> {
        let drifted = tests.iter().filter(|test| contributions::has_drifted(test));
        let drifted: BTreeSet<&str> = drifted.filter_map(|test| test.subject.feature()).collect();
        let line = |baseline: &ColumnStatistics| {
            let name = &baseline.name;
            let current = whole.columns.iter().find(|column| column.name == *name)?;
            // Drift that is everywhere alike is in no place.
            let share_of_rows = |segment| self.share(self.n_rows_of(segment));
            let mut carriers = self.carriers((baseline, current)).into_iter();
            let (segment, share) = carriers.find(|(segment, share)| *share > share_of_rows(*segment))?;
            let (column, of_rows) = (&self.column, 100.0 * share_of_rows(segment));
            let place = match segment {
                None => format!("other values of {column}"),
                Some((_, RowSegment { value: None, .. })) => format!("rows without {column}"),
                Some((place, RowSegment { value: Some(value), .. })) => {
                    format!("{column} = {}", self.value(place, value).escape_debug())
                }
            };
            Some(format!("  {name} drifted: {:.0} % of it in {place} ({of_rows:.0} % of the rows)", 100.0 * share))
        };
        baseline.columns.iter().filter(|column| drifted.contains(column.name.as_str())).filter_map(line).collect()
    }

    /// The segments without which less of the column's distance is left, those with the most first.
    fn carriers<'s>(&'s self, (baseline, current): (&ColumnStatistics, &ColumnStatistics)) -> Vec<Carrier<'s, R>> {
        let column = |(place, segment): (usize, &'s RowSegment<R>)| {
            Some(((place, segment), segment.results.column(&current.name)?))
        };
        // The column that makes the segments is in none of them.
        let (segments, parts): (Vec<_>, Vec<_>) = self.segments.iter().enumerate().filter_map(column).unzip();
        let Ok(found) = carried(&Comparison::new(baseline, current), &parts) else { return Vec::new() };
        let of_parts = segments.into_iter().map(Some).zip(found.parts);
        let all = of_parts.chain((self.n_other > 0).then_some((None, found.rest)));
        let mut carriers: Vec<Carrier<'s, R>> =
            all.filter_map(|(segment, share)| Some((segment, share.ok().filter(|share| *share > 0.0)?))).collect();
        carriers.sort_by(|(_, a), (_, b)| b.total_cmp(a));
        carriers.truncate(MAX_CARRYING);
        carriers
    }

    /// Which rows a segment has, as members of the report.
    fn name(&self, segment: Option<(usize, &RowSegment<R>)>) -> Vec<(&'static str, Value)> {
        match segment {
            None => vec![("rows", json!("other"))],
            Some((_, RowSegment { value: None, .. })) => vec![("rows", json!("missing"))],
            Some((place, RowSegment { value: Some(value), .. })) => {
                vec![("rows", json!("value")), ("value", json!(self.value(place, value)))]
            }
        }
    }

    /// A value as it is told; numbered where values are redacted, as classes are.
    fn value(&self, place: usize, value: &str) -> String {
        if self.redact { format!("value {}", place + 1) } else { shown(value) }
    }

    fn n_rows_of(&self, segment: Option<(usize, &RowSegment<R>)>) -> u64 {
        segment.map_or(self.n_other, |(_, segment)| segment.n_rows)
    }

    fn share(&self, n: u64) -> f64 {
        n as f64 / self.n_rows.max(1) as f64
    }
}
