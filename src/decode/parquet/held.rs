//! Memory that the pages of a row group hold, against what they may.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::fault::Fault;

/// Bytes that the columns of a row group have in memory together.
#[derive(Clone, Debug)]
pub struct Held {
    limit: u64,
    /// Bytes of all columns' pages, as most programs write them.
    usual: u64,
    pages: Arc<AtomicU64>,
    /// Of the levels of lists that were read for the rows at hand.
    levels: Arc<AtomicU64>,
}

impl Held {
    /// At most `limit` bytes; `usual` are those of all columns' pages, as most programs write them.
    pub fn within(limit: u64, usual: u64) -> Self {
        Self { limit, usual, pages: Arc::default(), levels: Arc::default() }
    }

    pub fn limit(&self) -> u64 {
        self.limit
    }

    /// Counts `now` bytes of pages in place of `before`.
    pub fn hold(&self, before: u64, now: u64) -> Result<(), Fault> {
        self.pages.fetch_sub(before, Ordering::Relaxed);
        self.check(self.pages.fetch_add(now, Ordering::Relaxed).saturating_add(now))
    }

    /// Counts what the levels of another page of lists take.
    pub fn hold_levels(&self, n_bytes: u64) -> Result<(), Fault> {
        self.check(self.levels.fetch_add(n_bytes, Ordering::Relaxed).saturating_add(n_bytes))
    }

    /// Begins to count levels anew, for other rows.
    pub fn release_levels(&self) {
        self.levels.store(0, Ordering::Relaxed);
    }

    /// Fails where `needed` bytes are more than may be; it tells what the columns that come next will need, too.
    pub fn check(&self, needed: u64) -> Result<(), Fault> {
        let Self { limit, usual, .. } = *self;
        if needed > limit { Err(Fault::Memory { needed: needed.saturating_add(usual), limit }) } else { Ok(()) }
    }
}
