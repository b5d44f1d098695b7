//! JSON of what may not be known. Numbers that are not finite are null: the report knows neither `NaN` nor infinity.

use serde_json::Value;

use crate::profile::Undefined;

/// A number, and why there is none as one stable word.
pub(super) fn known(value: Result<f64, Undefined>) -> (Option<f64>, Option<&'static str>) {
    match value.and_then(|value| finite(value).ok_or(Undefined::NotFinite)) {
        Ok(value) => (Some(value), None),
        Err(undefined) => (None, Some(undefined.reason())),
    }
}

pub(super) fn finite(value: f64) -> Option<f64> {
    value.is_finite().then_some(value)
}

/// Both ends, where both are known.
pub(super) fn interval(interval: Option<(f64, f64)>) -> Option<[f64; 2]> {
    let (lower, upper) = interval?;
    Some([finite(lower)?, finite(upper)?])
}

/// The object without these members where they are null or empty: members that are absent where they say nothing.
pub(super) fn without_empty(mut object: Value, names: &[&str]) -> Value {
    if let Value::Object(members) = &mut object {
        for name in names {
            let is_empty = |value: &Value| match value {
                Value::Null => true,
                Value::Array(elements) => elements.is_empty(),
                Value::Object(members) => members.is_empty(),
                _ => false,
            };
            if members.get(*name).is_some_and(is_empty) {
                members.shift_remove(*name);
            }
        }
    }
    object
}
