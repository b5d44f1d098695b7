//! Record batch layout: the columns of the batches that flow from the decoders to the summaries.
//!
//! The first four columns say what a row is ([`Meta`]), all others are cells: views of UTF-8
//! text, null where there is no value. A row with a reason is not used; all its cells are null but, of a
//! record outside the window, the id ([`crate::decode::batch::outcome`]).
//! Batches of one stream may gain columns at the end as they appear in the data, and keep the
//! order of those before.
//!
//! A batch without rows can be an event: its schema's metadata holds [`OPENED`], [`SKIPPED`], [`OBSERVED`],
//! [`CELLS_DROPPED`], [`CELLS_UNREADABLE`], [`ROWS_SHORT`], [`MERGED`], [`VARIANT`], [`LOST`], [`UNCOUNTED`],
//! [`READ_BYTES`] or [`DETAIL`].

use std::collections::HashMap;

use arrow::array::{Array, BooleanArray, Int64Array, RecordBatch, UInt8Array, UInt64Array};
use arrow::datatypes::{DataType, Field};

use crate::decode::batch::order::ORDER;

/// Key in a schema's metadata: the object that the rows come from.
pub const OBJECT: &str = "object";
/// Key in the metadata of an event batch: the object was opened.
pub const OPENED: &str = "opened";
/// Key in the metadata of an event batch: the object was skipped, for the reason that is the value
/// ([`crate::decode::SkipReason::name`]).
pub const SKIPPED: &str = "skipped";
/// Key in the metadata of an event batch: that many cells stood beyond a table's width and were dropped.
pub const CELLS_DROPPED: &str = "cells_dropped";
/// Key in the metadata of an event batch: values of a column have no text, for the reason that is the value
/// ([`crate::decode::CellReason::name`]); their cells are null.
pub const CELLS_UNREADABLE: &str = "cells_unreadable";
/// Key beside [`CELLS_UNREADABLE`]: how many cells.
pub const UNREADABLE: &str = "unreadable";
/// Key beside [`CELLS_UNREADABLE`]: the column's name; empty where it is one of very many.
pub const UNREADABLE_COLUMN: &str = "unreadable_column";
/// Key in the metadata of an event batch: that many rows had fewer cells than their table has columns.
pub const ROWS_SHORT: &str = "rows_short";
/// Key in the metadata of an event batch: that many used records of the object carry their ground truth.
pub const MERGED: &str = "merged";
/// Key beside [`MERGED`]: those with fewer labels than rows.
pub const TOO_FEW_LABELS: &str = "too_few_labels";
/// Key beside [`MERGED`]: those with more labels than rows.
pub const TOO_MANY_LABELS: &str = "too_many_labels";
/// Key in the metadata of an event batch: the variant of the endpoint that the metadata of [`VARIANT_RECORDS`] used
/// records of the object name.
pub const VARIANT: &str = "variant";
/// Key beside [`VARIANT`].
pub const VARIANT_RECORDS: &str = "variant_records";
/// Key in the metadata of an event batch: what the object looks like, other than what it is read as
/// ([`crate::decode::Observation::name`]).
pub const OBSERVED: &str = "observed";

/// Key in the metadata of an event batch: a part of the object could not be read, for the reason that is the value
/// ([`crate::decode::Reason::name`]). None of its records is in any batch.
pub const LOST: &str = "lost";
/// Key beside [`LOST`]: the one-based line of the first record that was lost.
pub const LOST_LINE: &str = "lost_line";
/// Key beside [`LOST`]: records that the part holds; 0 where that is not known.
pub const LOST_RECORDS: &str = "lost_records";
/// Key beside [`LOST`]: bytes of the part, as they lie in the store.
pub const LOST_BYTES: &str = "lost_bytes";
/// Key beside [`LOST`]: bytes that are not in the store and should be, or may be wrong.
pub const MISSING_BYTES: &str = "missing_bytes";
/// Key in the metadata of an event batch: bytes of the object that were read, as they lie in the store.
pub const READ_BYTES: &str = "read_bytes";
/// Key in the metadata of an event batch: bytes of an object that was skipped, for the reason of [`SKIPPED`].
pub const SKIPPED_BYTES: &str = "skipped_bytes";
/// Key in the metadata of an event batch: nobody knows how many records a damaged part of the object held. Those that
/// were lost or rejected there are an estimate, and no record behind it stands where its place says.
pub const UNCOUNTED: &str = "uncounted";

/// Key in the metadata of an event batch: what it is about the rejected record of [`DETAIL_LINE`] and
/// [`DETAIL_REASON`], as a phrase without values of the data.
pub const DETAIL: &str = "detail";

/// Key beside [`DETAIL`]: the one-based line of the record in its object.
pub const DETAIL_LINE: &str = "detail_line";

/// Key beside [`DETAIL`]: why the record is rejected ([`crate::decode::Reason::name`]).
pub const DETAIL_REASON: &str = "detail_reason";

/// The leading columns of every batch.
pub struct Meta<'a> {
    /// A [`crate::decode::Reason`]'s code; null where the row is used.
    pub reason: &'a UInt8Array,
    /// One-based line of the record in its object.
    pub line: &'a UInt64Array,
    /// True on the first row of a record.
    pub starts_record: &'a BooleanArray,
    /// Time of the record in milliseconds since 1970 (UTC); null where it has none.
    pub time: &'a Int64Array,
}

impl<'a> Meta<'a> {
    /// Number of leading columns.
    pub const WIDTH: usize = 4;

    /// The leading columns of `batch`; `None` when it is not of this layout.
    pub fn of(batch: &'a RecordBatch) -> Option<Self> {
        if batch.num_columns() < Self::WIDTH {
            return None;
        }
        let column = |i: usize| batch.column(i).as_any();
        Some(Self {
            reason: column(0).downcast_ref()?,
            line: column(1).downcast_ref()?,
            starts_record: column(2).downcast_ref()?,
            time: column(3).downcast_ref()?,
        })
    }

    /// Whether every row of the batch is used.
    pub fn all_used(&self) -> bool {
        self.reason.null_count() == self.reason.len()
    }
}

/// Fields of the leading columns. Their names cannot be mistaken for data: cells are found by place.
pub fn meta_fields() -> Vec<Field> {
    vec![
        Field::new("$reason", DataType::UInt8, true),
        Field::new("$line", DataType::UInt64, false),
        Field::new("$starts_record", DataType::Boolean, false),
        Field::new("$time", DataType::Int64, true),
    ]
}

/// Field of a column of cells. `order` ([`crate::decode::Order`]) sorts the table's columns.
pub fn cell_field(name: &str, order: impl AsRef<str>) -> Field {
    let metadata = HashMap::from([(ORDER.to_owned(), order.as_ref().to_owned())]);
    Field::new(name, DataType::Utf8View, true).with_metadata(metadata)
}
