//! Sorting what arrives piece by piece: in memory while it fits, else on disk.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use arrow::array::RecordBatch;
use arrow::compute::SortOptions;
use arrow::datatypes::SchemaRef;
use datafusion_common::DataFusionError;
use datafusion_execution::{SendableRecordBatchStream, TaskContext};
use datafusion_physical_expr::expressions::Column;
use datafusion_physical_expr::{LexOrdering, PhysicalSortExpr};
use datafusion_physical_plan::ExecutionPlan;
use datafusion_physical_plan::sorts::sort::SortExec;
use datafusion_physical_plan::stream::RecordBatchStreamAdapter;
use datafusion_physical_plan::streaming::{PartitionStream, StreamingTableExec};
use futures::{TryStreamExt, stream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};

use super::failure::{defect, failure};
use crate::error::Result;

/// Batches that wait to be sorted.
const BATCHES_AHEAD: usize = 2;

/// The way into a sort. The sort's input ends when all ways into it are dropped.
#[derive(Clone)]
pub(super) struct Feed(mpsc::Sender<RecordBatch>);

impl Feed {
    /// Hands a batch over. When the sort has ended before its input this never returns: whoever waits
    /// for the sort knows why it failed, and drops the others.
    pub(super) async fn send(&self, batch: RecordBatch) {
        if self.0.send(batch).await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

/// Sorts batches of `schema` by their first column. `turns` are for sorts side by side: only as many
/// of them as there are permits give what they sorted, until their streams are dropped; the others
/// wait. Returns the way in, and what comes out.
pub(super) fn sorted(
    schema: SchemaRef,
    options: SortOptions,
    context: Arc<TaskContext>,
    turns: Arc<Semaphore>,
) -> Result<(Feed, Sorted)> {
    let (sender, receiver) = mpsc::channel(BATCHES_AHEAD);
    let turn = Turn { permits: turns, taken: Arc::default() };
    let source = Source { schema: schema.clone(), input: Mutex::new(Some((receiver, turn.clone()))) };
    let name = schema.fields().first().map(|field| field.name().clone()).unwrap_or_default();
    let by_first = PhysicalSortExpr::new(Arc::new(Column::new(&name, 0)), options);
    let ordering = LexOrdering::new([by_first]).ok_or_else(|| defect("a sort without an order"))?;
    let input = StreamingTableExec::try_new(schema, vec![Arc::new(source)], None, [], false, None).map_err(failure)?;
    let stream = SortExec::new(ordering, Arc::new(input)).execute(0, context).map_err(failure)?;
    Ok((Feed(sender), Sorted { stream, _turn: turn }))
}

/// A sort's turn to give what it sorted. Before it comes, the sort's input does not end.
#[derive(Clone)]
struct Turn {
    permits: Arc<Semaphore>,
    taken: Arc<Mutex<Option<OwnedSemaphorePermit>>>,
}

impl Turn {
    async fn wait(&self) -> std::result::Result<(), DataFusionError> {
        let permit = self.permits.clone().acquire_owned().await;
        let permit = permit.map_err(|closed| DataFusionError::Internal(closed.to_string()))?;
        self.taken.lock().unwrap_or_else(PoisonError::into_inner).replace(permit);
        Ok(())
    }
}

/// What comes out of a sort, in order.
pub(super) struct Sorted {
    stream: SendableRecordBatchStream,
    _turn: Turn,
}

impl Sorted {
    /// The next batch; the first one when all input was seen.
    pub(super) async fn next(&mut self) -> Result<Option<RecordBatch>> {
        self.stream.try_next().await.map_err(failure)
    }
}

/// The leaf of the plan: what is fed, once.
struct Source {
    schema: SchemaRef,
    input: Mutex<Option<(mpsc::Receiver<RecordBatch>, Turn)>>,
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Source").field("schema", &self.schema).finish_non_exhaustive()
    }
}

impl PartitionStream for Source {
    fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    fn execute(&self, _: Arc<TaskContext>) -> SendableRecordBatchStream {
        let taken = self.input.lock().unwrap_or_else(PoisonError::into_inner).take();
        let fed = stream::try_unfold(taken, |taken| async move {
            let Some((mut receiver, turn)) = taken else {
                return Err(DataFusionError::Internal("what is fed is sorted once".to_owned()));
            };
            match receiver.recv().await {
                Some(batch) => Ok(Some((batch, Some((receiver, turn))))),
                None => turn.wait().await.map(|()| None),
            }
        });
        Box::pin(RecordBatchStreamAdapter::new(self.schema.clone(), fed))
    }
}
