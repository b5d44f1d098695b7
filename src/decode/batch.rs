//! Builds record batches of the layout in [`super::layout`] from cells of text.
//!
//! A record's cells are staged first and join the batch only when the whole record was read, so
//! that a rejected record leaves nothing behind, no column either. Cells of up to twelve bytes
//! live inside their view; longer ones are copied once, into one buffer a batch.

use std::collections::HashMap;
use std::sync::Arc;

use arrow::array::builder::make_view;
use arrow::array::{
    ArrayRef, BooleanArray, Int64Array, RecordBatch, RecordBatchOptions, StringViewArray, UInt8Array, UInt64Array,
};
use arrow::buffer::{BooleanBuffer, Buffer, NullBuffer, ScalarBuffer};
use arrow::datatypes::{Field, Schema, SchemaRef};

use super::layout::{CELLS_DROPPED, Meta, OBJECT, OPENED, SKIPPED, cell_field, meta_fields};
use super::{Reason, SkipReason};
use crate::error::{self, Error};

/// Most columns that a table may have. Records that would add more are rejected.
pub const MAX_COLUMNS: usize = 16_384;
/// Most cells that one record may have, missing ones included. The rows of a record share a batch, and
/// a few kilobytes of JSON can ask for billions of cells.
pub const MAX_RECORD_CELLS: usize = 1 << 22;
/// A batch is full at this many rows, cells, or bytes of long cells, whichever comes first.
const FULL_ROWS: usize = 4_096;
const FULL_CELLS: usize = 1 << 18;
const FULL_BYTES: usize = 2 << 20;
/// Longest text that lives inside its view (Arrow's columnar format, variable-size binary view layout).
const INLINE: usize = 12;
/// Column of rows that have no time.
const NO_TIME: i64 = i64::MIN;

/// A cell before it has joined a batch.
#[derive(Clone, Copy, Debug)]
struct StagedCell {
    column: u32,
    /// The view of the text; `None` for null.
    view: Option<u128>,
}

/// The rows of one side of a record, in the making.
#[derive(Debug, Default)]
pub struct StagedRows {
    cells: Vec<StagedCell>,
    /// Ends of the rows in `cells`.
    ends: Vec<usize>,
}

impl StagedRows {
    pub fn n_rows(&self) -> usize {
        self.ends.len()
    }

    pub fn clear(&mut self) {
        self.cells.clear();
        self.ends.clear();
    }

    /// Ends the current row.
    pub fn end_row(&mut self) {
        self.ends.push(self.cells.len());
    }

    /// Whether there are more cells than one record may have.
    pub fn are_too_many(&self) -> bool {
        self.cells.len() > MAX_RECORD_CELLS
    }

    /// Number of cells in the current row.
    pub fn n_cells_in_row(&self) -> usize {
        self.cells.len() - self.ends.last().copied().unwrap_or(0)
    }

    /// Number of cells in row `row`.
    pub fn width(&self, row: usize) -> usize {
        self.row(row).len()
    }

    /// The cells of a row; none where the side has fewer rows.
    fn row(&self, row: usize) -> &[StagedCell] {
        if row >= self.ends.len() {
            return &[];
        }
        let start = if row == 0 { 0 } else { self.ends[row - 1] };
        &self.cells[start..self.ends[row]]
    }
}

/// What a record is, apart from its cells.
#[derive(Clone, Copy, Debug)]
pub struct RecordMark {
    /// One-based line of the record in its object.
    pub line: u64,
    /// Milliseconds since 1970 (UTC).
    pub time: Option<i64>,
}

#[derive(Debug)]
struct Column {
    name: Arc<str>,
    order: String,
    views: Vec<u128>,
    null_rows: Vec<u32>,
}

impl Column {
    /// Brings the column to `n_rows` rows with nulls.
    fn fill(&mut self, n_rows: usize) {
        for row in self.views.len()..n_rows {
            self.views.push(0);
            self.null_rows.push(row as u32);
        }
    }

    fn close(&mut self, n_rows: usize, text: &Buffer) -> ArrayRef {
        self.fill(n_rows);
        let views = ScalarBuffer::from(std::mem::take(&mut self.views));
        let nulls = (!self.null_rows.is_empty()).then(|| {
            let mut valid = vec![true; n_rows];
            for row in self.null_rows.drain(..) {
                valid[row as usize] = false;
            }
            NullBuffer::new(BooleanBuffer::from(valid))
        });
        // SAFETY: every view was made by `make_view` from a `&str` that either lies inside the view
        // or was copied as a whole into `text` at the offset that the view names; null rows hold
        // the empty view.
        Arc::new(unsafe { StringViewArray::new_unchecked(views, [text.clone()], nulls) })
    }
}

/// Gathers rows into batches.
#[derive(Debug)]
pub struct BatchBuilder {
    object: String,
    columns: Vec<Column>,
    by_name: HashMap<Arc<str>, u32>,
    /// Columns that stood before the record in the making began.
    n_settled: usize,
    schema: Option<SchemaRef>,
    long_text: Vec<u8>,
    /// Bytes of `long_text` that belong to settled records.
    n_settled_bytes: usize,
    reasons: Vec<u8>,
    lines: Vec<u64>,
    starts: Vec<bool>,
    times: Vec<i64>,
    full: Vec<RecordBatch>,
}

