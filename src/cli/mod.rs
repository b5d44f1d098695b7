//! Command line: grammar, jobs, help, demonstrations.

mod allocator;
mod arguments;
mod commands;
mod completions;
mod demonstration;
mod descriptors;
mod explain;
mod grammar;
mod headings;
mod job;
mod layout;
mod log_queue;
mod logging;
mod machine;
mod nearest;
mod progress;
mod run_summary;
mod signals;
mod terminal;
mod threads;
mod usage;

pub use commands::main;
