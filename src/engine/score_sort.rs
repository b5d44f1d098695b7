//! Score sort: an external sort of rows by a score, the highest first, folded into exact curves and areas.

use std::sync::{Arc, Mutex, PoisonError};

use arrow::array::RecordBatch;
use arrow::compute::{SortOptions, concat_batches};
use arrow::datatypes::SchemaRef;
use tokio::sync::Semaphore;

use super::abort_on_drop::AbortOnDrop;
use super::dataset::Dataset;
use super::external_sort::{SortInput, external_sort};
use super::failure::defect;
use super::fold::{BatchSink, fold, fold_into};
use super::session::Session;
use crate::error::Result;
use crate::summary::Summary;

/// Rows of a batch that is sorted, and of one that is folded.
const BATCH_ROWS: usize = 8_192;

/// The rows of a batch that are sorted.
type Project = dyn Fn(&RecordBatch) -> Option<RecordBatch> + Send + Sync;

/// What is to be sorted by score, and folded in that order.
pub struct ScoreSort<K> {
    /// The columns that are sorted: first the score, of type `Float64`, never null and never NaN;
    /// then, all of fixed width and few bytes, what is to be known of each row.
    pub schema: SchemaRef,
    /// The rows of a batch that are sorted, in batches of that schema; `None` where it has none.
    pub project: Arc<Project>,
    /// Folds the sorted rows, the highest first. The order among equal scores, and where a batch
    /// ends, are not defined: what comes out of it must not depend on them.
    pub start: K,
}

/// Folds the dataset as [`fold`] does, and its rows once more in the order of their scores.
pub async fn fold_sorted_by_score<S, K>(
    session: &Session,
    dataset: Arc<Dataset>,
    start: impl Fn() -> S,
    score_sort: Option<ScoreSort<K>>,
) -> Result<(S, Option<K>)>
where
    S: Summary<Input = RecordBatch> + Send + 'static,
    K: Summary<Input = RecordBatch> + Send + 'static,
{
    let Some(score_sort) = score_sort else { return Ok((fold(session, dataset, start).await?, None)) };
    let (input, by_score) = start_sort(session, score_sort, session.memory_for_sorting())?;
    let folding = async move {
        let total = fold_into(session, dataset, start, |_| input.clone()).await?;
        input.end().await?;
        Ok(total)
    };
    let (total, by_score) = futures::future::try_join(folding, by_score.join()).await?;
    Ok((total, Some(by_score)))
}

/// The input of a score sort. It ends when all clones are dropped.
#[derive(Clone)]
pub(super) struct ScoreSortInput {
    project: Arc<Project>,
    gathered: Arc<Mutex<Vec<RecordBatch>>>,
    input: SortInput,
}

/// Starts a score sort in `n_bytes` of memory: its input, and what is folded of its output.
pub(super) fn start_sort<K>(
    session: &Session,
    score_sort: ScoreSort<K>,
    n_bytes: usize,
) -> Result<(ScoreSortInput, AbortOnDrop<K>)>
where
    K: Summary<Input = RecordBatch> + Send + 'static,
{
    let ScoreSort { schema, project, start } = score_sort;
    let context = session.sort_context(n_bytes, BATCH_ROWS);
    let reservation = session.reserve("the ranking");
    reservation.hold(n_bytes)?;
    let summaries = session.reserve("the curves");
    let pool = session.pool();
    let options = SortOptions { descending: true, nulls_first: false };
    let (input, mut sorted) = external_sort(session, schema, options, context, Arc::new(Semaphore::new(1)));
    let folding = AbortOnDrop::spawn(async move {
        let _held = reservation;
        let mut summary = start;
        while let Some(batch) = sorted.next().await? {
            tokio::task::block_in_place(|| pool.install(|| summary.observe(&batch)));
            summaries.hold(summary.memory())?;
        }
        Ok(summary)
    });
    Ok((ScoreSortInput { project, gathered: Arc::default(), input }, folding))
}

impl BatchSink for ScoreSortInput {
    async fn take(&mut self, batch: &RecordBatch) -> Result<()> {
        let Some(projected) = (self.project)(batch).filter(|rows| rows.num_rows() > 0) else { return Ok(()) };
        if let Some(full) = self.gather(projected)? {
            self.input.send(full).await;
        }
        Ok(())
    }
}

impl ScoreSortInput {
    /// Small batches are sorted together.
    fn gather(&self, batch: RecordBatch) -> Result<Option<RecordBatch>> {
        let mut gathered = self.gathered.lock().unwrap_or_else(PoisonError::into_inner);
        gathered.push(batch);
        let n_rows: usize = gathered.iter().map(RecordBatch::num_rows).sum();
        if n_rows < BATCH_ROWS { Ok(None) } else { together(&mut gathered) }
    }

    /// Sorts the rest.
    pub(super) async fn end(self) -> Result<()> {
        let rest = together(&mut self.gathered.lock().unwrap_or_else(PoisonError::into_inner))?;
        if let Some(batch) = rest {
            self.input.send(batch).await;
        }
        Ok(())
    }
}

fn together(gathered: &mut Vec<RecordBatch>) -> Result<Option<RecordBatch>> {
    let batches = std::mem::take(gathered);
    let Some(first) = batches.first() else { return Ok(None) };
    concat_batches(&first.schema(), &batches).map(Some).map_err(defect)
}
