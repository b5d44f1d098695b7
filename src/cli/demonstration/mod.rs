//! The `demo` command: synthetic data with known defects, monitored by the same commands as any other.

mod attribution;
mod bias;
mod command_line;
mod data_quality;
mod definition;
mod model_quality;
mod model_server;
mod page;
mod placing;
mod run;
mod table;

pub use model_server::serve;
pub use run::run;
pub use table::{ALL, find};
