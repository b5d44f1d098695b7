//! Guard: a panic of a decoder, or of a library that it calls, becomes a value.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

thread_local! {
    /// Guards that this thread is in.
    static DEPTH: Cell<u32> = const { Cell::new(0) };
}

/// A decoder panicked: what it was decoding is damaged in a way that it does not expect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Panicked;

/// What `decode` returns. Where it panics, what it has changed must not be looked at any more.
pub fn guarded<T>(decode: impl FnOnce() -> T) -> Result<T, Panicked> {
    DEPTH.with(|depth| depth.set(depth.get() + 1));
    let decoded = catch_unwind(AssertUnwindSafe(decode));
    DEPTH.with(|depth| depth.set(depth.get() - 1));
    decoded.map_err(|_| Panicked)
}

/// Whether a panic of this thread is caught: it is no defect of the program then.
pub fn is_guarded() -> bool {
    DEPTH.with(Cell::get) > 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_a_value_and_the_guard_is_left() {
        assert_eq!(guarded(|| guarded(|| -> u8 { panic!("inside") })), Ok(Err(Panicked)));
        assert_eq!(guarded(is_guarded), Ok(true));
        assert!(!is_guarded());
    }
}
