//! Parquet file: its row groups as batches, each row group on its own.

use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::{DataType, Field, FieldRef, Fields, TimeUnit};
use parquet::arrow::arrow_reader::ParquetRecordBatchReader;
use parquet::arrow::{FieldLevels, ProjectionMask, parquet_to_arrow_field_levels, parquet_to_arrow_schema};
use parquet::basic::Type;
use parquet::file::metadata::{ParquetMetaData, RowGroupMetaData};

use super::checked_pages::LEVEL_BYTES;
use super::fault::{Fault, FirstFault};
use super::held::Held;
use super::metadata;
use super::pages::{GroupPages, Memory};
use super::source::Source;
use crate::decode::guard::{Panicked, guarded};

/// Cells of a batch, at most.
const BATCH_CELLS: u64 = 1 << 18;
/// Bytes of a cell in a batch: its view, and the text of a number.
const CELL_BYTES: u64 = 32;
/// One part in so many of the memory is for the cells of a batch: several are under way at once.
const BATCH_PART: u64 = 32;
/// Rows of a batch, at most.
const BATCH_ROWS: u64 = 4_096;
/// Bytes of a batch by what the footer says of its rows; a single row may have more.
const BATCH_BYTES: u64 = 2 << 20;
/// Bytes of a dictionary and a page of a column together, as most programs write them.
const COLUMN_BYTES: u64 = 2 << 20;
/// One part in so many of the memory is for what is read at once from the file.
const WINDOWS_PART: u64 = 8;

/// An opened file.
pub struct File<S> {
    source: Arc<S>,
    metadata: Arc<ParquetMetaData>,
    levels: Arc<FieldLevels>,
    memory: Memory,
}

impl<S: Source> File<S> {
    /// Opens a file of which `memory` bytes may be in memory at once, and no value may have more than `max_value`.
    pub fn open(source: S, memory: u64, max_value: u64) -> Result<Self, Fault> {
        let source = Arc::new(source);
        let opened = guarded(|| {
            let metadata = metadata::read(&*source, memory)?;
            let levels = levels(&metadata)?;
            Ok((metadata, levels))
        });
        let (metadata, levels) = opened.unwrap_or_else(|Panicked| Err(Fault::damaged("the footer is damaged")))?;
        let memory = Memory { windows: memory / WINDOWS_PART, pages: memory, value: max_value };
        Ok(Self { source, metadata: Arc::new(metadata), levels: Arc::new(levels), memory })
    }

    pub fn n_row_groups(&self) -> usize {
        self.metadata.num_row_groups()
    }

    /// Columns of the schema's leaves.
    pub fn n_columns(&self) -> usize {
        self.metadata.file_metadata().schema_descr().num_columns()
    }

    /// Rows of all row groups, as the footer says.
    pub fn n_rows(&self) -> u64 {
        (0..self.n_row_groups()).map(|index| self.group_rows(index)).fold(0, u64::saturating_add)
    }

    /// Bytes that all row groups unfold to, as the footer says.
    pub fn n_unfolded_bytes(&self) -> u64 {
        let sizes = self.metadata.row_groups().iter().map(|group| u64::try_from(group.total_byte_size()).unwrap_or(0));
        sizes.fold(0, u64::saturating_add)
    }

    /// Bytes of the pages and of the file that are in memory at once, as most programs write them.
    pub fn n_bytes_at_once(&self) -> u64 {
        let at_once = |group: &RowGroupMetaData| usual_bytes(group) + metadata::n_bytes(group).min(self.memory.windows);
        self.metadata.row_groups().iter().map(at_once).max().unwrap_or(0)
    }

    fn group_rows(&self, index: usize) -> u64 {
        u64::try_from(self.metadata.row_group(index).num_rows()).unwrap_or(0)
    }

    /// The row group at `index`; nothing of it is read yet.
    pub fn row_group(&self, index: usize) -> RowGroup {
        let (fault, held) =
            (FirstFault::default(), Held::within(self.memory.pages, usual_bytes(self.metadata.row_group(index))));
        let (source, metadata) = (self.source.clone(), self.metadata.clone());
        let pages = GroupPages::new(source, metadata, index, self.memory, (fault.clone(), held.clone()));
        let (group, n_rows) = (self.metadata.row_group(index), self.group_rows(index));
        let (levels, batch_rows) = (self.levels.clone(), batch_rows(group, n_rows, self.memory));
        let start = move || {
            if batch_rows == 0 {
                return Err(Fault::ValueTooLong);
            }
            ParquetRecordBatchReader::try_new_with_row_groups(&levels, &pages, batch_rows, None).map_err(Fault::damaged)
        };
        let state = State::Closed(Box::new(start));
        RowGroup { n_rows, n_bytes: metadata::n_bytes(group), n_read: 0, state, fault, held }
    }
}

/// Bytes of a row group's pages that are in memory at once, as most programs write them.
fn usual_bytes(group: &RowGroupMetaData) -> u64 {
    group.columns().iter().map(|column| u64::try_from(column.uncompressed_size()).unwrap_or(0).min(COLUMN_BYTES)).sum()
}

