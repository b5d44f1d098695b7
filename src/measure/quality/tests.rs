//! Tests of quality as a whole.

mod coverage;
mod estimates;
mod extremes;
mod reference;
