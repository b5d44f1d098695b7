//! Segments of rows: each is measured and judged against the baseline of all rows.

use std::sync::Arc;

use super::results::{Baseline, results};
use crate::error;
use crate::judge::{self, Case, Sides};
use crate::profile::{MAX_SEGMENTS, Segment, Segments, TableStatistics};
use crate::report::{DataQualityResults, RowSegment, RowSegments, Warning};
use crate::run::warning::warning;

/// Measures and judges every segment. Their tests are corrected together, apart from those of the whole, so that where
/// nothing changed at most one run in twenty has a finding in any of them.
pub(super) fn judged(segments: Segments, whole: &DataQualityResults) -> RowSegments<DataQualityResults> {
    let n_other = segments.n_other();
    let Segments { column, n_rows, segments } = segments.with_columns_of(&whole.statistics);
    let baseline = without(&column, whole);
    let measured: Vec<(Option<String>, DataQualityResults)> = segments
        .into_iter()
        .map(|Segment { value, statistics }| {
            let measured = results(baseline.clone(), judge::suggest(&statistics), statistics, false);
            (value, DataQualityResults { redact: whole.redact, ..measured })
        })
        .collect();
    let samples =
        measured.iter().filter_map(|(_, of)| Some((of.case()?, (of.baseline_statistics.as_deref()?, &of.statistics))));
    let samples: Vec<(Case<'_>, Sides<'_>)> = samples.collect();
    let mut tests = judge::test_together(&samples).into_iter();
    let segment = |(value, results): (Option<String>, DataQualityResults)| RowSegment {
        value,
        n_rows: results.statistics.n_rows,
        judgement: results.judged_by(tests.next().unwrap_or_default()),
        results,
    };
    let segments = measured.into_iter().map(segment).collect();
    RowSegments { column, n_rows, n_other, segments, redact: whole.redact }
}

/// The baseline without the column that makes the segments: in each it has one value.
fn without(column: &str, whole: &DataQualityResults) -> Option<Baseline> {
    let mut constraints = whole.baseline.as_deref()?.clone();
    constraints.features.retain(|feature| feature.name != column);
    let statistics = whole.baseline_statistics.as_deref().map(|statistics| {
        let mut statistics = statistics.clone();
        statistics.columns.retain(|known| known.name != column);
        Arc::new(statistics)
    });
    Some(Baseline { constraints: constraints.into(), statistics })
}

/// The column is not there, or has more values than are measured.
pub(super) fn warning_of(segments: &RowSegments<DataQualityResults>, whole: &TableStatistics) -> Option<Warning> {
    let RowSegments { column, n_other, n_rows, .. } = segments;
    if whole.columns.iter().all(|known| known.name != *column) {
        return Some(warning(&error::SEGMENT_ABSENT, error::printable(&format!("no row has a column {column}"))));
    }
    let told = || {
        format!("{n_other} of {n_rows} rows have other values of {column} than the {MAX_SEGMENTS} that are measured")
    };
    (*n_other > 0).then(|| warning(&error::SEGMENTS_CUT, error::printable(&told())))
}
