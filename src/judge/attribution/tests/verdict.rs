//! The statistical verdict.

use serde_json::Value;

use crate::judge::attribution::means::{Means, Spread};
use crate::judge::attribution::{DEFAULT_MARGIN, test};
use crate::judge::{Test, TestOutcome, findings_of};
use crate::measure::attribution::tests::examples::{remembered, statistics, told};
use crate::measure::attribution::{BaselineAttributions, compare};
use crate::profile::{Aggregation, AttributionStatistics};

const EXPECTED: &str = include_str!("../../../../tests/expected_values/attribution.json");

/// Rows of two features whose |φ| are 1 ± 0.1 and 2 ± 0.4, by these factors.
fn rows(n: u32, factors: [f64; 2]) -> AttributionStatistics {
    let row = |i: u32| {
        let sign = |shift: u32| if (i >> shift).is_multiple_of(2) { 1.0 } else { -1.0 };
        vec![factors[0] * (1.0 + 0.1 * sign(0)) * sign(1), factors[1] * (2.0 + 0.4 * sign(1))]
    };
    statistics(&(0..n).map(row).collect::<Vec<_>>())
}

fn tested(baseline: &[BaselineAttributions], current: &AttributionStatistics) -> Vec<Test> {
    test(baseline, current, Aggregation::MeanAbs, DEFAULT_MARGIN)
}

fn known(statistics: &AttributionStatistics) -> Vec<BaselineAttributions> {
    remembered(statistics, Aggregation::MeanAbs)
}

fn outcomes(tests: &[Test]) -> Vec<TestOutcome> {
    tests.iter().map(|test| test.outcome).collect()
}

#[test]
fn nothing_is_found_where_nothing_changed() {
    let tests = tested(&known(&rows(200, [1.0, 1.0])), &rows(200, [1.0, 1.0]));
    let features: Vec<_> = tests.iter().map(|test| test.subject.feature()).collect();
    assert_eq!(features, [Some("f0"), Some("f1"), None], "the last is their sum");
    assert!(tests.iter().all(|test| (test.outcome, test.effect, test.p) == (TestOutcome::Held, Some(0.0), Some(1.0))));
    assert!(findings_of(&tests).is_empty());
}

#[test]
fn a_feature_that_doubled_is_found_with_its_effect() {
    let tests = tested(&known(&rows(200, [1.0, 1.0])), &rows(300, [2.0, 1.0]));
    assert_eq!(outcomes(&tests), [TestOutcome::Violated, TestOutcome::Held, TestOutcome::Violated]);
    // From 1 to 2, where all attribution was 3.
    assert!((tests[0].effect.expect("an effect") - 1.0 / 3.0).abs() < 1e-12);
    assert!((tests[2].effect.expect("an effect") - (4.0 / 3f64).ln()).abs() < 1e-12);
    let findings = findings_of(&tests);
    assert_eq!((findings[0].subject.feature(), findings[1].subject.feature()), (Some("f0"), None));
    assert_eq!(
        findings.iter().map(|found| found.description.as_str()).collect::<Vec<_>>(),
        [
            "Mean absolute attribution of feature f0 moved from 1.0 (n 200) to 2.0 (n 300): by 0.3333 of the baseline's \
         sum over all features, adjusted p-value below 0.0001",
            "Mean absolute attribution summed over all features moved from 3.0 (n 200) to 4.0 (n 300): by 0.2877 in \
         logarithms, adjusted p-value below 0.0001",
        ]
    );
    assert_eq!((findings[0].value, findings[0].threshold, findings[0].n), (tests[0].effect.unwrap_or(0.0), 0.01, 300));
}

#[test]
fn what_is_within_the_margin_is_no_effect_however_sure() {
    let (before, now) = (known(&rows(3_000, [1.0, 1.0])), rows(3_000, [1.025, 1.0]));
    assert_eq!(outcomes(&tested(&before, &now)), [TestOutcome::Held; 3]);
    let narrow = test(&before, &now, Aggregation::MeanAbs, 0.002);
    assert_eq!(narrow[0].outcome, TestOutcome::Violated);
}

#[test]
fn a_baseline_of_awss_is_taken_as_exact() {
    let theirs = told("label0", &[("f0", 0.5), ("f1", 2.0)]);
    let tests = tested(&[theirs], &rows(100, [1.0, 1.0]));
    assert_eq!(outcomes(&tests), [TestOutcome::Violated, TestOutcome::Held, TestOutcome::Held]);
    assert!(tests.iter().all(|test| test.baseline_standard_error.is_none() && test.baseline_n.is_none()));
    assert!(tests[0].standard_error.expect("an error") > 0.0);
    let description = &findings_of(&tests)[0].description;
    assert!(description.contains("moved from 0.5 (n not known) to 1.0 (n 100): by 0.2 of"), "{description}");
}

#[test]
fn an_edited_value_is_exact() {
    let mut baseline = known(&rows(100, [1.0, 1.0]));
    baseline[0].features[0].value = 1.5;
    let tests = tested(&baseline, &rows(100, [1.0, 1.0]));
    assert_eq!((tests[0].baseline_value, tests[0].baseline_standard_error), (Some(1.5), None));
    assert_eq!(tests[0].outcome, TestOutcome::Violated);
    assert!(tests[1].baseline_standard_error.is_some());
}

