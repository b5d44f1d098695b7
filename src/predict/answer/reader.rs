//! Response reader: one format of answers, checked for shape.

use super::scores::{Fault, Scores};
use super::{csv, json};
use crate::decode::Attribute;
use crate::error::{self, Error, Result};
use crate::predict::{AnswerFormat, ContentType};

/// Reads answers of one form.
#[derive(Debug)]
pub(in crate::predict) struct AnswerReader {
    form: Form,
    /// `None` where nothing says it.
    n_outputs: Option<usize>,
}

#[derive(Debug)]
enum Form {
    Csv(Option<usize>),
    JsonLines(Option<Attribute>),
    Json(Option<Attribute>),
}

impl AnswerReader {
    pub fn new(format: &AnswerFormat) -> Result<Self> {
        let (place, wanted) = match (&format.probability, &format.label) {
            (Some(probability), _) => ("predictor.probability", Some(probability.clone())),
            (None, label) => ("predictor.label", label.clone()),
        };
        let form = match (format.accept, wanted) {
            (ContentType::JsonLines, wanted) => Form::JsonLines(wanted),
            (ContentType::Json, wanted) => Form::Json(wanted),
            (ContentType::Csv, None) => Form::Csv(None),
            (ContentType::Csv, Some(Attribute::Index(index))) => Form::Csv(Some(index)),
            (ContentType::Csv, Some(_)) => {
                let cause = "answers of comma-separated values have no names: it must be a column's place, from 0";
                return Err(Error::new(&error::ANALYSIS_CONFIG_INVALID, place, cause));
            }
        };
        let n_outputs = Some(format.label_headers.len()).filter(|n| *n > 0);
        Ok(Self { form, n_outputs })
    }

    /// The scores of `n_rows` rows, equally many of each.
    pub fn read(&self, body: &[u8], n_rows: usize) -> std::result::Result<Scores, Fault> {
        self.scores(body, n_rows).map_err(|fault| fault.of_answer(body))
    }

    fn scores(&self, body: &[u8], n_rows: usize) -> std::result::Result<Scores, Fault> {
        let text = std::str::from_utf8(body).map_err(|_| Fault::shape("it is no text"))?;
        let text = text.trim_start_matches('\u{feff}');
        let scores = match &self.form {
            // Some servers write JSON whatever they are asked for, and no number begins like that.
            Form::Csv(index) if text.trim_start().starts_with('{') => {
                json::lines(text, index.map(Attribute::Index).as_ref(), n_rows)
            }
            Form::Csv(index) => csv::table(text, *index, n_rows),
            Form::JsonLines(wanted) => json::lines(text, wanted.as_ref(), n_rows),
            Form::Json(wanted) => json::document(text, wanted.as_ref(), n_rows),
        }?;
        let n_first = scores.first().map_or(0, Vec::len);
        if let Some(ragged) = scores.iter().find(|row| row.len() != n_first) {
            return Err(Fault::Shape(format!("one row has {n_first} scores, another {}", ragged.len())));
        }
        match self.n_outputs {
            Some(n) if n != n_first => Err(Fault::Shape(format!("a row has {n_first} scores for {n} label_headers"))),
            _ => Ok(scores),
        }
    }
}
