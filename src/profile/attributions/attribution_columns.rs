//! Attribution columns: those of a batch that hold attributions, and the identities of its rows.

use arrow::array::{Array, AsArray, RecordBatch, StringViewArray};

use super::row_tally::is_usable;
use super::statistics::Unusable;
use crate::decode::Meta;
use crate::decode::outcome::attribution_of;
use crate::profile::outcomes::finite_number;
use crate::profile::row_identity::RowIdentities;

/// One column.
pub(super) struct Column<'a> {
    /// Place of the model's output.
    pub output: usize,
    pub feature: &'a str,
    cells: &'a StringViewArray,
}

pub(super) struct AttributionColumns<'a> {
    pub identities: RowIdentities<'a>,
    pub columns: Vec<Column<'a>>,
}

impl<'a> AttributionColumns<'a> {
    /// `None` when the batch has no rows or another layout.
    pub fn of(batch: &'a RecordBatch) -> Option<Self> {
        let identities = RowIdentities::of(batch)?;
        let named = batch.schema_ref().fields().iter().zip(batch.columns()).skip(Meta::WIDTH);
        let columns = named.filter_map(|(field, cells)| {
            let (output, feature) = attribution_of(field.name())?;
            Some(Column { output, feature, cells: cells.as_string_view_opt()? })
        });
        Some(Self { identities, columns: columns.collect() })
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
