//! The command line.

mod allocator;
mod arguments;
mod commands;
mod demonstration;
mod job;
mod logging;
mod machine;
mod printing;
mod progress;

pub use commands::main;
