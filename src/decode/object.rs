//! Object decoder: one object from its first byte to its last, what it is, and its rows.

use std::sync::Arc;

use arrow::array::RecordBatch;

use crate::decode::batch::builder::{BatchBuilder, RecordMark};
use crate::decode::batch::details::Detail;
use crate::decode::batch::events;
use crate::decode::batch::record_format::RecordFormat;
use crate::decode::formats::capture::CaptureFormat;
use crate::decode::formats::captured_outcomes::RequestFormat;
use crate::decode::formats::explanations::ExplanationFormat;
use crate::decode::formats::ground_truth::GroundTruthFormat;
use crate::decode::formats::json_cells::JsonFormat;
use crate::decode::formats::outcome_table::JsonOutcomeFormat;
use crate::decode::formats::survey::survey;
use crate::decode::formats::transform::TransformFormat;
use crate::decode::framing::appearance::{appearance, are_captures, is_manifest, is_utf_16};
use crate::decode::framing::csv_table::CsvTable;
use crate::decode::framing::document::Document;
use crate::decode::framing::json_lines;
use crate::decode::framing::lines::Lines;
use crate::decode::framing::quoting::dialect;
use crate::decode::reason::{Observation, Reason, SkipReason};
use crate::decode::rows::naming::Naming;
use crate::decode::settings::decoding::Settings;
use crate::decode::settings::format::Format;
use crate::decode::settings::positions::Positions;
use crate::decode::settings::rows::Rows;
use crate::decode::text::inflate::{self, Inflate};

/// Byte order mark of UTF-8.
pub const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
/// Bytes that are looked at before it is decided what an object is.
const HEAD: usize = 64 << 10;

enum Body {
    Lines(Lines),
    Csv(Box<CsvTable>),
    Document(Document),
}

/// Decodes the bytes of one object.
pub struct ObjectDecoder {
    object: String,
    settings: Settings,
    builder: BatchBuilder,
    inflate: Option<Inflate>,
    raw_head: Vec<u8>,
    is_started: bool,
    body: Start,
    /// Plain bytes that were not decoded yet, from place `n_decoded` on.
    waiting: Vec<u8>,
    n_decoded: usize,
    /// What was found wrong with the bytes behind the waiting ones.
    fault: Option<Reason>,
    /// Why the object ended before its end.
    cut: Option<Reason>,
    events: Vec<RecordBatch>,
}

enum Start {
    /// The first bytes, until there are enough.
    Head(Vec<u8>),
    Body(Box<Body>),
    /// Not data.
    Skipped,
}

impl ObjectDecoder {
    pub fn new(object: &str, mut settings: Settings) -> Self {
        if settings.format == Format::GroundTruth && !settings.rows.are_labels() {
            settings.rows = Rows::Labels(settings.rows.attributes());
        }
        let mut builder = BatchBuilder::new(object);
        if let Some(columns) = settings.columns() {
            builder.fix_columns(columns);
        }
        Self {
            builder,
            object: object.to_owned(),
            settings,
            inflate: None,
            raw_head: Vec::new(),
            is_started: false,
            body: Start::Head(Vec::new()),
            waiting: Vec::new(),
            n_decoded: 0,
            fault: None,
            cut: None,
            events: Vec::new(),
        }
    }

    /// Whether nothing more needs to be read.
    pub fn is_skipped(&self) -> bool {
        matches!(self.body, Start::Skipped)
    }

    /// Takes a first part of `block` and says how long it is: no more than makes a batch full,
    /// whatever the bytes unfold to. Call it until all is taken and [`Self::has_more`] says no, and
    /// take the batches in between. A fault ends the object: call [`Self::finish`] with it.
    pub fn push(&mut self, block: &[u8]) -> Result<usize, Reason> {
        if !self.is_started {
            let missing = inflate::MAGIC.len() - self.raw_head.len();
            let (head, _) = block.split_at(block.len().min(missing));
            self.raw_head.extend_from_slice(head);
            if self.raw_head.len() == inflate::MAGIC.len() {
                self.start()?;
            }
            return Ok(head.len());
        }
        if self.has_more() {
            self.decode_waiting();
            return if self.has_waiting() { Ok(0) } else { self.fault.take().map_or(Ok(0), Err) };
        }
        let taken = if self.inflate.is_some() { block.len().min(inflate::STEP) } else { block.len() };
        self.raw(&block[..taken])
    }

    /// Whether there are bytes that were taken and not decoded, or a fault that was found behind them.
    pub fn has_more(&self) -> bool {
        self.has_waiting() || self.fault.is_some()
    }

