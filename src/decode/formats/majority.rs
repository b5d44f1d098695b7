//! Majority: how many of the first records must tell the same before it holds for all.

/// Records that tell something together.
pub const SEVERAL_RECORDS: usize = 3;

/// Whether so many records of `n_all` tell the same: all of them, or several, and nine of ten or all but one.
pub fn most(n: usize, n_all: usize) -> bool {
    n > 0 && n == n_all || n >= SEVERAL_RECORDS && 10 * (n_all - n) <= n_all.max(10)
}
