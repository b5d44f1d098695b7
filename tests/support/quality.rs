//! Examples of measured quality, for tests of the files that are written from it.

use model_monitor::measure::quality::{CalibrationBin, ClassQuality, Confusion, Curves, Metric, Quality};
use model_monitor::profile::{EMPTY_LABEL, OutcomeAccount, Problem, Undefined};

pub fn metric(name: &'static str, value: f64) -> Metric {
    Metric {
        name,
        value: Ok(value),
        standard_deviation: Some(0.01),
        standard_error: Some(0.02),
        interval: Some((value - 0.04, value + 0.04)),
        n: 200,
    }
}

const BINARY: [&str; 18] = [
    "recall",
    "precision",
    "accuracy",
    "recall_best_constant_classifier",
    "precision_best_constant_classifier",
    "accuracy_best_constant_classifier",
    "true_positive_rate",
    "true_negative_rate",
    "false_positive_rate",
    "false_negative_rate",
    "auc",
    "au_prc",
    "f0_5",
    "f1",
    "f2",
    "f0_5_best_constant_classifier",
    "f1_best_constant_classifier",
    "f2_best_constant_classifier",
];

const MULTICLASS: [&str; 6] =
    ["accuracy", "weighted_recall", "weighted_precision", "weighted_f0_5", "weighted_f1", "weighted_f2"];

/// Something in every place that the problem has.
pub fn example(problem: Problem) -> Quality {
    let names: &[&'static str] = match problem {
        Problem::BinaryClassification => &BINARY,
        Problem::MulticlassClassification => &MULTICLASS,
        Problem::Regression => &["mae", "mse", "rmse", "r2"],
    };
    let is_classifier = problem != Problem::Regression;
    let is_binary = problem == Problem::BinaryClassification;
    let class = |class: &str| ClassQuality {
        class: class.to_owned(),
        n_actual: 100,
        n_predicted: 0,
        precision: Err(Undefined::Empty),
        recall: Ok(0.5),
        f1: Ok(0.5),
    };
    let bin = CalibrationBin { lower: 0.0, upper: 0.5, n: 10, mean_score: 0.2, share_of_positives: 0.3 };
    let mut quality = Quality {
        problem,
        n: 200,
        account: OutcomeAccount {
            n_rows: 210,
            n_used: 200,
            n_without_label: 10,
            labels_missing: [(EMPTY_LABEL.to_owned(), 4), ("NA".to_owned(), 6)].into(),
            ..OutcomeAccount::default()
        },
        metrics: names.iter().map(|name| metric(name, 0.5)).collect(),
        more_metrics: vec![metric("matthews", 0.25)],
        confusion: is_classifier.then(|| Confusion {
            classes: vec!["0".to_owned(), "a \"b\"".to_owned()],
            counts: vec![vec![90, 10], vec![20, 80]],
        }),
        curves: is_binary.then(|| Curves {
            false_positive_rates: vec![0.0, 0.5, 1.0],
            true_positive_rates: vec![0.0, 1.0, 1.0],
            precisions: vec![1.0, 1.0, 0.5],
            recalls: vec![0.0, 0.5, 1.0],
            n_scores: 1,
            is_thinned: false,
        }),
        calibration: if is_binary { vec![bin] } else { Vec::new() },
        classes: if is_classifier { vec![class("0"), class("a \"b\"")] } else { Vec::new() },
        residual_quantiles: if is_classifier { Vec::new() } else { vec![(0.5, -0.1)] },
    };
    if is_binary {
        quality.metrics[7].value = Err(Undefined::Empty);
        quality.metrics[7].standard_deviation = None;
        quality.metrics[7].interval = None;
        quality.metrics[9].value = Ok(f64::NAN);
    }
    quality
}
