//! Feature: both sides of a column, and what several causes read off them.

use std::cell::OnceCell;

use super::fit;
use super::numbers::{self, Location};
use crate::profile::{ColumnStatistics, NumericStatistics};

/// Fewest cells of a side from which a cause is told.
pub(super) const MIN_CELLS: u64 = 30;

/// A column that is on both sides and is judged.
pub(super) struct Feature<'a> {
    /// Its place among the current columns.
    pub column: usize,
    pub baseline: &'a ColumnStatistics,
    pub current: &'a ColumnStatistics,
    distance: OnceCell<Option<f64>>,
    baseline_location: OnceCell<Option<Location>>,
    location: OnceCell<Option<Location>>,
}

impl<'a> Feature<'a> {
    pub fn new(column: usize, baseline: &'a ColumnStatistics, current: &'a ColumnStatistics) -> Self {
        let (distance, baseline_location, location) = (OnceCell::new(), OnceCell::new(), OnceCell::new());
        Self { column, baseline, current, distance, baseline_location, location }
    }

    pub fn name(&self) -> &str {
        &self.current.name
    }

    /// Rows with a cell, of all rows.
    pub fn share_present(&self) -> f64 {
        self.current.completeness().unwrap_or(0.0)
    }

    /// The shares of missing cells in the baseline and now.
    pub fn missing_shares(&self) -> [f64; 2] {
        let n = |side: &ColumnStatistics| (side.n_present + side.n_missing).max(1);
        [self.baseline, self.current].map(|side| side.n_missing as f64 / n(side) as f64)
    }

    /// Whether both sides have enough cells to tell a cause.
    pub fn has_cells(&self) -> bool {
        self.baseline.n_present >= MIN_CELLS && self.current.n_present >= MIN_CELLS
    }

    /// What is known of the numbers of both sides, where both have enough.
    pub fn numbers(&self) -> Option<(&'a NumericStatistics, &'a NumericStatistics)> {
        Some((numbers::of(self.baseline)?, numbers::of(self.current)?)).filter(|_| self.has_cells())
    }

    /// The distance of both sides; `None` where they cannot be compared.
    pub fn distance(&self) -> Option<f64> {
        *self.distance.get_or_init(|| fit::distance(self.baseline, self.current))
    }

    /// Where the baseline's numbers lie.
    pub fn baseline_location(&self) -> Option<&Location> {
        self.baseline_location.get_or_init(|| Location::of(numbers::of(self.baseline)?)).as_ref()
    }

    /// Where the current numbers lie.
    pub fn location(&self) -> Option<&Location> {
        self.location.get_or_init(|| Location::of(numbers::of(self.current)?)).as_ref()
    }

    /// Whether the current numbers may be those of the other feature's baseline: their median is where the middle half
    /// of those lies. Else more than a quarter of them would be on the other side of it.
    pub fn may_be(&self, other: &Self) -> bool {
        match (self.location(), other.baseline_location()) {
            (Some(now), Some(before)) => before.has_near_its_middle(now.median()),
            (None, None) => self.current.kind.is_numeric() == other.baseline.kind.is_numeric(),
            _ => false,
        }
    }
}
