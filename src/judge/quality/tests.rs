//! Limits, AWS's decisions and the statistical verdict, against examples.

mod concept;
mod simulation;

use proptest::prelude::*;

use super::*;
use crate::judge::{Test, TestOutcome, findings_of};
use crate::measure::quality::{BaselineMetric, Distribution, Metric, Quality, QualityBaseline};
use crate::profile::{OutcomeAccount, Problem, Undefined};

pub(super) fn metric(name: &'static str, value: f64, standard_error: f64, n: u64) -> Metric {
    Metric { name, value: Ok(value), standard_deviation: None, standard_error: Some(standard_error), interval: None, n }
}

pub(super) fn quality(problem: Problem, metrics: Vec<Metric>) -> Quality {
    Quality {
        problem,
        n: metrics.iter().map(|metric| metric.n).max().unwrap_or(0),
        account: OutcomeAccount::default(),
        metrics,
        more_metrics: Vec::new(),
        confusion: None,
        curves: None,
        calibration: Vec::new(),
        classes: Vec::new(),
        residual_quantiles: Vec::new(),
    }
}

pub(super) fn baseline(quality: &Quality) -> QualityBaseline {
    let known = |metric: &Metric| {
        let (value, standard_error) = (metric.value.ok()?, metric.standard_error);
        Some(BaselineMetric { name: metric.name.to_owned(), value, standard_error, n: metric.n })
    };
    QualityBaseline {
        problem: quality.problem,
        positive_label: None,
        n: quality.n,
        metrics: quality.metrics.iter().filter_map(known).collect(),
        predictions: Distribution::Classes(Vec::new()),
        scores: Vec::new(),
        calibration: None,
        concept: None,
    }
}

fn limits(constraints: &QualityConstraints) -> Vec<(&str, Option<f64>, &str)> {
    let limits = constraints.limits.iter();
    limits.map(|limit| (limit.metric.as_str(), limit.threshold, limit.operator.name())).collect()
}

const ALL_BINARY: [&str; 13] = [
    "recall",
    "precision",
    "accuracy",
    "accuracy_best_constant_classifier",
    "true_positive_rate",
    "true_negative_rate",
    "false_positive_rate",
    "false_negative_rate",
    "au_prc",
    "auc",
    "f0_5",
    "f1",
    "f2",
];

#[test]
fn a_classifier_s_limits_are_awss() {
    let mut metrics: Vec<Metric> = ALL_BINARY.iter().map(|name| metric(name, 0.5, 0.1, 100)).collect();
    metrics[5].value = Err(Undefined::Empty);
    let mut measured = quality(Problem::BinaryClassification, metrics);
    let (less, greater) = ("LessThanThreshold", "GreaterThanThreshold");
    let expected = [
        ("recall", Some(0.5), less),
        ("precision", Some(0.5), less),
        ("accuracy", Some(0.5), less),
        ("true_positive_rate", Some(0.5), less),
        ("true_negative_rate", None, less),
        ("false_positive_rate", Some(0.5), greater),
        ("false_negative_rate", Some(0.5), greater),
        ("auc", Some(0.5), less),
        ("f0_5", Some(0.5), less),
        ("f1", Some(0.5), less),
        ("f2", Some(0.5), less),
    ];
    assert_eq!(limits(&suggest(&measured)), expected);
    measured.metrics.retain(|metric| metric.name != "auc");
    assert_eq!(suggest(&measured).limits.len(), 10, "no scores, no limit for the area");
}

#[test]
fn a_regression_s_limits_are_awss() {
    let measured = quality(
        Problem::Regression,
        ["mae", "mse", "rmse", "r2"].into_iter().map(|name| metric(name, 0.5, 0.1, 100)).collect(),
    );
    let (less, greater) = ("LessThanThreshold", "GreaterThanThreshold");
    let expected = [
        ("mae", Some(0.5), greater),
        ("mse", Some(0.5), greater),
        ("rmse", Some(0.5), greater),
        ("r2", Some(0.5), less),
    ];
    assert_eq!(limits(&suggest(&measured)), expected);
}

