//! Label join and merge: captured records with their ground truth, as lines in the folders of their hours.

use std::sync::{Arc, OnceLock};

use arrow::array::RecordBatch;
use arrow::compute::SortOptions;
use futures::future::try_join;
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;

use super::abort_on_drop::AbortOnDrop;
use super::external_sort::{SortInput, SortOutput, external_sort};
use super::failure::defect;
use super::label_join::{BATCH_ROWS, JoinInputs, LabelJoinOutput, label_join};
use super::label_record::LabelRecord;
use super::overflow_records::OverflowRecords;
use super::pair_sink::PairSink;
use super::session::Session;
use super::sort_coalescer::{SortCoalescer, shared};
use super::sort_record::SortRecord;
use crate::decode::Window;
use crate::error::{self, Error, Result};
use crate::names::merged;
use crate::pairing::{self, JoinCounts};
use crate::store::{Location, Spool, SpoolGuard};
use crate::summary::Summary;

/// Bytes from which on a folder's lines go on in a further file.
const FILE_BYTES: u64 = 128 << 20;
/// Most files of one merge: what is known of each stays in memory until all are written.
const MAX_FILES: u64 = 1 << 18;
/// One part in so many of the memory for sorting is for the lines, once they are made.
const LINES_PART: usize = 3;
/// Ends a folder's name in a key; no name holds it.
const END_OF_FOLDER: u8 = 0;

/// What came of a merge.
pub struct Merged<C, L> {
    /// Folded over all batches of the captures.
    pub captures: C,
    /// Folded over all batches of the labels.
    pub labels: L,
    pub pairs: JoinCounts,
    pub files: MergedFiles,
}

/// Merged records on their way: nothing is seen of them before they are kept; dropping them removes them.
pub struct MergedFiles {
    files: Files,
    _guard: SpoolGuard,
}

impl MergedFiles {
    pub fn n_records(&self) -> u64 {
        self.files.n_records
    }

    /// Gives every file its name, and says how many there are. On disk all appear or none does.
    pub async fn keep(self) -> Result<u64> {
        self.files.spool.commit().await
    }
}

/// Writes every captured record that has ground truth below `output`, in the folders that its object
/// lies in. Folders without an hour get that of the record, `yyyy/mm/dd/hh`. Both are decoded as
/// records ([`crate::decode::outcome::RECORD`]). A folder's records keep the order in which they were
/// captured: by object, then by line. The same input gives files of the same names and bytes.
pub async fn merge<C, L>(
    session: &Session,
    inputs: &JoinInputs,
    starts: (impl Fn() -> C, impl Fn() -> L),
    output: &Location,
) -> Result<Merged<C, L>>
where
    C: Summary<Input = RecordBatch> + Send + 'static,
    L: Summary<Input = RecordBatch> + Send + 'static,
{
    let n_bytes = session.memory_for_sorting();
    let for_lines = n_bytes / LINES_PART;
    let reservation = session.reserve("the merged records");
    reservation.hold(for_lines)?;
    let context = session.sort_context(for_lines, BATCH_ROWS);
    let (input, sorted) =
        external_sort(session, SortCoalescer::schema(), SortOptions::default(), context, Arc::new(Semaphore::new(1)));
    let overflow = Arc::new(OverflowRecords::new(session.context()));
    let spool = Spool::open(output).await?;
    // A merge that is dropped leaves nothing behind, even while a task of its own still writes.
    let guard = spool.guard();
    let files = Files::new(spool, identity(inputs));
    let writing = AbortOnDrop::spawn(write(sorted, overflow.clone(), files));
    let folders: Arc<[Folder]> = inputs.captures.names_in_order().iter().map(|name| Folder::of(name)).collect();
    let sink = move || LineSink {
        folders: folders.clone(),
        overflow: overflow.clone(),
        input: input.clone(),
        coalescer: SortCoalescer::default(),
        ready: Vec::new(),
        key: Vec::new(),
        record: Vec::new(),
    };
    let pairing = label_join((session, n_bytes - for_lines), inputs, starts, Arc::new(OnceLock::new()), sink);
    let (LabelJoinOutput { captures, labels, pairs, .. }, files) = try_join(pairing, writing.join()).await?;
    Ok(Merged { captures, labels, pairs, files: MergedFiles { files, _guard: guard } })
}

/// A name for what is merged, in the form of a UUID (RFC 9562, 2024, version 8): the same for the same
/// captures and window, so that merging again, when more labels have come, replaces what was merged before.
fn identity(inputs: &JoinInputs) -> String {
    let captures = inputs.captures.manifest().sha256;
    let Window { start, end } = inputs.captures.settings.window;
    // Windows that share an hour write to one folder.
    let window = if start.or(end).is_some() { format!("\n{start:?}\n{end:?}") } else { String::new() };
    let hash = Sha256::digest(format!("{captures}{window}"));
    let mut digits: Vec<char> =
        hash.iter().flat_map(|byte| format!("{byte:02x}").chars().collect::<Vec<_>>()).collect();
    digits[12] = '8';
    digits[16] = 'a';
    let digits: String = digits.into_iter().collect();
    format!("{}-{}-{}-{}-{}", &digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..32])
}

/// The folder that an object lies in.
struct Folder {
    path: String,
    has_hour: bool,
}

impl Folder {
    fn of(object: &str) -> Self {
        let folders = object.rsplit_once('/').map_or("", |(folders, _)| folders);
        let plain = |folder: &str| folder.replace(char::is_control, "_");
        let parts: Vec<String> = folders.split('/').filter(|part| !part.is_empty()).map(plain).collect();
        Self { path: parts.join("/"), has_hour: pairing::hour_in(object).is_some() }
    }

