//! Pair sink: takes the pairs of one sort of the label join, one id after the other.

use std::sync::Arc;

use arrow::array::RecordBatch;

use super::external_sort::SortOutput;
use super::failure::defect;
use super::label_record::LabelRecord;
use super::overflow_records::OverflowRecords;
use super::session::Reservation;
use super::sort_coalescer::{SortCoalescer, shared};
use super::sort_record::{SortKey, SortRecord};
use crate::error::Result;
use crate::pairing::{self, AsOfPairing, DuplicatePolicy, JoinCounts, Role};

/// Takes the pairs of one sort.
pub(super) trait PairSink: Send + 'static {
    type Output: Send + 'static;
    /// Takes a capture and its label record, and counts the capture's rows.
    fn take(&mut self, capture: &SortRecord, label: &LabelRecord, pairs: &mut JoinCounts) -> Result<()>;
    /// Takes a capture that no label record serves.
    fn take_alone(&mut self, _capture: &SortRecord) -> Result<()> {
        Ok(())
    }
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

/// Which label records serve which captures.
pub(super) struct PairingRule {
    pub policy: DuplicatePolicy,
    /// Of every object of captures the place of its variant, where there are several: of an id that several variants
    /// captured only the captures of the first of them are paired, so that no label counts twice.
    pub variants: Option<Arc<[u32]>>,
}

/// Pairs all records that one sort gives.
pub(super) async fn pair_all<F: PairSink>(
    mut records: SortOutput,
    overflow: Arc<OverflowRecords>,
    rule: PairingRule,
    sink: F,
    reservation: Reservation,
) -> Result<Part<F::Output>> {
    let pairing = AsOfPairing::new(rule.policy);
    let pairs = JoinCounts::default();
    let mut ids = IdPairing { overflow, rule, pairing, pairs, id: None, variant: None, last_label: None, sink };
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
    rule: PairingRule,
    pairing: AsOfPairing<SortRecord, Arc<LabelRecord>>,
    pairs: JoinCounts,
    /// The hash of the present id.
    id: Option<[u8; 16]>,
    /// The place of the first variant that captured it; `None` where variants do not matter.
    variant: Option<u32>,
    /// Its label record that was seen last.
    last_label: Option<Arc<LabelRecord>>,
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
            if self.id.replace(key.id_hash).is_some_and(|id| id != key.id_hash) {
                (self.variant, self.last_label) = (None, None);
                self.end_id()?;
            }
            if key.place == pairing::VARIANT_PLACE {
                let variant = self.variant_of(&record);
                self.variant = self.variant.into_iter().chain(variant).min();
                continue;
            }
            let place = (record.role, record.object, record.line);
            match record.role {
                Role::Label => {
                    let label = Arc::new(LabelRecord::after(self.last_label.take(), record));
                    self.last_label = Some(label.clone());
                    self.pairing.label(label.record.time, label);
                }
                Role::Capture if self.variant.is_some() && self.variant_of(&record) != self.variant => {
                    if record.n_rows > 0 {
                        self.pairs.count_other_variant();
                        self.sink.take_alone(&record)?;
                    }
                }
                Role::Capture if record.n_rows == 0 => self.pairing.capture_outside_window(record.time),
                Role::Capture => {
                    if let Some((capture, label)) = self.pairing.capture(record.time, record) {
                        self.sink.take(&capture, &label, &mut self.pairs)?;
                    }
                    self.leave_unserved()?;
                }
            }
            if self.rule.policy == DuplicatePolicy::Error && self.pairing.has_repeated() {
                return Ok(Some(place));
            }
        }
        Ok(None)
    }

    /// The place of a capture's variant.
    fn variant_of(&self, capture: &SortRecord) -> Option<u32> {
        self.rule.variants.as_ref()?.get(capture.object as usize).copied()
    }

    /// Ends the present id.
    fn end_id(&mut self) -> Result<()> {
        if let Some((capture, label)) = self.pairing.end_id() {
            self.sink.take(&capture, &label, &mut self.pairs)?;
        }
        self.leave_unserved()
    }

    fn leave_unserved(&mut self) -> Result<()> {
        self.pairing.unserved().try_for_each(|capture| self.sink.take_alone(&capture))
    }

    /// Ends the last id.
    fn end(&mut self) -> Result<()> {
        self.end_id()?;
        let pairing = std::mem::replace(&mut self.pairing, AsOfPairing::new(self.rule.policy));
        let (_, pairs) = pairing.finish();
        self.pairs.merge(&pairs);
        self.pairs.use_labels_of_rows();
        self.sink.end()
    }
}