#[test]
fn few_rows_on_either_side_are_insufficient() {
    for (n_before, n_now) in [(29, 200), (200, 29)] {
        let tests = tested(&known(&rows(n_before, [1.0, 1.0])), &rows(n_now, [5.0, 1.0]));
        assert_eq!(outcomes(&tests), [TestOutcome::InsufficientData; 3], "{n_before} and {n_now}");
        assert!(tests.iter().all(|test| test.p.is_none() && test.effect.is_some()));
    }
    assert_eq!(tested(&known(&rows(30, [1.0, 1.0])), &rows(30, [5.0, 1.0]))[0].outcome, TestOutcome::Violated);
}

#[test]
fn features_that_come_or_go_are_held_against_zero() {
    let mut before = known(&rows(100, [1.0, 1.0]));
    before[0].features[0].name = "gone".to_owned();
    let tests = tested(&before, &rows(100, [1.0, 1.0]));
    let seen: Vec<_> =
        tests.iter().map(|test| (test.value.is_some(), test.baseline_value.is_some(), test.outcome)).collect();
    let (violated, held) = (TestOutcome::Violated, TestOutcome::Held);
    assert_eq!(seen, [(true, false, violated), (true, true, held), (false, true, violated), (true, true, held)]);
    let findings = findings_of(&tests);
    assert!(
        findings[0].description.contains("of feature f0 is 1.0 (n 100), and the baseline has none (n 100): by 0.33")
    );
    assert!(findings[1].description.contains("of feature gone was 1.0 (n 100) in the baseline, and now there is none"));
}

#[test]
fn what_never_varies_is_held_by_the_margin() {
    let constant = |x: f64| statistics(&vec![vec![x, 1.0]; 50]);
    let tests = tested(&known(&constant(1.0)), &constant(3.0));
    assert_eq!((tests[0].p, tests[1].p), (Some(0.0), Some(1.0)));
    assert_eq!(outcomes(&tests), [TestOutcome::Violated, TestOutcome::Held, TestOutcome::Violated]);
}

#[test]
fn without_known_magnitudes_there_is_no_test() {
    let current = rows(100, [1.0, 1.0]);
    for baseline in [
        told("label0", &[("f0", 0.0), ("f1", 0.0)]),
        told("label0", &[("f0", -0.5), ("f1", 1.0)]),
        told("label0", &[("f0", f64::NAN), ("f1", 1.0)]),
        told("label0", &[("f0", f64::MAX), ("f1", f64::MAX)]),
    ] {
        let tests = tested(&[baseline], &current);
        assert!(tests.iter().all(|test| test.outcome == TestOutcome::InsufficientData && test.effect.is_none()));
    }
    let medians = test(&[told("label0", &[("f0", 1.0)])], &current, Aggregation::Median, DEFAULT_MARGIN);
    assert!(medians.iter().all(|test| test.outcome == TestOutcome::InsufficientData));
    assert!(tested(&[told("another", &[("f0", 1.0)])], &current).is_empty());
}

#[test]
fn twice_the_baseline_and_a_reversed_order_are_found_where_ndcg_is_blind() {
    let row = |i: u32, step: f64| {
        (0..3).map(move |feature| 1.0 + step * (f64::from(feature) - 1.0) + 0.1 * f64::from((i + feature) % 3))
    };
    let rows = |step: f64| statistics(&(0..600).map(|i| row(i, step).collect()).collect::<Vec<_>>());
    let before = known(&rows(0.1));
    let reversed = rows(-0.1);
    let ndcg = compare(&before, &reversed, Aggregation::MeanAbs).drifts[0].ndcg.expect("a value");
    assert!(ndcg > 0.94, "{ndcg}");
    let findings = findings_of(&tested(&before, &reversed));
    let found: Vec<_> = findings.iter().map(|found| found.subject.feature()).collect();
    assert_eq!(found, [Some("f0"), Some("f2")]);
}

#[test]
fn p_values_are_those_of_welchs_test() {
    let expected: Value = serde_json::from_str(EXPECTED).expect("the expected values");
    let tests = expected["welch"].as_array().expect("tests");
    assert!(!tests.is_empty());
    for one in tests {
        let number = |i: usize| one[i].as_f64().expect("a number");
        let spread = |variance: f64, i: usize| Spread::of(Some(variance), number(i) as u64);
        let p = |now, before| Means::of(now, before).p_value(number(0) - number(1), 0.0).expect("a p-value");
        let found = p(spread(number(2), 3), spread(number(2), 4));
        assert!((found / number(5) - 1.0).abs() < 1e-9, "{found} instead of {}", number(5));
        // The larger variance is that of both.
        assert_eq!(p(spread(number(2), 3), spread(number(2) / 7.0, 4)), found);
        assert_eq!(p(spread(0.0, 3), spread(number(2), 4)), found);
    }
}
