//! Rows in the order of a number, the highest first: what exact curves and areas are made of.

use std::sync::{Arc, Mutex, PoisonError};

use arrow::array::RecordBatch;
use arrow::compute::{SortOptions, concat_batches};
use arrow::datatypes::SchemaRef;
use tokio::sync::Semaphore;

use super::dataset::Dataset;
use super::failure::defect;
use super::fold::{Onward, fold, fold_and_pass};
use super::session::Session;
use super::sorted::{Feed, sorted};
use super::task::AbortOnDrop;
use crate::error::Result;
use crate::summary::Summary;

/// Rows of a batch that is sorted, and of one that is folded.
const BATCH_ROWS: usize = 8_192;

/// What of each batch is ranked.
type Project = dyn Fn(&RecordBatch) -> Option<RecordBatch> + Send + Sync;

/// What is to be ranked, and folded in that order.
pub struct Ranking<K> {
    /// The columns that are ranked: first the number, of type `Float64`, never null and never NaN;
    /// then, all of fixed width and few bytes, what is to be known of each row.
    pub schema: SchemaRef,
    /// What of a batch is ranked, in batches of that schema; `None` where it has no such rows.
    pub project: Arc<Project>,
    /// Folds the ranked rows, the highest first. The order among equal numbers, and where a batch
    /// ends, are not defined: what comes out of it must not depend on them.
    pub start: K,
}

/// Folds the dataset as [`fold`] does, and ranks its rows on the way.
pub async fn fold_ranked<S, K>(
    session: &Session,
    dataset: Arc<Dataset>,
    start: impl Fn() -> S,
    ranking: Option<Ranking<K>>,
) -> Result<(S, Option<K>)>
where
    S: Summary<Input = RecordBatch> + Send + 'static,
    K: Summary<Input = RecordBatch> + Send + 'static,
{
    let Some(ranking) = ranking else { return Ok((fold(session, dataset, start).await?, None)) };
    let (rank, ranked) = rank(session, ranking, session.memory_for_sorting())?;
    let folding = async move {
        let total = fold_and_pass(session, dataset, start, |_| rank.clone()).await?;
        rank.end().await?;
        Ok(total)
    };
    let (total, ranked) = futures::future::try_join(folding, ranked.join()).await?;
    Ok((total, Some(ranked)))
}

/// The way into a ranking. The ranking ends when all ways are dropped.
#[derive(Clone)]
pub(super) struct Rank {
    project: Arc<Project>,
    gathered: Arc<Mutex<Vec<RecordBatch>>>,
    feed: Feed,
}

/// Starts a ranking in `n_bytes` of memory: the way into it, and what comes of it.
pub(super) fn rank<K>(session: &Session, ranking: Ranking<K>, n_bytes: usize) -> Result<(Rank, AbortOnDrop<K>)>
where
    K: Summary<Input = RecordBatch> + Send + 'static,
{
    let Ranking { schema, project, start } = ranking;
    let context = session.sort_context(n_bytes, BATCH_ROWS);
    let account = session.reserve("the ranking");
    account.hold(n_bytes)?;
    let summaries = session.reserve("the curves");
    let pool = session.pool();
    let options = SortOptions { descending: true, nulls_first: false };
    let (feed, mut sorted) = sorted(session, schema, options, context, Arc::new(Semaphore::new(1)));
    let ranked = AbortOnDrop::spawn(async move {
        let _held = account;
        let mut summary = start;
        while let Some(batch) = sorted.next().await? {
            tokio::task::block_in_place(|| pool.install(|| summary.observe(&batch)));
            summaries.hold(summary.memory())?;
        }
        Ok(summary)
    });
    Ok((Rank { project, gathered: Arc::default(), feed }, ranked))
}

impl Onward for Rank {
    async fn pass(&mut self, batch: &RecordBatch) -> Result<()> {
        let Some(projected) = (self.project)(batch).filter(|rows| rows.num_rows() > 0) else { return Ok(()) };
        if let Some(full) = self.gather(projected)? {
            self.feed.send(full).await;
        }
        Ok(())
    }
}

impl Rank {
    /// Small batches are sorted together.
    fn gather(&self, batch: RecordBatch) -> Result<Option<RecordBatch>> {
        let mut gathered = self.gathered.lock().unwrap_or_else(PoisonError::into_inner);
        gathered.push(batch);
        let n_rows: usize = gathered.iter().map(RecordBatch::num_rows).sum();
        if n_rows < BATCH_ROWS { Ok(None) } else { together(&mut gathered) }
    }

    /// Ranks the rest.
    pub(super) async fn end(self) -> Result<()> {
        let rest = together(&mut self.gathered.lock().unwrap_or_else(PoisonError::into_inner))?;
        if let Some(batch) = rest {
            self.feed.send(batch).await;
        }
        Ok(())
    }
}

fn together(gathered: &mut Vec<RecordBatch>) -> Result<Option<RecordBatch>> {
    let batches = std::mem::take(gathered);
    let Some(first) = batches.first() else { return Ok(None) };
    concat_batches(&first.schema(), &batches).map(Some).map_err(defect)
}
