//! The exact curves beside a count of all pairs.

use std::sync::Arc;

use arrow::array::{ArrayRef, Float64Array, RecordBatch, UInt8Array};
use proptest::prelude::*;

use crate::profile::{CurveStatistics, CurveSummary};
use crate::summary::Summary;

fn batch(rows: &[(f64, bool)]) -> RecordBatch {
    let scores: ArrayRef = Arc::new(Float64Array::from_iter_values(rows.iter().map(|row| row.0)));
    let labels: ArrayRef = Arc::new(UInt8Array::from_iter_values(rows.iter().map(|row| u8::from(row.1))));
    RecordBatch::try_from_iter([("score", scores), ("is_positive", labels)]).expect("a batch")
}

#[test]
fn rows_whose_label_is_undecided_are_negatives_or_absent_however_they_are_split() {
    let of = |labels: &[u8], start: u32| {
        let scores: ArrayRef =
            Arc::new(Float64Array::from_iter_values((0..labels.len() as u32).map(|i| f64::from(100 - start - i))));
        let labels: ArrayRef = Arc::new(UInt8Array::from(labels.to_vec()));
        let mut summary = CurveSummary::default();
        summary.observe(&RecordBatch::try_from_iter([("score", scores), ("is_positive", labels)]).expect("a batch"));
        summary
    };
    let labels = [1, 0, 2, 1, 2, 0, 1, 0];
    let decided: Vec<u8> = labels.iter().map(|label| label % 2).collect();
    let whole = of(&labels, 0);
    for cut in 0..=labels.len() {
        let mut merged = of(&labels[..cut], 0);
        merged.merge(of(&labels[cut..], cut as u32));
        assert_eq!(merged.clone().finish(), whole.clone().finish(), "{cut}");
        assert_eq!(merged.with_undecided().finish(), of(&decided, 0).finish(), "{cut}");
    }
    assert_eq!(whole.finish().map(|curves| curves.n), Some(6));
}

fn fold(rows: &[(f64, bool)], n_rows: usize) -> CurveSummary {
    let mut summary = CurveSummary::default();
    rows.chunks(n_rows).for_each(|rows| summary.observe(&batch(rows)));
    summary
}

fn curves(rows: &[(f64, bool)]) -> CurveStatistics {
    fold(rows, 1_000).finish().expect("rows")
}

/// The share of pairs of a positive and a negative that are ranked rightly, ties counted half.
fn pairs(rows: &[(f64, bool)]) -> f64 {
    let (mut right, mut all) = (0.0, 0.0);
    for (score, _) in rows.iter().filter(|row| row.1) {
        for (other, _) in rows.iter().filter(|row| !row.1) {
            all += 1.0;
            right += if score > other {
                1.0
            } else if score == other {
                0.5
            } else {
                0.0
            };
        }
    }
    right / all
}

#[test]
fn nothing_has_no_curves() {
    assert_eq!(CurveSummary::default().finish(), None);
}

#[test]
fn one_class_only_has_aws_s_areas() {
    let positives = curves(&[(0.9, true), (0.4, true)]);
    assert_eq!((positives.auc, positives.au_prc, positives.average_precision), (1.0, 1.0, Some(1.0)));
    let negatives = curves(&[(0.9, false), (0.4, false)]);
    assert_eq!((negatives.auc, negatives.au_prc, negatives.average_precision), (0.0, 0.0, None));
}

#[test]
fn a_point_stands_for_each_distinct_score() {
    let found = curves(&[(0.9, true), (0.5, true), (0.5, false), (0.1, false)]);
    assert_eq!(found.false_positive_rates, [0.0, 0.0, 0.5, 1.0, 1.0]);
    assert_eq!(found.true_positive_rates, [0.0, 0.5, 1.0, 1.0, 1.0]);
    assert_eq!(found.precisions, [1.0, 1.0, 2.0 / 3.0, 0.5]);
    assert_eq!(found.recalls, [0.0, 0.5, 1.0, 1.0]);
    assert_eq!((found.n_scores, found.is_thinned), (3, false));
}

#[test]
fn a_long_curve_is_thinned_and_its_areas_stay_exact() {
    let rows: Vec<_> = (0..250_000u32).map(|i| (-f64::from(i), i.wrapping_mul(2_654_435_761) >> 31 == 0)).collect();
    let found = curves(&rows);
    assert!(found.is_thinned && found.n_scores == 250_000);
    assert!((50_000..=100_003).contains(&found.recalls.len()), "{}", found.recalls.len());
    assert_eq!((found.recalls.last(), found.false_positive_rates.last()), (Some(&1.0), Some(&1.0)));
    let (mut seen_positives, mut right, mut steps) = (0u64, 0u64, 0.0);
    for (place, (_, is_positive)) in rows.iter().enumerate() {
        seen_positives += u64::from(*is_positive);
        right += if *is_positive { 0 } else { seen_positives };
        steps += if *is_positive { seen_positives as f64 / (place + 1) as f64 } else { 0.0 };
    }
    let n_pairs = seen_positives * (rows.len() as u64 - seen_positives);
    assert!((found.auc - right as f64 / n_pairs as f64).abs() < 1e-12);
    assert!((found.average_precision.expect("positives") - steps / seen_positives as f64).abs() < 1e-12);
}

proptest! {
    #[test]
    fn the_area_is_the_share_of_pairs_ranked_rightly(
        mut rows in prop::collection::vec(((0u8..12).prop_map(f64::from), any::<bool>()), 2..80),
        n_rows in 1usize..20,
        at in any::<prop::sample::Index>(),
    ) {
        prop_assume!(rows.iter().any(|row| row.1) && rows.iter().any(|row| !row.1));
        rows.sort_by(|a, b| b.0.total_cmp(&a.0));
        let found = curves(&rows);
        prop_assert!((found.auc - pairs(&rows)).abs() < 1e-12);
        let at = at.index(rows.len());
        let mut merged = CurveSummary::default();
        merged.merge(fold(&rows[..at], n_rows));
        merged.merge(fold(&rows[at..], n_rows));
        prop_assert_eq!(merged.finish(), Some(found));
    }
}
