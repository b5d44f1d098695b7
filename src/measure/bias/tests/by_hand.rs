//! Metrics of counts made by hand, worked out with fractions outside the program.

use std::sync::Arc;

use crate::measure::bias::{ALL, Bias, EightCounts, Stage, intersections, measure};
use crate::profile::{ConditionalLack, FacetSettings, FacetStatistics, FlipCounts, FlipLack, GroupCounts, PairCounts};

/// True positives, false negatives, false positives, true negatives.
type Confusion = [u64; 4];

/// All other rows, rows of the group, and the metrics in the order of the table.
struct Case {
    rest: Confusion,
    sensitive: Confusion,
    pre_training: [f64; 7],
    post_training: [f64; 11],
}

/// CI DPL JS KL KS LP TVD, then AD DAR DCA DCR DI DPPL DRR GE RD SD TE.
#[rustfmt::skip]
const CASES: [Case; 3] = [
    Case {
        rest: [30, 10, 20, 40],
        sensitive: [10, 15, 5, 20],
        pre_training: [
            1.0 / 3.0, -0.1, 0.005_059_389_928_988, 0.020_135_513_550_689, 0.1, 0.141_421_356_237_309, 0.1,
        ],
        post_training: [
            0.1, -1.0 / 15.0, -13.0 / 15.0, -17.0 / 35.0, 0.6, 0.2, -8.0 / 35.0, 1.0 / 6.0, 0.35, 2.0 / 15.0, 2.5,
        ],
    },
    Case {
        rest: [5, 0, 0, 5],
        sensitive: [3, 2, 0, 5],
        pre_training: [0.0; 7],
        post_training: [
            0.2, 0.0, -2.0 / 3.0, -2.0 / 7.0, 0.6, 0.2, -2.0 / 7.0, 1.0 / 18.0, 0.4, 0.0, f64::INFINITY,
        ],
    },
    Case {
        rest: [0, 4, 0, 6],
        sensitive: [2, 3, 1, 4],
        pre_training: [0.0, -0.1, 0.005_059_389_928_988, 0.020_135_513_550_689, 0.1, 0.141_421_356_237_309, 0.1],
        post_training: [
            0.0, -2.0 / 3.0, f64::INFINITY, 4.0 / 35.0, f64::INFINITY, -0.3, -1.0 / 35.0, 0.316_326_530_612_245, -0.4,
            -0.2, f64::NEG_INFINITY,
        ],
    },
];

pub fn counts(rest: Confusion, sensitive: Confusion) -> EightCounts {
    let side = |[tp, fn_, fp, tn]: Confusion| [[tn, fp], [fn_, tp]];
    EightCounts { n: [side(rest), side(sensitive)], has_predictions: true }
}

pub fn group(counts: EightCounts) -> GroupCounts {
    GroupCounts {
        facet: "sex".into(),
        facet_value: "F".into(),
        value_or_threshold: "F".into(),
        counts,
        conditional: Err(ConditionalLack::NoVariable),
        flips: Some(Err(FlipLack::NotNumeric)),
    }
}

fn statistics(groups: Vec<GroupCounts>) -> FacetStatistics {
    let settings = FacetSettings {
        facets: Vec::new(),
        label: "target".into(),
        label_values_or_threshold: vec!["1".into()],
        are_pairs_categories: false,
        label_kind: None,
        probability_threshold: None,
        score_labels: FacetSettings::SCORE_LABELS.map(str::to_owned),
        group_variable: None,
        has_predictions: true,
    };
    FacetStatistics {
        settings: Arc::new(settings),
        n: groups.first().map_or(0, |group| group.counts.total()),
        n_other_labels: None,
        n_missing: std::collections::BTreeMap::new(),
        label_value_or_threshold: "1".into(),
        groups,
        prediction_fault: None,
        numbers_by_gaps: Vec::new(),
        absent_values: Vec::new(),
        estimated: Vec::new(),
        pairs: Vec::new(),
    }
}

pub fn bias(group: GroupCounts) -> Bias {
    measure(&statistics(vec![group])).expect("a bias")
}

#[test]
fn metrics_of_eight_counts_are_those_worked_out_by_hand() {
    for case in CASES {
        let bias = bias(group(counts(case.rest, case.sensitive)));
        let measured = |metrics: &[crate::measure::bias::BiasMetric]| -> Vec<(&'static str, f64)> {
            let is_of_rows = |name: &str| ["CDDL", "CDDPL", "FT"].contains(&name);
            let of_counts = metrics.iter().filter(|metric| !is_of_rows(metric.name));
            of_counts.map(|metric| (metric.name, metric.value.clone().expect("a value"))).collect()
        };
        let found = [measured(&bias.pre_training[0].metrics), measured(&bias.post_training[0].metrics)].concat();
        let expected = [&case.pre_training[..], &case.post_training[..]].concat();
        assert_eq!(found.len(), expected.len());
        for ((name, found), expected) in found.into_iter().zip(expected) {
            assert!(found == expected || (found - expected).abs() < 1e-14, "{name}: {found} is not {expected}");
        }
    }
}

