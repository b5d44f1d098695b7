//! Poisson bootstrap: how often each replicate draws a row.
//!
//! A row's weights follow from a hash of the row alone, so replicates do not depend on how rows are
//! split, batched or ordered. Each of 256 replicates draws a row 0 to 5 times; the law has mean 1
//! and variance 1, as the Poisson law has that takes the place of drawing with replacement in
//! streams (Hanley and MacGibbon, "Creating non-parametric bootstrap samples using Poisson
//! frequencies", Computer Methods and Programs in Biomedicine 83, 2006).

use crate::sketch::mix;

/// Replicates of the bootstrap.
pub const N_REPLICATES: usize = 256;
/// Samples of about 80 % of the rows, as AWS's standard deviations rest on.
pub const N_SUBSAMPLES: usize = 5;
/// The slot in which every row counts once.
pub const EXACT: usize = N_REPLICATES + N_SUBSAMPLES;
/// Slots of a count: replicates, subsamples, and the count itself.
pub const N_SLOTS: usize = EXACT + 1;

/// A count in every slot.
pub type Slots = [u64; N_SLOTS];

/// Bytes of a hash that are at least this are one more draw: 94 of 256 draw none, then 95, 46, 16,
/// 4 and 1 draw 1 to 5 times. 256 draws in all, and 512 squared.
const DRAWS: [u8; 5] = [94, 189, 235, 251, 255];
/// Most draws of a row.
const MAX_DRAWS: u16 = DRAWS.len() as u16;
/// Bytes below this are in a subsample: 205 of 256, a share of 0.8008.
const IN_SUBSAMPLE: u8 = 205;
/// Bytes hashed: whole words, and at least one byte more than there are slots.
const N_BYTES: usize = 264;

/// The weights of one row.
pub(in crate::profile) struct BootstrapWeights {
    /// By slot.
    pub of: [u8; N_SLOTS],
    /// In which half of the rows it is: 0 or 1.
    pub half: usize,
}

impl BootstrapWeights {
    /// The weights of the row with this hash.
    pub fn of(row: u64) -> Self {
        let mut bytes = [0u8; N_BYTES];
        for (number, word) in bytes.chunks_exact_mut(8).enumerate() {
            word.copy_from_slice(&mix(row, number as u64).to_le_bytes());
        }
        let mut of = [1u8; N_SLOTS];
        for (weight, byte) in of[..N_REPLICATES].iter_mut().zip(&bytes) {
            *weight = DRAWS.iter().map(|least| u8::from(byte >= least)).sum();
        }
        for (weight, byte) in of[N_REPLICATES..EXACT].iter_mut().zip(&bytes[N_REPLICATES..]) {
            *weight = u8::from(*byte < IN_SUBSAMPLE);
        }
        Self { of, half: usize::from(bytes[EXACT] & 1) }
    }

    /// Adds the weights to a count.
    #[inline]
    pub fn add_to(&self, slots: &mut Slots) {
        for (slot, weight) in slots.iter_mut().zip(&self.of) {
            *slot += u64::from(*weight);
        }
    }
}

/// A count in every slot, in small numbers as long as these cannot overflow: a tally with many counts
/// is then quicker in memory.
#[derive(Clone, Debug)]
pub(super) struct SmallSlots {
    recent: [u16; N_SLOTS],
    /// Rows in `recent`.
    n_recent: u16,
    earlier: Option<Box<Slots>>,
}

impl Default for SmallSlots {
    fn default() -> Self {
        Self { recent: [0; N_SLOTS], n_recent: 0, earlier: None }
    }
}

impl SmallSlots {
    /// Adds a row.
    #[inline]
    pub fn add(&mut self, weights: &BootstrapWeights) {
        if self.n_recent == u16::MAX / MAX_DRAWS {
            self.settle();
        }
        self.n_recent += 1;
        for (slot, weight) in self.recent.iter_mut().zip(&weights.of) {
            *slot += u16::from(*weight);
        }
    }

    /// Adds another count.
    pub fn merge(&mut self, other: Self) {
        add_slots(self.settle(), &other.close());
    }

    pub fn close(mut self) -> Box<Slots> {
        self.settle();
        self.earlier.unwrap_or_else(|| Box::new([0; N_SLOTS]))
    }

    fn settle(&mut self) -> &mut Slots {
        let slots = self.earlier.get_or_insert_with(|| Box::new([0; N_SLOTS]));
        for (slot, recent) in slots.iter_mut().zip(&mut self.recent) {
            *slot += u64::from(std::mem::take(recent));
        }
        self.n_recent = 0;
        slots
    }
}

/// Adds one count to another.
pub(super) fn add_slots(slots: &mut Slots, other: &Slots) {
    for (slot, more) in slots.iter_mut().zip(other) {
        *slot += more;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_law_has_mean_one_and_variance_one() {
        let draws: Vec<u32> =
            (0..=255u8).map(|byte| DRAWS.iter().map(|least| u32::from(byte >= *least)).sum()).collect();
        let of = |n: u32| draws.iter().filter(|drawn| **drawn == n).count();
        assert_eq!([0, 1, 2, 3, 4, 5].map(of), [94, 95, 46, 16, 4, 1]);
        assert_eq!(draws.iter().sum::<u32>(), 256);
        assert_eq!(draws.iter().map(|drawn| drawn * drawn).sum::<u32>(), 512);
    }

    #[test]
    fn weights_of_many_rows_are_spread_as_the_law_says() {
        let mut total = [0u64; N_SLOTS];
        let mut halves = [0u64; 2];
        for row in 0..10_000 {
            let weights = BootstrapWeights::of(mix(7, row));
            weights.add_to(&mut total);
            halves[weights.half] += 1;
        }
        assert_eq!(total[EXACT], 10_000);
        // Five standard deviations of 10,000 draws: 500 of replicates, 200 of subsamples.
        assert!(total[..N_REPLICATES].iter().all(|n| n.abs_diff(10_000) < 500), "{total:?}");
        assert!(total[N_REPLICATES..EXACT].iter().all(|n| n.abs_diff(8_008) < 200), "{total:?}");
        assert!(halves[0].abs_diff(5_000) < 250);
        let spread: u64 = total[..N_REPLICATES].iter().map(|n| n.abs_diff(10_000).pow(2)).sum();
        let variance = spread as f64 / N_REPLICATES as f64 / 10_000.0;
        assert!((0.6..1.5).contains(&variance), "{variance}");
    }

    #[test]
    fn small_numbers_count_as_far_as_large_ones() {
        let (mut small, mut large) = ([SmallSlots::default(), SmallSlots::default()], [0u64; N_SLOTS]);
        // Five draws in one slot of every row.
        let mut most = BootstrapWeights::of(3);
        most.of[7] = 5;
        for row in 0..30_000 {
            small[usize::from(row < 20_000)].add(&most);
            most.add_to(&mut large);
        }
        let [mut all, more] = small;
        all.merge(more);
        assert_eq!(*all.close(), large);
        assert_eq!(large[7], 150_000);
    }

    #[test]
    fn a_row_has_the_same_weights_every_time_and_another_row_has_others() {
        assert_eq!(BootstrapWeights::of(5).of, BootstrapWeights::of(5).of);
        assert_ne!(BootstrapWeights::of(5).of, BootstrapWeights::of(6).of);
    }
}
