//! Capture decoder: captured requests, one JSON object a line, to rows of all their cells.

use crate::decode::batch::builder::{BatchBuilder, RecordMark};
use crate::decode::batch::order::Side;
use crate::decode::batch::record_format::RecordFormat;
use crate::decode::batch::staged::StagedRows;
use crate::decode::formats::diagnosis::Diagnosis;
use crate::decode::formats::record::{count_variant, open_record, read_one};
use crate::decode::formats::sides::{self, Disagreement};
use crate::decode::formats::survey::Survey;
use crate::decode::limits::MAX_KEPT_BYTES;
use crate::decode::reason::{Observation, Reason};
use crate::decode::rows::naming::Naming;
use crate::decode::rows::stager::{Scratch, Stager};
use crate::decode::settings::decoding::Settings;
use crate::decode::settings::filter::Filter;
use crate::decode::settings::format::CaptureSides;
use crate::decode::settings::rows::Rows;
use crate::decode::text::json::{self, Node, RecordTemplate};
use crate::decode::text::time::Window;

/// Decodes captured and merged records.
#[derive(Debug)]
pub struct CaptureFormat {
    diagnosis: Diagnosis,
    window: Window,
    filter: Filter,
    naming: Naming,
    /// Whether records are counted by the variant that their metadata name.
    counts_variants: bool,
    template: RecordTemplate,
    /// Allocations used again; empty between records.
    tape: Vec<Node<'static>>,
    outputs: StagedRows,
    inputs: StagedRows,
    scratch: Scratch,
    payloads: [String; 2],
}

impl CaptureFormat {
    pub fn new(sides: CaptureSides, survey: Survey, settings: &Settings, naming: Naming) -> Self {
        let Survey { conventions, variants, .. } = survey;
        Self {
            diagnosis: Diagnosis { sides, conventions, rows: Rows::Cells },
            window: settings.window,
            filter: settings.filter.clone(),
            naming,
            counts_variants: !variants.is_empty(),
            template: RecordTemplate::default(),
            tape: Vec::new(),
            outputs: StagedRows::default(),
            inputs: StagedRows::default(),
            scratch: Scratch::default(),
            payloads: Default::default(),
        }
    }

    /// Stages both sides of the record on `tape`, unless it is outside the window.
    fn stage(&mut self, builder: &mut BatchBuilder, tape: &[Node<'_>], mark: &mut RecordMark) -> Result<(), Reason> {
        let (_, data) = open_record(tape, (&self.window, &self.filter), mark)?;
        let Self {
            diagnosis: Diagnosis { sides, conventions, .. }, naming, outputs, inputs, scratch, payloads, ..
        } = self;
        let mut tapes = [Vec::new(), Vec::new()];
        let read = sides::read(data, sides, (conventions, Disagreement::Rejects), payloads, &mut tapes)?;
        builder.observe(read.doubts.into_iter().flatten());
        for (side, found, rows) in [(Side::Output, &read.output, outputs), (Side::Input, &read.input, inputs)] {
            if let Some(found) = found {
                found.content.count_unreadable(&mut rows.unreadable);
                Stager { builder, naming, side, rows, scratch }.stage(&found.reading)?;
            }
        }
        if self.outputs.n_rows() == 0 && self.inputs.n_rows() == 0 { Err(Reason::NoPayload) } else { Ok(()) }
    }
}

impl RecordFormat for CaptureFormat {
    fn decode(&mut self, builder: &mut BatchBuilder, line: &str, number: u64) {
        let mut mark = RecordMark { line: number, time: None };
        let mut tape: Vec<Node<'_>> = std::mem::take(&mut self.tape);
        self.outputs.clear();
        self.inputs.clear();
        let staged = read_one(&mut self.template, line, &mut tape).and_then(|()| self.stage(builder, &tape, &mut mark));
        let settled = staged.and_then(|()| builder.accept(mark, &[&self.outputs, &self.inputs]));
        if self.counts_variants {
            count_variant(builder, &tape, settled);
        }
        match settled {
            Ok(()) => {
                self.naming.keep();
                builder.observe(self.naming.are_of_two_kinds.then_some(Observation::CellsOfTwoKinds));
            }
            Err(reason) => {
                builder.reject(mark, reason);
                builder.details.add(number, reason, || self.diagnosis.of((line, &tape), reason, None));
                self.naming.forget();
            }
        }
        self.tape = json::emptied(tape);
        shrink(&mut self.payloads);
    }
}

/// Empties the texts of payloads, and keeps room for those of ordinary length.
pub fn shrink(payloads: &mut [String; 2]) {
    for payload in payloads {
        payload.clear();
        payload.shrink_to(MAX_KEPT_BYTES);
    }
}
