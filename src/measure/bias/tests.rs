//! Tests of bias as a whole.

mod by_hand;
mod coverage;
