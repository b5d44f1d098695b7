//! From the file's keys to limits.

use serde_json::{Map, Value};

use crate::judge::{CategoricalDriftMethod, ComparisonMethod, Constraints, FeatureConstraints, MonitoringConfig};
use crate::names::{DISABLED, ENABLED};
use crate::profile::Kind;
use crate::wire::WireError;

/// Keys of other monitors' constraints files, and whose they are.
const FOREIGN: [(&str, &str); 6] = [
    ("binary_classification_constraints", "model quality"),
    ("multiclass_classification_constraints", "model quality"),
    ("regression_constraints", "model quality"),
    ("post_training_bias_metrics", "bias"),
    ("pre_training_bias_metrics", "bias"),
    ("explanations", "explainability"),
];

/// The documentation's spelling, and that of AWS's Python client, which wins where both stand.
const OVERRIDES: [&str; 2] = ["monitoringConfigOverrides", "monitoring_config_overrides"];

pub(super) fn of(document: &Map<String, Value>) -> Result<Constraints, WireError> {
    if let Some((key, monitor)) = FOREIGN.iter().find(|(key, _)| document.contains_key(*key)) {
        let cause = format!("these are constraints of the {monitor} monitor, not of data quality");
        return Err(WireError::new(*key, cause));
    }
    if document.contains_key("dataset") && !document.contains_key("monitoring_config") {
        return Err(WireError::new("dataset", "these are statistics, not constraints"));
    }
    let root = Object { map: document, place: String::new() };
    let mut config = MonitoringConfig::default();
    if let Some(written) = root.object("monitoring_config")? {
        apply(&written, &mut config)?;
    }
    let Some(features) = root.get("features") else { return Err(root.error("features", "is missing")) };
    let Value::Array(features) = features else { return Err(root.error("features", "is not an array")) };
    let features = features
        .iter()
        .enumerate()
        .map(|(i, value)| match value {
            Value::Object(map) => feature(&Object { map, place: format!("features[{i}]") }, &config),
            _ => Err(WireError::new(format!("features[{i}]"), "is not an object")),
        })
        .collect::<Result<_, _>>()?;
    Ok(Constraints { features, config })
}

fn feature(object: &Object<'_>, table: &MonitoringConfig) -> Result<FeatureConstraints, WireError> {
    let mut config = table.clone();
    for key in OVERRIDES {
        if let Some(written) = object.object(key)? {
            apply(&written, &mut config)?;
        }
    }
    let numbers = object.object("num_constraints")?;
    let strings = object.object("string_constraints")?;
    Ok(FeatureConstraints {
        name: object.text("name")?.ok_or_else(|| object.error("name", "is missing"))?.to_owned(),
        kind: object.word("inferred_type", &KINDS)?.unwrap_or(Kind::Unknown),
        completeness: object.number("completeness")?,
        is_non_negative: numbers.map(|numbers| numbers.boolean("is_non_negative")).transpose()?.flatten(),
        domain: strings.map(|strings| strings.texts("domains")).transpose()?.flatten(),
        config,
    })
}

/// Puts the settings that stand in `object` into `config`.
fn apply(object: &Object<'_>, config: &mut MonitoringConfig) -> Result<(), WireError> {
    set(&mut config.evaluate_constraints, object.switch("evaluate_constraints")?);
    set(&mut config.emit_metrics, object.switch("emit_metrics")?);
    set(&mut config.datatype_check_threshold, object.number("datatype_check_threshold")?);
    set(&mut config.domain_content_threshold, object.number("domain_content_threshold")?);
    let Some(distribution) = object.object("distribution_constraints")? else { return Ok(()) };
    set(&mut config.perform_comparison, distribution.switch("perform_comparison")?);
    set(&mut config.comparison_threshold, distribution.number("comparison_threshold")?);
    // A sample of AWS misspells the key; the right one wins.
    set(&mut config.comparison_method, distribution.word("comparion_method", &COMPARISON_METHODS)?);
    set(&mut config.comparison_method, distribution.word("comparison_method", &COMPARISON_METHODS)?);
    set(&mut config.categorical_comparison_threshold, distribution.number("categorical_comparison_threshold")?);
    set(&mut config.categorical_drift_method, distribution.word("categorical_drift_method", &DRIFT_METHODS)?);
    Ok(())
}

