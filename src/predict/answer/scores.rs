//! Scores: the numbers of a response, by row.

use crate::decode::Reason;
use crate::decode::json::{Node, Value, unescape};
use crate::predict::form::form;

/// Most scores of a row. Each output of the model is explained on its own.
pub(super) const MAX_SCORES: usize = 1_000;

/// The scores of each row, in their order.
pub(in crate::predict) type Scores = Vec<Vec<f64>>;

/// Why an answer gives no scores, as a phrase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::predict) enum Fault {
    Shape(String),
    NotNumeric(String),
}

impl Fault {
    pub fn shape(cause: impl Into<String>) -> Self {
        Self::Shape(cause.into())
    }

    pub fn json(reason: Reason) -> Self {
        Self::Shape(format!("it is no JSON ({})", reason.name()))
    }

    pub fn rows(n_found: usize, n_rows: usize) -> Self {
        Self::Shape(format!("it holds {n_found} predictions for {n_rows} rows"))
    }

    pub fn text(text: &str) -> Self {
        let what = if text.trim().parse::<f64>().is_ok() { "a number that is not finite" } else { "no number" };
        Self::NotNumeric(format!("a score is {what}"))
    }

    /// With the form of the answer.
    pub fn of_answer(self, body: &[u8]) -> Self {
        let shown = |cause| format!("{cause}; the answer is {}", form(body));
        match self {
            Self::Shape(cause) => Self::Shape(shown(cause)),
            Self::NotNumeric(cause) => Self::NotNumeric(shown(cause)),
        }
    }
}

/// A finite number that is written as a text.
pub(super) fn number(text: &str) -> Result<f64, Fault> {
    text.trim().parse().ok().filter(|value: &f64| value.is_finite()).ok_or_else(|| Fault::text(text))
}

/// The scores of one row: a number, or a list of numbers.
pub(super) fn row(value: Value<'_, '_>) -> Result<Vec<f64>, Fault> {
    match value.node() {
        Node::Array { len: 0, .. } => Err(Fault::shape("a row has no scores")),
        Node::Array { len, .. } if len > MAX_SCORES => Err(too_many(len)),
        Node::Array { .. } => value.elements().map(scalar).collect(),
        _ => Ok(vec![scalar(value)?]),
    }
}

pub(super) fn too_many(n_scores: usize) -> Fault {
    Fault::Shape(format!("a row has {n_scores} scores, and {MAX_SCORES} are the most"))
}

fn scalar(value: Value<'_, '_>) -> Result<f64, Fault> {
    match value.node() {
        Node::Literal(word) => number(word),
        Node::String(text) => {
            let mut meaning = String::new();
            let is_text = unescape(text, &mut meaning).is_ok();
            if is_text { number(&meaning) } else { Err(Fault::text(text.raw)) }
        }
        Node::Null | Node::Key(_) => Err(Fault::text("null")),
        Node::Array { .. } => Err(Fault::shape("lists lie deeper than a row's scores may")),
        Node::Object { .. } => Err(Fault::shape("an object stands where scores must be")),
    }
}

/// The scores of all rows: a list of a number for each, or of a list for each; of a single row its number, or
/// the list of its scores.
pub(super) fn rows(value: Value<'_, '_>, n_rows: usize) -> Result<Scores, Fault> {
    match value.node() {
        Node::Array { .. } if n_rows == 1 && value.elements().all(Value::is_scalar) => Ok(vec![row(value)?]),
        Node::Array { len, .. } if len != n_rows => Err(Fault::rows(len, n_rows)),
        Node::Array { .. } => value.elements().map(row).collect(),
        _ if n_rows != 1 => Err(Fault::rows(1, n_rows)),
        _ => Ok(vec![row(value)?]),
    }
}
