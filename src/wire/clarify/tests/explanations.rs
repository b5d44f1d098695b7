//! Explanations, against examples.

use crate::measure::attribution::{
    Aggregation, AttributionStatistics, Explanations, FeatureAttribution, Method, OutputAttributions, PartialDependence,
};
use crate::wire::clarify::explanations;
use crate::wire::clarify::explanations::ReferenceRows;

const SHAP: Method =
    Method::KernelShap { n_reference_rows: 1, n_coalitions: 2, is_exact: true, seed: 1, is_logit: false };

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

fn explained() -> Explanations {
    let feature = |median: f64, variance_abs| FeatureAttribution {
        mean: median,
        mean_abs: 0.5,
        mean_sq: 0.75,
        median,
        variance_abs,
        sampling_error: None,
    };
    let output = |name: &str, expected_value, features: Vec<FeatureAttribution>| OutputAttributions {
        output: name.to_owned(),
        n: 7,
        expected_value,
        features,
        replicates: Vec::new(),
        medians_are_estimated: false,
    };
    Explanations {
        statistics: AttributionStatistics {
            features: texts(&["z", "a"]),
            outputs: vec![
                output("label0", Some(-1.5), vec![feature(-0.25, Some(2.0)), feature(1e-5, None)]),
                output("yes", None, vec![feature(f64::NEG_INFINITY, None), feature(0.0, None)]),
            ],
            ..AttributionStatistics::default()
        },
        aggregation: Aggregation::Median,
        reference_rows: vec![vec![Some("1".to_owned()), None, Some("=a".to_owned())]],
        noise_floors: vec![Some((0.99, 20))],
        partial_dependence: vec![PartialDependence {
            feature: "z".to_owned(),
            is_numeric: true,
            values: texts(&["1", "2.5", "(2, 3]"]),
            distribution: vec![0.5, 0.25, 0.25],
            predictions: vec![vec![0.1, 0.2, 0.3]],
            outputs: texts(&["label0"]),
        }],
    }
}

#[test]
fn explanations_have_awss_layout() {
    let reference = texts(&["z", "a", "c"]);
    let text = String::from_utf8(explanations::write(Some(&explained()), Some(&SHAP), &reference)).unwrap();
    let expected = r#"{
  "version" : "1.0",
  "explanations" : {
    "kernel_shap" : {
      "label0" : {
        "global_shap_values" : {
          "z" : -0.25,
          "a" : 1.0E-5
        },
        "expected_value" : -1.5,
        "model_monitor_attributions" : {
          "n" : 7,
          "aggregation" : "median",
          "method" : "kernel_shap",
          "features" : {
            "z" : {
              "mean_abs" : 0.5,
              "variance_abs" : 2.0
            },
            "a" : {
              "mean_abs" : 0.5,
              "variance_abs" : null
            }
          },
          "noise_floor" : {
            "ndcg" : 0.99,
            "n" : 20
          }
        }
      },
      "yes" : {
        "global_shap_values" : {
          "z" : "-Infinity",
          "a" : 0.0
        },
        "model_monitor_attributions" : {
          "n" : 7,
"#;
    assert!(text.starts_with(expected), "{text}");
    let expected = r#""noise_floor" : null
        }
      }
    },
    "pdp" : [ {
      "feature_name" : "z",
      "data_type" : "numerical",
      "feature_values" : [ 1.0, 2.5, "(2, 3]" ],
      "data_distribution" : [ 0.5, 0.25, 0.25 ],
      "model_predictions" : [ [ 0.1, 0.2, 0.3 ] ],
      "label_headers" : [ "label0" ]
    } ],
    "model_monitor_reference_rows" : {
      "features" : [ "z", "a", "c" ],
      "rows" : [ [ "1", null, "=a" ] ]
    }
  }
}"#;
    assert!(text.ends_with(expected), "{text}");
    assert_eq!(explanations::write(None, None, &[]), b"{\n  \"version\" : \"1.0\"\n}");
}

#[test]
fn numbers_of_categories_stay_texts() {
    let mut explained = explained();
    explained.partial_dependence[0].is_numeric = false;
    let text = String::from_utf8(explanations::write(Some(&explained), None, &[])).unwrap();
    assert!(text.contains(r#""data_type" : "categorical""#), "{text}");
    assert!(text.contains(r#""feature_values" : [ "1", "2.5", "(2, 3]" ]"#), "{text}");
}

#[test]
fn what_awss_files_lack_may_be_lacking() {
    let text = r#"{"pre_training_bias_metrics":{"facets":[]},"explanations":{"pdp":7,"more":1,"kernel_shap":{"label1":{
        "global_shap_values":{"b":1,"a":-2.5},"global_top_shap_text":{"a":{"x":1}},"expected_value":"NaN"}}}}"#;
    let read = explanations::read(text.as_bytes()).unwrap();
    let output = &read.outputs[0];
    let values: Vec<_> = output.features.iter().map(|of| (of.name.as_str(), of.value, of.mean_abs)).collect();
    assert_eq!(values, [("b", 1.0, None), ("a", -2.5, None)]);
    assert_eq!((output.output.as_str(), output.expected_value, output.n), ("label1", None, None));
    assert_eq!((output.aggregation, output.noise_floor, read.reference_rows), (None, None, None));
}

