//! Reference rows: centres of clusters as rows that a model can be asked about.

use super::k_prototypes::group;
use super::points::{Column, MISSING, Points, mean, most_frequent};
use super::silhouette::best_grouping;
use crate::measure::attribution::cell::{Cell, number_text};

/// Rows that stand for absent features: the centres of `k` clusters of these rows, or of as many as suit them, 12 at
/// most. There are fewer where rows or centres are alike, none of no rows, the largest cluster first. Rows should be
/// a few thousand at most: time is in proportion to rows, columns and clusters.
///
/// A number is the mean over the cluster, rounded to a whole one where all of the column are: a model may take
/// nothing else. Anything else is the cluster's most frequent value. A cell is missing where it is in more than half
/// of the cluster's rows.
pub fn reference_rows(rows: &[Vec<Cell>], k: Option<usize>, seed: u64) -> Vec<Vec<Cell>> {
    let points = Points::of(rows);
    if points.n_rows == 0 {
        return Vec::new();
    }
    let mut groups = match k {
        Some(k) => group(&points, k.clamp(1, points.n_rows), seed).groups,
        None => best_grouping(&points, seed).groups,
    };
    // Rows of a group are in order, so the first row of one tells it from others of the same size.
    groups.sort_by(|one, other| other.len().cmp(&one.len()).then(one.cmp(other)));
    let mut centres: Vec<Vec<Cell>> = Vec::with_capacity(groups.len());
    for group in groups {
        let centre: Vec<Cell> = points.columns.iter().map(|column| column.centre(&group)).collect();
        if !centres.contains(&centre) {
            centres.push(centre);
        }
    }
    centres
}

impl Column {
    /// The cell that stands for those of these rows.
    fn centre(&self, rows: &[usize]) -> Cell {
        match self {
            Self::Numbers { values, unit, are_integers } => {
                let present: Vec<f64> = rows.iter().filter_map(|row| values[*row]).collect();
                if 2 * present.len() < rows.len() {
                    return None;
                }
                let mean = mean(present.into_iter())? * unit;
                Some(number_text(if *are_integers { mean.round() } else { mean }).into())
            }
            Self::Categories { codes, cells } => {
                let codes = || rows.iter().map(|row| codes[*row]);
                let present = || codes().filter(|code| *code != MISSING);
                if 2 * present().count() < rows.len() {
                    return None;
                }
                most_frequent(present()).and_then(|code| cells[code as usize].clone())
            }
        }
    }
}
