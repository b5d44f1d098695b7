//! JSON framing: one document whose elements are the records.

use crate::decode::batch::builder::{BatchBuilder, RecordMark};
use crate::decode::batch::record_format::RecordFormat;
use crate::decode::reason::Reason;

/// Finds the records of a JSON document without holding the document: the elements of its array,
/// or the values that follow one another.
pub struct Document {
    format: Box<dyn RecordFormat>,
    /// Whether records may have commas between them without an array around them.
    takes_commas: bool,
    record: Vec<u8>,
    /// Line on which the record in the making began.
    record_line: u64,
    n_lines: u64,
    /// Open brackets, those of the document's array included.
    depth: usize,
    in_array: bool,
    in_string: bool,
    escaped: bool,
    /// Whether the record in the making is too long and only its end is waited for.
    skipping: bool,
    max_record_bytes: usize,
}

impl Document {
    pub fn new(format: Box<dyn RecordFormat>, max_record_bytes: usize) -> Self {
        Self {
            format,
            takes_commas: false,
            record: Vec::new(),
            record_line: 1,
            n_lines: 0,
            depth: 0,
            in_array: false,
            in_string: false,
            escaped: false,
            skipping: false,
            max_record_bytes,
        }
    }

    /// Takes records with commas between them, too.
    pub fn with_commas(self) -> Self {
        Self { takes_commas: true, ..self }
    }

    /// Decodes a first part of `block`, until a batch is full; how long it is.
    pub fn push(&mut self, builder: &mut BatchBuilder, block: &[u8]) -> usize {
        for (at, &byte) in block.iter().enumerate() {
            if builder.is_full() {
                return at;
            }
            self.n_lines += u64::from(byte == b'\n');
            if self.in_string {
                self.keep(byte);
                self.in_string = self.escaped || byte != b'"';
                self.escaped = !self.escaped && byte == b'\\';
                continue;
            }
            match byte {
                b'[' if self.depth == 0 && self.record.is_empty() && !self.in_array => {
                    self.in_array = true;
                    self.depth = 1;
                    continue;
                }
                b'[' | b'{' => self.depth += 1,
                b']' if self.in_array && self.depth == 1 => {
                    self.end_record(builder);
                    self.in_array = false;
                    self.depth = 0;
                    continue;
                }
                b']' | b'}' => self.depth = self.depth.saturating_sub(1),
                b',' if self.in_array && self.depth == 1 => {
                    self.end_record(builder);
                    continue;
                }
                b',' if self.takes_commas && self.depth == 0 => {
                    self.end_record(builder);
                    continue;
                }
                b'"' => self.in_string = true,
                b' ' | b'\t' | b'\r' | b'\n' if self.record.is_empty() => continue,
                b' ' | b'\t' | b'\r' | b'\n' if !self.in_array && self.depth == 0 => {
                    self.end_record(builder);
                    continue;
                }
                _ => {}
            }
            self.keep(byte);
            if self.depth == 0 && !self.in_array && matches!(byte, b'}' | b']') {
                self.end_record(builder);
            }
        }
        block.len()
    }

    /// Takes what was left, and the fault that cut the object short.
    pub fn finish(&mut self, builder: &mut BatchBuilder, fault: Option<Reason>) {
        let cut = if self.in_array || self.depth > 0 || self.in_string { Some(Reason::InvalidJson) } else { None };
        match fault.or(cut) {
            Some(reason) => {
                let line = if self.record.is_empty() { self.n_lines + 1 } else { self.record_line };
                builder.reject(RecordMark { line, time: None }, reason);
            }
            None => self.end_record(builder),
        }
    }

    fn keep(&mut self, byte: u8) {
        if self.record.is_empty() {
            self.record_line = self.n_lines + 1;
        }
        if self.record.len() >= self.max_record_bytes {
            self.skipping = true;
        } else {
            self.record.push(byte);
        }
    }

    fn end_record(&mut self, builder: &mut BatchBuilder) {
        let mut record = std::mem::take(&mut self.record);
        let mark = RecordMark { line: self.record_line, time: None };
        if std::mem::take(&mut self.skipping) {
            builder.reject(mark, Reason::RecordTooLarge);
        } else {
            match std::str::from_utf8(&record) {
                Ok(text) if text.trim().is_empty() => {}
                Ok(text) => self.format.decode(builder, text, self.record_line),
                Err(_) => builder.reject(mark, Reason::InvalidUtf8),
            }
        }
        record.clear();
        self.record = record;
    }
}
