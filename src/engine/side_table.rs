//! Side table: a small dataset with further columns for the rows of the main one, read into memory.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use arrow::array::{Array, RecordBatch};

use super::dataset::Dataset;
use super::fold::fold;
use super::places::Places;
use super::session::{Reservation, Session};
use super::sort_record::hash_of;
use crate::decode::{Meta, OBJECT, outcome};
use crate::error::Error;
use crate::summary::Summary;

/// By what rows of the main dataset are joined with those of a side table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum JoinKey {
    /// By the cell `id`. No two rows of the side table may share one; several rows of the main dataset may.
    #[default]
    Id,
    /// By their places, in datasets of one file each. What is rejected, or lost, has a place, too.
    Position,
}

/// The join key of a side table, and what is kept of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SideTableSpec {
    pub key: JoinKey,
    /// Columns as its batches call them, and as those of the main dataset are to.
    pub columns: Vec<(String, String)>,
}

/// Why a dataset is no side table.
#[derive(Debug)]
pub enum SideTableFault {
    /// It could not be read, or does not fit into memory.
    Failed(Error),
    /// More than one row has the same id: where the second one of an object stands, else the dataset.
    IdRepeats { place: String },
    /// No row has a column that is to be kept.
    ColumnMissing { place: String, column: String },
}

impl From<Error> for SideTableFault {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

/// Bytes of an id's hash.
type IdHash = [u8; 16];
/// Bits of a word in which rows are marked.
const WORD: usize = 64;

/// A side table, read. Its cells are dictionary-encoded: each text is kept once, however many rows hold it.
pub struct SideTable {
    spec: SideTableSpec,
    rows: EncodedRows,
    /// A bit for each row that was joined with a row of the main dataset.
    used: Vec<AtomicU64>,
    #[expect(dead_code, reason = "held as long as the rows")]
    reservation: Reservation,
}

impl SideTable {
    /// Reads a dataset whose rows have the cell `id` and those to be kept; `start` makes the summary that sees
    /// every batch of a part of it. It has to fit into memory.
    pub async fn read<L>(
        session: &Session,
        dataset: Arc<Dataset>,
        spec: SideTableSpec,
        start: impl Fn() -> L,
    ) -> Result<(L, Self), SideTableFault>
    where
        L: Summary<Input = RecordBatch> + Send + 'static,
    {
        let spec_here = Arc::new(spec.clone());
        let location = dataset.location().to_string();
        let (seen, reading) = fold(session, dataset, || (start(), Reading::new(spec_here.clone()))).await?;
        if reading.is_repeated {
            let place = reading.repeated_at.map(|(object, line)| format!("{object}, line {line}"));
            return Err(SideTableFault::IdRepeats { place: place.unwrap_or(location) });
        }
        let rows = reading.rows;
        if let Some(column) = rows.columns.iter().zip(&spec.columns).find(|(is_there, _)| !**is_there) {
            let name = outcome::feature_of(&column.1.0).unwrap_or(&column.1.0).to_owned();
            return Err(SideTableFault::ColumnMissing { place: location, column: name });
        }
        let reservation = session.reserve("a dataset that is joined in memory");
        reservation.hold(rows.memory() + rows.n / 8)?;
        let used = (0..rows.n.div_ceil(WORD)).map(|_| AtomicU64::new(0)).collect();
        Ok((seen, Self { spec, rows, used, reservation }))
    }

    /// Rows that can be joined, those without an id included.
    pub fn n_rows(&self) -> u64 {
        self.rows.n as u64 - self.rows.n_rejected
    }

    pub fn places(&self) -> Places {
        self.rows.places
    }

    /// Rows that carry no id, where one is needed.
    pub fn n_without_id(&self) -> u64 {
        self.rows.n_without_id
    }

    /// Rows that were joined so far.
    pub fn n_used(&self) -> u64 {
        self.used.iter().map(|word| u64::from(word.load(Ordering::Relaxed).count_ones())).sum()
    }

    pub(super) fn key(&self) -> JoinKey {
        self.spec.key
    }

