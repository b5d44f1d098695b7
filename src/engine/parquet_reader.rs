//! Parquet reader: the row groups of an object in the store, each as batches or as what was lost.

use std::collections::VecDeque;
use std::ops::Range;
use std::sync::{Mutex, PoisonError};

use arrow::array::RecordBatch;
use bytes::Bytes;
use tokio::runtime::Handle;
use tokio::sync::OwnedSemaphorePermit;

use super::session::Reading;
use crate::decode::{
    self, Loss, LostRecords, ParquetFault, ParquetFile, ParquetSource, Reason, RowGroup, Settings, TextPart,
    UnreadableCells,
};

use crate::store::{Entry, OpenEntry};

/// One entry of a store, read by ranges from within a blocking section.
pub(super) struct EntryRanges {
    opened: Mutex<OpenEntry>,
    size: u64,
    runtime: Handle,
}

impl ParquetSource for EntryRanges {
    fn size(&self) -> u64 {
        self.size
    }

    fn read(&self, range: Range<u64>) -> Result<Bytes, String> {
        let expected = range.end.saturating_sub(range.start);
        let mut opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        let bytes = self.runtime.block_on(opened.read_range(range)).map_err(|error| error.to_string())?;
        let is_whole = bytes.len() as u64 == expected;
        is_whole.then_some(bytes).ok_or_else(|| "the file is shorter than it was listed".to_owned())
    }
}

/// A Parquet object that is read row group by row group.
pub(super) struct ParquetReader {
    name: String,
    file: ParquetFile<EntryRanges>,
    next_group: usize,
    group: Option<RowGroup>,
    /// One-based number of the first row of `group`, or of the next one.
    first_row: u64,
    /// Rows of the last batch that wait to be handed out, as they lie in the file.
    waiting: VecDeque<TextPart>,
    n_bytes_waiting: u64,
    unreadable: UnreadableCells,
    n_bytes: u64,
    n_bytes_lost: u64,
    #[expect(dead_code, reason = "held as long as the file is read")]
    memory: Option<OwnedSemaphorePermit>,
}

/// What comes of the next rows.
pub(super) struct Part {
    pub(super) batches: Vec<RecordBatch>,
    /// Bytes of the object that are done with.
    pub(super) n_bytes: u64,
}

impl ParquetReader {
    /// Opens an entry when there is memory for its pages.
    pub(super) async fn open(
        opened: OpenEntry,
        entry: &Entry,
        reading: &Reading,
        settings: &Settings,
    ) -> Result<Self, ParquetFault> {
        let name = entry.name.clone();
        let file = blocking(|| {
            let ranges = EntryRanges { opened: Mutex::new(opened), size: entry.size, runtime: Handle::current() };
            ParquetFile::open(ranges, reading.memory as u64, settings.max_record_bytes as u64)
        })?;
        let memory = reading.wait_for_memory(file.n_bytes_at_once()).await;
        Ok(Self {
            name,
            file,
            next_group: 0,
            group: None,
            first_row: 1,
            waiting: VecDeque::new(),
            n_bytes_waiting: 0,
            unreadable: UnreadableCells::default(),
            n_bytes: entry.size,
            n_bytes_lost: 0,
            memory,
        })
    }

    /// The next rows, or what was lost of them; `None` at the end. A fault costs the rest of its row group; it fails
    /// only where the memory limit, or the store, does not allow to read on.
    pub(super) fn next_part(&mut self, settings: &Settings) -> Result<Option<Part>, ParquetFault> {
        loop {
            if let Some(part) = self.waiting.pop_front() {
                return Ok(Some(self.hand_out(part, settings)));
            }
            let Some(mut group) = self.group.take().or_else(|| self.open_group()) else { return Ok(None) };
            let (n_left, n_bytes_left) = (group.n_left(), group.n_bytes_left());
            let first_row = self.first_row;
            match blocking(|| group.next_batch()) {
                Ok(None) => {}
                Ok(Some(batch)) => {
                    let n_bytes = n_bytes_left - group.n_bytes_left();
                    self.first_row += batch.num_rows() as u64;
                    self.group = Some(group);
                    if let Err(reason) = self.take_in(first_row, &batch, settings, n_bytes) {
                        let lost = self.unreadable_rows(first_row, reason, batch.num_rows() as u64, n_bytes);
                        return Ok(Some(Part { batches: vec![lost], n_bytes }));
                    }
                }
                Err(fault @ (ParquetFault::Memory { .. } | ParquetFault::Unread(_))) => return Err(fault),
                Err(fault) => {
                    self.first_row += n_left;
                    let object = self.name.escape_debug();
                    tracing::warn!(%object, row = first_row, rows = n_left, cause = %fault, "rows of a row group are lost");
                    let lost = self.lost(first_row, fault.reason(), n_left, n_bytes_left);
                    return Ok(Some(Part { batches: vec![lost], n_bytes: n_bytes_left }));
                }
            }
        }
    }

