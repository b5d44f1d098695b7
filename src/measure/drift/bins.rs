//! Bins: the rows of a column on both sides, counted in parts that the baseline alone fixes.
//!
//! Numbers lie in bins of about equal mass in the baseline, or, where it has few different ones, in a bin for each;
//! beside them stand a bin for what is below, above and, of few values, between them. Categories are a bin each, and
//! those that the baseline does not know are one. Missing cells are a bin of their own.
//!
//! Numbers are counted by the weights of the quantile sketches: exactly up to 2,049 rows a side, else with the
//! sketch's error (see [`crate::sketch::KllSketch`]).

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::distributions::{categories, numbers};
use crate::names::NULL_VALUE;
use crate::profile::{Category, ColumnStatistics, Detail, NumericStatistics, Undefined};

/// Most bins between a baseline's least and largest number.
const MAX_BINS: usize = 20;

/// Rows of both sides in one part of a column.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Bin {
    pub baseline: f64,
    pub current: f64,
}

/// Which part of a column a bin is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Part<'a> {
    /// Numbers below the baseline's least one.
    Below(f64),
    /// Numbers above the baseline's largest one.
    Above(f64),
    /// Numbers above `from`, and in the lowest range `from` itself, up to `to`.
    Range {
        from: f64,
        to: f64,
    },
    /// One number.
    Value(f64),
    /// Numbers between the few different ones of the baseline.
    Between,
    Category(&'a str),
    /// Every category that the baseline does not know.
    Unknown,
    Missing,
}

/// The filled bins of a column; an error where a side has no cells or the two cannot be compared.
pub(super) fn of(baseline: &ColumnStatistics, current: &ColumnStatistics) -> Result<Vec<Bin>, Undefined> {
    Ok(named(baseline, current)?.into_iter().map(|(_, bin)| bin).collect())
}

/// The same, with what they are bins of.
pub(super) fn named<'a>(
    baseline: &'a ColumnStatistics,
    current: &'a ColumnStatistics,
) -> Result<Vec<(Part<'a>, Bin)>, Undefined> {
    if baseline.n_present == 0 || current.n_present == 0 {
        return Err(Undefined::Empty);
    }
    let mut bins = match (&baseline.detail, &current.detail) {
        (Detail::Numeric(_), Detail::Numeric(_)) => {
            let (baseline, current) = numbers(baseline, current)?;
            of_numbers(baseline, current)
        }
        _ => {
            let (baseline, current) = categories(baseline, current)?;
            of_categories(baseline, current)
        }
    };
    bins.push((Part::Missing, missing(baseline, current)));
    bins.retain(|(_, bin)| bin.baseline > 0.0 || bin.current > 0.0);
    Ok(bins)
}

/// The bins of a test: one for each different number, where the baseline has few, or category, and one for missing cells.
/// Those with few rows on both sides together are one, unless all are such: which ones they are does not depend on the side of a row, so
/// that the law of the test's statistic holds. `None` of many different numbers.
pub(super) fn of_values(
    baseline: &ColumnStatistics,
    current: &ColumnStatistics,
    is_small: impl Fn(Bin, (f64, f64)) -> bool,
) -> Result<Option<Vec<Bin>>, Undefined> {
    if baseline.n_present == 0 || current.n_present == 0 {
        return Err(Undefined::Empty);
    }
    let mut bins = match (&baseline.detail, &current.detail) {
        (Detail::Numeric(_), Detail::Numeric(_)) => {
            let (baseline, current) = numbers(baseline, current)?;
            let Some(bins) = of_different_numbers(baseline, current) else { return Ok(None) };
            bins
        }
        _ => {
            let (baseline, current) = categories(baseline, current)?;
            of_different_texts(baseline, current)
        }
    };
    bins.push(missing(baseline, current));
    bins.retain(|bin| bin.baseline + bin.current > 0.0);
    let sizes = totals(&bins);
    let (small, mut large): (Vec<Bin>, Vec<Bin>) = bins.into_iter().partition(|bin| is_small(*bin, sizes));
    if large.is_empty() {
        return Ok(Some(small));
    }
    if !small.is_empty() {
        let (baseline, current) = totals(&small);
        large.push(Bin { baseline, current });
    }
    Ok(Some(large))
}

