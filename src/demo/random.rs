//! A small seeded generator: SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number
//! generators", OOPSLA 2014, figure 17).

use std::fmt::Write;

/// A stream of random numbers; the same seed gives the same stream.
pub(super) struct Random {
    state: u64,
}

impl Random {
    pub fn seeded(seed: u64) -> Self {
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

    /// Uniform in 0…`end`, without `end`; biased by less than 2⁻³² for small ends.
    pub fn below(&mut self, end: u32) -> u32 {
        (((self.bits() >> 32) * u64::from(end)) >> 32) as u32
    }

    /// True with this probability.
    pub fn happens(&mut self, probability: f64) -> bool {
        self.share() < probability
    }

    /// Nearly normal, mean 0, deviation 1, within ±6: the sum of twelve uniforms. It needs no
    /// logarithm, which machines round differently.
    pub fn bell(&mut self) -> f64 {
        (0..12).map(|_| self.share()).sum::<f64>() - 6.0
    }

    /// One of the names, by weight; the last if the weights are exhausted.
    pub fn pick(&mut self, weighted: &[(&'static str, f64)]) -> &'static str {
        let total: f64 = weighted.iter().map(|(_, weight)| weight).sum();
        let mut left = self.share() * total;
        let mut chosen = "";
        for (name, weight) in weighted {
            chosen = name;
            left -= weight;
            if left < 0.0 {
                break;
            }
        }
        chosen
    }

    /// A random (version 4) UUID (RFC 9562, section 5.4).
    pub fn uuid(&mut self) -> String {
        let high = (self.bits() & !0xF000) | 0x4000;
        let low = (self.bits() >> 2) | (1 << 63);
        let mut text = String::with_capacity(36);
        // Writing to a String cannot fail.
        let _ = write!(text, "{:08x}-{:04x}-{:04x}", high >> 32, (high >> 16) & 0xFFFF, high & 0xFFFF);
        let _ = write!(text, "-{:04x}-{:012x}", low >> 48, low & 0xFFFF_FFFF_FFFF);
        text
    }
}
