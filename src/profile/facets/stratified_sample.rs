//! Stratified sample: a bottom-k sample of the rows of each stratum, drawn by their hashes.
//!
//! Rows below every hash that was dropped from some strata are a uniform sample of these strata together.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::sketch::{BottomK, BottomKLimit, BottomKRow};

/// Rows kept of a stratum at most.
const MAX_ROWS: usize = 2_000;
/// Numbers kept of a stratum at most; a stratum keeps [`MIN_ROWS`] rows whatever their width.
const MAX_NUMBERS: usize = 1 << 19;
const MIN_ROWS: usize = 20;

/// A row as it is compared with others.
#[derive(Clone, Debug)]
pub(super) struct SampledRow {
    pub hash: u64,
    /// The facet's code, or the place of its value.
    pub facet: u32,
    /// The prediction's code.
    pub prediction: u32,
    /// By feature; NaN where missing.
    pub numbers: Arc<[f64]>,
}

/// Rows by stratum.
#[derive(Clone, Debug, Default)]
pub(super) struct StratifiedSample {
    strata: BTreeMap<u32, BottomK<SampledRow>>,
}

impl StratifiedSample {
    /// Whether a row would be kept.
    #[inline]
    pub fn wants(&self, stratum: u32, hash: u64) -> bool {
        self.strata.get(&stratum).is_none_or(|rows| rows.wants(&hash))
    }

    /// Takes in a row that is wanted.
    pub fn push(&mut self, stratum: u32, row: SampledRow) {
        let limit = limit(row.numbers.len());
        self.strata.entry(stratum).or_default().push(row, limit);
    }

    /// Takes in another sample, each of its rows changed.
    pub fn merge(&mut self, other: Self, change: impl Fn(SampledRow) -> SampledRow) {
        for (key, theirs) in other.strata {
            let theirs = theirs.map(&change);
            // The widest of their rows decides how many there may be.
            let width = theirs.rows().map(|row| row.numbers.len()).max();
            self.strata.entry(key).or_default().merge(theirs, limit(width.unwrap_or(0)));
        }
    }

    /// Rows of one side, in the order of their hashes, and whether they are all of them. `strata` are
    /// all strata in which rows of the side can be.
    pub fn side(&self, strata: &BTreeSet<u32>, is_of_side: impl Fn(u32) -> bool) -> (Vec<&SampledRow>, bool) {
        let of_side = || strata.iter().filter_map(|key| self.strata.get(key));
        let end = of_side().filter_map(BottomK::dropped).min();
        let rows = of_side().flat_map(BottomK::rows);
        let drawn = rows.filter(|row| is_of_side(row.facet) && end.is_none_or(|end| row.hash < *end));
        let mut drawn: Vec<&SampledRow> = drawn.collect();
        drawn.sort_unstable();
        let is_all = end.is_none() && drawn.len() <= MAX_ROWS;
        drawn.truncate(MAX_ROWS);
        (drawn, is_all)
    }

    pub fn clear(&mut self) {
        self.strata.clear();
    }

    pub fn memory(&self) -> usize {
        self.strata.values().map(BottomK::bytes).sum()
    }
}

fn limit(n_numbers: usize) -> BottomKLimit {
    BottomKLimit { n_rows: most_rows(n_numbers), n_bytes: usize::MAX }
}

fn most_rows(n_numbers: usize) -> usize {
    (MAX_NUMBERS / n_numbers.max(1)).clamp(MIN_ROWS, MAX_ROWS)
}

impl BottomKRow for SampledRow {
    type Key = u64;

    fn key(&self) -> &u64 {
        &self.hash
    }

    fn bytes(&self) -> usize {
        size_of::<Self>() + self.numbers.len() * size_of::<f64>()
    }
}

/// By hash; the rest makes the order of rows with one hash the same every time.
impl Ord for SampledRow {
    fn cmp(&self, other: &Self) -> Ordering {
        let numbers = || {
            let pairs = self.numbers.iter().zip(other.numbers.iter());
            pairs.map(|(a, b)| a.total_cmp(b)).find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
        };
        let codes = |row: &Self| (row.hash, row.prediction);
        codes(self).cmp(&codes(other)).then_with(numbers)
    }
}

impl PartialOrd for SampledRow {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for SampledRow {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for SampledRow {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sketch::mix;

    fn row(number: u64) -> (u32, SampledRow) {
        let facet = (number % 3) as u32;
        (facet, SampledRow { hash: mix(1, number), facet, prediction: 0, numbers: [number as f64].into() })
    }

    fn sample(numbers: impl Iterator<Item = u64>) -> StratifiedSample {
        let mut sample = StratifiedSample::default();
        for (stratum, row) in numbers.map(row) {
            if sample.wants(stratum, row.hash) {
                sample.push(stratum, row);
            }
        }
        sample
    }

    fn numbers(sample: &StratifiedSample) -> (Vec<f64>, bool) {
        let (rows, is_all) = sample.side(&BTreeSet::from([0, 1]), |facet| facet < 2);
        (rows.iter().map(|row| row.numbers[0]).collect(), is_all)
    }

    #[test]
    fn few_rows_are_all_there() {
        let (rows, is_all) = numbers(&sample(0..300));
        assert_eq!((rows.len(), is_all), (200, true));
    }

    #[test]
    fn the_sample_of_many_rows_does_not_depend_on_their_split() {
        let whole = numbers(&sample(0..20_000));
        assert_eq!((whole.0.len(), whole.1), (2_000, false));
        let mut merged = sample(9_000..20_000);
        merged.merge(sample((0..9_000).rev()), |row| row);
        assert_eq!(numbers(&merged), whole);
        // Drawn evenly: the mean of 2,000 of 20,000 numbers lies within five standard errors.
        let mean = whole.0.iter().sum::<f64>() / 2_000.0;
        assert!((mean - 10_000.0).abs() < 5.0 * 5_774.0 / 2_000f64.sqrt(), "{mean}");
    }

    #[test]
    fn wide_rows_are_fewer() {
        assert_eq!([1, 262, 2_000, 1 << 20].map(most_rows), [2_000, 2_000, 262, 20]);
    }
}
