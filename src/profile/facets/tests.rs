//! Tests of facets as a whole.

mod laws;
mod meaning;
pub mod rows;
