//! External sort: batches that arrive one by one are sorted in memory while they fit, else spilled to disk and merged.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use arrow::array::RecordBatch;
use arrow::compute::SortOptions;
use arrow::datatypes::SchemaRef;
use datafusion_common::DataFusionError;
use datafusion_execution::memory_pool::{MemoryConsumer, MemoryReservation};
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
use super::memory_sort::MemorySort;
use super::session::Session;
use crate::error::Result;

/// Batches that wait to be sorted.
const BATCHES_AHEAD: usize = 2;

/// The input of a sort. It ends when all clones are dropped.
#[derive(Clone)]
pub(super) struct SortInput {
    gathered: Arc<Mutex<Gathered>>,
    to_disk: mpsc::Sender<RecordBatch>,
}

/// The input, while all of it fits into memory.
struct Gathered {
    batches: Vec<RecordBatch>,
    /// The memory that it takes to sort it; `None` once something did not fit.
    memory: Option<MemoryReservation>,
}

impl Gathered {
    /// Takes a batch; gives what has to go to disk.
    fn take(&mut self, batch: RecordBatch) -> Vec<RecordBatch> {
        let n_bytes = MemorySort::memory(&batch);
        self.batches.push(batch);
        if self.memory.as_ref().is_some_and(|memory| memory.try_grow(n_bytes).is_ok()) {
            return Vec::new();
        }
        self.memory = None;
        std::mem::take(&mut self.batches)
    }

    /// All of it, leaving nothing.
    fn end(&mut self) -> Self {
        Self { batches: std::mem::take(&mut self.batches), memory: self.memory.take() }
    }
}

impl SortInput {
    /// Hands a batch over. When the sort has ended before its input this never returns: whoever waits
    /// for the sort knows why it failed, and drops the others.
    pub(super) async fn send(&self, batch: RecordBatch) {
        let for_disk = self.gathered.lock().unwrap_or_else(PoisonError::into_inner).take(batch);
        for batch in for_disk {
            if self.to_disk.send(batch).await.is_err() {
                std::future::pending::<()>().await;
            }
        }
    }
}

/// Sorts batches of `schema` by their first column: bytes, or numbers that are not null. `context` says
/// how much memory there is; what does not fit goes to disk. `turns` are for sorts side by side: only as
/// many of them as there are permits give what they sorted, until they are dropped; the others wait.
/// Returns its input and its output.
pub(super) fn external_sort(
    session: &Session,
    schema: SchemaRef,
    options: SortOptions,
    context: Arc<TaskContext>,
    turns: Arc<Semaphore>,
) -> (SortInput, SortOutput) {
    let (sender, receiver) = mpsc::channel(BATCHES_AHEAD);
    let turn = Turn { permits: turns, taken: Arc::default() };
    let memory = MemoryConsumer::new("rows in memory").register(context.memory_pool());
    let gathered = Arc::new(Mutex::new(Gathered { batches: Vec::new(), memory: Some(memory) }));
    let input = SortInput { gathered: gathered.clone(), to_disk: sender };
    let sort = Sort { schema, options, context, pool: session.pool(), turn };
    (input, SortOutput { sort, state: SortState::Arriving(gathered, receiver) })
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

/// The output of a sort: its batches in order.
pub(super) struct SortOutput {
    sort: Sort,
    state: SortState,
}

/// How and where it is sorted.
struct Sort {
    schema: SchemaRef,
    options: SortOptions,
    context: Arc<TaskContext>,
    pool: Arc<rayon::ThreadPool>,
    turn: Turn,
}

/// How far a sort has come.
enum SortState {
    Arriving(Arc<Mutex<Gathered>>, mpsc::Receiver<RecordBatch>),
    InMemory(MemorySort, #[expect(dead_code, reason = "held as long as the rows")] Option<MemoryReservation>),
    OnDisk(SendableRecordBatchStream),
}

impl SortOutput {
    /// The next batch; the first one when all input was seen.
    pub(super) async fn next(&mut self) -> Result<Option<RecordBatch>> {
        if let SortState::Arriving(gathered, for_disk) = &mut self.state {
            let first = for_disk.recv().await;
            self.state = match first {
                Some(first) => {
                    let (_, nothing) = mpsc::channel(1);
                    self.sort.on_disk(first, std::mem::replace(for_disk, nothing)).map(SortState::OnDisk)?
                }
                None => {
                    let gathered = gathered.clone();
                    self.sort.turn.wait().await.map_err(failure)?;
                    self.sort.in_memory(&gathered)?
                }
            };
        }
        match &mut self.state {
            SortState::Arriving(..) => Ok(None),
            SortState::InMemory(sorted, _) => tokio::task::block_in_place(|| sorted.next()),
            SortState::OnDisk(stream) => stream.try_next().await.map_err(failure),
        }
    }
}

impl Sort {
    fn in_memory(&self, gathered: &Mutex<Gathered>) -> Result<SortState> {
        let gathered = gathered.lock().unwrap_or_else(PoisonError::into_inner).end();
        let sort = || MemorySort::of(gathered.batches, self.options, self.pool.clone());
        Ok(SortState::InMemory(tokio::task::block_in_place(sort)?, gathered.memory))
    }

    /// Sorts by spilling; `first` and `rest` are the input.
    fn on_disk(&self, first: RecordBatch, rest: mpsc::Receiver<RecordBatch>) -> Result<SendableRecordBatchStream> {
        let schema = self.schema.clone();
        let arriving = Some(Arriving { first: Some(first), rest, turn: self.turn.clone() });
        let source = Source { schema: schema.clone(), arriving: Mutex::new(arriving) };
        let name = schema.fields().first().map(|field| field.name().clone()).unwrap_or_default();
        let by_first = PhysicalSortExpr::new(Arc::new(Column::new(&name, 0)), self.options);
        let ordering = LexOrdering::new([by_first]).ok_or_else(|| defect("a sort without an order"))?;
        let input =
            StreamingTableExec::try_new(schema, vec![Arc::new(source)], None, [], false, None).map_err(failure)?;
        SortExec::new(ordering, Arc::new(input)).execute(0, self.context.clone()).map_err(failure)
    }
}

/// The leaf of the plan: the arriving batches, once.
struct Source {
    schema: SchemaRef,
    arriving: Mutex<Option<Arriving>>,
}

/// Batches that arrive; the first one is there already.
struct Arriving {
    first: Option<RecordBatch>,
    rest: mpsc::Receiver<RecordBatch>,
    turn: Turn,
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
        let taken = self.arriving.lock().unwrap_or_else(PoisonError::into_inner).take();
        let batches = stream::try_unfold(taken, |taken| async move {
            let Some(mut arriving) = taken else {
                return Err(DataFusionError::Internal("the input of a sort is read once".to_owned()));
            };
            let batch = match arriving.first.take() {
                Some(first) => Some(first),
                None => arriving.rest.recv().await,
            };
            match batch {
                Some(batch) => Ok(Some((batch, Some(arriving)))),
                None => arriving.turn.wait().await.map(|()| None),
            }
        });
        Box::pin(RecordBatchStreamAdapter::new(self.schema.clone(), batches))
    }
}
