//! Tests of reference rows as a whole.

mod known_clusters;
mod laws;
mod oracle;
