//! Model quality beside what AWS's containers showed, and beside values of scikit-learn.

use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, Int64Array, RecordBatch, StringViewArray, UInt8Array, UInt64Array};
use arrow::compute::{SortOptions, sort_to_indices, take_record_batch};
use arrow::datatypes::{Field, Schema};
use model_monitor::decode::outcome::{LABEL, PREDICTION, score_column};
use model_monitor::decode::{cell_field, meta_fields};
use model_monitor::measure::quality::{Quality, measure};
use model_monitor::profile::{CurveSummary, OutcomeSettings, OutcomeSummary, Problem, score_rows};
use model_monitor::summary::Summary;
use serde_json::Value;

use crate::folder::Reference;

/// What this file tests.
pub const TESTS: &[crate::Test] = tests![
    "cases/aws" => [
        aws_s_values_of_real_inputs,
        the_area_of_the_churn_case_to_the_last_digit,
        aws_s_values_from_displayed_matrices,
    ],
    "cases/model_quality" => [a_binary_case_of_scikit_learn, a_regression_case_of_scikit_learn],
];

/// Predictions, labels and, if there are any, scores.
#[derive(Default)]
struct Columns {
    predictions: Vec<String>,
    labels: Vec<String>,
    scores: Option<Vec<String>>,
}

/// Columns of a file with a header; no cell holds a comma.
fn columns(text: &str, label: &str, prediction: &str, score: Option<&str>) -> Columns {
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().unwrap_or_default().split(',').collect();
    let rows: Vec<Vec<&str>> = lines.map(|line| line.split(',').collect()).collect();
    let column = |name: &str| {
        let place = header.iter().position(|column| *column == name).unwrap_or_else(|| panic!("no column {name}"));
        rows.iter().map(|row| row[place].to_owned()).collect()
    };
    Columns { predictions: column(prediction), labels: column(label), scores: score.map(column) }
}

fn batch(columns: &Columns) -> RecordBatch {
    let n = columns.labels.len();
    let mut fields: Vec<Field> = meta_fields();
    let mut arrays: Vec<ArrayRef> = vec![
        Arc::new(UInt8Array::new_null(n)),
        Arc::new(UInt64Array::from_iter_values(1..=n as u64)),
        Arc::new(BooleanArray::from(vec![true; n])),
        Arc::new(Int64Array::new_null(n)),
    ];
    let named = [
        (PREDICTION.to_owned(), Some(&columns.predictions)),
        (score_column(0), columns.scores.as_ref()),
        (LABEL.to_owned(), Some(&columns.labels)),
    ];
    for (name, cells) in named.into_iter().filter_map(|(name, cells)| Some((name, cells?))) {
        fields.push(cell_field(&name, &name));
        arrays.push(Arc::new(StringViewArray::from_iter_values(cells)));
    }
    RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays).expect("a batch")
}

fn quality(problem: Problem, columns: &Columns) -> Quality {
    let settings = Arc::new(OutcomeSettings {
        problem,
        positive_label: "1".into(),
        threshold: None,
        largest_score_predicts: false,
        n_scores: usize::from(columns.scores.is_some()),
        score_classes: Vec::new(),
    });
    let batch = batch(columns);
    let mut outcomes = OutcomeSummary::new(settings.clone());
    outcomes.observe(&batch);
    let curves = score_rows(&batch, &settings).and_then(|rows| {
        let falling = SortOptions { descending: true, nulls_first: false };
        let order = sort_to_indices(rows.column(0), Some(falling), None).expect("an order");
        let mut curves = CurveSummary::default();
        curves.observe(&take_record_batch(&rows, &order).expect("sorted rows"));
        curves.finish()
    });
    measure(&outcomes.finish().expect("few classes"), curves.as_ref())
}

/// Every number that a notebook displayed and that is not random, to the digits shown.
fn assert_as_displayed(quality: &Quality, displayed: &Value, place: &str) -> usize {
    let displayed = displayed.as_object().expect("displayed values");
    let mut n_compared = 0;
    for metric in &quality.metrics {
        // Where there are curves but the file is older than the area, it is absent.
        let Some(shown) = displayed.get(&format!("{}.value", metric.name)) else {
            assert_eq!(metric.name, "au_prc", "{place}");
            continue;
        };
        let expected: f64 = shown.as_str().and_then(|text| text.parse().ok()).expect("a number");
        let found = metric.value.unwrap_or_else(|reason| panic!("{place}: {} is {reason:?}", metric.name));
        assert!((found - expected).abs() <= 5.1e-7, "{place}: {}: {found} is not {expected}", metric.name);
        let has_deviation = quality.n >= 200;
        assert_eq!(metric.standard_deviation.is_some(), has_deviation, "{place}: {}", metric.name);
        n_compared += 1;
    }
    let n_shown = displayed.keys().filter(|key| key.ends_with(".value")).count();
    let is_area = |key: &&String| ["auc.value", "au_prc.value"].contains(&key.as_str());
    let n_areas = if quality.curves.is_some() { 0 } else { displayed.keys().filter(is_area).count() };
    assert_eq!(n_compared + n_areas, n_shown, "{place}: a metric is missing");
    n_compared
}

