//! Lenient parsing of JSON objects that people edit; what cannot be read is refused with its place.

use serde_json::{Map, Value};

use super::WireError;
use crate::names::{DISABLED, ENABLED};

/// An object of the file and where it stands. A null is as good as a key that is absent.
pub(super) struct Object<'a> {
    pub map: &'a Map<String, Value>,
    /// Empty for the whole file.
    pub place: String,
}

impl<'a> Object<'a> {
    pub fn get(&self, key: &str) -> Option<&'a Value> {
        self.map.get(key).filter(|value| !value.is_null())
    }

    fn place_of(&self, key: &str) -> String {
        if self.place.is_empty() { key.to_owned() } else { format!("{}.{key}", self.place) }
    }

    pub fn error(&self, key: &str, cause: impl std::fmt::Display) -> WireError {
        WireError::new(self.place_of(key), cause)
    }

    pub fn object(&self, key: &str) -> Result<Option<Object<'a>>, WireError> {
        match self.get(key) {
            None => Ok(None),
            Some(Value::Object(map)) => Ok(Some(Object { map, place: self.place_of(key) })),
            Some(_) => Err(self.error(key, "is not an object")),
        }
    }

    pub fn text(&self, key: &str) -> Result<Option<&'a str>, WireError> {
        match self.get(key) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(self.error(key, "is not a text")),
        }
    }

    /// Texts; numbers and booleans among them are taken as their JSON text.
    pub fn texts(&self, key: &str) -> Result<Option<Vec<String>>, WireError> {
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
    pub fn number(&self, key: &str) -> Result<Option<f64>, WireError> {
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

    pub fn boolean(&self, key: &str) -> Result<Option<bool>, WireError> {
        match self.get(key) {
            Some(Value::Bool(value)) => Ok(Some(*value)),
            _ => self.word(key, &[("true", true), ("false", false)]),
        }
    }

    pub fn switch(&self, key: &str) -> Result<Option<bool>, WireError> {
        match self.get(key) {
            Some(Value::Bool(value)) => Ok(Some(*value)),
            _ => self.word(key, &[(ENABLED, true), (DISABLED, false)]),
        }
    }

    /// The meaning of one of these words, in any case.
    pub fn word<T: Copy>(&self, key: &str, words: &[(&str, T)]) -> Result<Option<T>, WireError> {
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
