//! Sort coalescer: gathers keys and records into batches that are large enough to be sorted.

use std::sync::{Arc, LazyLock};

use arrow::array::{ArrayRef, AsArray, BinaryArray, RecordBatch};
use arrow::buffer::{Buffer, OffsetBuffer, ScalarBuffer};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};

use super::failure::defect;
use crate::error::Result;

/// A batch is full at this many bytes or rows.
const FULL_BYTES: usize = 32 << 10;
const FULL_ROWS: usize = 512;

static SCHEMA: LazyLock<SchemaRef> = LazyLock::new(|| {
    let field = |name| Field::new(name, DataType::Binary, false);
    Arc::new(Schema::new(vec![field("key"), field("record")]))
});

/// Gathers keys and records into batches.
#[derive(Default)]
pub(super) struct SortCoalescer {
    keys: BinaryBuffer,
    records: BinaryBuffer,
}

impl SortCoalescer {
    /// The schema of its batches: a key, by which they are to be sorted, and a record.
    pub(super) fn schema() -> SchemaRef {
        SCHEMA.clone()
    }

    /// Takes a record in; gives the batch that is full with it.
    pub(super) fn push(&mut self, key: &[u8], record: &[u8]) -> Result<Option<RecordBatch>> {
        self.keys.push(key);
        self.records.push(record);
        let is_full =
            self.keys.ends.len() >= FULL_ROWS || self.keys.bytes.len() + self.records.bytes.len() >= FULL_BYTES;
        if is_full { self.take() } else { Ok(None) }
    }

    /// The batch of what was gathered, if there is anything.
    pub(super) fn take(&mut self) -> Result<Option<RecordBatch>> {
        if self.keys.ends.is_empty() {
            return Ok(None);
        }
        let columns: Vec<ArrayRef> = vec![Arc::new(self.keys.take()?), Arc::new(self.records.take()?)];
        RecordBatch::try_new(Self::schema(), columns).map(Some).map_err(defect)
    }

    /// The keys and records of a batch.
    pub(super) fn columns(batch: &RecordBatch) -> Result<(&BinaryArray, &BinaryArray)> {
        let column = |at: usize| batch.columns().get(at).and_then(|column| column.as_binary_opt());
        column(0).zip(column(1)).ok_or_else(|| defect("what was sorted is not what was sent"))
    }
}

/// The bytes of a value, sharing the memory of its array.
pub(super) fn shared(values: &BinaryArray, row: usize) -> Buffer {
    let offsets = values.value_offsets();
    let (start, end) = (offsets[row] as usize, offsets[row + 1] as usize);
    values.values().slice_with_length(start, end - start)
}

#[derive(Default)]
struct BinaryBuffer {
    bytes: Vec<u8>,
    ends: Vec<i32>,
}

impl BinaryBuffer {
    fn push(&mut self, text: &[u8]) {
        self.bytes.extend_from_slice(text);
        // A batch is full long before its bytes are too many for the type of their offsets.
        self.ends.push(self.bytes.len() as i32);
    }

    /// An array that takes no more memory than it needs, since that is what is counted.
    fn take(&mut self) -> Result<BinaryArray> {
        let (mut bytes, ends) = (std::mem::take(&mut self.bytes), std::mem::take(&mut self.ends));
        self.bytes.reserve(bytes.len());
        self.ends.reserve(ends.len());
        bytes.shrink_to_fit();
        let offsets: Vec<i32> = std::iter::once(0).chain(ends).collect();
        let offsets = OffsetBuffer::new(ScalarBuffer::from(offsets));
        BinaryArray::try_new(offsets, Buffer::from_vec(bytes), None).map_err(defect)
    }
}