    fn has_waiting(&self) -> bool {
        self.n_decoded < self.waiting.len()
    }

    /// Looks at the first bytes.
    fn start(&mut self) -> Result<(), Reason> {
        self.is_started = true;
        let head = std::mem::take(&mut self.raw_head);
        self.inflate = head.starts_with(&inflate::MAGIC).then(Inflate::default);
        self.raw(&head).map(drop)
    }

    /// Takes bytes as they lie in the store. What is inflated waits to be decoded.
    fn raw(&mut self, block: &[u8]) -> Result<usize, Reason> {
        let Some(inflate) = &mut self.inflate else { return Ok(self.plain(block)) };
        let waiting = &mut self.waiting;
        match inflate.push(block, |piece| waiting.extend_from_slice(piece)) {
            Err(reason) if waiting.is_empty() => Err(reason),
            pushed => {
                self.fault = pushed.err();
                Ok(block.len())
            }
        }
    }

    /// Decodes the little that waits when the object ends.
    fn decode_all(&mut self) {
        while self.has_waiting() {
            self.decode_waiting();
            self.events.append(&mut self.builder.take_full());
        }
    }

    /// Decodes what waits, until a batch is full.
    fn decode_waiting(&mut self) {
        let waiting = std::mem::take(&mut self.waiting);
        let first = std::mem::take(&mut self.n_decoded);
        let taken = self.plain(&waiting[first..]);
        // Deciding what the object is takes all and leaves the object's head to be decoded.
        if self.waiting.is_empty() && first + taken < waiting.len() {
            self.waiting = waiting;
            self.n_decoded = first + taken;
        }
    }

    fn plain(&mut self, block: &[u8]) -> usize {
        match &mut self.body {
            Start::Head(head) => {
                head.extend_from_slice(block);
                if head.len() >= HEAD {
                    self.decide(false);
                }
                block.len()
            }
            Start::Body(body) => body.push(&mut self.builder, block),
            Start::Skipped => block.len(),
        }
    }

    /// Decides what the object is; its first bytes wait to be decoded.
    fn decide(&mut self, is_whole: bool) {
        let Start::Head(head) = &mut self.body else { return };
        let head = std::mem::take(head);
        self.body = Start::Skipped;
        let head = head.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&head);
        if head.is_empty() {
            self.events.push(events::skipped(&self.object, SkipReason::Empty));
        } else if self.settings.format != Format::GroundTruth && is_manifest(head) {
            self.events.push(events::skipped(&self.object, SkipReason::BatchManifest));
        } else if is_utf_16(head) {
            self.reject_all(Reason::Utf16);
        } else {
            self.events.push(events::opened(&self.object));
            // However long the blocks are in which an object comes, the same bytes decide.
            let (first, is_all) = if head.len() > HEAD { (&head[..HEAD], false) } else { (head, is_whole) };
            let mut seen = Vec::new();
            let body = Body::new(&self.settings, head, (first, is_all), &mut seen);
            seen.extend(match (&body, &self.settings.format) {
                (Body::Csv(_), _) => appearance(first, is_all, self.settings.delimiter),
                (_, Format::Json { .. }) => are_captures(first).then_some(Observation::Captures),
                _ => None,
            });
            self.events.extend(seen.into_iter().map(|observation| events::observed(&self.object, observation)));
            self.body = Start::Body(Box::new(body));
            self.waiting = head.to_vec();
        }
    }

    /// Takes the object for one record that is not used.
    fn reject_all(&mut self, reason: Reason) {
        self.events.push(events::opened(&self.object));
        self.builder.reject(RecordMark { line: 1, time: None }, reason);
        self.body = Start::Skipped;
    }

    /// Ends the object: with `fault` if it was cut short.
    pub fn finish(&mut self, mut fault: Option<Reason>) {
        if !self.is_started
            && let Err(reason) = self.start()
        {
            fault = fault.or(Some(reason));
        }
        if let Some(inflate) = self.inflate.take()
            && let Err(reason) = inflate.finish(|piece| self.waiting.extend_from_slice(piece))
        {
            fault = fault.or(Some(reason));
        }
        self.decode_all();
        match (&self.body, fault) {
            (Start::Head(head), Some(reason)) if head.is_empty() => {
                self.reject_all(reason);
            }
            _ => self.decide(true),
        }
        self.decode_all();
        self.cut = fault;
        if let Start::Body(body) = &mut self.body {
            self.cut = fault.or_else(|| body.is_open().then_some(Reason::Truncated));
            body.finish(&mut self.builder, fault);
        }
        self.builder.flush();
        for Detail { line, reason, text } in self.builder.details.iter() {
            self.events.push(events::detail(&self.object, *line, *reason, text));
        }
        for (variant, n) in &self.builder.variants {
            self.events.push(events::variant(&self.object, variant, *n));
        }
        if self.n_cells_dropped() > 0 {
            self.events.push(events::cells_dropped(&self.object, self.n_cells_dropped()));
        }
        if self.n_rows_short() > 0 {
            self.events.push(events::rows_short(&self.object, self.n_rows_short()));
        }
    }

    /// The batches that are ready, events first.
    pub fn take(&mut self) -> Vec<RecordBatch> {
        let mut batches = std::mem::take(&mut self.events);
        batches.append(&mut self.builder.take_full());
        batches
    }

    /// Why the object ended before its end; known when it is finished.
    pub fn cut(&self) -> Option<Reason> {
        self.cut
    }

    /// Records so far.
    pub fn n_records(&self) -> u64 {
        self.builder.n_records
    }

    /// Cells of used records for which there was no column: beyond the width of a table, or beside the
    /// features whose names are given.
    pub fn n_cells_dropped(&self) -> u64 {
        self.builder.widths.n_cells_dropped
    }

    /// Rows with fewer cells than their table has columns.
    pub fn n_rows_short(&self) -> u64 {
        self.builder.widths.n_rows_short
    }
}

