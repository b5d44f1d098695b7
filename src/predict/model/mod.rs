//! Model client: rows in, scores out, through a cache and batches.

mod batch_sender;
mod batching;
mod call_counts;
mod client;
mod opening;
mod prediction_cache;

pub use call_counts::{Calls, Prediction, Refusal};
pub use client::Model;
