//! Table parts: the open statistics of a table for each of several parts of its rows, by a key.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::domains::Domains;
use super::table::TableSummary;
use crate::summary::Summary;

/// A table for each key that rows were seen of, in the order of keys.
///
/// The statistics of each are those of a [`TableSummary`] that saw its rows alone, in their order.
#[derive(Debug)]
pub(super) struct TableParts<K> {
    domains: Arc<Domains>,
    tables: BTreeMap<K, TableSummary>,
}

impl<K: Ord> Default for TableParts<K> {
    fn default() -> Self {
        Self::watching(Arc::default())
    }
}

impl<K: Ord> TableParts<K> {
    /// Counts the cells inside their columns' domains, too.
    pub fn watching(domains: Arc<Domains>) -> Self {
        Self { domains, tables: BTreeMap::new() }
    }

    /// The same without a row.
    pub fn emptied(&self) -> Self {
        Self::watching(self.domains.clone())
    }

    pub fn table(&mut self, key: K) -> &mut TableSummary {
        let domains = &self.domains;
        self.tables.entry(key).or_insert_with(|| TableSummary::watching(domains.clone()))
    }

    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &K> {
        self.tables.keys()
    }

    pub fn remove_last(&mut self) {
        self.tables.pop_last();
    }

    pub fn into_tables(self) -> BTreeMap<K, TableSummary> {
        self.tables
    }

    /// Bytes held on the heap, beside those of keys.
    pub fn memory(&self) -> usize {
        self.tables.values().map(|table| size_of::<TableSummary>() + table.memory()).sum()
    }
}
