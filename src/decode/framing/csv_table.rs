//! CSV tables, with and without a header.

use std::sync::Arc;

use crate::decode::batch::builder::{BatchBuilder, RecordMark};
use crate::decode::batch::staged::StagedRows;
use crate::decode::framing::column_naming::ColumnNaming;
use crate::decode::framing::quoting::dialect;
use crate::decode::framing::stray_quote::{end_of_its_line, end_of_open_line, line_end, n_inner_lines};
use crate::decode::framing::valid_text::ValidText;
use crate::decode::limits::MAX_COLUMNS;
use crate::decode::reason::Reason;
use crate::decode::settings::decoding::Settings;
use crate::decode::settings::rows::Rows;
use crate::decode::text::csv::{self, COMMA, Cell, Dialect, Scan};

/// Splits blocks into records and decodes them.
///
/// A row with too few cells is filled with nulls; cells beyond the table's width, which the first
/// record sets, are dropped and counted, as Spark's reader does.
pub struct CsvTable {
    dialect: Dialect,
    /// The last byte of a line's end.
    line_end: u8,
    naming: ColumnNaming,
    /// Columns by position, once the first record was seen.
    columns: Option<Vec<u32>>,
    /// Cells of the first record.
    width: usize,
    /// Whether the header could not be read: then no cell has a name, and every record is rejected.
    is_nameless: bool,
    pending: Vec<u8>,
    /// Bytes of `pending` that are decoded.
    n_pending_used: usize,
    /// Length of `pending` from which on it is worth looking for a record's end again. It doubles, so
    /// that a long record is not searched once for every block.
    n_pending_wanted: usize,
    n_lines: u64,
    /// Why a line is left out, while only its end is waited for.
    skipping: Option<Reason>,
    /// Why the next record may be half a line.
    doubt: Option<Reason>,
    /// The last line that a stray quote took for a part of a cell.
    last_line_in_doubt: u64,
    /// Whether an empty line stands before the next record.
    is_behind_blank: bool,
    max_record_bytes: usize,
    rows: StagedRows,
    /// What a quoted cell means, while it is staged.
    quoted: String,
    cells: Vec<Cell>,
}

impl CsvTable {
    pub fn new(header: Option<bool>, names: Arc<[String]>, max_record_bytes: usize) -> Self {
        Self {
            dialect: Dialect::of(COMMA),
            line_end: b'\n',
            naming: ColumnNaming::new(header, names),
            columns: None,
            width: 0,
            is_nameless: false,
            pending: Vec::new(),
            n_pending_used: 0,
            n_pending_wanted: 0,
            n_lines: 0,
            skipping: None,
            doubt: None,
            last_line_in_doubt: 0,
            is_behind_blank: false,
            max_record_bytes,
            rows: StagedRows::default(),
            quoted: String::new(),
            cells: Vec::new(),
        }
    }

    /// For the rows of a dataset's table, which begins with `first`; the flag says whether that is all of it.
    pub fn of(settings: &Settings, header: Option<bool>, rows: &Rows, first: (&[u8], bool)) -> Self {
        let table = Self::new(header, settings.names(), settings.max_record_bytes);
        let table = table.written_as(first, settings.delimiter);
        Self { naming: table.naming.of(settings, rows), ..table }
    }

    /// With lines and cells that are divided as in `first`, with this byte between cells.
    pub fn written_as(self, first: (&[u8], bool), delimiter: u8) -> Self {
        Self { dialect: dialect(first.0, first.1, delimiter), line_end: line_end(first.0), ..self }
    }

    /// Makes rows of fixed columns from those of the table.
    pub fn with_rows(self, rows: &Rows) -> Self {
        Self { naming: self.naming.with_rows(rows), ..self }
    }

