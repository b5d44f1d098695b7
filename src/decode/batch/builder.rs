//! Record batch builder: cells of text to batches of the layout in [`crate::decode::batch::layout`].
//!
//! A record's cells are staged first and join the batch only when the whole record was read, so
//! that a rejected record leaves nothing behind, no column either. Cells of up to twelve bytes
//! live inside their view; longer ones are copied once, into one buffer a batch.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, Int64Array, RecordBatch, RecordBatchOptions, UInt8Array, UInt64Array};
use arrow::buffer::{BooleanBuffer, Buffer, NullBuffer};
use arrow::datatypes::{Schema, SchemaRef};

use crate::decode::batch::column::Column;
use crate::decode::batch::details::Details;
use crate::decode::batch::layout::{Meta, OBJECT, cell_field, meta_fields};
use crate::decode::batch::merged_labels::MergedLabels;
use crate::decode::batch::order::Order;
use crate::decode::batch::outcome::ID_PLACE;
use crate::decode::batch::row_widths::RowWidths;
use crate::decode::batch::staged::{StagedCell, StagedRows};
use crate::decode::batch::unreadable_cells::UnreadableCells;
use crate::decode::batch::view::{INLINE, inline_view, outer_view};
use crate::decode::limits::{MAX_COLUMNS, MAX_RECORD_CELLS, MAX_RECORD_TEXT};
use crate::decode::reason::{Observation, Reason};
use crate::decode::text::csv::Cell;

/// A batch is full at this many rows, cells, or bytes of long cells, whichever comes first.
const FULL_ROWS: usize = 4_096;
const FULL_CELLS: usize = 1 << 18;
const FULL_BYTES: usize = 2 << 20;
/// Stands for the time of a row that has none, until the batch is closed.
const NO_TIME: i64 = i64::MIN;

/// What a record is, apart from its cells.
#[derive(Clone, Copy, Debug)]
pub struct RecordMark {
    /// One-based line of the record in its object.
    pub line: u64,
    /// Milliseconds since 1970 (UTC).
    pub time: Option<i64>,
}

/// Gathers rows into batches.
#[derive(Debug, Default)]
pub struct BatchBuilder {
    pub object: String,
    columns: Vec<Column>,
    by_name: HashMap<Arc<str>, u32>,
    /// Columns that stood before the record in the making began.
    n_settled: usize,
    /// Whether batches of nothing but rejected rows have the columns, too.
    is_fixed: bool,
    /// What rows hold beyond the columns, or lack.
    pub widths: RowWidths,
    /// Cells of used records that are null because their values have no text.
    pub unreadable: UnreadableCells,
    pub merged_labels: MergedLabels,
    schema: Option<SchemaRef>,
    long_text: Vec<u8>,
    /// Bytes of `long_text` that belong to settled records.
    n_settled_bytes: usize,
    /// Most bytes that the rows of one record may take in a batch: their text and their cells.
    pub max_record_memory: usize,
    /// Records so far, and those of them that were rejected.
    pub n_records: u64,
    pub n_rejected: u64,
    /// Whether a damaged part may have held more records than were rejected for it, or fewer.
    pub is_uncounted: bool,
    reasons: Vec<u8>,
    lines: Vec<u64>,
    starts: Vec<bool>,
    times: Vec<i64>,
    full: Vec<RecordBatch>,
    /// Of rejected records.
    pub details: Details,
    /// Used records by the variant that their metadata name; none of those that are left out.
    pub variants: BTreeMap<String, u64>,
    /// What the object looks like, in the order in which it was seen.
    pub observations: Vec<Observation>,
}

impl BatchBuilder {
    /// For the rows of `object`.
    pub fn new(object: &str) -> Self {
        Self { object: object.to_owned(), max_record_memory: usize::MAX, ..Self::default() }
    }

    /// Keeps what the object looks like.
    pub fn observe(&mut self, seen: impl IntoIterator<Item = Observation>) {
        for observation in seen {
            if !self.observations.contains(&observation) {
                self.observations.push(observation);
            }
        }
    }

    /// The column called `name`, new if need be. `order` sorts it among the table's columns; the
    /// smallest order that was ever asked for counts.
    pub fn column(&mut self, name: &str, order: &Order) -> Result<u32, Reason> {
        if let Some(&column) = self.by_name.get(name) {
            let known = &mut self.columns[column as usize].order;
            if order < known {
                known.clone_from(order);
                self.schema = None;
            }
            return Ok(column);
        }
        if self.columns.len() == MAX_COLUMNS {
            return Err(Reason::TooManyColumns);
        }
        let column = self.columns.len() as u32;
        let name: Arc<str> = name.into();
        self.by_name.insert(name.clone(), column);
        self.columns.push(Column { name, order: order.clone(), views: Vec::new(), null_rows: Vec::new() });
        self.schema = None;
        Ok(column)
    }

    /// The column called `name`, if there is one.
    pub fn find(&self, name: &str) -> Option<u32> {
        self.by_name.get(name).copied()
    }

    /// What sorts a column among the others.
    pub fn order(&self, column: u32) -> &Order {
        &self.columns[column as usize].order
    }

