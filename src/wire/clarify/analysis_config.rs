//! `analysis_config.json` (DG:clarify-processing-job-configure-analysis): what a bias or attribution
//! job is asked for. Monitors' files omit what their job definitions say.
//!
//! People write these files, so a scalar may stand for a list of one, and words in any case. What is
//! neither known nor used would be lost unseen: it is refused, as AWS's schema does.

use serde_json::{Map, Number, Value};

use crate::measure::bias::{ALL, Stage};
use crate::profile::Aggregation;
use crate::wire::WireError;
use crate::wire::error::from_json;
use crate::wire::lenient::Object;

/// What is asked for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AnalysisConfig {
    pub version: Option<String>,
    /// `None` in monitors' files.
    pub dataset_type: Option<DatasetType>,
    pub dataset_uri: Option<String>,
    /// Names of the columns; of JSON, of the features, the label and the predicted label.
    pub headers: Option<Vec<String>>,
    /// A column, or a JMESPath expression.
    pub label: Option<NameOrIndex>,
    /// As `label`, where the dataset holds predictions.
    pub predicted_label: Option<NameOrIndex>,
    /// A JMESPath expression.
    pub features: Option<String>,
    pub excluded_columns: Vec<NameOrIndex>,
    /// As the file writes them.
    pub label_values_or_threshold: Vec<String>,
    pub probability_threshold: Option<f64>,
    pub group_variable: Option<NameOrIndex>,
    pub facets: Vec<FacetConfig>,
    pub facet_dataset_uri: Option<String>,
    pub facet_headers: Option<Vec<String>>,
    pub predicted_label_dataset_uri: Option<String>,
    pub predicted_label_headers: Option<Vec<String>>,
    pub joinsource_name_or_index: Option<NameOrIndex>,
    pub segments: Vec<SegmentConfig>,
    pub pre_training_bias: Option<Metrics>,
    pub post_training_bias: Option<Metrics>,
    pub report: Option<ReportConfig>,
    pub shap: Option<ShapConfig>,
    pub pdp: Option<PdpConfig>,
    pub predictor: Option<PredictorConfig>,
}

/// How attributions are computed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ShapConfig {
    pub baseline: Option<ShapBaseline>,
    /// Rows to make where there is no baseline.
    pub num_clusters: Option<usize>,
    pub num_samples: Option<usize>,
    pub seed: Option<u64>,
    pub use_logit: bool,
    pub aggregation: Aggregation,
    pub save_local_shap_values: bool,
    /// `None` where all are.
    pub features_to_explain: Option<Vec<NameOrIndex>>,
}

/// The rows that stand for absent features.
#[derive(Clone, Debug, PartialEq)]
pub enum ShapBaseline {
    Uri(String),
    Rows(Vec<BaselineRow>),
}

/// One such row as the file writes it.
#[derive(Clone, Debug, PartialEq)]
pub enum BaselineRow {
    /// In the order of the features; `None` where missing.
    Cells(Vec<Option<String>>),
    /// A JSON value as text, in the form of the dataset's records.
    Record(String),
}

/// For which features partial dependence is computed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PdpConfig {
    pub grid_resolution: Option<usize>,
    /// `None`: those of the largest attributions.
    pub features: Option<Vec<NameOrIndex>>,
    pub top_k_features: usize,
}

/// Where the model is, and how it is asked.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PredictorConfig {
    pub endpoint_name: Option<String>,
    pub model_name: Option<String>,
    pub instance_type: Option<String>,
    pub initial_instance_count: Option<u32>,
    pub endpoint_name_prefix: Option<String>,
    pub target_model: Option<String>,
    pub accelerator_type: Option<String>,
    pub custom_attributes: Option<String>,
    pub label: Option<NameOrIndex>,
    pub probability: Option<NameOrIndex>,
    pub label_headers: Option<Vec<String>>,
    pub content_template: Option<String>,
    pub record_template: Option<String>,
    pub content_type: Option<PayloadType>,
    pub accept_type: Option<PayloadType>,
}

/// What the model takes and gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PayloadType {
    Csv,
    JsonLines,
    Json,
}

/// What the dataset's files are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DatasetType {
    Csv,
    JsonLines,
    Json,
    Capture,
    Parquet,
}

/// A column by its name, which may be an expression, or by its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NameOrIndex {
    Name(String),
    /// From zero.
    Index(usize),
}

/// A facet and its sensitive group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FacetConfig {
    pub name_or_index: NameOrIndex,
    /// As the file writes them; empty where each value in turn is the group.
    pub value_or_threshold: Vec<String>,
}

/// Rows of which everything is analysed once more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SegmentConfig {
    pub config_name: Option<String>,
    pub name_or_index: NameOrIndex,
    pub segments: Vec<Vec<String>>,
    pub display_aliases: Vec<String>,
}

