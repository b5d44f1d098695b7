//! KernelSHAP: how much each feature moved the prediction of one row.

mod coalition;
mod coalition_sizes;
mod combinations;
mod design;
mod explain;
mod link;
mod normal_equations;
mod paired_sampling;
mod varying;

#[cfg(test)]
mod tests;

pub use coalition::Coalition;
pub use design::{Design, DesignFault, DesignSize};
pub use explain::Explained;
pub use link::Link;
pub use varying::{mixed, varying};
