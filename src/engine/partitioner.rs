//! Hash partition: sends captures and label records to the sorts by the hashes of their ids.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use arrow::array::RecordBatch;

use super::dataset::Dataset;
use super::external_sort::SortInput;
use super::failure::defect;
use super::fold::BatchSink;
use super::overflow_records::OverflowRecords;
use super::sort_coalescer::SortCoalescer;
use super::sort_record::{BatchCells, RecordRows, SortKey, hash_of};
use crate::decode::{Meta, outcome};
use crate::error::Result;
use crate::pairing::{self, DuplicatePolicy, JoinCounts, Role};

/// Sorts side by side. The number is fixed, since what is folded of each is merged in their order.
pub(super) const N_SORTS: usize = 8;

/// Records are gathered by the first byte of their ids' hashes, so that a sort gets them in groups that it
/// can sort one by one. The byte's remainder is the number of the sort.
const N_COALESCERS: usize = 256;

/// Partitions the records of all splits of both datasets.
pub(super) struct Partitioner {
    policy: DuplicatePolicy,
    coalescers: Vec<Mutex<SortCoalescer>>,
    sorts: Vec<SortInput>,
    overflow: Arc<OverflowRecords>,
    /// Names of the captures' columns but the id.
    columns: Arc<OnceLock<Vec<String>>>,
    n_captures_without_id: AtomicU64,
    n_labels_without_id: AtomicU64,
}

impl Partitioner {
    /// Sends into `inputs`, of which there are [`N_SORTS`].
    pub(super) fn new(
        policy: DuplicatePolicy,
        inputs: Vec<SortInput>,
        overflow: Arc<OverflowRecords>,
        columns: Arc<OnceLock<Vec<String>>>,
    ) -> Self {
        Self {
            policy,
            coalescers: (0..N_COALESCERS).map(|_| Mutex::default()).collect(),
            sorts: inputs,
            overflow,
            columns,
            n_captures_without_id: AtomicU64::new(0),
            n_labels_without_id: AtomicU64::new(0),
        }
    }

    /// Makes the partitioner of the split at an index of this dataset.
    pub(super) fn of_splits(
        self: &Arc<Self>,
        role: Role,
        dataset: &Dataset,
    ) -> impl Fn(usize) -> SplitPartitioner + use<> {
        let (partitioner, numbers) = (self.clone(), dataset.numbers_by_name());
        let tells_variants = role == Role::Capture && dataset.variants_by_number().is_some();
        let location = dataset.location().to_string();
        // The folders of the hour may be a part of the location.
        let hours: Vec<Option<i64>> =
            dataset.names().map(|name| pairing::hour_in(&format!("{location}/{name}"))).collect();
        move |index| SplitPartitioner {
            partitioner: partitioner.clone(),
            role,
            object: numbers[index],
            collected: hours[index],
            tells_variants,
            number: 0,
            record: Vec::new(),
        }
    }

    /// Sends what was gathered and ends the sorts' input.
    pub(super) async fn end(&self) -> Result<()> {
        for (coalescer, gathered) in self.coalescers.iter().enumerate() {
            let rest = gathered.lock().unwrap_or_else(PoisonError::into_inner).take()?;
            if let Some(batch) = rest {
                self.sorts[coalescer % N_SORTS].send(batch).await;
            }
        }
        Ok(())
    }

    /// Counts of the records that belong to no sort, since they carry no id.
    pub(super) fn without_id(&self) -> JoinCounts {
        let n_captures_without_id = self.n_captures_without_id.load(Ordering::Relaxed);
        let n_labels_without_id = self.n_labels_without_id.load(Ordering::Relaxed);
        JoinCounts {
            n_captures: n_captures_without_id,
            n_labels: n_labels_without_id,
            n_captures_without_id,
            n_labels_without_id,
            ..JoinCounts::default()
        }
    }
}

/// Partitions the records of one split.
pub(super) struct SplitPartitioner {
    partitioner: Arc<Partitioner>,
    role: Role,
    /// The object's number in the order of names.
    object: u32,
    /// The hour in which the object's label records were collected.
    collected: Option<i64>,
    /// Whether the captures of an id are told before its other records, since there are several variants.
    tells_variants: bool,
    /// The number of the next record.
    number: u64,
    record: Vec<u8>,
}

