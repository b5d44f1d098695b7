//! A model that answers rows with scores.

mod asker;
mod batches;
mod calls;
mod counts;
mod opening;
mod remembered;

pub use calls::Model;
pub use counts::{Calls, Prediction, Refusal};
