//! What comes out of the join's sorts: one id after the other, paired, and handed on.

use std::sync::Arc;

use arrow::array::RecordBatch;

use super::aside::Aside;
use super::failure::defect;
use super::hopper::{Hopper, shared};
use super::record::{Key, Record};
use super::session::Account;
use super::sorted::Sorted;
use crate::error::Result;
use crate::pairing::{DuplicatePolicy, Pairing, Pairs, Role};

/// Where the pairs of one sort go.
pub(super) trait Outflow: Send + 'static {
    type Output: Send + 'static;
    /// Takes a capture and its label record, and counts the capture's rows.
    fn take(&mut self, capture: &Record, label: &Record, pairs: &mut Pairs) -> Result<()>;
    /// No pair will come any more.
    fn end(&mut self) -> Result<()>;
    /// Hands on what is ready.
    fn hand_on(&mut self) -> impl Future<Output = Result<()>> + Send;
    /// Bytes held.
    fn memory(&self) -> usize;
    fn finish(self) -> Self::Output;
}

/// One sort's ids, all paired.
pub(super) struct Part<O> {
    pub output: O,
    pub pairs: Pairs,
    /// Where an id repeats although none may: the record's role, its object's number, its line.
    pub repeated: Option<Place>,
    _account: Account,
}

type Place = (Role, u32, u64);

/// Pairs all that one sort gives.
pub(super) async fn pair_all<F: Outflow>(
    mut sorted: Sorted,
    aside: Arc<Aside>,
    policy: DuplicatePolicy,
    outflow: F,
    account: Account,
) -> Result<Part<F::Output>> {
    let mut ids = Ids { aside, policy, pairing: Pairing::new(policy), pairs: Pairs::default(), id: None, outflow };
    let mut repeated = None;
    while let Some(batch) = sorted.next().await? {
        repeated = tokio::task::block_in_place(|| ids.take(&batch))?;
        ids.outflow.hand_on().await?;
        account.hold(ids.outflow.memory())?;
        if repeated.is_some() {
            break;
        }
    }
    tokio::task::block_in_place(|| ids.end())?;
    ids.outflow.hand_on().await?;
    Ok(Part { output: ids.outflow.finish(), pairs: ids.pairs, repeated, _account: account })
}

struct Ids<F> {
    aside: Arc<Aside>,
    policy: DuplicatePolicy,
    pairing: Pairing<Record, Record>,
    pairs: Pairs,
    /// The hash of the present id.
    id: Option<[u8; 16]>,
    outflow: F,
}

impl<F: Outflow> Ids<F> {
    /// Takes a batch of sorted records; where an id repeats although none may, if it does.
    fn take(&mut self, batch: &RecordBatch) -> Result<Option<Place>> {
        let (keys, records) = Hopper::columns(batch)?;
        for row in 0..batch.num_rows() {
            let key = Key::from_bytes(keys.value(row)).ok_or_else(|| defect("what was sorted has no key"))?;
            let bytes = self.aside.fetch(shared(records, row))?;
            let record = Record::read(key, bytes).ok_or_else(|| defect("what was sorted is no record"))?;
            if self.id.replace(key.id_hash).is_some_and(|id| id != key.id_hash)
                && let Some((capture, label)) = self.pairing.end_id()
            {
                self.outflow.take(&capture, &label, &mut self.pairs)?;
            }
            let place = (record.role, record.object, record.line);
            match record.role {
                Role::Label => self.pairing.label(record.time, record),
                Role::Capture if record.n_rows == 0 => self.pairing.bystander(record.time),
                Role::Capture => {
                    if let Some((capture, label)) = self.pairing.capture(record.time, record) {
                        self.outflow.take(&capture, &label, &mut self.pairs)?;
                    }
                }
            }
            if self.policy == DuplicatePolicy::Error && self.pairing.has_repeated() {
                return Ok(Some(place));
            }
        }
        Ok(None)
    }

    /// Ends the last id.
    fn end(&mut self) -> Result<()> {
        let pairing = std::mem::replace(&mut self.pairing, Pairing::new(self.policy));
        let (last, pairs) = pairing.finish();
        if let Some((capture, label)) = last {
            self.outflow.take(&capture, &label, &mut self.pairs)?;
        }
        self.pairs.merge(&pairs);
        self.outflow.end()
    }
}