    /// The name of a column.
    pub fn name(&self, column: u32) -> &str {
        &self.columns[column as usize].name
    }

    /// Number of columns.
    pub fn n_columns(&self) -> usize {
        self.columns.len()
    }

    /// Gives every batch of rows these columns, in this order, before all others.
    pub fn fix_columns(&mut self, names: Vec<String>) {
        let are_new = names.iter().enumerate().all(|(place, name)| self.column(name, &Order::fixed(place)).is_ok());
        debug_assert!(are_new && self.columns.len() == names.len(), "the columns are different and not too many");
        (self.is_fixed, self.n_settled) = (true, self.columns.len());
    }

    /// Keeps the columns that exist, whatever becomes of the records that follow.
    pub fn settle_columns(&mut self) {
        self.n_settled = self.columns.len();
    }

    /// Stages a cell of text.
    #[inline]
    pub fn stage(&mut self, rows: &mut StagedRows, column: u32, text: &str) {
        let view = self.view(text);
        rows.push(column, Some(view));
    }

    /// The view of a text, which several cells may hold.
    #[inline]
    pub fn view(&mut self, text: &str) -> u128 {
        inline_view(text.as_bytes()).unwrap_or_else(|| {
            let offset = self.long_text.len();
            self.long_text.extend_from_slice(text.as_bytes());
            outer_view(text.as_bytes(), offset)
        })
    }

    /// The text of a staged cell; `None` for null. `inline` keeps what lives inside the view.
    pub fn text_of<'b>(&'b self, cell: &StagedCell, inline: &'b mut [u8; 16]) -> Option<&'b str> {
        if cell.is_null {
            return None;
        }
        *inline = cell.view.to_le_bytes();
        let len = cell.view as u32 as usize;
        let bytes = if len <= INLINE {
            &inline[4..4 + len]
        } else {
            let offset = (cell.view >> 96) as usize;
            &self.long_text[offset..offset + len]
        };
        std::str::from_utf8(bytes).ok()
    }

    /// Forgets the text of staged cells.
    pub fn clear_text(&mut self) {
        self.long_text.clear();
        self.n_settled_bytes = 0;
    }

    /// Stages the cells of `text`, one for each column; an empty one is null, quoted or not.
    /// `buffer` is used for what quoted cells mean.
    pub fn stage_csv(
        &mut self,
        rows: &mut StagedRows,
        columns: &[u32],
        text: &str,
        cells: &[Cell],
        buffer: &mut String,
    ) {
        for (&column, cell) in columns.iter().zip(cells) {
            let meaning = cell.meaning_in(text, buffer);
            if meaning.is_empty() {
                self.stage_null(rows, column);
            } else {
                self.stage(rows, column, meaning);
            }
        }
    }

    /// Whether the record in the making holds more text or cells in `rows` than any honest one.
    pub fn is_overflowing(&self, rows: &StagedRows) -> bool {
        self.long_text.len() - self.n_settled_bytes > MAX_RECORD_TEXT || self.are_too_many(rows.n_cells())
    }

    /// Whether so many cells are more than those of a record may be, beside its text.
    fn are_too_many(&self, n_cells: usize) -> bool {
        let n_bytes = n_cells.saturating_mul(size_of::<u128>());
        let n_bytes = n_bytes.saturating_add(self.long_text.len() - self.n_settled_bytes);
        n_cells > MAX_RECORD_CELLS || n_bytes > self.max_record_memory
    }

    /// Stages a null.
    pub fn stage_null(&mut self, rows: &mut StagedRows, column: u32) {
        rows.push(column, None);
    }

    /// Takes a record in: row `i` of every side together make one row. The sides hold equally many rows.
    /// Returns the reason, and keeps nothing, when a column would get two cells in one row, or when there
    /// would be too many cells.
    pub fn accept(&mut self, mark: RecordMark, sides: &[&StagedRows]) -> Result<(), Reason> {
        let first_row = self.lines.len();
        let n_rows = sides.iter().map(|side| side.n_rows()).max().unwrap_or(0);
        if n_rows.saturating_mul(self.columns.len()) > MAX_RECORD_CELLS
            || self.are_too_many(n_rows.saturating_mul(Meta::WIDTH + self.columns.len()))
        {
            return Err(Reason::RecordTooLarge);
        }
        for record_row in 0..n_rows {
            let row = first_row + record_row;
            for cell in sides.iter().flat_map(|side| side.row(record_row)) {
                let column = &mut self.columns[cell.column as usize];
                if column.views.len() > row {
                    self.take_back(first_row);
                    return Err(Reason::DuplicateKey);
                }
                column.fill(row);
                column.views.push(cell.view);
                if cell.is_null {
                    column.null_rows.push(row as u32);
                }
            }
        }
        for record_row in 0..n_rows {
            self.mark_row(0, record_row == 0, mark);
        }
        sides.iter().for_each(|side| self.unreadable.merge(&side.unreadable));
        self.widths.n_cells_dropped += sides.iter().map(|side| side.n_left_out() as u64).sum::<u64>();
        self.settle();
        Ok(())
    }

