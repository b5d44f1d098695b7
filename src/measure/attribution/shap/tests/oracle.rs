//! Attributions of known models beside those of another implementation and those by definition.

use serde_json::Value;

use super::models::{Model, matrix};
use crate::measure::attribution::{Cell, Design, Explained, Link, mixed, varying};

const EXPECTED: &str = include_str!("../../../../../tests/expected_values/shapley.json");

/// Of values that come from all coalitions.
const TOLERANCE: f64 = 1e-9;

fn cells(row: &[f64]) -> Vec<Cell> {
    row.iter().map(|x| Some(x.to_string().into())).collect()
}

fn numbers<'a>(cells: impl Iterator<Item = &'a Cell>) -> Vec<f64> {
    cells.map(|cell| cell.as_deref().expect("a cell").parse().expect("a number")).collect()
}

/// What a model is asked about, and how.
struct Case {
    name: String,
    model: Model,
    link: Link,
    rows: Vec<Vec<f64>>,
    reference_rows: Vec<Vec<f64>>,
    n_samples: Option<usize>,
    expected: Value,
}

fn cases() -> Vec<Case> {
    let all: Value = serde_json::from_str(EXPECTED).expect("the expected values");
    let case = |case: &Value| Case {
        name: case["name"].as_str().expect("a name").to_owned(),
        model: Model::of(&case["model"]),
        link: if case["model"]["link"] == "logit" { Link::Logit } else { Link::Identity },
        rows: matrix(&case["rows"]),
        reference_rows: matrix(&case["reference_rows"]),
        n_samples: case["n_samples"].as_u64().map(|n| n as usize),
        expected: case.clone(),
    };
    all["cases"].as_array().expect("cases").iter().map(case).collect()
}

impl Case {
    fn mean(&self, rows: impl Iterator<Item = Vec<f64>>) -> f64 {
        let predictions: Vec<f64> = rows.map(|row| self.model.predict(&row)).collect();
        let mean = predictions.iter().sum::<f64>() / predictions.len() as f64;
        self.link.apply(mean).expect("a mean prediction")
    }

    /// By feature, with 0 for those that do not vary.
    fn explained(&self, row: &[f64], seed: u64) -> Explained {
        let this = cells(row);
        let reference_rows: Vec<Vec<Cell>> = self.reference_rows.iter().map(|row| cells(row)).collect();
        let varying = varying(&this, &reference_rows);
        let design = Design::new(varying.len(), self.n_samples, seed).expect("a design");
        assert_eq!(design.is_exact(), self.n_samples.is_none(), "{}", self.name);
        let values: Vec<f64> = design
            .coalitions()
            .map(|one| self.mean(reference_rows.iter().map(|other| numbers(mixed(&this, other, one, &varying)))))
            .collect();
        let (empty, full) = (self.mean(self.reference_rows.iter().cloned()), self.mean([row.to_vec()].into_iter()));
        let of_varying = design.explain(&values, empty, full).expect("attributions");
        let mut all = Explained { values: vec![0.0; row.len()], standard_errors: vec![0.0; row.len()] };
        for (place, feature) in varying.into_iter().enumerate() {
            all.values[feature] = of_varying.values[place];
            all.standard_errors[feature] = of_varying.standard_errors[place];
        }
        all
    }
}

#[test]
fn all_coalitions_agree_with_the_definition_and_with_shap() {
    let cases: Vec<Case> = cases().into_iter().filter(|case| case.n_samples.is_none()).collect();
    assert!(cases.len() > 5);
    for case in cases {
        let expected_value = case.expected["expected_value"].as_f64().expect("a number");
        let found = case.mean(case.reference_rows.iter().cloned());
        assert!((found - expected_value).abs() < TOLERANCE, "{}: {found} is not {expected_value}", case.name);
        for oracle in ["shapley", "shap"] {
            for (row, expected) in case.rows.iter().zip(matrix(&case.expected[oracle])) {
                let found = case.explained(row, 0);
                for (found, expected) in found.values.iter().zip(&expected) {
                    assert!((found - expected).abs() < TOLERANCE, "{}, {oracle}: {found}, not {expected}", case.name);
                }
                assert!(found.standard_errors.iter().all(|error| *error == 0.0));
            }
        }
        // A reference row agrees with the first row in the second feature.
        assert_eq!(case.explained(&case.rows[0], 0).values[1], 0.0);
    }
}

#[test]
fn drawn_coalitions_come_as_near_as_they_say() {
    let (mut n, mut n_far, mut n_far_from_shap) = (0, 0, 0);
    for case in cases().into_iter().filter(|case| case.n_samples.is_some()) {
        let (truth, shap) = (matrix(&case.expected["shapley"]), matrix(&case.expected["shap"]));
        for (row, (truth, shap)) in case.rows.iter().zip(truth.iter().zip(&shap)) {
            let found = case.explained(row, 1);
            for (feature, (value, error)) in found.values.iter().zip(&found.standard_errors).enumerate() {
                n += 1;
                n_far += usize::from((value - truth[feature]).abs() > 3.0 * error + TOLERANCE);
                // Shap's values have an error of the same size.
                let both = 3.0 * std::f64::consts::SQRT_2 * error;
                n_far_from_shap += usize::from((value - shap[feature]).abs() > both + TOLERANCE);
            }
        }
    }
    assert!(n > 250);
    // Three of 1,000 are expected, and errors of features of one row come together.
    assert!(n_far <= n / 50 && n_far_from_shap <= n / 50, "{n_far} and {n_far_from_shap} of {n}");
}

#[test]
fn sums_of_features_are_found_exactly_from_drawn_coalitions() {
    let case = cases().into_iter().find(|case| case.name == "21 features drawn, linear").expect("the case");
    for (row, expected) in case.rows.iter().zip(matrix(&case.expected["shapley"])) {
        let found = case.explained(row, 5);
        assert!(found.values.iter().zip(&expected).all(|(found, expected)| (found - expected).abs() < TOLERANCE));
        assert!(found.standard_errors.iter().all(|error| *error < TOLERANCE));
    }
}
