//! Varying features: which of a row can matter at all, and the rows that show how they do.

use super::coalition::Coalition;
use crate::measure::attribution::cell::{Cell, number};

/// The features of a row that differ from any reference row, in order; the attributions of the others are 0.
/// Cells are equal that hold the same text or the same number, as `1` and `1.0`; digits after a leading zero are a
/// text. A missing cell equals missing ones only.
pub fn varying(row: &[Cell], reference_rows: &[Vec<Cell>]) -> Vec<usize> {
    let differs = |feature: &usize| {
        let cell = &row[*feature];
        reference_rows.iter().any(|reference| reference.get(*feature).is_some_and(|other| !are_equal(cell, other)))
    };
    (0..row.len()).filter(differs).collect()
}

fn are_equal(cell: &Cell, other: &Cell) -> bool {
    match (cell, other) {
        (Some(cell), Some(other)) => {
            cell == other || number(cell).is_some_and(|value| number(other).is_some_and(|number| number == value))
        }
        (None, None) => true,
        _ => false,
    }
}

/// The row that shows what a coalition is worth against one reference row: members of the coalition and what does
/// not vary as in the row, the rest as in the reference row. `varying` is in order, and a place in it is a feature of
/// the coalition.
pub fn mixed<'a>(
    row: &'a [Cell],
    reference_row: &'a [Cell],
    coalition: Coalition<'a>,
    varying: &'a [usize],
) -> impl Iterator<Item = &'a Cell> {
    let mut left = varying.iter().copied().enumerate().peekable();
    row.iter().enumerate().map(move |(feature, cell)| {
        let Some((place, _)) = left.next_if(|(_, next)| *next == feature) else { return cell };
        if coalition.contains(place) { cell } else { reference_row.get(feature).unwrap_or(cell) }
    })
}
