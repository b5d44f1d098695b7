//! Captures with the ground truth of their id, folded as if they had been merged before.

use std::sync::{Arc, OnceLock};

use arrow::array::RecordBatch;
use futures::future::try_join;

use super::fold::{CLOSED_FACTOR, Onward};
use super::joined::JoinedRows;
use super::outflow::Outflow;
use super::pairs::{Paired, Sides, names_in_order, pair};
use super::ranking::{Rank, Ranking, rank};
use super::record::Record;
use super::session::Session;
use crate::error::Result;
use crate::pairing::Pairs;
use crate::summary::Summary;

/// One part in so many of the memory for sorting is for the ranking: its rows are small.
const RANKING_PART: usize = 8;

/// What came of a join.
#[derive(Debug)]
pub struct Joined<C, L, S, K> {
    /// Folded over all batches of the captures.
    pub captures: C,
    /// Folded over all batches of the labels.
    pub labels: L,
    /// Folded over the joined rows.
    pub rows: S,
    /// Folded over the ranked rows.
    pub ranked: Option<K>,
    pub pairs: Pairs,
}

/// Joins both sides and folds the joined rows: `start` makes the summary of a part of them, `starts` the
/// ones that see every batch of captures and of labels before the join. Joined rows have the captures'
/// columns, and the label last; matched rows beyond their labels have none. Rows of one record stand
/// in one batch; which ids stand together depends on their hashes alone, so that the result depends
/// neither on the number of threads nor on the memory. What does not fit into memory goes to disk.
pub async fn join<C, L, S, K>(
    session: &Session,
    sides: &Sides,
    starts: (impl Fn() -> C, impl Fn() -> L),
    start: impl Fn() -> S,
    ranking: Option<Ranking<K>>,
) -> Result<Joined<C, L, S, K>>
where
    C: Summary<Input = RecordBatch> + Send + 'static,
    L: Summary<Input = RecordBatch> + Send + 'static,
    S: Summary<Input = RecordBatch> + Send + 'static,
    K: Summary<Input = RecordBatch> + Send + 'static,
{
    let n_bytes = session.memory_for_sorting();
    let for_ranking = n_bytes / RANKING_PART;
    let (way, ranked) = match ranking {
        Some(ranking) => rank(session, ranking, for_ranking).map(|(way, ranked)| (Some(way), Some(ranked)))?,
        None => (None, None),
    };
    let columns = Arc::new(OnceLock::new());
    let objects: Arc<[String]> = names_in_order(&sides.captures).into();
    let start = &start;
    let joining = async move {
        let (rank, names) = (way.clone(), columns.clone());
        let folding = move || Folding {
            rows: JoinedRows::new(names.clone(), objects.clone()),
            ready: Vec::new(),
            summary: start(),
            rank: rank.clone(),
            pool: session.pool(),
        };
        let paired = pair((session, n_bytes - for_ranking), sides, starts, columns, folding).await?;
        if let Some(last_way) = way {
            last_way.end().await?;
        }
        Ok(paired)
    };
    let ranking = async move {
        match ranked {
            Some(ranked) => ranked.join().await.map(Some),
            None => Ok(None),
        }
    };
    let (Paired { captures, labels, outputs, pairs }, ranked) = try_join(joining, ranking).await?;
    let account = session.reserve("the statistics of all joined rows");
    let mut rows = start();
    outputs.into_iter().for_each(|part| rows.merge(part));
    account.hold(CLOSED_FACTOR * rows.memory())?;
    Ok(Joined { captures, labels, rows, ranked, pairs })
}

/// Folds the joined rows of one sort, and ranks them.
struct Folding<S> {
    rows: JoinedRows,
    /// Batches that are to be ranked.
    ready: Vec<RecordBatch>,
    summary: S,
    rank: Option<Rank>,
    pool: Arc<rayon::ThreadPool>,
}

impl<S: Summary<Input = RecordBatch> + Send + 'static> Outflow for Folding<S> {
    type Output = S;

    fn take(&mut self, capture: &Record, label: &Record, pairs: &mut Pairs) -> Result<()> {
        self.rows.push(capture, label, pairs)?;
        if self.rows.is_full() { self.fold() } else { Ok(()) }
    }

    fn end(&mut self) -> Result<()> {
        self.fold()
    }

    async fn hand_on(&mut self) -> Result<()> {
        let Some(rank) = &mut self.rank else { return Ok(()) };
        for batch in self.ready.drain(..) {
            rank.pass(&batch).await?;
        }
        Ok(())
    }

    fn memory(&self) -> usize {
        self.summary.memory() + self.rows.memory()
    }

    fn finish(self) -> S {
        self.summary
    }
}

impl<S: Summary<Input = RecordBatch> + Send> Folding<S> {
    fn fold(&mut self) -> Result<()> {
        let Some(batch) = self.rows.take()? else { return Ok(()) };
        let summary = &mut self.summary;
        self.pool.install(|| summary.observe(&batch));
        if self.rank.is_some() {
            self.ready.push(batch);
        }
        Ok(())
    }
}
