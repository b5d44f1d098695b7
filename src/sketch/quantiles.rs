//! Closed KLL sketch: the quantiles and buckets that are read off it.

use std::cmp::Ordering;

/// Number of buckets in every statistics file that AWS's containers wrote.
const BUCKETS: usize = 10;

/// A closed quantile sketch: levels of values, where a value on level `h` stands for `2^h` rows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Quantiles {
    /// Level 0 first; its values are in row order.
    pub levels: Vec<Vec<f64>>,
    /// Sketch size `k` (number of values that the lowest level is built for).
    pub k: f64,
    /// Shrinking factor `c` of the levels' capacities.
    pub c: f64,
}

/// One of ten parts of equal width of a column's range.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bucket {
    /// Included.
    pub lower: f64,
    /// Excluded, except in the last bucket.
    pub upper: f64,
    /// Rows, as far as the sketch knows: a sum of weights.
    pub count: f64,
}

impl Quantiles {
    /// Number of rows that the values stand for.
    pub fn n(&self) -> u64 {
        let rows = |(h, level): (usize, &Vec<f64>)| (level.len() as u64).saturating_mul(weight(h));
        self.levels.iter().enumerate().map(rows).fold(0, u64::saturating_add)
    }

    /// Values with the rows they stand for, sorted by value, lower levels first among equals.
    /// Zeros of both signs are equal.
    pub fn weighted_items(&self) -> Vec<(f64, u64)> {
        let levels = self.levels.iter().enumerate();
        let mut items: Vec<_> = levels.flat_map(|(h, level)| level.iter().map(move |x| (*x, weight(h)))).collect();
        items.sort_by(|(a, _), (b, _)| by_value(*a, *b));
        items
    }

    /// The least values up to which these shares of the rows lie, 0…1, rising; as exact as the sketch. `None` of no
    /// rows.
    pub fn at<const N: usize>(&self, shares: [f64; N]) -> Option<[f64; N]> {
        let items = self.weighted_items();
        let n = self.n() as f64;
        let (mut rank, mut place) = (0u64, 0);
        let mut found = [items.last()?.0; N];
        for (x, weight) in items {
            rank = rank.saturating_add(weight);
            while place < N && rank as f64 >= shares[place] * n {
                found[place] = x;
                place += 1;
            }
        }
        Some(found)
    }

    /// Rows whose value is meant; as exact as the sketch.
    pub fn n_where(&self, is_meant: impl Fn(f64) -> bool) -> u64 {
        let meant = |(h, level): (usize, &Vec<f64>)| {
            (level.iter().filter(|value| is_meant(**value)).count() as u64).saturating_mul(weight(h))
        };
        self.levels.iter().enumerate().map(meant).fold(0, u64::saturating_add)
    }

    /// The sketch of other values in the places of these.
    pub fn map(&self, value: impl Fn(f64) -> f64) -> Self {
        let levels = self.levels.iter().map(|level| level.iter().map(|x| value(*x)).collect());
        Self { levels: levels.collect(), ..*self }
    }

    /// The sketch of those of these values that are kept.
    pub fn only(&self, is_kept: impl Fn(f64) -> bool) -> Self {
        let levels = self.levels.iter().map(|level| level.iter().copied().filter(|x| is_kept(*x)).collect());
        Self { levels: levels.collect(), ..*self }
    }

    /// Ten buckets from `min` to `max`, the column's extremes. The range starts from the limits of
    /// 32-bit integers, as in awslabs/deequ, so a column wholly beyond them has wider buckets.
    pub fn buckets(&self, min: f64, max: f64) -> [Bucket; BUCKETS] {
        let items = self.weighted_items();
        let mut running = 0u64;
        let mut cumulative = vec![0u64];
        for (_, weight) in &items {
            running = running.saturating_add(*weight);
            cumulative.push(running);
        }
        let rows_below = |x: f64| cumulative[items.partition_point(|(v, _)| *v < x)] as f64;
        let rows_up_to = |x: f64| cumulative[items.partition_point(|(v, _)| is_not_above(*v, x))] as f64;
        let start = if min < f64::from(i32::MAX) { min } else { f64::from(i32::MAX) };
        let end = if max > f64::from(i32::MIN) { max } else { f64::from(i32::MIN) };
        std::array::from_fn(|i| {
            let lower = start + (end - start) * i as f64 / BUCKETS as f64;
            let upper = start + (end - start) * (i + 1) as f64 / BUCKETS as f64;
            let to = if i + 1 == BUCKETS { rows_up_to(upper) } else { rows_below(upper) };
            Bucket { lower, upper, count: to - rows_below(lower) }
        })
    }
}

