//! Streaming reads of local files, off the asynchronous threads.

use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use futures::StreamExt;
use tokio::sync::mpsc;

use crate::store::entry::ByteStream;
use crate::store::read_error::ReadError;

/// Bytes in one block of the stream.
const BLOCK: usize = 1 << 20;
/// Blocks read before they are asked for.
const READ_AHEAD: usize = 2;

/// The bytes of the file, [`BLOCK`] by [`BLOCK`]. One blocking thread reads; it stops when the
/// stream is dropped.
pub async fn read(path: PathBuf) -> Result<ByteStream, ReadError> {
    let mut opened = tokio::task::spawn_blocking(move || open(&path)).await.map_err(io::Error::from)??;
    let (sender, receiver) = mpsc::channel(READ_AHEAD);
    tokio::task::spawn_blocking(move || {
        loop {
            let block = next_block(&mut opened, BLOCK);
            let is_last = !matches!(&block, Ok(bytes) if !bytes.is_empty());
            let is_worth_sending = !matches!(&block, Ok(bytes) if bytes.is_empty());
            if is_worth_sending && sender.blocking_send(block.map_err(failed)).is_err() {
                return;
            }
            if is_last {
                return;
            }
        }
    });
    let blocks = futures::stream::unfold(receiver, |mut receiver| async {
        receiver.recv().await.map(|block| (block, receiver))
    });
    Ok(blocks.boxed())
}

/// The bytes in `range`; fewer if the file ends before.
pub async fn read_range(path: PathBuf, range: Range<u64>) -> Result<Bytes, ReadError> {
    let length = usize::try_from(range.end - range.start).map_err(|_| ReadError::Failed("too long".to_string()))?;
    tokio::task::spawn_blocking(move || {
        let mut opened = open(&path)?;
        opened.file.seek(SeekFrom::Start(range.start)).map_err(failed)?;
        opened.left = opened.left.saturating_sub(range.start);
        next_block(&mut opened, length).map_err(failed)
    })
    .await
    .map_err(io::Error::from)?
}

struct Opened {
    file: File,
    /// Bytes between here and the size the file had when it was opened: a guess of what to
    /// reserve, not a limit.
    left: u64,
}

/// Opens a regular file; looks first, because opening a pipe would wait for its other end.
fn open(path: &Path) -> Result<Opened, ReadError> {
    let is_file = fs::metadata(path)?.is_file();
    if !is_file {
        return Err(ReadError::Failed("it is not a regular file".to_string()));
    }
    let file = File::open(path)?;
    let left = file.metadata()?.len();
    Ok(Opened { file, left })
}

/// Up to `length` bytes; fewer only at the end of the file.
fn next_block(opened: &mut Opened, length: usize) -> io::Result<Bytes> {
    let expected = usize::try_from(opened.left).unwrap_or(length).saturating_add(1).min(length);
    let mut block = Vec::with_capacity(expected);
    let n_read = (&opened.file).take(length as u64).read_to_end(&mut block)?;
    opened.left = opened.left.saturating_sub(n_read as u64);
    Ok(block.into())
}

/// A failure after the file was opened: it is not gone, whatever the kind says.
fn failed(error: io::Error) -> ReadError {
    ReadError::Failed(error.to_string())
}
