//! Arguments, environment, logging, exit code.

fn main() {}
