//! The job as SageMaker describes it: raw strings first, then the checked contract.

mod analysis;
mod attribution;
mod bias;
mod checked;
mod columns;
mod ground_truth;
mod model;
mod model_quality;
mod monitors;
mod offset;
mod places;
mod raw;
mod reference_rows;
mod setting;
mod setting_table;
mod settings;
mod side_tables;
#[cfg(test)]
mod tests;
mod values;
mod variables;

pub use analysis::Analysis;
pub use attribution::{AttributionJob, PartialDependenceJob, Shap};
pub use bias::{AskedModel, BiasJob};
pub use checked::{Contract, HostRole};
pub use ground_truth::GroundTruth;
pub use model::{ModelJob, RequestSettings};
pub use model_quality::ModelQuality;
pub use offset::parse_offset;
pub use raw::{ConfigFile, RawEnv, Source};
pub use reference_rows::Reference;
pub use setting::{Setting, SettingValue};
pub use setting_table::{LOG_LEVELS, SETTINGS, unknown_variables};
pub use settings::{ModelAccess, OnEmpty, Settings};
pub use side_tables::{Holds, SideTableJob};
pub use variables::{Support, VARIABLES, Variable};
