//! Which ground truth belongs to which captured request. Pure; sees one id at a time.

mod account;
mod hour;
mod machine;
mod place;
#[cfg(test)]
mod tests;

pub use account::{DELAY_BOUNDS, DuplicatePolicy, Pairs};
pub use hour::{HOUR, folder_of_time, hour_in, hour_of};
pub use machine::Pairing;
pub use place::{Role, place};
