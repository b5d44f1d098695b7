//! What holds for every measure, whatever the columns.

use proptest::prelude::*;

use super::super::{ALL, Comparison, Quantity};
use super::examples::{numbers, texts};
use crate::profile::{ColumnStatistics, Detail, KindCounts, Undefined};

fn column() -> impl Strategy<Value = ColumnStatistics> {
    let values = prop::collection::vec(prop_oneof![Just(0.0), -3.0..3.0, -1e12..1e12], 1..120);
    let words = prop::collection::vec((0u8..12, 1u64..40), 1..12).prop_map(|words| {
        let mut words: Vec<_> = words.into_iter().map(|(letter, n)| (char::from(b'a' + letter), n)).collect();
        words.sort_unstable();
        words.dedup_by_key(|(letter, _)| *letter);
        words.into_iter().map(|(letter, n)| format!("{letter}{n}")).collect::<Vec<_>>().join(" ")
    });
    prop_oneof![
        (values, 0u64..20).prop_map(|(values, n_missing)| numbers(&values, n_missing)),
        (words, 0u64..20).prop_map(|(words, n_missing)| texts(&words, n_missing)),
    ]
}

/// The column with its cells in the opposite order.
fn turned(column: &ColumnStatistics) -> ColumnStatistics {
    let mut turned = column.clone();
    match &mut turned.detail {
        Detail::Numeric(Ok(numbers)) => numbers.quantiles.levels.iter_mut().for_each(|level| level.reverse()),
        Detail::Text(Some(categories)) => categories.reverse(),
        _ => {}
    }
    turned
}

fn measured(baseline: &ColumnStatistics, current: &ColumnStatistics) -> Vec<Result<f64, Undefined>> {
    let sides = Comparison::new(baseline, current);
    ALL.iter().map(|measure| measure.of(&sides)).collect()
}

proptest! {
    #[test]
    fn a_column_does_not_drift_from_itself(column in column()) {
        for (measure, value) in ALL.iter().zip(measured(&column, &column)) {
            let none = if measure.quantity == Quantity::PValue { 1.0 } else { 0.0 };
            if let Ok(value) = value {
                prop_assert!((value - none).abs() < 1e-6, "{}: {value}", measure.name);
            }
        }
    }

    #[test]
    fn measures_are_finite_and_in_their_range(baseline in column(), current in column()) {
        for (measure, value) in ALL.iter().zip(measured(&baseline, &current)) {
            let Ok(value) = value else { continue };
            prop_assert!(value.is_finite(), "{}: {value}", measure.name);
            let is_share = ["share", "variation_distance", "hellinger_distance", "shannon_distance", "_v", "ks_statistic"];
            match measure.quantity {
                Quantity::PValue => prop_assert!((0.0..=1.0).contains(&value), "{}: {value}", measure.name),
                Quantity::Distance => prop_assert!(value >= 0.0, "{}: {value}", measure.name),
                Quantity::Change => {}
            }
            if is_share.iter().any(|end| measure.name.ends_with(end)) {
                prop_assert!(value <= 1.0, "{}: {value}", measure.name);
            }
        }
    }

    #[test]
    fn the_order_of_cells_changes_nothing(baseline in column(), current in column()) {
        let turned = measured(&turned(&baseline), &turned(&current));
        for ((measure, value), turned) in ALL.iter().zip(measured(&baseline, &current)).zip(turned) {
            match (value, turned) {
                (Ok(value), Ok(turned)) => {
                    let is_same = (value - turned).abs() <= 1e-9 * value.abs().max(1.0);
                    prop_assert!(is_same, "{}: {value} and {turned}", measure.name);
                }
                (value, turned) => prop_assert_eq!(value, turned, "{}", measure.name),
            }
        }
    }
}

#[test]
fn a_mix_of_kinds_is_measured_where_both_sides_count_them() {
    let kind_counts = |integral, string| Some(KindCounts { integral, string, ..KindCounts::default() });
    let baseline = ColumnStatistics { kind_counts: kind_counts(8, 2), ..texts("a10", 0) };
    let current = ColumnStatistics { kind_counts: kind_counts(5, 15), ..texts("a20", 0) };
    let mix = ALL.iter().find(|measure| measure.name == "kind_mix_distance").expect("the measure");
    let found = mix.of(&Comparison::new(&baseline, &current)).expect("a distance");
    assert!((found - 0.55).abs() < 1e-15);
    let unknown = ColumnStatistics { kind_counts: None, ..baseline };
    assert_eq!(mix.of(&Comparison::new(&unknown, &current)), Err(Undefined::NotCounted));
}

#[test]
fn what_cannot_be_measured_says_why() {
    let cases = [
        ("wasserstein_distance", numbers(&[3.0, 3.0], 0), numbers(&[4.0], 0), Undefined::NoSpread),
        ("population_stability_index", texts("a5", 0), texts("a5 b1", 0), Undefined::NotFinite),
        ("kullback_leibler_divergence", texts("a5", 0), texts("a5 b1", 0), Undefined::NotFinite),
        ("cramers_v", texts("a5", 0), texts("a7", 0), Undefined::TooFewCategories),
        ("ks_statistic", texts("a5", 0), numbers(&[1.0], 0), Undefined::KindMismatch),
        ("new_category_share", texts("a5", 0), numbers(&[1.0], 0), Undefined::KindMismatch),
    ];
    for (name, baseline, current, reason) in cases {
        let measure = ALL.iter().find(|measure| measure.name == name).expect("the measure");
        assert_eq!(measure.of(&Comparison::new(&baseline, &current)), Err(reason), "{name}");
    }
}