#[test]
fn what_meets_its_own_limits_violates_none() {
    let measured =
        quality(Problem::BinaryClassification, ALL_BINARY.iter().map(|name| metric(name, 0.5, 0.1, 100)).collect());
    assert_eq!(evaluate(&suggest(&measured), &measured), []);
}

#[test]
fn the_sentence_tells_the_deviation_where_there_is_one() {
    let limit = |metric: &str, threshold, operator| QualityLimit { metric: metric.to_owned(), threshold, operator };
    let constraints = QualityConstraints {
        problem: Problem::BinaryClassification,
        limits: vec![
            limit("f0_5", Some(1.0), Operator::LessThanThreshold),
            limit("false_positive_rate", Some(0.0), Operator::GreaterThanThreshold),
            limit("auc", Some(0.9395127993393898), Operator::LessThanThreshold),
            limit("accuracy", None, Operator::LessThanThreshold),
            limit("unheard_of", Some(1.0), Operator::LessThanThreshold),
        ],
    };
    let mut metrics = vec![
        metric("f0_5", 0.1, 0.1, 300),
        metric("false_positive_rate", 1e-4, 0.1, 300),
        metric("auc", 0.515453080147537, 0.1, 300),
        metric("accuracy", 0.0, 0.1, 300),
    ];
    metrics[2].standard_deviation = Some(8.080858763541535e-4);
    let findings = evaluate(&constraints, &quality(Problem::BinaryClassification, metrics));
    let told: Vec<_> = findings.iter().map(|found| (found.metric, found.description.as_str())).collect();
    assert_eq!(
        told,
        [
            (
                "auc",
                "Metric auc with 0.515453080147537 +/- 8.080858763541535E-4 was LessThanThreshold '0.9395127993393898'"
            ),
            ("false_positive_rate", "Metric falsePositiveRate with 1.0E-4 was GreaterThanThreshold '0.0'"),
        ]
    );
    assert_eq!((findings[1].metric, findings[1].n), ("false_positive_rate", 300));
}

/// Name, value and error of one metric, now and before, and what the test says.
fn tested(name: &'static str, now: (f64, f64, u64), before: (f64, f64, u64), is_baseline_known: bool) -> Test {
    let problem = if name == "mse" { Problem::Regression } else { Problem::BinaryClassification };
    let of = |(value, error, n)| quality(problem, vec![metric(name, value, error, n)]);
    let (now, before) = (of(now), of(before));
    let known = baseline(&before);
    test(&suggest(&before), &now, &[], is_baseline_known.then_some(&known)).remove(0)
}

#[test]
fn two_samples_are_compared_with_the_errors_of_both() {
    let found = tested("mse", (1.05, 0.03, 100), (1.0, 0.04, 100), true);
    assert!((found.effect.unwrap() - 0.05).abs() < 1e-12);
    assert!((found.p.unwrap() - 0.158_655_253_931_457).abs() < 1e-9, "one standard error of 0.05: {found:?}");
    assert_eq!((found.p_adjusted, found.outcome), (found.p, TestOutcome::Held));
    let alone = tested("mse", (1.05, 0.05, 100), (1.0, 0.04, 100), false);
    assert!((alone.p.unwrap() - 0.158_655_253_931_457).abs() < 1e-9, "only its own error counts: {alone:?}");
    assert_eq!((alone.baseline_n, alone.baseline_standard_error), (None, None));
}

