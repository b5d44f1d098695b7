//! Every measure of generated columns beside SciPy's.

use std::collections::BTreeMap;

use serde_json::Value;

use super::super::{ALL, Comparison, DriftMeasure};
use super::examples::{categories, numbers};
use crate::profile::{Category, ColumnStatistics};

const EXPECTED: &str = include_str!("../../../../tests/expected_values/drift.json");

/// Relative, and absolute below 1.
const TOLERANCE: f64 = 1e-9;

fn column(cells: &Value) -> ColumnStatistics {
    let cells = cells.as_array().expect("cells");
    let n_missing = cells.iter().filter(|cell| cell.is_null()).count() as u64;
    let values: Vec<f64> = cells.iter().filter_map(Value::as_f64).collect();
    if !values.is_empty() {
        return numbers(&values, n_missing);
    }
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    cells.iter().filter_map(Value::as_str).for_each(|text| *counts.entry(text).or_default() += 1);
    let category = |(value, count): (&str, u64)| Category { value: value.to_owned(), count };
    categories(counts.into_iter().map(category).collect(), n_missing)
}

#[test]
fn measures_are_those_of_scipy() {
    let cases: Value = serde_json::from_str(EXPECTED).expect("the expected values");
    let cases = cases.as_array().expect("cases");
    let is_known = |measure: &&DriftMeasure| cases.iter().any(|case| case["measures"].get(measure.name).is_some());
    let known: Vec<&DriftMeasure> = ALL.iter().filter(is_known).collect();
    let mut n_compared = BTreeMap::new();
    for case in cases {
        let (baseline, current) = (column(&case["baseline"]), column(&case["current"]));
        let sides = Comparison::new(&baseline, &current);
        for measure in known.iter().filter(|measure| measure.columns.include(current.kind)) {
            let (found, expected) = (measure.of(&sides), case["measures"][measure.name].as_f64());
            let what = format!("{}: {} is {found:?} instead of {expected:?}", case["name"], measure.name);
            match (found, expected) {
                (Ok(found), Some(expected)) => {
                    let error = case["p_error"][measure.name].as_f64().unwrap_or(0.0);
                    let tolerance = error.max(TOLERANCE * expected.abs().max(1.0));
                    assert!((found - expected).abs() <= tolerance, "{what}");
                    *n_compared.entry(measure.name).or_insert(0) += 1;
                }
                (Ok(found), None) => assert!(measure.name.ends_with("_p_value") && found == 1.0, "{what}"),
                (Err(_), expected) => assert_eq!(expected, None, "{what}"),
            }
        }
    }
    assert_eq!(known.len(), 17);
    for measure in known {
        assert!(n_compared.get(measure.name).is_some_and(|n| *n >= 2), "{}: {n_compared:?}", measure.name);
    }
}
