//! Tests of facets as a whole.
