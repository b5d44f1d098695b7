//! Tests of outcomes as a whole.