    /// Decodes a first part of `block`, until a batch is full; how long it is.
    pub fn push(&mut self, builder: &mut BatchBuilder, block: &[u8]) -> usize {
        if self.pending.is_empty() {
            let used = self.records(builder, block, false);
            if builder.is_full() {
                return used;
            }
            self.pending.extend_from_slice(&block[used..]);
        } else {
            self.pending.extend_from_slice(block);
            if self.pending.len() < self.n_pending_wanted {
                return block.len();
            }
            let mut text = std::mem::take(&mut self.pending);
            let n_pending = text.len() - block.len();
            let first = std::mem::take(&mut self.n_pending_used);
            let used = first + self.records(builder, &text[first..], false);
            if builder.is_full() && used >= n_pending {
                return used - n_pending;
            }
            if builder.is_full() {
                // A stray quote made one of many records, more than fill a batch.
                text.truncate(n_pending);
                (self.pending, self.n_pending_used, self.n_pending_wanted) = (text, used, 0);
                return 0;
            }
            text.drain(..used);
            self.pending = text;
        }
        self.n_pending_wanted = (self.pending.len() * 2).min(self.max_record_bytes + 1);
        block.len()
    }

    /// Whether lines wait for the end of a record.
    pub fn is_waiting(&self) -> bool {
        !self.pending.is_empty()
    }

    /// Decodes what waits for an end that does not come, until a batch is full; whether there is more of it. What is
    /// cut behind the last line end is no line.
    pub fn drain(&mut self, builder: &mut BatchBuilder, is_cut: bool) -> bool {
        let text = std::mem::take(&mut self.pending);
        let first = std::mem::take(&mut self.n_pending_used);
        let line_end = || memchr::memrchr(self.line_end, &text[first..]).map_or(first, |end| first + end + 1);
        let end = if is_cut { line_end() } else { text.len() };
        let used = first + self.records(builder, &text[first..end], true);
        if used < end {
            (self.pending, self.n_pending_used, self.n_pending_wanted) = (text, used, 0);
        }
        self.is_waiting()
    }

    /// Goes on behind a part that is lost, with the record in the making; where no line begins there, with its end.
    pub fn break_off(&mut self, builder: &mut BatchBuilder, reason: Reason, begins_line: bool) {
        self.skipping = (!begins_line).then_some(reason);
        self.doubt = Some(reason);
        if begins_line {
            self.reject_line(builder, reason);
        }
    }

    /// Takes the fault that cut the object short. Nothing waits any more.
    pub fn finish(&mut self, builder: &mut BatchBuilder, fault: Option<Reason>) {
        if let Some(reason) = fault.or(self.skipping) {
            self.reject_line(builder, reason);
        }
    }

    /// Decodes the complete records of `text` until a batch is full; returns how many bytes they are.
    /// No record is looked at beyond the limit, so that the outcome does not depend on where blocks end.
    fn records(&mut self, builder: &mut BatchBuilder, text: &[u8], last: bool) -> usize {
        let mut at = 0;
        let mut valid = ValidText::from(text, at, at);
        let mut cells = std::mem::take(&mut self.cells);
        while at < text.len() && !builder.is_full() {
            if let Some(reason) = self.skipping {
                let Some(end) = memchr::memchr(self.line_end, &text[at..]) else {
                    at = text.len();
                    break;
                };
                at += end + 1;
                self.skipping = None;
                self.reject_line(builder, reason);
                continue;
            }
            let visible = &text[..text.len().min(at + self.max_record_bytes + 1)];
            let is_all = visible.len() == text.len();
            let next = match csv::record_of(&self.dialect, visible, at, last && is_all, &mut cells) {
                Scan::Record(next) => next,
                Scan::Partial { .. } if is_all && !last && text.len() - at <= self.max_record_bytes => break,
                Scan::Partial { in_quotes } => {
                    let opened = in_quotes.then(|| cells.last().map_or(at, |cell| cell.end + 1) - at);
                    at = self.give_up(builder, visible, at, last && is_all, opened);
                    continue;
                }
            };
            let may_span_lines = cells.len() > MAX_COLUMNS || cells.iter().any(|cell| cell.quoted);
            let n_inner = if may_span_lines { n_inner_lines(&text[at..next]) } else { 0 };
            if may_span_lines && let Some(end) = end_of_its_line(&self.dialect, text, at..next, &cells, self.width) {
                self.last_line_in_doubt = self.n_lines + 1 + n_inner;
                self.n_lines += n_inner_lines(&text[at..end]);
                // A quoted cell may hold line ends.
                builder.is_uncounted = true;
                self.reject_line(builder, Reason::UnterminatedQuote);
                at = end;
                continue;
            }
            if next > valid.end {
                valid = ValidText::from(text, at, next);
            }
            let line = self.n_lines + 1;
            self.n_lines += 1 + n_inner;
            if next > valid.end {
                self.reject(builder, RecordMark { line, time: None }, Reason::InvalidUtf8);
            } else {
                for cell in &mut cells {
                    cell.start -= valid.start;
                    cell.end -= valid.start;
                }
                self.record(builder, valid.text, &cells, line);
            }
            at = next;
        }
        self.cells = cells;
        at
    }

