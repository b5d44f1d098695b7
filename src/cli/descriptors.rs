//! File descriptors: whether the process may have as many as the smallest job needs.

use std::io;
use std::os::fd::AsFd;

use crate::error::{self, Error, Result};
use crate::store;

/// Fewest descriptors that a job has beside its standard streams: those of the runtime and of its signals, and a file
/// and its folder.
const FEWEST: usize = 9;

/// Fails where a limit (ulimit -n) leaves too few for any job.
pub fn check() -> Result<()> {
    let stream = io::stdin();
    let mut opened = Vec::new();
    while opened.len() < FEWEST {
        match stream.as_fd().try_clone_to_owned() {
            Ok(descriptor) => opened.push(descriptor),
            Err(error) if store::is_without_descriptor(&error) => return Err(too_few(opened.len())),
            // It says nothing about the limit.
            Err(_) => break,
        }
    }
    Ok(())
}

fn too_few(n: usize) -> Error {
    let cause = format!("a job needs at least {FEWEST}, and {n} can be had");
    Error::new(&error::TOO_FEW_DESCRIPTORS, "file descriptors", cause)
}
