//! Contingency table: rows counted by group, facets, label and prediction.

use std::collections::{BTreeMap, HashMap};

/// What the cells of a row are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Key {
    /// One more than the place of the group variable's value; 0 without.
    pub group: u32,
    /// Codes of facets, or places of their values.
    pub facets: [u32; 2],
    pub label: u32,
    pub prediction: u32,
}

/// Rows by key.
#[derive(Clone, Debug, Default)]
pub(super) struct ContingencyTable {
    counts: HashMap<Key, u64>,
}

impl ContingencyTable {
    pub fn add(&mut self, key: Key, n: u64) {
        *self.counts.entry(key).or_insert(0) += n;
    }

    /// Takes in other counts, each key changed; keys that become none are left out.
    pub fn merge(&mut self, other: Self, change: impl Fn(Key) -> Option<Key>) {
        for (key, n) in other.counts {
            if let Some(key) = change(key) {
                self.add(key, n);
            }
        }
    }

    /// Counts rows of all groups together.
    pub fn forget_groups(&mut self) {
        let grouped = std::mem::take(self);
        self.merge(grouped, |key| Some(Key { group: 0, ..key }));
    }

    pub fn len(&self) -> usize {
        self.counts.len()
    }

    pub fn close(self) -> BTreeMap<Key, u64> {
        self.counts.into_iter().collect()
    }

    pub fn memory(&self) -> usize {
        self.counts.capacity() * (size_of::<Key>() + 2 * size_of::<u64>())
    }
}
