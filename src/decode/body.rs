//! Body of an object: its records, framed and decoded as its format says.

use std::sync::Arc;

use crate::decode::batch::builder::BatchBuilder;
use crate::decode::batch::record_format::RecordFormat;
use crate::decode::formats::capture::CaptureFormat;
use crate::decode::formats::captured_outcomes::RequestFormat;
use crate::decode::formats::explanations::ExplanationFormat;
use crate::decode::formats::ground_truth::GroundTruthFormat;
use crate::decode::formats::json_cells::JsonFormat;
use crate::decode::formats::lists::{columns_in, fixed_lists};
use crate::decode::formats::outcome_table::JsonOutcomeFormat;
use crate::decode::formats::survey::survey;
use crate::decode::formats::transform::TransformFormat;
use crate::decode::framing::csv_table::CsvTable;
use crate::decode::framing::document::Document;
use crate::decode::framing::json_lines;
use crate::decode::framing::lines::Lines;
use crate::decode::reason::{Observation, Reason, SkipReason};
use crate::decode::rows::naming::Naming;
use crate::decode::settings::decoding::Settings;
use crate::decode::settings::format::Format;
use crate::decode::settings::positions::Positions;
use crate::decode::settings::rows::Rows;
use crate::decode::text::inflate::Gap;

/// How far an object is known.
pub enum Start {
    /// The first bytes, until there are enough.
    Head(Vec<u8>),
    Body(Box<Body>),
    /// Nothing more is wanted: it is no data, or not readable.
    Left(Option<SkipReason>),
}

/// Records in one framing.
pub enum Body {
    Lines(Lines),
    Csv(Box<CsvTable>),
    Document(Document),
}

impl Body {
    /// By the first bytes of the object; `first` are some of them, and whether these are all. `seen`
    /// takes what was decided about the payloads of captures.
    pub fn new(settings: &Settings, head: &[u8], first: (&[u8], bool), seen: &mut Vec<Observation>) -> Self {
        match (&settings.format, &settings.rows) {
            (Format::GroundTruth, _) | (_, Rows::Labels(_) | Rows::LabelRecords(_)) => {
                Self::ground_truth(settings, head, first)
            }
            (Format::Capture(_), Rows::Attributions) => {
                Self::Lines(Lines::new(Box::new(ExplanationFormat::new(settings)), settings.max_record_bytes))
            }
            (Format::Capture(sides), rows) => {
                let survey = survey(first.0, first.1, sides, settings);
                seen.extend(survey.conventions.observations());
                seen.extend(&survey.doubts);
                let decided = || Positions::of(&survey.widths, settings.names.len(), settings.outputs_are_last);
                let positions = settings.positions.unwrap_or_else(decided);
                seen.extend(positions.misfit.map(|_| Observation::CellsDoNotFit));
                let format: Box<dyn RecordFormat> = match rows {
                    Rows::Cells => {
                        let naming = Naming::with_names(settings.names.clone()).at(positions);
                        let naming = naming.with_outputs_last(settings.outputs_are_last);
                        Box::new(CaptureFormat::new(sides.clone(), survey, settings, naming))
                    }
                    _ => Box::new(RequestFormat::new(sides, settings, survey, positions)),
                };
                Self::Lines(Lines::new(format, settings.max_record_bytes))
            }
            (Format::Csv { header }, rows) => Self::Csv(Box::new(CsvTable::of(settings, *header, rows, first))),
            (Format::Json { lines }, rows) => {
                let naming = || Naming::with_names(settings.names.clone());
                let fixed = fixed_lists(first.0);
                let format: Box<dyn RecordFormat> = match rows {
                    Rows::Cells => {
                        let columns = columns_in(first.0);
                        seen.extend(columns.may_be_columns().then_some(Observation::ListsMayBeRowsInRecords));
                        Box::new(JsonFormat::new(naming(), fixed, columns.are_columns()))
                    }
                    // Only captures hold answers; what is none is rejected as such.
                    Rows::Attributions => Box::new(ExplanationFormat::new(settings)),
                    rows if rows.have_label() => Box::new(JsonOutcomeFormat::new(settings, fixed)),
                    _ => Box::new(TransformFormat::new(settings, fixed)),
                };
                if lines.unwrap_or_else(|| json_lines::holds_values(head)) {
                    Self::Lines(Lines::new(format, settings.max_record_bytes))
                } else {
                    Self::Document(Document::new(format, settings.max_record_bytes))
                }
            }
            // Parquet files are read by the engine; this arm decodes none of them.
            (Format::Parquet, _) => {
                let format = JsonFormat::new(Naming::with_names(settings.names.clone()), Arc::default(), false);
                Self::Document(Document::new(Box::new(format), settings.max_record_bytes))
            }
        }
    }

    /// Ground truth, of which the file's beginning tells the form.
    fn ground_truth(settings: &Settings, head: &[u8], first: (&[u8], bool)) -> Self {
        let limit = settings.max_record_bytes;
        if !json_lines::are_labels_json(head) {
            let header = if let Format::Csv { header } = settings.format { header } else { None };
            let table = CsvTable::new(header, Arc::default(), limit).with_rows(&settings.rows);
            return Self::Csv(Box::new(table.written_as(first, settings.delimiter)));
        }
        let format = Box::new(GroundTruthFormat::new(settings));
        if json_lines::holds_labels(head) {
            Self::Lines(Lines::new(format, limit))
        } else {
            Self::Document(Document::new(format, limit).with_commas())
        }
    }

    /// Decodes a first part of `block`, until a batch is full; how long it is.
    pub fn push(&mut self, builder: &mut BatchBuilder, block: &[u8]) -> usize {
        match self {
            Self::Lines(lines) => lines.push(builder, block),
            Self::Csv(table) => table.push(builder, block),
            Self::Document(document) => document.push(builder, block),
        }
    }

    /// Whether more was to come.
    pub fn is_open(&self) -> bool {
        matches!(self, Self::Document(document) if document.is_open())
    }

    /// Whether lines wait for the end of a record, which may not come.
    pub fn is_waiting(&self) -> bool {
        matches!(self, Self::Csv(table) if table.is_waiting())
    }

    /// Decodes what waits for an end that does not come, until a batch is full; whether there is more of it. What is
    /// cut behind the last line end is no line.
    pub fn drain(&mut self, builder: &mut BatchBuilder, is_cut: bool) -> bool {
        if let Self::Csv(table) = self { table.drain(builder, is_cut) } else { false }
    }

    /// Goes on behind what is lost.
    pub fn break_off(&mut self, builder: &mut BatchBuilder, gap: &Gap) {
        match self {
            Self::Lines(lines) => lines.break_off(builder, gap.reason, gap.begins_line),
            Self::Csv(table) => table.break_off(builder, gap.reason, gap.begins_line),
            Self::Document(document) => document.break_off(builder, gap.reason),
        }
    }

    pub fn finish(&mut self, builder: &mut BatchBuilder, fault: Option<Reason>) {
        match self {
            Self::Lines(lines) => lines.finish(builder, fault),
            Self::Csv(table) => table.finish(builder, fault),
            Self::Document(document) => document.finish(builder, fault),
        }
    }
}
