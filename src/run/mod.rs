//! The jobs: from a contract to results. What a monitor is stands in `monitor`, how any of them is carried out in
//! `carry_out`, and each of them in a file of `monitors`.

mod account;
mod account_warnings;
mod baseline;
mod calibrate;
mod carry_out;
mod dataset_warnings;
mod datasets;
mod finished;
mod header;
mod monitor;
mod monitors;
mod previous_output;
mod replay;
mod segments;
mod side_tables;
mod warning;

pub use calibrate::calibrate;
pub use finished::{Finished, Violation};
pub use monitors::run;
pub use replay::replay;
