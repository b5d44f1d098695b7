//! KLL sketch: open quantiles without randomness, value for value those of AWS's containers.
//!
//! A level `h` holds values that stand for `2^h` rows each. When the sketch overflows, its lowest
//! full level is sorted and every second value moves up. Rank error about 0.6 % of the rows at
//! 99 % confidence for shuffled rows; no bound holds for rows ordered by an adversary, since no
//! coin is thrown.
//!
//! Reference: Karnin, Lang and Liberty, "Optimal quantile approximation in streams" (FOCS 2016);
//! the deterministic variant, its constants and its order of operations are those of
//! awslabs/deequ `QuantileNonSample.scala` and `NonSampleCompactor.scala` (Apache-2.0).

use super::quantiles::Quantiles;

/// Sketch size `k` in awslabs/deequ `KLLSketch.DEFAULT_SKETCH_SIZE`.
const SKETCH_SIZE: f64 = 2048.0;
/// Shrinking factor `c` in awslabs/deequ `KLLSketch.DEFAULT_SHRINKING_FACTOR`.
const SHRINKING_FACTOR: f64 = 0.64;
/// `2·(⌈k·c^h / 2⌉ + 1)` for the levels `h` = 0, 1, …; 4 for all above.
const CAPACITIES: [usize; 16] = [2050, 1314, 842, 540, 346, 222, 144, 94, 60, 40, 26, 18, 12, 10, 6, 6];

/// Number of values from which on `level` may be compacted.
fn capacity(level: usize) -> usize {
    CAPACITIES.get(level).copied().unwrap_or(4)
}

/// One level. Its values are kept as integers that order as `Double.compare` does.
#[derive(Clone, Debug, Default, PartialEq)]
struct Level {
    images: Vec<i64>,
    compactions: u64,
    /// Whether compaction keeps the odd places instead of the even ones.
    keeps_odd: bool,
}

impl Level {
    /// Sorts the values up to the last even place and moves every second one to `upper`.
    /// An odd last value stays.
    fn compact_into(&mut self, upper: &mut Vec<i64>) {
        let even = self.images.len() & !1;
        if self.compactions % 2 == 1 {
            self.keeps_odd = !self.keeps_odd;
        }
        self.compactions += 1;
        let (sorted, _) = self.images.split_at_mut(even);
        sorted.sort_unstable();
        upper.extend(sorted.iter().skip(usize::from(self.keeps_odd)).step_by(2));
        self.images.drain(..even);
    }
}

/// The open sketch.
#[derive(Clone, Debug, PartialEq)]
pub struct KllSketch {
    levels: Vec<Level>,
    n_items: usize,
    total_capacity: usize,
}

impl Default for KllSketch {
    fn default() -> Self {
        Self { levels: vec![Level::default()], n_items: 0, total_capacity: capacity(0) }
    }
}

impl KllSketch {
    /// Rank error, as a share of the rows, that at most one sketch of shuffled rows in a hundred exceeds.
    pub const RANK_ERROR: f64 = 0.006;

    /// Takes one value in.
    #[inline]
    pub fn push(&mut self, x: f64) {
        let lowest = &mut self.levels[0].images;
        if lowest.len() == lowest.capacity() {
            grow(lowest);
        }
        lowest.push(image(x));
        self.n_items += 1;
        if self.n_items > self.total_capacity {
            self.condense();
        }
    }

    /// Takes in what `other` saw. An exactly full sketch is condensed here but not by
    /// [`Self::push`], so that merging even into an empty sketch may change the levels.
    pub fn merge(&mut self, other: Self) {
        while self.levels.len() < other.levels.len() {
            self.expand();
        }
        for (mine, theirs) in self.levels.iter_mut().zip(other.levels) {
            if mine.images.is_empty() {
                mine.images = theirs.images;
            } else {
                mine.images.extend(theirs.images);
            }
        }
        self.n_items = self.count_items();
        while self.n_items >= self.total_capacity {
            if !self.condense() {
                return;
            }
        }
    }

    /// Closes the sketch as it is.
    pub fn finish(self) -> Quantiles {
        let values = |level: Level| level.images.into_iter().map(value).collect();
        Quantiles { levels: self.levels.into_iter().map(values).collect(), k: SKETCH_SIZE, c: SHRINKING_FACTOR }
    }

    /// Bytes held on the heap.
    pub fn memory(&self) -> usize {
        let levels: usize = self.levels.iter().map(|level| level.images.capacity() * size_of::<i64>()).sum();
        levels + self.levels.capacity() * size_of::<Level>()
    }

    fn expand(&mut self) {
        self.total_capacity += capacity(self.levels.len());
        self.levels.push(Level::default());
    }

