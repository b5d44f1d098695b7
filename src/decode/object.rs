//! Object decoder: one object from its first byte to its last, what it is, and its rows.

use arrow::array::RecordBatch;

use crate::decode::batch::builder::{BatchBuilder, RecordMark};
use crate::decode::batch::events;
use crate::decode::batch::loss::Loss;
use crate::decode::body::Body;
use crate::decode::framing::appearance::{appearance, are_captures, header_doubt, is_manifest, is_utf_16};
use crate::decode::losses::Losses;
use crate::decode::reason::{Observation, Reason, SkipReason};
use crate::decode::settings::decoding::Settings;
use crate::decode::settings::format::Format;
use crate::decode::settings::rows::Rows;
use crate::decode::text::inflate::{self, Gap, Inflate};

/// Byte order mark of UTF-8.
pub const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
/// Bytes that are looked at before it is decided what an object is.
const HEAD: usize = 64 << 10;

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
    /// What is lost behind the waiting bytes.
    gap: Option<Gap>,
    /// What is lost where the data ends, unless something follows.
    last_gap: Option<Gap>,
    is_ended: bool,
    /// What was lost before the object's head.
    before_head: Option<Gap>,
    losses: Losses,
    events: Vec<RecordBatch>,
}

enum Start {
    /// The first bytes, until there are enough.
    Head(Vec<u8>),
    Body(Box<Body>),
    /// Nothing more is wanted: it is no data, or not readable.
    Left(Option<SkipReason>),
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
            gap: None,
            last_gap: None,
            is_ended: false,
            before_head: None,
            losses: Losses::default(),
            events: Vec::new(),
        }
    }

    /// Whether nothing more needs to be read.
    pub fn is_left(&self) -> bool {
        matches!(self.body, Start::Left(_))
    }

    /// Why the object is no data. It gives no batches then.
    pub fn skip_reason(&self) -> Option<SkipReason> {
        if let Start::Left(reason) = self.body { reason } else { None }
    }

    /// Takes a first part of `block` and says how long it is: no more than makes a batch full,
    /// whatever the bytes unfold to. Call it until all is taken and [`Self::has_more`] says no, and
    /// take the batches in between.
    pub fn push(&mut self, block: &[u8]) -> usize {
        let n_taken = self.take_bytes(block);
        self.losses.n_taken += n_taken as u64;
        n_taken
    }

    fn take_bytes(&mut self, block: &[u8]) -> usize {
        if !self.is_started {
            let missing = inflate::MAGIC.len() - self.raw_head.len();
            let (head, _) = block.split_at(block.len().min(missing));
            self.raw_head.extend_from_slice(head);
            if self.raw_head.len() == inflate::MAGIC.len() {
                self.start();
            }
            return head.len();
        }
        if self.has_waiting() {
            self.decode_waiting();
            return 0;
        }
        match self.gap.take() {
            Some(gap) => {
                self.break_off(gap);
                0
            }
            None if self.is_ended => {
                self.take_end();
                0
            }
            None => self.raw(block),
        }
    }

    /// Tells that no more bytes come. What was taken may still make many batches: go on with [`Self::push`].
    pub fn end(&mut self) {
        if !self.is_started {
            self.start();
        }
        self.is_ended = true;
    }

    /// Whether there are bytes that were taken and not decoded.
    pub fn has_more(&self) -> bool {
        let has_more = self.inflate.as_ref().is_some_and(|inflate| self.is_ended || inflate.has_more());
        has_more || self.has_waiting() || self.gap.is_some() || self.is_ended && self.has_head()
    }

    fn has_head(&self) -> bool {
        matches!(&self.body, Start::Head(head) if !head.is_empty())
    }

    fn has_waiting(&self) -> bool {
        self.n_decoded < self.waiting.len()
    }

    /// Looks at the first bytes.
    fn start(&mut self) {
        self.is_started = true;
        let head = std::mem::take(&mut self.raw_head);
        self.inflate = head.starts_with(&inflate::MAGIC).then(Inflate::default);
        self.raw(&head);
    }

    /// Takes bytes as they lie in the store. What is inflated waits to be decoded.
    fn raw(&mut self, block: &[u8]) -> usize {
        let Some(inflate) = &mut self.inflate else { return self.plain(block) };
        let (n_taken, gap) = inflate.push(block, &mut self.waiting);
        self.gap = gap;
        n_taken
    }

    /// Counts what is lost, and goes on behind it.
    fn break_off(&mut self, gap: Gap) {
        let behind = std::mem::take(&mut self.waiting);
        if self.has_head() {
            self.decide(false);
            self.decode_all();
        }
        self.losses.add(&gap, self.builder.n_records);
        match &mut self.body {
            Start::Head(_) => self.before_head = Some(gap),
            Start::Body(body) => body.break_off(&mut self.builder, &gap),
            Start::Left(_) => {}
        }
        self.waiting = behind;
    }

    /// Decodes the little that waits in the object's head, or where it cannot be read on.
    fn decode_all(&mut self) {
        while self.has_waiting() {
            self.decode_waiting();
            self.events.append(&mut self.builder.take_full());
        }
    }

    /// Takes a part of what comes of the end of the data.
    fn take_end(&mut self) {
        let Some(inflate) = &mut self.inflate else { return self.decide(true) };
        let next = inflate.finish(&mut self.waiting);
        let goes_on = next.is_some() || self.has_waiting();
        if let Some(gap) = self.last_gap.take_if(|_| goes_on) {
            self.break_off(gap);
        }
        match next {
            Some(gap) => self.last_gap = Some(gap),
            None => self.inflate = None,
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
            Start::Left(_) => block.len(),
        }
    }

    /// Decides what the object is; its first bytes wait to be decoded.
    fn decide(&mut self, is_whole: bool) {
        let Start::Head(head) = &mut self.body else { return };
        let head = std::mem::take(head);
        self.body = Start::Left(None);
        let head = head.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&head);
        if head.is_empty() {
            self.body = Start::Left(Some(SkipReason::Empty));
        } else if self.settings.format != Format::GroundTruth && is_manifest(head) {
            self.body = Start::Left(Some(SkipReason::BatchManifest));
        } else if is_utf_16(head) {
            self.losses.is_all = Some(Reason::Utf16);
            self.reject_all(Reason::Utf16);
        } else {
            self.events.push(events::opened(&self.object));
            // However long the blocks are in which an object comes, the same bytes decide.
            let (first, is_all) = if head.len() > HEAD { (&head[..HEAD], false) } else { (head, is_whole) };
            let mut seen = Vec::new();
            let body = Body::new(&self.settings, head, (first, is_all), &mut seen);
            seen.extend(match (&body, &self.settings.format) {
                (Body::Csv(_), format) => {
                    let header = if let Format::Csv { header } = format { *header } else { None };
                    let in_doubt = || header_doubt(first, is_all, self.settings.delimiter, header?);
                    appearance(first, is_all, self.settings.delimiter).or_else(in_doubt)
                }
                (_, Format::Json { .. }) => are_captures(first).then_some(Observation::Captures),
                _ => None,
            });
            self.builder.observe(seen);
            self.body = Start::Body(Box::new(body));
            self.waiting = head.to_vec();
            if let (Start::Body(body), Some(gap)) = (&mut self.body, self.before_head.take()) {
                body.break_off(&mut self.builder, &gap);
            }
        }
    }

    /// Takes the object for one record that is not used.
    fn reject_all(&mut self, reason: Reason) {
        self.events.push(events::opened(&self.object));
        self.builder.reject(RecordMark { line: 1, time: None }, reason);
        self.body = Start::Left(None);
    }

    /// Ends the object: with `fault` if it cannot be read on. All of it fits into memory, or [`Self::end`] was called
    /// and nothing more waits.
    pub fn finish(&mut self, mut fault: Option<Reason>) {
        self.end();
        self.losses.broke_off = fault.map(|reason| (reason, self.builder.n_records));
        while fault.is_none() && self.has_more() {
            self.push(&[]);
            self.events.append(&mut self.builder.take_full());
        }
        if let Some(gap) = self.last_gap.take().filter(|_| fault.is_none()) {
            self.losses.add(&gap, self.builder.n_records);
            fault = Some(gap.reason);
        }
        self.decode_all();
        match (&self.body, fault) {
            (Start::Head(head), Some(reason)) if head.is_empty() => self.reject_all(reason),
            _ => self.decide(true),
        }
        self.decode_all();
        if let Start::Body(body) = &mut self.body {
            self.losses.is_open = fault.is_none() && body.is_open();
            body.finish(&mut self.builder, fault);
        }
        self.builder.flush();
        self.events.extend(self.builder.observations.iter().map(|seen| events::observed(&self.object, *seen)));
        self.events.extend(events::details(&self.object, &self.builder.details));
        for (variant, n) in &self.builder.variants {
            self.events.push(events::variant(&self.object, variant, *n));
        }
        if self.n_cells_dropped() > 0 {
            self.events.push(events::cells_dropped(&self.object, self.n_cells_dropped()));
        }
        if self.builder.merged_labels.n_records > 0 {
            self.events.push(events::merged(&self.object, self.builder.merged_labels));
        }
        if self.builder.is_uncounted {
            self.events.push(events::uncounted(&self.object));
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

    /// What of the object, which has so many bytes, could not be read; known when it is finished.
    pub fn losses(&self, n_bytes: u64) -> Vec<Loss> {
        self.losses.of_object(n_bytes, self.builder.n_records)
    }

    /// Bytes of the object that were read and are not lost.
    pub fn n_bytes_read(&self) -> u64 {
        self.losses.n_read()
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

/// Names of the cells in the first records of an object that begins with these bytes.
pub fn column_names(object: &str, settings: Settings, head: &[u8]) -> Vec<String> {
    let mut decoder = ObjectDecoder::new(object, settings);
    let mut rest = head;
    while !rest.is_empty() || decoder.has_more() {
        rest = &rest[decoder.push(rest)..];
        if decoder.builder.n_columns() > 0 {
            break;
        }
    }
    if decoder.builder.n_columns() == 0 {
        decoder.finish(None);
    }
    (0..decoder.builder.n_columns()).map(|column| decoder.builder.name(column as u32).to_owned()).collect()
}
