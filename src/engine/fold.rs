//! Parallel fold: a summary over a dataset, splits side by side, merged in their order.

use std::pin::pin;
use std::sync::Arc;

use arrow::array::{AsArray, RecordBatch};
use arrow::buffer::Buffer;
use futures::{StreamExt, TryStreamExt, stream};
use tokio::sync::Semaphore;

use super::abort_on_drop::AbortOnDrop;
use super::dataset::Dataset;
use super::scan::scan;
use super::session::{Reading, Reservation, Session};
use crate::decode::Meta;
use crate::error::Result;
use crate::summary::Summary;

/// Splits that may be in work for each thread while they are small: most of their time is waiting
/// for the store to answer.
const SMALL_SPLITS_A_THREAD: usize = 8;
/// A split takes a share of its thread's capacity for every so many bytes.
const BYTES_A_SHARE: u64 = 128 << 10;
/// Batches of one split that may be in memory at once: being decoded, waiting, being observed.
const BATCHES_IN_FLIGHT: usize = 4;

/// How much more than the open summary its closed form and the text of its files take: a number of
/// eight bytes is written with up to 24.
pub(super) const CLOSED_FACTOR: usize = 3;

/// Folds the dataset. `start` makes the summary of one split; the splits' summaries are merged one
/// after the other, in the splits' order, into one more that `start` makes. The result does not
/// depend on the number of threads. As many large splits are in work as there are threads, and
/// more small ones.
pub async fn fold<S>(session: &Session, dataset: Arc<Dataset>, start: impl Fn() -> S) -> Result<S>
where
    S: Summary<Input = RecordBatch> + Send + 'static,
{
    fold_into(session, dataset, start, |_| ()).await
}

/// Takes the batches of a split when its summary has seen them.
pub(super) trait BatchSink: Send + 'static {
    fn take(&mut self, batch: &RecordBatch) -> impl Future<Output = Result<()>> + Send;
}

/// Drops them.
impl BatchSink for () {
    async fn take(&mut self, _: &RecordBatch) -> Result<()> {
        Ok(())
    }
}

/// Folds the dataset as [`fold`] does, and hands the batches of every split to a sink, which `sink` makes for
/// the split at an index.
pub(super) async fn fold_into<S, O>(
    session: &Session,
    dataset: Arc<Dataset>,
    start: impl Fn() -> S,
    sink: impl Fn(usize) -> O,
) -> Result<S>
where
    S: Summary<Input = RecordBatch> + Send + 'static,
    O: BatchSink,
{
    let sizes: Vec<u64> = dataset.splits.iter().map(|split| split.entry.size).collect();
    session.progress().expect_bytes(sizes.iter().sum());
    let n_splits = dataset.splits.len();
    let n_in_work = SMALL_SPLITS_A_THREAD * session.n_threads();
    let capacity = Arc::new(Semaphore::new(n_in_work));
    let split = |index: usize| {
        let n_shares = sizes[index] / BYTES_A_SHARE + 1;
        let n_shares = u32::try_from(n_shares).unwrap_or(u32::MAX).min(SMALL_SPLITS_A_THREAD as u32);
        let wait = capacity.clone().acquire_many_owned(n_shares);
        let folding = fold_split(
            (dataset.clone(), index),
            (start(), sink(index)),
            session.reading(),
            session.pool(),
            session.reserve(&format!("the statistics of {}", dataset.place_of(&dataset.splits[index].entry.name))),
        );
        // A dropped fold stops its splits, too.
        let task = AbortOnDrop::spawn(async move {
            let _shares = wait.await;
            folding.await
        });
        task.join()
    };
    let reservation = session.reserve("the statistics of all objects together");
    let mut folded = stream::iter(0..n_splits).map(split).buffered(n_in_work);
    let mut total = start();
    while let Some((summary, split_reservation)) = folded.try_next().await? {
        total.merge(summary);
        drop(split_reservation);
        reservation.hold(total.memory())?;
    }
    // Closing and writing down what was kept takes memory, too: better to stop before than half-way.
    reservation.hold(CLOSED_FACTOR * total.memory())?;
    Ok(total)
}

async fn fold_split<S, O>(
    (dataset, index): (Arc<Dataset>, usize),
    (mut summary, mut sink): (S, O),
    reading: Reading,
    pool: Arc<rayon::ThreadPool>,
    reservation: Reservation,
) -> Result<(S, Reservation)>
where
    S: Summary<Input = RecordBatch> + Send + 'static,
    O: BatchSink,
{
    let mut batches = pin!(scan(dataset, index, reading));
    while let Some(batch) = batches.try_next().await? {
        tokio::task::block_in_place(|| pool.install(|| summary.observe(&batch)));
        reservation.hold(summary.memory() + BATCHES_IN_FLIGHT * batch_bytes(&batch))?;
        sink.take(&batch).await?;
    }
    Ok((summary, reservation))
}

/// What a column takes in a batch beside its views: the array, its buffers and their counters, an
/// estimate that shows only in batches of thousands of columns.
const ARRAY_BYTES: usize = 384;

/// Bytes that a batch holds: its views, its arrays, and the text that all its columns share.
fn batch_bytes(batch: &RecordBatch) -> usize {
    let text = batch.columns().get(Meta::WIDTH).and_then(|column| column.as_string_view_opt());
    let text_bytes = text.map_or(0, |text| text.data_buffers().iter().map(Buffer::len).sum());
    batch.num_columns() * (batch.num_rows() * size_of::<u128>() + ARRAY_BYTES) + text_bytes
}
