//! Pair sink: takes the pairs of one sort of the label join, one id after the other.

use std::sync::Arc;

use arrow::array::RecordBatch;

use super::external_sort::SortOutput;
use super::failure::defect;
use super::overflow_records::OverflowRecords;
use super::session::Reservation;
use super::sort_coalescer::{SortCoalescer, shared};
use super::sort_record::{SortKey, SortRecord};
use crate::error::Result;
use crate::pairing::{AsOfPairing, DuplicatePolicy, JoinCounts, Role};

/// Takes the pairs of one sort.
pub(super) trait PairSink: Send + 'static {
    type Output: Send + 'static;
    /// Takes a capture and its label record, and counts the capture's rows.
    fn take(&mut self, capture: &SortRecord, label: &SortRecord, pairs: &mut JoinCounts) -> Result<()>;
    /// No pair will come any more.
    fn end(&mut self) -> Result<()>;
    /// Sends on what is ready.
    fn flush(&mut self) -> impl Future<Output = Result<()>> + Send;
    /// Bytes held.
    fn memory(&self) -> usize;
    fn finish(self) -> Self::Output;
}

/// What came of one sort.
pub(super) struct Part<O> {
    pub output: O,
    pub pairs: JoinCounts,
    /// The record whose id repeats although none may.
    pub repeated: Option<RecordPlace>,
    _reservation: Reservation,
}

/// Where a record stands: its role, the number of its object, its line.
type RecordPlace = (Role, u32, u64);

/// Pairs all records that one sort gives.
pub(super) async fn pair_all<F: PairSink>(
    mut records: SortOutput,
    overflow: Arc<OverflowRecords>,
    policy: DuplicatePolicy,
    sink: F,
    reservation: Reservation,
) -> Result<Part<F::Output>> {
    let mut ids =
        IdPairing { overflow, policy, pairing: AsOfPairing::new(policy), pairs: JoinCounts::default(), id: None, sink };
    let mut repeated = None;
    while let Some(batch) = records.next().await? {
        repeated = tokio::task::block_in_place(|| ids.take(&batch))?;
        ids.sink.flush().await?;
        reservation.hold(ids.sink.memory())?;
        if repeated.is_some() {
            break;
        }
    }
    tokio::task::block_in_place(|| ids.end())?;
    ids.sink.flush().await?;
    Ok(Part { output: ids.sink.finish(), pairs: ids.pairs, repeated, _reservation: reservation })
}

/// Pairs the records of one id after the other.
struct IdPairing<F> {
    overflow: Arc<OverflowRecords>,
    policy: DuplicatePolicy,
    pairing: AsOfPairing<SortRecord, SortRecord>,
    pairs: JoinCounts,
    /// The hash of the present id.
    id: Option<[u8; 16]>,
    sink: F,
}

impl<F: PairSink> IdPairing<F> {
    /// Takes a batch of sorted records; gives the record whose id repeats although none may.
    fn take(&mut self, batch: &RecordBatch) -> Result<Option<RecordPlace>> {
        let (keys, records) = SortCoalescer::columns(batch)?;
        for row in 0..batch.num_rows() {
            let key = SortKey::from_bytes(keys.value(row)).ok_or_else(|| defect("what was sorted has no key"))?;
            let bytes = self.overflow.fetch(shared(records, row))?;
            let record = SortRecord::read(key, bytes).ok_or_else(|| defect("what was sorted is no record"))?;
            if self.id.replace(key.id_hash).is_some_and(|id| id != key.id_hash)
                && let Some((capture, label)) = self.pairing.end_id()
            {
                self.sink.take(&capture, &label, &mut self.pairs)?;
            }
            let place = (record.role, record.object, record.line);
            match record.role {
                Role::Label => self.pairing.label(record.time, record),
                Role::Capture if record.n_rows == 0 => self.pairing.capture_outside_window(record.time),
                Role::Capture => {
                    if let Some((capture, label)) = self.pairing.capture(record.time, record) {
                        self.sink.take(&capture, &label, &mut self.pairs)?;
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
        let pairing = std::mem::replace(&mut self.pairing, AsOfPairing::new(self.policy));
        let (last, pairs) = pairing.finish();
        if let Some((capture, label)) = last {
            self.sink.take(&capture, &label, &mut self.pairs)?;
        }
        self.pairs.merge(&pairs);
        self.sink.end()
    }
}
