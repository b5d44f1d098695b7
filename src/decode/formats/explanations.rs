//! Captured explanations: answers of endpoints that explain what they predict
//! (DG:clarify-online-explainability-invoke-endpoint) to rows of attributions.
//!
//! An answer holds a list with an element for each record of the request: a list of features, each with
//! one number for each output of the model, or a null where the record was not explained. The answer may
//! stand under keys that services put around answers, also as a text of JSON. Every element is a row; a record without any attributions is rejected.

use crate::decode::batch::builder::{BatchBuilder, RecordMark};
use crate::decode::batch::order::Order;
use crate::decode::batch::outcome::{ID_PLACE, attribution_column, unnamed_feature};
use crate::decode::batch::record_format::RecordFormat;
use crate::decode::batch::staged::StagedRows;
use crate::decode::extract::outcome_rows::FixedRows;
use crate::decode::formats::diagnosis::Diagnosis;
use crate::decode::formats::record::{ID_KEYS, event_id, id_left_out, open_record, read_one};
use crate::decode::formats::sides::Conventions;
use crate::decode::limits::{MAX_COLUMNS, MAX_KEPT_BYTES, MAX_NAME_BYTES};
use crate::decode::payload::{Content, Form, Payload, sniff};
use crate::decode::reason::Reason;
use crate::decode::settings::decoding::Settings;
use crate::decode::settings::filter::Filter;
use crate::decode::settings::format::CaptureSides;
use crate::decode::shapes::{WRAPPERS, is_called, is_object};
use crate::decode::text::json::{self, Node, RecordTemplate, Value, emptied};
use crate::decode::text::time::Window;
use crate::names::explained;

/// Documents around an answer, at most.
const MAX_WRAPPERS: usize = 4;

/// Decodes captured and merged records.
pub struct ExplanationFormat {
    diagnosis: Diagnosis,
    window: Window,
    filter: Filter,
    /// By a feature's place in the list: its name and its columns, by output.
    known: Vec<(String, Vec<u32>)>,
    rows: StagedRows,
    template: RecordTemplate,
    /// Places of the record of the answer and of its feature that are looked at.
    at: [usize; 2],
    /// Allocations used again; empty between records.
    tape: Vec<Node<'static>>,
    id: String,
    payload: String,
    name: String,
}

impl ExplanationFormat {
    pub fn new(settings: &Settings) -> Self {
        // Whatever sides the job lists: nothing but an answer holds attributions.
        let (sides, conventions) = (CaptureSides::default(), Conventions::new(settings));
        Self {
            diagnosis: Diagnosis { sides, conventions, rows: settings.rows.clone() },
            window: settings.window,
            filter: settings.filter.clone(),
            known: Vec::new(),
            rows: StagedRows::default(),
            template: RecordTemplate::default(),
            at: [0; 2],
            tape: Vec::new(),
            id: String::new(),
            payload: String::new(),
            name: String::new(),
        }
    }

