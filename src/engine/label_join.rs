//! As-of join of captures with ground truth: both are scanned, hash-partitioned by id, sorted externally, and
//! paired id by id.
//!
//! No join of DataFusion does this. A label record is found by its time among those of its id, and by a policy
//! where there are several ([`crate::pairing`]); a capture gets one at most, so that no row multiplies; every
//! record is counted, used or not, for the ledger. An equi-join gives none of these.

use std::sync::{Arc, OnceLock};

use arrow::array::RecordBatch;
use arrow::compute::SortOptions;
use futures::future::{try_join, try_join_all};
use tokio::sync::Semaphore;

use super::abort_on_drop::AbortOnDrop;
use super::dataset::Dataset;
use super::external_sort::external_sort;
use super::fold::fold_into;
use super::overflow_records::OverflowRecords;
use super::pair_sink::{PairSink, PairingRule, pair_all};
use super::partitioner::{N_SORTS, Partitioner};
use super::session::Session;
use super::sort_coalescer::SortCoalescer;
use crate::error::{self, Error, Result};
use crate::pairing::{DuplicatePolicy, JoinCounts, Role};
use crate::summary::Summary;

/// Rows of a batch that a sort gives. Every part that a sort wrote to disk needs a batch in memory
/// when it is read back, so that many parts need small batches.
pub(super) const BATCH_ROWS: usize = 256;

/// The datasets that are joined, and how.
#[derive(Clone, Debug)]
pub struct JoinInputs {
    /// Decoded as rows with the cells `id` and others.
    pub captures: Arc<Dataset>,
    /// Decoded as rows with the cells `id` and one other.
    pub labels: Arc<Dataset>,
    pub policy: DuplicatePolicy,
}

/// What came of both datasets and their pairs.
pub(super) struct LabelJoinOutput<C, L, O> {
    pub captures: C,
    pub labels: L,
    /// One of each sort, in the order of the sorts.
    pub outputs: Vec<O>,
    pub pairs: JoinCounts,
}

/// Pairs both datasets, in `n_bytes` of memory for sorting. `sink` makes what takes the pairs of one sort;
/// `columns` is where the names of the captures' columns go, without the id's.
pub(super) async fn label_join<C, L, F>(
    (session, n_bytes): (&Session, usize),
    inputs: &JoinInputs,
    (start_captures, start_labels): (impl Fn() -> C, impl Fn() -> L),
    columns: Arc<OnceLock<Vec<String>>>,
    sink: impl Fn() -> F,
) -> Result<LabelJoinOutput<C, L, F::Output>>
where
    C: Summary<Input = RecordBatch> + Send + 'static,
    L: Summary<Input = RecordBatch> + Send + 'static,
    F: PairSink,
{
    let reservation = session.reserve("the join");
    reservation.hold(n_bytes)?;
    let overflow = Arc::new(OverflowRecords::new(session.context()));
    let turns = Arc::new(Semaphore::new(session.n_threads()));
    let variants = inputs.captures.variants_by_number();
    let (mut sort_inputs, mut tasks) = (Vec::new(), Vec::new());
    for _ in 0..N_SORTS {
        let context = session.sort_context(n_bytes / N_SORTS, BATCH_ROWS);
        let (input, output) =
            external_sort(session, SortCoalescer::schema(), SortOptions::default(), context, turns.clone());
        let reservation = session.reserve("the joined rows");
        sort_inputs.push(input);
        let rule = PairingRule { policy: inputs.policy, variants: variants.clone() };
        tasks.push(AbortOnDrop::spawn(pair_all(output, overflow.clone(), rule, sink(), reservation)));
    }
    drop(sink);
    let partitioner = Arc::new(Partitioner::new(inputs.policy, sort_inputs, overflow, columns));
    let scanning = async move {
        let (captures, labels) = (&inputs.captures, &inputs.labels);
        let sinks = partitioner.of_splits(Role::Capture, captures);
        let captures = fold_into(session, captures.clone(), start_captures, sinks).await?;
        let sinks = partitioner.of_splits(Role::Label, labels);
        let labels = fold_into(session, labels.clone(), start_labels, sinks).await?;
        partitioner.end().await?;
        Ok((captures, labels, partitioner.without_id()))
    };
    let pairing = try_join_all(tasks.into_iter().map(AbortOnDrop::join));
    let ((captures, labels, mut pairs), parts) = try_join(scanning, pairing).await?;
    if let Some((role, object, line)) = parts.iter().find_map(|part| part.repeated) {
        return Err(repeated(inputs, role, object, line));
    }
    parts.iter().for_each(|part| pairs.merge(&part.pairs));
    let outputs = parts.into_iter().map(|part| part.output).collect();
    Ok(LabelJoinOutput { captures, labels, outputs, pairs })
}

fn repeated(inputs: &JoinInputs, role: Role, object: u32, line: u64) -> Error {
    let (dataset, what) = match role {
        Role::Capture => (&inputs.captures, "captured before"),
        Role::Label => (&inputs.labels, "labelled before"),
    };
    let name = dataset.names_in_order().into_iter().nth(object as usize).unwrap_or_default();
    Error::new(&error::DUPLICATE_IDS, format!("{name}, line {line}"), format!("the record's id was {what}"))
}
