//! Diagnosis: what a rejected record holds, side by side, held against what the job looks for, and the expression that
//! would find it.

use crate::decode::extract::column::Column;
use crate::decode::extract::labels::labels;
use crate::decode::extract::lists::{Sought, expressions_for};
use crate::decode::formats::description::{self, counted};
use crate::decode::formats::sides::Conventions;
use crate::decode::payload::{Content, Payload};
use crate::decode::reason::Reason;
use crate::decode::rows::convention::Convention;
use crate::decode::rows::reading::Reading;
use crate::decode::settings::attribute::Attribute;
use crate::decode::settings::format::CaptureSides;
use crate::decode::settings::rows::Rows;
use crate::decode::text::json::{Node, Value};
use crate::names::{capture as key, side, variable};

/// Sides of a record, in the order in which they are told.
const SIDES: [&str; 5] = [
    key::ENDPOINT_INPUT,
    key::ENDPOINT_OUTPUT,
    key::BATCH_TRANSFORM_INPUT,
    key::BATCH_TRANSFORM_OUTPUT,
    side::GROUND_TRUTH,
];
/// The key of an analysis configuration that says where features stand.
const FEATURES: &str = "features";

/// What a job looks for in captured and merged records.
#[derive(Clone, Debug)]
pub struct Diagnosis {
    pub sides: CaptureSides,
    pub conventions: Conventions,
    pub rows: Rows,
}

