//! The variable `dataset_format` (DG:model-monitor-byoc-contract-inputs): what the input's files are.
//!
//! Keys are matched in any case and unknown siblings are ignored, because the service, its client
//! and the documentation spell them differently. An array of choices means "one of these".

use serde_json::{Map, Value};

use super::WireError;
use crate::names::{dataset_format as names, side};

/// Longest text that is looked at, in bytes; the service's own limit is 256.
const MAX_LENGTH: usize = 16 * 1024;

/// What the input's files are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DatasetFormat {
    /// Captured requests. `sides`: the payloads that are analysed, in this order; `None` when the
    /// variable does not say.
    Capture {
        sides: Option<Vec<String>>,
    },
    /// Captured requests merged with ground truth. `sides` as for `Capture`.
    Merge {
        sides: Option<Vec<String>>,
    },
    /// `header`: whether files begin with a line of names; `None` when either may be.
    /// `outputs_at_end`: whether the model's output stands in the last columns, not the first.
    Csv {
        header: Option<bool>,
        outputs_at_end: bool,
    },
    /// `lines`: whether each line is a document of its own; `None` when either may be.
    Json {
        lines: Option<bool>,
    },
    Parquet,
}

/// The format that the variable's value names. Places are keys inside it.
pub fn parse(text: &str) -> Result<DatasetFormat, WireError> {
    if text.len() > MAX_LENGTH {
        return Err(WireError::new("", format!("is {} bytes long, more than {MAX_LENGTH}", text.len())));
    }
    let value: Value = serde_json::from_str(text).map_err(|error| WireError::new("", why_not_json(text, &error)))?;
    let Value::Object(object) = value else {
        return Err(WireError::new("", format!("is not a JSON object; {}", accepted())));
    };
    let mut known = object.iter().filter(|(key, _)| names::ALL.iter().any(|name| key.eq_ignore_ascii_case(name)));
    let Some((key, body)) = known.next() else {
        let found: Vec<&str> = object.keys().map(String::as_str).collect();
        let found = if found.is_empty() { "nothing".to_owned() } else { found.join(", ") };
        return Err(WireError::new("", format!("names no known format but {found}; {}", accepted())));
    };
    if let Some((other, _)) = known.next() {
        return Err(WireError::new("", format!("names two formats, {key} and {other}")));
    }
    let empty = Map::new();
    let body = match body {
        Value::Null => &empty,
        Value::Object(body) => body,
        _ => return Err(WireError::new(key, "is not an object")),
    };
    format_of(&Body { key, body })
}

fn accepted() -> String {
    let options = |name| match name {
        names::CSV => r#"{"header":true}"#,
        names::JSON => r#"{"lines":true}"#,
        _ => "{}",
    };
    let examples = names::ALL.map(|name| format!("{{\"{name}\":{}}}", options(name)));
    format!("one of {} is expected", examples.join(", "))
}

fn format_of(body: &Body<'_>) -> Result<DatasetFormat, WireError> {
    let is = |name: &str| body.key.eq_ignore_ascii_case(name);
    if is(names::CAPTURE) {
        Ok(DatasetFormat::Capture { sides: body.sides()? })
    } else if is(names::MERGE) {
        Ok(DatasetFormat::Merge { sides: body.sides()? })
    } else if is(names::CSV) {
        body.must_have_commas()?;
        Ok(DatasetFormat::Csv { header: body.choice(&["header"])?, outputs_at_end: body.outputs_at_end()? })
    } else if is(names::JSON) {
        Ok(DatasetFormat::Json { lines: body.choice(&["line", "lines"])? })
    } else {
        Ok(DatasetFormat::Parquet)
    }
}

/// The object below the format's key.
struct Body<'a> {
    key: &'a str,
    body: &'a Map<String, Value>,
}

