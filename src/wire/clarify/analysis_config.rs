//! `analysis_config.json` (DG:clarify-processing-job-configure-analysis): what a bias or attribution
//! job is asked for. Monitors' files omit what their job definitions say.
//!
//! People write these files, so a scalar may stand for a list of one, and words in any case. What is
//! neither known nor used would be lost unseen: it is refused, as AWS's schema does.

use serde_json::{Map, Value};

use self::predictor::predictor;
use self::shap::{pdp, shap};
use self::values::{check_keys, column, list, name_or_index, needed, objects, scalar, text, texts, value};
use crate::measure::bias::{ALL, Stage};
use crate::wire::WireError;
use crate::wire::error::from_json;
use crate::wire::lenient::Object;

mod predictor;
mod shap;
mod types;
mod values;

pub use shap::MAX_BASELINE_ROWS;
pub use types::{
    AnalysisConfig, BaselineRow, DatasetType, FacetConfig, Metrics, NameOrIndex, PayloadType, PdpConfig,
    PredictorConfig, ReportConfig, SegmentConfig, ShapBaseline, ShapConfig,
};

/// What AWS says of a file that is none.
const NOT_JSON: &str = "Unable to load analysis configuration as JSON";
/// What AWS says of an unknown key, or a value of another type.
const NOT_VALID: &str = "Analysis configuration schema validation error";
/// What AWS says of an unknown metric, in part.
const NO_METRIC: &str = "Invalid metric_name: metrics should be one of the registered metrics";
/// What AWS says of a facet that no column has.
const NO_FACET: &str = "Unable to locate the facet";

const KEYS: [&str; 21] = [
    "version",
    "dataset_type",
    "dataset_uri",
    "headers",
    "label",
    "predicted_label",
    "features",
    "excluded_columns",
    "label_values_or_threshold",
    "probability_threshold",
    "group_variable",
    "facet",
    "facet_dataset_uri",
    "facet_headers",
    "predicted_label_dataset_uri",
    "predicted_label_headers",
    "joinsource_name_or_index",
    "segment_config",
    "methods",
    "predictor",
    "time_series_data_config",
];
const METHODS: [&str; 6] =
    ["pre_training_bias", "post_training_bias", "report", "shap", "pdp", "asymmetric_shapley_value"];

/// Keys that only mean something for data that is not analysed here, with what that is.
const ELSEWHERE: [(&[&str], &str, &str); 5] = [
    (&[], "time_series_data_config", "time series"),
    (&["methods"], "asymmetric_shapley_value", "time series"),
    (&["methods", "shap"], "text_config", "texts"),
    (&["methods", "shap"], "image_config", "images"),
    (&["predictor"], "time_series_predictor_config", "time series"),
];

/// Types of images, in datasets and requests.
const OF_IMAGES: [&str; 4] = ["application/x-image", "image/jpeg", "image/png", "application/x-npy"];

/// What the file asks for.
pub fn read(bytes: &[u8]) -> Result<AnalysisConfig, WireError> {
    let document: Value =
        from_json(bytes).map_err(|error| WireError::new(error.place, format!("{NOT_JSON}: {}", error.cause)))?;
    let Value::Object(document) = document else {
        return Err(not_valid(WireError::new("", "is not an object")));
    };
    let file = Object { map: &document, place: String::new() };
    check_elsewhere(&document)?;
    let config = config(&file).map_err(not_valid)?;
    check_facets(&config)?;
    Ok(config)
}

fn config(file: &Object<'_>) -> Result<AnalysisConfig, WireError> {
    check_keys(file, &KEYS)?;
    let none = Map::new();
    let methods = file.object("methods")?.unwrap_or(Object { map: &none, place: "methods".to_owned() });
    check_keys(&methods, &METHODS)?;
    Ok(AnalysisConfig {
        version: scalar(file, "version")?,
        dataset_type: dataset_type(file)?,
        dataset_uri: text(file, "dataset_uri")?,
        headers: texts(file, "headers")?,
        label: name_or_index(file, "label")?,
        predicted_label: name_or_index(file, "predicted_label")?,
        features: text(file, "features")?,
        excluded_columns: list(file, "excluded_columns", column)?.unwrap_or_default(),
        label_values_or_threshold: list(file, "label_values_or_threshold", value)?.unwrap_or_default(),
        probability_threshold: file.number("probability_threshold")?,
        group_variable: name_or_index(file, "group_variable")?,
        facets: objects(file, "facet")?.iter().map(facet).collect::<Result<_, _>>()?,
        facet_dataset_uri: text(file, "facet_dataset_uri")?,
        facet_headers: texts(file, "facet_headers")?,
        predicted_label_dataset_uri: text(file, "predicted_label_dataset_uri")?,
        predicted_label_headers: texts(file, "predicted_label_headers")?,
        joinsource_name_or_index: name_or_index(file, "joinsource_name_or_index")?,
        segments: objects(file, "segment_config")?.iter().map(segment).collect::<Result<_, _>>()?,
        pre_training_bias: metrics(&methods, "pre_training_bias", Stage::PreTraining)?,
        post_training_bias: metrics(&methods, "post_training_bias", Stage::PostTraining)?,
        report: methods.object("report")?.map(|object| report(&object)).transpose()?,
        shap: methods.object("shap")?.map(|object| shap(&object)).transpose()?,
        pdp: methods.object("pdp")?.map(|object| pdp(&object)).transpose()?,
        predictor: file.object("predictor")?.map(|object| predictor(&object)).transpose()?,
    })
}

