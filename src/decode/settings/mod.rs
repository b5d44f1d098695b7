//! What decoders are told.

pub mod attribute;
pub mod decoding;
pub mod filter;
pub mod format;
pub mod instances;
pub mod positions;
pub mod rows;