    /// Stages the rows of the record on `tape`, unless it is outside the window.
    fn stage(&mut self, builder: &mut BatchBuilder, tape: &[Node<'_>], mark: &mut RecordMark) -> Result<(), Reason> {
        let (root, data) = open_record(tape, (&self.window, &self.filter), mark)?;
        let mut buffer = std::mem::take(&mut self.id);
        let id = event_id(root, ID_KEYS, &mut buffer)?;
        let id = FixedRows { builder, rows: &mut self.rows }.id(id)?;
        self.id = buffer;
        let max_unfolded = self.diagnosis.conventions.max_unfolded;
        let payload = self
            .diagnosis
            .sides
            .outputs
            .iter()
            .find_map(|side| Payload::of(data.get(side)?, max_unfolded))
            .ok_or(Reason::NoPayload)?;
        let mut buffer = std::mem::take(&mut self.payload);
        let staged = self.answer(builder, &payload, &mut buffer, id);
        buffer.clear();
        buffer.shrink_to(MAX_KEPT_BYTES);
        self.payload = buffer;
        staged
    }

    /// Stages the rows of an answer.
    fn answer(
        &mut self,
        builder: &mut BatchBuilder,
        payload: &Payload<'_, '_>,
        buffer: &mut String,
        id: Option<u128>,
    ) -> Result<(), Reason> {
        let (mut tape, mut second_tape) = (Vec::new(), Vec::new());
        let content = match payload.content(buffer, &mut tape)? {
            // The capture calls an answer what its request asked for, and this one is JSON all the same.
            Content::Csv(text) if sniff(text) == Form::Json => Content::json(text, &mut second_tape)?,
            content => content,
        };
        let mut n_explained = 0;
        for value in content.values() {
            let Some(records) = explanations(*value, MAX_WRAPPERS) else { continue };
            match records.node() {
                Node::Null => continue,
                Node::Array { .. } => {}
                _ => return Err(Reason::InvalidAttributions),
            }
            for (place, record) in records.elements().enumerate() {
                self.at = [place, 0];
                self.rows.push(ID_PLACE, id);
                if record.node() != Node::Null {
                    self.features(builder, record)?;
                    n_explained += 1;
                }
                FixedRows { builder, rows: &mut self.rows }.end_row()?;
            }
        }
        if n_explained == 0 { Err(Reason::AttributionsNotFound) } else { Ok(()) }
    }

    /// Stages the attributions of one record of the request.
    fn features(&mut self, builder: &mut BatchBuilder, record: Value<'_, '_>) -> Result<(), Reason> {
        let Node::Array { len: n_features @ 1.., .. } = record.node() else { return Err(Reason::InvalidAttributions) };
        let mut n_outputs = None;
        for (place, feature) in record.elements().enumerate() {
            self.at[1] = place;
            let attribution = attribution(feature)?;
            let Node::Array { len, .. } = attribution.node() else { return Err(Reason::InvalidAttributions) };
            if len == 0 || *n_outputs.get_or_insert(len) != len {
                return Err(Reason::InvalidAttributions);
            }
            if n_features.saturating_mul(len) > MAX_COLUMNS {
                return Err(Reason::TooManyColumns);
            }
            self.read_name(feature, place)?;
            for (output, number) in attribution.elements().enumerate() {
                let text = number_text(number)?;
                let column = self.column(builder, place, output)?;
                builder.stage(&mut self.rows, column, text);
            }
        }
        Ok(())
    }

    /// Reads the name of the feature at `place`.
    fn read_name(&mut self, feature: Value<'_, '_>, place: usize) -> Result<(), Reason> {
        self.name.clear();
        match feature.get(explained::FEATURE_HEADER).map(Value::node) {
            None | Some(Node::Null) => {}
            Some(Node::String(text)) => json::unescape(text, &mut self.name)?,
            Some(_) => return Err(Reason::InvalidAttributions),
        }
        if self.name.is_empty() {
            self.name = unnamed_feature(place);
        }
        if self.name.len() > MAX_NAME_BYTES { Err(Reason::NameTooLong) } else { Ok(()) }
    }

    /// Where the feature stands that is looked at.
    fn place(&self) -> String {
        let [record, feature] = self.at;
        format!("at {}.{}[{record}][{feature}]", explained::EXPLANATIONS, explained::KERNEL_SHAP)
    }

    /// The column of an output, for the feature whose name was read last.
    fn column(&mut self, builder: &mut BatchBuilder, place: usize, output: usize) -> Result<u32, Reason> {
        if self.known.len() <= place {
            self.known.resize_with(place + 1, Default::default);
        }
        let (name, columns) = &mut self.known[place];
        if *name != self.name {
            name.clone_from(&self.name);
            columns.clear();
        }
        if let Some(&column) = columns.get(output) {
            return Ok(column);
        }
        let column = builder.column(&attribution_column(output, name), &Order::attribution(output, place))?;
        columns.push(column);
        Ok(column)
    }
}

impl RecordFormat for ExplanationFormat {
    fn decode(&mut self, builder: &mut BatchBuilder, line: &str, number: u64) {
        let mut mark = RecordMark { line: number, time: None };
        let mut tape: Vec<Node<'_>> = std::mem::take(&mut self.tape);
        self.rows.clear();
        self.at = [0, 0];
        let staged = read_one(&mut self.template, line, &mut tape).and_then(|()| self.stage(builder, &tape, &mut mark));
        let taken = staged.and_then(|()| {
            builder.accept(mark, &[&self.rows]).map_err(|reason| match reason {
                // Two features of a record have one name.
                Reason::DuplicateKey => Reason::InvalidAttributions,
                other => other,
            })
        });
        if let Err(reason) = taken {
            builder.reject_known(mark, reason, id_left_out(&tape, reason).as_deref());
            builder.details.add(number, reason, || self.diagnosis.of((line, &tape), reason, Some(self.place())));
            // Columns that the record brought are gone.
            self.known.clear();
        }
        self.tape = emptied(tape);
    }
}

/// The list of an answer, which may stand in so many documents around it, under keys that services put around answers.
fn explanations<'t, 'a>(answer: Value<'t, 'a>, n_around: usize) -> Option<Value<'t, 'a>> {
    let found = answer.get(explained::EXPLANATIONS).and_then(|found| found.get(explained::KERNEL_SHAP));
    let mut wrapped = answer.entries().filter(|(key, inner)| is_called(key.raw, &WRAPPERS) && is_object(*inner));
    found.or_else(|| wrapped.find_map(|(_, inner)| explanations(inner, n_around.checked_sub(1)?)))
}

/// The numbers of a feature, one for each output.
fn attribution<'t, 'a>(feature: Value<'t, 'a>) -> Result<Value<'t, 'a>, Reason> {
    let attributions = feature.get(explained::ATTRIBUTIONS).ok_or(Reason::InvalidAttributions)?;
    let mut units = attributions.elements();
    let unit = units.next().ok_or(Reason::InvalidAttributions)?;
    let is_described = unit.get(explained::DESCRIPTION).is_some_and(|value| value.node() != Node::Null);
    if is_described || units.next().is_some() {
        return Err(Reason::TextAttributions);
    }
    unit.get(explained::ATTRIBUTION).ok_or(Reason::InvalidAttributions)
}

/// The text of a finite number.
fn number_text<'a>(value: Value<'_, 'a>) -> Result<&'a str, Reason> {
    match value.node() {
        Node::Literal(word) if word.parse::<f64>().is_ok_and(f64::is_finite) => Ok(word),
        _ => Err(Reason::InvalidAttributions),
    }
}
