//! The jobs: from a contract to results. What a monitor is stands in `monitor`, how any of them is carried out in
//! `carry_out`, and each of them in a file of `monitors`.

mod account;
mod baseline;
mod carry_out;
mod datasets;
mod finished;
mod monitor;
mod monitors;
mod side_tables;
mod warning;

pub use finished::{Finished, Violation};
pub use monitors::run;
