//! The way of captures and label records into the join: each to the sort that its id belongs to.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use arrow::array::RecordBatch;

use super::aside::Aside;
use super::dataset::Dataset;
use super::failure::defect;
use super::fold::Onward;
use super::hopper::Hopper;
use super::record::{BatchCells, Key, RecordRows, hash_of};
use super::sorted::Feed;
use crate::decode::{Meta, outcome};
use crate::error::Result;
use crate::pairing::{self, DuplicatePolicy, Pairs, Role};

/// Sorts side by side. The number is fixed, since what is folded of each is merged in their order.
pub(super) const N_SORTS: usize = 8;

/// Records are gathered by the first byte of their ids' hashes. What a sort gets then comes in parts that
/// it can sort one by one. The byte's remainder tells the sort.
const N_HOPPERS: usize = 256;

/// What the ways of all splits share.
pub(super) struct Intake {
    policy: DuplicatePolicy,
    hoppers: Vec<Mutex<Hopper>>,
    sorts: Vec<Feed>,
    aside: Arc<Aside>,
    /// Names of the captures' columns but the id.
    columns: Arc<OnceLock<Vec<String>>>,
    n_captures_without_id: AtomicU64,
    n_labels_without_id: AtomicU64,
}

impl Intake {
    /// The ways lead into `feeds`, of which there are [`N_SORTS`].
    pub(super) fn new(
        policy: DuplicatePolicy,
        feeds: Vec<Feed>,
        aside: Arc<Aside>,
        columns: Arc<OnceLock<Vec<String>>>,
    ) -> Self {
        Self {
            policy,
            hoppers: (0..N_HOPPERS).map(|_| Mutex::default()).collect(),
            sorts: feeds,
            aside,
            columns,
            n_captures_without_id: AtomicU64::new(0),
            n_labels_without_id: AtomicU64::new(0),
        }
    }

    /// The way of the split at `index`, for every split of a dataset.
    pub(super) fn ways(self: &Arc<Self>, role: Role, dataset: &Dataset) -> impl Fn(usize) -> Way + use<> {
        let (intake, ranks) = (self.clone(), dataset.ranks());
        let location = dataset.location().to_string();
        // The folders of the hour may be a part of the location.
        let hours: Vec<Option<i64>> =
            dataset.names().map(|name| pairing::hour_in(&format!("{location}/{name}"))).collect();
        move |index| Way {
            intake: intake.clone(),
            role,
            object: ranks[index],
            collected: hours[index],
            number: 0,
            record: Vec::new(),
        }
    }

    /// Sends what was gathered and ends the sorts' input.
    pub(super) async fn end(&self) -> Result<()> {
        for (hopper, gathered) in self.hoppers.iter().enumerate() {
            let rest = gathered.lock().unwrap_or_else(PoisonError::into_inner).take()?;
            if let Some(batch) = rest {
                self.sorts[hopper % N_SORTS].send(batch).await;
            }
        }
        Ok(())
    }

    /// The account of what went no way: records without an id.
    pub(super) fn without_id(&self) -> Pairs {
        let n_captures_without_id = self.n_captures_without_id.load(Ordering::Relaxed);
        let n_labels_without_id = self.n_labels_without_id.load(Ordering::Relaxed);
        Pairs {
            n_captures: n_captures_without_id,
            n_labels: n_labels_without_id,
            n_captures_without_id,
            n_labels_without_id,
            ..Pairs::default()
        }
    }
}

/// The way of one split's records.
pub(super) struct Way {
    intake: Arc<Intake>,
    role: Role,
    /// The object's number in the order of names.
    object: u32,
    /// The hour in which the object's label records were collected.
    collected: Option<i64>,
    /// The number of the next record.
    number: u64,
    record: Vec<u8>,
}

impl Onward for Way {
    async fn pass(&mut self, batch: &RecordBatch) -> Result<()> {
        if batch.num_columns() <= Meta::WIDTH {
            return Ok(());
        }
        self.check_columns(batch)?;
        for (hopper, full) in self.sort_in(batch)? {
            self.intake.sorts[hopper % N_SORTS].send(full).await;
        }
        Ok(())
    }
}

impl Way {
    /// Captures have the same columns in every batch, label records have one.
    fn check_columns(&self, batch: &RecordBatch) -> Result<()> {
        let fields = batch.schema_ref().fields().iter().skip(Meta::WIDTH);
        let mut names = fields.map(|field| field.name()).filter(|name| *name != outcome::ID);
        let is_right = match self.role {
            Role::Capture => {
                let names: Vec<String> = names.cloned().collect();
                self.intake.columns.get_or_init(|| names.clone()) == &names
            }
            Role::Label => names.next().is_some() && names.next().is_none(),
        };
        if is_right { Ok(()) } else { Err(defect("records that are to be joined have other columns than expected")) }
    }

    /// Takes the batch's records; the batches that are full with them, each with its hopper.
    fn sort_in(&mut self, batch: &RecordBatch) -> Result<Vec<(usize, RecordBatch)>> {
        let cells = BatchCells::of(batch).ok_or_else(|| defect("a batch is not of the layout of outcomes"))?;
        let mut keyed = Vec::with_capacity(batch.num_rows());
        let mut n_without_id = 0;
        for record in cells.records() {
            let number = self.number;
            self.number += 1;
            // Under the other policies it does not matter when an id was captured.
            if record.n_rows == 0 && self.intake.policy != DuplicatePolicy::Nearest {
                continue;
            }
            match record.id() {
                Some(id) => keyed.push((self.key(&record, id, number), record)),
                None => n_without_id += u64::from(record.n_rows > 0),
            }
        }
        // One hopper after the other, since whoever used it last may have been on another processor.
        let mut order: Vec<(u8, u32)> = (0..).zip(&keyed).map(|(place, (key, _))| (key.id_hash[0], place)).collect();
        order.sort_unstable();
        let mut full = Vec::new();
        for alike in order.chunk_by(|a, b| a.0 == b.0) {
            let hopper = usize::from(alike[0].0);
            let mut gathered = self.intake.hoppers[hopper].lock().unwrap_or_else(PoisonError::into_inner);
            for (_, place) in alike {
                let (key, record) = &keyed[*place as usize];
                let time = if self.role == Role::Capture { record.time() } else { self.collected };
                Aside::begin(&mut self.record);
                record.write(self.role, time, &mut self.record);
                self.intake.aside.end(&mut self.record)?;
                full.extend(gathered.push(&key.to_bytes(), &self.record)?.map(|batch| (hopper, batch)));
            }
        }
        let count = match self.role {
            Role::Capture => &self.intake.n_captures_without_id,
            Role::Label => &self.intake.n_labels_without_id,
        };
        count.fetch_add(n_without_id, Ordering::Relaxed);
        Ok(full)
    }

    fn key(&self, record: &RecordRows<'_>, id: &str, number: u64) -> Key {
        let hour = match self.role {
            Role::Capture => record.time().map(pairing::hour_of),
            Role::Label => self.collected,
        };
        let place = pairing::place(self.intake.policy, self.role, hour);
        Key { id_hash: hash_of(id), place, object: self.object, number }
    }
}
