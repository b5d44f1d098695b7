//! The job as SageMaker describes it: raw strings first, then the checked contract.

mod analysis;
mod attribution;
mod bias;
mod checked;
mod columns;
mod companions;
mod model;
mod monitors;
mod offset;
mod raw;
mod reference_rows;
mod setting;
mod setting_table;
mod settings;
#[cfg(test)]
mod tests;
mod variables;

pub use analysis::{Analysis, GroundTruth, ModelQuality};
pub use attribution::{AttributionJob, PartialDependenceJob, Reference, RequestSettings, Shap};
pub use bias::BiasJob;
pub use checked::{Contract, HostRole};
pub use companions::{CompanionJob, Holds};
pub use raw::{ConfigFile, RawEnv, Source};
pub use setting::{Setting, SettingValue};
pub use setting_table::SETTINGS;
pub use settings::{ModelAccess, OnEmpty, Settings};
pub use variables::{Support, VARIABLES, Variable};
