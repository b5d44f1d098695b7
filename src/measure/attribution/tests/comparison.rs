//! What a comparison holds.

use proptest::prelude::*;

use super::examples::{remembered, statistics, told};
use crate::measure::attribution::{AttributionDrift, BaselineAttributions, compare, ndcg};
use crate::profile::{Aggregation, AttributionStatistics, OutputAttributions, Undefined};

fn only(
    baseline: &[BaselineAttributions],
    current: &AttributionStatistics,
    aggregation: Aggregation,
) -> AttributionDrift {
    let mut comparison = compare(baseline, current, aggregation);
    assert_eq!(comparison.drifts.len(), 1);
    comparison.drifts.remove(0)
}

#[test]
fn a_feature_that_is_absent_counts_as_zero_and_is_told() {
    let current = statistics(&[vec![0.2, -0.4], vec![-0.2, 0.4]]);
    let baseline = told("label0", &[("gone", 0.1), ("f1", 0.5)]);
    let drift = only(&[baseline], &current, Aggregation::MeanAbs);
    let listed: Vec<_> =
        drift.features.iter().map(|feature| (feature.name.as_str(), feature.value, feature.baseline_value)).collect();
    assert_eq!(listed, [("f0", Some(0.2), None), ("f1", Some(0.4), Some(0.5)), ("gone", None, Some(0.1))]);
    assert_eq!(drift.ndcg, ndcg(&[0.0, 0.5, 0.1], &[0.2, 0.4, 0.0]));
    assert!((drift.magnitude_ratio.expect("a ratio") - 1.0).abs() < 1e-12);
    assert_eq!((drift.n, drift.baseline_n), (2, None));
}

#[test]
fn outputs_are_matched_by_name() {
    let mut current = statistics(&[vec![1.0, 2.0]]);
    current.outputs.push(OutputAttributions { output: "new".to_owned(), ..current.outputs[0].clone() });
    let values = [("f0", 2.0), ("f1", 1.0)];
    let comparison = compare(&[told("old", &values), told("label0", &values)], &current, Aggregation::MeanAbs);
    assert_eq!(comparison.drifts.iter().map(|drift| drift.output.as_str()).collect::<Vec<_>>(), ["label0"]);
    assert_eq!(
        (comparison.outputs_only_in_baseline, comparison.outputs_only_in_current),
        (vec!["old".into()], vec!["new".into()])
    );
    let nothing = compare(&[], &AttributionStatistics::default(), Aggregation::MeanAbs);
    assert!(nothing.drifts.is_empty());
}

#[test]
fn names_that_stand_twice_in_a_baseline_are_meant_once() {
    let current = statistics(&[vec![1.0, 2.0]]);
    let baseline = told("label0", &[("f1", 0.5), ("f1", 9.0), ("x", 0.1), ("x", 7.0), ("f0", 0.3)]);
    let drift = only(&[baseline.clone(), told("label0", &[])], &current, Aggregation::MeanAbs);
    assert_eq!(drift.features.iter().filter_map(|feature| feature.baseline_value).collect::<Vec<_>>(), [0.3, 0.5, 0.1]);
}

#[test]
fn signed_medians_go_to_ndcg_as_they_are() {
    let rows: Vec<Vec<f64>> = (0..9).map(|i| vec![f64::from(i) - 6.0, f64::from(i) + 1.0]).collect();
    let current = statistics(&rows);
    let drift = only(&remembered(&current, Aggregation::Median), &current, Aggregation::MeanAbs);
    assert_eq!((drift.aggregation, drift.features[0].value), (Aggregation::Median, Some(-2.0)));
    assert_eq!((drift.ndcg, drift.ndcg_interval), (Err(Undefined::Negative), None));
    // What does not depend on signs is known all the same, if the file tells it.
    assert_eq!((drift.share_distance, drift.magnitude_ratio), (Ok(0.0), Ok(1.0)));
    let theirs = only(&[told("label0", &[("f0", 1.0), ("f1", 2.0)])], &current, Aggregation::Median);
    assert_eq!(theirs.ndcg, Ok(1.0));
    assert_eq!(
        (theirs.rank_correlation, theirs.magnitude_ratio),
        (Err(Undefined::KindMismatch), Err(Undefined::KindMismatch))
    );
}

