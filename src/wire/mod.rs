//! File formats: one module each, read and written both ways.
