//! Rows to the counts that bias is measured from.

mod settings;

pub use settings::{Facet, FacetSettings};
