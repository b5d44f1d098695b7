//! Call counts, and what became of each row: a prediction or a refusal.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// What the model made of one row: the scores of its outputs, in their order.
pub type Prediction = std::result::Result<Arc<[f64]>, Refusal>;

/// Why a row has no scores.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    reason: Arc<str>,
}

impl Refusal {
    pub(super) fn new(reason: &str) -> Self {
        Self { reason: reason.into() }
    }

    /// A phrase, without the model's words.
    pub fn reason(&self) -> &str {
        &self.reason
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}

/// How often a model was asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Calls {
    /// Rows whose scores were asked for.
    pub n_wanted: u64,
    /// Rows that had to be sent for that, each counted once; what was known before is not among them.
    pub n_predictions: u64,
    /// Requests, all attempts counted.
    pub n_requests: u64,
    /// Requests that repeat one which failed for a reason that may pass.
    pub n_retries: u64,
    /// Batches that were sent again row by row.
    pub n_fallbacks: u64,
}

/// [`Calls`] while they happen.
#[derive(Debug, Default)]
pub(super) struct Counts {
    n_wanted: AtomicU64,
    n_predictions: AtomicU64,
    n_requests: AtomicU64,
    n_retries: AtomicU64,
    n_fallbacks: AtomicU64,
}

impl Counts {
    pub fn calls(&self) -> Calls {
        Calls {
            n_wanted: self.n_wanted.load(Ordering::Relaxed),
            n_predictions: self.n_predictions.load(Ordering::Relaxed),
            n_requests: self.n_requests.load(Ordering::Relaxed),
            n_retries: self.n_retries.load(Ordering::Relaxed),
            n_fallbacks: self.n_fallbacks.load(Ordering::Relaxed),
        }
    }

    pub fn wanted(&self, n_rows: u64) {
        self.n_wanted.fetch_add(n_rows, Ordering::Relaxed);
    }

    /// Counts rows that are about to be sent, if they are within the budget; else how many it has left.
    pub fn reserve(&self, n_rows: u64, budget: u64) -> Result<(), u64> {
        let more = |n: u64| n.checked_add(n_rows).filter(|n| *n <= budget);
        let reserved = self.n_predictions.fetch_update(Ordering::Relaxed, Ordering::Relaxed, more);
        reserved.map(|_| ()).map_err(|n| budget.saturating_sub(n))
    }

    /// Counts a request; how many there were before.
    pub fn request(&self) -> u64 {
        self.n_requests.fetch_add(1, Ordering::Relaxed)
    }

    pub fn retry(&self) {
        self.n_retries.fetch_add(1, Ordering::Relaxed);
    }

    /// Counts a batch that is sent again; whether it is the first.
    pub fn fallback(&self) -> bool {
        self.n_fallbacks.fetch_add(1, Ordering::Relaxed) == 0
    }
}
