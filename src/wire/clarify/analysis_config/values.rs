//! Value parsers of `analysis_config.json`: texts, numbers and columns as people write them.

use serde_json::{Number, Value};

use super::NameOrIndex;
use crate::wire::WireError;
use crate::wire::lenient::Object;

/// Refuses keys that are not known.
pub fn check_keys(object: &Object<'_>, known: &[&str]) -> Result<(), WireError> {
    match object.map.keys().find(|key| !known.contains(&key.as_str())) {
        Some(key) => Err(object.error(key, "is no known key")),
        None => Ok(()),
    }
}

pub fn text(object: &Object<'_>, key: &str) -> Result<Option<String>, WireError> {
    object.text(key).map(|text| text.map(str::to_owned))
}

/// A text, or a number as its text.
pub fn scalar(object: &Object<'_>, key: &str) -> Result<Option<String>, WireError> {
    let of = |found: &Value| value(found).ok_or_else(|| object.error(key, "is neither a text nor a number"));
    object.get(key).map(of).transpose()
}

pub fn texts(object: &Object<'_>, key: &str) -> Result<Option<Vec<String>>, WireError> {
    list(object, key, |value| value.as_str().map(str::to_owned))
}

/// A list, or one that stands for it.
pub fn list<T>(object: &Object<'_>, key: &str, item: fn(&Value) -> Option<T>) -> Result<Option<Vec<T>>, WireError> {
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
pub fn objects<'a>(object: &Object<'a>, key: &str) -> Result<Vec<Object<'a>>, WireError> {
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

pub fn name_or_index(object: &Object<'_>, key: &str) -> Result<Option<NameOrIndex>, WireError> {
    let of = |value: &Value| column(value).ok_or_else(|| object.error(key, "is neither a name nor an index"));
    object.get(key).map(of).transpose()
}

pub fn needed<T>(object: &Object<'_>, key: &str, value: Option<T>) -> Result<T, WireError> {
    value.ok_or_else(|| object.error(key, "is missing"))
}

pub fn column(value: &Value) -> Option<NameOrIndex> {
    match value {
        Value::String(name) => Some(NameOrIndex::Name(name.clone())),
        Value::Number(index) => index.as_u64().and_then(|index| usize::try_from(index).ok()).map(NameOrIndex::Index),
        _ => None,
    }
}

/// A value of data as Python, in which AWS reads these files, writes it.
pub fn value(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(Number::to_string(number)),
        Value::Bool(true) => Some("True".to_owned()),
        Value::Bool(false) => Some("False".to_owned()),
        _ => None,
    }
}

/// A whole number in these bounds.
pub fn whole(object: &Object<'_>, key: &str, least: u64, most: u64) -> Result<Option<u64>, WireError> {
    let Some(value) = object.get(key) else { return Ok(None) };
    match whole_number(value).filter(|number| (least..=most).contains(number)) {
        Some(number) => Ok(Some(number)),
        None if most == u64::MAX => Err(object.error(key, format!("is no whole number from {least} on"))),
        None => Err(object.error(key, format!("is no whole number from {least} to {most}"))),
    }
}

/// As [`whole`], of things that are counted.
pub fn count(object: &Object<'_>, key: &str, most: usize) -> Result<Option<usize>, WireError> {
    let number = whole(object, key, 1, most as u64)?;
    Ok(number.and_then(|number| usize::try_from(number).ok()))
}

/// Up to 2⁵³ a number may be written with a point, too: `5.0`.
fn whole_number(value: &Value) -> Option<u64> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    let Value::Number(number) = value else { return None };
    let is_whole = |number: &f64| number.fract() == 0.0 && (0.0..=EXACT).contains(number);
    number.as_u64().or_else(|| number.as_f64().filter(is_whole).map(|number| number as u64))
}
