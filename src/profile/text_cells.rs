//! Text cells: the texts of a batch's column, row by row.

use arrow::array::{Array, StringViewArray};

/// A cell's text; `None` where it is null.
pub(super) fn cell_at(cells: Option<&StringViewArray>, row: usize) -> Option<&str> {
    cells.filter(|cells| cells.is_valid(row)).map(|cells| cells.value(row))
}

/// A cell's text; `None` where it is null or blank.
pub(super) fn filled_at(cells: Option<&StringViewArray>, row: usize) -> Option<&str> {
    cell_at(cells, row).filter(|text| !text.chars().all(char::is_whitespace))
}
