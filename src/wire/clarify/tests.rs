//! The bias monitor's files, against examples.

mod configurations;
mod explanations;
mod predictors;

use super::analysis;
use crate::measure::bias::{BaselineGroup, Bias, BiasMetric, EightCounts, GroupBias};

fn metric(name: &'static str, value: Result<f64, &str>) -> BiasMetric {
    BiasMetric {
        name,
        description: format!("Long ({name})"),
        value: value.map_err(str::to_owned),
        standard_error: None,
        interval: None,
    }
}

fn counts() -> EightCounts {
    EightCounts { n: [[[1, 2], [3, 4]], [[5, 6], [7, 8]]], has_predictions: true }
}

fn group(facet: &str, text: &str, metrics: Vec<BiasMetric>) -> GroupBias {
    GroupBias {
        facet: facet.to_owned(),
        facet_value: "40".to_owned(),
        value_or_threshold: text.to_owned(),
        metrics,
        counts: counts(),
    }
}

fn bias() -> Bias {
    Bias {
        label: "income".to_owned(),
        label_value_or_threshold: "1".to_owned(),
        pre_training: vec![group("z", "F", vec![metric("CI", Err("Facet set is empty."))])],
        post_training: vec![
            group("z", "F", vec![metric("AD", Ok(1.0)), metric("TE", Ok(f64::NEG_INFINITY))]),
            group("a", "(40, 90]", vec![metric("DI", Ok(1e-5))]),
            group("z", "M", Vec::new()),
        ],
        n: 36,
        n_missing: Default::default(),
        estimated: Vec::new(),
    }
}

#[test]
fn an_analysis_has_awss_layout() {
    let text = String::from_utf8(analysis::write(Some(&bias()))).unwrap();
    let expected = r#"{
  "version" : "1.0",
  "post_training_bias_metrics" : {
    "label" : "income",
    "facets" : {
      "z" : [ {
        "value_or_threshold" : "F",
        "metrics" : [ {
          "name" : "AD",
          "description" : "Long (AD)",
          "value" : 1.0
        }, {
          "name" : "TE",
          "description" : "Long (TE)",
          "value" : "-Infinity"
        } ],
        "model_monitor_counts" : {
          "has_predictions" : true,
          "group" : {
            "true_positives" : 8,
            "false_positives" : 6,
            "false_negatives" : 7,
            "true_negatives" : 5
          },
          "rest" : {"#;
    assert!(text.starts_with(expected), "{text}");
    let pre_training = text.split("\"pre_training_bias_metrics\"").nth(1).unwrap();
    let failed =
        "\"description\" : \"Long (CI)\",\n          \"value\" : null,\n          \"error\" : \"Facet set is empty.\"";
    assert!(pre_training.contains(failed), "{pre_training}");
    assert!(pre_training.ends_with("\"label_value_or_threshold\" : \"1\"\n  }\n}"), "{pre_training}");
    assert_eq!(analysis::write(None), b"{\n  \"version\" : \"1.0\"\n}");
}

#[test]
fn an_analysis_comes_back_as_a_baseline() {
    let known = |is_post_training, facet: &str, text: &str, metrics: &[(&str, Option<f64>)]| BaselineGroup {
        is_post_training,
        facet: facet.to_owned(),
        value_or_threshold: text.to_owned(),
        label_value_or_threshold: Some("1".to_owned()),
        metrics: metrics.iter().map(|(name, value)| ((*name).to_owned(), *value)).collect(),
        counts: Some(counts()),
    };
    let expected = [
        known(true, "z", "F", &[("AD", Some(1.0)), ("TE", Some(f64::NEG_INFINITY))]),
        known(true, "z", "M", &[]),
        known(true, "a", "(40, 90]", &[("DI", Some(1e-5))]),
        known(false, "z", "F", &[("CI", None)]),
    ];
    assert_eq!(analysis::read(&analysis::write(Some(&bias()))).unwrap(), expected);
}

#[test]
fn what_awss_files_lack_may_be_lacking() {
    let text = r#"{"pre_training_bias_metrics":{"facets":{"a":[{"value_or_threshold":"1","metrics":[
        {"name":"CI","value":0},{"name":"KL","value":"NaN"}],"more":1}]}},"explanations":{"kernel_shap":{}}}"#;
    let groups = analysis::read(text.as_bytes()).unwrap();
    assert_eq!(groups[0].metrics, [("CI".to_owned(), Some(0.0)), ("KL".to_owned(), None)]);
    assert_eq!((groups.len(), groups[0].counts), (1, None));
}

#[test]
fn what_is_no_analysis_of_bias_is_refused_with_a_place() {
    let group = |inner: &str| format!(r#"{{"pre_training_bias_metrics":{{"facets":{{"a":[{inner}]}}}}}}"#);
    for (text, place, cause) in [
        (String::new(), "", "empty"),
        ("[]".to_owned(), "", "expected"),
        (r#"{"version":"1.0"}"#.to_owned(), "", "holds no metrics of bias"),
        (r#"{"explanations":{}}"#.to_owned(), "explanations", "explainability monitor, not of bias"),
        (r#"{"regression_constraints":{}}"#.to_owned(), "regression_constraints", "model quality"),
        (r#"{"version":0.0,"features":[]}"#.to_owned(), "features", "data quality"),
        (
            r#"{"pre_training_bias_metrics":{"facets":[]}}"#.to_owned(),
            "pre_training_bias_metrics.facets",
            "expected an object",
        ),
        (
            r#"{"pre_training_bias_metrics":{"facets":{"a":[],"a":[]}}}"#.to_owned(),
            "pre_training_bias_metrics.facets",
            "a key twice",
        ),
        (group("{}"), "pre_training_bias_metrics.facets.a[0]", "value_or_threshold"),
        (
            group(r#"{"value_or_threshold":"1","metrics":[{"name":"CI","value":"high"}]}"#),
            "pre_training_bias_metrics.facets.a[0].metrics[0].value",
            "expected a number",
        ),
    ] {
        let error = analysis::read(text.as_bytes()).unwrap_err();
        assert_eq!(error.place, place, "{text}: {error}");
        assert!(error.cause.contains(cause), "{text}: {error}");
    }
}
