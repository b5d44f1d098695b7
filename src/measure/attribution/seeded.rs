//! Random numbers that a seed decides: SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number
//! generators", OOPSLA 2014, figure 17).

/// A stream of random numbers; the same seed gives the same stream on every machine.
#[derive(Debug)]
pub(super) struct Seeded {
    state: u64,
}

impl Seeded {
    pub fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    fn bits(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// Uniform in 0…1, without 1.
    pub fn share(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Uniform in 0…`end`, without `end`; 0 of an empty range. Biased by less than 2⁻³² up to 2³².
    pub fn below(&mut self, end: usize) -> usize {
        ((u128::from(self.bits()) * end as u128) >> 64) as usize
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
    fn the_stream_is_that_of_the_paper() {
        // The first numbers of seed 1234567 in the published generator.
        let mut random = Seeded::new(1_234_567);
        assert_eq!([random.bits(), random.bits()], [6_457_827_717_110_365_317, 3_203_168_211_198_807_973]);
    }

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