    /// Names of the columns that it adds.
    pub(super) fn columns(&self) -> impl Iterator<Item = &str> {
        self.spec.columns.iter().map(|(_, name)| name.as_str())
    }

    /// The row with this id.
    pub(super) fn of_id(&self, id: &str) -> Option<usize> {
        self.rows.ids.get(&hash_of(id)).copied()
    }

    /// The row at this place, from 0; none where it was rejected or lost.
    pub(super) fn at(&self, place: u64) -> Option<usize> {
        self.rows.at(place)
    }

    pub(super) fn mark(&self, row: usize) {
        if let Some(word) = self.used.get(row / WORD) {
            word.fetch_or(1 << (row % WORD), Ordering::Relaxed);
        }
    }

    /// The cell of a row in the column at this place among those it adds.
    pub(super) fn cell(&self, row: usize, column: usize) -> Option<&str> {
        self.rows.cell(row, column)
    }
}

/// Code of a cell without a text.
const NONE: u32 = 0;
/// Code of the cells of what was rejected.
const REJECTED: u32 = u32::MAX;

/// Dictionary-encoded rows: a code for each cell, a text for each code.
#[derive(Default)]
struct EncodedRows {
    n: usize,
    /// Where they stand, what was lost included.
    places: Places,
    /// The first place behind each part that was lost, and the row that stands there.
    first_rows: Vec<(u64, usize)>,
    n_rejected: u64,
    n_without_id: u64,
    ids: HashMap<IdHash, usize>,
    /// Whether a column was seen.
    columns: Vec<bool>,
    /// Row by row: one more than the place of the cell's text.
    codes: Vec<u32>,
    texts: Vec<Arc<str>>,
    texts_at: HashMap<Arc<str>, u32>,
    n_text_bytes: usize,
}

impl EncodedRows {
    /// The code of a text. There is no room in memory for as many texts as there are codes.
    fn code(&mut self, text: Option<&str>) -> u32 {
        let Some(text) = text else { return NONE };
        if let Some(place) = self.texts_at.get(text) {
            return place + 1;
        }
        let (place, text) = (self.texts.len() as u32, Arc::<str>::from(text));
        self.n_text_bytes += text.len();
        self.texts_at.insert(text.clone(), place);
        self.texts.push(text);
        place + 1
    }

    /// The row at a place; none where it was rejected or lost.
    fn at(&self, place: u64) -> Option<usize> {
        let stretch = self.first_rows.partition_point(|(first_place, _)| *first_place <= place);
        let (first_place, first_row) = stretch.checked_sub(1).map_or((0, 0), |stretch| self.first_rows[stretch]);
        let row = first_row + usize::try_from(place - first_place).ok()?;
        let end = self.first_rows.get(stretch).map_or(self.n, |(_, next_row)| *next_row);
        (row < end && !self.is_rejected(row)).then_some(row)
    }

    fn is_rejected(&self, row: usize) -> bool {
        self.codes.get(row * self.columns.len()) == Some(&REJECTED)
    }

    /// Leaves as many places free as rows were lost.
    fn observe_loss(&mut self, event: &RecordBatch) {
        let n_places = self.places.n();
        self.places.observe_event(event);
        if self.places.n() > n_places {
            self.first_rows.push((self.places.n(), self.n));
        }
    }

    fn cell(&self, row: usize, column: usize) -> Option<&str> {
        let code = self.codes.get(row * self.columns.len() + column)?.checked_sub(1)?;
        self.texts.get(code as usize).map(|text| &**text)
    }