    /// Leaves the line on which a quote opens a cell that does not end, `opened` bytes behind `at`, or all lines up to
    /// the end if they are no rows; or begins to skip a line that is too long. Where to go on.
    fn give_up(
        &mut self,
        builder: &mut BatchBuilder,
        text: &[u8],
        at: usize,
        last: bool,
        opened: Option<usize>,
    ) -> usize {
        let swallowed = &text[at..];
        let end =
            if last { swallowed.len() } else { memchr::memrchr(self.line_end, swallowed).map_or(0, |end| end + 1) };
        let Some(opened) = opened.filter(|_| end > 0) else {
            self.n_lines += memchr::memchr_iter(self.line_end, swallowed).count() as u64;
            self.skipping = Some(Reason::RecordTooLarge);
            return text.len();
        };
        let lines = &swallowed[..end];
        let n_lines = n_inner_lines(lines) + 1;
        // A quoted cell may hold line ends.
        builder.is_uncounted = true;
        if let Some(end) = end_of_open_line(&self.dialect, lines, opened, self.width) {
            self.last_line_in_doubt = self.n_lines + n_lines;
            self.n_lines += n_inner_lines(&lines[..end]);
            self.reject_line(builder, Reason::UnterminatedQuote);
            return at + end;
        }
        builder.flush();
        for _ in 0..n_lines {
            self.reject_line(builder, Reason::UnterminatedQuote);
        }
        at + end
    }

    fn reject_line(&mut self, builder: &mut BatchBuilder, reason: Reason) {
        self.n_lines += 1;
        self.reject(builder, RecordMark { line: self.n_lines, time: None }, reason);
    }

    /// Rejects a record. Where it was to name the columns, nobody can say what the others hold.
    fn reject(&mut self, builder: &mut BatchBuilder, mark: RecordMark, reason: Reason) {
        // Without its header a table would take the next record for one.
        self.is_nameless |= self.columns.is_none() && self.naming.may_be_in_file();
        builder.reject(mark, reason);
    }

    fn record(&mut self, builder: &mut BatchBuilder, text: &str, cells: &[Cell], line: u64) {
        if csv::is_blank(text, cells) {
            self.is_behind_blank = self.width > 1;
            return;
        }
        // What stood on an empty line is lost.
        builder.is_uncounted |= std::mem::take(&mut self.is_behind_blank);
        let mark = RecordMark { line, time: None };
        if self.is_nameless {
            return builder.reject(mark, Reason::NoHeader);
        }
        if cells.len() > MAX_COLUMNS {
            return self.reject(builder, mark, Reason::TooManyColumns);
        }
        if self.columns.is_none() {
            let is_header = self.naming.is_header(text, cells);
            match self.naming.columns(builder, text, cells, is_header) {
                Ok(columns) => (self.columns, self.width) = (Some(columns), cells.len()),
                Err(reason) => return self.reject(builder, mark, reason),
            }
            if is_header {
                return;
            }
        }
        if let Some(reason) = self.doubt.take().filter(|_| cells.len() != self.width) {
            return builder.reject(mark, reason);
        }
        if line <= self.last_line_in_doubt && cells.len() != self.width {
            return builder.reject(mark, Reason::UnterminatedQuote);
        }
        // A write that was cut short makes a short row, or one of two.
        builder.is_uncounted |= cells.len() != self.width;
        if self.naming.takes_row(builder, mark, text, cells) {
            return;
        }
        let columns = self.columns.as_deref().unwrap_or_default();
        self.rows.clear();
        builder.stage_csv(&mut self.rows, columns, text, cells, &mut self.quoted);
        self.rows.end_row();
        builder.widths.count(cells.len(), columns.len());
        if let Err(reason) = builder.accept(mark, &[&self.rows]) {
            builder.reject(mark, reason);
        }
    }
}
