//! The job as SageMaker describes it: raw strings first, then the checked contract.

mod analysis;
mod attribution;
mod bias;
mod checked;
mod columns;
mod companions;
mod model;
mod offset;
mod raw;
mod reference_rows;
mod settings;
#[cfg(test)]
mod tests;
mod variables;

pub use analysis::{Analysis, GroundTruth, ModelQuality};
pub use attribution::{AttributionJob, PartialDependenceJob, Reference, RequestSettings, Shap};
pub use bias::BiasJob;
pub use checked::{Contract, HostRole};
pub use companions::{CompanionJob, Holds};
pub use offset::parse_offset;
pub use raw::{ConfigFile, RawEnv, Source};
pub use settings::{ModelAccess, OnEmpty, Settings, parse_bytes};
pub use variables::{Support, VARIABLES, Variable};
