//! Label join and fold: captures with the ground truth of their ids, folded as if merged before they were read.

use std::sync::{Arc, OnceLock};

use arrow::array::RecordBatch;
use futures::future::try_join;

use super::fold::{BatchSink, CLOSED_FACTOR};
use super::joined_rows::JoinedRows;
use super::label_join::{JoinInputs, LabelJoinOutput, label_join};
use super::label_record::LabelRecord;
use super::pair_sink::PairSink;
use super::score_sort::{ScoreSort, ScoreSortInput, start_sort};
use super::session::Session;
use super::sort_record::SortRecord;
use crate::error::Result;
use crate::pairing::JoinCounts;
use crate::summary::Summary;

/// One part in so many of the memory for sorting is for the score sort: its rows are small.
const SCORE_SORT_PART: usize = 8;

/// What came of a join.
#[derive(Debug)]
pub struct JoinOutput<C, L, S, P, K> {
    /// Folded over all batches of the captures.
    pub captures: C,
    /// Folded over all batches of the labels.
    pub labels: L,
    /// Folded over the joined rows.
    pub rows: S,
    /// Folded over the rows of captures that can be read in several ways, labelled or not, as they are read at last.
    pub open: P,
    /// Folded over the joined rows in the order of their scores.
    pub by_score: Option<K>,
    pub pairs: JoinCounts,
}

/// Joins both datasets and folds the joined rows: the first of `of_rows` makes the summary of a part of them, the second
/// that of captures that can be read in several ways, `starts` the ones that see every batch of captures and of labels
/// before the join. JoinOutput rows have the captures'
/// columns, and the label last; matched rows beyond their labels have none. Rows of one record stand
/// in one batch; which ids stand together depends on their hashes alone, so that the result depends
/// neither on the number of threads nor on the memory. What does not fit into memory goes to disk.
pub async fn join<C, L, S, P, K>(
    session: &Session,
    inputs: &JoinInputs,
    starts: (impl Fn() -> C, impl Fn() -> L),
    of_rows: (impl Fn() -> S, impl Fn() -> P),
    score_sort: Option<ScoreSort<K>>,
) -> Result<JoinOutput<C, L, S, P, K>>
where
    C: Summary<Input = RecordBatch> + Send + 'static,
    L: Summary<Input = RecordBatch> + Send + 'static,
    S: Summary<Input = RecordBatch> + Send + 'static,
    P: Summary<Input = RecordBatch> + Send + 'static,
    K: Summary<Input = RecordBatch> + Send + 'static,
{
    let n_bytes = session.memory_for_sorting();
    let for_scores = n_bytes / SCORE_SORT_PART;
    let (scores, by_score) = match score_sort {
        Some(sort) => start_sort(session, sort, for_scores).map(|(input, folded)| (Some(input), Some(folded)))?,
        None => (None, None),
    };
    let columns = Arc::new(OnceLock::new());
    let objects: Arc<[String]> = inputs.captures.names_in_order().into();
    let of_rows = &of_rows;
    let joining = async move {
        let (of_sinks, names) = (scores.clone(), columns.clone());
        let sink = move || FoldSink {
            rows: JoinedRows::new(names.clone(), objects.clone()),
            open: JoinedRows::new(names.clone(), objects.clone()),
            ready: Vec::new(),
            summary: of_rows.0(),
            of_open: of_rows.1(),
            scores: of_sinks.clone(),
            pool: session.pool(),
        };
        let paired = label_join((session, n_bytes - for_scores), inputs, starts, columns, sink).await?;
        if let Some(scores) = scores {
            scores.end().await?;
        }
        Ok(paired)
    };
    let sorting = async move {
        match by_score {
            Some(folded) => folded.join().await.map(Some),
            None => Ok(None),
        }
    };
    let (LabelJoinOutput { captures, labels, outputs, pairs }, by_score) = try_join(joining, sorting).await?;
    let reservation = session.reserve("the statistics of all joined rows");
    let (mut rows, mut open) = (of_rows.0(), of_rows.1());
    for (of_rows, of_open) in outputs {
        rows.merge(of_rows);
        open.merge(of_open);
    }
    reservation.hold(CLOSED_FACTOR * (rows.memory() + open.memory()))?;
    Ok(JoinOutput { captures, labels, rows, open, by_score, pairs })
}

/// Folds the joined rows of one sort, and sends them to the score sort.
struct FoldSink<S, P> {
    rows: JoinedRows,
    /// Those of captures that can be read in several ways.
    open: JoinedRows,
    /// Batches for the score sort.
    ready: Vec<RecordBatch>,
    summary: S,
    of_open: P,
    scores: Option<ScoreSortInput>,
    pool: Arc<rayon::ThreadPool>,
}

impl<S, P> PairSink for FoldSink<S, P>
where
    S: Summary<Input = RecordBatch> + Send + 'static,
    P: Summary<Input = RecordBatch> + Send + 'static,
{
    type Output = (S, P);

    fn take(&mut self, capture: &SortRecord, label: &LabelRecord, pairs: &mut JoinCounts) -> Result<()> {
        self.rows.push(capture, label, pairs)?;
        self.open.push_open(capture, Some(label))?;
        self.fold_full()
    }

    fn take_alone(&mut self, capture: &SortRecord) -> Result<()> {
        self.open.push_open(capture, None)?;
        self.fold_full()
    }

    fn end(&mut self) -> Result<()> {
        self.fold()
    }

    async fn flush(&mut self) -> Result<()> {
        let Some(scores) = &mut self.scores else { return Ok(()) };
        for batch in self.ready.drain(..) {
            scores.take(&batch).await?;
        }
        Ok(())
    }

    fn memory(&self) -> usize {
        self.summary.memory() + self.of_open.memory() + self.rows.memory() + self.open.memory()
    }

    fn finish(self) -> (S, P) {
        (self.summary, self.of_open)
    }
}

impl<S: Summary<Input = RecordBatch> + Send, P: Summary<Input = RecordBatch> + Send> FoldSink<S, P> {
    fn fold_full(&mut self) -> Result<()> {
        if self.rows.is_full() || self.open.is_full() { self.fold() } else { Ok(()) }
    }

    fn fold(&mut self) -> Result<()> {
        if let Some(batch) = self.open.take()? {
            let of_open = &mut self.of_open;
            self.pool.install(|| of_open.observe(&batch));
        }
        let Some(batch) = self.rows.take()? else { return Ok(()) };
        let summary = &mut self.summary;
        self.pool.install(|| summary.observe(&batch));
        if self.scores.is_some() {
            self.ready.push(batch);
        }
        Ok(())
    }
}