#[test]
fn a_threshold_that_someone_changed_is_exact() {
    let before = quality(Problem::BinaryClassification, vec![metric("accuracy", 0.95, 0.04, 100)]);
    let now = quality(Problem::BinaryClassification, vec![metric("accuracy", 0.85, 0.02, 400)]);
    let mut constraints = suggest(&before);
    let known = baseline(&before);
    assert_eq!(test(&constraints, &now, &[], Some(&known))[0].baseline_n, Some(100));
    constraints.limits[0].threshold = Some(0.8);
    let found = test(&constraints, &now, &[], Some(&known)).remove(0);
    assert_eq!((found.baseline_n, found.baseline_value, found.outcome), (None, Some(0.8), TestOutcome::Held));
    assert!(found.effect.unwrap() < 0.0);
}

#[test]
fn too_little_is_said_so() {
    let cases = [
        ("mse", (2.0, 0.1, 29), (1.0, 0.1, 100), TestOutcome::InsufficientData, "few rows now"),
        ("mse", (2.0, 0.1, 100), (1.0, 0.1, 29), TestOutcome::InsufficientData, "few rows before"),
        ("mse", (2.0, 0.0, 100), (1.0, 0.0, 100), TestOutcome::InsufficientData, "no error at all"),
        ("mse", (2.0, 0.0, 100), (1.0, 0.1, 100), TestOutcome::Violated, "the other's error"),
        ("mse", (2.0, 0.1, 100), (0.0, 0.0, 100), TestOutcome::Violated, "the other's error"),
        ("mse", (1.05, 0.0, 100), (1.0, 0.1, 100), TestOutcome::Held, "the other's error"),
        ("mse", (0.5, 0.1, 100), (1.0, 0.1, 100), TestOutcome::Held, "better"),
        ("accuracy", (1.0, 0.0, 100), (1.0, 0.0, 100), TestOutcome::Held, "perfect twice"),
        ("accuracy", (0.99, 0.01, 100), (1.0, 0.0, 100), TestOutcome::Held, "one mistake more"),
        ("accuracy", (0.0, 0.0, 100), (1.0, 0.0, 100), TestOutcome::Violated, "all wrong"),
    ];
    for (name, now, before, expected, what) in cases {
        let found = tested(name, now, before, true);
        assert_eq!(found.outcome, expected, "{what}: {found:?}");
        assert_eq!(found.p.is_none(), expected == TestOutcome::InsufficientData, "{what}: {found:?}");
    }
}

#[test]
fn the_same_question_asked_twice_counts_once() {
    let of = |recall: f64| {
        let metrics = vec![
            metric("recall", recall, 0.02, 200),
            metric("true_positive_rate", recall, 0.02, 200),
            metric("false_negative_rate", 1.0 - recall, 0.02, 200),
            metric("precision", 0.9, 0.02, 200),
        ];
        quality(Problem::BinaryClassification, metrics)
    };
    let (before, now) = (of(0.9), of(0.85));
    let tests = test(&suggest(&before), &now, &[], Some(&baseline(&before)));
    let adjusted: Vec<f64> = ["recall", "true_positive_rate", "false_negative_rate"]
        .iter()
        .map(|name| tests.iter().find(|test| test.metric == *name).and_then(|test| test.p_adjusted).unwrap())
        .collect();
    assert!(adjusted.iter().all(|p| *p == adjusted[0]));
    let p = tests[0].p.unwrap();
    assert!((adjusted[0] - 2.0 * p).abs() < 1e-12, "two questions, not four: {p} {adjusted:?}");
}