impl BatchBuilder {
    /// For the rows of `object`.
    pub fn new(object: &str) -> Self {
        Self {
            object: object.to_owned(),
            columns: Vec::new(),
            by_name: HashMap::new(),
            n_settled: 0,
            schema: None,
            long_text: Vec::new(),
            n_settled_bytes: 0,
            reasons: Vec::new(),
            lines: Vec::new(),
            starts: Vec::new(),
            times: Vec::new(),
            full: Vec::new(),
        }
    }

    /// The column called `name`, new if need be. `order` sorts it among the table's columns; the
    /// smallest order that was ever asked for counts.
    pub fn column(&mut self, name: &str, order: &str) -> Result<u32, Reason> {
        if let Some(&column) = self.by_name.get(name) {
            let known = &mut self.columns[column as usize].order;
            if order < known.as_str() {
                order.clone_into(known);
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
        self.columns.push(Column { name, order: order.to_owned(), views: Vec::new(), null_rows: Vec::new() });
        self.schema = None;
        Ok(column)
    }

    /// The name of a column.
    pub fn name(&self, column: u32) -> &str {
        &self.columns[column as usize].name
    }

    /// Keeps the columns that exist, whatever becomes of the records that follow.
    pub fn settle_columns(&mut self) {
        self.n_settled = self.columns.len();
    }

    /// Stages a cell of text.
    pub fn stage(&mut self, rows: &mut StagedRows, column: u32, text: &str) {
        let offset = self.long_text.len() as u32;
        if text.len() > INLINE {
            self.long_text.extend_from_slice(text.as_bytes());
        }
        rows.cells.push(StagedCell { column, view: Some(make_view(text.as_bytes(), 0, offset)) });
    }

    /// Stages a null.
    pub fn stage_null(&mut self, rows: &mut StagedRows, column: u32) {
        rows.cells.push(StagedCell { column, view: None });
    }

    /// Takes a record in: row `i` of every side together make one row. The sides hold equally many rows.
    /// Returns the reason, and keeps nothing, when a column would get two cells in one row, or when there
    /// would be too many cells.
    pub fn accept(&mut self, mark: RecordMark, sides: &[&StagedRows]) -> Result<(), Reason> {
        let first_row = self.lines.len();
        let n_rows = sides.iter().map(|side| side.n_rows()).max().unwrap_or(0);
        if n_rows.saturating_mul(self.columns.len()) > MAX_RECORD_CELLS {
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
                column.views.push(cell.view.unwrap_or(0));
                if cell.view.is_none() {
                    column.null_rows.push(row as u32);
                }
            }
        }
        for record_row in 0..n_rows {
            self.mark_row(0, record_row == 0, mark);
        }
        self.settle();
        Ok(())
    }

    /// Counts a record that is not used.
    pub fn reject(&mut self, mark: RecordMark, reason: Reason) {
        for column in self.columns.drain(self.n_settled..) {
            self.by_name.remove(&column.name);
            self.schema = None;
        }
        self.long_text.truncate(self.n_settled_bytes);
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
        arrays.extend(self.columns.iter_mut().map(|column| column.close(n_rows, &text)));
        let schema = self.schema();
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

    /// The batches that are full.
    pub fn take_full(&mut self) -> Vec<RecordBatch> {
        std::mem::take(&mut self.full)
    }
}

/// The event that `object` was opened.
pub fn opened(object: &str) -> RecordBatch {
    event(object, OPENED, "")
}

/// The event that `object` was skipped.
pub fn skipped(object: &str, reason: SkipReason) -> RecordBatch {
    event(object, SKIPPED, reason.name())
}

/// The event that `n` cells of `object` stood beyond its table's width and were dropped.
pub fn cells_dropped(object: &str, n: u64) -> RecordBatch {
    event(object, CELLS_DROPPED, &n.to_string())
}

/// One rejected record of `object`.
pub fn rejected(object: &str, line: u64, reason: Reason) -> Vec<RecordBatch> {
    let mut builder = BatchBuilder::new(object);
    builder.reject(RecordMark { line, time: None }, reason);
    builder.flush();
    builder.take_full()
}

fn event(object: &str, key: &str, value: &str) -> RecordBatch {
    let metadata = [(OBJECT, object), (key, value)].map(|(k, v)| (k.to_owned(), v.to_owned()));
    RecordBatch::new_empty(Arc::new(Schema::new_with_metadata(meta_fields(), HashMap::from(metadata))))
}

/// The batch of rows that a columnar file gives: all used, no time, cells cast to text.
pub fn of_columns(
    object: &str,
    first_row: u64,
    columns: Vec<(Field, ArrayRef)>,
    n_rows: usize,
) -> Result<RecordBatch, Error> {
    let (cell_fields, cells): (Vec<_>, Vec<_>) = columns.into_iter().unzip();
    let mut fields = meta_fields();
    fields.extend(cell_fields);
    let mut arrays: Vec<ArrayRef> = vec![
        Arc::new(UInt8Array::new_null(n_rows)),
        Arc::new(UInt64Array::from_iter_values(first_row..first_row + n_rows as u64)),
        Arc::new(BooleanArray::from(vec![true; n_rows])),
        Arc::new(Int64Array::new_null(n_rows)),
    ];
    arrays.extend(cells);
    let metadata = HashMap::from([(OBJECT.to_owned(), object.to_owned())]);
    let options = RecordBatchOptions::new().with_row_count(Some(n_rows));
    RecordBatch::try_new_with_options(Arc::new(Schema::new_with_metadata(fields, metadata)), arrays, &options)
        .map_err(|defect| Error::new(&error::INTERNAL, object, defect))
}
