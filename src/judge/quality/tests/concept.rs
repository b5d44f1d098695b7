//! The statistical verdict on concept drift, against examples.

use super::{baseline, metric, quality};
use crate::judge::quality::{CONCEPT_MARGIN, suggest, test};
use crate::judge::{Subject, Test, TestOutcome};
use crate::measure::concept::ConceptChange;
use crate::profile::{Problem, Undefined};

fn change(feature: &str, value: Result<f64, Undefined>, p_value: f64, n: u64) -> ConceptChange {
    ConceptChange {
        feature: feature.to_owned(),
        n,
        baseline_n: 1_000,
        value,
        p_value: Ok(p_value),
        conditional_entropy: Ok(0.5),
        baseline_conditional_entropy: Ok(0.5),
    }
}

fn tested(changes: &[ConceptChange]) -> Vec<Test> {
    let before = quality(Problem::BinaryClassification, vec![metric("accuracy", 0.5, 0.1, 100)]);
    test(&suggest(&before), &before, changes, Some(&baseline(&before)))
}

#[test]
fn a_change_is_a_violation_beyond_chance_and_beyond_the_margin() {
    let changes = [
        change("far", Ok(0.4), 1e-9, 500),
        change("near", Ok(CONCEPT_MARGIN), 1e-9, 500),
        change("by chance", Ok(0.4), 0.3, 500),
        change("few", Ok(0.4), 1e-9, 29),
        change("absent", Err(Undefined::Absent), 1e-9, 0),
    ];
    let tests = tested(&changes);
    let found: Vec<(Option<&str>, TestOutcome)> =
        tests[1..].iter().map(|test| (test.subject.feature(), test.outcome)).collect();
    let expected = [
        (Some("far"), TestOutcome::Violated),
        (Some("near"), TestOutcome::Held),
        (Some("by chance"), TestOutcome::Held),
        (Some("few"), TestOutcome::InsufficientData),
    ];
    assert_eq!(found, expected);
    let finding = tests[1].finding.as_ref().expect("a finding");
    assert_eq!((finding.check, finding.metric), ("GreaterThanThreshold", "concept_change"));
    assert_eq!(finding.subject, Subject::Feature("far".to_owned()));
    assert_eq!(
        finding.description,
        "Metric conceptChange of feature far with 0.4 (n 500, baseline n 1000) is above 0.05: labels mean something \
         else there, adjusted p-value below 0.0001"
    );
}

#[test]
fn features_and_metrics_are_one_family() {
    let tests = tested(&[change("a", Ok(0.4), 0.02, 500), change("b", Ok(0.4), 0.01, 500)]);
    let of_feature = |name: &str| tests.iter().find(|test| test.subject.feature() == Some(name)).expect("a test");
    // Three hypotheses: the accuracy's own, and one of each feature.
    assert_eq!((of_feature("b").p_adjusted, of_feature("a").p_adjusted), (Some(0.03), Some(0.04)));
    assert!(tests[0].p.is_some_and(|p| p > 0.4) && of_feature("b").outcome == TestOutcome::Violated);
}
