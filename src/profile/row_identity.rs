//! Row identity: where a row stands in its object, and the hash by which replicates and samples draw it.

use arrow::array::{Array, RecordBatch, StringViewArray};

use super::text_cells::{cell_at, filled_at};
use crate::decode::outcome::{ID, cells_of};
use crate::decode::{Meta, OBJECT};
use crate::sketch::{mix, text_hash};

/// Where a row stands in its object.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Place {
    line: u64,
    /// Records that begin on the same line before it. A whole table of JSON may be one line.
    record: u64,
    /// Rows of the same record before it.
    row: u64,
}

impl Place {
    /// Goes on to the next row.
    fn step(&mut self, starts_record: bool, line: u64) {
        *self = match self {
            _ if !starts_record => Self { row: self.row + 1, ..*self },
            _ if line == self.line => Self { record: self.record + 1, row: 0, ..*self },
            _ => Self { line, record: 0, row: 0 },
        };
    }
}

/// The rows of one batch, by what tells them apart.
pub(super) struct RowIdentities<'a> {
    meta: Meta<'a>,
    id: Option<&'a StringViewArray>,
    /// Of the object's name.
    object: u64,
}

impl<'a> RowIdentities<'a> {
    /// `None` when the batch has no rows or another layout.
    pub fn of(batch: &'a RecordBatch) -> Option<Self> {
        let meta = Meta::of(batch).filter(|_| batch.num_rows() > 0)?;
        let object = batch.schema_ref().metadata().get(OBJECT).map_or(0, |object| text_hash(object));
        Some(Self { meta, id: cells_of(batch, ID), object })
    }

    /// Rows that are used.
    pub fn used(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.meta.reason.len()).filter(|row| self.meta.reason.is_null(*row))
    }

    /// Whether a row is the first of its record.
    pub fn starts_record(&self, row: usize) -> bool {
        self.meta.starts_record.value(row)
    }

    /// The id of a row's record; `None` where it has none.
    pub fn id(&self, row: usize) -> Option<&str> {
        cell_at(self.id, row).filter(|id| !id.is_empty())
    }

    /// Rows that are used, each with its place. `last` is the place of the last row of the batch before.
    pub fn placed<'p>(&'p self, last: &'p mut Place) -> impl Iterator<Item = (usize, Place)> + 'p {
        let placed = (0..self.meta.reason.len()).map(|row| {
            last.step(self.meta.starts_record.value(row), self.meta.line.value(row));
            (row, *last)
        });
        placed.filter(|(row, _)| self.meta.reason.is_null(*row))
    }

    /// The hash by which a row is drawn: of its record's id and its place there. A record without an id, or
    /// with a blank one, is told by its object and its place there.
    pub fn hash(&self, row: usize, place: Place) -> u64 {
        let record = match (filled_at(self.id, row), place.record) {
            (Some(id), _) => text_hash(id),
            (None, 0) => mix(self.object, place.line),
            (None, record) => mix(mix(self.object, place.line), record),
        };
        mix(record, place.row)
    }

    /// Rows that are used, each with its place in its record.
    pub fn placed_in_records(&self) -> impl Iterator<Item = (usize, u64)> + '_ {
        let mut place = 0;
        let placed = (0..self.meta.reason.len()).map(move |row| {
            place = if self.meta.starts_record.value(row) { 0 } else { place + 1 };
            (row, place)
        });
        placed.filter(|(row, _)| self.meta.reason.is_null(*row))
    }

    /// As [`Self::hash`], of a place in a record. A record without an id is told by its object and line alone.
    pub fn hash_in_record(&self, row: usize, place: u64) -> u64 {
        let record = match self.id(row) {
            Some(id) => text_hash(id),
            None => mix(self.object, self.line(row)),
        };
        mix(record, place)
    }

    /// The line of a row's record.
    pub fn line(&self, row: usize) -> u64 {
        self.meta.line.value(row)
    }
}
