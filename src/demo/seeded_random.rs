//! Seeded random numbers with portable rounding: uniform, nearly normal, weighted, UUIDs.

use std::fmt::Write;

use crate::sketch::SplitMix;

/// A stream of random numbers; the same seed gives the same stream.
pub(super) struct Random {
    stream: SplitMix,
}

impl Random {
    pub fn seeded(seed: u64) -> Self {
        Self { stream: SplitMix::new(seed) }
    }

    /// Uniform in 0…1, without 1.
    pub fn share(&mut self) -> f64 {
        self.stream.share()
    }

    /// Uniform in 0…`end`, without `end`; biased by less than 2⁻³² for small ends.
    pub fn below(&mut self, end: u32) -> u32 {
        (((self.stream.bits() >> 32) * u64::from(end)) >> 32) as u32
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
        let high = (self.stream.bits() & !0xF000) | 0x4000;
        let low = (self.stream.bits() >> 2) | (1 << 63);
        let mut text = String::with_capacity(36);
        // Writing to a String cannot fail.
        let _ = write!(text, "{:08x}-{:04x}-{:04x}", high >> 32, (high >> 16) & 0xFFFF, high & 0xFFFF);
        let _ = write!(text, "-{:04x}-{:012x}", low >> 48, low & 0xFFFF_FFFF_FFFF);
        text
    }
}
