//! Signals of the C library: what the process does about them by itself.

use std::ffi::c_int;

/// Numbers of signals that are the same on all systems (POSIX, kill(1)), and of one that is on those of ours.
const SIGINT: c_int = 2;
const SIGTERM: c_int = 15;
#[cfg(not(any(target_arch = "mips", target_arch = "mips64")))]
const SIGXFSZ: c_int = 25;
/// `SIG_DFL` and `SIG_IGN` of signal.h.
const DEFAULT: usize = 0;
const IGNORED: usize = 1;

// SAFETY: this is the function's declaration in signal.h, a handler being a pointer; 0 and 1 are no functions, and
// nothing else is passed.
unsafe extern "C" {
    safe fn signal(number: c_int, handler: usize) -> usize;
}

/// Lets a write beyond the limit of file sizes (ulimit -f) fail, instead of ending the process.
pub fn fail_at_file_size_limit() {
    #[cfg(not(any(target_arch = "mips", target_arch = "mips64")))]
    signal(SIGXFSZ, IGNORED);
}

/// Lets SIGINT and SIGTERM end the process at once, as they would have without a job that hears them.
pub fn end_at_once() {
    signal(SIGINT, DEFAULT);
    signal(SIGTERM, DEFAULT);
}
