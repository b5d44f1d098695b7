//! Publications under way: a process that is stopped lets them come to their end.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

static N_AT_WORK: AtomicUsize = AtomicUsize::new(0);
/// How often it is looked whether they are done.
const INTERVAL: Duration = Duration::from_millis(10);

/// A publication that is under way until this is dropped.
pub(super) struct AtWork(());

impl AtWork {
    pub fn begin() -> Self {
        N_AT_WORK.fetch_add(1, Ordering::SeqCst);
        Self(())
    }
}

impl Drop for AtWork {
    fn drop(&mut self) {
        N_AT_WORK.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Waits until no outputs are being published any more, but not longer than `limit`; whether none are. Those of a job
/// that was dropped go on by themselves.
pub async fn published(limit: Duration) -> bool {
    let is_done = || N_AT_WORK.load(Ordering::SeqCst) == 0;
    let waited = async {
        while !is_done() {
            tokio::time::sleep(INTERVAL).await;
        }
    };
    tokio::time::timeout(limit, waited).await.is_ok()
}
