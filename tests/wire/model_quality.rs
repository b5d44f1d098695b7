//! Files of model quality: round trips, and broken files.

use model_monitor::judge::quality::{Operator, QualityConstraints, QualityLimit};
use model_monitor::measure::quality::Distribution;
use model_monitor::profile::Problem;
use model_monitor::wire::model_quality::constraints::ConstraintsFile;
use model_monitor::wire::model_quality::{baseline, constraints, statistics};
use model_monitor::wire::{constraints as data_quality, statistics as of_data};

use super::*;

#[path = "../support/quality.rs"]
mod example;
#[path = "../support/quality_limits.rs"]
mod limits_of;

#[test]
fn constraints_come_back_as_they_were() {
    for problem in Problem::ALL {
        let mut limits = limits_of::strict(&example::example(problem));
        // What is no number has no place in the file.
        for limit in &mut limits.limits {
            limit.threshold = limit.threshold.filter(|threshold| threshold.is_finite());
        }
        let bytes = constraints::write(&limits);
        assert_eq!(constraints::read(&bytes).unwrap(), limits);
        assert_eq!(ConstraintsFile::read(&bytes).unwrap().to_bytes(), bytes);
    }
    let edited = br#"{"regression_constraints":{"r2":{"why":[1],"comparison_operator":"LessThanThreshold","threshold":"0.9"}},"owner":"me"}"#;
    let file = ConstraintsFile::read(edited).unwrap();
    assert_eq!(file.constraints().unwrap().limits[0].threshold, Some(0.9));
    let again: Value = serde_json::from_slice(&file.to_bytes()).unwrap();
    assert_eq!(again, serde_json::from_slice::<Value>(edited).unwrap());
}

#[test]
fn constraints_are_written_as_jackson_does() {
    let limit = |metric: &str, threshold| QualityLimit {
        metric: metric.to_owned(),
        threshold,
        operator: Operator::LessThanThreshold,
    };
    let limits = vec![limit("recall", Some(1.0)), limit("true_negative_rate", None)];
    let bytes = constraints::write(&QualityConstraints { problem: Problem::BinaryClassification, limits });
    let expected = r#"{
  "version" : 0.0,
  "binary_classification_constraints" : {
    "recall" : {
      "threshold" : 1.0,
      "comparison_operator" : "LessThanThreshold"
    },
    "true_negative_rate" : {
      "threshold" : null,
      "comparison_operator" : "LessThanThreshold"
    }
  }
}"#;
    assert_eq!(String::from_utf8_lossy(&bytes), expected);
}

