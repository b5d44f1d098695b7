//! As-of pairing: which ground truth belongs to which captured request. Pure; sees one id at a time.

mod as_of_pairing;
mod duplicate_policy;
mod hour;
mod join_counts;
mod record_order;
#[cfg(test)]
mod tests;

pub use as_of_pairing::AsOfPairing;
pub use duplicate_policy::DuplicatePolicy;
pub use hour::{HOUR, folder_of_time, hour_in, hour_of};
pub use join_counts::{DELAY_BOUNDS, JoinCounts};
pub use record_order::{Role, VARIANT_PLACE, place};