/// Which metrics of a stage are asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Metrics {
    All,
    /// By their short names.
    Named(Vec<&'static str>),
}

impl Metrics {
    /// Whether this metric is asked for.
    pub fn contains(&self, metric: &str) -> bool {
        match self {
            Self::All => true,
            Self::Named(names) => names.contains(&metric),
        }
    }
}

/// The report for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportConfig {
    pub name: String,
    pub title: Option<String>,
}

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
        shap: methods.object("shap")?.map(|_| ShapConfig::default()),
        pdp: methods.object("pdp")?.map(|_| PdpConfig::default()),
        predictor: file.object("predictor")?.map(|_| PredictorConfig::default()),
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
    match document.get("dataset_type").and_then(Value::as_str) {
        Some(name) if name.eq_ignore_ascii_case("application/x-image") => {
            Err(WireError::new("dataset_type", "images are not analysed"))
        }
        _ => Ok(()),
    }
}

fn check_facets(config: &AnalysisConfig) -> Result<(), WireError> {
    let columns = match (&config.facet_dataset_uri, &config.headers) {
        (None, Some(columns)) => columns,
        _ => return Ok(()),
    };
    let is_there = |facet: &FacetConfig| match &facet.name_or_index {
        NameOrIndex::Name(name) => columns.contains(name),
        NameOrIndex::Index(index) => *index < columns.len(),
    };
    match config.facets.iter().position(|facet| !is_there(facet)) {
        Some(i) => Err(WireError::new(format!("facet[{i}].name_or_index"), format!("{NO_FACET}: the headers lack it"))),
        None => Ok(()),
    }
}

fn check_keys(object: &Object<'_>, known: &[&str]) -> Result<(), WireError> {
    match object.map.keys().find(|key| !known.contains(&key.as_str())) {
        Some(key) => Err(object.error(key, "is no known key")),
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

fn text(object: &Object<'_>, key: &str) -> Result<Option<String>, WireError> {
    object.text(key).map(|text| text.map(str::to_owned))
}

/// A text, or a number as its text.
fn scalar(object: &Object<'_>, key: &str) -> Result<Option<String>, WireError> {
    let of = |found: &Value| value(found).ok_or_else(|| object.error(key, "is neither a text nor a number"));
    object.get(key).map(of).transpose()
}

fn texts(object: &Object<'_>, key: &str) -> Result<Option<Vec<String>>, WireError> {
    list(object, key, |value| value.as_str().map(str::to_owned))
}

/// A list, or one that stands for it.
fn list<T>(object: &Object<'_>, key: &str, item: fn(&Value) -> Option<T>) -> Result<Option<Vec<T>>, WireError> {
    let one = |(i, value): (usize, &Value)| {
        item(value).ok_or_else(|| object.error(&format!("{key}[{i}]"), "is of another type"))
    };
    match object.get(key) {
        None => Ok(None),
        Some(Value::Array(values)) => values.iter().enumerate().map(one).collect::<Result<_, _>>().map(Some),
        Some(value) => one((0, value)).map(|item| Some(vec![item])),
    }
}

/// A list of objects, or one that stands for it; empty where there is none.
fn objects<'a>(object: &Object<'a>, key: &str) -> Result<Vec<Object<'a>>, WireError> {
    let values = match object.get(key) {
        None => return Ok(Vec::new()),
        Some(Value::Array(values)) => values.as_slice(),
        Some(value) => std::slice::from_ref(value),
    };
    let of = |(i, value): (usize, &'a Value)| {
        let place = format!("{key}[{i}]");
        match value {
            Value::Object(map) => Ok(Object { map, place }),
            _ => Err(WireError::new(place, "is not an object")),
        }
    };
    values.iter().enumerate().map(of).collect()
}

fn name_or_index(object: &Object<'_>, key: &str) -> Result<Option<NameOrIndex>, WireError> {
    let of = |value: &Value| column(value).ok_or_else(|| object.error(key, "is neither a name nor an index"));
    object.get(key).map(of).transpose()
}

fn needed<T>(object: &Object<'_>, key: &str, value: Option<T>) -> Result<T, WireError> {
    value.ok_or_else(|| object.error(key, "is missing"))
}

fn column(value: &Value) -> Option<NameOrIndex> {
    match value {
        Value::String(name) => Some(NameOrIndex::Name(name.clone())),
        Value::Number(index) => index.as_u64().and_then(|index| usize::try_from(index).ok()).map(NameOrIndex::Index),
        _ => None,
    }
}

/// A value of data as Python, in which AWS reads these files, writes it.
fn value(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(Number::to_string(number)),
        Value::Bool(true) => Some("True".to_owned()),
        Value::Bool(false) => Some("False".to_owned()),
        _ => None,
    }
}