    /// Counts a record that is not used.
    pub fn reject(&mut self, mark: RecordMark, reason: Reason) {
        self.reject_known(mark, reason, None);
    }

    /// Counts a record that is not used. Where columns are fixed its id still stands in its row.
    pub fn reject_known(&mut self, mark: RecordMark, reason: Reason, id: Option<&str>) {
        for column in self.columns.drain(self.n_settled..) {
            self.by_name.remove(&column.name);
            self.schema = None;
        }
        self.long_text.truncate(self.n_settled_bytes);
        if let Some(id) = id.filter(|_| self.is_fixed) {
            let (row, view) = (self.lines.len(), self.view(id));
            let column = &mut self.columns[ID_PLACE as usize];
            column.fill(row);
            column.views.push(view);
        }
        self.n_rejected += 1;
        self.mark_row(reason as u8, true, mark);
        self.settle();
    }

    fn take_back(&mut self, n_rows: usize) {
        for column in &mut self.columns {
            column.views.truncate(n_rows);
            while column.null_rows.last().is_some_and(|&row| row as usize >= n_rows) {
                column.null_rows.pop();
            }
        }
    }

    fn mark_row(&mut self, reason: u8, starts_record: bool, mark: RecordMark) {
        self.reasons.push(reason);
        self.lines.push(mark.line);
        self.starts.push(starts_record);
        self.n_records += u64::from(starts_record);
        self.times.push(mark.time.unwrap_or(NO_TIME));
    }

    fn settle(&mut self) {
        self.n_settled = self.columns.len();
        self.n_settled_bytes = self.long_text.len();
        let n_rows = self.lines.len();
        if n_rows >= FULL_ROWS || n_rows * self.columns.len() >= FULL_CELLS || self.long_text.len() >= FULL_BYTES {
            self.flush();
        }
    }

    /// Closes the batch in the making.
    pub fn flush(&mut self) {
        let n_rows = self.lines.len();
        if n_rows == 0 {
            return;
        }
        let all_rejected = !self.reasons.contains(&0);
        let text = Buffer::from(std::mem::take(&mut self.long_text));
        self.n_settled_bytes = 0;
        let present = |absent: Vec<bool>| {
            let none = !absent.contains(&true);
            (!none).then(|| NullBuffer::new(absent.into_iter().map(|absent| !absent).collect::<BooleanBuffer>()))
        };
        let no_reason = present(self.reasons.iter().map(|&reason| reason == 0).collect());
        let no_time = present(self.times.iter().map(|&time| time == NO_TIME).collect());
        let mut arrays: Vec<ArrayRef> = Vec::with_capacity(Meta::WIDTH + self.columns.len());
        arrays.push(Arc::new(UInt8Array::new(std::mem::take(&mut self.reasons).into(), no_reason)));
        arrays.push(Arc::new(UInt64Array::new(std::mem::take(&mut self.lines).into(), None)));
        arrays.push(Arc::new(BooleanArray::from(std::mem::take(&mut self.starts))));
        arrays.push(Arc::new(Int64Array::new(std::mem::take(&mut self.times).into(), no_time)));
        // Rejected rows have no cells but ids: a batch of nothing else needs no columns, unless they are fixed.
        let schema = if all_rejected && !self.is_fixed {
            let metadata = HashMap::from([(OBJECT.to_owned(), self.object.clone())]);
            Arc::new(Schema::new_with_metadata(meta_fields(), metadata))
        } else {
            arrays.extend(self.columns.iter_mut().map(|column| column.close(n_rows, &text)));
            self.schema()
        };
        let options = RecordBatchOptions::new().with_row_count(Some(n_rows));
        match RecordBatch::try_new_with_options(schema, arrays, &options) {
            Ok(batch) => self.full.push(batch),
            Err(defect) => unreachable!("columns of one batch are equally long: {defect}"),
        }
    }

    fn schema(&mut self) -> SchemaRef {
        let columns = &self.columns;
        let object = &self.object;
        self.schema
            .get_or_insert_with(|| {
                let mut fields = meta_fields();
                fields.extend(columns.iter().map(|column| cell_field(&column.name, &column.order)));
                Arc::new(Schema::new_with_metadata(fields, HashMap::from([(OBJECT.to_owned(), object.clone())])))
            })
            .clone()
    }

    /// Records that are in no batch yet.
    pub fn n_open_records(&self) -> u64 {
        self.starts.iter().filter(|starts| **starts).count() as u64
    }

    /// Takes over the full batches of another builder, and what it counted.
    pub fn go_on_from(&mut self, other: Self) {
        self.n_records = other.n_records - other.n_open_records();
        (self.full, self.widths) = (other.full, other.widths);
        (self.unreadable, self.merged_labels) = (other.unreadable, other.merged_labels);
        (self.variants, self.observations, self.details) = (other.variants, other.observations, other.details);
    }

    /// Whether a batch waits to be taken, so that nothing more should be decoded.
    pub fn is_full(&self) -> bool {
        !self.full.is_empty()
    }

    /// The batches that are full.
    pub fn take_full(&mut self) -> Vec<RecordBatch> {
        std::mem::take(&mut self.full)
    }
}
