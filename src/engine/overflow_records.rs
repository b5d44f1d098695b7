//! Overflow records: those too long to be sorted wait in a file, and only their places there are sorted.
//!
//! A sort moves its rows several times and holds hundreds of them in memory, and a record may be 32 MiB long.

use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::sync::{Arc, Mutex, PoisonError};

use arrow::buffer::Buffer;
use datafusion_execution::TaskContext;
use datafusion_execution::spill_file::SpillFile;

use super::failure::{defect, failure, spill_failure};
use crate::error::Result;

/// Longest record in bytes that is sorted itself.
const MAX_INLINE: usize = 8 << 10;
/// First byte of a record that is sorted itself.
const INLINE: u8 = 0;
/// First byte of a place in the file.
const IN_FILE: u8 = 1;

/// Writes long records to a file of their own, and reads them back.
pub(super) struct OverflowRecords {
    context: Arc<TaskContext>,
    file: Mutex<Option<Opened>>,
}

struct Opened {
    file: File,
    len: u64,
    /// Removes the file when dropped.
    _guard: Arc<dyn SpillFile>,
}

impl OverflowRecords {
    pub(super) fn new(context: Arc<TaskContext>) -> Self {
        Self { context, file: Mutex::default() }
    }

    /// Begins a record in an empty buffer.
    pub(super) fn begin(bytes: &mut Vec<u8>) {
        bytes.clear();
        bytes.push(INLINE);
    }

    /// Ends a record that was appended behind its beginning: what is left in the buffer is to be sorted.
    pub(super) fn end(&self, bytes: &mut Vec<u8>) -> Result<()> {
        if bytes.len() <= MAX_INLINE {
            return Ok(());
        }
        let (offset, len) = self.append(&bytes[1..])?;
        // Many such buffers are in use; none of them stays as large as the longest record.
        bytes.clear();
        bytes.shrink_to(MAX_INLINE);
        bytes.push(IN_FILE);
        bytes.extend_from_slice(&offset.to_le_bytes());
        bytes.extend_from_slice(&len.to_le_bytes());
        Ok(())
    }

    fn append(&self, record: &[u8]) -> Result<(u64, u64)> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        let opened = match &mut *file {
            Some(opened) => opened,
            None => file.insert(self.open()?),
        };
        let place = (opened.len, record.len() as u64);
        opened.file.seek(SeekFrom::Start(place.0)).map_err(|error| spill_failure(&error))?;
        opened.file.write_all(record).map_err(|error| spill_failure(&error))?;
        opened.len += place.1;
        Ok(place)
    }

    fn open(&self) -> Result<Opened> {
        let runtime = self.context.runtime_env();
        let guard = runtime.disk_manager.create_tmp_file("long records").map_err(failure)?;
        let path = guard.path().ok_or_else(|| defect("a temporary file without a path"))?;
        let file = OpenOptions::new().read(true).write(true).open(path).map_err(|error| spill_failure(&error))?;
        Ok(Opened { file, len: 0, _guard: guard })
    }

    /// The record that was sorted as `bytes`.
    pub(super) fn fetch(&self, mut bytes: Buffer) -> Result<Buffer> {
        let unreadable = || defect("what was sorted is no record");
        if bytes.first() == Some(&INLINE) {
            bytes.advance(1);
            return Ok(bytes);
        }
        match bytes.split_first() {
            Some((&IN_FILE, place)) => {
                let (offset, len) = place.split_first_chunk().ok_or_else(unreadable)?;
                let len = len.try_into().map_err(|_| unreadable())?;
                self.read(u64::from_le_bytes(*offset), u64::from_le_bytes(len))
            }
            _ => Err(unreadable()),
        }
    }

    fn read(&self, offset: u64, len: u64) -> Result<Buffer> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        let opened = file.as_mut().filter(|opened| offset.saturating_add(len) <= opened.len);
        let opened = opened.ok_or_else(|| defect("a long record that was not written"))?;
        let mut record = vec![0; usize::try_from(len).map_err(defect)?];
        opened.file.seek(SeekFrom::Start(offset)).map_err(|error| spill_failure(&error))?;
        opened.file.read_exact(&mut record).map_err(|error| spill_failure(&error))?;
        Ok(Buffer::from_vec(record))
    }
}
