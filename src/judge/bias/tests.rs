//! AWS's decisions and the statistical verdict, against examples.

mod not_measured;
mod simulation;

use proptest::prelude::*;

use super::*;
use crate::judge::{Finding, Scale, TestOutcome, findings_of};
use crate::measure::bias::{BaselineGroup, Bias, BiasMetric, EightCounts, GroupBias};

/// The metrics that follow from the counts, with AWS's signs, by formulas of their own.
fn metrics_of(counts: &EightCounts) -> Vec<(&'static str, f64)> {
    let div = |a: f64, b: f64| match (a, b) {
        (0.0, 0.0) => 0.0,
        (a, b) => a / b,
    };
    let [rest, group] = counts.n.map(|side| side.map(|label| label.map(|n| n as f64)));
    let of = |f: &dyn Fn(f64, f64, f64, f64) -> f64, [[tn, fp], [miss, tp]]: [[f64; 2]; 2]| f(tp, fp, miss, tn);
    let gap = |f: &dyn Fn(f64, f64, f64, f64) -> f64| of(f, rest) - of(f, group);
    let size = |side: [[f64; 2]; 2]| side.iter().flatten().sum::<f64>();
    let said = |tp: f64, fp: f64, miss: f64, tn: f64| div(tp + fp, tp + fp + miss + tn);
    let dpl = gap(&|tp, fp, miss, tn| div(tp + miss, tp + fp + miss + tn));
    let cells: Vec<f64> = (0..4).map(|i| rest[i / 2][i % 2] + group[i / 2][i % 2]).collect();
    let (n, benefit) = (cells.iter().sum::<f64>(), cells[0] + cells[3] + 2.0 * cells[1]);
    let squares = cells[0] + cells[3] + 4.0 * cells[1];
    vec![
        ("AD", gap(&|tp, fp, miss, tn| div(tp + tn, tp + fp + miss + tn))),
        ("DAR", gap(&|tp, fp, _, _| div(tp, tp + fp))),
        ("DCA", gap(&|tp, fp, miss, _| div(tp + miss, tp + fp))),
        ("DCR", -gap(&|_, fp, miss, tn| div(tn + fp, tn + miss))),
        ("DI", div(of(&said, group), of(&said, rest))),
        ("DPPL", gap(&said)),
        ("DRR", -gap(&|_, _, miss, tn| div(tn, tn + miss))),
        ("GE", (n * squares / benefit.powi(2) - 1.0) / 2.0),
        ("RD", gap(&|tp, _, miss, _| div(tp, tp + miss))),
        ("SD", -gap(&|_, fp, _, tn| div(tn, tn + fp))),
        ("TE", -gap(&|_, fp, miss, _| div(miss, fp))),
        ("CI", (size(rest) - size(group)) / n),
        ("DPL", dpl),
        ("KS", dpl.abs()),
        ("LP", 2f64.sqrt() * dpl.abs()),
        ("TVD", dpl.abs()),
    ]
}

fn group(counts: &EightCounts, is_pre_training: bool) -> GroupBias {
    let is_meant = |name: &str| ["CI", "DPL", "KS", "LP", "TVD"].contains(&name) == is_pre_training;
    let metrics = metrics_of(counts).into_iter().filter(|(name, _)| is_meant(name));
    let metric = |(name, value): (&'static str, f64)| BiasMetric {
        name,
        description: String::new(),
        value: if value.is_nan() { Err("no number".to_owned()) } else { Ok(value) },
        standard_error: None,
        interval: None,
    };
    GroupBias {
        facet: "sex".to_owned(),
        facet_value: "0".to_owned(),
        value_or_threshold: "0".to_owned(),
        metrics: metrics.map(metric).collect(),
        counts: *counts,
    }
}

fn measured(counts: &EightCounts) -> Bias {
    Bias {
        label: "income".to_owned(),
        label_value_or_threshold: "1".to_owned(),
        pre_training: vec![group(counts, true)],
        post_training: vec![group(counts, false)],
        n: counts.n.iter().flatten().flatten().sum(),
        n_missing: Default::default(),
        estimated: Vec::new(),
    }
}

