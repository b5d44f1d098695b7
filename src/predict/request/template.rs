//! JSON templates: texts with placeholders where values go.
//!
//! A placeholder stands where a value of JSON may stand, outside of quotes; only that of a single feature is
//! a quoted text as a whole, `"${name}"`. So whatever a cell holds, it is written as a value of its own.

use std::collections::HashMap;

use serde_json::Value;

use crate::decode::json::{Text, unescape};
use crate::names::placeholder;

/// Longest template in bytes. An analysis configuration is written by people.
const MAX_BYTES: usize = 1 << 20;

/// What stands in for a placeholder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Slot {
    /// The list of all cells.
    Features,
    /// The list of all names.
    FeatureNames,
    /// An object of names and cells.
    FeaturesByName,
    /// The cell of one feature.
    Feature(usize),
    Record,
    Records,
}

const SLOTS: [(&str, Slot); 5] = [
    (placeholder::FEATURES, Slot::Features),
    (placeholder::FEATURE_NAMES, Slot::FeatureNames),
    (placeholder::FEATURES_KVP, Slot::FeaturesByName),
    (placeholder::RECORD, Slot::Record),
    (placeholder::RECORDS, Slot::Records),
];

/// A part of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Text(String),
    Slot(Slot),
}

/// A template that was read: values in its slots make it a value of JSON, on one line.
#[derive(Clone, Debug)]
pub(super) struct Template {
    pub parts: Vec<Part>,
}

impl Template {
    /// Reads a template; the error is what is wrong with it, as a phrase.
    pub fn parse(text: &str, feature_names: &[String]) -> Result<Self, String> {
        if text.len() > MAX_BYTES {
            return Err(format!("it is longer than {MAX_BYTES} bytes"));
        }
        let names: HashMap<&str, usize> = feature_names.iter().enumerate().map(|(i, name)| (&**name, i)).collect();
        let mut reader = TemplateReader { rest: text, literal: String::new(), parts: Vec::new() };
        while let Some(c) = reader.rest.chars().next() {
            match c {
                '"' => reader.string(&names)?,
                '$' => reader.placeholder()?,
                // One record is one line.
                '\n' | '\r' => reader.skip(1, " "),
                _ => reader.skip(c.len_utf8(), c.encode_utf8(&mut [0; 4])),
            }
        }
        let template = Self { parts: reader.finish() };
        if template.is_json() { Ok(template) } else { Err("with values in its placeholders it is no JSON".to_owned()) }
    }

    pub fn slots(&self) -> impl Iterator<Item = Slot> {
        self.parts.iter().filter_map(|part| if let Part::Slot(slot) = part { Some(*slot) } else { None })
    }

    pub fn count(&self, wanted: Slot) -> usize {
        self.slots().filter(|slot| *slot == wanted).count()
    }

    /// What stands before and after the only slot.
    pub fn around(&self) -> (String, String) {
        let at = self.parts.iter().position(|part| matches!(part, Part::Slot(_))).unwrap_or(self.parts.len());
        let text = |part: &Part| if let Part::Text(text) = part { text.clone() } else { String::new() };
        (self.parts[..at].iter().map(text).collect(), self.parts[at..].iter().map(text).collect())
    }

    /// Where one value may stand, any other may.
    fn is_json(&self) -> bool {
        let text = |part: &Part| if let Part::Text(text) = part { text.clone() } else { "null".to_owned() };
        serde_json::from_str::<Value>(&self.parts.iter().map(text).collect::<String>()).is_ok()
    }
}

struct TemplateReader<'a> {
    rest: &'a str,
    literal: String,
    parts: Vec<Part>,
}

impl TemplateReader<'_> {
    fn skip(&mut self, n_bytes: usize, text: &str) {
        self.literal.push_str(text);
        self.rest = &self.rest[n_bytes..];
    }

    fn slot(&mut self, n_bytes: usize, slot: Slot) {
        self.parts.push(Part::Text(std::mem::take(&mut self.literal)));
        self.parts.push(Part::Slot(slot));
        self.rest = &self.rest[n_bytes..];
    }

    fn finish(mut self) -> Vec<Part> {
        self.parts.push(Part::Text(self.literal));
        self.parts.retain(|part| *part != Part::Text(String::new()));
        self.parts
    }

    /// A text in quotes: a feature's placeholder, or nothing of ours.
    fn string(&mut self, names: &HashMap<&str, usize>) -> Result<(), String> {
        let end = end_of_string(self.rest).ok_or("a quote is not closed")?;
        let (written, raw) = (&self.rest[..end], &self.rest[1..end - 1]);
        let mut meaning = String::new();
        if unescape(Text { raw, escaped: true }, &mut meaning).is_err() {
            return Err("a text in it is no JSON".to_owned());
        }
        if let Some(name) = meaning.strip_prefix("${").and_then(|rest| rest.strip_suffix('}')) {
            let feature = names.get(name).ok_or_else(|| format!("`{}` is no feature", meaning.escape_debug()))?;
            self.slot(end, Slot::Feature(*feature));
            return Ok(());
        }
        let is_hidden = |at: usize| SLOTS.iter().any(|(word, _)| word_at(&meaning[at + 1..]) == *word);
        if let Some((at, _)) = meaning.match_indices('$').find(|(at, _)| is_hidden(*at)) {
            return Err(format!("`${}` stands inside quotes", word_at(&meaning[at + 1..])));
        }
        self.literal.push_str(written);
        self.rest = &self.rest[end..];
        Ok(())
    }

    fn placeholder(&mut self) -> Result<(), String> {
        let word = word_at(&self.rest[1..]);
        let Some((_, slot)) = SLOTS.iter().find(|(name, _)| *name == word) else {
            return Err(if self.rest.starts_with("${") {
                "the placeholder of a feature needs quotes around it".to_owned()
            } else {
                format!("`${}` is no placeholder", word.chars().take(60).collect::<String>())
            });
        };
        self.slot(1 + word.len(), *slot);
        Ok(())
    }
}

/// The letters, digits and underscores that a text begins with.
fn word_at(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(text.len());
    &text[..end]
}

/// The place after the closing quote of a text that begins with a quote.
fn end_of_string(text: &str) -> Option<usize> {
    let mut at = 1;
    loop {
        at += memchr::memchr2(b'"', b'\\', text.as_bytes().get(at..)?)?;
        if text.as_bytes()[at] == b'"' {
            return Some(at + 1);
        }
        at += 2;
    }
}
