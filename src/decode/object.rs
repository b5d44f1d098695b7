//! Object decoder: one object from its first byte to its last, what it is, and its rows.

use arrow::array::RecordBatch;

use crate::decode::batch::builder::{BatchBuilder, RecordMark};
use crate::decode::batch::events;
use crate::decode::batch::loss::Loss;
use crate::decode::batch::row_widths::RowWidths;
use crate::decode::body::{Body, Start};
use crate::decode::framing::appearance::observed;
use crate::decode::framing::foreign::{NotRead, not_read};
use crate::decode::losses::Losses;
use crate::decode::reason::{Reason, SkipReason};
use crate::decode::settings::decoding::Settings;
use crate::decode::settings::format::Format;
use crate::decode::settings::rows::Rows;
use crate::decode::text::inflate::{self, Gap, Inflate};
use crate::decode::text::zeros::{self, Before, Zeros};

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
    /// Zero bytes before the waiting bytes.
    zeros: Zeros,
    /// What is lost where the data ends, unless something follows.
    last_gap: Option<Gap>,
    is_ended: bool,
    /// What was lost before the object's head.
    before_head: Option<Gap>,
    losses: Losses,
    events: Vec<RecordBatch>,
}

impl ObjectDecoder {
    pub fn new(object: &str, mut settings: Settings) -> Self {
        if settings.format == Format::GroundTruth && !settings.rows.are_labels() {
            settings.rows = Rows::Labels(settings.rows.attributes());
        }
        Self {
            builder: Self::builder(object, &settings),
            object: object.to_owned(),
            settings,
            inflate: None,
            raw_head: Vec::new(),
            is_started: false,
            body: Start::Head(Vec::new()),
            waiting: Vec::new(),
            n_decoded: 0,
            gap: None,
            zeros: Zeros::default(),
            last_gap: None,
            is_ended: false,
            before_head: None,
            losses: Losses::default(),
            events: Vec::new(),
        }
    }

    fn builder(object: &str, settings: &Settings) -> BatchBuilder {
        let mut builder = BatchBuilder::new(object);
        builder.max_record_memory = settings.max_record_memory;
        settings.columns().into_iter().for_each(|columns| builder.fix_columns(columns));
        builder
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
        if self.gap.is_some() {
            if !self.drain(true) {
                self.gap.take().into_iter().for_each(|gap| self.break_off(gap));
            }
        } else if self.is_ended {
            self.take_end();
        } else {
            return self.raw(block);
        }
        0
    }

    /// Decodes what waits in the body for an end that does not come, until a batch is full; whether there is more of it.
    fn drain(&mut self, is_cut: bool) -> bool {
        if let Start::Body(body) = &mut self.body { body.drain(&mut self.builder, is_cut) } else { false }
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
        let is_waiting = || matches!(&self.body, Start::Body(body) if body.is_waiting());
        has_more || self.has_waiting() || self.gap.is_some() || self.is_ended && (self.has_head() || is_waiting())
    }

    fn has_head(&self) -> bool {
        matches!(&self.body, Start::Head(head) if !head.is_empty())
    }

    fn has_waiting(&self) -> bool {
        self.n_decoded < self.waiting.len() || self.has_last_zeros()
    }

    /// Whether the text ends with zero bytes that wait.
    fn has_last_zeros(&self) -> bool {
        self.is_ended && self.inflate.is_none() && self.zeros.before(zeros::TORN) != Before::Nothing
    }

    /// Looks at the first bytes.
    fn start(&mut self) {
        self.is_started = true;
        let head = std::mem::take(&mut self.raw_head);
        if head.starts_with(&inflate::MAGIC) {
            self.inflate = Some(Inflate::default());
            self.raw(&head);
        } else {
            self.waiting = head;
        }
    }

    /// Takes bytes as they lie in the store. What is inflated waits to be decoded.
    fn raw(&mut self, block: &[u8]) -> usize {
        let Some(inflate) = &mut self.inflate else { return self.text(block) };
        let n_waiting = self.waiting.len();
        let (n_taken, gap) = inflate.push(block, &mut self.waiting);
        self.losses.n_inflated += (self.waiting.len() - n_waiting) as u64;
        self.gap = gap;
        n_taken
    }

