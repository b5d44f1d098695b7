//! Abort on drop: a task that ends when nobody waits for it any more.

use tokio::task::JoinHandle;

use crate::error::{self, Error, Result};

/// A task that ends when this is dropped.
pub(super) struct AbortOnDrop<T>(JoinHandle<Result<T>>);

impl<T: Send + 'static> AbortOnDrop<T> {
    pub(super) fn spawn(work: impl Future<Output = Result<T>> + Send + 'static) -> Self {
        Self(tokio::spawn(work))
    }

    pub(super) async fn join(mut self) -> Result<T> {
        match (&mut self.0).await {
            Ok(result) => result,
            Err(defect) => Err(Error::new(&error::INTERNAL, "engine", defect)),
        }
    }
}

impl<T> Drop for AbortOnDrop<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}
