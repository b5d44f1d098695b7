//! Pairs captures with ground truth: both sides are read, sorted by their ids, and paired id by id.

use std::sync::{Arc, OnceLock};

use arrow::array::RecordBatch;
use arrow::compute::SortOptions;
use futures::future::{try_join, try_join_all};
use tokio::sync::Semaphore;

use super::aside::Aside;
use super::dataset::Dataset;
use super::fold::fold_and_pass;
use super::hopper::Hopper;
use super::intake::{Intake, N_SORTS};
use super::outflow::{Outflow, pair_all};
use super::session::Session;
use super::sorted::sorted;
use super::task::AbortOnDrop;
use crate::error::{self, Error, Result};
use crate::pairing::{DuplicatePolicy, Pairs, Role};
use crate::summary::Summary;

/// Rows of a batch that a sort gives. Every part that a sort wrote to disk needs a batch in memory
/// when it is read back, so that many parts need small batches.
pub(super) const BATCH_ROWS: usize = 256;

/// What is to be joined.
#[derive(Clone, Debug)]
pub struct Sides {
    /// Decoded as rows with the cells `id` and others.
    pub captures: Arc<Dataset>,
    /// Decoded as rows with the cells `id` and one other.
    pub labels: Arc<Dataset>,
    pub policy: DuplicatePolicy,
}

/// What came of both sides and their pairs.
pub(super) struct Paired<C, L, O> {
    pub captures: C,
    pub labels: L,
    /// One of each sort, in the order of the sorts.
    pub outputs: Vec<O>,
    pub pairs: Pairs,
}

/// Names of a dataset's objects, in their order.
pub(super) fn names_in_order(dataset: &Dataset) -> Vec<String> {
    let mut names: Vec<String> = dataset.names().map(str::to_owned).collect();
    names.sort_unstable();
    names
}

/// Pairs both sides, in `n_bytes` of memory for sorting. `outflow` says where the pairs of one sort go; `columns` is where the names of the
/// captures' columns go, without the id's.
pub(super) async fn pair<C, L, F>(
    (session, n_bytes): (&Session, usize),
    sides: &Sides,
    (start_captures, start_labels): (impl Fn() -> C, impl Fn() -> L),
    columns: Arc<OnceLock<Vec<String>>>,
    outflow: impl Fn() -> F,
) -> Result<Paired<C, L, F::Output>>
where
    C: Summary<Input = RecordBatch> + Send + 'static,
    L: Summary<Input = RecordBatch> + Send + 'static,
    F: Outflow,
{
    let account = session.reserve("the join");
    account.hold(n_bytes)?;
    let aside = Arc::new(Aside::new(session.context()));
    let turns = Arc::new(Semaphore::new(session.n_threads()));
    let (mut feeds, mut tasks) = (Vec::new(), Vec::new());
    for _ in 0..N_SORTS {
        let context = session.sort_context(n_bytes / N_SORTS, BATCH_ROWS);
        let (feed, sorted) = sorted(session, Hopper::schema(), SortOptions::default(), context, turns.clone());
        let account = session.reserve("the joined rows");
        feeds.push(feed);
        tasks.push(AbortOnDrop::spawn(pair_all(sorted, aside.clone(), sides.policy, outflow(), account)));
    }
    drop(outflow);
    let intake = Arc::new(Intake::new(sides.policy, feeds, aside, columns));
    let feeding = async move {
        let (captures, labels) = (&sides.captures, &sides.labels);
        let ways = intake.ways(Role::Capture, captures);
        let captures = fold_and_pass(session, captures.clone(), start_captures, ways).await?;
        let ways = intake.ways(Role::Label, labels);
        let labels = fold_and_pass(session, labels.clone(), start_labels, ways).await?;
        intake.end().await?;
        Ok((captures, labels, intake.without_id()))
    };
    let pairing = try_join_all(tasks.into_iter().map(AbortOnDrop::join));
    let ((captures, labels, mut pairs), parts) = try_join(feeding, pairing).await?;
    if let Some((role, object, line)) = parts.iter().find_map(|part| part.repeated) {
        return Err(repeated(sides, role, object, line));
    }
    parts.iter().for_each(|part| pairs.merge(&part.pairs));
    let outputs = parts.into_iter().map(|part| part.output).collect();
    Ok(Paired { captures, labels, outputs, pairs })
}

fn repeated(sides: &Sides, role: Role, object: u32, line: u64) -> Error {
    let (dataset, what) = match role {
        Role::Capture => (&sides.captures, "captured before"),
        Role::Label => (&sides.labels, "labelled before"),
    };
    let name = names_in_order(dataset).into_iter().nth(object as usize).unwrap_or_default();
    Error::new(&error::DUPLICATE_IDS, format!("{name}, line {line}"), format!("the record's id was {what}"))
}
