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
    /// Records of one row, where a side has several by its shape; those where both have; and those where the other one
    /// may have several, too.
    n_of_one_row: usize,
    n_contradicting: usize,
    n_in_doubt: usize,
    /// Rows that one side has by its shape, which are one row.
    lengths: [BTreeSet<usize>; 2],
    columns: [ColumnEvidence; 2],
    in_one_row: [ListsInRow; 2],
    /// Those that are not equally long.
    in_one_row_unequal: [ListsInRow; 2],
}

/// Records of one row in whose object there are several lists.
#[derive(Clone, Copy, Debug, Default)]
struct ListsInRow {
    n: usize,
    /// Those where the other side may have as many rows as a list is long.
    n_as_long: usize,
}

impl RowEvidence {
    /// Looks at the sides of a record, of which one at least can be read in several ways.
    pub fn see(&mut self, conventions: &Conventions, mut sides: [Reading<'_, '_>; 2]) {
        let of_shapes = sides.each_ref().map(|side| side.n_rows().unwrap_or_default());
        let counts =
            [Side::Output, Side::Input].map(|side| possible_rows(&sides[usize::from(side == Side::Input)], side));
        let are_both = counts.iter().all(|counts| counts.iter().any(|n| *n > 1));
        let are_unequal = sides.each_ref().map(Reading::has_unequal_lists);
        let [output, input] = &mut sides;
        let is_read = conventions.reconcile(output, input).is_ok();
        for ((evidence, is_unequal), side) in self.columns.iter_mut().zip(are_unequal).zip([&*output, &*input]) {
            evidence.see(is_unequal, side);
        }
        if !is_read {
            return;
        }
        let n_rows = output.n_rows();
        if n_rows == Ok(1) {
            self.see_lists_in_row(&sides, (of_shapes, are_unequal), &counts);
        }
        match n_rows {
            Ok(1) if of_shapes.iter().any(|n| *n > 1) => {
                self.n_of_one_row += 1;
                if of_shapes.iter().all(|n| *n > 1) {
                    self.n_contradicting += 1;
                    return;
                }
                self.n_in_doubt += usize::from(are_both);
                for (lengths, n) in self.lengths.iter_mut().zip(of_shapes) {
                    lengths.extend(Some(n).filter(|n| *n > 1));
                }
            }
            Ok(n) => self.n_agreeing += usize::from(n > 1),
            Err(_) => {}
        }
    }

    /// Looks at the lists that are cells of a row on each side, though its shape is that of one row.
    fn see_lists_in_row(
        &mut self,
        sides: &[Reading<'_, '_>; 2],
        (of_shapes, are_unequal): ([usize; 2], [bool; 2]),
        counts: &[Vec<usize>; 2],
    ) {
        for (place, side) in sides.iter().enumerate().filter(|(place, _)| of_shapes[*place] == 1) {
            let lengths = side.lengths_in_object();
            let all = if are_unequal[place] { &mut self.in_one_row_unequal } else { &mut self.in_one_row };
            all[place].n += usize::from(lengths.iter().any(|n| *n > 1));
            let is_as_long = |n: &usize| *n > 1 && lengths.contains(n);
            all[place].n_as_long += usize::from(counts[1 - place].iter().any(is_as_long));
        }
    }

    /// Whether lists in one row are as long as the other side may have rows, in four records of five.
    fn are_as_long(&self, side: usize) -> bool {
        // Unequal lists are rejected where lists are columns.
        let are_rejected = self.columns[side].are_columns();
        let unequal = if are_rejected { ListsInRow::default() } else { self.in_one_row_unequal[side] };
        let equal = self.in_one_row[side];
        let (n, n_as_long) = (equal.n + unequal.n, equal.n_as_long + unequal.n_as_long);
        n_as_long > 0 && 5 * n_as_long >= 4 * n
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
    /// sides have several, and too few records tell; or they are as long as the other side may have rows.
    pub fn may_be_rows(&self) -> [bool; 2] {
        let unequal = self.unequal_lists();
        let is_open = unequal == UnequalLists::Unknown && self.n_in_doubt > 0;
        let are_taken = unequal == UnequalLists::AreCells && self.n_contradicting > 0;
        let are_told = unequal == UnequalLists::Contradict;
        let of_rows = self.lengths.each_ref().map(|all| !are_told && (all.len() > 1 || is_open && !all.is_empty()));
        let of_columns = self.columns.map(|evidence| evidence.may_be_columns());
        [0, 1].map(|side| are_taken || of_rows[side] || of_columns[side] || self.are_as_long(side))
    }
}

/// Numbers of rows that a side can have beside another one.
fn possible_rows(reading: &Reading<'_, '_>, side: Side) -> Vec<usize> {
    match reading.may_hold_rows(side, true) {
        true => reading.row_counts().unwrap_or_default(),
        false => reading.n_rows().into_iter().collect(),
    }
}
