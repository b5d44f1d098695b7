//! Line framing: one record a line, from blocks of bytes that end anywhere.

use crate::decode::batch::builder::{BatchBuilder, RecordMark};
use crate::decode::batch::record_format::RecordFormat;
use crate::decode::framing::resync::{is_whole_record, may_be_several, opening};
use crate::decode::reason::Reason;

/// Splits blocks into lines. Lines of white space are no records.
pub struct Lines {
    format: Box<dyn RecordFormat>,
    /// The beginning of a line whose end has not come yet.
    pending: Vec<u8>,
    /// Lines seen to their end.
    n_lines: u64,
    /// Whether the line in the making is too long and only its end is waited for.
    skipping: bool,
    /// A part of the line in the making that is lost.
    torn: Option<Torn>,
    /// How the first record that was used begins, up to its first key.
    opening: Option<String>,
    /// Whether an empty line stands between the last record and the next one.
    is_behind_blank: bool,
    max_record_bytes: usize,
}

/// A part of a line that is lost, before what is there of the line.
#[derive(Clone, Copy, Debug)]
struct Torn {
    reason: Reason,
    /// Whether a record began before it.
    is_behind_record: bool,
}

impl Lines {
    pub fn new(format: Box<dyn RecordFormat>, max_record_bytes: usize) -> Self {
        Self {
            format,
            pending: Vec::new(),
            n_lines: 0,
            skipping: false,
            torn: None,
            opening: None,
            is_behind_blank: false,
            max_record_bytes,
        }
    }

    /// Decodes a first part of `block`, until a batch is full; how long it is.
    pub fn push(&mut self, builder: &mut BatchBuilder, block: &[u8]) -> usize {
        let mut at = 0;
        if self.is_in_line() {
            let end = memchr::memchr(b'\n', block);
            self.wait(&block[..end.unwrap_or(block.len())]);
            let Some(end) = end else { return block.len() };
            self.end_pending(builder);
            at = end + 1;
        }
        let complete = memchr::memrchr(b'\n', &block[at..]).map_or(at, |end| at + end + 1);
        at += match std::str::from_utf8(&block[at..complete]) {
            Ok(text) => self.text_lines(builder, text),
            Err(_) => self.byte_lines(builder, &block[at..complete]),
        };
        if at < complete {
            return at;
        }
        self.wait(&block[complete..]);
        block.len()
    }

    /// Whether a line was begun.
    fn is_in_line(&self) -> bool {
        !self.pending.is_empty() || self.skipping || self.torn.is_some()
    }

    /// Goes on behind a part that is lost, with the line in the making; where no line begins there, with its end.
    pub fn break_off(&mut self, builder: &mut BatchBuilder, reason: Reason, begins_line: bool) {
        let was_torn = self.torn.is_some_and(|torn| torn.is_behind_record);
        let is_behind_record = was_torn || !self.pending.is_empty() || self.skipping;
        self.pending.clear();
        self.skipping = false;
        self.torn = (!begins_line).then_some(Torn { reason, is_behind_record });
        if begins_line {
            self.reject(builder, reason);
        }
    }

    /// Takes what was left without a line end, and the fault that cut the object short.
    pub fn finish(&mut self, builder: &mut BatchBuilder, fault: Option<Reason>) {
        if let Some(reason) = fault {
            self.reject(builder, reason);
        } else if self.is_in_line() {
            self.end_pending(builder);
        }
    }

    /// Keeps the beginning of a line, unless it is too long already.
    fn wait(&mut self, bytes: &[u8]) {
        if self.skipping {
            return;
        }
        if self.pending.len() + bytes.len() > self.max_record_bytes {
            self.pending = Vec::new();
            self.skipping = true;
        } else {
            self.pending.extend_from_slice(bytes);
        }
    }

    fn end_pending(&mut self, builder: &mut BatchBuilder) {
        let mut pending = std::mem::take(&mut self.pending);
        let torn = self.torn.take();
        let is_too_large = std::mem::take(&mut self.skipping);
        // What begins a record behind the lost part and is whole was written there.
        let is_whole = !is_too_large && torn.is_none_or(|_| is_whole_record(&pending));
        let is_rest = is_too_large || !is_whole && !pending.trim_ascii().is_empty();
        match torn {
            Some(torn) if torn.is_behind_record || is_rest => self.reject(builder, torn.reason),
            None if is_too_large => self.reject(builder, Reason::RecordTooLarge),
            _ => {}
        }
        if is_whole {
            self.line(builder, &pending);
        }
        pending.clear();
        self.pending = pending;
    }

    fn reject(&mut self, builder: &mut BatchBuilder, reason: Reason) {
        self.n_lines += 1;
        builder.reject(RecordMark { line: self.n_lines, time: None }, reason);
    }

    /// Decodes complete lines until a batch is full; how many bytes they are.
    fn text_lines(&mut self, builder: &mut BatchBuilder, text: &str) -> usize {
        let mut start = 0;
        for end in memchr::memchr_iter(b'\n', text.as_bytes()) {
            if builder.is_full() {
                break;
            }
            self.record(builder, &text[start..end]);
            start = end + 1;
        }
        start
    }

    /// As [`Self::text_lines`], where not all of them are text.
    fn byte_lines(&mut self, builder: &mut BatchBuilder, bytes: &[u8]) -> usize {
        let mut start = 0;
        for end in memchr::memchr_iter(b'\n', bytes) {
            if builder.is_full() {
                break;
            }
            self.line(builder, &bytes[start..end]);
            start = end + 1;
        }
        start
    }

    fn line(&mut self, builder: &mut BatchBuilder, line: &[u8]) {
        match std::str::from_utf8(line) {
            Ok(text) => self.record(builder, text),
            Err(_) => {
                self.reject(builder, Reason::InvalidUtf8);
                builder.is_uncounted |= may_be_several(&String::from_utf8_lossy(line));
                self.go_on(builder, line);
            }
        }
    }

    /// Goes on with the record at the end of a line that is no record: what stands before it was cut with its line end.
    fn go_on(&mut self, builder: &mut BatchBuilder, line: &[u8]) {
        let Some(opening) = &self.opening else { return };
        let is_inside = |at: &usize| !line[..*at].trim_ascii().is_empty();
        let Some(at) = memchr::memmem::rfind(line, opening.as_bytes()).filter(is_inside) else { return };
        if let Ok(record) = std::str::from_utf8(&line[at..])
            && is_whole_record(&line[at..])
        {
            builder.is_uncounted = true;
            self.format.decode(builder, record, self.n_lines);
        }
    }

    fn record(&mut self, builder: &mut BatchBuilder, text: &str) {
        self.n_lines += 1;
        if text.len() > self.max_record_bytes {
            builder.reject(RecordMark { line: self.n_lines, time: None }, Reason::RecordTooLarge);
        } else if text.bytes().all(|b| b.is_ascii_whitespace()) {
            self.is_behind_blank = builder.n_records > 0;
        } else {
            // What stood on an empty line is lost.
            builder.is_uncounted |= std::mem::take(&mut self.is_behind_blank);
            let (n_records, n_rejected) = (builder.n_records, builder.n_rejected);
            self.format.decode(builder, text, self.n_lines);
            if builder.n_rejected > n_rejected {
                builder.is_uncounted = builder.is_uncounted || may_be_several(text);
                if builder.n_records == n_records + 1 {
                    self.go_on(builder, text.as_bytes());
                }
            } else if self.opening.is_none() {
                self.opening = opening(text).map(str::to_owned);
            }
        }
    }
}
