//! The columns of one batch that hold attributions.

use arrow::array::{Array, AsArray, RecordBatch, StringViewArray};

use super::rows::is_usable;
use super::statistics::Unusable;
use crate::decode::outcome::{ID, attribution_of, cells_of};
use crate::decode::{Meta, OBJECT};
use crate::profile::outcomes::{Place, finite_number, text_at};
use crate::sketch::text_hash;

/// One column.
pub(super) struct Column<'a> {
    /// Place of the model's output.
    pub output: usize,
    pub feature: &'a str,
    cells: &'a StringViewArray,
}

pub(super) struct Columns<'a> {
    meta: Meta<'a>,
    id: Option<&'a StringViewArray>,
    /// Of the object's name.
    object: u64,
    pub columns: Vec<Column<'a>>,
}

impl<'a> Columns<'a> {
    /// `None` when the batch has no rows or another layout.
    pub fn of(batch: &'a RecordBatch) -> Option<Self> {
        let meta = Meta::of(batch).filter(|_| batch.num_rows() > 0)?;
        let named = batch.schema_ref().fields().iter().zip(batch.columns()).skip(Meta::WIDTH);
        let columns = named.filter_map(|(field, cells)| {
            let (output, feature) = attribution_of(field.name())?;
            Some(Column { output, feature, cells: cells.as_string_view_opt()? })
        });
        Some(Self {
            meta,
            id: cells_of(batch, ID),
            object: batch.schema_ref().metadata().get(OBJECT).map_or(0, |object| text_hash(object)),
            columns: columns.collect(),
        })
    }

    /// Rows that are used, each with its place. `last` is the place of the last row of the batch before.
    pub fn placed<'p>(&'p self, last: &'p mut Place) -> impl Iterator<Item = (usize, Place)> + 'p {
        let placed = (0..self.meta.reason.len()).map(|row| {
            last.step(self.meta.starts_record.value(row), self.meta.line.value(row));
            (row, *last)
        });
        placed.filter(|(row, _)| self.meta.reason.is_null(*row))
    }

    /// The hash by which a row is drawn.
    pub fn hash(&self, row: usize, place: Place) -> u64 {
        place.hash(text_at(self.id, row), self.object)
    }

    /// Which columns hold something in this row.
    pub fn present(&self, row: usize) -> Vec<bool> {
        self.columns.iter().map(|column| column.cells.is_valid(row)).collect()
    }

    /// The numbers of some of the columns in this row.
    pub fn numbers(&self, row: usize, columns: &[usize]) -> Result<Vec<f64>, Unusable> {
        let number = |column: &usize| {
            let number = finite_number(self.columns[*column].cells.value(row));
            number.filter(|number| is_usable(*number)).ok_or(Unusable::NotNumbers)
        };
        columns.iter().map(number).collect()
    }
}