    fn memory(&self) -> usize {
        let of_ids = self.ids.capacity() * (size_of::<IdHash>() + size_of::<usize>() + 1);
        let of_texts = self.texts.len() * 6 * size_of::<usize>() + self.n_text_bytes;
        let of_places = self.first_rows.capacity() * size_of::<(u64, usize)>();
        of_ids + of_texts + of_places + self.codes.capacity() * size_of::<u32>()
    }
}

/// A side table that is being read.
#[derive(Default)]
struct Reading {
    spec: Arc<SideTableSpec>,
    rows: EncodedRows,
    is_repeated: bool,
    /// Object and line of the first row whose id was in its object before.
    repeated_at: Option<(String, u64)>,
}

impl Reading {
    fn new(spec: Arc<SideTableSpec>) -> Self {
        let rows = EncodedRows { columns: vec![false; spec.columns.len()], ..EncodedRows::default() };
        Self { spec, rows, ..Self::default() }
    }

    /// Takes the row's id in.
    fn identify(&mut self, id: Option<&str>, place: impl Fn() -> (String, u64)) {
        let Some(id) = id.filter(|id| !id.is_empty()) else {
            self.rows.n_without_id += 1;
            return;
        };
        let row = self.rows.n;
        if *self.rows.ids.entry(hash_of(id)).or_insert(row) != row {
            self.is_repeated = true;
            self.repeated_at.get_or_insert_with(place);
        }
    }
}

impl Summary for Reading {
    type Input = RecordBatch;
    type Output = ();

    fn observe(&mut self, batch: &RecordBatch) {
        if batch.num_rows() == 0 {
            return self.rows.observe_loss(batch);
        }
        let Some(meta) = Meta::of(batch) else { return };
        self.rows.places.observe_rows(&meta);
        let ids = outcome::cells_of(batch, outcome::ID);
        let spec = self.spec.clone();
        let columns: Vec<_> = spec.columns.iter().map(|(name, _)| outcome::cells_of(batch, name)).collect();
        for (is_there, cells) in self.rows.columns.iter_mut().zip(&columns) {
            *is_there |= cells.is_some();
        }
        let object = || batch.schema_ref().metadata().get(OBJECT).cloned().unwrap_or_default();
        for row in 0..batch.num_rows() {
            let is_rejected = meta.reason.is_valid(row);
            if is_rejected && spec.key == JoinKey::Id {
                continue;
            }
            if spec.key == JoinKey::Id {
                let id = ids.filter(|ids| ids.is_valid(row)).map(|ids| ids.value(row));
                self.identify(id, || (object(), meta.line.value(row)));
            }
            self.rows.n_rejected += u64::from(is_rejected);
            for cells in &columns {
                let text = cells.filter(|cells| cells.is_valid(row)).map(|cells| cells.value(row));
                let code = if is_rejected { REJECTED } else { self.rows.code(text) };
                self.rows.codes.push(code);
            }
            self.rows.n += 1;
        }
    }

    fn merge(&mut self, other: Self) {
        let theirs = other.rows;
        if self.rows.columns.is_empty() {
            self.rows.columns = vec![false; theirs.columns.len()];
        }
        for (mine, theirs) in self.rows.columns.iter_mut().zip(&theirs.columns) {
            *mine |= theirs;
        }
        let codes: Vec<u32> = theirs.texts.iter().map(|text| self.rows.code(Some(text))).collect();
        let moved = |code: u32| match code {
            NONE | REJECTED => code,
            place => codes.get(place as usize - 1).copied().unwrap_or(NONE),
        };
        self.rows.codes.extend(theirs.codes.into_iter().map(moved));
        let (n, n_places) = (self.rows.n, self.rows.places.n());
        let behind = |(place, row): (u64, usize)| (n_places.saturating_add(place), n + row);
        self.rows.first_rows.extend(theirs.first_rows.into_iter().map(behind));
        self.rows.places.merge(&theirs.places);
        for (id, row) in theirs.ids {
            self.is_repeated |= *self.rows.ids.entry(id).or_insert(n + row) != n + row;
        }
        self.is_repeated |= other.is_repeated;
        self.repeated_at = self.repeated_at.take().or(other.repeated_at);
        self.rows.n += theirs.n;
        self.rows.n_rejected += theirs.n_rejected;
        self.rows.n_without_id += theirs.n_without_id;
    }

    fn finish(self) {}

    fn memory(&self) -> usize {
        self.rows.memory()
    }
}