/// What the columns are, by the Parquet schema alone.
fn levels(metadata: &ParquetMetaData) -> Result<FieldLevels, Fault> {
    let schema = metadata.file_metadata().schema_descr();
    let plain = parquet_to_arrow_schema(schema, None).map_err(Fault::damaged)?;
    let mut leaves = schema.columns().iter().map(|column| column.physical_type());
    let read: Fields = plain.fields().iter().map(|field| as_read(field, &mut leaves)).collect();
    parquet_to_arrow_field_levels(schema, ProjectionMask::all(), Some(&read)).map_err(Fault::damaged)
}

/// A field as it is read: text as views of the pages, and times of 96 bits in microseconds, as Spark, which writes
/// them, has them: in nanoseconds those behind the year 2262 would begin again before 1970. `leaves` are the types of
/// the columns that are left.
fn as_read(field: &FieldRef, leaves: &mut dyn Iterator<Item = Type>) -> FieldRef {
    let kind = match field.data_type() {
        DataType::Struct(fields) => DataType::Struct(fields.iter().map(|field| as_read(field, leaves)).collect()),
        DataType::List(element) => DataType::List(as_read(element, leaves)),
        DataType::Map(entries, is_sorted) => DataType::Map(as_read(entries, leaves), *is_sorted),
        leaf => match (leaf, leaves.next()) {
            (DataType::Utf8, _) => DataType::Utf8View,
            (DataType::Binary, _) => DataType::BinaryView,
            (DataType::Timestamp(_, zone), Some(Type::INT96)) => {
                DataType::Timestamp(TimeUnit::Microsecond, zone.clone())
            }
            _ => return field.clone(),
        },
    };
    Arc::new(Field::clone(field).with_data_type(kind))
}

/// Rows that are decoded at once; none where a single row takes too much.
fn batch_rows(group: &RowGroupMetaData, n_rows: u64, memory: Memory) -> usize {
    let (mut fixed, mut levels) = (0_u64, 0_u64);
    for column in group.columns() {
        let description = column.column_descr();
        if description.physical_type() == Type::FIXED_LEN_BYTE_ARRAY {
            fixed = fixed.saturating_add(u64::try_from(description.type_length()).unwrap_or(u64::MAX));
        }
        if description.max_rep_level() > 0 {
            let n_values = u64::try_from(column.num_values()).unwrap_or(0) / n_rows.max(1);
            levels = levels.saturating_add(n_values.saturating_mul(LEVEL_BYTES));
        }
    }
    let row = fixed.saturating_add(levels);
    if row > memory.value {
        return 0;
    }
    let unfolded = u64::try_from(group.total_byte_size()).unwrap_or(0) / n_rows.max(1);
    let by_cells = BATCH_CELLS.min(memory.pages / BATCH_PART / CELL_BYTES) / group.num_columns().max(1) as u64;
    let n = (BATCH_BYTES / row.max(unfolded).max(1)).min(by_cells).clamp(1, BATCH_ROWS);
    usize::try_from(n).unwrap_or(1)
}

type Start = Box<dyn FnOnce() -> Result<ParquetRecordBatchReader, Fault> + Send>;

enum State {
    Closed(Start),
    Open(ParquetRecordBatchReader),
    Ended,
}

/// A row group that is read batch by batch, a page of each column at a time.
pub struct RowGroup {
    n_rows: u64,
    n_bytes: u64,
    n_read: u64,
    state: State,
    fault: FirstFault,
    held: Held,
}

impl RowGroup {
    /// Rows that were not read, as the footer counts them.
    pub fn n_left(&self) -> u64 {
        self.n_rows - self.n_read
    }

    /// Bytes of those rows in the file: as large a part of the row group's as of its rows.
    pub fn n_bytes_left(&self) -> u64 {
        let left = u128::from(self.n_bytes) * u128::from(self.n_left());
        left.checked_div(u128::from(self.n_rows)).and_then(|n| u64::try_from(n).ok()).unwrap_or(self.n_bytes)
    }

    /// The next rows; `None` behind the last. Nothing can be read behind a fault.
    pub fn next_batch(&mut self) -> Result<Option<RecordBatch>, Fault> {
        let state = std::mem::replace(&mut self.state, State::Ended);
        self.held.release_levels();
        let read = guarded(|| {
            let mut reader = match state {
                State::Closed(start) => start()?,
                State::Open(reader) => reader,
                State::Ended => return Ok(None),
            };
            let batch = reader.next().transpose().map_err(Fault::damaged)?;
            Ok(batch.map(|batch| (batch, reader)))
        });
        let read = read.unwrap_or_else(|Panicked| Err(Fault::damaged("it is damaged in an unexpected way")));
        match read {
            // The error that comes out of the library has only the text of the fault.
            Err(fault) => Err(self.fault.take().unwrap_or(fault)),
            Ok(Some((batch, reader))) if self.n_left() > 0 => {
                let n_rows = (batch.num_rows() as u64).min(self.n_left());
                self.n_read += n_rows;
                self.state = State::Open(reader);
                Ok(Some(batch.slice(0, n_rows as usize)))
            }
            Ok(_) if self.n_left() == 0 => Ok(None),
            Ok(_) => Err(Fault::damaged("a row group holds fewer rows than the footer says")),
        }
    }
}
