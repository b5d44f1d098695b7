//! Line framing: one record a line, from blocks of bytes that end anywhere.

use crate::decode::batch::builder::{BatchBuilder, RecordMark};
use crate::decode::batch::record_format::RecordFormat;
use crate::decode::framing::resync::may_be_several;
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
    max_record_bytes: usize,
}

impl Lines {
    pub fn new(format: Box<dyn RecordFormat>, max_record_bytes: usize) -> Self {
        Self { format, pending: Vec::new(), n_lines: 0, skipping: false, max_record_bytes }
    }

    /// Decodes a first part of `block`, until a batch is full; how long it is.
    pub fn push(&mut self, builder: &mut BatchBuilder, block: &[u8]) -> usize {
        let mut at = 0;
        if !self.pending.is_empty() || self.skipping {
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

    /// Goes on behind a part that is lost, with the line in the making.
    pub fn break_off(&mut self, builder: &mut BatchBuilder, reason: Reason) {
        self.pending.clear();
        self.skipping = false;
        self.n_lines += 1;
        builder.reject(RecordMark { line: self.n_lines, time: None }, reason);
    }

    /// Takes what was left without a line end, and the fault that cut the object short.
    pub fn finish(&mut self, builder: &mut BatchBuilder, fault: Option<Reason>) {
        if let Some(reason) = fault {
            self.break_off(builder, reason);
        } else if !self.pending.is_empty() || self.skipping {
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
        if std::mem::take(&mut self.skipping) {
            self.n_lines += 1;
            builder.reject(RecordMark { line: self.n_lines, time: None }, Reason::RecordTooLarge);
        } else {
            let mut pending = std::mem::take(&mut self.pending);
            self.line(builder, &pending);
            pending.clear();
            self.pending = pending;
        }
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
                self.n_lines += 1;
                builder.is_uncounted |= may_be_several(&String::from_utf8_lossy(line));
                builder.reject(RecordMark { line: self.n_lines, time: None }, Reason::InvalidUtf8);
            }
        }
    }

    fn record(&mut self, builder: &mut BatchBuilder, text: &str) {
        self.n_lines += 1;
        if text.len() > self.max_record_bytes {
            builder.reject(RecordMark { line: self.n_lines, time: None }, Reason::RecordTooLarge);
        } else if !text.bytes().all(|b| b.is_ascii_whitespace()) {
            let n_rejected = builder.n_rejected;
            self.format.decode(builder, text, self.n_lines);
            if builder.n_rejected > n_rejected && !builder.is_uncounted {
                builder.is_uncounted = may_be_several(text);
            }
        }
    }
}
