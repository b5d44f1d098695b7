//! Attributes: where a value stands in a model's answer, in ground truth, or in a table.

use std::borrow::Cow;

use crate::decode::limits::MAX_COLUMNS;
use crate::decode::text::path::Path;

/// Longest text of an attribute in bytes. A variable of a schedule holds 256 characters at most.
const MAX_TEXT: usize = 256;
/// Columns beside the scores: id, prediction, features, label.
const N_OTHER_COLUMNS: usize = 4;
/// What only an expression holds, and no name that [`Attribute::Name`] could find.
const OF_EXPRESSIONS: [char; 11] = ['[', '*', '(', '|', '&', '@', '?', '{', '`', '\'', '"'];

/// Where a value stands.
#[derive(Clone, Debug, PartialEq)]
pub enum Attribute {
    /// At this place of the row, from 0. An answer's cells are counted in the order they are written
    /// in, those of the request after them, where it is asked for; a table's cells by its columns.
    Index(usize),
    /// In the column of this name, or under this key; keys inside keys are joined with dots.
    Name(String),
    /// Where this JMESPath expression finds it in the JSON value.
    Path(Path),
}

impl Attribute {
    /// Reads an attribute: digits are an index, a text with signs of JMESPath an expression, any other
    /// one a name. The error is what is wrong with the text, as a phrase.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if text.is_empty() {
            return Err("it is empty".to_owned());
        }
        if text.len() > MAX_TEXT {
            return Err(format!("it is longer than {MAX_TEXT} bytes"));
        }
        if text.bytes().all(|byte| byte.is_ascii_digit()) {
            let index = text.parse().ok().filter(|&index| index < MAX_COLUMNS);
            return index.map(Self::Index).ok_or_else(|| format!("a table has at most {MAX_COLUMNS} columns"));
        }
        if text.contains(OF_EXPRESSIONS) {
            return Path::parse(text).map(Self::Path);
        }
        Ok(Self::Name(text.to_owned()))
    }

    /// The attribute as it is written.
    pub fn text(&self) -> Cow<'_, str> {
        match self {
            Self::Index(index) => Cow::Owned(index.to_string()),
            Self::Name(name) => Cow::Borrowed(name),
            Self::Path(path) => Cow::Borrowed(path.text()),
        }
    }
}

/// Where the values stand that a job is about.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Attributes {
    /// What the model answered.
    pub prediction: Option<Attribute>,
    /// The scores, each with its own attribute; or all of a row under one, as a list.
    pub scores: Vec<Attribute>,
    /// The ground truth.
    pub label: Option<Attribute>,
    /// What names the record, in tables.
    pub id: Option<Attribute>,
    /// Scores of a row. Counts only where it is more than there are attributes: a list has a length
    /// of its own.
    pub n_scores: usize,
    /// Whether rows of predictions and outcomes keep what they were asked about, as one cell
    /// ([`crate::decode::feature_cells`]).
    pub keeps_features: bool,
}

impl Attributes {
    /// Scores of a row; rows with another number of them are rejected. No more than a table has room for.
    pub fn n_scores(&self) -> usize {
        self.n_scores.max(self.scores.len()).min(MAX_COLUMNS - N_OTHER_COLUMNS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_tells_what_an_attribute_is() {
        assert_eq!(Attribute::parse(" 0 "), Ok(Attribute::Index(0)));
        assert_eq!(Attribute::parse("a.b-c d"), Ok(Attribute::Name("a.b-c d".to_owned())));
        assert!(matches!(Attribute::parse("predictions[*].score"), Ok(Attribute::Path(_))));
        for text in ["17", "score", "predictions[*].score"] {
            assert_eq!(Attribute::parse(text).map(|attribute| attribute.text().into_owned()), Ok(text.to_owned()));
        }
    }

    #[test]
    fn what_is_no_attribute_is_refused() {
        for text in ["", " ", "predictions[", "99999999999999999999", "16384", "a[-2147483648]", &"[".repeat(600)] {
            assert!(Attribute::parse(text).is_err(), "{text}");
        }
    }
}