impl BatchSink for SplitPartitioner {
    async fn take(&mut self, batch: &RecordBatch) -> Result<()> {
        if batch.num_columns() <= Meta::WIDTH {
            return Ok(());
        }
        self.check_columns(batch)?;
        for (coalescer, full) in self.partition(batch)? {
            self.partitioner.sorts[coalescer % N_SORTS].send(full).await;
        }
        Ok(())
    }
}

impl SplitPartitioner {
    /// Captures have the same columns in every batch, label records have one and mostly other readings of it.
    fn check_columns(&self, batch: &RecordBatch) -> Result<()> {
        let fields = batch.schema_ref().fields().iter().skip(Meta::WIDTH);
        let mut names = fields.map(|field| field.name()).filter(|name| *name != outcome::ID);
        let is_right = match self.role {
            Role::Capture => {
                let names: Vec<String> = names.cloned().collect();
                self.partitioner.columns.get_or_init(|| names.clone()) == &names
            }
            Role::Label => names.next().is_some() && names.all(|name| name == outcome::OTHER_READINGS),
        };
        if is_right { Ok(()) } else { Err(defect("records that are to be joined have other columns than expected")) }
    }

    /// Gathers the batch's records; the batches that are full with them, each with the number of its coalescer.
    fn partition(&mut self, batch: &RecordBatch) -> Result<Vec<(usize, RecordBatch)>> {
        let cells = BatchCells::of(batch).ok_or_else(|| defect("a batch is not of the layout of outcomes"))?;
        let mut keyed = Vec::with_capacity(batch.num_rows());
        let mut n_without_id = 0;
        for record in cells.records() {
            let number = self.number;
            self.number += 1;
            // Under the other policies it does not matter when an id was captured.
            if record.n_rows == 0 && self.partitioner.policy != DuplicatePolicy::Nearest {
                continue;
            }
            match record.id() {
                Some(id) => {
                    let key = self.key(&record, id, number);
                    if self.tells_variants && record.n_rows > 0 {
                        let told = SortKey { place: pairing::VARIANT_PLACE, ..key };
                        keyed.push((told, RecordRows { n_rows: 0, ..record }));
                    }
                    keyed.push((key, record));
                }
                None => n_without_id += u64::from(record.n_rows > 0),
            }
        }
        // One coalescer after the other: it may have been used last on another processor, so that every change costs.
        let mut order: Vec<(u8, u32)> = (0..).zip(&keyed).map(|(place, (key, _))| (key.id_hash[0], place)).collect();
        order.sort_unstable();
        let mut full = Vec::new();
        for alike in order.chunk_by(|a, b| a.0 == b.0) {
            let coalescer = usize::from(alike[0].0);
            let mut gathered = self.partitioner.coalescers[coalescer].lock().unwrap_or_else(PoisonError::into_inner);
            for (_, place) in alike {
                let (key, record) = &keyed[*place as usize];
                let time = if self.role == Role::Capture { record.time() } else { self.collected };
                OverflowRecords::begin(&mut self.record);
                record.write(self.role, time, &mut self.record);
                self.partitioner.overflow.end(&mut self.record)?;
                full.extend(gathered.push(&key.to_bytes(), &self.record)?.map(|batch| (coalescer, batch)));
            }
        }
        let count = match self.role {
            Role::Capture => &self.partitioner.n_captures_without_id,
            Role::Label => &self.partitioner.n_labels_without_id,
        };
        count.fetch_add(n_without_id, Ordering::Relaxed);
        Ok(full)
    }

    fn key(&self, record: &RecordRows<'_>, id: &str, number: u64) -> SortKey {
        let hour = match self.role {
            Role::Capture => record.time().map(pairing::hour_of),
            Role::Label => self.collected,
        };
        let place = pairing::place(self.partitioner.policy, self.role, hour);
        SortKey { id_hash: hash_of(id), place, object: self.object, number }
    }
}
