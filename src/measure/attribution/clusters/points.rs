//! Rows as points: numbers on one scale, and categories.
//!
//! A column is of numbers if all its cells that are not missing are numbers, digits after a leading zero aside.
//! Numbers are brought to mean 0 and variance 1, so no column counts more because of its unit; a missing number
//! stands at the mean. In other columns each text is a category, and missing cells are one more.

use std::collections::BTreeMap;

use crate::measure::attribution::cell::{Cell, is_integer, number};

/// What one category that differs adds to a squared distance. Huang ("Extensions to the k-means algorithm for
/// clustering large data sets with categorical values", Data Mining and Knowledge Discovery 2, 1998) is guided by the
/// average standard deviation of the numbers, which is 1 here.
const CATEGORY_WEIGHT: f64 = 1.0;
/// The category of missing cells.
pub(super) const MISSING: u32 = 0;

/// A column as it is in the data.
#[derive(Debug)]
pub(super) enum Column {
    Numbers {
        /// By row, in units of `unit`; `None` where missing.
        values: Vec<Option<f64>>,
        /// A power of two near the largest number: sums do not overflow, and nothing is rounded.
        unit: f64,
        are_integers: bool,
    },
    Categories {
        /// By row; categories are numbered from 1 in the order they come up.
        codes: Vec<u32>,
        /// By category, a cell that holds it; the first is missing.
        cells: Vec<Cell>,
    },
}

/// The rows of a dataset as points.
#[derive(Debug)]
pub(super) struct Points {
    pub n_rows: usize,
    pub columns: Vec<Column>,
    n_numbers: usize,
    n_codes: usize,
    /// Row by row.
    numbers: Vec<f64>,
    codes: Vec<u32>,
}

/// A place among the points: a point itself, or the centre of several.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Centre {
    pub numbers: Vec<f64>,
    pub codes: Vec<u32>,
}

impl Points {
    /// Rows of equal width; cells that a row lacks are missing.
    pub fn of(rows: &[Vec<Cell>]) -> Self {
        let n_columns = rows.iter().map(Vec::len).max().unwrap_or(0);
        let columns: Vec<Column> =
            (0..n_columns).map(|place| Column::of(rows.iter().map(|row| row.get(place).unwrap_or(&None)))).collect();
        let numbers: Vec<Vec<f64>> = columns.iter().filter_map(Column::standardised).collect();
        let codes: Vec<&[u32]> = columns.iter().filter_map(Column::codes).collect();
        Self {
            n_rows: rows.len(),
            n_numbers: numbers.len(),
            n_codes: codes.len(),
            numbers: (0..rows.len()).flat_map(|row| numbers.iter().map(move |column| column[row])).collect(),
            codes: (0..rows.len()).flat_map(|row| codes.iter().map(move |column| column[row])).collect(),
            columns,
        }
    }

    pub fn numbers(&self, row: usize) -> &[f64] {
        &self.numbers[row * self.n_numbers..(row + 1) * self.n_numbers]
    }

    pub fn codes(&self, row: usize) -> &[u32] {
        &self.codes[row * self.n_codes..(row + 1) * self.n_codes]
    }

    /// The row itself as a centre.
    pub fn at(&self, row: usize) -> Centre {
        Centre { numbers: self.numbers(row).to_vec(), codes: self.codes(row).to_vec() }
    }

    /// Squared distance of a row from a centre: that of the numbers, and the categories that differ (Huang 1998).
    pub fn distance(&self, row: usize, centre: &Centre) -> f64 {
        let numbers = self.numbers(row).iter().zip(&centre.numbers);
        let n_different = self.codes(row).iter().zip(&centre.codes).filter(|(code, other)| code != other).count();
        numbers.map(|(x, y)| (x - y) * (x - y)).sum::<f64>() + CATEGORY_WEIGHT * n_different as f64
    }