    fn open_group(&mut self) -> Option<RowGroup> {
        let index = self.next_group;
        self.next_group += 1;
        (index < self.file.n_row_groups()).then(|| self.file.row_group(index))
    }

    /// The events that tell of cells without a text and of bytes, once all rows were read.
    pub(super) fn events(&self) -> Vec<RecordBatch> {
        let mut events: Vec<RecordBatch> = decode::cells_unreadable(&self.name, &self.unreadable).collect();
        events.push(decode::read(&self.name, self.n_bytes - self.n_bytes_lost));
        events
    }

    /// Lets the rows of a batch wait.
    fn take_in(
        &mut self,
        first_row: u64,
        batch: &RecordBatch,
        settings: &Settings,
        n_bytes: u64,
    ) -> Result<(), Reason> {
        let (name, unreadable) = (&self.name, &mut self.unreadable);
        let parts = decode::guarded(|| {
            let cells = decode::cells_in_parts(name, first_row, batch, unreadable)?;
            let parts = cells.iter().flat_map(|cells| decode::text_parts(cells, settings.max_record_bytes));
            Ok(parts.collect::<VecDeque<TextPart>>())
        });
        self.waiting = parts.unwrap_or(Err(Reason::Corrupt))?;
        self.n_bytes_waiting = n_bytes;
        Ok(())
    }

    /// Rows as the job wants them; those that cannot be had are lost.
    fn hand_out(&mut self, part: TextPart, settings: &Settings) -> Part {
        let n_rows = part.n_rows() as u64;
        let n_waiting = n_rows + self.waiting.iter().map(|part| part.n_rows() as u64).sum::<u64>();
        let n_bytes = self.n_bytes_waiting * n_rows / n_waiting.max(1);
        self.n_bytes_waiting -= n_bytes;
        let batches = match part {
            TextPart::TooLong(line) => decode::rejected(&self.name, line, Reason::RecordTooLarge),
            TextPart::Rows(cells) => {
                let first_row = decode::Meta::of(&cells).map_or(0, |meta| meta.line.value(0));
                let shaped = || decode::outcome_cells(decode::compact(cells), &settings.rows);
                decode::guarded(shaped)
                    .unwrap_or_else(|_| vec![self.unreadable_rows(first_row, Reason::Corrupt, n_rows, n_bytes)])
            }
        };
        Part { batches, n_bytes }
    }

    /// Rows that were read and are of no use.
    fn unreadable_rows(&mut self, first_row: u64, reason: Reason, n_rows: u64, n_bytes: u64) -> RecordBatch {
        let (object, cause) = (self.name.escape_debug(), reason.text());
        tracing::warn!(%object, row = first_row, rows = n_rows, cause, "rows are not readable");
        self.lost(first_row, reason, n_rows, n_bytes)
    }

    /// Rows that the footer counts, and that could not be read. It may say that they take more bytes than there are.
    fn lost(&mut self, line: u64, reason: Reason, n_rows: u64, n_bytes: u64) -> RecordBatch {
        let n_bytes = n_bytes.min(self.n_bytes - self.n_bytes_lost);
        self.n_bytes_lost += n_bytes;
        decode::lost(
            &self.name,
            &Loss { reason, line, records: LostRecords::Known(n_rows), n_bytes, n_bytes_missing: 0 },
        )
    }
}

/// Runs what waits for the store or computes for long, off the asynchronous threads.
fn blocking<T>(run: impl FnOnce() -> T) -> T {
    tokio::task::block_in_place(run)
}
