//! A known model whose exact attributions were computed elsewhere.
//!
//! The expected values are outside the repository, in `shared/cases/attribution` next to it; without them there is
//! nothing to test.

use serde_json::Value;

use super::brute_force::explained;
use super::models::{matrix, numbers};
use crate::measure::attribution::{Design, Link};

const PLACE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/cases/attribution/case7_shapley_exact.json");
const TOLERANCE: f64 = 1e-10;

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

#[test]
fn a_known_model_has_its_known_attributions() {
    let Ok(text) = std::fs::read_to_string(PLACE) else { return };
    let case: Value = serde_json::from_str(&text).expect("the case");
    let (rows, reference_rows) = (matrix(&case["X"]), matrix(&case["baseline"]));
    let design = Design::new(4, Some(14), 0).expect("a design");
    let mut n_links = 0;
    for (name, expected) in case.as_object().expect("the case").iter().filter(|(name, _)| name.starts_with("use")) {
        n_links += 1;
        let link = if name.starts_with("use_logit=true") { Link::Logit } else { Link::Identity };
        let local: Vec<Vec<f64>> =
            rows.iter().map(|row| explained(&design, &|set| value(row, &reference_rows, set, link)).values).collect();
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