    /// Compacts the lowest full level, and that one only. False when none is full.
    fn condense(&mut self) -> bool {
        let full = |(h, level): (usize, &Level)| level.images.len() >= capacity(h);
        let Some(h) = self.levels.iter().enumerate().position(full) else { return false };
        if h + 1 == self.levels.len() {
            self.expand();
        }
        let (lower, upper) = self.levels.split_at_mut(h + 1);
        lower[h].compact_into(&mut upper[0].images);
        self.n_items = self.count_items();
        true
    }

    fn count_items(&self) -> usize {
        self.levels.iter().map(|level| level.images.len()).sum()
    }
}

/// Doubles the room of the lowest level, but never beyond what it can hold: among thousands of
/// columns the rest would be most of the memory.
#[cold]
fn grow(lowest: &mut Vec<i64>) {
    let fullest = capacity(0) + 1;
    let more = lowest.len().max(16).min(fullest.saturating_sub(lowest.len()));
    lowest.reserve_exact(more);
}

/// An integer that orders as the double does, with `-0.0` before `0.0`.
#[inline]
fn image(x: f64) -> i64 {
    flip(x.to_bits() as i64)
}

#[inline]
fn value(image: i64) -> f64 {
    f64::from_bits(flip(image) as u64)
}

/// Turns round the order of negative doubles; its own inverse.
#[inline]
fn flip(bits: i64) -> i64 {
    bits ^ (((bits >> 63) as u64) >> 1) as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(n: usize) -> KllSketch {
        let mut sketch = KllSketch::default();
        (0..n).for_each(|i| sketch.push(i as f64));
        sketch
    }

    fn lengths(sketch: KllSketch) -> Vec<usize> {
        let mut closed = KllSketch::default();
        closed.merge(sketch);
        closed.finish().levels.iter().map(Vec::len).collect()
    }

    #[test]
    fn capacities_follow_their_formula() {
        for level in 0..64 {
            let formula = 2 * ((SKETCH_SIZE * SHRINKING_FACTOR.powi(level as i32) / 2.0).ceil() as usize + 1);
            assert_eq!(capacity(level), formula, "level {level}");
        }
    }

    #[test]
    fn levels_are_as_long_as_in_published_files() {
        for (n, expected) in [
            (2049, vec![2049]),
            (2050, vec![0, 1025]),
            (2333, vec![283, 1025]),
            (3000, vec![950, 1025]),
            (23432, vec![266, 1093, 2127, 1, 779]),
        ] {
            assert_eq!(lengths(of(n)), expected, "{n} values");
        }
    }

    #[test]
    fn zeros_sort_by_sign_and_come_back_whole() {
        let doubles = [f64::NEG_INFINITY, -1.5, -0.0, 0.0, f64::MIN_POSITIVE, 2.0, f64::INFINITY];
        let images: Vec<i64> = doubles.iter().map(|x| image(*x)).collect();
        assert!(images.is_sorted_by(|a, b| a < b));
        for (x, image) in doubles.iter().zip(images) {
            assert_eq!(value(image).to_bits(), x.to_bits());
        }
    }

    #[test]
    fn ranks_of_shuffled_rows_are_as_exact_as_stated() {
        let mut random = crate::sketch::SplitMix::new(3);
        for n in [3_000, 20_000, 100_000] {
            let error = |_| {
                let mut rows: Vec<f64> = (0..n).map(|_| random.share()).collect();
                let mut sketch = KllSketch::default();
                rows.iter().for_each(|x| sketch.push(*x));
                rows.sort_unstable_by(f64::total_cmp);
                let mut rank = 0;
                let items = sketch.finish().weighted_items().into_iter();
                let errors = items.map(|(x, weight)| {
                    rank += weight;
                    (rank as f64 - rows.partition_point(|row| *row <= x) as f64).abs()
                });
                errors.fold(0.0, f64::max) / f64::from(n)
            };
            let errors: Vec<f64> = (0..20).map(error).collect();
            assert!(errors.iter().all(|error| *error <= KllSketch::RANK_ERROR), "{n} rows: {errors:?}");
        }
    }

    #[test]
    fn no_row_is_lost() {
        for n in [0, 1, 2050, 2051, 5000, 100_000] {
            let mut merged = of(n);
            merged.merge(of(n / 3));
            assert_eq!(merged.finish().n(), (n + n / 3) as u64);
        }
    }

    #[test]
    fn a_full_lowest_level_takes_no_more_room_than_it_needs() {
        assert!(of(2050).memory() <= 2_100 * size_of::<i64>());
    }

    #[test]
    fn merging_into_an_empty_sketch_twice_changes_nothing_more() {
        let mut once = KllSketch::default();
        once.merge(of(7000));
        let mut twice = KllSketch::default();
        twice.merge(once.clone());
        assert_eq!(once.finish(), twice.finish());
    }
}
