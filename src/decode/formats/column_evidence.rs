//! Column evidence: whether objects of lists have a row for each element, as far as the first payloads tell.

use crate::decode::rows::reading::Reading;

/// What the objects of lists on one side tell, or those of records of JSON.
#[derive(Clone, Copy, Debug, Default)]
pub struct ColumnEvidence {
    /// Payloads whose lists are columns of several rows, and those whose lists are not equally long.
    n_of_columns: usize,
    n_unequal: usize,
}

impl ColumnEvidence {
    /// Looks at a payload by its shape, and as it is read in the end.
    pub fn see(&mut self, has_unequal_lists: bool, reading: &Reading<'_, '_>) {
        self.n_unequal += usize::from(has_unequal_lists);
        let is_of_columns = reading.has_columns() && reading.n_rows().is_ok_and(|n| n > 1);
        self.n_of_columns += usize::from(!has_unequal_lists && is_of_columns);
    }

    /// Whether objects of lists have a row for each element: four of five, and one at least.
    pub fn are_columns(&self) -> bool {
        self.n_of_columns > 0 && 4 * self.n_unequal <= self.n_of_columns
    }

    /// Whether lists of unequal lengths may be columns, too.
    pub fn may_be_columns(&self) -> bool {
        self.n_of_columns > 0 && self.n_unequal > 0 && !self.are_columns()
    }
}
