//! Chains of windows against one baseline.

use super::*;
use crate::judge::chance::{holm, upper_tail};
use crate::judge::hypothesis_test::{correct, decide};
use crate::judge::{Alternative, Finding, Scale};
use crate::sketch::SplitMix;

const HOUR: i64 = 3_600_000;

fn finding(test: &Test) -> Option<Finding> {
    Some(Finding {
        check: "check",
        subject: test.subject.clone(),
        metric: test.metric,
        description: String::new(),
        value: 1.0,
        threshold: 0.0,
        n: test.n,
    })
}

/// Tests of these p-values, decided as in one window.
fn tests_of(p_values: &[f64]) -> Vec<Test> {
    let of = |(i, p): (usize, &f64)| Test {
        subject: Subject::Feature(format!("f{i}")),
        metric: "measure",
        value: Some(1.0),
        baseline_value: None,
        scale: Scale::Value,
        scaled: Some(1.0),
        baseline_scaled: None,
        standard_error: None,
        n: 100,
        baseline_standard_error: None,
        baseline_n: Some(100),
        effect: Some(1.0),
        margin: 0.0,
        alternative: Alternative::Greater,
        p: Some(*p),
        p_adjusted: None,
        outcome: TestOutcome::InsufficientData,
        finding: None,
    };
    let mut tests: Vec<Test> = p_values.iter().enumerate().map(of).collect();
    correct(&mut tests, holm);
    decide(&mut tests, finding);
    tests
}

fn hour(i: i64) -> Bounds {
    (Some(i * HOUR), Some((i + 1) * HOUR))
}

/// Judges windows of these p-values, an hour each, and tells how each test came out.
fn chain(rule: AlarmRule, windows: &[&[f64]]) -> (Vec<Vec<TestOutcome>>, History) {
    let mut history = None;
    let mut outcomes = Vec::new();
    for (i, p_values) in windows.iter().enumerate() {
        let mut tests = tests_of(p_values);
        let over_time = OverTime::judge(&mut tests, Vec::new(), rule, (7, hour(i as i64)), history);
        assert!(tests.iter().all(|test| (test.outcome == TestOutcome::Violated) == test.finding.is_some()));
        let n_unconfirmed = tests.iter().filter(|test| test.outcome == TestOutcome::Unconfirmed).count();
        assert_eq!(over_time.unconfirmed.len(), n_unconfirmed);
        outcomes.push(tests.iter().map(|test| test.outcome).collect());
        history = Some(over_time.history);
    }
    (outcomes, history.unwrap_or_default())
}

use TestOutcome::{Held, Unconfirmed as Doubtful, Violated};

#[test]
fn a_large_change_is_found_at_once_and_a_small_one_is_not_confirmed() {
    let (outcomes, history) = chain(AlarmRule::EProcess, &[&[1e-9, 1e-3, 0.5], &[1e-9, 1e-3, 0.5]]);
    assert_eq!(outcomes, [[Violated, Doubtful, Held], [Violated, Doubtful, Held]]);
    assert_eq!((history.n_windows, history.n_tests, history.last_window), (2, 3, hour(1)));
}

#[test]
fn a_change_that_is_over_must_show_itself_anew() {
    let (outcomes, _) = chain(AlarmRule::EProcess, &[&[1e-9], &[0.9], &[1e-3], &[1e-9]]);
    assert_eq!(outcomes, [[Violated], [Held], [Doubtful], [Violated]]);
}

#[test]
fn so_many_of_the_last_windows() {
    let rule = AlarmRule::Windows { fewest: 2, of: 3 };
    let (outcomes, history) = chain(rule, &[&[1e-9], &[0.9], &[0.001], &[0.9], &[0.9], &[1e-9], &[1e-9]]);
    assert_eq!(outcomes, [[Doubtful], [Held], [Violated], [Held], [Held], [Doubtful], [Violated]]);
    assert_eq!(history.tests.values().next().map(|evidence| evidence.recent.clone()), Some(vec![false, true, true]));
}

#[test]
fn windows_of_another_baseline_begin_anew() {
    let (_, history) = chain(AlarmRule::EProcess, &[&[1e-9], &[1e-9]]);
    let over_time =
        OverTime::judge(&mut tests_of(&[0.5]), Vec::new(), AlarmRule::EProcess, (8, hour(2)), Some(history));
    assert_eq!((over_time.continuation, over_time.history.n_windows), (Continuation::OtherBaseline, 1));
    assert!(over_time.history.tests.values().all(|evidence| evidence.e_value < 1.0));
}