/// How many questions the first test's p-value was multiplied for, the first being the smallest.
fn n_questions(problem: Problem, values: [(&'static str, f64, f64); 3]) -> f64 {
    let of = |place: fn(&(&'static str, f64, f64)) -> f64| {
        quality(problem, values.iter().map(|found| metric(found.0, place(found), 0.1, 10_000)).collect())
    };
    let (now, before) = (of(|found| found.1), of(|found| found.2));
    let tests = test(&suggest(&before), &now, &[], Some(&baseline(&before)));
    let smallest = tests.iter().min_by(|a, b| a.p.unwrap().total_cmp(&b.p.unwrap())).unwrap();
    (smallest.p_adjusted.unwrap() / smallest.p.unwrap()).round()
}

#[test]
fn questions_are_the_same_only_if_their_thresholds_are() {
    let cases = [
        ("one error, squared", Problem::Regression, [("mse", 4.41, 4.0), ("rmse", 2.41, 2.0), ("mae", 1.0, 1.0)], 2.0),
        ("another square", Problem::Regression, [("mse", 4.41, 4.0), ("rmse", 3.41, 3.0), ("mae", 1.0, 1.0)], 3.0),
        (
            "complements",
            Problem::BinaryClassification,
            [("true_negative_rate", 0.5, 0.8), ("false_positive_rate", 0.5, 0.2), ("f1", 0.8, 0.8)],
            2.0,
        ),
        (
            "no complements",
            Problem::BinaryClassification,
            [("true_negative_rate", 0.5, 0.8), ("false_positive_rate", 0.5, 0.3), ("f1", 0.8, 0.8)],
            3.0,
        ),
        (
            "the mean of recalls by their rows",
            Problem::MulticlassClassification,
            [("accuracy", 0.5, 0.8), ("weighted_recall", 0.5, 0.8), ("weighted_f1", 0.8, 0.8)],
            2.0,
        ),
    ];
    for (what, problem, values, expected) in cases {
        assert_eq!(n_questions(problem, values), expected, "{what}");
    }
}

#[test]
fn a_finding_tells_effect_rows_and_p() {
    let mut found = tested("accuracy", (0.9, 0.01, 800), (0.95, 0.007, 1000), true);
    found.p_adjusted = Some(0.000_412);
    let finding = super::significance::finding(&found).unwrap();
    assert_eq!(
        finding.description,
        "Metric accuracy fell from 0.95 (n 1000) to 0.9 (n 800): worse by 0.05, adjusted p-value 0.00041"
    );
    assert_eq!((finding.check, finding.metric), ("LessThanThreshold", "accuracy"));
    let found = tested("mse", (7.0, 0.1, 800), (2.0, 0.1, 1000), false);
    assert_eq!(
        findings_of(&[found])[0].description,
        "Metric mse with 7.0 (n 800) is above 2.0: worse by 5.0, adjusted p-value below 0.0001"
    );
    let held = tested("mse", (2.0, 0.1, 800), (7.0, 0.1, 1000), true);
    assert_eq!(findings_of(&[held]), []);
}

proptest! {
    #[test]
    fn correction_never_makes_an_alarm_likelier(
        values in prop::collection::vec((0.0..1.0, 0.001..0.5, 30..2000u64), ALL_BINARY.len()),
        thresholds in prop::collection::vec(0.0..1.0, ALL_BINARY.len()),
    ) {
        let metrics = |values: &mut dyn Iterator<Item = (f64, f64, u64)>| -> Vec<Metric> {
            ALL_BINARY.iter().zip(values).map(|(name, (value, error, n))| metric(name, value, error, n)).collect()
        };
        let now = quality(Problem::BinaryClassification, metrics(&mut values.iter().copied()));
        let before = quality(Problem::BinaryClassification, metrics(&mut thresholds.iter().map(|value| (*value, 0.1, 50))));
        let mut tests = test(&suggest(&before), &now, &[], Some(&baseline(&before)));
        prop_assert_eq!(tests.len(), 11);
        for test in &tests {
            let (p, adjusted) = (test.p.unwrap(), test.p_adjusted.unwrap());
            prop_assert!((0.0..=1.0).contains(&p) && p <= adjusted && adjusted <= (11.0 * p).min(1.0));
            prop_assert_eq!(test.outcome == TestOutcome::Violated, adjusted < ALPHA && test.effect.unwrap() > 0.0);
        }
        tests.sort_by(|a, b| a.p.unwrap().total_cmp(&b.p.unwrap()));
        prop_assert!(tests.is_sorted_by(|a, b| a.p_adjusted <= b.p_adjusted), "a smaller p stays smaller");
    }
}