    /// Counts what is lost, and goes on behind it.
    fn break_off(&mut self, gap: Gap) {
        let behind = std::mem::take(&mut self.waiting);
        self.leave_all_zeros();
        if self.has_head() {
            self.decide(false);
            self.decode_all();
            self.leave_all_zeros();
        }
        while self.drain(true) {
            self.events.append(&mut self.builder.take_full());
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
        let Some(inflate) = &mut self.inflate else {
            if self.has_head() {
                self.decide(true);
            } else {
                self.drain(self.last_gap.is_some());
            }
            return;
        };
        let n_waiting = self.waiting.len();
        let next = inflate.finish(&mut self.waiting);
        self.losses.n_inflated += (self.waiting.len() - n_waiting) as u64;
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
        let next = first + self.text(&waiting[first..]);
        // Deciding what the object is leaves its head to be decoded.
        if !self.waiting.is_empty() {
            self.waiting.extend_from_slice(&waiting[next..]);
        } else if next < waiting.len() {
            self.waiting = waiting;
            self.n_decoded = next;
        }
    }

    /// Decodes a first part of the text, and counts what is zero bytes; how long it is.
    fn text(&mut self, block: &[u8]) -> usize {
        let n_zeros = self.zeros.take(block);
        if n_zeros == 0 && !self.leave_zeros() {
            return self.plain(&block[..zeros::text_length(block)]);
        }
        n_zeros
    }

    fn leave_all_zeros(&mut self) {
        while self.leave_zeros() {
            self.events.append(&mut self.builder.take_full());
        }
    }

    /// Takes a part of the zero bytes before the next one, or goes on behind them; whether there were any.
    fn leave_zeros(&mut self) -> bool {
        let shortest_run = if matches!(self.body, Start::Body(_)) { zeros::TORN } else { zeros::RUN };
        match self.zeros.before(shortest_run) {
            Before::Nothing => return false,
            Before::Few(n) => {
                let n_taken = self.plain(&[0; zeros::RUN][..n.min(zeros::RUN)]);
                self.zeros.let_go(n_taken as u64);
            }
            Before::Run(_) if self.drain(true) => {}
            Before::Run(n) => {
                self.zeros.let_go(n);
                self.break_off(Gap { reason: Reason::ZeroBytes, n_lost: n, n_doubtful: 0, begins_line: false });
            }
        }
        true
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
        let head = head.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&head);
        // However long the blocks are in which an object comes, the same bytes decide.
        let (first, is_all) = if head.len() > HEAD { (&head[..HEAD], false) } else { (head, is_whole) };
        match not_read(&self.settings.format, first) {
            Some(NotRead::Skipped(reason)) => return self.body = Start::Left(Some(reason)),
            Some(NotRead::Lost(reason, name)) => return self.lose_all(reason, name),
            None => self.events.push(events::opened(&self.object)),
        }
        let mut seen = Vec::new();
        let mut body = Body::new(&self.settings, head, (first, is_all), &mut seen);
        seen.extend(observed(&self.settings, matches!(body, Body::Csv(_)), first, is_all));
        self.builder.observe(seen);
        self.waiting = head.to_vec();
        if let Some(gap) = self.before_head.take() {
            body.break_off(&mut self.builder, &gap);
        }
        self.body = Start::Body(Box::new(body));
    }

    /// Takes the object, which cannot be read, for one record that is lost, of which this is known.
    fn lose_all(&mut self, reason: Reason, name: Option<&str>) {
        self.losses.is_all = Some(reason);
        self.reject_all(reason);
        self.builder.details.add(1, reason, || Some(format!("the file is {}", name?)));
    }

    /// Takes the object for one record.
    fn reject_all(&mut self, reason: Reason) {
        self.events.push(events::opened(&self.object));
        self.builder.reject(RecordMark { line: 1, time: None }, reason);
        self.body = Start::Left(None);
    }

    /// Gives up an object at which the decoder panicked: nothing is looked at but the batches that are full, and all
    /// the rest is lost.
    pub fn abandon(&mut self) {
        let (object, settings) = (std::mem::take(&mut self.object), self.settings.clone());
        let is_opened = !matches!(self.body, Start::Head(_) | Start::Left(Some(_)));
        let given_up = std::mem::replace(self, Self::new(&object, settings));
        let losses = given_up.losses.of_abandoned(Reason::Corrupt, &given_up.builder);
        (self.losses, self.events) = (losses, given_up.events);
        self.builder.go_on_from(given_up.builder);
        if !is_opened {
            self.events.push(events::opened(&self.object));
        }
        self.builder.reject(RecordMark { line: self.builder.n_records + 1, time: None }, Reason::Corrupt);
        (self.body, self.is_started) = (Start::Left(None), true);
    }

    /// Ends the object. All of it fits into memory, or [`Self::end`] was called and nothing more waits.
    pub fn finish(&mut self) {
        self.end();
        while self.has_more() {
            self.push(&[]);
            self.events.append(&mut self.builder.take_full());
        }
        let fault = self.last_gap.take().map(|gap| {
            self.losses.add(&gap, self.builder.n_records);
            gap.reason
        });
        self.decode_all();
        match (&self.body, fault.or(self.before_head.map(|gap| gap.reason))) {
            (Start::Head(head), Some(reason)) if head.is_empty() => self.reject_all(reason),
            _ => self.decide(true),
        }
        self.decode_all();
        if let Start::Body(body) = &mut self.body {
            self.losses.is_open = fault.is_none() && body.is_open();
            body.finish(&mut self.builder, fault);
        }
        self.builder.flush();
        self.events.extend(events::of_object(&self.builder));
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

    /// Cells of used rows for which there was no column, and rows with fewer cells than their table has columns.
    pub fn widths(&self) -> &RowWidths {
        &self.builder.widths
    }

    /// Names of the columns so far.
    pub fn column_names(&self) -> Vec<String> {
        (0..self.builder.n_columns()).map(|column| self.builder.name(column as u32).to_owned()).collect()
    }
}
