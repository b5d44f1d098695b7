//! Column tally: what decides whether a column's values are categories or numbers.

use std::collections::HashSet;

use super::pandas_cell::Cell;
use super::settings::{ColumnKind, FacetSettings};
use crate::sketch::{HyperLogLog, mix};

/// Share of distinct values from which on whole numbers are no categories
/// (smclarify 0.5, `UNIQUENESS_THRESHOLD`).
const MIN_SHARE_OF_DISTINCT: f64 = 0.05;
/// Distinct whole numbers that are counted exactly; of more the count is estimated.
const MAX_EXACT: usize = 1 << 14;

/// The type pandas gives a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Integer,
    Float,
    Truth,
    /// Texts, and any mixture.
    Text,
}

/// Cells of one column by what they are.
#[derive(Clone, Debug, Default)]
pub(super) struct ColumnTally {
    pub n_missing: u64,
    n_integers: u64,
    n_floats: u64,
    n_truths: u64,
    n_texts: u64,
    pub has_infinity: bool,
    max: Option<f64>,
    distinct: Distinct,
    /// Cells whose number is a configured one.
    pub n_equal: u64,
    /// Of several configured values, whether some cell is one by its text, and by its number.
    pub seen: Vec<[bool; 2]>,
    /// What a baseline tells of the column.
    known: Option<ColumnKind>,
    /// The whole number that alone is configured, where it makes categories of two.
    configured: Option<i64>,
}

#[derive(Clone, Debug)]
enum Distinct {
    Exact(HashSet<i64>),
    Estimated(Box<HyperLogLog>),
}

impl Default for Distinct {
    fn default() -> Self {
        Self::Exact(HashSet::new())
    }
}

impl Distinct {
    fn insert(&mut self, integer: i64) {
        match self {
            Self::Exact(integers) => {
                integers.insert(integer);
                if integers.len() > MAX_EXACT {
                    self.estimate();
                }
            }
            Self::Estimated(sketch) => sketch.insert_hash(mix(0, integer as u64)),
        }
    }

    fn estimate(&mut self) -> Option<&mut HyperLogLog> {
        if let Self::Exact(integers) = self {
            let mut sketch = Box::<HyperLogLog>::default();
            integers.iter().for_each(|integer| sketch.insert_hash(mix(0, *integer as u64)));
            *self = Self::Estimated(sketch);
        }
        match self {
            Self::Estimated(sketch) => Some(sketch),
            Self::Exact(_) => None,
        }
    }

    fn merge(&mut self, other: Self) {
        match other {
            Self::Exact(integers) => integers.into_iter().for_each(|integer| self.insert(integer)),
            Self::Estimated(theirs) => {
                if let Some(mine) = self.estimate() {
                    mine.merge(&theirs);
                }
            }
        }
    }

    fn n(&self) -> u64 {
        match self {
            Self::Exact(integers) => integers.len() as u64,
            Self::Estimated(sketch) => sketch.estimate(),
        }
    }
}

impl ColumnTally {
    /// Of a column of which this is known, and for which these values are configured.
    pub fn of(settings: &FacetSettings, known: Option<ColumnKind>, values: &[String]) -> Self {
        let configured = match values {
            [value] if settings.are_pairs_categories => value.trim().parse().ok(),
            _ => None,
        };
        let seen = if values.len() > 1 { vec![[false; 2]; values.len()] } else { Vec::new() };
        Self { known, configured, seen, ..Self::default() }
    }

    /// Takes in what a cell is, as far as types go.
    #[inline]
    pub fn push_type(&mut self, cell: Cell<'_>) {
        match cell {
            Cell::Missing => self.n_missing += 1,
            Cell::Integer(_) => self.n_integers += 1,
            Cell::Float(float) => {
                self.n_floats += 1;
                self.has_infinity |= float.is_infinite();
            }
            Cell::Truth(_) => self.n_truths += 1,
            Cell::Text(_) => self.n_texts += 1,
        }
    }

    /// Takes in a cell.
    pub fn push(&mut self, cell: Cell<'_>) {
        self.push_type(cell);
        if let Cell::Integer(integer) = cell {
            self.distinct.insert(integer);
        }
        if let Some(number) = cell.number() {
            self.max = Some(self.max.map_or(number, |max| max.max(number)));
        }
    }

