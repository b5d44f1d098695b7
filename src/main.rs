//! Arguments, environment, logging, exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    // A value that is not UTF-8 stays visible, so that it is refused and not taken for absent.
    let text = |value: std::ffi::OsString| value.to_string_lossy().into_owned();
    let environment = std::env::vars_os().map(|(name, value)| (text(name), text(value))).collect();
    model_monitor::cli::main(std::env::args_os().collect(), environment)
}