fn set<T>(setting: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *setting = value;
    }
}

const KINDS: [(&str, Kind); 4] = [
    ("Integral", Kind::Integral),
    ("Fractional", Kind::Fractional),
    ("String", Kind::String),
    ("Unknown", Kind::Unknown),
];
const SWITCH: [(&str, bool); 2] = [(ENABLED, true), (DISABLED, false)];
const COMPARISON_METHODS: [(&str, ComparisonMethod); 2] =
    [("Simple", ComparisonMethod::Simple), ("Robust", ComparisonMethod::Robust)];
const DRIFT_METHODS: [(&str, CategoricalDriftMethod); 2] =
    [("LInfinity", CategoricalDriftMethod::LInfinity), ("ChiSquared", CategoricalDriftMethod::ChiSquared)];

/// An object of the file and where it stands. A null is as good as a key that is absent.
struct Object<'a> {
    map: &'a Map<String, Value>,
    place: String,
}

impl<'a> Object<'a> {
    fn get(&self, key: &str) -> Option<&'a Value> {
        self.map.get(key).filter(|value| !value.is_null())
    }

    fn place_of(&self, key: &str) -> String {
        if self.place.is_empty() { key.to_owned() } else { format!("{}.{key}", self.place) }
    }

    fn error(&self, key: &str, cause: impl std::fmt::Display) -> WireError {
        WireError::new(self.place_of(key), cause)
    }

    fn object(&self, key: &str) -> Result<Option<Object<'a>>, WireError> {
        match self.get(key) {
            None => Ok(None),
            Some(Value::Object(map)) => Ok(Some(Object { map, place: self.place_of(key) })),
            Some(_) => Err(self.error(key, "is not an object")),
        }
    }

    fn text(&self, key: &str) -> Result<Option<&'a str>, WireError> {
        match self.get(key) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(self.error(key, "is not a text")),
        }
    }

    /// Texts; numbers and booleans among them are taken as their JSON text.
    fn texts(&self, key: &str) -> Result<Option<Vec<String>>, WireError> {
        let values = match self.get(key) {
            None => return Ok(None),
            Some(Value::Array(values)) => values,
            Some(_) => return Err(self.error(key, "is not an array")),
        };
        let text = |(i, value): (usize, &Value)| match value {
            Value::String(text) => Ok(text.clone()),
            Value::Number(number) => Ok(number.to_string()),
            Value::Bool(value) => Ok(value.to_string()),
            _ => Err(WireError::new(format!("{}[{i}]", self.place_of(key)), "is not a text")),
        };
        values.iter().enumerate().map(text).collect::<Result<_, _>>().map(Some)
    }

    /// A finite number, or the text of one.
    fn number(&self, key: &str) -> Result<Option<f64>, WireError> {
        let number = match self.get(key) {
            None => return Ok(None),
            Some(Value::Number(number)) => number.as_f64(),
            Some(Value::String(text)) => text.trim().parse().ok(),
            Some(_) => None,
        };
        match number.filter(|number| number.is_finite()) {
            Some(number) => Ok(Some(number)),
            None => Err(self.error(key, "is not a number")),
        }
    }

    fn boolean(&self, key: &str) -> Result<Option<bool>, WireError> {
        match self.get(key) {
            Some(Value::Bool(value)) => Ok(Some(*value)),
            _ => self.word(key, &[("true", true), ("false", false)]),
        }
    }

    fn switch(&self, key: &str) -> Result<Option<bool>, WireError> {
        match self.get(key) {
            Some(Value::Bool(value)) => Ok(Some(*value)),
            _ => self.word(key, &SWITCH),
        }
    }

    /// The meaning of one of these words, in any case.
    fn word<T: Copy>(&self, key: &str, words: &[(&str, T)]) -> Result<Option<T>, WireError> {
        let text = match self.get(key) {
            None => return Ok(None),
            Some(Value::String(text)) => text.trim(),
            Some(_) => "",
        };
        match words.iter().find(|(word, _)| word.eq_ignore_ascii_case(text)) {
            Some((_, meaning)) => Ok(Some(*meaning)),
            None => {
                let accepted: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
                Err(self.error(key, format!("is none of {}", accepted.join(", "))))
            }
        }
    }
}
