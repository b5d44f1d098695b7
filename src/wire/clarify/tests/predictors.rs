//! What configurations ask of attributions, and of the model.

use proptest::prelude::*;

use crate::profile::Aggregation;
use crate::wire::WireError;
use crate::wire::clarify::analysis_config::{
    AnalysisConfig, BaselineRow, NameOrIndex, PayloadType, PdpConfig, PredictorConfig, ShapBaseline, ShapConfig, read,
};

fn config(text: &str) -> AnalysisConfig {
    read(text.as_bytes()).unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn shap(text: &str) -> ShapConfig {
    config(&format!(r#"{{"methods":{{"shap":{text}}}}}"#)).shap.expect("attributions")
}

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

#[test]
fn every_key_of_attributions_is_read() {
    let read = shap(
        r#"{"baseline":null,"num_clusters":3,"num_samples":100,"seed":7,"use_logit":"True","agg_method":"Median",
            "save_local_shap_values":true,"features_to_explain":["a",2]}"#,
    );
    let expected = ShapConfig {
        baseline: None,
        num_clusters: Some(3),
        num_samples: Some(100),
        seed: Some(7),
        use_logit: true,
        aggregation: Aggregation::Median,
        save_local_shap_values: true,
        features_to_explain: Some(vec![NameOrIndex::Name("a".to_owned()), NameOrIndex::Index(2)]),
    };
    assert_eq!(read, expected);
    let bare = shap("{}");
    assert_eq!(bare, ShapConfig::default());
    assert_eq!((bare.aggregation, bare.use_logit, bare.save_local_shap_values), (Aggregation::MeanAbs, false, false));
    assert_eq!(shap(r#"{"features_to_explain":[]}"#).features_to_explain, None);
    for aggregation in Aggregation::ALL {
        let word = aggregation.name().to_ascii_uppercase();
        assert_eq!(shap(&format!(r#"{{"agg_method":"{word}"}}"#)).aggregation, aggregation);
    }
}

#[test]
fn every_key_of_partial_dependence_is_read() {
    let pdp = |text: &str| config(&format!(r#"{{"methods":{{"pdp":{text}}}}}"#)).pdp.expect("partial dependence");
    let features = Some(vec![NameOrIndex::Name("a".to_owned()), NameOrIndex::Index(0)]);
    assert_eq!(
        pdp(r#"{"grid_resolution":20,"features":["a",0],"top_k_features":3}"#),
        PdpConfig { grid_resolution: Some(20), features, top_k_features: 3 }
    );
    assert_eq!(pdp("{}"), PdpConfig { grid_resolution: None, features: None, top_k_features: 10 });
}

#[test]
fn baseline_rows_are_read_in_every_form() {
    let baseline = |text: &str| shap(&format!(r#"{{"baseline":{text}}}"#)).baseline.expect("a baseline");
    let cells = |cells: &[Option<&str>]| BaselineRow::Cells(cells.iter().map(|cell| cell.map(str::to_owned)).collect());
    let record = |text: &str| BaselineRow::Record(text.to_owned());
    let rows = ShapBaseline::Rows;
    assert_eq!(baseline(r#"" s3://b/k.csv ""#), ShapBaseline::Uri("s3://b/k.csv".to_owned()));
    assert_eq!(
        baseline(r#"[["yes",3,0.9,null],[true,-1e5,"",false]]"#),
        rows(vec![
            cells(&[Some("yes"), Some("3"), Some("0.9"), None]),
            cells(&[Some("true"), Some("-100000.0"), None, Some("false")])
        ])
    );
    assert_eq!(baseline(r#"[1,"a"]"#), rows(vec![cells(&[Some("1"), Some("a")])]));
    assert_eq!(baseline(r#"["s3://b/k"]"#), rows(vec![cells(&[Some("s3://b/k")])]));
    assert_eq!(baseline(r#"{"b":[1,2],"a":"\n"}"#), rows(vec![record(r#"{"b":[1,2],"a":"\n"}"#)]));
    assert_eq!(baseline(r#"[{"a":1},{"a":2}]"#), rows(vec![record(r#"{"a":1}"#), record(r#"{"a":2}"#)]));
}

#[test]
fn every_key_of_the_model_is_read() {
    let predictor = |text: &str| config(&format!(r#"{{"predictor":{text}}}"#)).predictor.expect("a predictor");
    let read = predictor(
        r#"{"endpoint_name":"e","model_name":"m","instance_type":"ml.m5.large","initial_instance_count":2,
            "endpoint_name_prefix":"p","target_model":"t.tar.gz","accelerator_type":"a","custom_attributes":"c",
            "label":1,"probability":"scores[*]","label_headers":["no",1],"content_template":"$features",
            "record_template":"$features_kvp","content_type":"application/JSON","accept_type":"text/csv"}"#,
    );
    let text = |text: &str| Some(text.to_owned());
    let expected = PredictorConfig {
        endpoint_name: text("e"),
        model_name: text("m"),
        instance_type: text("ml.m5.large"),
        initial_instance_count: Some(2),
        endpoint_name_prefix: text("p"),
        target_model: text("t.tar.gz"),
        accelerator_type: text("a"),
        custom_attributes: text("c"),
        label: Some(NameOrIndex::Index(1)),
        probability: Some(NameOrIndex::Name("scores[*]".to_owned())),
        label_headers: Some(texts(&["no", "1"])),
        content_template: text("$features"),
        record_template: text("$features_kvp"),
        content_type: Some(PayloadType::Json),
        accept_type: Some(PayloadType::Csv),
    };
    assert_eq!(read, expected);
    let silent = r#"{"endpoint_name":"","target_model":"","custom_attributes":null,"label_headers":[]}"#;
    assert_eq!(predictor(silent), PredictorConfig::default());
}

#[test]
fn a_monitors_file_and_the_documented_one_are_read() {
    let monitors = config(
        r#"{"methods":{"shap":{"baseline":[[0.2,0.5]],"num_samples":100,"agg_method":"mean_abs",
            "save_local_shap_values":false},"report":{"name":"report","title":"Analysis Report"}},
            "predictor":{"model_name":"m","instance_type":"ml.m5.xlarge","initial_instance_count":1,
            "label_headers":["label0","label1"]},"headers":["a","b"]}"#,
    );
    assert!(monitors.shap.is_some() && monitors.dataset_type.is_none());
    assert_eq!(monitors.headers, Some(texts(&["a", "b"])));
    let documented = config(
        r#"{"dataset_type":"application/jsonlines","headers":["Label","Feature1","Feature2"],"label":"data.label",
            "features":"data.features.values","methods":{"shap":{"baseline":[
                {"data":{"features":{"values":[9,10]},"label":0}},{"data":{"features":{"values":[11,12]},"label":1}}]}},
            "predictor":{"model_name":"my-jsonl-model","instance_type":"ml.m5.xlarge","initial_instance_count":1}}"#,
    );
    let Some(ShapBaseline::Rows(rows)) = documented.shap.expect("attributions").baseline else { panic!("no rows") };
    assert_eq!(rows.len(), 2);
}

/// Why a file is refused, and where.
fn refusal(text: &str) -> WireError {
    read(text.as_bytes()).expect_err(text)
}

#[test]
fn what_is_not_understood_is_refused_with_its_place() {
    let long = format!("[{}1]", "1,".repeat(16_384));
    for (shap, place, cause) in [
        (r#"{"samples":1}"#, "methods.shap.samples", "is no known key"),
        (r#"{"baseline":{},"num_clusters":2}"#, "methods.shap.num_clusters", "together with baseline"),
        (r#"{"baseline":3}"#, "methods.shap.baseline", "is neither a place nor rows"),
        (r#"{"baseline":[]}"#, "methods.shap.baseline", "holds no row"),
        (r#"{"baseline":[[1],[]]}"#, "methods.shap.baseline[1]", "holds no cell"),
        (r#"{"baseline":[[1],[[2]]]}"#, "methods.shap.baseline[1]", "is neither a row of cells nor an object"),
        (r#"{"baseline":[[1],{"a":1}]}"#, "methods.shap.baseline", "holds objects beside rows of cells"),
        (&format!(r#"{{"baseline":[{long}]}}"#), "methods.shap.baseline[0]", "holds 16385 cells, more than 16384"),
        (&format!(r#"{{"baseline":{long}}}"#), "methods.shap.baseline[0]", "holds 16385 cells, more than 16384"),
        (
            &format!(r#"{{"baseline":[{}[1]]}}"#, "[1],".repeat(1_000)),
            "methods.shap.baseline",
            "holds 1001 rows, more than 1000",
        ),
        (
            &format!(r#"{{"baseline":[{}[1]]}}"#, format!("[{}1],", "1,".repeat(1_999)).repeat(500)),
            "methods.shap.baseline",
            "holds 1000001 cells, more than 1000000",
        ),
        (r#"{"num_samples":0}"#, "methods.shap.num_samples", "is no whole number from 1 to 1000000"),
        (r#"{"seed":-3}"#, "methods.shap.seed", "is no whole number from 0 on"),
        (r#"{"agg_method":"mean"}"#, "methods.shap.agg_method", "is none of mean_abs, mean_sq, median"),
        (r#"{"use_logit":"perhaps"}"#, "methods.shap.use_logit", "is none of true, false"),
        (r#"{"features_to_explain":["a",{}]}"#, "methods.shap.features_to_explain[1]", "is of another type"),
    ] {
        let error = refusal(&format!(r#"{{"methods":{{"shap":{shap}}}}}"#));
        assert_eq!(error.place, place, "{error}");
        assert!(error.cause.starts_with("Analysis configuration schema validation error: "), "{error}");
        assert!(error.cause.contains(cause), "{error}");
    }
    for (predictor, place, cause) in [
        (r#"{"url":"x"}"#, "predictor.url", "is no known key"),
        (r#"{"endpoint_name_prefix":"abcdefghijklmnopqrstuvwx"}"#, "predictor.endpoint_name_prefix", "longer than 23"),
        (r#"{"endpoint_name":"../x"}"#, "predictor.endpoint_name", "is no name of letters and digits"),
        (r#"{"custom_attributes":"a\nb"}"#, "predictor.custom_attributes", "visible ASCII"),
        (r#"{"initial_instance_count":1.5}"#, "predictor.initial_instance_count", "is no whole number from 1 to 1000"),
        (r#"{"label_headers":["a","b","a"]}"#, "predictor.label_headers[2]", "is there twice"),
        (r#"{"label":[0]}"#, "predictor.label", "is neither a name nor an index"),
        (r#"{"content_type":"text/tsv"}"#, "predictor.content_type", "is none of text/csv, "),
        (r#"{"content_type":"image/PNG"}"#, "predictor.content_type", "images are not analysed"),
        (r#"{"accept_type":"application/x-npy"}"#, "predictor.accept_type", "images are not analysed"),
    ] {
        let error = refusal(&format!(r#"{{"predictor":{predictor}}}"#));
        assert_eq!(error.place, place, "{error}");
        assert!(error.cause.contains(cause), "{error}");
    }
}

const KEYS_OF_SHAP: [&str; 5] = ["baseline", "num_clusters", "seed", "agg_method", "features_to_explain"];
const KEYS_OF_MODEL: [&str; 5] = ["endpoint_name", "label", "label_headers", "initial_instance_count", "content_type"];

proptest! {
    #[test]
    fn whatever_stands_under_a_key_is_read_or_refused_with_a_place(
        key in prop::sample::select([KEYS_OF_SHAP, KEYS_OF_MODEL].concat()),
        value in prop::sample::select(vec![
            "null", "true", "0", "-1", "1.5", "1e308", "18446744073709551616", "\"\"", "\"x\"", "[]", "{}", "[[]]", "[{}]", "[null]",
            "[1,[1]]", "[[{}]]",
        ]),
    ) {
        let part = format!("{{\"{key}\":{value}}}");
        let (text, place) = match KEYS_OF_SHAP.contains(&key) {
            true => (format!("{{\"methods\":{{\"shap\":{part}}}}}"), format!("methods.shap.{key}")),
            false => (format!("{{\"predictor\":{part}}}"), format!("predictor.{key}")),
        };
        if let Err(error) = read(text.as_bytes()) {
            prop_assert!(error.place.starts_with(&place), "{}: {}", text, error);
        }
    }
}