fn remembered(bias: &Bias, has_counts: bool) -> Vec<BaselineGroup> {
    let groups = |is_post_training, groups: &[GroupBias]| -> Vec<BaselineGroup> {
        let group = |group: &GroupBias| BaselineGroup {
            is_post_training,
            facet: group.facet.clone(),
            value_or_threshold: group.value_or_threshold.clone(),
            label_value_or_threshold: Some(bias.label_value_or_threshold.clone()),
            metrics: group.metrics.iter().map(|m| (m.name.to_owned(), m.value.clone().ok())).collect(),
            counts: has_counts.then_some(group.counts),
        };
        groups.iter().map(group).collect()
    };
    [groups(true, &bias.post_training), groups(false, &bias.pre_training)].concat()
}

/// `[rest, group]`, each `[tn, fp, fn, tp]`.
fn counts(sides: [[u64; 4]; 2]) -> EightCounts {
    EightCounts { n: sides.map(|[tn, fp, miss, tp]| [[tn, fp], [miss, tp]]), has_predictions: true }
}

fn fair() -> EightCounts {
    counts([[600, 60, 80, 260], [300, 30, 40, 130]])
}

fn unfair() -> EightCounts {
    counts([[600, 60, 80, 260], [322, 8, 130, 40]])
}

fn found(findings: &[Finding]) -> Vec<&'static str> {
    findings.iter().map(|finding| finding.metric).collect()
}