    pub fn merge(&mut self, other: Self) {
        self.n_missing += other.n_missing;
        self.n_integers += other.n_integers;
        self.n_floats += other.n_floats;
        self.n_truths += other.n_truths;
        self.n_texts += other.n_texts;
        self.n_equal += other.n_equal;
        self.has_infinity |= other.has_infinity;
        self.known = self.known.or(other.known);
        self.configured = self.configured.or(other.configured);
        self.seen.resize(self.seen.len().max(other.seen.len()), [false; 2]);
        for (mine, theirs) in self.seen.iter_mut().zip(other.seen) {
            *mine = [mine[0] | theirs[0], mine[1] | theirs[1]];
        }
        self.max = match (self.max, other.max) {
            (Some(mine), Some(theirs)) => Some(mine.max(theirs)),
            (mine, theirs) => mine.or(theirs),
        };
        self.distinct.merge(other.distinct);
    }

    /// All cells.
    pub fn n_cells(&self) -> u64 {
        self.n_missing + self.n_integers + self.n_floats + self.n_truths + self.n_texts
    }

    /// Whether every value is a text that is neither number nor truth.
    pub fn has_texts_alone(&self) -> bool {
        self.n_texts > 0 && self.n_integers + self.n_floats + self.n_truths == 0
    }

    /// The largest number.
    pub fn max(&self) -> Option<f64> {
        self.max
    }

    pub fn kind(&self) -> Kind {
        let has_numbers = self.n_integers + self.n_floats > 0;
        if self.n_texts > 0 || (self.n_truths > 0 && has_numbers) {
            return Kind::Text;
        }
        if self.n_truths > 0 {
            return Kind::Truth;
        }
        if self.n_floats > 0 || self.n_missing > 0 { Kind::Float } else { Kind::Integer }
    }

    /// Whether values are numbers only because some are missing, when `n_values` are configured.
    pub fn is_continuous_by_gaps(&self, n_values: usize) -> bool {
        let are_whole = self.n_integers > 0 && self.n_floats == 0;
        self.kind() == Kind::Float
            && are_whole
            && self.is_continuous(n_values)
            && !self.is_continuous_as(Kind::Integer, n_values)
    }

    /// Whether it can be a column of numbers or truths without missing values, so far.
    pub fn is_numeric(&self) -> bool {
        match self.kind() {
            Kind::Integer | Kind::Float => true,
            Kind::Truth => self.n_missing == 0,
            Kind::Text => false,
        }
    }

    /// Whether values are numbers, not categories, when `n_values` are configured.
    pub fn is_continuous(&self, n_values: usize) -> bool {
        self.is_continuous_as(self.kind(), n_values)
    }

    fn is_continuous_as(&self, kind: Kind, n_values: usize) -> bool {
        if n_values > 1 {
            return false;
        }
        if let Some(known) = self.known {
            return known == ColumnKind::Numbers;
        }
        match kind {
            Kind::Float => true,
            Kind::Integer => {
                let share = self.distinct.n() as f64 / self.n_integers.max(1) as f64;
                share >= MIN_SHARE_OF_DISTINCT && !self.is_binary()
            }
            Kind::Truth | Kind::Text => false,
        }
    }

    /// Whether there are two whole numbers at most, the configured one among them.
    fn is_binary(&self) -> bool {
        match (&self.distinct, self.configured) {
            (Distinct::Exact(integers), Some(configured)) => {
                integers.len() + usize::from(!integers.contains(&configured)) <= 2
            }
            _ => false,
        }
    }

    /// Whether an estimate decided that.
    pub fn is_estimated(&self) -> bool {
        self.known.is_none() && self.kind() == Kind::Integer && matches!(self.distinct, Distinct::Estimated(_))
    }