/// Rows that one value on level `h` stands for. Files may claim any number of levels.
fn weight(h: usize) -> u64 {
    u32::try_from(h).ok().and_then(|h| 1u64.checked_shl(h)).unwrap_or(u64::MAX)
}

/// Not "at most": a bound that is not a number has every value before it.
#[expect(clippy::neg_cmp_op_on_partial_ord, reason = "the two differ where the bound is not a number")]
fn is_not_above(value: f64, bound: f64) -> bool {
    !(bound < value)
}

/// Order by value; zeros are equal, and what is not a number goes to the ends.
pub(super) fn by_value(a: f64, b: f64) -> Ordering {
    a.partial_cmp(&b).unwrap_or_else(|| a.total_cmp(&b))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(levels: &[&[f64]]) -> Quantiles {
        Quantiles { levels: levels.iter().map(|level| level.to_vec()).collect(), k: 2048.0, c: 0.64 }
    }

    #[test]
    fn levels_weigh_powers_of_two() {
        let quantiles = of(&[&[3.0, 1.0], &[2.0], &[1.0]]);
        assert_eq!(quantiles.n(), 8);
        assert_eq!(quantiles.weighted_items(), [(1.0, 1), (1.0, 4), (2.0, 2), (3.0, 1)]);
    }

    #[test]
    fn quantiles_and_counts_weigh_rows() {
        let quantiles = of(&[&[3.0, 1.0], &[2.0], &[1.0]]);
        assert_eq!(quantiles.at([0.0, 0.5, 0.625, 0.7, 1.0]), Some([1.0, 1.0, 1.0, 2.0, 3.0]));
        assert_eq!(of(&[]).at([0.5]), None);
        assert_eq!([1.0, 2.0, 4.0].map(|x| quantiles.n_where(|value| value == x)), [5, 2, 0]);
        assert_eq!(quantiles.only(|x| x < 2.5), of(&[&[1.0], &[2.0], &[1.0]]));
        assert_eq!(quantiles.map(|x| -x), of(&[&[-3.0, -1.0], &[-2.0], &[-1.0]]));
    }

    #[test]
    fn the_last_bucket_holds_the_maximum() {
        let counts = of(&[&[0.0, 1.0, 5.0, 9.5, 10.0]]).buckets(0.0, 10.0).map(|bucket| bucket.count);
        assert_eq!(counts, [1.0, 1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 2.0]);
    }

    #[test]
    fn a_constant_column_fills_the_last_bucket() {
        let buckets = of(&[&[7.0, 7.0, 7.0]]).buckets(7.0, 7.0);
        assert!(buckets.iter().all(|bucket| bucket.lower == 7.0 && bucket.upper == 7.0));
        assert_eq!(buckets.map(|bucket| bucket.count), [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 3.0]);
    }

    #[test]
    fn buckets_of_large_values_begin_at_the_limit_of_32_bits() {
        let buckets = of(&[&[3e9, 4e9]]).buckets(3e9, 4e9);
        assert_eq!(buckets[0].lower, 2_147_483_647.0);
        assert_eq!(buckets[9].upper, 4e9);
    }

    #[test]
    fn odd_files_are_read_without_harm() {
        let _ = of(&[&[f64::INFINITY, f64::NEG_INFINITY, f64::NAN]]).buckets(f64::NEG_INFINITY, f64::INFINITY);
        let many: Vec<&[f64]> = vec![&[1.0]; 200];
        assert_eq!(of(&many).n(), u64::MAX);
    }
}
