//! Arguments, environment, logging, exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    let text = |value: std::ffi::OsString| value.into_string().ok();
    let environment = std::env::vars_os().filter_map(|(name, value)| Some((text(name)?, text(value)?))).collect();
    model_monitor::cli::main(std::env::args_os().collect(), environment)
}
