//! Staged rows: those of a record before they join a batch.

use crate::decode::batch::unreadable_cells::UnreadableCells;

/// A cell before it has joined a batch.
#[derive(Clone, Copy, Debug)]
pub struct StagedCell {
    pub column: u32,
    pub is_null: bool,
    /// The view of the text; of the empty one for null.
    pub view: u128,
}

/// The rows of one side of a record, in the making.
#[derive(Debug, Default)]
pub struct StagedRows {
    cells: Vec<StagedCell>,
    /// Ends of the rows in `cells`.
    ends: Vec<usize>,
    /// Cells that were left out, since their row has one of that column.
    n_left_out: usize,
    /// Cells that are null because their values have no text.
    pub unreadable: UnreadableCells,
}

impl StagedRows {
    pub fn n_rows(&self) -> usize {
        self.ends.len()
    }

    pub fn clear(&mut self) {
        self.cells.clear();
        self.ends.clear();
        self.n_left_out = 0;
        self.unreadable.clear();
    }

    pub fn push(&mut self, column: u32, view: Option<u128>) {
        self.cells.push(StagedCell { column, is_null: view.is_none(), view: view.unwrap_or(0) });
    }

    /// Number of cells in all rows.
    pub fn n_cells(&self) -> usize {
        self.cells.len()
    }

    /// Ends the current row.
    pub fn end_row(&mut self) {
        self.ends.push(self.cells.len());
    }

    /// Leaves out what the current row has behind its first `n_first` cells in a column of these.
    pub fn leave_out_repeated(&mut self, n_first: usize) {
        let start = self.ends.last().copied().unwrap_or(0);
        let mut at = start + n_first;
        while at < self.cells.len() {
            let column = self.cells[at].column;
            if self.cells[start..start + n_first].iter().any(|first| first.column == column) {
                self.cells.remove(at);
                self.n_left_out += 1;
            } else {
                at += 1;
            }
        }
    }

    pub fn n_left_out(&self) -> usize {
        self.n_left_out
    }

    /// Number of cells in the current row.
    pub fn n_cells_in_row(&self) -> usize {
        self.cells.len() - self.ends.last().copied().unwrap_or(0)
    }

    /// The cells of a row; none where the side has fewer rows.
    pub fn row(&self, row: usize) -> &[StagedCell] {
        if row >= self.ends.len() {
            return &[];
        }
        let start = if row == 0 { 0 } else { self.ends[row - 1] };
        &self.cells[start..self.ends[row]]
    }
}
