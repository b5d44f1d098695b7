//! Streaming median: exact while the values are few, then of a KLL sketch.

use crate::sketch::KllSketch;

/// The open median.
#[derive(Clone, Debug, Default)]
pub(super) struct Median {
    /// All values, in row order; empty where there is a sketch.
    kept: Vec<f64>,
    sketch: Option<Box<KllSketch>>,
}

impl Median {
    /// Takes one value in; up to `most` are kept.
    pub fn push(&mut self, x: f64, most: usize) {
        if self.sketch.is_none() && self.kept.len() < most {
            self.kept.push(x);
        } else {
            self.sketch().push(x);
        }
    }

    /// Takes in what `other` saw. Values of both are kept as long as they are not more than `most`.
    pub fn merge(&mut self, mut other: Self, most: usize) {
        let is_kept = self.sketch.is_none() && other.sketch.is_none();
        if is_kept && self.kept.len() + other.kept.len() <= most {
            self.kept.extend(other.kept);
        } else {
            self.sketch().merge(std::mem::take(other.sketch()));
        }
    }

    /// The median, halfway between two in the middle; `None` of no values. Whether it is estimated.
    pub fn close(mut self) -> (Option<f64>, bool) {
        let Some(sketch) = self.sketch else {
            self.kept.sort_unstable_by(f64::total_cmp);
            let weighted: Vec<(f64, u64)> = self.kept.into_iter().map(|x| (x, 1)).collect();
            return (weighted_median(&weighted), false);
        };
        (weighted_median(&sketch.finish().weighted_items()), true)
    }

    /// Bytes held on the heap.
    pub fn memory(&self) -> usize {
        let sketch = self.sketch.as_ref().map_or(0, |sketch| size_of::<KllSketch>() + sketch.memory());
        self.kept.capacity() * size_of::<f64>() + sketch
    }

    /// The sketch, made of the values that were kept.
    fn sketch(&mut self) -> &mut KllSketch {
        let sketch = self.sketch.get_or_insert_default();
        for x in std::mem::take(&mut self.kept) {
            sketch.push(x);
        }
        sketch
    }
}

/// The median of sorted values, of which each stands for so many.
fn weighted_median(sorted: &[(f64, u64)]) -> Option<f64> {
    let n: u64 = sorted.iter().map(|(_, weight)| weight).sum();
    let at = |rank: u64| {
        let mut below = 0;
        let holds = |(_, weight): &&(f64, u64)| {
            below += weight;
            below > rank
        };
        sorted.iter().find(holds).map(|(x, _)| *x)
    };
    let (lower, upper) = (at(n.checked_sub(1)? / 2)?, at(n / 2)?);
    // Adding zero turns -0 into 0.
    Some(lower / 2.0 + upper / 2.0 + 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(values: &[f64], most: usize) -> Median {
        let mut median = Median::default();
        values.iter().for_each(|x| median.push(*x, most));
        median
    }

    #[test]
    fn few_values_have_their_exact_median() {
        for (values, median) in [
            (&[][..], None),
            (&[3.0], Some(3.0)),
            (&[3.0, -1.0], Some(1.0)),
            (&[5.0, 1.0, 9.0], Some(5.0)),
            (&[4.0, 1.0, 3.0, 2.0], Some(2.5)),
            (&[-0.0, -0.0], Some(0.0)),
            (&[1e308, 1e308], Some(1e308)),
        ] {
            assert_eq!(of(values, 10).close(), (median, false), "{values:?}");
        }
    }

    #[test]
    fn many_values_have_it_from_the_sketch() {
        let values: Vec<f64> = (0..50_000_u32).map(|i| f64::from(i.wrapping_mul(2_654_435_761) % 50_000)).collect();
        let (median, is_estimated) = of(&values, 1_000).close();
        assert!(is_estimated);
        let exact = of(&values, 50_000).close().0.expect("a median");
        assert!((median.expect("a median") - exact).abs() < 0.006 * 50_000.0, "{median:?}, exactly {exact}");
    }

    #[test]
    fn values_are_kept_up_to_the_bound_however_they_come() {
        for (first, second, is_estimated) in [(4, 6, false), (10, 0, false), (4, 7, true), (11, 1, true), (1, 11, true)]
        {
            let mut merged = of(&vec![1.0; first], 10);
            merged.merge(of(&vec![2.0; second], 10), 10);
            assert_eq!(merged.close().1, is_estimated, "{first} and {second}");
        }
    }
}