fn missing(baseline: &ColumnStatistics, current: &ColumnStatistics) -> Bin {
    Bin { baseline: baseline.n_missing as f64, current: current.n_missing as f64 }
}

fn of_different_texts(baseline: &[Category], current: &[Category]) -> Vec<Bin> {
    let is_value = |category: &&Category| category.value != NULL_VALUE;
    let mut bins: BTreeMap<&str, Bin> = BTreeMap::new();
    for category in baseline.iter().filter(is_value) {
        bins.entry(&category.value).or_default().baseline += category.count as f64;
    }
    for category in current.iter().filter(is_value) {
        bins.entry(&category.value).or_default().current += category.count as f64;
    }
    bins.into_values().collect()
}

/// `None` where the baseline has many different numbers.
fn of_different_numbers(baseline: &NumericStatistics, current: &NumericStatistics) -> Option<Vec<Bin>> {
    let base = baseline.quantiles.weighted_items();
    let values: BTreeSet<u64> = base.iter().map(|(x, _)| order_of(*x)).collect();
    if values.len() > MAX_BINS {
        return None;
    }
    let mut bins: BTreeMap<u64, Bin> = BTreeMap::new();
    for (x, weight) in base {
        bins.entry(order_of(x)).or_default().baseline += weight as f64;
    }
    for (x, weight) in current.quantiles.weighted_items() {
        bins.entry(order_of(x)).or_default().current += weight as f64;
    }
    Some(bins.into_values().collect())
}

/// A key by which numbers are told apart; zeros of both signs are one.
fn order_of(x: f64) -> u64 {
    if x == 0.0 { 0 } else { x.to_bits() }
}

/// Rows of the baseline and current rows.
pub fn totals(bins: &[Bin]) -> (f64, f64) {
    bins.iter().fold((0.0, 0.0), |(a, b), bin| (a + bin.baseline, b + bin.current))
}

/// The shares of both sides, bin by bin.
pub(super) fn shares(bins: &[Bin]) -> impl Iterator<Item = (f64, f64)> + Clone {
    let (n_baseline, n_current) = totals(bins);
    bins.iter().map(move |bin| (bin.baseline / n_baseline, bin.current / n_current))
}

fn of_categories<'a>(baseline: &'a [Category], current: &[Category]) -> Vec<(Part<'a>, Bin)> {
    let is_value = |category: &&Category| category.value != NULL_VALUE;
    let mut places: HashMap<&str, usize> = HashMap::new();
    let mut bins = Vec::new();
    for category in baseline.iter().filter(is_value).filter(|category| category.count > 0) {
        places.insert(&category.value, bins.len());
        bins.push((Part::Category(&category.value), Bin { baseline: category.count as f64, current: 0.0 }));
    }
    let unknown = bins.len();
    bins.push((Part::Unknown, Bin::default()));
    for category in current.iter().filter(is_value) {
        bins[places.get(category.value.as_str()).copied().unwrap_or(unknown)].1.current += category.count as f64;
    }
    bins
}

fn of_numbers(baseline: &NumericStatistics, current: &NumericStatistics) -> Vec<(Part<'static>, Bin)> {
    let items = baseline.quantiles.weighted_items();
    let binning = Binning::of(&items, (baseline.min, baseline.max), MAX_BINS);
    let mut bins = vec![Bin::default(); binning.n_bins()];
    for (x, weight) in items {
        bins[binning.place(x)].baseline += weight as f64;
    }
    for (x, weight) in current.quantiles.weighted_items() {
        bins[binning.place(x)].current += weight as f64;
    }
    bins.into_iter().enumerate().map(|(place, bin)| (binning.part(place), bin)).collect()
}

