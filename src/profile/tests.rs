//! Laws of the profile, and its numbers beside those of the slow reference.

mod batches;
mod laws;
mod ledger;
mod recipes;
mod reference;
mod segments;
