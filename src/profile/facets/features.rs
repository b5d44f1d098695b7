//! Features of the flip test: the columns of numbers that rows are compared by.

use std::collections::HashMap;
use std::sync::Arc;

use super::column_tally::{ColumnTally, Kind};
use super::facet_rows::FacetRows;
use super::pandas_cell::Cell;
use super::statistics::FlipLack;
use crate::profile::text_cells::cell_at;

/// Feature columns in the order of their first appearance.
#[derive(Clone, Debug, Default)]
pub(super) struct Features {
    places: HashMap<Box<str>, usize>,
    columns: Vec<Feature>,
    /// Places of columns that hold texts.
    texts: Vec<usize>,
}

#[derive(Clone, Debug)]
struct Feature {
    name: Box<str>,
    tally: ColumnTally,
}

impl Features {
    /// The place of the column called `name`.
    fn place(&mut self, name: &str) -> usize {
        if let Some(place) = self.places.get(name) {
            return *place;
        }
        self.places.insert(name.into(), self.columns.len());
        self.columns.push(Feature { name: name.into(), tally: ColumnTally::default() });
        self.columns.len() - 1
    }

    /// The places of a batch's features.
    pub fn places_of(&mut self, rows: &FacetRows<'_>) -> Vec<usize> {
        rows.features.iter().map(|(name, _)| self.place(name)).collect()
    }

    /// Takes in a row's features, as far as types go.
    pub fn push(&mut self, rows: &FacetRows<'_>, places: &[usize], row: usize) {
        for (place, (_, cells)) in places.iter().zip(&rows.features) {
            let tally = &mut self.columns[*place].tally;
            // Once a text is among them, nothing more is to be learnt.
            if tally.kind() != Kind::Text {
                tally.push_type(Cell::of(cell_at(Some(cells), row)));
                if tally.kind() == Kind::Text {
                    self.texts.push(*place);
                }
            }
        }
    }

    /// A row's features as numbers, NaN where they are none.
    pub fn numbers(&self, rows: &FacetRows<'_>, places: &[usize], row: usize) -> Arc<[f64]> {
        let mut numbers = vec![f64::NAN; self.columns.len()];
        for (place, (_, cells)) in places.iter().zip(&rows.features) {
            numbers[*place] = match Cell::of(cell_at(Some(cells), row)) {
                Cell::Truth(truth) => f64::from(u8::from(truth)),
                cell => cell.number().unwrap_or(f64::NAN),
            };
        }
        numbers.into()
    }

    /// Whether all features but `facet` may still be numbers.
    pub fn may_be_numeric(&self, facet: &str) -> bool {
        self.texts.iter().all(|place| *self.columns[*place].name == *facet)
    }

    /// The places that the columns of `other` have here, by their places there.
    pub fn merge(&mut self, other: Self) -> Vec<usize> {
        let mut places = Vec::with_capacity(other.columns.len());
        for feature in other.columns {
            let place = self.place(&feature.name);
            let tally = &mut self.columns[place].tally;
            tally.merge(feature.tally);
            if tally.kind() == Kind::Text && !self.texts.contains(&place) {
                self.texts.push(place);
            }
            places.push(place);
        }
        places
    }

    /// Numbers of a row of another summary, in the places here.
    pub fn moved(&self, numbers: &[f64], places: &[usize]) -> Arc<[f64]> {
        let mut moved = vec![f64::NAN; self.columns.len()];
        for (number, place) in numbers.iter().zip(places) {
            moved[*place] = *number;
        }
        moved.into()
    }

    /// The places of the features by which rows are compared, when `facet` is the facet.
    pub fn compared(&self, facet: &str, n_rows: u64) -> Result<Vec<usize>, FlipLack> {
        let others = || self.columns.iter().enumerate().filter(|(_, feature)| *feature.name != *facet);
        if !others().all(|(_, feature)| feature.tally.is_numeric()) {
            return Err(FlipLack::NotNumeric);
        }
        if others().any(|(_, feature)| feature.tally.n_missing > 0 || feature.tally.n_cells() < n_rows) {
            return Err(FlipLack::Missing);
        }
        if others().any(|(_, feature)| feature.tally.has_infinity) {
            return Err(FlipLack::NotFinite);
        }
        let places: Vec<usize> = others().map(|(place, _)| place).collect();
        if places.is_empty() { Err(FlipLack::NoFeatures) } else { Ok(places) }
    }

    pub fn memory(&self) -> usize {
        self.columns.iter().map(|feature| 2 * feature.name.len() + 2 * size_of::<Feature>()).sum()
    }
}