#[test]
fn the_table_is_in_the_order_of_names_and_has_each_metric_once() {
    for stage in [Stage::PreTraining, Stage::PostTraining] {
        let names: Vec<_> = ALL.iter().filter(|kind| kind.stage == stage).map(|kind| kind.name).collect();
        assert!(names.is_sorted_by(|a, b| a < b), "{names:?}");
        assert_eq!(names.len(), if stage == Stage::PreTraining { 8 } else { 13 });
    }
    assert_eq!(ALL[0].description(), "Conditional Demographic Disparity in Labels (CDDL)");
}

#[test]
fn every_interval_holds_its_value_and_has_an_error() {
    let mut grouped = group(counts([300, 100, 150, 450], [90, 60, 40, 110]));
    grouped.conditional =
        Ok(vec![counts([200, 50, 50, 300], [30, 30, 20, 60]), counts([100, 50, 100, 150], [60, 30, 20, 50])]);
    let (n_sensitive, n_rest) = (300, 1_000);
    let (n_favoured, n_harmed, sway, squared_sway) = (20, 50, 10, 90);
    let is_sample = false;
    let flips = FlipCounts { n_sensitive, n_rest, n_favoured, n_harmed, sway, squared_sway, is_sample };
    grouped.flips = Some(Ok(flips));
    let bias = bias(grouped);
    for metric in bias.pre_training[0].metrics.iter().chain(&bias.post_training[0].metrics) {
        let value = metric.value.as_ref().copied().expect("a value");
        assert!(metric.standard_error.is_some_and(|error| error > 0.0), "{metric:?}");
        assert!(metric.interval.is_some_and(|(lower, upper)| lower < value && value < upper), "{metric:?}");
    }
}

#[test]
fn what_is_infinite_has_no_interval() {
    let bias = bias(group(counts([0, 4, 0, 6], [2, 3, 1, 4])));
    let infinite = bias.post_training[0].metrics.iter().filter(|metric| metric.value == Ok(f64::INFINITY));
    let infinite: Vec<_> = infinite.collect();
    assert_eq!(infinite.len(), 2);
    assert!(infinite.iter().all(|metric| metric.interval.is_none() && metric.standard_error.is_none()));
}

#[test]
fn disparities_within_groups_follow_their_formula() {
    let mut grouped = group(counts([2, 1, 2, 1], [1, 2, 0, 3]));
    // One value with both outcomes, one whose rows are all accepted.
    grouped.conditional = Ok(vec![counts([1, 1, 2, 1], [1, 1, 0, 3]), counts([1, 0, 0, 0], [0, 1, 0, 0])]);
    let bias = bias(grouped);
    let value = |metrics: &[crate::measure::bias::BiasMetric], name: &str| {
        metrics.iter().find(|metric| metric.name == name).and_then(|metric| metric.value.clone().ok())
    };
    // (10 (3/6 - 2/4) + 2 (0 - 1/2)) / 12.
    let found = value(&bias.pre_training[0].metrics, "CDDL").expect("a value");
    assert!((found + 1.0 / 12.0).abs() < 1e-15, "{found}");
    // (10 (4/6 - 1/4) + 2 (1 - 0)) / 12.
    let found = value(&bias.post_training[0].metrics, "CDDPL").expect("a value");
    assert!((found - (10.0 * (2.0 / 3.0 - 0.25) + 2.0) / 12.0).abs() < 1e-15, "{found}");
}

#[test]
fn common_rows_of_two_groups_are_measured_when_they_are_enough() {
    let rows = group(counts([30, 10, 20, 40], [10, 15, 5, 20]));
    let pair = |sensitive| PairCounts { groups: [0, 1], counts: counts([30, 10, 20, 40], sensitive) };
    let pairs = vec![pair([10, 15, 5, 20]), pair([10, 5, 5, 9])];
    let found = intersections(&FacetStatistics { pairs, ..statistics(vec![rows.clone(), rows]) });
    assert_eq!(found.len(), 1, "29 rows are too few");
    assert_eq!(found[0].n, 50);
    let expected = [("DPPL", 0.2), ("DI", 0.6), ("AD", 0.1)];
    assert_eq!(found[0].metrics.len(), expected.len());
    for ((metric, value), (expected_metric, expected)) in found[0].metrics.iter().zip(expected) {
        let value = value.expect("a value");
        assert!(*metric == expected_metric && (value - expected).abs() < 1e-15, "{metric}: {value}");
    }
}
