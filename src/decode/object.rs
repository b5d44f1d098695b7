//! One object from its first byte to its last: what it is, and its rows.

use std::sync::Arc;

use arrow::array::RecordBatch;

use super::batch::{self, BatchBuilder, RecordMark};
use super::capture::{CaptureFormat, Sides};
use super::document::{Document, JsonFormat};
use super::inflate::{self, Inflate};
use super::lines::Lines;
use super::naming::Naming;
use super::table::CsvTable;
use super::time::Window;
use super::{Reason, SkipReason, json};
use crate::names;

/// Byte order mark of UTF-8.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
/// Bytes that are looked at before it is decided what an object is.
const HEAD: usize = 64 << 10;

/// How the objects of a dataset are written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Format {
    /// Captured or merged records.
    Capture(Sides),
    /// `None`: each file has to tell whether it has a header.
    Csv {
        header: Option<bool>,
    },
    /// `None`: each file has to tell whether it holds one value a line.
    Json {
        lines: Option<bool>,
    },
    Parquet,
}

/// What decoders need to know beyond the bytes.
#[derive(Clone, Debug)]
pub struct Settings {
    pub format: Format,
    pub window: Window,
    /// The baseline's column names, for cells that are known by position only.
    pub names: Arc<[String]>,
    /// Longest record in bytes.
    pub max_record_bytes: usize,
}

enum Body {
    Lines(Lines),
    Csv(CsvTable),
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
    pub fn new(object: &str, settings: Settings) -> Self {
        Self {
            builder: BatchBuilder::new(object),
            object: object.to_owned(),
            settings,
            inflate: None,
            raw_head: Vec::new(),
            is_started: false,
            body: Start::Head(Vec::new()),
            events: Vec::new(),
        }
    }

    /// Whether nothing more needs to be read.
    pub fn is_skipped(&self) -> bool {
        matches!(self.body, Start::Skipped)
    }

    /// How many bytes to push before what came of them is taken: compressed ones may stand for a
    /// thousand times as many.
    pub fn step(&self) -> usize {
        if self.is_started && self.inflate.is_none() { usize::MAX } else { inflate::STEP }
    }

    /// Takes the next bytes of the object. A fault ends it: call [`Self::finish`] with it.
    pub fn push(&mut self, block: &[u8]) -> Result<(), Reason> {
        if self.is_started {
            return self.inflated(block);
        }
        self.raw_head.extend_from_slice(block);
        if self.raw_head.len() < inflate::MAGIC.len() {
            return Ok(());
        }
        self.start()
    }

    fn start(&mut self) -> Result<(), Reason> {
        self.is_started = true;
        let head = std::mem::take(&mut self.raw_head);
        self.inflate = head.starts_with(&inflate::MAGIC).then(Inflate::default);
        self.inflated(&head)
    }

    fn inflated(&mut self, block: &[u8]) -> Result<(), Reason> {
        let Some(mut inflate) = self.inflate.take() else {
            self.plain(block);
            return Ok(());
        };
        let pushed = inflate.push(block, |piece| self.plain(piece));
        self.inflate = Some(inflate);
        pushed
    }

    fn plain(&mut self, block: &[u8]) {
        match &mut self.body {
            Start::Head(head) => {
                head.extend_from_slice(block);
                if head.len() >= HEAD {
                    self.decide();
                }
            }
            Start::Body(body) => body.push(&mut self.builder, block),
            Start::Skipped => {}
        }
    }

