//! The summaries of attributions.

mod laws;
mod meaning;
mod rows;
