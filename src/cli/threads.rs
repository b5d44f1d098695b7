//! Threads: how many the process may start.

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;

use crate::error::{self, Error, Result};

/// Threads of a job for each that computes: it waits, it folds, and two files are read for it.
const KINDS: usize = 4;
/// Those beside them: one that hears signals, the others to spare.
const OTHERS: usize = 4;
/// Fewest threads of a job: two that wait, one that folds, two that read.
const FEWEST: usize = 5;
/// Bytes of stack of a thread that is only counted.
const STACK: usize = 64 << 10;

/// Threads that a job may have of those that are asked for: fewer where a limit (ulimit -u, the pids of a container) does
/// not allow as many, which is logged.
pub fn allowed(asked: usize) -> Result<Allowed> {
    let wanted = KINDS * asked + OTHERS;
    let n = startable(wanted);
    if n == wanted {
        return Ok(Allowed { n: asked, n_reading: None });
    }
    let Some(allowed) = fitting(n) else {
        let cause = format!("a job needs at least {FEWEST} threads, and {n} can be started");
        return Err(Error::new(&error::TOO_FEW_THREADS, "threads", cause));
    };
    tracing::warn!(code = error::FEWER_THREADS.code, asked, used = allowed.n, "{}", error::FEWER_THREADS.title);
    Ok(allowed)
}

/// What a job may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowed {
    /// Threads that compute.
    pub n: usize,
    /// Most threads that wait for disks; `None` where there are as many as are needed.
    pub n_reading: Option<usize>,
}

/// What a job may have where `n` threads can be started.
fn fitting(n: usize) -> Option<Allowed> {
    let computing = (n.saturating_sub(OTHERS) / KINDS).max(1);
    (n >= FEWEST).then(|| Allowed { n: computing, n_reading: Some(n - 2 * computing - 1) })
}

/// How many of so many threads can be started side by side. They wait for one another, and end.
fn startable(wanted: usize) -> usize {
    let gate = Arc::new((Mutex::new(false), Condvar::new()));
    let wait = |gate: Arc<(Mutex<bool>, Condvar)>| {
        let opened = gate.0.lock().unwrap_or_else(PoisonError::into_inner);
        drop(gate.1.wait_while(opened, |is_open| !*is_open));
    };
    let mut started = Vec::new();
    while started.len() < wanted {
        let gate = gate.clone();
        match thread::Builder::new().stack_size(STACK).spawn(move || wait(gate)) {
            Ok(thread) => started.push(thread),
            Err(_) => break,
        }
    }
    let n = started.len();
    *gate.0.lock().unwrap_or_else(PoisonError::into_inner) = true;
    gate.1.notify_all();
    started.into_iter().for_each(|thread| drop(thread.join()));
    n
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_be_started_is_shared_out() {
        let cases =
            [(0, None), (4, None), (5, Some((1, 2))), (11, Some((1, 8))), (12, Some((2, 7))), (44, Some((10, 23)))];
        for (n, expected) in cases {
            let expected = expected.map(|(n, n_reading)| Allowed { n, n_reading: Some(n_reading) });
            assert_eq!(fitting(n), expected, "{n}");
        }
        assert_eq!(startable(5), 5);
        assert_eq!(allowed(2).expect("threads"), Allowed { n: 2, n_reading: None });
    }
}