    /// Decides what the object is and decodes its first bytes.
    fn decide(&mut self) {
        let Start::Head(head) = &mut self.body else { return };
        let head = std::mem::take(head);
        self.body = Start::Skipped;
        let head = head.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&head);
        if head.is_empty() {
            self.events.push(batch::skipped(&self.object, SkipReason::Empty));
        } else if is_manifest(head) {
            self.events.push(batch::skipped(&self.object, SkipReason::BatchManifest));
        } else {
            self.events.push(batch::opened(&self.object));
            let mut body = Body::new(&self.settings, head);
            body.push(&mut self.builder, head);
            self.body = Start::Body(Box::new(body));
        }
    }

    /// Ends the object: with `fault` if it was cut short.
    pub fn finish(&mut self, mut fault: Option<Reason>) {
        if !self.is_started
            && let Err(reason) = self.start()
        {
            fault = fault.or(Some(reason));
        }
        if let Some(inflate) = self.inflate.take()
            && let Err(reason) = inflate.finish(|piece| self.plain(piece))
        {
            fault = fault.or(Some(reason));
        }
        match (&self.body, fault) {
            (Start::Head(head), Some(reason)) if head.is_empty() => {
                self.events.push(batch::opened(&self.object));
                self.builder.reject(RecordMark { line: 1, time: None }, reason);
                self.body = Start::Skipped;
            }
            _ => self.decide(),
        }
        if let Start::Body(body) = &mut self.body {
            body.finish(&mut self.builder, fault);
        }
        self.builder.flush();
        if self.n_cells_dropped() > 0 {
            self.events.push(batch::cells_dropped(&self.object, self.n_cells_dropped()));
        }
    }

    /// The batches that are ready, events first.
    pub fn take(&mut self) -> Vec<RecordBatch> {
        let mut batches = std::mem::take(&mut self.events);
        batches.append(&mut self.builder.take_full());
        batches
    }

    /// Cells that stood beyond the width of a table and were dropped.
    pub fn n_cells_dropped(&self) -> u64 {
        match &self.body {
            Start::Body(body) => body.n_cells_dropped(),
            _ => 0,
        }
    }
}

impl Body {
    fn new(settings: &Settings, head: &[u8]) -> Self {
        let limit = settings.max_record_bytes;
        let naming = Naming::with_names(settings.names.clone());
        match &settings.format {
            Format::Capture(sides) => {
                Self::Lines(Lines::new(Box::new(CaptureFormat::new(sides.clone(), settings.window, naming)), limit))
            }
            Format::Csv { header } => Self::Csv(CsvTable::new(*header, settings.names.clone(), limit)),
            Format::Json { lines } => {
                let format = JsonFormat::new(naming);
                if lines.unwrap_or_else(|| begins_with_a_line(&head[..head.len().min(HEAD)])) {
                    Self::Lines(Lines::new(Box::new(format), limit))
                } else {
                    Self::Document(Document::new(format, limit))
                }
            }
            // Parquet files are read by the engine; this arm decodes none of them.
            Format::Parquet => Self::Document(Document::new(JsonFormat::new(naming), limit)),
        }
    }

    fn push(&mut self, builder: &mut BatchBuilder, block: &[u8]) {
        match self {
            Self::Lines(lines) => lines.push(builder, block),
            Self::Csv(table) => table.push(builder, block),
            Self::Document(document) => document.push(builder, block),
        }
    }

    fn n_cells_dropped(&self) -> u64 {
        if let Self::Csv(table) = self { table.n_cells_dropped() } else { 0 }
    }

    fn finish(&mut self, builder: &mut BatchBuilder, fault: Option<Reason>) {
        match self {
            Self::Lines(lines) => lines.finish(builder, fault),
            Self::Csv(table) => table.finish(builder, fault),
            Self::Document(document) => document.finish(builder, fault),
        }
    }
}

/// Whether an object begins with one whole JSON value on a line of its own, and goes on after it.
fn begins_with_a_line(head: &[u8]) -> bool {
    let head = head.trim_ascii_start();
    let Some(end) = memchr::memchr(b'\n', head) else { return false };
    let Ok(line) = std::str::from_utf8(&head[..end]) else { return false };
    let (mut reader, mut tape) = (json::Reader::over(line), Vec::new());
    let is_value = reader.read(&mut tape) == Ok(true) && reader.read(&mut tape) == Ok(false);
    is_value && !head[end..].trim_ascii_start().is_empty()
}

/// Whether an object begins like the manifest of a batch transform: `[{"prefix":"s3://`.
fn is_manifest(head: &[u8]) -> bool {
    let mut rest = head;
    let key = format!("\"{}\"", names::capture::MANIFEST_PREFIX);
    let value = format!("\"{}", names::S3_SCHEME);
    ["[", "{", key.as_str(), ":", value.as_str()].iter().all(|part| {
        rest = rest.trim_ascii_start();
        let found = rest.strip_prefix(part.as_bytes());
        rest = found.unwrap_or(rest);
        found.is_some()
    })
}