/// AWS's words before a cause that has none of its own.
fn not_valid(error: WireError) -> WireError {
    match error.cause.starts_with(NO_METRIC) {
        true => error,
        false => WireError::new(error.place, format!("{NOT_VALID}: {}", error.cause)),
    }
}

fn check_elsewhere(document: &Map<String, Value>) -> Result<(), WireError> {
    for (path, key, what) in ELSEWHERE {
        let mut object = Some(document);
        for part in path {
            object = object.and_then(|object| object.get(*part)).and_then(Value::as_object);
        }
        if object.and_then(|object| object.get(key)).is_some_and(|value| !value.is_null()) {
            let place: Vec<&str> = path.iter().copied().chain([key]).collect();
            return Err(WireError::new(place.join("."), format!("{key} is for {what}, which are not analysed")));
        }
    }
    let predictor = document.get("predictor").and_then(Value::as_object);
    for (object, place, key) in [
        (Some(document), "dataset_type", "dataset_type"),
        (predictor, "predictor.content_type", "content_type"),
        (predictor, "predictor.accept_type", "accept_type"),
    ] {
        let word = object.and_then(|object| object.get(key)).and_then(Value::as_str);
        if word.is_some_and(|word| OF_IMAGES.iter().any(|name| name.eq_ignore_ascii_case(word.trim()))) {
            return Err(WireError::new(place, "images are not analysed"));
        }
    }
    Ok(())
}

fn check_facets(config: &AnalysisConfig) -> Result<(), WireError> {
    let headers = if config.facet_dataset_uri.is_some() { &config.facet_headers } else { &config.headers };
    let Some(columns) = headers else { return Ok(()) };
    let is_there = |facet: &FacetConfig| match &facet.name_or_index {
        NameOrIndex::Name(name) => columns.contains(name),
        NameOrIndex::Index(index) => *index < columns.len(),
    };
    match config.facets.iter().position(|facet| !is_there(facet)) {
        Some(i) => Err(WireError::new(format!("facet[{i}].name_or_index"), format!("{NO_FACET}: the headers lack it"))),
        None => Ok(()),
    }
}

fn dataset_type(file: &Object<'_>) -> Result<Option<DatasetType>, WireError> {
    let words = [
        ("text/csv", DatasetType::Csv),
        ("application/jsonlines", DatasetType::JsonLines),
        ("application/json", DatasetType::Json),
        ("application/sagemakercapturejson", DatasetType::Capture),
        ("application/x-parquet", DatasetType::Parquet),
    ];
    file.word("dataset_type", &words)
}

fn facet(object: &Object<'_>) -> Result<FacetConfig, WireError> {
    check_keys(object, &["name_or_index", "value_or_threshold"])?;
    Ok(FacetConfig {
        name_or_index: needed(object, "name_or_index", name_or_index(object, "name_or_index")?)?,
        value_or_threshold: list(object, "value_or_threshold", value)?.unwrap_or_default(),
    })
}

fn segment(object: &Object<'_>) -> Result<SegmentConfig, WireError> {
    check_keys(object, &["config_name", "name_or_index", "segments", "display_aliases"])?;
    let of_segment = |segment: &Value| match segment {
        Value::Array(values) => values.iter().map(value).collect(),
        scalar => value(scalar).map(|value| vec![value]),
    };
    Ok(SegmentConfig {
        config_name: text(object, "config_name")?,
        name_or_index: needed(object, "name_or_index", name_or_index(object, "name_or_index")?)?,
        segments: needed(object, "segments", list(object, "segments", of_segment)?)?,
        display_aliases: texts(object, "display_aliases")?.unwrap_or_default(),
    })
}

fn report(object: &Object<'_>) -> Result<ReportConfig, WireError> {
    check_keys(object, &["name", "title"])?;
    Ok(ReportConfig { name: needed(object, "name", text(object, "name")?)?, title: text(object, "title")? })
}

fn metrics(methods: &Object<'_>, key: &str, stage: Stage) -> Result<Option<Metrics>, WireError> {
    let Some(object) = methods.object(key)? else { return Ok(None) };
    check_keys(&object, &["methods"])?;
    let names = needed(&object, "methods", texts(&object, "methods")?)?;
    if let [name] = names.as_slice()
        && name.eq_ignore_ascii_case("all")
    {
        return Ok(Some(Metrics::All));
    }
    let known: Vec<&'static str> = ALL.iter().filter(|kind| kind.stage == stage).map(|kind| kind.name).collect();
    let find = |name: &String| known.iter().copied().find(|known| known.eq_ignore_ascii_case(name));
    let found: Option<Vec<&str>> = names.iter().map(find).collect();
    let found = found.ok_or_else(|| object.error("methods", format!("{NO_METRIC}: all, {}", known.join(", "))))?;
    Ok(Some(Metrics::Named(found)))
}
