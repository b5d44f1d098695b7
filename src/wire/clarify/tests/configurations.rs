//! Configurations as people and AWS's client write them.

use proptest::prelude::*;

use crate::profile::{Facet, FacetSettings};
use crate::wire::clarify::analysis_config::{
    AnalysisConfig, DatasetType, FacetConfig, Metrics, NameOrIndex, PdpConfig, PredictorConfig, ReportConfig,
    SegmentConfig, ShapConfig, read,
};

fn name(name: &str) -> NameOrIndex {
    NameOrIndex::Name(name.to_owned())
}

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

fn config(text: &str) -> AnalysisConfig {
    read(text.as_bytes()).unwrap_or_else(|error| panic!("{text}: {error}"))
}

#[test]
fn every_key_is_read() {
    let read = config(
        r#"{"version":"1.0","dataset_type":"Text/CSV","dataset_uri":"u","headers":["a","b","y","p"],"label":"y",
        "predicted_label":3,"features":"f","excluded_columns":["a",1],"label_values_or_threshold":[1,0.5,"x",true],
        "probability_threshold":0.7,"group_variable":0,
        "facet":[{"name_or_index":"a","value_or_threshold":[1]},{"name_or_index":1}],
        "facet_dataset_uri":null,"facet_headers":["h"],"predicted_label_dataset_uri":"v","predicted_label_headers":["i"],
        "joinsource_name_or_index":"j",
        "segment_config":[{"config_name":"c","name_or_index":"a","segments":[[1,"(2, 5]"]],"display_aliases":["d"]}],
        "methods":{"pre_training_bias":{"methods":"all"},"post_training_bias":{"methods":["DI","ad"]},
            "report":{"name":"report","title":"t"},"shap":{"num_samples":10},"pdp":{"grid_resolution":5}},
        "predictor":{"model_name":"m","label_headers":["x"]}}"#,
    );
    let expected = AnalysisConfig {
        version: Some("1.0".to_owned()),
        dataset_type: Some(DatasetType::Csv),
        dataset_uri: Some("u".to_owned()),
        headers: Some(texts(&["a", "b", "y", "p"])),
        label: Some(name("y")),
        predicted_label: Some(NameOrIndex::Index(3)),
        features: Some("f".to_owned()),
        excluded_columns: vec![name("a"), NameOrIndex::Index(1)],
        label_values_or_threshold: texts(&["1", "0.5", "x", "True"]),
        probability_threshold: Some(0.7),
        group_variable: Some(NameOrIndex::Index(0)),
        facets: vec![
            FacetConfig { name_or_index: name("a"), value_or_threshold: texts(&["1"]) },
            FacetConfig { name_or_index: NameOrIndex::Index(1), value_or_threshold: Vec::new() },
        ],
        facet_dataset_uri: None,
        facet_headers: Some(texts(&["h"])),
        predicted_label_dataset_uri: Some("v".to_owned()),
        predicted_label_headers: Some(texts(&["i"])),
        joinsource_name_or_index: Some(name("j")),
        segments: vec![SegmentConfig {
            config_name: Some("c".to_owned()),
            name_or_index: name("a"),
            segments: vec![texts(&["1", "(2, 5]"])],
            display_aliases: texts(&["d"]),
        }],
        pre_training_bias: Some(Metrics::All),
        post_training_bias: Some(Metrics::Named(vec!["DI", "AD"])),
        report: Some(ReportConfig { name: "report".to_owned(), title: Some("t".to_owned()) }),
        shap: Some(ShapConfig { num_samples: Some(10), ..ShapConfig::default() }),
        pdp: Some(PdpConfig { grid_resolution: Some(5), ..PdpConfig::default() }),
        predictor: Some(PredictorConfig {
            model_name: Some("m".to_owned()),
            label_headers: Some(texts(&["x"])),
            ..PredictorConfig::default()
        }),
    };
    assert_eq!(read, expected);
    assert!(Metrics::All.contains("CI") && !expected.post_training_bias.unwrap().contains("CI"));
    assert_eq!(config("{}"), AnalysisConfig::default(), "nothing is needed of a monitor's file");
}

#[test]
fn a_scalar_stands_for_a_list_of_one() {
    let read = config(
        r#"{"label_values_or_threshold":0.5,"headers":"a","excluded_columns":2,
            "facet":{"name_or_index":"a","value_or_threshold":1.0},"methods":{"pre_training_bias":{"methods":"CI"}}}"#,
    );
    assert_eq!((read.label_values_or_threshold, read.headers), (texts(&["0.5"]), Some(texts(&["a"]))));
    assert_eq!(read.excluded_columns, [NameOrIndex::Index(2)]);
    assert_eq!(read.facets[0].value_or_threshold, ["1.0"]);
    assert_eq!(read.pre_training_bias, Some(Metrics::Named(vec!["CI"])));
}

