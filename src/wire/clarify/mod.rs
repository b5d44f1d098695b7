//! Files of the monitors that SageMaker Clarify computes: bias and attributions.

pub mod analysis;
pub mod analysis_config;
pub mod attribution_violations;
mod entries;
pub mod explanations;
mod partial_dependence;
mod settings;
pub mod shap_tables;
pub mod violations;

#[cfg(test)]
mod tests;
