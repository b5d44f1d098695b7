//! The quantile sketch.

/// Number of buckets in a distribution.
const N_BUCKETS: usize = 10;

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

/// One of ten equally wide ranges, `lower` included and `upper` only in the last one.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Bucket {
    pub lower: f64,
    pub upper: f64,
    /// Rows in the range, as far as the sketch knows.
    pub count: f64,
}

impl Quantiles {
    /// Ten buckets over `min`…`max`. The range starts from the limits of 32-bit integers, as in
    /// awslabs/deequ, so a column wholly beyond them has buckets that begin at the limit.
    pub fn buckets(&self, min: f64, max: f64) -> [Bucket; N_BUCKETS] {
        let mut items: Vec<(f64, f64)> = Vec::new();
        let mut weight = 1.0;
        for level in &self.levels {
            items.extend(level.iter().map(|&value| (value, weight)));
            weight *= 2.0;
        }
        items.sort_by(|a, b| a.0.total_cmp(&b.0));
        let rank = |inside: &dyn Fn(f64) -> bool| {
            let n = items.partition_point(|item| inside(item.0));
            items[..n].iter().map(|item| item.1).sum::<f64>()
        };
        let (start, end) = (min.min(f64::from(i32::MAX)), max.max(f64::from(i32::MIN)));
        let bound = |i: usize| start + (end - start) * i as f64 / N_BUCKETS as f64;
        std::array::from_fn(|i| {
            let (lower, upper) = (bound(i), bound(i + 1));
            let up_to = if i + 1 == N_BUCKETS { rank(&|value| value <= upper) } else { rank(&|value| value < upper) };
            Bucket { lower, upper, count: up_to - rank(&|value| value < lower) }
        })
    }
}
