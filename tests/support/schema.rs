//! Values held against the schemas of the files.
#![allow(dead_code, reason = "every test binary compiles its own copy and uses a part of it")]

use jsonschema::Validator;
use model_monitor::wire::schemas;
use serde_json::Value;

pub fn validator(name: &str) -> Validator {
    let schema = schemas::find(name).unwrap_or_else(|| panic!("a schema {name}"));
    let schema: Value = serde_json::from_str(schema.text).unwrap_or_else(|error| panic!("{name}: {error}"));
    jsonschema::draft202012::new(&schema).unwrap_or_else(|error| panic!("{name}: {error}"))
}

pub fn check_valid(name: &str, what: &str, value: &Value) {
    let errors: Vec<String> = validator(name)
        .iter_errors(value)
        .map(|error| format!("{} at {}", error, error.instance_path))
        .map(|error| error.chars().take(300).collect())
        .collect();
    assert!(errors.is_empty(), "{what} is no {name}: {errors:?}");
}

pub fn check_invalid(name: &str, what: &str, value: &Value) {
    assert!(!validator(name).is_valid(value), "{name}: {what} was accepted");
}
