//! Row widths: cells that rows hold beyond their table's columns, and rows that lack some.

/// Counts of an object's used records.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RowWidths {
    /// Cells for which there was no column.
    pub n_cells_dropped: u64,
    /// Rows with fewer cells than their table has columns.
    pub n_rows_short: u64,
}

impl RowWidths {
    /// Counts a row of so many cells, of a table of so many columns.
    pub fn count(&mut self, n_cells: usize, n_columns: usize) {
        self.n_cells_dropped += n_cells.saturating_sub(n_columns) as u64;
        self.n_rows_short += u64::from(n_cells < n_columns);
    }
}
