//! The job as SageMaker describes it: raw strings first, then the checked contract.

mod checked;
mod raw;
mod settings;
#[cfg(test)]
mod tests;
mod variables;

pub use checked::{Contract, HostRole};
pub use raw::{RawEnv, Source};
pub use settings::{OnEmpty, Settings, parse_bytes};
pub use variables::{Support, VARIABLES, Variable};
