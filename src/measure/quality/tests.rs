//! Tests of quality as a whole.

mod coverage;
mod estimates;
mod reference;