#[test]
fn features_that_only_our_part_names_are_left_aside() {
    let text = r#"{"explanations":{"kernel_shap":{"label0":{"global_shap_values":{"a":1.0,"b":2.0},
        "model_monitor_attributions":{"n":9,"aggregation":"mean_sq","features":{
            "gone":{"mean_abs":1.0,"variance_abs":1.0},"b":{"mean_abs":0.5,"variance_abs":null}}}}},
        "model_monitor_reference_rows":{"features":["a","b"],"rows":[["1",null]]}}}"#;
    let read = explanations::read(text.as_bytes()).unwrap();
    let output = &read.outputs[0];
    assert_eq!((output.n, output.aggregation), (Some(9), Some(Aggregation::MeanSq)));
    let known: Vec<_> = output.features.iter().map(|of| (of.mean_abs, of.variance_abs)).collect();
    assert_eq!(known, [(None, None), (Some(0.5), None)]);
    let rows = ReferenceRows { features: texts(&["a", "b"]), rows: vec![vec![Some("1".to_owned()), None]] };
    assert_eq!(read.reference_rows, Some(rows));
}

#[test]
fn what_is_no_explanation_is_refused_with_a_place() {
    let section = |inner: &str| format!(r#"{{"explanations":{{{inner}}}}}"#);
    let label = |inner: &str| section(&format!(r#""kernel_shap":{{"label0":{{{inner}}}}}"#));
    let rows = |inner: &str| {
        let shap = r#""kernel_shap":{"l":{"global_shap_values":{"a":1}}}"#;
        section(&format!(r#"{shap},"model_monitor_reference_rows":{{{inner}}}"#))
    };
    let at = |inner: &str| format!("explanations.kernel_shap.label0{inner}");
    let wide = |n: usize| (0..n).map(|i| format!(r#""{i}":1"#)).collect::<Vec<_>>().join(",");
    let tall = vec!["[]"; 10_001].join(",");
    let many = vec![r#":{"global_shap_values":{}}"#; 1_001].into_iter().enumerate();
    let many = many.map(|(i, label)| format!(r#""{i}"{label}"#)).collect::<Vec<_>>().join(",");
    for (text, place, cause) in [
        (String::new(), String::new(), "empty"),
        ("[]".to_owned(), String::new(), "expected"),
        (r#"{"version":"1.0"}"#.to_owned(), String::new(), "holds no attributions"),
        (section(""), String::new(), "holds no attributions"),
        (section(r#""kernel_shap":{}"#), String::new(), "holds no attributions"),
        (
            r#"{"version":"1.0","pre_training_bias_metrics":{}}"#.to_owned(),
            "pre_training_bias_metrics".to_owned(),
            "constraints of the bias monitor, not of explainability",
        ),
        (r#"{"version":0.0,"features":[]}"#.to_owned(), "features".to_owned(), "data quality monitor, not of expl"),
        (
            r#"{"version":0.0,"regression_constraints":{}}"#.to_owned(),
            "regression_constraints".to_owned(),
            "model quality monitor, not of explainability",
        ),
        (r#"{"version":0.0,"dataset":{}}"#.to_owned(), "dataset".to_owned(), "statistics"),
        (section(r#""kernel_shap":[]"#), "explanations.kernel_shap".to_owned(), "expected an object"),
        (label(""), at(""), "global_shap_values"),
        (label(r#""global_shap_values":{"a":"Infinity"}"#), at(".global_shap_values.a"), "expected f64"),
        (label(r#""global_shap_values":{"a":null}"#), at(".global_shap_values.a"), "expected f64"),
        (label(r#""global_shap_values":{"a":1,"b":2,"a":3}"#), at(".global_shap_values"), "a key twice"),
        (label(&format!(r#""global_shap_values":{{{}}}"#, wide(16_385))), at(".global_shap_values"), "more than 16384"),
        (section(&format!(r#""kernel_shap":{{{many}}}"#)), "explanations.kernel_shap".to_owned(), "more than 1000"),
        (
            label(r#""global_shap_values":{},"model_monitor_attributions":{"n":1,"aggregation":"max","features":{}}"#),
            at(".model_monitor_attributions"),
            "none of mean_abs, mean_sq, median",
        ),
        (
            label(
                r#""global_shap_values":{},"model_monitor_attributions":{"n":1,"aggregation":"median","features":{"a":{
                    "mean_abs":1,"variance_abs":-1}}}"#,
            ),
            at(".model_monitor_attributions.features.a"),
            "negative",
        ),
        (
            rows(r#""features":["a","b"],"rows":[["1","2"],["1"]]"#),
            "explanations.model_monitor_reference_rows.rows[1]".to_owned(),
            "has 1 cells for 2 features",
        ),
        (
            rows(r#""features":["a","a"],"rows":[]"#),
            "explanations.model_monitor_reference_rows.features".to_owned(),
            "twice",
        ),
        (
            rows(&format!(r#""features":[],"rows":[{tall}]"#)),
            "explanations.model_monitor_reference_rows.rows".to_owned(),
            "more than 10000",
        ),
    ] {
        let shown = &text[..text.len().min(200)];
        let error = explanations::read(text.as_bytes()).expect_err(shown);
        assert!(error.place.starts_with(&place) && error.place.len() <= place.len() + 20, "{shown}: {error}");
        assert!(error.cause.contains(cause), "{shown}: {error}");
    }
}
