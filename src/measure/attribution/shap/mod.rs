//! KernelSHAP: how much each feature moved the prediction of one row.

mod coalition;
mod combinations;
mod design;
mod draw;
mod explain;
mod link;
mod normal;
mod sizes;
mod varying;

#[cfg(test)]
mod tests;

pub use coalition::Coalition;
pub use design::{Design, DesignFault, DesignSize};
pub use explain::Explained;
pub use link::Link;
pub use varying::{mixed, varying};
