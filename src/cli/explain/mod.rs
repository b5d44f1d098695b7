//! The `explain` command: pages about topics, and error codes.

mod generated;
mod lookup;
mod topics;

pub use lookup::{explain, subjects};
