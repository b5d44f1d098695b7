//! Scan: the batches of one split of a dataset, read and decoded ahead of whoever takes them.

use std::sync::Arc;

use arrow::array::RecordBatch;
use futures::{Stream, stream};
use tokio::sync::mpsc;

use super::abort_on_drop::AbortOnDrop;
use super::dataset::Dataset;
use super::object_reader::{self, BatchSender};
use super::session::Reading;
use crate::error::Result;

/// Batches that are decoded ahead.
const BATCHES_AHEAD: usize = 2;

/// Scans the split at `index`, in a task of its own that ends when the stream is dropped. Batches begin with
/// the leading columns of the layout; cells follow them, as many as a batch has.
pub(super) fn scan(
    dataset: Arc<Dataset>,
    index: usize,
    reading: Reading,
) -> impl Stream<Item = Result<RecordBatch>> + Send {
    let (sender, receiver) = mpsc::channel(BATCHES_AHEAD);
    let reading =
        AbortOnDrop::spawn(
            async move { object_reader::read_split(&dataset, index, &reading, &BatchSender(sender)).await },
        );
    stream::try_unfold((receiver, reading), |(mut receiver, reading)| async move {
        match receiver.recv().await {
            Some(batch) => Ok(Some((batch, (receiver, reading)))),
            None => reading.join().await.map(|()| None),
        }
    })
}
