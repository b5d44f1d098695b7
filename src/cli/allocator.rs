//! Arenas of the C library's malloc: a limit to their number.

/// Lets the GNU C library make at most `n` pools of memory; to be called while there is but one thread.
///
/// It would make up to eight for each core, and what is freed in one is of no use to another. Batches are
/// made by one thread and dropped by another, so that with many pools several times the memory that is in
/// use would be kept.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
pub fn keep_few_pools(n: usize) {
    use std::ffi::c_int;

    /// `M_ARENA_MAX` of mallopt(3).
    const MOST_POOLS: c_int = -8;

    // SAFETY: this is the function's declaration in malloc.h; it takes two integers by value.
    unsafe extern "C" {
        safe fn mallopt(parameter: c_int, value: c_int) -> c_int;
    }

    let n = c_int::try_from(n).unwrap_or(c_int::MAX);
    if mallopt(MOST_POOLS, n) == 0 {
        tracing::debug!(pools = n, "the allocator keeps as many pools as it likes");
    }
}

/// Other C libraries are left alone.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub fn keep_few_pools(_: usize) {}
