//! The demonstrations: data made on the spot, monitored as any other.

mod data_quality;
mod model_quality;
mod stage;

pub use data_quality::run as data_quality;
pub use model_quality::run as model_quality;
