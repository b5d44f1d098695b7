//! Labelled rows: a uniform sample of the rows that have a label and features, from which is told what a label means
//! beside each feature.
//!
//! Rows are drawn by the hashes of their identities, so that the sample does not depend on how rows are split, batched
//! or ordered ([`crate::sketch::BottomK`]).

use std::cmp::Ordering;

use crate::decode::feature_cells;
use crate::sketch::{BottomK, BottomKLimit, BottomKRow, mix, text_hash};

/// Rows that are kept, and the bytes that they take up, at most.
const LIMIT: BottomKLimit = BottomKLimit { n_rows: 20_000, n_bytes: 16 << 20 };

/// The sample, closed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LabelledRows {
    rows: Vec<LabelledRow>,
    /// Rows with a label and features, of which [`Self::rows`] are drawn.
    pub n_seen: u64,
}

/// One row of the sample.
#[derive(Clone, Debug, PartialEq, Eq)]
struct LabelledRow {
    /// The hash of the row, then that of what it holds: rows of one id that differ are told apart.
    key: (u64, u64),
    label: Box<str>,
    features: Box<str>,
}

impl LabelledRows {
    /// Each row's label and its features, the text of none where a feature has no value.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, impl Iterator<Item = (&str, Option<&str>)>)> {
        self.rows.iter().map(|row| (&*row.label, feature_cells(&row.features)))
    }

    pub fn len(&self) -> usize {
        self.rows.len()
    }

    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The sample of rows that are told by their places.
    #[cfg(test)]
    pub(crate) fn of<'a>(rows: impl Iterator<Item = (&'a str, String)>) -> Self {
        let mut tally = LabelledRowsTally::default();
        rows.enumerate().for_each(|(place, (label, features))| tally.push(mix(place as u64, 0), label, &features));
        tally.close()
    }
}

/// The sample, open.
#[derive(Clone, Debug, Default)]
pub(super) struct LabelledRowsTally {
    sample: BottomK<LabelledRow>,
    n_seen: u64,
}

impl LabelledRowsTally {
    /// Takes in the row of this hash.
    pub fn push(&mut self, hash: u64, label: &str, features: &str) {
        self.n_seen += 1;
        if !self.sample.wants(&(hash, 0)) {
            return;
        }
        let key = (hash, mix(text_hash(label), text_hash(features)));
        if self.sample.wants(&key) {
            self.sample.push(LabelledRow { key, label: label.into(), features: features.into() }, LIMIT);
        }
    }

    pub fn merge(&mut self, other: Self) {
        self.n_seen += other.n_seen;
        self.sample.merge(other.sample, LIMIT);
    }

    pub fn close(self) -> LabelledRows {
        LabelledRows { rows: self.sample.into_sorted_rows(), n_seen: self.n_seen }
    }

    pub fn memory(&self) -> usize {
        self.sample.bytes()
    }
}

impl BottomKRow for LabelledRow {
    type Key = (u64, u64);

    fn key(&self) -> &(u64, u64) {
        &self.key
    }

    fn bytes(&self) -> usize {
        size_of::<Self>() + self.label.len() + self.features.len()
    }
}

impl Ord for LabelledRow {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key.cmp(&other.key)
    }
}

impl PartialOrd for LabelledRow {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn seen(rows: std::ops::Range<u64>) -> LabelledRowsTally {
        let mut tally = LabelledRowsTally::default();
        rows.for_each(|row| {
            tally.push(mix(row, 7), &(row % 2).to_string(), &format!("1:a{}:{row}", row.to_string().len()))
        });
        tally
    }

    #[test]
    fn many_rows_are_a_sample_and_counted() {
        let rows = seen(0..30_000).close();
        assert_eq!((rows.len(), rows.n_seen), (LIMIT.n_rows, 30_000));
        let n_ones = rows.iter().filter(|(label, _)| *label == "1").count();
        // Five standard deviations of 20,000 draws.
        assert!(n_ones.abs_diff(10_000) < 354, "{n_ones}");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(8))]
        #[test]
        fn any_split_gives_the_same_sample(cut in 0u64..25_000) {
            let mut merged = seen(cut..25_000);
            merged.merge(LabelledRowsTally::default());
            merged.merge(seen(0..cut));
            prop_assert_eq!(merged.close(), seen(0..25_000).close());
        }
    }
}