#[test]
fn a_window_that_is_run_again_adds_nothing() {
    let (_, history) = chain(AlarmRule::EProcess, &[&[1e-9, 0.5], &[1e-9, 0.5]]);
    for (window, p) in [(hour(1), 1e-9), (hour(0), 0.9)] {
        let mut tests = tests_of(&[p, 0.5]);
        let again = OverTime::judge(&mut tests, Vec::new(), AlarmRule::EProcess, (7, window), Some(history.clone()));
        assert_eq!(again.continuation, Continuation::NotLater);
        assert_eq!(again.history, history);
        assert_eq!(tests[0].outcome, if p < 0.05 { Violated } else { Held });
    }
}

#[test]
fn windows_without_times_follow_one_another() {
    let first = OverTime::judge(&mut tests_of(&[0.5]), Vec::new(), AlarmRule::EProcess, (7, (None, None)), None);
    assert_eq!(first.continuation, Continuation::Started);
    let second =
        OverTime::judge(&mut tests_of(&[0.5]), Vec::new(), AlarmRule::EProcess, (7, (None, None)), Some(first.history));
    assert_eq!((second.continuation, second.history.n_windows), (Continuation::Continued, 2));
}

#[test]
fn a_window_without_rows_is_a_window() {
    let (_, history) = chain(AlarmRule::EProcess, &[&[1e-9]]);
    let empty = OverTime::judge(&mut [], Vec::new(), AlarmRule::EProcess, (7, hour(1)), Some(history.clone()));
    assert_eq!((empty.history.n_windows, &empty.history.tests), (2, &history.tests));
}

#[test]
fn an_incident_is_seen_since_the_first_of_its_windows_in_a_row() {
    let flip = IncidentKey { kind: "sign_flip".to_owned(), features: vec!["x".to_owned()] };
    let mut history = None;
    for (i, is_there, since) in [(0, true, Some(0)), (1, true, Some(0)), (2, false, None), (3, true, Some(3))] {
        let incidents = if is_there { vec![flip.clone()] } else { Vec::new() };
        let judged = OverTime::judge(&mut [], incidents, AlarmRule::EProcess, (7, hour(i)), history);
        let seen = judged.history.incidents.get(&flip).copied().flatten();
        assert_eq!(seen, since.map(|place| place * HOUR), "{i}");
        history = Some(judged.history);
    }
}

/// A number of the standard normal law.
fn normal(random: &mut SplitMix) -> f64 {
    let (a, b) = (1.0 - random.share(), random.share());
    (-2.0 * a.ln()).sqrt() * (std::f64::consts::TAU * b).cos()
}

/// Years of hourly windows in which nothing changes: each tests four means against one baseline that is itself a
/// sample, so that an unlucky baseline makes every window look bad.
#[test]
fn simulation_of_years_without_change() {
    const N_YEARS: usize = 100;
    const N_HOURS: i64 = 8_760;
    const N_TESTS: usize = 4;
    let mut random = SplitMix::new(20_260_302);
    // Rows of the baseline for a row of a window.
    let n_of_baseline = 4.0_f64;
    let (mut alarmed, mut alarmed_alone) = (0, 0);
    for _ in 0..N_YEARS {
        let baseline: Vec<f64> = (0..N_TESTS).map(|_| normal(&mut random) / n_of_baseline.sqrt()).collect();
        let (mut history, mut has_alarm, mut has_single_alarm) = (None, false, false);
        for i in 0..N_HOURS {
            let p = |mean: &f64| {
                let z = (normal(&mut random) - mean) / (1.0 + 1.0 / n_of_baseline).sqrt();
                2.0 * upper_tail(z.abs())
            };
            let p_values: Vec<f64> = baseline.iter().map(p).collect();
            let mut tests = tests_of(&p_values);
            has_single_alarm |= tests.iter().any(|test| test.outcome == Violated);
            history = Some(OverTime::judge(&mut tests, Vec::new(), AlarmRule::EProcess, (7, hour(i)), history).history);
            has_alarm |= tests.iter().any(|test| test.outcome == Violated);
        }
        alarmed += usize::from(has_alarm);
        alarmed_alone += usize::from(has_single_alarm);
    }
    // 5 % of 100 and two standard errors.
    assert!(alarmed <= 9, "{alarmed} of {N_YEARS} years have an alarm");
    assert_eq!(alarmed_alone, N_YEARS, "windows that stand alone do have false alarms");
}
