//! Attributions and their drift beside exact ones and values of scikit-learn.

use model_monitor::measure::attribution::{Coalition, Design, Link, ndcg};
use serde_json::Value;

use crate::folder::Reference;

/// What this file tests.
pub const TESTS: &[crate::Test] =
    tests!["cases/attribution" => [ndcg_is_that_of_scikit_learn, a_known_model_has_its_known_attributions]];

/// Of NDCG, which scikit-learn rounds otherwise.
const NDCG_TOLERANCE: f64 = 1e-12;
/// Of attributions, which are solved for.
const TOLERANCE: f64 = 1e-10;

fn numbers(value: &Value) -> Vec<f64> {
    let numbers = match value {
        Value::Object(by_name) => by_name.values().map(Value::as_f64).collect::<Option<_>>(),
        value => value.as_array().and_then(|all| all.iter().map(Value::as_f64).collect()),
    };
    numbers.expect("numbers")
}

fn matrix(value: &Value) -> Vec<Vec<f64>> {
    value.as_array().expect("rows").iter().map(numbers).collect()
}

fn ndcg_is_that_of_scikit_learn(reference: &Reference) {
    let cases = reference.json("cases/attribution/case6_ndcg.json");
    let cases = cases.as_array().expect("cases");
    assert!(cases.len() >= 9);
    for case in cases {
        let found = ndcg(&numbers(&case["baseline"]), &numbers(&case["current"]));
        match (&found, case["sklearn_ndcg_score"].as_f64()) {
            (Ok(found), Some(expected)) => assert!((found - expected).abs() <= NDCG_TOLERANCE, "{case}: {found}"),
            (found, expected) => assert!(found.is_err() && expected.is_none(), "{case}: {found:?}"),
        }
    }
}

/// Attributions from the value of each set of features, by bits.
fn attributions(design: &Design, value: &dyn Fn(usize) -> f64) -> Vec<f64> {
    let n_features = design.n_features();
    let bits = |coalition: Coalition<'_>| -> usize {
        (0..n_features).filter(|feature| coalition.contains(*feature)).map(|feature| 1 << feature).sum()
    };
    let values: Vec<f64> = design.coalitions().map(|coalition| value(bits(coalition))).collect();
    design.explain(&values, value(0), value((1 << n_features) - 1)).expect("attributions").values
}

fn model(x: &[f64]) -> f64 {
    let sum = 1.2 * x[0] - 0.7 * x[1] + 0.5 * x[0] * x[2] + 0.3 * x[3].max(0.0) - 0.1;
    1.0 / (1.0 + (-sum).exp())
}

/// The mean prediction with these features of the row, on the scale of the link.
fn value(row: &[f64], reference_rows: &[Vec<f64>], set: usize, link: Link) -> f64 {
    let cell = |reference: &[f64], i: usize| if set >> i & 1 == 1 { row[i] } else { reference[i] };
    let mixed = |reference: &[f64]| (0..row.len()).map(|i| cell(reference, i)).collect::<Vec<f64>>();
    let total: f64 = reference_rows.iter().map(|reference| model(&mixed(reference))).sum();
    link.apply(total / reference_rows.len() as f64).expect("a mean prediction")
}

fn assert_near(found: &[f64], expected: &[f64], place: &str) {
    assert!(found.len() == expected.len() && !found.is_empty(), "{place}");
    let are_near = found.iter().zip(expected).all(|(found, expected)| (found - expected).abs() < TOLERANCE);
    assert!(are_near, "{place}: {found:?} is not {expected:?}");
}

fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    (sorted[(sorted.len() - 1) / 2] + sorted[sorted.len() / 2]) / 2.0
}

fn a_known_model_has_its_known_attributions(reference: &Reference) {
    let case = reference.json("cases/attribution/case7_shapley_exact.json");
    let (rows, reference_rows) = (matrix(&case["X"]), matrix(&case["baseline"]));
    let design = Design::new(4, Some(14), 0).expect("a design");
    let mut n_links = 0;
    for (name, expected) in case.as_object().expect("the case").iter().filter(|(name, _)| name.starts_with("use")) {
        n_links += 1;
        let link = if name.starts_with("use_logit=true") { Link::Logit } else { Link::Identity };
        let local: Vec<Vec<f64>> =
            rows.iter().map(|row| attributions(&design, &|set| value(row, &reference_rows, set, link))).collect();
        for (found, expected) in local.iter().zip(matrix(&expected["local"])) {
            assert_near(found, &expected, name);
        }
        let expected_value = value(&rows[0], &reference_rows, 0, link);
        assert_near(&[expected_value], &[expected["expected_value"].as_f64().expect("a number")], name);
        let column = |feature: usize| local.iter().map(|row| row[feature]).collect::<Vec<f64>>();
        let mean = |values: Vec<f64>| values.iter().sum::<f64>() / values.len() as f64;
        for (how, aggregated) in [
            ("mean_abs", &|values: Vec<f64>| mean(values.iter().map(|x| x.abs()).collect())),
            ("mean_sq", &|values: Vec<f64>| mean(values.iter().map(|x| x * x).collect())),
            ("median", &|values: Vec<f64>| median(&values)),
        ] as [(&str, &dyn Fn(Vec<f64>) -> f64); 3]
        {
            let found: Vec<f64> = (0..4).map(|feature| aggregated(column(feature))).collect();
            assert_near(&found, &numbers(&expected["agg"][how]), how);
        }
    }
    assert_eq!(n_links, 2);
}
