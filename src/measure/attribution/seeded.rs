//! Draws that a seed decides.

use crate::sketch::SplitMix;

/// A stream of draws; the same seed gives the same stream on every machine.
#[derive(Debug)]
pub(super) struct Seeded {
    stream: SplitMix,
}

impl Seeded {
    pub fn new(seed: u64) -> Self {
        Self { stream: SplitMix::new(seed) }
    }

    /// Uniform in 0…1, without 1.
    pub fn share(&mut self) -> f64 {
        self.stream.share()
    }

    /// Uniform in 0…`end`, without `end`; 0 of an empty range. Biased by less than 2⁻³² up to 2³².
    pub fn below(&mut self, end: usize) -> usize {
        ((u128::from(self.stream.bits()) * end as u128) >> 64) as usize
    }

    /// A place of these weights, drawn in proportion to them; `None` where they sum to nothing.
    pub fn place(&mut self, weights: impl Iterator<Item = f64> + Clone) -> Option<usize> {
        let total: f64 = weights.clone().sum();
        let mut left = self.share() * total;
        let mut last = None;
        for (place, weight) in weights.enumerate().filter(|(_, weight)| *weight > 0.0) {
            last = Some(place);
            left -= weight;
            if left < 0.0 {
                break;
            }
        }
        last
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_drawn_by_weight() {
        let (mut random, mut n) = (Seeded::new(3), [0u32; 4]);
        for _ in 0..10_000 {
            n[random.place([1.0, 0.0, 3.0, 0.0].into_iter()).expect("a place")] += 1;
        }
        // Five standard deviations of 10,000 draws are 217.
        assert!(n[0].abs_diff(2_500) < 217 && n[2].abs_diff(7_500) < 217, "{n:?}");
        assert_eq!((n[1], n[3]), (0, 0));
        assert_eq!(random.place([0.0, 0.0].into_iter()), None);
    }

    #[test]
    fn numbers_below_an_end_are_spread_evenly() {
        let (mut random, mut n) = (Seeded::new(9), [0u32; 7]);
        for _ in 0..70_000 {
            n[random.below(7)] += 1;
        }
        // Five standard deviations are 463.
        assert!(n.iter().all(|n| n.abs_diff(10_000) < 463), "{n:?}");
        assert_eq!(random.below(0), 0);
    }
}
