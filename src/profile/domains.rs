//! Domains: the known categories of a table's columns, looked up cell by cell.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::Arc;

use super::statistics::Category;
use crate::sketch::{TextCounts, text_hash};

/// Different values outside a domain that are counted one by one, the longest of them in bytes, and how many are told.
const MAX_UNKNOWN: usize = 256;
const MAX_UNKNOWN_BYTES: usize = 256;
const N_TOLD: usize = 10;

/// Column name to set of known categories.
#[derive(Debug, Default)]
pub struct Domains {
    by_column: HashMap<String, Arc<TextCounts>>,
}

impl Domains {
    pub fn is_empty(&self) -> bool {
        self.by_column.is_empty()
    }

    /// The set of a column, when one is watched.
    pub(super) fn of(&self, column: &str) -> Option<Arc<TextCounts>> {
        self.by_column.get(column).cloned()
    }

    /// Bytes held on the heap.
    pub(super) fn memory(&self) -> usize {
        self.by_column.iter().map(|(name, texts)| name.capacity() + size_of::<TextCounts>() + texts.memory()).sum()
    }
}

impl<'a, T: AsRef<str> + 'a> FromIterator<(&'a str, &'a [T])> for Domains {
    /// Domains from columns and their known categories.
    fn from_iter<I: IntoIterator<Item = (&'a str, &'a [T])>>(domains: I) -> Self {
        let set = |values: &[T]| {
            let mut texts = TextCounts::default();
            for value in values {
                texts.add(text_hash(value.as_ref()), value.as_ref(), 1);
            }
            Arc::new(texts)
        };
        Self { by_column: domains.into_iter().map(|(column, values)| (column.to_owned(), set(values))).collect() }
    }
}

/// A column's domain and the cells that it is held against.
#[derive(Clone, Debug)]
pub(super) struct WatchedDomain {
    known: Arc<TextCounts>,
    n_known: u64,
    /// Counts of values outside the domain, of the first different ones.
    unknown: TextCounts,
}

impl WatchedDomain {
    pub(super) fn new(known: Arc<TextCounts>) -> Self {
        Self { known, n_known: 0, unknown: TextCounts::default() }
    }

    #[inline]
    pub(super) fn observe(&mut self, hash: u64, text: &str) {
        if self.known.contains(hash, text) {
            self.n_known += 1;
        } else {
            self.count(hash, text, 1);
        }
    }

    fn count(&mut self, hash: u64, text: &str, n: u64) {
        let has_room = self.unknown.len() < MAX_UNKNOWN && text.len() <= MAX_UNKNOWN_BYTES;
        if has_room || self.unknown.contains(hash, text) {
            self.unknown.add(hash, text, n);
        }
    }

    pub(super) fn merge(&mut self, other: Self) {
        self.n_known += other.n_known;
        other.unknown.into_entries().for_each(|(text, n)| self.count(text_hash(&text), &text, n));
    }

    /// Cells inside the domain, and the most frequent values outside of it.
    pub(super) fn finish(self) -> (u64, Vec<Category>) {
        let mut unknown: Vec<_> = self.unknown.into_entries().map(|(value, count)| Category { value, count }).collect();
        unknown.sort_by(|a, b| (Reverse(a.count), &a.value).cmp(&(Reverse(b.count), &b.value)));
        unknown.truncate(N_TOLD);
        (self.n_known, unknown)
    }

    /// Bytes held on the heap beside those of the domain, which columns share.
    pub(super) fn memory(&self) -> usize {
        self.unknown.memory()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn watched(texts: &[&str]) -> WatchedDomain {
        let domains: Domains = [("x", &["a", "b"][..])].into_iter().collect();
        let mut watched = WatchedDomain::new(domains.of("x").expect("a domain"));
        texts.iter().for_each(|text| watched.observe(text_hash(text), text));
        watched
    }

    #[test]
    fn values_outside_the_domain_are_told_by_how_many_there_are() {
        let mut all = watched(&["a", "c", "d", "c"]);
        all.merge(watched(&["b", "d", "d", "a"]));
        let category = |value: &str, count| Category { value: value.to_owned(), count };
        assert_eq!(all.finish(), (3, vec![category("d", 3), category("c", 2)]));
    }

    #[test]
    fn countless_and_long_values_take_little_memory() {
        let long = "x".repeat(MAX_UNKNOWN_BYTES + 1);
        let mut all = watched(&[&long]);
        for i in 0..10_000 {
            let text = format!("{i:0>200}");
            all.observe(text_hash(&text), &text);
        }
        assert!(all.memory() < 150 << 10, "{}", all.memory());
        let (n_known, unknown) = all.finish();
        assert_eq!((n_known, unknown.len()), (0, N_TOLD));
    }
}