    /// The centre of these rows: means and most frequent categories, of equally frequent ones the first.
    pub fn centre(&self, rows: &[usize]) -> Centre {
        let mean = |place: usize| mean(rows.iter().map(|row| self.numbers(*row)[place])).unwrap_or(0.0);
        let mode = |place: usize| most_frequent(rows.iter().map(|row| self.codes(*row)[place])).unwrap_or(MISSING);
        Centre { numbers: (0..self.n_numbers).map(mean).collect(), codes: (0..self.n_codes).map(mode).collect() }
    }
}

impl Column {
    fn of<'a>(cells: impl Iterator<Item = &'a Cell> + Clone) -> Self {
        let present = || cells.clone().flatten();
        if present().next().is_none() || !present().all(|text| number(text).is_some()) {
            return Self::of_categories(cells);
        }
        let values: Vec<Option<f64>> = cells.clone().map(|cell| cell.as_deref().and_then(number)).collect();
        let largest = values.iter().flatten().fold(0.0, |largest: f64, value| largest.max(value.abs()));
        let unit = power_of_two(largest);
        Self::Numbers {
            values: values.into_iter().map(|value| value.map(|value| value / unit)).collect(),
            unit,
            are_integers: present().all(|text| is_integer(text)),
        }
    }

    fn of_categories<'a>(cells: impl Iterator<Item = &'a Cell>) -> Self {
        let mut found: BTreeMap<&str, u32> = BTreeMap::new();
        let mut known: Vec<Cell> = vec![None];
        let code = |cell: &'a Cell| {
            let Some(text) = cell.as_deref() else { return MISSING };
            *found.entry(text).or_insert_with(|| {
                known.push(cell.clone());
                known.len() as u32 - 1
            })
        };
        let codes = cells.map(code).collect();
        Self::Categories { codes, cells: known }
    }

    /// Numbers with mean 0 and variance 1, 0 where missing; all 0 of a constant.
    fn standardised(&self) -> Option<Vec<f64>> {
        let Self::Numbers { values, .. } = self else { return None };
        let n = values.iter().flatten().count() as f64;
        let mean = mean(values.iter().flatten().copied())?;
        let variance = values.iter().flatten().map(|value| (value - mean) * (value - mean)).sum::<f64>() / n;
        let deviation = variance.sqrt();
        let of = |value: f64| if deviation > 0.0 { (value - mean) / deviation } else { 0.0 };
        Some(values.iter().map(|value| value.map_or(0.0, of)).collect())
    }

    fn codes(&self) -> Option<&[u32]> {
        match self {
            Self::Numbers { .. } => None,
            Self::Categories { codes, .. } => Some(codes),
        }
    }
}

/// The mean, each number moving it: that of equal numbers is the number, without rounding. `None` of none.
pub(super) fn mean(numbers: impl Iterator<Item = f64>) -> Option<f64> {
    let moved = |(n, mean): (f64, f64), x: f64| (n + 1.0, mean + (x - mean) / (n + 1.0));
    let (n, mean) = numbers.fold((0.0, 0.0), moved);
    (n > 0.0).then_some(mean)
}

/// The largest power of two up to a number, which divides and multiplies without rounding; 1 for what is too small.
fn power_of_two(magnitude: f64) -> f64 {
    /// Bits of a double's exponent.
    const EXPONENT: u64 = 0x7FF << 52;
    let power = f64::from_bits(magnitude.to_bits() & EXPONENT);
    if power > 0.0 { power } else { 1.0 }
}

/// The most frequent code, of equally frequent ones the smallest.
pub(super) fn most_frequent(codes: impl Iterator<Item = u32>) -> Option<u32> {
    let mut n_by_code: BTreeMap<u32, usize> = BTreeMap::new();
    for code in codes {
        *n_by_code.entry(code).or_default() += 1;
    }
    // Of equal ones `max_by_key` takes the last.
    n_by_code.into_iter().rev().max_by_key(|(_, n)| *n).map(|(code, _)| code)
}
