//! Centres of generated numbers beside those of scikit-learn.

use serde_json::Value;

use crate::measure::attribution::{Cell, reference_rows};

const EXPECTED: &str = include_str!("../../../../../tests/expected_values/clusters.json");
const TOLERANCE: f64 = 1e-9;

fn matrix(value: &Value) -> Vec<Vec<f64>> {
    let numbers = |row: &Value| row.as_array().expect("a row").iter().filter_map(Value::as_f64).collect();
    value.as_array().expect("rows").iter().map(numbers).collect()
}

fn number(cell: &Cell) -> f64 {
    cell.as_deref().expect("a cell").parse().expect("a number")
}

#[test]
fn centres_and_their_number_agree_with_scikit_learn() {
    let all: Value = serde_json::from_str(EXPECTED).expect("the expected values");
    let cases = all["cases"].as_array().expect("cases");
    assert_eq!(cases.len(), 4);
    for case in cases {
        let (name, expected) = (case["name"].as_str().expect("a name"), matrix(&case["centres"]));
        let text = |x: &f64| Some(x.to_string().into());
        let rows: Vec<Vec<Cell>> = matrix(&case["rows"]).iter().map(|row| row.iter().map(text).collect()).collect();
        assert_eq!(case["k"], case["best_k"], "{name}");
        for (k, seed) in
            [None, case["k"].as_u64().map(|k| k as usize)].into_iter().flat_map(|k| (0..4).map(move |s| (k, s)))
        {
            let mut found: Vec<Vec<f64>> =
                reference_rows(&rows, k, seed).iter().map(|row| row.iter().map(number).collect()).collect();
            // The first columns of the centres differ by much more than rounding.
            found.sort_by(|one, other| one[0].total_cmp(&other[0]));
            assert_eq!(found.len(), expected.len(), "{name}, {k:?}, {seed}");
            for (found, expected) in found.concat().iter().zip(expected.concat()) {
                assert!((found - expected).abs() <= TOLERANCE * expected.abs().max(1.0), "{name}: {found}, {expected}");
            }
        }
    }
}
