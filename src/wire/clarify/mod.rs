//! Files of the monitors that SageMaker Clarify computes: bias and attributions.

pub mod analysis;
pub mod analysis_config;
mod entries;
pub mod explanations;
mod partial_dependence;
mod settings;
pub mod shap_tables;

#[cfg(test)]
mod tests;
