//! Row evidence: what the first records, as they are read in the end, tell about lists that are as long as nothing on
//! the other side.

use std::collections::BTreeSet;

use crate::decode::batch::order::Side;
use crate::decode::formats::column_evidence::ColumnEvidence;
use crate::decode::formats::sides::Conventions;
use crate::decode::rows::agreement::UnequalLists;
use crate::decode::rows::reading::Reading;

/// Records of one row that tell that lists are cells, where no lists are rows.
const MIN_OF_CELLS: usize = 4;

/// How the records of an object are read whose sides may have several rows; answers stand before requests.
#[derive(Debug, Default)]
pub struct RowEvidence {
    /// Records of several rows.
    n_agreeing: usize,
    /// Records of one row, where a side has several by its shape; those where the other side may have several, too; and
    /// those where both have several by their shapes.
    n_of_one_row: usize,
    n_in_doubt: usize,
    n_contradicting: usize,
    /// Rows that sides have by their shape, which are one row.
    lengths: [BTreeSet<usize>; 2],
    columns: [ColumnEvidence; 2],
}

impl RowEvidence {
    /// Looks at the sides of a record, of which one at least can be read in several ways.
    pub fn see(&mut self, conventions: &Conventions, mut sides: [Reading<'_, '_>; 2]) {
        let of_shapes = sides.each_ref().map(|side| side.n_rows().unwrap_or_default());
        let may_be_several = |side: &Reading<'_, '_>| side.row_counts().is_ok_and(|all| all.iter().any(|n| *n > 1));
        let are_both = sides.iter().all(may_be_several);
        let are_unequal = sides.each_ref().map(Reading::has_unequal_lists);
        let [output, input] = &mut sides;
        let is_read = conventions.reconcile(output, input).is_ok();
        for ((evidence, is_unequal), side) in self.columns.iter_mut().zip(are_unequal).zip([&*output, &*input]) {
            evidence.see(is_unequal, side);
        }
        if !is_read {
            return;
        }
        match output.n_rows() {
            Ok(1) if of_shapes.iter().any(|n| *n > 1) => {
                self.n_of_one_row += 1;
                self.n_in_doubt += usize::from(are_both);
                self.n_contradicting += usize::from(of_shapes.iter().all(|n| *n > 1));
                for (lengths, n) in self.lengths.iter_mut().zip(of_shapes) {
                    lengths.extend(Some(n).filter(|n| *n > 1));
                }
            }
            Ok(n) => self.n_agreeing += usize::from(n > 1),
            Err(_) => {}
        }
    }

    /// Looks at a side that stands alone.
    pub fn see_alone(&mut self, conventions: &Conventions, side: Side, mut reading: Reading<'_, '_>) {
        let is_unequal = reading.has_unequal_lists();
        conventions.settle(side, &mut reading);
        self.columns[usize::from(side == Side::Input)].see(is_unequal, &reading);
    }

    /// Whether the lists of each side are columns.
    pub fn are_columns(&self) -> [bool; 2] {
        self.columns.map(|evidence| evidence.are_columns())
    }

    /// What lists are that are as long as nothing on the other side: the lists of four records of five tell.
    pub fn unequal_lists(&self) -> UnequalLists {
        if self.n_agreeing > 0 && 4 * self.n_of_one_row <= self.n_agreeing {
            UnequalLists::Contradict
        } else if self.n_agreeing == 0 && self.n_of_one_row >= MIN_OF_CELLS {
            UnequalLists::AreCells
        } else {
            UnequalLists::Unknown
        }
    }

    /// Whether lists of each side that are cells of one row may be rows all the same: they differ in length, or both
    /// sides have several, and too few records tell.
    pub fn may_be_rows(&self) -> [bool; 2] {
        let unequal = self.unequal_lists();
        let is_open = self.n_contradicting > 0 || unequal == UnequalLists::Unknown && self.n_in_doubt > 0;
        let are_told = unequal == UnequalLists::Contradict;
        let of_rows = self.lengths.each_ref().map(|all| !are_told && (all.len() > 1 || is_open && !all.is_empty()));
        let of_columns = self.columns.map(|evidence| evidence.may_be_columns());
        [of_rows[0] || of_columns[0], of_rows[1] || of_columns[1]]
    }
}
