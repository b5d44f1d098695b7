//! Tests of bias as a whole.