    /// The folder that a record of the object goes to.
    fn at(&self, time: Option<i64>) -> String {
        let hour = time.filter(|_| !self.has_hour).and_then(pairing::folder_of_time);
        match hour {
            Some(hour) if self.path.is_empty() => hour,
            Some(hour) => format!("{}/{hour}", self.path),
            None => self.path.clone(),
        }
    }
}

/// Makes lines of the pairs of one sort, and sorts them as they were captured.
struct LineSink {
    /// Of the captures' objects, in the order of names.
    folders: Arc<[Folder]>,
    overflow: Arc<OverflowRecords>,
    input: SortInput,
    coalescer: SortCoalescer,
    ready: Vec<RecordBatch>,
    key: Vec<u8>,
    record: Vec<u8>,
}

impl PairSink for LineSink {
    type Output = ();

    fn take(&mut self, capture: &SortRecord, label: &LabelRecord, pairs: &mut JoinCounts) -> Result<()> {
        let (Some(Some(captured)), Some(Some(labelled))) = (capture.cells().next(), label.record.cells().next()) else {
            return Err(defect("a record cannot be read after it was sorted"));
        };
        // What rows are in the texts is not looked at.
        pairs.count_rows(1, 1, 1);
        let folder = self.folders.get(capture.object as usize).map(|folder| folder.at(capture.time));
        self.key.clear();
        self.key.extend_from_slice(folder.unwrap_or_default().as_bytes());
        self.key.push(END_OF_FOLDER);
        self.key.extend_from_slice(&capture.object.to_be_bytes());
        self.key.extend_from_slice(&capture.number.to_be_bytes());
        OverflowRecords::begin(&mut self.record);
        for part in [merged::BEFORE_LABEL, labelled, ",", captured, "\n"] {
            self.record.extend_from_slice(part.as_bytes());
        }
        self.overflow.end(&mut self.record)?;
        self.ready.extend(self.coalescer.push(&self.key, &self.record)?);
        Ok(())
    }

    fn end(&mut self) -> Result<()> {
        self.ready.extend(self.coalescer.take()?);
        Ok(())
    }

    async fn flush(&mut self) -> Result<()> {
        for batch in self.ready.drain(..) {
            self.input.send(batch).await;
        }
        Ok(())
    }

    fn memory(&self) -> usize {
        self.record.capacity()
    }

    fn finish(self) {}
}

/// Writes what the sort gives.
async fn write(mut sorted: SortOutput, overflow: Arc<OverflowRecords>, mut files: Files) -> Result<Files> {
    while let Some(batch) = sorted.next().await? {
        tokio::task::block_in_place(|| files.append(&batch, &overflow))?;
    }
    Ok(files)
}

/// The files in the making.
struct Files {
    spool: Spool,
    identity: String,
    /// The folder of the present file.
    folder: Option<Vec<u8>>,
    /// The number of the present file in its folder.
    part: u32,
    /// Bytes in the present file.
    n_bytes: u64,
    n_records: u64,
    n_files: u64,
}

impl Files {
    fn new(spool: Spool, identity: String) -> Self {
        Self { spool, identity, folder: None, part: 0, n_bytes: 0, n_records: 0, n_files: 0 }
    }

    fn append(&mut self, batch: &RecordBatch, overflow: &OverflowRecords) -> Result<()> {
        let (keys, records) = SortCoalescer::columns(batch)?;
        for row in 0..batch.num_rows() {
            let folder = keys.value(row).split(|byte| *byte == END_OF_FOLDER).next().unwrap_or_default();
            let line = overflow.fetch(shared(records, row))?;
            self.turn_to(folder, line.len() as u64)?;
            self.spool.append(&line)?;
            self.n_bytes += line.len() as u64;
            self.n_records += 1;
        }
        Ok(())
    }

    /// Begins a file where the present one is another folder's, or full.
    fn turn_to(&mut self, folder: &[u8], n_bytes: u64) -> Result<()> {
        if self.folder.as_deref() != Some(folder) {
            self.folder = Some(folder.to_vec());
            self.part = 0;
        } else if self.n_bytes > 0 && self.n_bytes + n_bytes > FILE_BYTES {
            self.part += 1;
        } else {
            return Ok(());
        }
        self.n_bytes = 0;
        self.n_files += 1;
        if self.n_files > MAX_FILES {
            let cause = format!("the records belong into more than {MAX_FILES} files, one for each hour and folder");
            return Err(Error::new(&error::OUTPUT_UNWRITABLE, self.spool.location().to_string(), cause));
        }
        let name = format!("{}{:05}-{}{}", merged::FILE_BEGINNING, self.part, self.identity, merged::FILE_ENDING);
        let folder = String::from_utf8_lossy(folder);
        self.spool.begin(&if folder.is_empty() { name } else { format!("{folder}/{name}") })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_go_to_their_objects_folder_and_get_an_hour_where_it_has_none() {
        let time = Some(27 * pairing::HOUR + 5);
        let cases = [
            ("end/all/2021/05/06/22/a.jsonl", time, "end/all/2021/05/06/22"),
            ("end/a.jsonl", time, "end/1970/01/02/03"),
            ("a.jsonl", time, "1970/01/02/03"),
            ("a.jsonl", None, ""),
            ("end//x/a.jsonl", None, "end/x"),
            ("e\0d/a.jsonl", None, "e_d"),
        ];
        for (object, time, expected) in cases {
            assert_eq!(Folder::of(object).at(time), expected, "{object:?}");
        }
    }
}
