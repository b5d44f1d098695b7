//! The variable `dataset_format` (DG:model-monitor-byoc-contract-inputs): what the input's files are.
//!
//! Keys are matched in any case and unknown siblings are ignored, because the service, its client
//! and the documentation spell them differently. An array of choices means "one of these".

use serde_json::{Map, Value};

use super::WireError;
use crate::decode::csv;
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
    /// `header`: whether files begin with a line of names; `None` when either may be. `delimiter`: the ASCII
    /// character between cells; `None` when the variable does not say, which means a comma.
    Csv {
        header: Option<bool>,
        delimiter: Option<u8>,
    },
    /// `lines`: whether each line is a document of its own; `None` when either may be.
    Json {
        lines: Option<bool>,
    },
    Parquet,
}

/// What the variable says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Described {
    pub format: DatasetFormat,
    /// Whether the model's output stands in the last columns of tables, not the first; `None` when the variable does
    /// not say. Of captures and tables of comma-separated values only.
    pub outputs_are_last: Option<bool>,
    /// Keys that mean nothing here, with their place.
    pub unknown_keys: Vec<String>,
}

/// The format that the variable's value names. Places are keys inside it.
pub fn parse(text: &str) -> Result<Described, WireError> {
    if text.len() > MAX_LENGTH {
        return Err(WireError::new("", format!("is {} bytes long, more than {MAX_LENGTH}", text.len())));
    }
    let value: Value = serde_json::from_str(text).map_err(|error| WireError::new("", why_not_json(text, &error)))?;
    let Value::Object(object) = value else {
        let word = value.as_str().and_then(meant_by);
        let expected = word.map_or_else(accepted, |name| format!("{} is expected", example(name)));
        return Err(WireError::new("", format!("is not a JSON object; {expected}")));
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
        _ => {
            let name = names::ALL.into_iter().find(|name| key.eq_ignore_ascii_case(name)).unwrap_or(names::CSV);
            return Err(WireError::new(key, format!("is not an object, as in {}", example(name))));
        }
    };
    let body = Body { key, body };
    let beside = object.keys().filter(|other| *other != key).cloned();
    Ok(Described {
        format: format_of(&body)?,
        outputs_are_last: body.outputs_are_last()?,
        unknown_keys: beside.chain(body.unknown_keys()).collect(),
    })
}

/// A format as one would write it.
fn example(name: &str) -> String {
    let options = match name {
        names::CSV => r#"{"header":true}"#,
        names::JSON => r#"{"lines":true}"#,
        _ => "{}",
    };
    format!("{{\"{name}\":{options}}}")
}

fn accepted() -> String {
    format!("one of {} is expected", names::ALL.map(example).join(", "))
}

/// The format that a word is meant to name: its key, or its content type.
fn meant_by(word: &str) -> Option<&'static str> {
    let word = word.trim().to_ascii_lowercase();
    let name = word.rsplit('/').next().map(|name| name.trim_start_matches("x-"))?;
    match name {
        "jsonl" | "jsonlines" | "json-lines" | "ndjson" => Some(names::JSON),
        name => names::ALL.into_iter().find(|known| name.eq_ignore_ascii_case(known)),
    }
}

fn format_of(body: &Body<'_>) -> Result<DatasetFormat, WireError> {
    Ok(match body.name() {
        names::CAPTURE => DatasetFormat::Capture { sides: body.sides()? },
        names::MERGE => DatasetFormat::Merge { sides: body.sides()? },
        names::CSV => DatasetFormat::Csv { header: body.choice(HEADER)?, delimiter: body.delimiter()? },
        names::JSON => DatasetFormat::Json { lines: body.choice(LINES)? },
        _ => DatasetFormat::Parquet,
    })
}

const SIDES: &[&str] = &["captureIndexNames"];
/// The format of the captures before they were merged, as the service writes it.
const ORIGINAL: &[&str] = &["originalDatasetFormat"];
const HEADER: &[&str] = &["header"];
const LINES: &[&str] = &["line", "lines"];
const DELIMITER: &[&str] = &["delimiter", "separator", "sep"];
const POSITION: &[&str] = &[names::OUTPUT_COLUMNS_POSITION];

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

    /// The character between cells. It is no key of the contract's, but whoever sets it has data that would be misread.
    fn delimiter(&self) -> Result<Option<u8>, WireError> {
        let mut known = None;
        for (key, value) in self.members(DELIMITER) {
            let text = value.as_str().unwrap_or_default();
            let delimiter = csv::delimiter(text).map_err(|cause| self.error(key, cause))?;
            match known.replace((key, delimiter)) {
                Some((first, other)) if other != delimiter => {
                    return Err(self.error(first, format!("contradicts {key}")));
                }
                _ => {}
            }
        }
        Ok(known.map(|(_, delimiter)| delimiter))
    }

    fn outputs_are_last(&self) -> Result<Option<bool>, WireError> {
        if !self.keys().contains(&POSITION) {
            return Ok(None);
        }
        let Some((key, value)) = self.members(POSITION).next() else { return Ok(None) };
        match value.as_str() {
            Some(text) if text.eq_ignore_ascii_case(names::END) => Ok(Some(true)),
            Some(text) if text.eq_ignore_ascii_case(names::START) => Ok(Some(false)),
            _ => Err(self.error(key, "is neither START nor END")),
        }
    }

    /// The format's key in its usual spelling.
    fn name(&self) -> &'static str {
        names::ALL.into_iter().find(|name| self.key.eq_ignore_ascii_case(name)).unwrap_or_default()
    }

    /// The keys that mean something to the format, each with its spellings.
    fn keys(&self) -> &'static [&'static [&'static str]] {
        match self.name() {
            names::CAPTURE => &[SIDES, POSITION],
            names::MERGE => &[SIDES, POSITION, ORIGINAL],
            names::CSV => &[HEADER, DELIMITER, POSITION],
            names::JSON => &[LINES],
            _ => &[],
        }
    }

    /// Keys that mean nothing to the format, with their place.
    fn unknown_keys(&self) -> impl Iterator<Item = String> {
        let known = self.keys();
        let is_known = move |key: &String| known.iter().copied().flatten().any(|name| key.eq_ignore_ascii_case(name));
        self.body.keys().filter(move |key| !is_known(key)).map(|key| format!("{}.{key}", self.key))
    }

    /// The sides in their usual spelling, each once; an empty list says as little as none.
    fn sides(&self) -> Result<Option<Vec<String>>, WireError> {
        let Some((key, value)) = self.members(SIDES).next() else { return Ok(None) };
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
    let python = python_word(text).map(|(word, json)| format!("Python's {word}, which is {json} in JSON"));
    if !text.contains('"') && text.contains('\'') {
        let python = python.map(|python| format!("; it also holds {python}")).unwrap_or_default();
        return format!("the text holds single quotes ('); JSON needs double ones (\"){python}");
    }
    if let Some(python) = python {
        return format!("the text holds {python}");
    }
    if let Some(name) = meant_by(text) {
        return format!("is not JSON but a word; write {}", example(name));
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

/// The first word outside quotes that Python writes otherwise than JSON, and JSON's.
fn python_word(text: &str) -> Option<(&'static str, &'static str)> {
    let unquoted = text.split(['"', '\'']).step_by(2);
    let mut words = unquoted.flat_map(|part| part.split(|c: char| !c.is_alphanumeric() && c != '_'));
    let known = [("True", "true"), ("False", "false"), ("None", "null")];
    words.find_map(|word| known.into_iter().find(|(python, _)| *python == word))
}

#[cfg(test)]
mod tests;