#[test]
fn what_is_not_understood_is_refused_with_its_place() {
    for (text, place, cause) in [
        ("{", "", "Unable to load analysis configuration as JSON: "),
        ("", "", "Unable to load analysis configuration as JSON: the file is empty"),
        ("[]", "", "Analysis configuration schema validation error: is not an object"),
        (r#"{"facets":[]}"#, "facets", "Analysis configuration schema validation error: is no known key"),
        (
            r#"{"facet":[{"name_or_index":"a","value":1}]}"#,
            "facet[0].value",
            "schema validation error: is no known key",
        ),
        (r#"{"facet":[{}]}"#, "facet[0].name_or_index", "is missing"),
        (r#"{"facet":"a"}"#, "facet[0]", "is not an object"),
        (r#"{"facet":[{"name_or_index":-1}]}"#, "facet[0].name_or_index", "is neither a name nor an index"),
        (r#"{"headers":["a",1]}"#, "headers[1]", "is of another type"),
        (r#"{"label":1.5}"#, "label", "is neither a name nor an index"),
        (r#"{"dataset_type":"text/tsv"}"#, "dataset_type", "is none of text/csv, "),
        (r#"{"probability_threshold":"high"}"#, "probability_threshold", "is not a number"),
        (r#"{"methods":{"bias":{}}}"#, "methods.bias", "is no known key"),
        (r#"{"methods":{"report":{}}}"#, "methods.report.name", "is missing"),
        (
            r#"{"methods":{"pre_training_bias":{"methods":["DI"]}}}"#,
            "methods.pre_training_bias.methods",
            "Invalid metric_name: metrics should be one of the registered metrics: all, CDDL, CI",
        ),
        (
            r#"{"headers":["a"],"facet":[{"name_or_index":"b"}]}"#,
            "facet[0].name_or_index",
            "Unable to locate the facet",
        ),
        (r#"{"headers":["a"],"facet":[{"name_or_index":1}]}"#, "facet[0].name_or_index", "Unable to locate the facet"),
        (r#"{"dataset_type":"application/x-image"}"#, "dataset_type", "images are not analysed"),
        (r#"{"time_series_data_config":{}}"#, "time_series_data_config", "time_series_data_config is for time series"),
        (r#"{"methods":{"shap":{"text_config":{}}}}"#, "methods.shap.text_config", "text_config is for texts"),
        (r#"{"methods":{"shap":{"image_config":{}}}}"#, "methods.shap.image_config", "image_config is for images"),
        (
            r#"{"methods":{"asymmetric_shapley_value":{}}}"#,
            "methods.asymmetric_shapley_value",
            "asymmetric_shapley_value is for time series",
        ),
        (
            r#"{"predictor":{"time_series_predictor_config":{}}}"#,
            "predictor.time_series_predictor_config",
            "time_series_predictor_config is for time series",
        ),
    ] {
        let error = read(text.as_bytes()).unwrap_err();
        assert_eq!(error.place, place, "{text}: {error}");
        assert!(error.cause.contains(cause), "{text}: {error}");
    }
}

#[test]
fn columns_are_called_by_their_headers() {
    let of = |text: &str| config(text).facet_settings("truth", true);
    let facets = |name: &str| vec![Facet { name: name.to_owned(), value_or_threshold: texts(&["0"]), kind: None }];
    assert_eq!(
        of(r#"{"dataset_type":"text/csv","headers":["Target","Age","Sex"],"label":0,"label_values_or_threshold":[1],
            "facet":[{"name_or_index":2,"value_or_threshold":[0]}],"group_variable":1,"probability_threshold":0.8}"#),
        FacetSettings {
            facets: facets("Sex"),
            label: "Target".to_owned(),
            label_values_or_threshold: texts(&["1"]),
            are_pairs_categories: true,
            label_kind: None,
            probability_threshold: Some(0.8),
            score_labels: FacetSettings::SCORE_LABELS.map(str::to_owned),
            group_variable: Some("Age".to_owned()),
            has_predictions: true,
        }
    );
    let bare = of(r#"{"facet":[{"name_or_index":2,"value_or_threshold":[0]}]}"#);
    assert_eq!((bare.facets, bare.label.as_str()), (facets("column_2"), "truth"));
}

#[test]
fn headers_of_json_end_with_the_label_and_the_prediction() {
    let of = |text: &str| {
        let config = config(text);
        (config.label_name(), config.feature_headers())
    };
    let json = r#""dataset_type":"application/json","headers":["Age","Sex","Target","Said"]"#;
    let (label, features) = (Some("Target".to_owned()), texts(&["Age", "Sex"]));
    let both = format!(r#"{{{json},"label":"instances[*].label","predicted_label":"instances[*].said"}}"#);
    assert_eq!(of(&both), (label.clone(), features.clone()));
    let one = format!(r#"{{{json},"label":"instances[*].label"}}"#);
    assert_eq!(of(&one), (Some("Said".to_owned()), texts(&["Age", "Sex", "Target"])));
    let named =
        r#"{"dataset_type":"text/csv","headers":["Target","Age","Said","Sex"],"label":"Target","predicted_label":2}"#;
    assert_eq!(of(named), (label, features));
    assert_eq!(of(r#"{"label":"y"}"#), (Some("y".to_owned()), Vec::new()));
    assert_eq!(of("{}"), (None, Vec::new()));
}

proptest! {
    #[test]
    fn whatever_stands_under_a_key_is_read_or_refused(
        key in prop::sample::select(vec!["facet", "headers", "label", "methods", "segment_config", "version"]),
        value in prop::sample::select(vec!["null", "true", "0", "-1", "1e400", "\"\"", "[]", "{}", "[[]]", "[{}]", "{\"shap\":[]}"]),
        nested in prop::sample::select(vec!["", "name_or_index", "segments", "report", "pre_training_bias"]),
    ) {
        let value = if nested.is_empty() { value.to_owned() } else { format!("{{\"{nested}\":{value}}}") };
        let text = format!("{{\"{key}\":{value}}}");
        if let Err(error) = read(text.as_bytes()) {
            prop_assert!(!error.cause.is_empty(), "{}", text);
        }
    }
}
