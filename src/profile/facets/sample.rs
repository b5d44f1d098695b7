//! A sample of rows, the same for any split of them.
//!
//! Rows are drawn by a hash: of each stratum those with the smallest hashes are kept (bottom-k
//! sampling: Cohen and Kaplan, "Summarizing data using bottom-k sketches", PODC 2007). Rows below
//! every hash that was dropped from some strata are a uniform sample of these strata.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};
use std::sync::Arc;

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
pub(super) struct Sample {
    strata: BTreeMap<u32, Stratum>,
}

#[derive(Clone, Debug, Default)]
struct Stratum {
    rows: BinaryHeap<SampledRow>,
    /// Smallest hash that was dropped.
    dropped: Option<u64>,
}

impl Sample {
    /// Whether a row would be kept.
    #[inline]
    pub fn wants(&self, stratum: u32, hash: u64) -> bool {
        self.strata.get(&stratum).and_then(|stratum| stratum.dropped).is_none_or(|dropped| hash < dropped)
    }

    /// Takes a row in.
    pub fn push(&mut self, stratum: u32, row: SampledRow) {
        let n_most = most_rows(row.numbers.len());
        let stratum = self.strata.entry(stratum).or_default();
        if stratum.dropped.is_some_and(|dropped| row.hash >= dropped) {
            return;
        }
        stratum.rows.push(row);
        stratum.shrink(n_most);
    }

    /// Takes in another sample, each of its rows changed.
    pub fn merge(&mut self, other: Self, change: impl Fn(SampledRow) -> SampledRow) {
        for (key, theirs) in other.strata {
            let mine = self.strata.entry(key).or_default();
            mine.dropped = smallest(mine.dropped, theirs.dropped);
            let mut n_most = usize::MAX;
            for row in theirs.rows.into_iter().map(&change) {
                n_most = n_most.min(most_rows(row.numbers.len()));
                mine.rows.push(row);
            }
            mine.shrink(n_most);
        }
    }

    /// Rows of one side, in the order of their hashes, and whether they are all of them. `strata` are
    /// all strata in which rows of the side can be.
    pub fn side(&self, strata: &BTreeSet<u32>, is_of_side: impl Fn(u32) -> bool) -> (Vec<&SampledRow>, bool) {
        let of_side = || strata.iter().filter_map(|key| self.strata.get(key));
        let end = of_side().filter_map(|stratum| stratum.dropped).min();
        let rows = of_side().flat_map(|stratum| &stratum.rows);
        let drawn = rows.filter(|row| is_of_side(row.facet) && end.is_none_or(|end| row.hash < end));
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
        let row = |row: &SampledRow| size_of::<SampledRow>() + row.numbers.len() * size_of::<f64>();
        let of = |stratum: &Stratum| stratum.rows.peek().map_or(0, |first| stratum.rows.len() * row(first));
        self.strata.values().map(of).sum()
    }
}

impl Stratum {
    /// Drops the largest rows until there are at most `n_most`, and all that are not below a dropped one.
    fn shrink(&mut self, n_most: usize) {
        while let Some(last) = self.rows.peek() {
            let is_above = self.dropped.is_some_and(|dropped| last.hash >= dropped);
            if self.rows.len() <= n_most && !is_above {
                return;
            }
            self.dropped = smallest(self.dropped, Some(last.hash));
            self.rows.pop();
        }
    }
}

fn smallest(a: Option<u64>, b: Option<u64>) -> Option<u64> {
    a.map_or(b, |a| Some(b.map_or(a, |b| a.min(b))))
}

fn most_rows(n_numbers: usize) -> usize {
    (MAX_NUMBERS / n_numbers.max(1)).clamp(MIN_ROWS, MAX_ROWS)
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
    use crate::profile::outcomes::mix;

    fn row(number: u64) -> (u32, SampledRow) {
        let facet = (number % 3) as u32;
        (facet, SampledRow { hash: mix(1, number), facet, prediction: 0, numbers: [number as f64].into() })
    }

    fn sample(numbers: impl Iterator<Item = u64>) -> Sample {
        let mut sample = Sample::default();
        for (stratum, row) in numbers.map(row) {
            if sample.wants(stratum, row.hash) {
                sample.push(stratum, row);
            }
        }
        sample
    }

    fn numbers(sample: &Sample) -> (Vec<f64>, bool) {
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
