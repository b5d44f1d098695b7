//! Files of the bias monitor.

pub mod analysis;
pub mod analysis_config;
mod settings;
pub mod violations;

#[cfg(test)]
mod tests;
