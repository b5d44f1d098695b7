//! Which ground truth belongs to which captured request. Pure; sees one id at a time.

mod account;

pub use account::{DELAY_BOUNDS, DuplicatePolicy, Pairs};
