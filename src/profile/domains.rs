//! Domains: the known categories of a table's columns, looked up cell by cell.

use std::collections::HashMap;
use std::sync::Arc;

use crate::sketch::{TextCounts, text_hash};

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