#[test]
fn what_is_further_from_zero_is_found_in_awss_order_and_words() {
    let value = |name, value| (name, value);
    let with = |values: &[(&'static str, Result<f64, String>)], is_post: bool| {
        let mut bias = measured(&fair());
        let metrics = values.iter().map(|(name, value)| BiasMetric {
            name,
            description: String::new(),
            value: value.clone(),
            standard_error: None,
            interval: None,
        });
        let metrics: Vec<BiasMetric> = metrics.collect();
        let (side, other) = match is_post {
            true => (&mut bias.post_training, &mut bias.pre_training),
            false => (&mut bias.pre_training, &mut bias.post_training),
        };
        (side[0].metrics, other[0].metrics) = (metrics, Vec::new());
        bias
    };
    let none = || Err("empty".to_owned());
    let base = with(
        &[
            value("AD", Ok(0.1)),
            value("DAR", Ok(-0.5)),
            value("DCA", Ok(0.5)),
            value("DI", Ok(0.25)),
            value("RD", none()),
            value("SD", Ok(1.0)),
            value("TE", Ok(-2.0)),
            value("FT", Ok(f64::INFINITY)),
        ],
        true,
    );
    let now = with(
        &[
            value("AD", Ok(-0.2)),
            value("DAR", Ok(0.5)),
            value("DCA", Ok(-0.5)),
            value("DI", Ok(0.0)),
            value("RD", Ok(1.0)),
            value("SD", none()),
            value("TE", Ok(f64::NEG_INFINITY)),
            value("FT", Ok(f64::NEG_INFINITY)),
            value("GE", Ok(1e-9)),
        ],
        true,
    );
    let findings = evaluate(&remembered(&base, false), &now);
    assert_eq!(found(&findings), ["AD", "TE"]);
    let finding = &findings[0];
    assert_eq!(finding.description, "Metric value -0.2 doesn't meet the baseline constraint requirement 0.1");
    assert_eq!(findings[1].description, "Metric value -Infinity doesn't meet the baseline constraint requirement -2.0");
    assert_eq!(
        (finding.check, finding.subject.feature(), finding.subject.group()),
        ("bias_drift_check", Some("sex"), Some("0"))
    );
    assert_eq!((finding.subject.is_post_training(), finding.n), (true, 1500));
    let both = evaluate(&remembered(&measured(&fair()), false), &measured(&unfair()));
    let stages: Vec<bool> = both.iter().map(|finding| finding.subject.is_post_training()).collect();
    assert!(both.len() > 5 && stages.is_sorted_by(|a, b| a >= b), "post-training first");
    assert_eq!(evaluate(&[], &now), []);
}

#[test]
fn groups_are_known_by_what_they_mean() {
    let cases = [
        ("40", "(40, 91]", "(40, 90]", true, "the largest value changes"),
        ("40", "(40.0, 90.5]", "(40, 90]", true, "whole numbers became fractions"),
        ("40", "(33, 40]", "(40, 90]", true, "nothing is above the threshold"),
        ("40", "", "(40, 90]", true, "the largest value is the threshold"),
        ("41", "(41, 91]", "(40, 91]", false, "another threshold"),
        ("40", "40", "(40, 90]", false, "a value is no threshold"),
        ("40", "(40, 90]", "40", false, "a threshold is no value"),
        ("b,a", "b,a", "a,b", true, "the order of values"),
        ("a,b", "a,b", "a", false, "one of two values"),
        ("1.0", "1.0", "1", true, "a column with nulls is of fractions"),
        ("(18, 35]", "(18, 35]", "(18, 35]", true, "a category that looks like an interval"),
        ("A", "A", "a", false, "categories have cases"),
        ("", "", "", true, "an empty category"),
    ];
    for (facet_value, now, before, expected, what) in cases {
        let mut base = remembered(&measured(&fair()), false);
        base[0].value_or_threshold = before.to_owned();
        let mut group = measured(&fair()).post_training.remove(0);
        (group.facet_value, group.value_or_threshold) = (facet_value.to_owned(), now.to_owned());
        let index = BaselineIndex::of(&base);
        assert_eq!(index.group(true, &group).is_some(), expected, "{what}");
        assert!(index.group(false, &group).is_none() || before == "0", "{what}: of another stage");
        group.facet = "age".to_owned();
        assert!(index.group(true, &group).is_none(), "{what}: of another facet");
    }
}

#[test]
fn values_that_are_one_number_are_told_apart_by_their_texts() {
    let mut base = remembered(&measured(&fair()), false);
    base.truncate(1);
    base.push(base[0].clone());
    (base[0].value_or_threshold, base[1].value_or_threshold) = ("01".to_owned(), "1".to_owned());
    let mut group = measured(&fair()).post_training.remove(0);
    for (text, expected) in [("01", Some("01")), ("1", Some("1")), ("1.0", None)] {
        (group.facet_value, group.value_or_threshold) = (text.to_owned(), text.to_owned());
        let found = BaselineIndex::of(&base).group(true, &group).map(|known| known.value_or_threshold.as_str());
        assert_eq!(found, expected, "{text}");
    }
}

#[test]
fn a_model_that_became_unfair_is_found_and_one_that_became_fair_is_not() {
    let outcomes = |base: &EightCounts, now: &EightCounts| {
        let tests = test(&remembered(&measured(base), true), &measured(now), DEFAULT_MARGIN);
        assert!(tests.iter().all(|test| test.p.is_some()), "every test is made");
        findings_of(&tests)
    };
    let worse = outcomes(&fair(), &unfair());
    assert_eq!(found(&worse), ["AD", "DCA", "DCR", "DI", "DPPL", "DRR", "GE", "RD", "SD", "TE"]);
    assert!(worse[3].description.starts_with("Metric DI moved from 1.0 (n 1500) to 0.3"), "{}", worse[3].description);
    assert!(worse[3].description.contains("in logarithms"), "{}", worse[3].description);
    assert_eq!(outcomes(&unfair(), &fair()), []);
    assert_eq!(outcomes(&unfair(), &unfair()), []);
}

#[test]
fn disparate_impact_is_judged_by_its_distance_from_one() {
    let favoured = counts([[900, 10, 80, 10], [700, 200, 50, 50]]);
    let neglected = counts([[700, 200, 50, 50], [900, 10, 80, 10]]);
    let of = |base: &EightCounts, now: &EightCounts| {
        let tests = test(&remembered(&measured(base), true), &measured(now), DEFAULT_MARGIN);
        tests.into_iter().find(|test| test.metric == "DI").unwrap()
    };
    for (now, by_aws) in [(&favoured, true), (&neglected, false)] {
        let di = of(&fair(), now);
        assert_eq!((di.scale, di.outcome), (Scale::LogQuotient, TestOutcome::Violated));
        let findings = evaluate(&remembered(&measured(&fair()), false), &measured(now));
        assert_eq!(found(&findings).contains(&"DI"), by_aws);
    }
    assert_eq!(of(&favoured, &neglected).effect, Some(0.0), "twice as many is as unfair as half as many");
}

#[test]
fn too_few_rows_are_no_test() {
    let outcome = |base: &EightCounts, now: &EightCounts| -> Vec<TestOutcome> {
        test(&remembered(&measured(base), true), &measured(now), DEFAULT_MARGIN)
            .iter()
            .map(|test| test.outcome)
            .collect()
    };
    let small = counts([[600, 60, 80, 260], [10, 5, 4, 10]]);
    let no_positives = counts([[600, 60, 80, 260], [500, 50, 2, 2]]);
    for few in [&small, &no_positives] {
        for (base, now) in [(&fair(), few), (few, &fair())] {
            let outcomes = outcome(base, now);
            assert!(!outcomes.is_empty());
            assert!(outcomes.iter().all(|outcome| *outcome == TestOutcome::InsufficientData), "{outcomes:?}");
        }
    }
    let no_alarms = counts([[600, 60, 80, 260], [326, 4, 40, 130]]);
    let tests = test(&remembered(&measured(&fair()), true), &measured(&no_alarms), DEFAULT_MARGIN);
    let insufficient = tests.iter().filter(|test| test.outcome == TestOutcome::InsufficientData);
    assert_eq!(insufficient.map(|test| test.metric).collect::<Vec<_>>(), ["TE"], "fewer than five false alarms");
}

#[test]
fn a_baseline_without_counts_is_taken_as_exact() {
    let with = test(&remembered(&measured(&fair()), true), &measured(&unfair()), DEFAULT_MARGIN);
    let without = test(&remembered(&measured(&fair()), false), &measured(&unfair()), DEFAULT_MARGIN);
    assert_eq!(with.len(), without.len());
    for (two, one) in with.iter().zip(&without) {
        assert!(two.baseline_standard_error.is_some() && two.baseline_n == Some(1500), "{}", two.metric);
        assert_eq!((one.baseline_standard_error, one.baseline_n), (None, None), "{}", one.metric);
        match one.metric {
            "TE" => assert_eq!(one.outcome, TestOutcome::InsufficientData, "its odds do not follow from it"),
            // Of what is truly fair, the smoothed logarithm is not exactly zero.
            "DI" => assert!(one.effect.unwrap() > 0.0),
            _ => assert_eq!(one.effect, two.effect, "{}", one.metric),
        }
    }
    let told = findings_of(&without);
    assert!(told[0].description.contains("whose n is not known"), "{}", told[0].description);
}

#[test]
fn an_edited_baseline_means_its_value() {
    let mut edited = remembered(&measured(&fair()), true);
    for (_, value) in edited.iter_mut().flat_map(|group| &mut group.metrics) {
        *value = value.map(|_| 0.9);
    }
    let tests = test(&edited, &measured(&unfair()), DEFAULT_MARGIN);
    let dppl = tests.iter().find(|test| test.metric == "DPPL").unwrap();
    assert_eq!((dppl.baseline_scaled, dppl.baseline_standard_error), (Some(0.9), None));
    assert_eq!(dppl.outcome, TestOutcome::Held);
}

#[test]
fn a_margin_lets_small_changes_pass() {
    let (base, now) = (remembered(&measured(&fair()), true), measured(&unfair()));
    let outcome = |margin| {
        let tests = test(&base, &now, margin);
        tests.into_iter().find(|test| test.metric == "DPPL").unwrap().outcome
    };
    assert_eq!(
        (outcome(0.0), outcome(0.1), outcome(0.3)),
        (TestOutcome::Violated, TestOutcome::Violated, TestOutcome::Held)
    );
}

#[test]
fn metrics_that_no_count_tells_are_tested_with_their_own_errors() {
    let with_flips = |counts: &EightCounts, value, error| {
        let mut bias = measured(counts);
        bias.post_training[0].metrics = vec![BiasMetric {
            name: "FT",
            description: String::new(),
            value: Ok(value),
            standard_error: error,
            interval: None,
        }];
        bias.pre_training.clear();
        bias
    };
    let base = remembered(&with_flips(&fair(), 0.1, None), true);
    let single = |value, error| test(&base, &with_flips(&fair(), value, error), DEFAULT_MARGIN).remove(0);
    assert_eq!(single(-0.4, Some(0.05)).outcome, TestOutcome::Violated);
    assert_eq!(single(-0.4, Some(0.05)).baseline_standard_error, Some(0.05), "as many rows have as large an error");
    assert_eq!(single(-0.12, Some(0.05)).outcome, TestOutcome::Held);
    for error in [None, Some(0.0), Some(f64::NAN)] {
        assert_eq!(single(-0.4, error).outcome, TestOutcome::InsufficientData);
    }
}

#[test]
fn counts_beyond_any_data_do_no_harm() {
    let huge = counts([[u64::MAX; 4]; 2]);
    let tests = test(&remembered(&measured(&fair()), true), &measured(&fair()), DEFAULT_MARGIN);
    let mut base = remembered(&measured(&fair()), true);
    base.iter_mut().for_each(|group| group.counts = Some(huge));
    let odd = test(&base, &measured(&fair()), DEFAULT_MARGIN);
    assert_eq!(odd.len(), tests.len());
    assert_eq!(odd[0].baseline_n, Some(u64::MAX));
}

prop_compose! {
    fn any_counts(max: u64)(n in prop::array::uniform2(prop::array::uniform4(0..max))) -> EightCounts {
        counts(n)
    }
}

proptest! {
    #[test]
    fn whatever_is_counted_nothing_is_worse_than_itself(counts in prop_oneof![any_counts(4), any_counts(500)]) {
        let now = measured(&counts);
        for has_counts in [true, false] {
            let base = remembered(&now, has_counts);
            prop_assert_eq!(evaluate(&base, &now), []);
            let tests = test(&base, &now, DEFAULT_MARGIN);
            if has_counts {
                prop_assert_eq!(findings_of(&tests), []);
            }
            for test in tests {
                prop_assert!(test.p.is_none_or(|p| (0.0..=1.0).contains(&p)));
                prop_assert!(test.p_adjusted >= test.p);
                prop_assert_eq!(test.p.is_none(), test.outcome == TestOutcome::InsufficientData);
            }
        }
    }

    #[test]
    fn unfairness_does_not_depend_on_which_side_is_the_group(a in any_counts(500), b in any_counts(500)) {
        let swapped = |counts: &EightCounts| EightCounts { n: [counts.n[1], counts.n[0]], ..*counts };
        let p_values = |base: &EightCounts, now: &EightCounts| -> Vec<Option<f64>> {
            let tests = test(&remembered(&measured(base), true), &measured(now), DEFAULT_MARGIN);
            tests.into_iter().map(|test| test.p).collect()
        };
        for (one, other) in p_values(&a, &b).into_iter().zip(p_values(&swapped(&a), &swapped(&b))) {
            if let (Some(one), Some(other)) = (one, other) {
                prop_assert!((one - other).abs() < 1e-9, "{} {}", one, other);
            }
        }
    }
}
