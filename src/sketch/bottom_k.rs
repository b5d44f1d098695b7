//! Bottom-k sample: the rows with the smallest keys, hashes first, the same for any split of the data.
//!
//! Keys that begin with a hash draw rows without replacement (Cohen and Kaplan, "Summarizing data using bottom-k
//! sketches", PODC 2007). Rows below the smallest key that was dropped are a uniform sample of all.

use std::collections::BinaryHeap;

/// A row of a sample. Rows are ordered by their keys first.
pub trait BottomKRow: Ord {
    type Key: Ord + Clone;
    /// By what the row is drawn.
    fn key(&self) -> &Self::Key;
    /// Bytes that it takes, the same wherever it is kept.
    fn bytes(&self) -> usize;
}

/// How many rows are kept. Of the rows one at least is, whatever bytes it takes.
#[derive(Clone, Copy, Debug)]
pub struct BottomKLimit {
    pub n_rows: usize,
    pub n_bytes: usize,
}

/// The open sample.
#[derive(Clone, Debug)]
pub struct BottomK<R: BottomKRow> {
    rows: BinaryHeap<R>,
    n_bytes: usize,
    /// Smallest key that was dropped.
    dropped: Option<R::Key>,
}

impl<R: BottomKRow> Default for BottomK<R> {
    fn default() -> Self {
        Self { rows: BinaryHeap::new(), n_bytes: 0, dropped: None }
    }
}

impl<R: BottomKRow> BottomK<R> {
    /// Whether a row would be kept.
    #[inline]
    pub fn wants(&self, key: &R::Key) -> bool {
        self.dropped.as_ref().is_none_or(|dropped| key < dropped)
    }

    /// Takes a row in that is wanted, and drops what is too much then.
    pub fn push(&mut self, row: R, limit: BottomKLimit) {
        self.n_bytes += row.bytes();
        self.rows.push(row);
        self.shrink(limit);
    }

    /// Takes in the sample of other rows.
    pub fn merge(&mut self, other: Self, limit: BottomKLimit) {
        if let Some(dropped) = other.dropped {
            self.drop_from(dropped);
        }
        while self.rows.peek().is_some_and(|last| !self.wants(last.key())) {
            self.pop();
        }
        for row in other.rows.into_vec() {
            if self.wants(row.key()) {
                self.push(row, limit);
            }
        }
        self.shrink(limit);
    }

    /// The sample with each row changed, but for its key.
    pub fn map(self, change: impl FnMut(R) -> R) -> Self {
        let rows: Vec<R> = self.rows.into_vec().into_iter().map(change).collect();
        Self { n_bytes: rows.iter().map(R::bytes).sum(), rows: rows.into(), dropped: self.dropped }
    }

    /// Smallest key that was dropped; `None` where all rows are kept.
    pub fn dropped(&self) -> Option<&R::Key> {
        self.dropped.as_ref()
    }

    /// The rows, in no order.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = &R> {
        self.rows.iter()
    }

    /// The rows in the order of their keys.
    pub fn into_sorted_rows(self) -> Vec<R> {
        self.rows.into_sorted_vec()
    }

    /// Bytes that the rows take.
    pub fn bytes(&self) -> usize {
        self.n_bytes
    }

    fn shrink(&mut self, limit: BottomKLimit) {
        while self.rows.len() > limit.n_rows || (self.n_bytes > limit.n_bytes && self.rows.len() > 1) {
            let Some(last) = self.pop() else { return };
            self.drop_from(last.key().clone());
        }
    }

    fn pop(&mut self) -> Option<R> {
        let last = self.rows.pop()?;
        self.n_bytes -= last.bytes();
        Some(last)
    }

    fn drop_from(&mut self, key: R::Key) {
        if self.wants(&key) {
            self.dropped = Some(key);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A row of so many bytes, drawn by its first number.
    #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
    struct Row(u64, usize);

    impl BottomKRow for Row {
        type Key = u64;

        fn key(&self) -> &u64 {
            &self.0
        }

        fn bytes(&self) -> usize {
            self.1
        }
    }

    fn sample(rows: &[Row], limit: BottomKLimit) -> BottomK<Row> {
        let mut sample = BottomK::default();
        for row in rows {
            if sample.wants(&row.0) {
                sample.push(row.clone(), limit);
            }
        }
        sample
    }

    #[test]
    fn the_smallest_rows_are_kept_within_both_limits_and_one_at_least() {
        let rows: Vec<Row> = (0..10).rev().map(|key| Row(key, 10)).collect();
        for (n_rows, n_bytes, n_kept) in [(4, 1_000, 4), (100, 35, 3), (100, 1, 1), (10, 100, 10)] {
            let sample = sample(&rows, BottomKLimit { n_rows, n_bytes });
            assert_eq!((sample.rows().len(), sample.bytes()), (n_kept, 10 * n_kept));
            assert_eq!(sample.dropped().copied(), (n_kept < 10).then_some(n_kept as u64));
            assert!(sample.into_sorted_rows().iter().map(|row| row.0).eq(0..n_kept as u64));
        }
    }

    proptest! {
        #[test]
        fn any_split_gives_the_same_sample(
            keys in prop::collection::hash_set(0u64..1_000, 0..60),
            cut in 0usize..60,
            n_rows in 1usize..40,
            n_bytes in 0usize..400,
        ) {
            let rows: Vec<Row> = keys.into_iter().map(|key| Row(key, 1 + key as usize % 20)).collect();
            let limit = BottomKLimit { n_rows, n_bytes };
            let whole = sample(&rows, limit);
            let (first, second) = rows.split_at(cut.min(rows.len()));
            let mut merged = sample(second, limit);
            merged.merge(sample(first, limit), limit);
            prop_assert_eq!(merged.dropped(), whole.dropped());
            prop_assert_eq!(merged.bytes(), whole.bytes());
            prop_assert_eq!(merged.into_sorted_rows(), whole.into_sorted_rows());
        }
    }
}
