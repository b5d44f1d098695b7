//! Model calls: what a model was asked in a run.

use serde_json::{Value, json};

/// What was asked of the model.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ModelCalls {
    /// Rows that an answer was needed for.
    pub n_wanted: u64,
    /// Rows that were sent: of equal ones, one.
    pub n_predictions: u64,
    pub n_requests: u64,
    /// Requests that were repeated.
    pub n_retries: u64,
    /// Batches that were sent again row by row.
    pub n_fallbacks: u64,
}

impl ModelCalls {
    pub(super) fn to_json(self) -> Value {
        json!({
            "wanted": self.n_wanted,
            "predictions": self.n_predictions,
            "requests": self.n_requests,
            "retries": self.n_retries,
            "fallbacks": self.n_fallbacks,
        })
    }
}
