//! JSON framing: one document whose elements are the records.

use std::borrow::Cow;
use std::ops::Range;

use crate::decode::batch::builder::{BatchBuilder, RecordMark};
use crate::decode::batch::record_format::RecordFormat;
use crate::decode::framing::resync::{self, Found, Resync};
use crate::decode::reason::Reason;

/// Bytes of the last sound record that are kept, to know others by.
const SOUND: usize = 128;

/// Finds the records of a JSON document without holding the document: the elements of its array,
/// or the values that follow one another.
pub struct Document {
    format: Box<dyn RecordFormat>,
    /// Whether records may have commas between them without an array around them.
    takes_commas: bool,
    record: Vec<u8>,
    /// The beginning of the last record that was used, and of the first one.
    sound: String,
    first_sound: String,
    /// Line on which the record in the making began.
    record_line: u64,
    n_lines: u64,
    /// Open brackets, those of the document's array included.
    depth: usize,
    in_array: bool,
    in_string: bool,
    escaped: bool,
    /// The last byte that is no white space.
    last: u8,
    /// Whether what comes next may be the rest of a damaged record: then only what begins as a sound record is one.
    is_torn: bool,
    /// Whether the record in the making stands behind a colon: then it is a value of a torn one.
    is_value: bool,
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
            sound: String::new(),
            first_sound: String::new(),
            record_line: 1,
            n_lines: 0,
            depth: 0,
            in_array: false,
            in_string: false,
            escaped: false,
            last: b' ',
            is_torn: false,
            is_value: false,
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
            self.last = if byte.is_ascii_whitespace() { self.last } else { byte };
            if self.in_string {
                self.keep(builder, byte);
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
                // A comma is missing.
                b'[' | b'{' if self.in_array && self.depth == 1 && !self.record.is_empty() => {
                    let is_value = self.record.trim_ascii_end().ends_with(b":");
                    self.end_record(builder);
                    (self.is_value, self.depth) = (is_value, 2);
                }
                b'[' | b'{' => self.depth += 1,
                b']' if self.in_array && self.depth == 1 => {
                    self.end_record(builder);
                    self.in_array = false;
                    self.depth = 0;
                    continue;
                }
                b']' | b'}' => self.depth = self.depth.saturating_sub(1).max(usize::from(self.in_array)),
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
            self.keep(builder, byte);
            if self.depth == 0 && !self.in_array && matches!(byte, b'}' | b']') {
                self.end_record(builder);
            }
        }
        block.len()
    }

    /// Whether the document's array goes on behind what was seen of it.
    pub fn is_open(&self) -> bool {
        self.in_array && self.last != b']'
    }

    /// Goes on behind a part that is lost, with the record in the making: within the array, if there was one.
    pub fn break_off(&mut self, builder: &mut BatchBuilder, reason: Reason) {
        let line = if self.record.is_empty() { self.n_lines + 1 } else { self.record_line };
        builder.reject(RecordMark { line, time: None }, reason);
        self.leave_record(builder, line, true);
        (self.skipping, self.is_torn) = (false, true);
        (self.depth, self.in_string, self.escaped) = (usize::from(self.in_array), false, false);
    }

    /// Takes what was left, and the fault that cut the object short.
    pub fn finish(&mut self, builder: &mut BatchBuilder, fault: Option<Reason>) {
        let cut = if self.in_array || self.depth > 0 || self.in_string { Some(Reason::InvalidJson) } else { None };
        let Some(reason) = fault.or(cut) else { return self.end_record(builder) };
        builder.is_uncounted = true;
        let line = if self.record.is_empty() { self.n_lines + 1 } else { self.record_line };
        builder.reject(RecordMark { line, time: None }, reason);
        self.leave_record(builder, line, false);
    }

    /// Leaves the record in the making, which does not end and is counted already; others may be part of it. Where it
    /// is not torn but damaged itself, so may be how it begins: such a beginning does not come again.
    fn leave_record(&mut self, builder: &mut BatchBuilder, line: u64, is_torn: bool) {
        let record = std::mem::take(&mut self.record);
        let comes_again = |opening: &&str| memchr::memmem::find_iter(&record, opening.as_bytes()).nth(1).is_some();
        if self.sound.is_empty()
            && let Some(opening) = std::str::from_utf8(&record)
                .ok()
                .and_then(resync::opening)
                .filter(|opening| is_torn || comes_again(opening))
        {
            opening.clone_into(&mut self.sound);
            opening.clone_into(&mut self.first_sound);
        }
        self.go_on_to_the_end(builder, &record, line);
    }

    /// As [`Self::go_on`], where nothing more comes that a record could end with.
    fn go_on_to_the_end(&mut self, builder: &mut BatchBuilder, record: &[u8], first_line: u64) -> bool {
        let is_damaged = self.go_on(builder, record, first_line);
        if !self.record.is_empty() {
            builder.reject(RecordMark { line: self.record_line, time: None }, Reason::InvalidJson);
            self.record.clear();
            (self.depth, self.in_string, self.escaped) = (usize::from(self.in_array), false, false);
        }
        is_damaged
    }

    fn keep(&mut self, builder: &mut BatchBuilder, byte: u8) {
        if self.record.is_empty() {
            self.record_line = self.n_lines + 1;
        }
        if self.skipping {
            return;
        }
        self.record.push(byte);
        if self.record.len() > self.max_record_bytes {
            self.give_up(builder);
        }
    }

    /// Ends a record that is too long: because of its end that is missing, so that others are part of it, or indeed.
    fn give_up(&mut self, builder: &mut BatchBuilder) {
        let record = std::mem::take(&mut self.record);
        // A record that is only long goes on, and holds no others.
        let is_damaged = resync::holds_others(&String::from_utf8_lossy(&record), &self.sound);
        if is_damaged {
            builder.reject(RecordMark { line: self.record_line, time: None }, Reason::InvalidJson);
            self.go_on(builder, &record, self.record_line);
        }
        if !is_damaged || self.record.len() > self.max_record_bytes / 2 {
            self.record = record;
            self.record.truncate(1);
            self.skipping = true;
        }
    }

    fn end_record(&mut self, builder: &mut BatchBuilder) {
        let mut record = std::mem::take(&mut self.record);
        let line = self.record_line;
        let mark = RecordMark { line, time: None };
        let is_value = std::mem::take(&mut self.is_value);
        if std::mem::take(&mut self.skipping) {
            builder.reject(mark, Reason::RecordTooLarge);
        } else {
            match std::str::from_utf8(&record) {
                Ok(text) if text.trim().is_empty() => {}
                Ok(text) if self.is_torn && (is_value || !self.begins_as_record(text)) => {
                    builder.reject(mark, Reason::InvalidJson);
                    // Before the first record nothing tells another one from the values of a torn one.
                    if !is_value || !self.sound.is_empty() {
                        self.go_on_to_the_end(builder, &record, line);
                    }
                }
                Ok(text) => {
                    self.is_torn = !self.decode(builder, text, line) && self.go_on_to_the_end(builder, &record, line);
                }
                Err(_) => {
                    builder.reject(mark, Reason::InvalidUtf8);
                    self.is_torn = true;
                    self.go_on_to_the_end(builder, &record, line);
                }
            }
        }
        record.clear();
        self.record = record;
    }

    /// Whether a text begins as the last record that was used does, or the first one: one of them may be damaged.
    fn begins_as_record(&self, text: &str) -> bool {
        [&self.sound, &self.first_sound].iter().any(|sound| resync::begins_alike(text, sound))
    }

    /// Whether the record was used.
    fn decode(&mut self, builder: &mut BatchBuilder, text: &str, line: u64) -> bool {
        let n_rejected = builder.n_rejected;
        self.format.decode(builder, text, line);
        let is_used = builder.n_rejected == n_rejected;
        if is_used {
            self.sound.clear();
            self.sound.push_str(&text[..text.floor_char_boundary(SOUND)]);
            if self.first_sound.is_empty() {
                self.first_sound.clone_from(&self.sound);
            }
        }
        is_used
    }

    /// Goes on with the records that are part of a damaged one, which begins on `first_line` and is counted already;
    /// whether it is damaged. The beginning of the last one becomes the record in the making.
    fn go_on(&mut self, builder: &mut BatchBuilder, record: &[u8], first_line: u64) -> bool {
        let text = String::from_utf8_lossy(record);
        let is_all_text = matches!(text, Cow::Borrowed(_));
        let is_text = |part: &str| is_all_text || !part.contains(char::REPLACEMENT_CHARACTER);
        let sound = std::mem::take(&mut self.sound);
        let Some(resync) = Resync::of(&text, &sound) else {
            self.sound = sound;
            return false;
        };
        builder.is_uncounted = true;
        let (mut line, mut at) = (first_line, 0);
        for found in resync {
            let (Found::Record(Range { start, .. }) | Found::Damaged(Range { start, .. }) | Found::Beginning(start)) =
                found;
            line += memchr::memchr_iter(b'\n', &text.as_bytes()[at..start]).count() as u64;
            at = start;
            match found {
                Found::Record(range) if is_text(&text[range.clone()]) => {
                    self.format.decode(builder, &text[range], line);
                }
                Found::Record(_) => builder.reject(RecordMark { line, time: None }, Reason::InvalidUtf8),
                Found::Damaged(_) => builder.reject(RecordMark { line, time: None }, Reason::InvalidJson),
                Found::Beginning(start) => self.begin_again(&text[start..], line),
            }
        }
        self.sound = sound;
        true
    }

    /// Makes the beginning of a record the one in the making.
    fn begin_again(&mut self, text: &str, line: u64) {
        self.record = text.as_bytes().to_vec();
        self.record_line = line;
        (self.depth, self.in_string, self.escaped) = (usize::from(self.in_array), false, false);
        for byte in text.bytes() {
            if self.in_string {
                self.in_string = self.escaped || byte != b'"';
                self.escaped = !self.escaped && byte == b'\\';
                continue;
            }
            match byte {
                b'"' => self.in_string = true,
                b'[' | b'{' => self.depth += 1,
                b']' | b'}' => self.depth = self.depth.saturating_sub(1),
                _ => {}
            }
        }
    }
}
