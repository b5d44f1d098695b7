//! Command line: grammar, jobs, help, demonstrations.

mod allocator;
mod arguments;
mod commands;
mod completions;
mod demonstration;
mod explain;
mod grammar;
mod headings;
mod job;
mod layout;
mod logging;
mod machine;
mod nearest;
mod progress;
mod run_summary;
mod terminal;
mod usage;

pub use commands::main;