impl Body<'_> {
    fn error(&self, key: &str, cause: impl std::fmt::Display) -> WireError {
        WireError::new(format!("{}.{key}", self.key), cause)
    }

    /// The members of one of these names, in any case, that are not null.
    fn members<'b>(&'b self, names: &'b [&str]) -> impl Iterator<Item = (&'b String, &'b Value)> {
        self.body
            .iter()
            .filter(|(key, value)| !value.is_null() && names.iter().any(|name| key.eq_ignore_ascii_case(name)))
    }

    /// Yes, no, or either.
    fn choice(&self, names: &[&str]) -> Result<Option<bool>, WireError> {
        let mut choices = Vec::new();
        for (key, value) in self.members(names) {
            let accepted = || self.error(key, "is none of true, false and [\"true\", \"false\"]");
            let choice = match value {
                Value::Array(values) => {
                    let all = values.iter().map(truth).collect::<Option<Vec<bool>>>().ok_or_else(accepted)?;
                    let first = *all.first().ok_or_else(accepted)?;
                    all.iter().all(|&choice| choice == first).then_some(first)
                }
                value => Some(truth(value).ok_or_else(accepted)?),
            };
            choices.push((key, choice));
        }
        if let [(first, a), (second, b), ..] = choices[..]
            && a != b
        {
            return Err(self.error(first, format!("contradicts {second}")));
        }
        Ok(choices.first().and_then(|(_, choice)| *choice))
    }

    /// Another delimiter is no key of the contract's, but whoever sets it has data that would be misread.
    fn must_have_commas(&self) -> Result<(), WireError> {
        match self.members(&["delimiter", "separator", "sep"]).find(|(_, value)| value.as_str() != Some(",")) {
            Some((key, _)) => Err(self.error(key, "is no comma: nothing else is understood between cells")),
            None => Ok(()),
        }
    }

    fn outputs_at_end(&self) -> Result<bool, WireError> {
        let Some((key, value)) = self.members(&["output_columns_position"]).next() else { return Ok(false) };
        match value.as_str() {
            Some(text) if text.eq_ignore_ascii_case("END") => Ok(true),
            Some(text) if text.eq_ignore_ascii_case("START") => Ok(false),
            _ => Err(self.error(key, "is neither START nor END")),
        }
    }

    /// The sides in their usual spelling, each once; an empty list says as little as none.
    fn sides(&self) -> Result<Option<Vec<String>>, WireError> {
        let Some((key, value)) = self.members(&["captureIndexNames"]).next() else { return Ok(None) };
        let Value::Array(values) = value else { return Err(self.error(key, "is not an array")) };
        let mut sides: Vec<String> = Vec::new();
        for (i, value) in values.iter().enumerate() {
            let name = value.as_str().unwrap_or_default();
            let Some(side) = side::ALL.iter().find(|side| side.eq_ignore_ascii_case(name)) else {
                let cause = format!("{value} is none of {}", side::ALL.join(", "));
                return Err(self.error(&format!("{key}[{i}]"), cause));
            };
            if !sides.iter().any(|known| known == side) {
                sides.push((*side).to_owned());
            }
        }
        Ok(if sides.is_empty() { None } else { Some(sides) })
    }
}

fn truth(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(value) => Some(*value),
        Value::String(text) if text.eq_ignore_ascii_case("true") => Some(true),
        Value::String(text) if text.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

/// What a person did to the text, as far as it shows.
fn why_not_json(text: &str, error: &serde_json::Error) -> String {
    let is_curly = |c: &char| ('\u{2018}'..='\u{201f}').contains(c) || matches!(c, '«' | '»' | '＂' | '″');
    if text.trim().is_empty() {
        return format!("is empty; {}", accepted());
    }
    if let Some(quote) = text.chars().find(is_curly) {
        return format!("the text holds curly quotes ({quote}), as pasted from a page; JSON needs straight ones (\")");
    }
    let count = |c: char| text.chars().filter(|&other| other == c).count();
    if !text.contains('"') && text.contains('\'') {
        return "the text holds single quotes ('); JSON needs double ones (\")".to_owned();
    }
    for (open, close) in [('{', '}'), ('[', ']')] {
        match (count(open), count(close)) {
            (n, m) if n > m => return format!("{} closing {close} missing: {error}", n - m),
            (n, m) if n < m => return format!("{} closing {close} too many: {error}", m - n),
            _ => {}
        }
    }
    format!("is not JSON: {error}; {}", accepted())
}

#[cfg(test)]
mod tests;