impl Body {
    /// By the first bytes of the object; `first` are no more than [`HEAD`] of them, and whether these are all. `seen`
    /// takes what was decided about the payloads of captures.
    fn new(settings: &Settings, head: &[u8], first: (&[u8], bool), seen: &mut Vec<Observation>) -> Self {
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
                seen.extend((!positions.fit).then_some(Observation::CellsDoNotFit));
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
                let format: Box<dyn RecordFormat> = match rows {
                    Rows::Cells => Box::new(JsonFormat::new(naming())),
                    // Only captures hold answers; what is none is rejected as such.
                    Rows::Attributions => Box::new(ExplanationFormat::new(settings)),
                    rows if rows.have_label() => Box::new(JsonOutcomeFormat::new(settings)),
                    _ => Box::new(TransformFormat::new(settings)),
                };
                if lines.unwrap_or_else(|| json_lines::holds_values(head)) {
                    Self::Lines(Lines::new(format, settings.max_record_bytes))
                } else {
                    Self::Document(Document::new(format, settings.max_record_bytes))
                }
            }
            // Parquet files are read by the engine; this arm decodes none of them.
            (Format::Parquet, _) => {
                let format = JsonFormat::new(Naming::with_names(settings.names.clone()));
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
            return Self::Csv(Box::new(table.with_dialect(dialect(first.0, first.1, settings.delimiter))));
        }
        let format = Box::new(GroundTruthFormat::new(&settings.rows));
        if json_lines::holds_labels(head) {
            Self::Lines(Lines::new(format, limit))
        } else {
            Self::Document(Document::new(format, limit).with_commas())
        }
    }

    /// Decodes a first part of `block`, until a batch is full; how long it is.
    fn push(&mut self, builder: &mut BatchBuilder, block: &[u8]) -> usize {
        match self {
            Self::Lines(lines) => lines.push(builder, block),
            Self::Csv(table) => table.push(builder, block),
            Self::Document(document) => document.push(builder, block),
        }
    }

    /// Whether more was to come.
    fn is_open(&self) -> bool {
        matches!(self, Self::Document(document) if document.is_open())
    }

    fn finish(&mut self, builder: &mut BatchBuilder, fault: Option<Reason>) {
        match self {
            Self::Lines(lines) => lines.finish(builder, fault),
            Self::Csv(table) => table.finish(builder, fault),
            Self::Document(document) => document.finish(builder, fault),
        }
    }
}

/// Names of the cells in the first records of an object that begins with these bytes.
pub fn column_names(object: &str, settings: Settings, head: &[u8]) -> Vec<String> {
    let mut decoder = ObjectDecoder::new(object, settings);
    let mut rest = head;
    while !rest.is_empty() || decoder.has_more() {
        match decoder.push(rest) {
            Ok(taken) => rest = &rest[taken..],
            Err(_) => break,
        }
        if decoder.builder.n_columns() > 0 {
            break;
        }
    }
    if decoder.builder.n_columns() == 0 {
        decoder.finish(None);
    }
    (0..decoder.builder.n_columns()).map(|column| decoder.builder.name(column as u32).to_owned()).collect()
}
