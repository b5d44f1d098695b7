//! Parser of `constraints.json`: from the file's keys to limits.

use serde_json::{Map, Value};

use crate::judge::{Constraints, FeatureConstraints, MonitoringConfig};
use crate::measure::drift;
use crate::names::dataset_format::{END, OUTPUT_COLUMNS_POSITION, START};
use crate::profile::Kind;
use crate::wire::lenient::Object;
use crate::wire::{WireError, owner};

/// Where AWS's Python client puts the overrides of a feature, too; those of the feature itself win.
const WITH_OVERRIDES: [&str; 3] = ["num_constraints", "numerical_constraints", "string_constraints"];
/// The documentation's spelling, and that of AWS's Python client, which wins where both stand.
const OVERRIDES: [&str; 2] = ["monitoringConfigOverrides", "monitoring_config_overrides"];

pub(super) fn of(document: &Map<String, Value>) -> Result<Constraints, WireError> {
    owner::check_constraints(document, owner::DATA_QUALITY)?;
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
    let position = root.word(OUTPUT_COLUMNS_POSITION, &[(START, false), (END, true)])?;
    Ok(Constraints { features, config, outputs_are_last: position.unwrap_or(false) })
}

fn feature(object: &Object<'_>, table: &MonitoringConfig) -> Result<FeatureConstraints, WireError> {
    let mut config = table.clone();
    for key in WITH_OVERRIDES {
        if let Some(inner) = object.object(key)? {
            apply_overrides(&inner, &mut config)?;
        }
    }
    apply_overrides(object, &mut config)?;
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

/// Puts the overrides that stand in `object` into `config`.
fn apply_overrides(object: &Object<'_>, config: &mut MonitoringConfig) -> Result<(), WireError> {
    for key in OVERRIDES {
        if let Some(written) = object.object(key)? {
            apply(&written, config)?;
        }
    }
    Ok(())
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
    let methods = as_written(drift::comparison_methods());
    set(&mut config.comparison_method, distribution.word("comparion_method", &methods)?);
    set(&mut config.comparison_method, distribution.word("comparison_method", &methods)?);
    set(&mut config.categorical_comparison_threshold, distribution.number("categorical_comparison_threshold")?);
    let methods = as_written(drift::categorical_drift_methods());
    set(&mut config.categorical_drift_method, distribution.word("categorical_drift_method", &methods)?);
    let measures = as_written(drift::ALL.iter().map(|measure| measure.name).collect());
    let measure = distribution.word("drift_measure", &measures)?;
    config.drift_measure = measure.or(config.drift_measure);
    config.drift_threshold = distribution.number("drift_threshold")?.or(config.drift_threshold);
    Ok(())
}

/// Words that stand for themselves.
fn as_written(words: Vec<&'static str>) -> Vec<(&'static str, &'static str)> {
    words.into_iter().map(|word| (word, word)).collect()
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