/// Which bin a number lies in: below the baseline's numbers, between two edges, above, or between its few values.
#[derive(Clone, Debug, PartialEq)]
pub struct Binning {
    /// The least number of the baseline.
    pub lowest: f64,
    /// Upper edges, rising, each part of its bin; the last one is the baseline's largest number.
    pub edges: Vec<f64>,
    /// Whether an edge is all there is of its bin.
    pub is_of_values: bool,
}

impl Binning {
    /// By numbers with the rows they stand for, rising, and the extremes, which a sketch may have lost; at most so many
    /// bins between them.
    pub(in crate::measure) fn of(items: &[(f64, u64)], (min, max): (f64, f64), max_bins: usize) -> Self {
        let mut values: Vec<f64> = items.iter().map(|(x, _)| *x).collect();
        values.dedup();
        let lowest = values.first().map_or(min, |first| min.min(*first));
        let highest = values.last().map_or(max, |last| max.max(*last));
        if values.len() <= max_bins {
            return Self { lowest, edges: values, is_of_values: true };
        }
        let n: f64 = items.iter().map(|(_, weight)| *weight as f64).sum();
        let mut edges: Vec<f64> = Vec::with_capacity(max_bins);
        let (mut rank, mut n_quantiles) = (0.0, 1.0);
        for (x, weight) in items {
            rank += *weight as f64;
            while n_quantiles < max_bins as f64 && rank * max_bins as f64 >= n_quantiles * n {
                n_quantiles += 1.0;
                edges.push(*x);
            }
        }
        edges.push(highest);
        edges.dedup();
        Self { lowest, edges, is_of_values: false }
    }

    /// Those of the baseline's numbers, and those below, above and between them.
    pub fn n_bins(&self) -> usize {
        self.edges.len() + 3
    }

