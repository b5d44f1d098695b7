//! Numbers beside those of scikit-learn and scipy.

use serde_json::Value;

use crate::measure::attribution::magnitudes::share_distance;
use crate::measure::attribution::ndcg;
use crate::measure::attribution::rank_correlation::rank_correlation;
use crate::profile::Undefined;

const EXPECTED: &str = include_str!("../../../../tests/expected_values/attribution.json");
const TOLERANCE: f64 = 1e-12;

fn numbers(value: &Value) -> Vec<f64> {
    let numbers = match value {
        Value::Object(by_name) => by_name.values().map(Value::as_f64).collect::<Option<_>>(),
        value => value.as_array().and_then(|all| all.iter().map(Value::as_f64).collect()),
    };
    numbers.expect("numbers")
}

/// Distances are compared by their squares: the root of a rounding error is large.
fn assert_near(name: &str, found: Result<f64, Undefined>, expected: &Value, power: i32) {
    match (found, expected.as_f64()) {
        (Ok(found), Some(expected)) => {
            let gap = (found.powi(power) - expected.powi(power)).abs();
            assert!(gap <= TOLERANCE, "{name}: {found} instead of {expected}");
        }
        (found, expected) => assert!(found.is_err() && expected.is_none(), "{name}: {found:?} instead of {expected:?}"),
    }
}

#[test]
fn numbers_are_those_of_the_libraries() {
    let expected: Value = serde_json::from_str(EXPECTED).expect("the expected values");
    let cases = expected["cases"].as_array().expect("cases");
    assert!(cases.len() > 20);
    for case in cases {
        let (name, baseline, current) =
            (case["name"].to_string(), numbers(&case["baseline"]), numbers(&case["current"]));
        assert_near(&format!("NDCG, {name}"), ndcg(&baseline, &current), &case["ndcg"], 1);
        let correlation = rank_correlation(&baseline, &current);
        assert_near(&format!("rank correlation, {name}"), correlation, &case["rank_correlation"], 1);
        assert_near(&format!("distance, {name}"), share_distance(&baseline, &current), &case["share_distance"], 2);
    }
}

#[test]
fn a_correlation_of_too_many_features_is_not_computed() {
    let many: Vec<f64> = (0..4_097).map(f64::from).collect();
    assert_eq!(rank_correlation(&many, &many), Err(Undefined::HighCardinality));
    assert_eq!(rank_correlation(&many[..1], &many[..1]), Err(Undefined::TooFewFeatures));
}
