//! Jobs, from strings to contracts.
