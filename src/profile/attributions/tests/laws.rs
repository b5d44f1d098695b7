//! Laws of the summaries: splits, batches and order do not matter.

use proptest::prelude::*;

use super::rows::{Captured, explained, row, settings};
use crate::profile::{
    AttributionStatistics, AttributionSummary, CapturedAttributionSummary, ExplainedOutput, ExplainedRow,
};
use crate::summary::Summary;

fn is_near(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * (1.0 + a.abs())
}

/// Counts and exact medians of both are the same, sums but for their rounding.
fn assert_same(a: &AttributionStatistics, b: &AttributionStatistics) -> Result<(), TestCaseError> {
    prop_assert_eq!((&a.features, &a.n_unusable, a.outputs.len()), (&b.features, &b.n_unusable, b.outputs.len()));
    for (a, b) in a.outputs.iter().zip(&b.outputs) {
        prop_assert_eq!((&a.output, a.n, a.replicates.len()), (&b.output, b.n, b.replicates.len()));
        for (a, b) in a.features.iter().zip(&b.features) {
            prop_assert_eq!(a.median, b.median);
            prop_assert!(is_near(a.mean, b.mean) && is_near(a.mean_abs, b.mean_abs) && is_near(a.mean_sq, b.mean_sq));
            prop_assert!(is_near(a.variance_abs.unwrap_or(-1.0), b.variance_abs.unwrap_or(-1.0)));
            prop_assert!(is_near(a.sampling_error.unwrap_or(-1.0), b.sampling_error.unwrap_or(-1.0)));
        }
        for (a, b) in a.replicates.iter().flatten().zip(b.replicates.iter().flatten()) {
            prop_assert!(is_near(*a, *b));
        }
    }
    Ok(())
}

fn explained_row() -> impl Strategy<Value = ExplainedRow> {
    let number = prop_oneof![9 => -3.0..3.0f64, 1 => Just(0.0), 1 => Just(f64::NAN)];
    let output = (prop::collection::vec(number, 2), prop::option::weighted(0.9, prop::collection::vec(0.0..0.1f64, 2)));
    (any::<u64>(), prop::collection::vec(output, 2)).prop_map(|(hash, outputs)| ExplainedRow {
        hash,
        outputs: outputs
            .into_iter()
            .map(|(attributions, standard_errors)| ExplainedOutput { attributions, standard_errors })
            .collect(),
    })
}

/// Features that come and go, in two outputs.
fn captured() -> impl Strategy<Value = Captured> {
    let cell = prop_oneof![
        12 => (-20i32..20).prop_map(|i| Some(f64::from(i).to_string())),
        1 => Just(None),
        1 => prop::sample::select(vec!["", "x", "NaN", "1e200", " 2 "]).prop_map(|text| Some(text.to_owned())),
    ];
    (prop::collection::vec(prop::collection::vec(cell, 4), 1..50), 0usize..50).prop_map(|(rows, appears)| {
        let names = [(0, "a"), (0, "b"), (1, "b"), (1, "a")];
        let column = |(i, (output, feature)): (usize, &(usize, &str))| {
            let cells = rows.iter().map(|row| row[i].clone()).collect();
            (*output, (*feature).to_owned(), cells)
        };
        let mut columns: Vec<_> = names.iter().enumerate().map(column).collect();
        for output in 0..2 {
            let late = (0..rows.len()).map(|row| (row >= appears).then(|| "1".to_owned())).collect();
            columns.push((output, "late".to_owned(), late));
        }
        Captured { columns }
    })
}

fn ends(cuts: &[usize], n: usize) -> Vec<usize> {
    let mut ends: Vec<usize> = cuts.iter().map(|cut| cut % (n + 1)).chain([n]).collect();
    ends.sort_unstable();
    ends
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_split_of_explained_rows_closes_to_the_same(
        rows in prop::collection::vec(explained_row(), 0..40),
        cuts in prop::collection::vec(0usize..40, 0..4),
    ) {
        let settings = settings(&["a", "b"], 2);
        let whole = explained(&settings, &rows).finish();
        let (mut merged, mut start) = (AttributionSummary::default(), 0);
        for end in ends(&cuts, rows.len()) {
            merged.merge(explained(&settings, &rows[start..end]));
            start = end;
        }
        merged.merge(AttributionSummary::default());
        assert_same(&merged.finish(), &whole)?;
    }

    #[test]
    fn any_split_of_captured_rows_in_any_batches_closes_to_the_same(
        captured in captured(),
        cuts in prop::collection::vec(0usize..50, 0..4),
        n_rows in 1usize..20,
    ) {
        let whole = captured.statistics();
        let (mut merged, mut start) = (CapturedAttributionSummary::default(), 0);
        for end in ends(&cuts, captured.n()) {
            merged.merge(captured.split(start, end, n_rows));
            start = end;
        }
        merged.merge(CapturedAttributionSummary::default());
        assert_same(&merged.finish(), &whole)?;
    }

    #[test]
    fn merging_is_associative(rows in prop::collection::vec(explained_row(), 3..30)) {
        let settings = settings(&["a", "b"], 2);
        let third = rows.len() / 3;
        let part = |i: usize| explained(&settings, &rows[i * third..(i + 1) * third]);
        let (mut left, mut right) = (part(0), part(1));
        left.merge(part(1));
        left.merge(part(2));
        right.merge(part(2));
        let mut first = part(0);
        first.merge(right);
        assert_same(&left.finish(), &first.finish())?;
    }
}

#[test]
fn many_rows_in_splits_have_medians_near_the_exact_one() {
    let value = |i: u64| (i.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 11) as f64 / (1u64 << 53) as f64 - 0.5;
    let rows: Vec<_> = (0..30_000).map(|i| row(i, &[value(i)])).collect();
    let settings = settings(&["a"], 1);
    let mut merged = AttributionSummary::default();
    rows.chunks(7_000).for_each(|rows| merged.merge(explained(&settings, rows)));
    let output = merged.finish().outputs.remove(0);
    assert!(output.medians_are_estimated);
    // 0.6 % of the ranks of numbers that are spread evenly over -0.5…0.5.
    assert!(output.features[0].median.abs() < 0.006, "{}", output.features[0].median);
}