    pub fn memory(&self) -> usize {
        match &self.distinct {
            Distinct::Exact(integers) => integers.capacity() * 2 * size_of::<i64>(),
            Distinct::Estimated(_) => size_of::<HyperLogLog>(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::rows::settings;
    use super::*;

    fn column(cells: &[&str]) -> ColumnTally {
        let mut tally = ColumnTally::default();
        cells.iter().for_each(|text| tally.push(Cell::of(Some(text))));
        tally
    }

    #[test]
    fn columns_have_the_types_pandas_gives_them() {
        assert_eq!(column(&["1", "2"]).kind(), Kind::Integer);
        assert_eq!(column(&["1", "", "2"]).kind(), Kind::Float);
        assert_eq!(column(&["1", "2.5"]).kind(), Kind::Float);
        assert_eq!(column(&["true", "False"]).kind(), Kind::Truth);
        assert_eq!(column(&["true", "1"]).kind(), Kind::Text);
        assert_eq!(column(&["1", "x"]).kind(), Kind::Text);
        assert_eq!(column(&[""]).kind(), Kind::Float);
    }

    #[test]
    fn whole_numbers_are_categories_when_few_of_them_differ() {
        let cells = |n: usize| (0..n).map(|i| ["0", "1"][i % 2]).collect::<Vec<_>>();
        assert!(column(&cells(40)).is_continuous(1), "2 of 40 are 5 %");
        assert!(!column(&cells(41)).is_continuous(1));
        assert!(!column(&cells(40)).is_continuous(2));
        assert!(column(&["0.0", "1.0"]).is_continuous(0));
        assert!(!column(&["a", "b"]).is_continuous(1));
    }

    #[test]
    fn two_whole_numbers_of_which_one_is_configured_are_categories_in_any_number_of_rows() {
        let is_continuous = |configured: &str, cells: &[&str]| {
            let settings = FacetSettings { are_pairs_categories: true, ..settings(&[]) };
            let mut tally = ColumnTally::of(&settings, None, &[configured.to_owned()]);
            cells.iter().for_each(|text| tally.push(Cell::of(Some(text))));
            tally.is_continuous(1)
        };
        assert!(!is_continuous("0", &["0", "1"]) && !is_continuous("1", &["0"]) && !is_continuous("1", &["1", "0"]));
        assert!(is_continuous("0", &["1", "2"]), "three numbers, the configured one among them");
        assert!(is_continuous("0", &["0", "1", "2"]) && is_continuous("40", &["90", "41"]));
        assert!(is_continuous("0.5", &["0", "1"]) && is_continuous("0", &["0", "1.0"]));
    }

    #[test]
    fn a_gap_makes_numbers_of_categories_and_is_told_from_numbers_that_have_gaps() {
        let is_by_gaps = |cells: &[&str]| {
            let settings = FacetSettings { are_pairs_categories: true, ..settings(&[]) };
            let mut tally = ColumnTally::of(&settings, None, &["1".to_owned()]);
            cells.iter().for_each(|text| tally.push(Cell::of(Some(text))));
            assert!(tally.is_continuous(1) || tally.kind() != Kind::Float);
            tally.is_continuous_by_gaps(1)
        };
        assert!(is_by_gaps(&["0", "1", ""]));
        assert!(!is_by_gaps(&["0", "1"]) && !is_by_gaps(&["0", "1.0", ""]) && !is_by_gaps(&["0", "1", "2", ""]));
        assert!(!is_by_gaps(&["a", "b", ""]) && !is_by_gaps(&["", ""]));
    }

    #[test]
    fn what_a_baseline_tells_of_a_column_holds_whatever_its_values_are() {
        let is_continuous = |known, cells: &[&str]| {
            let mut tally = ColumnTally::of(&settings(&[]), Some(known), &[]);
            cells.iter().for_each(|text| tally.push(Cell::of(Some(text))));
            let mut merged = ColumnTally::default();
            merged.merge(tally);
            merged.is_continuous(1)
        };
        for cells in [&["0", "1"][..], &["0.5", "1"], &["0", ""], &["1", "2", "3"]] {
            assert!(!is_continuous(ColumnKind::Categories, cells) && is_continuous(ColumnKind::Numbers, cells));
        }
    }

    #[test]
    fn the_estimate_of_many_distinct_numbers_is_near_however_it_is_split() {
        let numbers = |range: std::ops::Range<i64>| {
            let mut tally = ColumnTally::default();
            range.for_each(|i| tally.push(Cell::Integer(i)));
            tally
        };
        let whole = numbers(0..40_000);
        let mut merged = numbers(0..10_000);
        merged.merge(numbers(10_000..40_000));
        assert!(whole.is_estimated() && merged.is_estimated());
        assert_eq!(whole.distinct.n(), merged.distinct.n());
        assert!(whole.distinct.n().abs_diff(40_000) < 8_000, "{}", whole.distinct.n());
    }
}