/// The matrix that a notebook displayed: `(actual, predicted, count)`.
fn displayed_matrix(displayed: &Value) -> Vec<(String, String, usize)> {
    let entries = displayed.as_object().expect("displayed values").iter();
    let entry = |(key, count): (&String, &Value)| {
        let (actual, predicted) = key.strip_prefix("confusion_matrix.")?.split_once('.')?;
        Some((actual.to_owned(), predicted.to_owned(), count.as_str()?.parse().ok()?))
    };
    entries.filter_map(entry).collect()
}

fn assert_matrix(quality: &Quality, displayed: &Value, place: &str) {
    let matrix = quality.confusion.as_ref().expect("a matrix");
    for (actual, predicted, n) in displayed_matrix(displayed) {
        let at = |class: &str| matrix.classes.iter().position(|other| other == class);
        let found = at(&actual).zip(at(&predicted)).map_or(0, |(a, p)| matrix.counts[a][p]);
        assert_eq!(found as usize, n, "{place}: {predicted} for {actual}");
    }
}

fn aws_s_values_of_real_inputs(reference: &Reference) {
    for (case, label, score) in [
        ("churn-2021-model-quality", "label", Some("probability")),
        ("hearing-model-quality-no-probability", "labels", None),
    ] {
        let input = reference.text(&format!("cases/aws/{case}/input.csv"));
        let quality = quality(Problem::BinaryClassification, &columns(&input, label, "prediction", score));
        let displayed = reference.json(&format!("cases/aws/{case}/statistics.as_displayed.json"));
        assert!(assert_as_displayed(&quality, &displayed, case) >= 16);
        assert_matrix(&quality, &displayed, case);
    }
}

fn the_area_of_the_churn_case_to_the_last_digit(reference: &Reference) {
    let input = reference.text("cases/aws/churn-2021-model-quality/input.csv");
    let columns = columns(&input, "label", "prediction", Some("probability"));
    let quality = quality(Problem::BinaryClassification, &columns);
    // The number stands in the descriptions of AWS's violations.
    assert_eq!(quality.metric("auc").map(|metric| metric.value), Some(Ok(0.939_512_799_339_389_8)));
    let curves = quality.curves.expect("curves");
    assert_eq!(curves.true_positive_rates[..3], [0.0, 0.035_714_285_714_285_71, 0.071_428_571_428_571_42]);
}

fn aws_s_values_from_displayed_matrices(reference: &Reference) {
    let mut n_cases = 0;
    for case in reference.folders("cases/aws") {
        let path = format!("cases/aws/{case}/statistics.as_displayed.json");
        if !reference.has(&path) || reference.has(&format!("cases/aws/{case}/input.csv")) {
            continue;
        }
        let displayed = reference.json(&path);
        let matrix = displayed_matrix(&displayed);
        // Some notebooks show none.
        if matrix.is_empty() {
            continue;
        }
        let mut columns = Columns::default();
        for (actual, predicted, n) in matrix {
            columns.labels.extend(vec![actual; n]);
            columns.predictions.extend(vec![predicted; n]);
        }
        let quality = quality(Problem::BinaryClassification, &columns);
        assert_as_displayed(&quality, &displayed, &case);
        assert_matrix(&quality, &displayed, &case);
        n_cases += 1;
    }
    assert!(n_cases >= 3, "{n_cases} matrices");
}

fn assert_near(quality: &Quality, metric: &str, expected: &Value) {
    let found = quality.metric(metric).and_then(|metric| metric.value.ok()).unwrap_or(f64::NAN);
    let expected = expected.as_f64().expect("a number");
    assert!((found - expected).abs() < 1e-12 * expected.abs().max(1.0), "{metric}: {found} is not {expected}");
}

fn a_binary_case_of_scikit_learn(reference: &Reference) {
    let input = reference.text("cases/model_quality/case8_model_quality_binary.csv");
    let columns = columns(&input, "label", "prediction", Some("probability"));
    let quality = quality(Problem::BinaryClassification, &columns);
    let expected = reference.json("cases/model_quality/case8_model_quality_binary.expected.json");
    for metric in
        ["accuracy", "precision", "recall", "true_negative_rate", "false_positive_rate", "false_negative_rate"]
    {
        assert_near(&quality, metric, &expected[metric]);
    }
    for metric in ["auc", "average_precision", "f0_5", "f1", "f2"] {
        assert_near(&quality, metric, &expected[metric]);
    }
    assert_near(&quality, "au_prc", &expected["auc_pr_trapezoid"]);
    let matrix = quality.confusion.expect("a matrix");
    for (actual, row) in expected["confusion_matrix"].as_object().expect("a matrix") {
        for (predicted, n) in row.as_object().expect("a row") {
            let at = |class: &String| matrix.classes.iter().position(|other| other == class).expect("a class");
            assert_eq!(Some(matrix.counts[at(actual)][at(predicted)]), n.as_u64());
        }
    }
}

fn a_regression_case_of_scikit_learn(reference: &Reference) {
    let input = reference.text("cases/model_quality/case9_model_quality_regression.csv");
    let columns = columns(&input, "label", "prediction", None);
    let quality = quality(Problem::Regression, &columns);
    let expected = reference.json("cases/model_quality/case9_model_quality_regression.expected.json");
    for (metric, expected) in expected.as_object().expect("metrics") {
        assert_near(&quality, metric, expected);
    }
}