#[test]
fn statistics_have_awss_keys_in_awss_order() {
    let times = statistics::Times { start: Some(0), end: None, evaluation: 1_574_737_200_000 };
    let write = |problem, layout| {
        let bytes = statistics::write(problem, Some(&example::example(problem)), times, layout);
        serde_json::from_slice::<Value>(&bytes).unwrap()
    };
    let keys = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>().join(" ");
    let file = write(Problem::BinaryClassification, Layout::Aws2024);
    assert_eq!(keys(&file), "version dataset binary_classification_metrics");
    assert_eq!(keys(&file["dataset"]), "item_count start_time evaluation_time");
    assert_eq!(
        keys(&file["binary_classification_metrics"]),
        "confusion_matrix recall precision accuracy recall_best_constant_classifier \
         precision_best_constant_classifier accuracy_best_constant_classifier true_positive_rate true_negative_rate \
         false_positive_rate false_negative_rate receiver_operating_characteristic_curve precision_recall_curve auc \
         au_prc f0_5 f1 f2 f0_5_best_constant_classifier f1_best_constant_classifier f2_best_constant_classifier"
    );
    let metrics = &file["binary_classification_metrics"];
    assert_eq!(metrics["true_negative_rate"].to_string(), r#"{"value":null,"standard_deviation":null}"#);
    assert_eq!(metrics["false_negative_rate"]["value"], Value::Null, "no NaN in a file");
    assert_eq!(
        metrics["confusion_matrix"].to_string(),
        r#"{"0":{"0":90,"a \"b\"":10},"a \"b\"":{"0":20,"a \"b\"":80}}"#
    );
    let old = write(Problem::BinaryClassification, Layout::Aws2021);
    assert_eq!(old["binary_classification_metrics"].get("au_prc"), None);
    let regression = write(Problem::Regression, Layout::Aws2024);
    assert_eq!(keys(&regression["regression_metrics"]), "mae mse rmse r2");
    let empty = statistics::write(Problem::Regression, None, times, Layout::Aws2024);
    assert!(String::from_utf8_lossy(&empty).ends_with("\"regression_metrics\" : { }\n}"));
}

#[test]
fn baselines_come_back_as_they_were() {
    for problem in Problem::ALL {
        let mut known = limits_of::baseline(&example::example(problem));
        assert_eq!(baseline::read(&baseline::write(&known)).unwrap(), known);
        known.calibration = None;
        known.scores.clear();
        known.predictions = Distribution::Numbers { edges: vec![-1.0, f64::INFINITY], counts: vec![3] };
        assert_eq!(baseline::read(&baseline::write(&known)).unwrap(), known);
    }
}

#[test]
fn a_baseline_that_others_cannot_rely_on_is_refused_with_a_place() {
    let text =
        String::from_utf8(baseline::write(&limits_of::baseline(&example::example(Problem::Regression)))).unwrap();
    let cases = [
        ("\"version\" : 1", "\"version\" : 2", "version"),
        ("\"Regression\"", "\"Clustering\"", "problem_type"),
        ("\"n\" : 200,", "\"n\" : -200,", "n"),
        ("[ \"-Infinity\", 0.5, 1.0 ]", "[ \"-Infinity\", 2.5, 1.0 ]", "scores[0].numbers.edges"),
        ("[ \"-Infinity\", 0.5, 1.0 ]", "[ \"NaN\", 0.5, 1.0 ]", "scores[0].numbers.edges"),
        ("[ \"-Infinity\", 0.5, 1.0 ]", "[ 0.5, 1.0 ]", "scores[0]"),
        ("\"probability\" : 0.6", "\"probability\" : 0.01", "calibration[0].points"),
        ("\"probability\" : 0.6", "\"probability\" : 1.6", "calibration[0].points"),
        ("\"score\" : 0.7", "\"score\" : -0.7", "calibration[0].points"),
    ];
    for (from, to, place) in cases {
        let broken = text.replacen(from, to, 1);
        assert_ne!(broken, text, "{from}");
        assert_eq!(baseline::read(broken.as_bytes()).unwrap_err().place, place, "{to}");
    }
}

#[test]
fn each_monitor_s_files_are_told_apart() {
    let of_data_quality = br#"{"features":[],"monitoring_config":{}}"#;
    let bare = br#"{"features":[]}"#;
    let of_model_quality = br#"{"binary_classification_constraints":{}}"#;
    let model_statistics = br#"{"dataset":{},"binary_classification_metrics":{}}"#;
    let data_statistics = br#"{"dataset":{},"features":[]}"#;
    let bias = br#"{"post_training_bias_metrics":{}}"#;
    let refused = |bytes: &[u8]| constraints::read(bytes).unwrap_err().cause;
    assert!(refused(of_data_quality).contains("data quality monitor, not of model quality"));
    assert!(refused(bare).contains("data quality monitor"));
    assert!(refused(bias).contains("bias monitor"));
    assert!(refused(model_statistics).contains("statistics") && refused(data_statistics).contains("statistics"));
    assert!(refused(b"{}").contains("regression_constraints"));
    let refused = |bytes: &[u8]| data_quality::read(bytes).unwrap_err().cause;
    assert!(refused(of_model_quality).contains("model quality monitor, not of data quality"));
    assert!(refused(bias).contains("bias monitor"));
    assert!(refused(model_statistics).contains("statistics") && refused(data_statistics).contains("statistics"));
    assert!(data_quality::read(bare).is_ok());
    assert!(of_data::read(model_statistics).unwrap_err().cause.contains("model-quality"));
}

#[test]
fn wrong_limits_are_refused_with_a_place() {
    for (limit, place) in [
        (r#"{"threshold":{},"comparison_operator":"LessThanThreshold"}"#, "regression_constraints.mae.threshold"),
        (r#"{"threshold":"1e999","comparison_operator":"LessThanThreshold"}"#, "regression_constraints.mae.threshold"),
        (r#"{"threshold":1}"#, "regression_constraints.mae.comparison_operator"),
        (r#"{"threshold":1,"comparison_operator":"Less"}"#, "regression_constraints.mae.comparison_operator"),
        ("[]", "regression_constraints.mae"),
    ] {
        let text = format!(r#"{{"regression_constraints":{{"mae":{limit}}}}}"#);
        assert_eq!(constraints::read(text.as_bytes()).unwrap_err().place, place, "{limit}");
    }
}

/// Small files of model quality, to be damaged.
fn small_files() -> Vec<Vec<u8>> {
    let measured = example::example(Problem::BinaryClassification);
    let limits = limits_of::strict(&measured);
    vec![constraints::write(&limits), baseline::write(&limits_of::baseline(&measured))]
}

proptest! {
    #[test]
    fn damaged_files_of_model_quality_never_panic(which in 0..2usize, edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..3u8), 1..6)) {
        let mut bytes = small_files().swap_remove(which);
        for (index, byte, kind) in edits {
            let at = index.index(bytes.len().max(1));
            match kind {
                0 if at < bytes.len() => bytes[at] = byte,
                1 if at < bytes.len() => drop(bytes.remove(at)),
                _ => bytes.insert(at.min(bytes.len()), byte),
            }
        }
        let errors = [
            constraints::read(&bytes).err(),
            baseline::read(&bytes).err(),
            data_quality::read(&bytes).err(),
        ];
        for error in errors.into_iter().flatten() {
            prop_assert!(!error.cause.is_empty() && error.cause.len() < 400, "{error}");
        }
        if let Ok(limits) = constraints::read(&bytes) {
            prop_assert_eq!(constraints::read(&constraints::write(&limits)).unwrap(), limits);
        }
    }

    #[test]
    fn any_baseline_comes_back_as_it_was(mut edges in prop::collection::vec(any::<f64>().prop_filter("comparable", |x| !x.is_nan()), 2..20), value in -1e300..1e300, n in any::<u64>()) {
        edges.sort_by(f64::total_cmp);
        let mut known = limits_of::baseline(&example::example(Problem::Regression));
        known.n = n;
        known.metrics[0].value = value;
        known.predictions = Distribution::Numbers { counts: vec![n; edges.len() - 1], edges };
        prop_assert_eq!(baseline::read(&baseline::write(&known)).unwrap(), known);
    }
}
