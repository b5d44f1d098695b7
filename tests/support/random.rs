//! Random damage from a seed, and how much of it a test makes.
#![allow(dead_code, reason = "every test binary compiles its own copy and uses a part of it")]

use std::ops::Range;

/// SplitMix64 (Steele, Lea, Flood 2014).
pub struct Random(pub u64);

impl Random {
    pub fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % n as u64) as usize
    }

    pub fn within(&mut self, range: &Range<usize>) -> usize {
        range.start + self.below(range.len())
    }

    /// Changes one to eight bytes in a row, to what is often a large number.
    pub fn damage(&mut self, bytes: &mut [u8], range: &Range<usize>) {
        let at = self.within(range);
        let end = (at + 1 + self.below(8)).min(range.end);
        let kind = self.below(3);
        for byte in &mut bytes[at..end] {
            *byte = match kind {
                0 => 0xff,
                1 => self.below(256) as u8,
                _ => *byte ^ (1 << self.below(8)),
            };
        }
    }
}

/// Trials of a test: `n`, or so many times more as `TORTURE` says.
pub fn n_trials(n: usize) -> usize {
    n * std::env::var("TORTURE").ok().and_then(|factor| factor.parse().ok()).unwrap_or(1)
}