    fn part(&self, place: usize) -> Part<'static> {
        let (n_edges, highest) = (self.edges.len(), self.edges.last().copied().unwrap_or(self.lowest));
        match self.edges.get(place) {
            None if place == n_edges => Part::Below(self.lowest),
            None if place == n_edges + 1 => Part::Above(highest),
            None => Part::Between,
            Some(to) => {
                let from = if place == 0 { self.lowest } else { self.edges[place - 1] };
                if self.is_of_values || from == *to { Part::Value(*to) } else { Part::Range { from, to: *to } }
            }
        }
    }

    pub(in crate::measure) fn place(&self, x: f64) -> usize {
        let n_edges = self.edges.len();
        if x < self.lowest {
            return n_edges;
        }
        let place = self.edges.partition_point(|edge| *edge < x);
        match self.edges.get(place) {
            None => n_edges + 1,
            Some(edge) if self.is_of_values && *edge != x => n_edges + 2,
            Some(_) => place,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::examples::{numbers, texts};
    use super::*;

    fn counts(baseline: &ColumnStatistics, current: &ColumnStatistics) -> Vec<(f64, f64)> {
        of(baseline, current).expect("bins").iter().map(|bin| (bin.baseline, bin.current)).collect()
    }

    #[test]
    fn few_values_have_a_bin_each() {
        let (base, now) = (numbers(&[0.0, 0.0, 1.0, 3.0], 1), numbers(&[-1.0, 0.0, 2.0, 3.0, 3.0, 4.0], 2));
        let expected = [(2.0, 1.0), (1.0, 0.0), (1.0, 2.0), (0.0, 1.0), (0.0, 1.0), (0.0, 1.0), (1.0, 2.0)];
        assert_eq!(counts(&base, &now), expected);
    }

    #[test]
    fn many_values_have_bins_of_equal_mass() {
        let base: Vec<f64> = (1..=1_000).map(f64::from).collect();
        let bins = counts(&numbers(&base, 0), &numbers(&[0.0, 1.0, 50.0, 51.0, 1_000.0, 1_001.0], 0));
        assert_eq!(bins.len(), MAX_BINS + 2);
        assert!(bins[..MAX_BINS].iter().all(|(base, _)| *base == 50.0), "{bins:?}");
        assert_eq!((bins[0].1, bins[1].1, bins[19].1, bins[20].1, bins[21].1), (2.0, 1.0, 1.0, 1.0, 1.0));
    }

    #[test]
    fn a_point_mass_is_one_bin() {
        let base: Vec<f64> = (0..1_000).map(|i| f64::from((i - 600).max(0))).collect();
        let bins = counts(&numbers(&base, 0), &numbers(&[0.0, 1.0], 0));
        assert_eq!((bins[0], bins.len()), ((601.0, 1.0), 9));
    }

    #[test]
    fn categories_that_the_baseline_does_not_know_are_one() {
        let (base, now) = (texts("a3 b2", 1), texts("a1 x1 y2", 0));
        assert_eq!(counts(&base, &now), [(3.0, 1.0), (2.0, 0.0), (0.0, 3.0), (1.0, 0.0)]);
    }

    #[test]
    fn rare_values_of_a_test_are_one_by_the_rows_of_both_sides() {
        let values = |base: &ColumnStatistics, now: &ColumnStatistics| {
            let bins = of_values(base, now, |bin, _| bin.baseline + bin.current < 5.0).expect("bins");
            bins.map(|bins| bins.iter().map(|bin| (bin.baseline, bin.current)).collect::<Vec<_>>())
        };
        let (base, now) = (texts("a6 b2 c1", 0), texts("a1 b1 d1 e3", 5));
        assert_eq!(values(&base, &now), Some(vec![(6.0, 1.0), (0.0, 5.0), (3.0, 5.0)]));
        let (base, now) = (numbers(&[0.0, -0.0, 1.0], 0), numbers(&[0.0, 0.0, 0.0, 1.0, 2.0], 0));
        assert_eq!(values(&base, &now), Some(vec![(2.0, 3.0), (1.0, 2.0)]));
        let many: Vec<f64> = (0..21).map(f64::from).collect();
        assert_eq!(values(&numbers(&many, 0), &now), None);
    }

    #[test]
    fn bins_say_what_they_are_of() {
        let parts = |base: &ColumnStatistics, now: &ColumnStatistics| {
            let bins = named(base, now).expect("bins").into_iter().map(|(part, _)| format!("{part:?}"));
            bins.collect::<Vec<_>>().join(" ")
        };
        let (base, now) = (numbers(&[0.0, 1.0, 3.0], 1), numbers(&[-1.0, 2.0, 4.0], 2));
        let expected = "Value(0.0) Value(1.0) Value(3.0) Below(0.0) Above(3.0) Between Missing";
        assert_eq!(parts(&base, &now), expected);
        let base: Vec<f64> = (0..1_000).map(|i| f64::from((i - 600).max(0))).collect();
        let found = parts(&numbers(&base, 0), &numbers(&[0.0, 500.0], 0));
        assert!(
            found.starts_with("Value(0.0) Range { from: 0.0, to: 49.0 } Range { from: 49.0, to: 99.0 }"),
            "{found}"
        );
        assert!(found.ends_with("Range { from: 349.0, to: 399.0 } Above(399.0)"), "{found}");
        let (base, now) = (texts("a3 b2", 1), texts("a1 x1 y2", 0));
        assert_eq!(parts(&base, &now), "Category(\"a\") Category(\"b\") Unknown Missing");
    }

    #[test]
    fn what_cannot_be_compared_has_no_bins() {
        for (base, now, reason) in [
            (numbers(&[1.0], 0), texts("a1", 0), Undefined::KindMismatch),
            (numbers(&[1.0], 0), texts("", 0), Undefined::Empty),
            (texts("", 3), texts("a1", 0), Undefined::Empty),
            (texts("a1", 0), texts("", 3), Undefined::Empty),
            (texts("a1", 0), numbers(&[1.0], 0), Undefined::KindMismatch),
        ] {
            assert_eq!(of(&base, &now), Err(reason));
        }
    }
}
