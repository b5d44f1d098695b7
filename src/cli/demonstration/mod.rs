//! The demonstrations: data made on the spot, monitored as any other.

mod attribution;
mod bias;
mod data_quality;
mod model_quality;
mod model_server;
mod stage;

pub use attribution::run as attribution;
pub use bias::run as bias;
pub use data_quality::run as data_quality;
pub use model_quality::run as model_quality;
