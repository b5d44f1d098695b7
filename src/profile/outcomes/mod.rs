//! Rows of predictions and labels to what the quality of a model is measured from.

mod closed;

pub use closed::{OutcomeAccount, OutcomeSettings, Problem};
