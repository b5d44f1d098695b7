//! Reads of local files through one descriptor each, off the asynchronous threads.

use std::fs::{self, File};
use std::io;
use std::ops::Range;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use futures::StreamExt;
use tokio::sync::mpsc;
use tokio::time::Instant;

use super::failure::{is_without_descriptor, message};
use crate::store::entry::ByteStream;
use crate::store::patience::{DESCRIPTOR_PAUSE, DESCRIPTOR_WAIT};
use crate::store::read_error::ReadError;

/// Bytes in one block of the stream.
const BLOCK: usize = 1 << 20;
/// Blocks read before they are asked for.
const READ_AHEAD: usize = 2;

/// An opened file. Another one that takes its name meanwhile is not seen.
#[derive(Clone, Debug)]
pub struct OpenFile {
    file: Arc<File>,
    /// In bytes, as of the listing; of a file that was not listed, as of its opening.
    size: u64,
    /// Whether so many bytes are wanted, and no others.
    is_listed: bool,
}

impl OpenFile {
    /// Opens a regular file that was listed with so many bytes; a shorter one is refused. Where no descriptor is
    /// free, others are waited for to give theirs back.
    pub async fn open(path: &Path, listed: Option<u64>) -> Result<Self, ReadError> {
        let deadline = Instant::now() + DESCRIPTOR_WAIT;
        loop {
            let path: PathBuf = path.to_path_buf();
            match tokio::task::spawn_blocking(move || open(&path)).await.map_err(io::Error::from)? {
                Err(Unopened::Other(error)) => return Err(error),
                Err(Unopened::NoDescriptor(error)) if Instant::now() >= deadline => {
                    return Err(ReadError::Failed(format!("{}, after {DESCRIPTOR_WAIT:?}", message(&error))));
                }
                Err(Unopened::NoDescriptor(_)) => tokio::time::sleep(DESCRIPTOR_PAUSE).await,
                Ok((_, found)) if listed.is_some_and(|listed| found < listed) => return Err(shorter()),
                Ok((file, found)) => {
                    let (size, is_listed) = (listed.unwrap_or(found), listed.is_some());
                    return Ok(Self { file: Arc::new(file), size, is_listed });
                }
            }
        }
    }

    /// The bytes of the file, [`BLOCK`] by [`BLOCK`]. One blocking thread reads; it stops when the stream is dropped.
    pub fn stream(self) -> ByteStream {
        let (sender, receiver) = mpsc::channel(READ_AHEAD);
        tokio::task::spawn_blocking(move || {
            let mut offset = 0;
            loop {
                let block = self.next_block(offset);
                let n_read = block.as_ref().map_or(0, Bytes::len);
                if matches!(&block, Ok(bytes) if bytes.is_empty()) {
                    return;
                }
                if sender.blocking_send(block).is_err() || n_read == 0 {
                    return;
                }
                offset += n_read as u64;
            }
        });
        let blocks = futures::stream::unfold(receiver, |mut receiver| async {
            receiver.recv().await.map(|block| (block, receiver))
        });
        blocks.boxed()
    }

    /// The bytes in `range`; fewer if what was listed ends before.
    pub async fn read_range(&self, range: Range<u64>) -> Result<Bytes, ReadError> {
        let end = range.end.min(self.size);
        if range.start >= end {
            return Ok(Bytes::new());
        }
        let file = self.clone();
        tokio::task::spawn_blocking(move || file.read(range.start, end)).await.map_err(io::Error::from)?
    }

    /// The next bytes of the stream; none at its end.
    fn next_block(&self, offset: u64) -> Result<Bytes, ReadError> {
        let block = BLOCK as u64;
        if self.is_listed {
            return self.read(offset, self.size.min(offset + block));
        }
        let expected = self.size.saturating_sub(offset).saturating_add(1).min(block);
        let mut bytes = vec![0; usize::try_from(expected).unwrap_or(BLOCK)];
        let n_read = read_at(&self.file, &mut bytes, offset)?;
        bytes.truncate(n_read);
        Ok(bytes.into())
    }

    /// All bytes from `start` up to `end`.
    fn read(&self, start: u64, end: u64) -> Result<Bytes, ReadError> {
        let length = usize::try_from(end.saturating_sub(start));
        let mut bytes = vec![0; length.map_err(|_| ReadError::Failed("too long".to_string()))?];
        if read_at(&self.file, &mut bytes, start)? < bytes.len() {
            return Err(shorter());
        }
        Ok(bytes.into())
    }
}

/// Fills `bytes` from `offset` on; how many there are, fewer only at the end of the file.
fn read_at(file: &File, bytes: &mut [u8], offset: u64) -> Result<usize, ReadError> {
    let mut n_read = 0;
    while n_read < bytes.len() {
        match file.read_at(&mut bytes[n_read..], offset + n_read as u64) {
            Ok(0) => break,
            Ok(n) => n_read += n,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            // It was opened, so it is not gone, whatever the kind says.
            Err(error) => return Err(ReadError::Failed(error.to_string())),
        }
    }
    Ok(n_read)
}

fn shorter() -> ReadError {
    ReadError::Failed("it became shorter after it was listed".to_string())
}

enum Unopened {
    NoDescriptor(io::Error),
    Other(ReadError),
}

impl From<io::Error> for Unopened {
    fn from(error: io::Error) -> Self {
        if is_without_descriptor(&error) { Self::NoDescriptor(error) } else { Self::Other(error.into()) }
    }
}

/// Opens a regular file; looks first, because opening a pipe would wait for its other end. With it goes its size.
fn open(path: &Path) -> Result<(File, u64), Unopened> {
    let is_file = fs::metadata(path)?.is_file();
    if !is_file {
        return Err(Unopened::Other(ReadError::Failed("it is not a regular file".to_string())));
    }
    let file = File::open(path)?;
    let size = file.metadata()?.len();
    Ok((file, size))
}
