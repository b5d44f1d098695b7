//! Value counts: exact counts of numbers in a few groups of neighbours.
//!
//! A group holds the doubles whose ordered 64-bit images agree but for their last bits. As long as
//! there are no more different numbers than groups, each is its own group; then as many last bits
//! are left out as needed. What remains does not depend on the order of values or on how they were
//! split. Half of the groups may go to numbers close to 0, which have many exponents.

const SIGN: u64 = 1 << 63;

/// Open counts.
#[derive(Clone, Debug)]
pub struct ValueCounts {
    max_groups: usize,
    /// Bits left out.
    n_bits: u32,
    /// Groups and how many numbers they hold, rising.
    counts: Vec<(u64, u64)>,
    /// Images of numbers that are not counted yet, at most as many as groups.
    recent: Vec<u64>,
}

/// Numbers from `lower` up to, but without, `upper`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ValueGroup {
    pub lower: f64,
    pub upper: f64,
    pub n: u64,
}

impl ValueCounts {
    /// Counts in at most so many groups, two at least.
    pub fn new(max_groups: usize) -> Self {
        Self { max_groups: max_groups.max(2), n_bits: 0, counts: Vec::new(), recent: Vec::new() }
    }

    /// Takes one finite number in.
    pub fn push(&mut self, x: f64) {
        self.recent.push(image(x));
        if self.recent.len() >= self.max_groups {
            self.settle();
        }
    }

    /// Takes in what `other` saw, which has room for as many groups.
    pub fn merge(&mut self, mut other: Self) {
        self.settle();
        other.settle();
        let n_bits = self.n_bits.max(other.n_bits);
        self.leave_out(n_bits);
        other.leave_out(n_bits);
        self.add(other.counts.into_iter());
    }

    /// The groups that hold numbers, rising.
    pub fn groups(mut self) -> Vec<ValueGroup> {
        self.settle();
        let group = |(key, n): &(u64, u64)| ValueGroup {
            lower: value(key << self.n_bits),
            upper: value((key << self.n_bits).saturating_add(1 << self.n_bits)),
            n: *n,
        };
        self.counts.iter().map(group).collect()
    }

    /// Bytes held on the heap, about.
    pub fn memory(&self) -> usize {
        self.counts.capacity() * size_of::<(u64, u64)>() + self.recent.capacity() * size_of::<u64>()
    }

    /// Counts what is not counted yet.
    fn settle(&mut self) {
        let (mut recent, n_bits) = (std::mem::take(&mut self.recent), self.n_bits);
        recent.sort_unstable();
        self.add(recent.iter().map(|image| (image >> n_bits, 1)));
        recent.clear();
        self.recent = recent;
    }

    /// Adds counts of rising groups.
    fn add(&mut self, more: impl ExactSizeIterator<Item = (u64, u64)>) {
        let mut counts = Vec::with_capacity(self.counts.len() + more.len());
        let mut more = more.peekable();
        for (key, n) in &self.counts {
            while let Some(before) = more.next_if(|(other, _)| other < key) {
                add_last(&mut counts, before);
            }
            add_last(&mut counts, (*key, *n));
        }
        more.for_each(|count| add_last(&mut counts, count));
        self.counts = counts;
        self.narrow();
    }

    /// Leaves out as few bits as give few enough groups.
    fn narrow(&mut self) {
        if self.counts.len() <= self.max_groups {
            return;
        }
        // Neighbours become one group when the highest bit in which they differ is left out.
        let mut n_joined = [0; u64::BITS as usize];
        for pair in self.counts.windows(2) {
            n_joined[(pair[0].0 ^ pair[1].0).ilog2() as usize] += 1;
        }
        let (mut n_groups, mut more) = (self.counts.len(), 0);
        while n_groups > self.max_groups {
            n_groups -= n_joined[more];
            more += 1;
        }
        self.leave_out(self.n_bits + more as u32);
    }

    fn leave_out(&mut self, n_bits: u32) {
        let more = n_bits - self.n_bits;
        if more == 0 {
            return;
        }
        let mut counts = Vec::with_capacity(self.counts.len());
        self.counts.iter().for_each(|(key, n)| add_last(&mut counts, (key >> more, *n)));
        (self.n_bits, self.counts) = (n_bits, counts);
    }
}

/// Adds the count of a group that is the last one, or comes after it.
fn add_last(counts: &mut Vec<(u64, u64)>, (key, n): (u64, u64)) {
    match counts.last_mut() {
        Some((last, count)) if *last == key => *count += n,
        _ => counts.push((key, n)),
    }
}

/// An integer that orders as the number does; zeros of both signs are one.
fn image(x: f64) -> u64 {
    let bits = (x + 0.0).to_bits();
    if bits & SIGN == 0 { bits | SIGN } else { !bits }
}

/// The number of an image; the nearest finite one where there is none.
fn value(image: u64) -> f64 {
    let x = f64::from_bits(if image & SIGN == 0 { !image } else { image ^ SIGN });
    if x.is_finite() {
        return x;
    }
    if image & SIGN == 0 { f64::MIN } else { f64::MAX }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(values: &[f64]) -> ValueCounts {
        let mut counts = ValueCounts::new(1_024);
        values.iter().for_each(|x| counts.push(*x));
        counts
    }

    #[test]
    fn few_numbers_are_counted_one_by_one() {
        let groups = of(&[2.5, -1.0, 0.0, -0.0, 2.5]).groups();
        let counts: Vec<_> = groups.iter().map(|group| (group.lower, group.n)).collect();
        assert_eq!(counts, [(-1.0, 1), (0.0, 2), (2.5, 2)]);
    }

    #[test]
    fn neighbours_are_told_apart_around_any_number() {
        let values: Vec<f64> = (0..100_000).map(|i| 1e6 + f64::from(i % 7_919) * 1e-3).collect();
        let groups = of(&values).groups();
        assert!((512..=1_024).contains(&groups.len()), "{}", groups.len());
        assert_eq!(groups.iter().map(|group| group.n).sum::<u64>(), 100_000);
    }

    #[test]
    fn the_extremes_have_groups() {
        let mut values: Vec<f64> = (0..3_000).map(|i| f64::from_bits(u64::from(i as u32) << 51)).collect();
        values.extend([f64::MIN, f64::MAX]);
        values.retain(|x| x.is_finite());
        let groups = of(&values).groups();
        assert!(groups.iter().all(|group| group.lower < group.upper && group.lower.is_finite()));
    }

    proptest! {
        #[test]
        fn any_split_and_order_gives_the_same_groups(
            values in prop::collection::vec(-1e3..1e3f64, 0..3_000),
            at in any::<prop::sample::Index>(),
        ) {
            let at = at.index(values.len() + 1);
            let mut merged = of(&values[at..]);
            merged.merge(of(&values[..at]));
            prop_assert_eq!(merged.groups(), of(&values).groups());
        }
    }
}
