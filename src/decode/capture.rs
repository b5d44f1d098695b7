//! Capture decoder: captured requests, one JSON object a line, each side decoded on its own.

use super::Reason;
use super::batch::{BatchBuilder, RecordMark};
use super::column_names::Naming;
use super::flatten::{Scratch, Stager};
use super::json::{self, Node, RecordTemplate, Value};
use super::lines::RecordFormat;
use super::order::Side;
use super::payload::Payload;
use super::staged::StagedRows;
use super::time::{self, Window};
use crate::names::capture as key;

/// Which sides of a captured request are analysed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaptureSides {
    /// Keys of `captureData` whose payloads are outputs, in the order of preference.
    pub outputs: Vec<&'static str>,
    /// Keys of `captureData` whose payloads are inputs, in the order of preference.
    pub inputs: Vec<&'static str>,
}

impl Default for CaptureSides {
    fn default() -> Self {
        Self {
            outputs: vec![key::ENDPOINT_OUTPUT, key::BATCH_TRANSFORM_OUTPUT],
            inputs: vec![key::ENDPOINT_INPUT, key::BATCH_TRANSFORM_INPUT],
        }
    }
}

/// Decodes captured and merged records.
#[derive(Debug)]
pub struct CaptureFormat {
    sides: CaptureSides,
    window: Window,
    naming: Naming,
    template: RecordTemplate,
    /// Allocations used again; empty between records.
    tape: Vec<Node<'static>>,
    outputs: StagedRows,
    inputs: StagedRows,
    scratch: Scratch,
    payload: String,
}

impl CaptureFormat {
    pub fn new(sides: CaptureSides, window: Window, naming: Naming) -> Self {
        Self {
            sides,
            window,
            naming,
            template: RecordTemplate::default(),
            tape: Vec::new(),
            outputs: StagedRows::default(),
            inputs: StagedRows::default(),
            scratch: Scratch::default(),
            payload: String::new(),
        }
    }

    /// Stages both sides of the record on `tape`, unless it is outside the window.
    fn stage(&mut self, builder: &mut BatchBuilder, tape: &[Node<'_>], mark: &mut RecordMark) -> Result<(), Reason> {
        let (_, data) = open_record(tape, &self.window, mark)?;
        let payload = |keys: &[&str]| keys.iter().find_map(|key| Payload::of(data.get(key)?));
        let (output, input) = (payload(&self.sides.outputs), payload(&self.sides.inputs));
        if output.is_none() && input.is_none() {
            return Err(Reason::NoPayload);
        }
        if let Some(output) = &output {
            let mut stager = Stager {
                builder,
                naming: &mut self.naming,
                side: Side::Output,
                rows: &mut self.outputs,
                before: None,
                scratch: &mut self.scratch,
            };
            output.stage(&mut stager, &mut self.payload)?;
        }
        if let Some(input) = &input {
            let mut stager = Stager {
                builder,
                naming: &mut self.naming,
                side: Side::Input,
                rows: &mut self.inputs,
                before: Some(&self.outputs),
                scratch: &mut self.scratch,
            };
            input.stage(&mut stager, &mut self.payload)?;
        }
        match (self.outputs.n_rows(), self.inputs.n_rows()) {
            (0, 0) => Err(Reason::NoPayload),
            (n, m) if n != m && output.is_some() && input.is_some() => Err(Reason::RowCountMismatch),
            _ => Ok(()),
        }
    }
}

impl RecordFormat for CaptureFormat {
    fn decode(&mut self, builder: &mut BatchBuilder, line: &str, number: u64) {
        let mut mark = RecordMark { line: number, time: None };
        let mut tape: Vec<Node<'_>> = std::mem::take(&mut self.tape);
        self.outputs.clear();
        self.inputs.clear();
        let staged = read_one(&mut self.template, line, &mut tape).and_then(|()| self.stage(builder, &tape, &mut mark));
        match staged.and_then(|()| builder.accept(mark, &[&self.outputs, &self.inputs])) {
            Ok(()) => self.naming.keep(),
            Err(reason) => {
                builder.reject(mark, reason);
                self.naming.forget();
            }
        }
        self.tape = json::emptied(tape);
    }
}

/// Reads the one JSON object of a line.
pub(super) fn read_one<'a>(
    template: &mut RecordTemplate,
    line: &'a str,
    tape: &mut Vec<Node<'a>>,
) -> Result<(), Reason> {
    let read = template.read(line, tape)?;
    let end = tape.len();
    if !matches!(tape.first(), Some(Node::Object { .. })) {
        return Err(Reason::NotACapture);
    }
    if json::Reader::over(&line[read..]).read(tape)? {
        tape.truncate(end);
        return Err(Reason::InvalidJson);
    }
    Ok(())
}

/// A captured record and its sides, if it is in the window. Its time goes to `mark` in any case.
pub(super) fn open_record<'t, 'a>(
    tape: &'t [Node<'a>],
    window: &Window,
    mark: &mut RecordMark,
) -> Result<(Value<'t, 'a>, Value<'t, 'a>), Reason> {
    let root = Value::at(tape, 0);
    let data = root.get(key::CAPTURE_DATA).ok_or(Reason::NotACapture)?;
    mark.time = record_time(root)?;
    match mark.time {
        Some(time) if !window.contains(time) => Err(Reason::OutsideWindow),
        _ => Ok((root, data)),
    }
}

/// The record's `inferenceTime`, if it has one.
fn record_time(root: Value<'_, '_>) -> Result<Option<i64>, Reason> {
    let Some(value) = root.get(key::EVENT_METADATA).and_then(|metadata| metadata.get(key::INFERENCE_TIME)) else {
        return Ok(None);
    };
    match value.node() {
        Node::Null => Ok(None),
        Node::String(text) if !text.escaped => time::parse(text.raw).map(Some).ok_or(Reason::InvalidTime),
        _ => Err(Reason::InvalidTime),
    }
}