#[test]
fn a_baseline_that_tells_how_it_aggregated_is_compared_with_the_same() {
    let current = statistics(&[vec![3.0, 2.0, 0.0], vec![0.0, 2.0, 1.0]]);
    let drift = only(&remembered(&current, Aggregation::MeanSq), &current, Aggregation::MeanAbs);
    assert_eq!((drift.features[0].value, drift.features[0].baseline_value), (Some(4.5), Some(4.5)));
    assert_eq!(drift.ndcg, Ok(1.0));
}

#[test]
fn the_interval_is_narrow_where_rows_agree_and_wide_where_they_do_not() {
    let rows = |n: u32, spread: f64| -> Vec<Vec<f64>> {
        let noise = |i: u32, feature: u32| f64::from((i * 7 + feature * 5) * 13 % 11) / 10.0 - 0.5;
        let features =
            |i: u32| (0..5).map(|feature| 1.0 + f64::from(feature) * 0.1 + spread * noise(i, feature)).collect();
        (0..n).map(features).collect()
    };
    let interval = |n: u32, spread: f64| {
        let current = statistics(&rows(n, spread));
        let drift = only(&[told("label0", &[("f0", 1.0), ("f1", 0.1), ("f4", 2.0)])], &current, Aggregation::MeanAbs);
        (drift.ndcg.expect("a value"), drift.ndcg_interval)
    };
    let (value, steady) = interval(60, 0.0);
    assert_eq!(steady, Some((value, value)));
    let (few, many) = (interval(12, 1.9).1.expect("an interval"), interval(1_100, 0.5).1.expect("an interval"));
    assert!(few.1 - few.0 > many.1 - many.0 && few.0 >= 0.0 && few.1 <= 1.0, "{few:?} {many:?}");
    assert_eq!(interval(1, 0.5).1, None);
}

#[test]
fn what_is_nothing_or_endless_has_a_reason() {
    let (zeros, some) = (statistics(&[vec![0.0, 0.0]]), statistics(&[vec![1.0, 3.0]]));
    let before = only(&[told("label0", &[("f0", 0.0), ("f1", 0.0)])], &some, Aggregation::MeanAbs);
    assert_eq!((before.ndcg, before.magnitude_ratio), (Ok(0.0), Err(Undefined::Empty)));
    assert_eq!(before.rank_correlation, Err(Undefined::NotFinite));
    let now = only(&[told("label0", &[("f0", 2.0), ("f1", 1.0)])], &zeros, Aggregation::MeanAbs);
    assert_eq!((now.share_distance, now.magnitude_ratio), (Err(Undefined::Empty), Ok(0.0)));
    for (value, reason) in [(-1.0, Undefined::Negative), (f64::INFINITY, Undefined::NotFinite)] {
        let odd = only(&[told("label0", &[("f0", 2.0), ("f1", value)])], &some, Aggregation::MeanAbs);
        assert_eq!((odd.ndcg, odd.share_distance, odd.magnitude_ratio), (Err(reason), Err(reason), Err(reason)));
    }
    let large = only(&[told("label0", &[("f0", f64::MAX), ("f1", f64::MAX)])], &some, Aggregation::MeanAbs);
    assert_eq!((large.ndcg, large.magnitude_ratio), (Ok(1.0), Err(Undefined::NotFinite)));
}

fn rows() -> impl Strategy<Value = Vec<Vec<f64>>> {
    (2usize..6).prop_flat_map(|n| prop::collection::vec(prop::collection::vec(0.01..2.0f64, n), 3..20))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn the_same_statistics_do_not_differ(rows in rows()) {
        let current = statistics(&rows);
        for aggregation in Aggregation::ALL {
            let drift = only(&remembered(&current, aggregation), &current, aggregation);
            prop_assert_eq!((drift.ndcg, drift.magnitude_ratio, drift.share_distance), (Ok(1.0), Ok(1.0), Ok(0.0)));
            prop_assert!((drift.rank_correlation.unwrap_or(1.0) - 1.0).abs() < 1e-12);
        }
    }

    #[test]
    fn scale_changes_the_ratio_alone(rows in rows(), factor in 0.1..10.0f64) {
        let scaled: Vec<Vec<f64>> = rows.iter().map(|row| row.iter().map(|x| x * factor).collect()).collect();
        let drift = only(&remembered(&statistics(&rows), Aggregation::MeanAbs), &statistics(&scaled), Aggregation::MeanAbs);
        prop_assert!((drift.magnitude_ratio.expect("a ratio") / factor - 1.0).abs() < 1e-12);
        prop_assert!((drift.ndcg.expect("a value") - 1.0).abs() < 1e-12);
        // The root of a rounding error.
        prop_assert!(drift.share_distance.expect("a distance") < 1e-6);
    }
}
