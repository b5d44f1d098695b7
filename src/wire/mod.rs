//! File formats: one module each, read and written both ways.

pub mod clarify;
pub mod cloudwatch;
pub mod constraints;
pub mod dataset_format;
mod error;
pub mod jackson;
pub mod job_config;
mod layout;
mod lenient;
pub mod model_quality;
mod owner;
mod place;
pub mod resource_config;
pub mod schemas;
pub mod state;
pub mod statistics;
pub mod time;
pub mod violations;

pub use error::WireError;
pub use layout::Layout;