impl Diagnosis {
    /// What it is about the record of a line that is rejected, as far as it stands on a tape; `None` where the reason
    /// says it all. `known` is what was seen when it was read.
    pub fn of(&self, (line, tape): (&str, &[Node<'_>]), reason: Reason, known: Option<String>) -> Option<String> {
        let root = Value::at(if tape.is_empty() { &[Node::Null] } else { tape }, 0);
        let rows_of = |convention: &Convention, content: &Content<'_, '_>| description::rows(content, convention);
        let kind_of = |_: &Convention, content: &Content<'_, '_>| description::kind(content);
        match reason {
            Reason::InvalidJson => description::broken(line),
            Reason::NotACapture => Some(format!("it is {}", description::value(root))),
            Reason::NoPayload => self.told(root, rows_of, self.needed().into_iter().collect()),
            Reason::ScoreCountMismatch => {
                let n_scores = self.rows.attributes().n_scores();
                self.told(root, rows_of, vec![format!("the job looks for {}", counted(n_scores, "score"))])
            }
            Reason::RowCountMismatch => {
                let more = known.map_or_else(|| self.expressions(root), |known| vec![known]);
                self.told(root, rows_of, more)
            }
            Reason::FeaturesNotFound => {
                self.told(root, kind_of, self.expressions_of_features(root).into_iter().collect())
            }
            Reason::LabelNotFound => self.told(root, kind_of, self.expressions_of_labels(root).into_iter().collect()),
            Reason::AttributionsNotFound => self.told(root, kind_of, Vec::new()),
            Reason::InvalidAttributions | Reason::TextAttributions => {
                self.told(root, kind_of, known.into_iter().collect())
            }
            Reason::TooDeep
            | Reason::DuplicateKey
            | Reason::LoneSurrogate
            | Reason::UnknownEncoding
            | Reason::InconsistentTensors
            | Reason::InvalidBase64
            | Reason::BinaryPayload
            | Reason::InvalidPayload
            | Reason::RecordTooLarge
            | Reason::TooManyColumns
            | Reason::UnterminatedQuote
            | Reason::NameTooLong => self.told(root, rows_of, Vec::new()),
            // They are about the record around its sides, about tables, or about whole objects.
            Reason::OutsideWindow
            | Reason::FilteredOut
            | Reason::InvalidUtf8
            | Reason::InvalidTime
            | Reason::Truncated
            | Reason::Corrupt
            | Reason::Vanished
            | Reason::NoHeader
            | Reason::IdNotFound
            | Reason::NoInferenceId
            | Reason::IdTooLong
            | Reason::ZeroBytes
            | Reason::ForeignFormat
            | Reason::Utf16 => None,
        }
    }

    /// What there is to say before, as it may be cut, and every side of a record as `what` describes its payload.
    fn told(
        &self,
        root: Value<'_, '_>,
        what: impl Fn(&Convention, &Content<'_, '_>) -> Result<String, Reason>,
        more: Vec<String>,
    ) -> Option<String> {
        let data = root.get(key::CAPTURE_DATA)?;
        let described = |name: &&'static str| {
            let is_truth = *name == side::GROUND_TRUTH;
            let side = if is_truth { root.get(name)? } else { data.get(name)? };
            let labels = is_truth.then(|| self.n_labels(root)).flatten().map(|n| counted(n, "label"));
            let held =
                || description::payload(side, self.max_unfolded(), |content| what(&self.convention(name), content));
            Some(format!("{}: {}", description::heading(name, side), labels.unwrap_or_else(held)))
        };
        let sides: Vec<String> = SIDES.iter().filter_map(described).collect();
        let sides = if sides.is_empty() { vec!["it holds no side of a request".to_owned()] } else { sides };
        Some(more.into_iter().chain(sides).collect::<Vec<_>>().join("; "))
    }

    fn convention(&self, name: &str) -> Convention {
        match name {
            key::ENDPOINT_OUTPUT | key::BATCH_TRANSFORM_OUTPUT => self.conventions.output.clone(),
            key::ENDPOINT_INPUT | key::BATCH_TRANSFORM_INPUT => self.conventions.input.clone(),
            _ => Convention::default(),
        }
    }

    /// The sides that the job cannot do without.
    fn needed(&self) -> Option<String> {
        let CaptureSides { outputs, inputs } = &self.sides;
        let needed = match &self.rows {
            Rows::Instances(_) => inputs.clone(),
            Rows::Attributions => outputs.clone(),
            _ => [inputs.as_slice(), outputs].concat(),
        };
        (!needed.is_empty()).then(|| format!("the job looks at {}", needed.join(", ")))
    }

    /// Labels of a record, as they are read.
    fn n_labels(&self, root: Value<'_, '_>) -> Option<usize> {
        let mut found = Column::default();
        let truth = root.get(side::GROUND_TRUTH)?;
        let attributes = self.rows.attributes();
        labels(truth, attributes.label.as_ref(), self.max_unfolded(), &mut found).ok().map(|_| found.n_rows())
    }

    fn max_unfolded(&self) -> usize {
        self.conventions.max_unfolded
    }

    /// Rows of the first of these sides that has a payload.
    fn n_rows(&self, root: Value<'_, '_>, names: &[&'static str]) -> Option<usize> {
        let data = root.get(key::CAPTURE_DATA)?;
        let of_side = |name: &&'static str| {
            let count = |content: &Content<'_, '_>| Reading::of(content, &self.convention(name)).n_rows().ok();
            self.with_content(data.get(name)?, count).flatten()
        };
        names.iter().find_map(of_side)
    }

    /// Attributes that would find as many rows on one side as there are on another one.
    fn expressions(&self, root: Value<'_, '_>) -> Vec<String> {
        let all = CaptureSides::default();
        let (n_outputs, n_inputs) = (self.n_rows(root, &all.outputs), self.n_rows(root, &all.inputs));
        let others = [self.n_labels(root), n_inputs].into_iter().flatten().filter(|n| Some(*n) != n_outputs);
        let attributes = self.rows.attributes();
        let score = attributes.scores.first().filter(|_| attributes.scores.len() == 1);
        let asked =
            [(variable::INFERENCE_ATTRIBUTE, attributes.prediction.as_ref()), (variable::PROBABILITY_ATTRIBUTE, score)];
        let of_answer = |n: usize| -> Vec<String> {
            let found = |(variable, attribute): (&str, Option<&Attribute>)| {
                let sought = Sought::Cells(key_of(attribute?));
                finds(variable, &self.expressions_in(root.get(key::CAPTURE_DATA)?, &all.outputs, n, sought), n)
            };
            asked.into_iter().filter_map(found).collect()
        };
        let mut told = others.map(of_answer).find(|found| !found.is_empty()).unwrap_or_default();
        told.extend(self.expressions_of_features(root));
        told.extend(self.expressions_of_labels(root));
        told
    }

    /// A place in requests that would hold the features of as many rows as the answer has.
    fn expressions_of_features(&self, root: Value<'_, '_>) -> Option<String> {
        let (all, data) = (CaptureSides::default(), root.get(key::CAPTURE_DATA)?);
        let n = self.n_rows(root, &all.outputs).filter(|_| matches!(self.rows, Rows::Instances(_)))?;
        finds(FEATURES, &self.expressions_in(data, &all.inputs, n, Sought::Rows), n)
    }

    /// An attribute that would find as many labels as the answer has rows.
    fn expressions_of_labels(&self, root: Value<'_, '_>) -> Option<String> {
        let n = self.n_rows(root, &CaptureSides::default().outputs)?;
        let label = self.rows.attributes().label;
        let sought = Sought::Cells(label.as_ref().and_then(key_of));
        finds(variable::GROUND_TRUTH_ATTRIBUTE, &self.expressions_in(root, &[side::GROUND_TRUTH], n, sought), n)
    }

    /// The expressions that find `n` rows in the JSON of the first of these sides that has a payload.
    fn expressions_in(&self, data: Value<'_, '_>, names: &[&'static str], n: usize, sought: Sought<'_>) -> Vec<String> {
        let of_content = |content: &Content<'_, '_>| match content.values() {
            [value] => expressions_for(*value, n, sought),
            _ => Vec::new(),
        };
        names.iter().find_map(|name| self.with_content(data.get(name)?, of_content)).unwrap_or_default()
    }

    /// What `see` sees in the payload of a side, where it can be read.
    fn with_content<T>(&self, side: Value<'_, '_>, see: impl FnOnce(&Content<'_, '_>) -> T) -> Option<T> {
        let (mut buffer, mut tape) = (String::new(), Vec::new());
        let payload = Payload::of(side, self.max_unfolded())?;
        payload.content(&mut buffer, &mut tape).ok().map(|content| see(&content))
    }
}

fn finds(variable: &str, expressions: &[String], n: usize) -> Option<String> {
    (!expressions.is_empty()).then(|| format!("{variable} {} finds {n}", expressions.join(" or ")))
}

/// The last key of a name.
fn key_of(attribute: &Attribute) -> Option<&str> {
    if let Attribute::Name(name) = attribute { name.rsplit('.').next() } else { None }
}
