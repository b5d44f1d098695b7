//! Object reader: one object to batches, read block by block, each decoded at once.

use arrow::array::RecordBatch;
use futures::StreamExt;
use tokio::sync::mpsc::Sender;

use super::dataset::{Dataset, Split};
use super::parquet_reader::ParquetReader;
use super::session::{Progress, Reading};
use crate::decode::{self, Format, ObjectDecoder, ParquetFault, Reason, SkipReason};
use crate::error::{self, Error};
use crate::names::dataset_format;
use crate::store::ReadError;

/// Sends the batches of an object to whoever folds them.
pub(super) struct BatchSender(pub Sender<RecordBatch>);

/// Why no more is read.
enum Stopped {
    /// The receiver is gone: nothing more is wanted.
    Closed,
    /// The job fails.
    Failed(Error),
}

impl BatchSender {
    async fn send(&self, batches: Vec<RecordBatch>) -> Result<(), Stopped> {
        for batch in batches {
            self.0.send(batch).await.map_err(|_| Stopped::Closed)?;
        }
        Ok(())
    }
}

/// Sends all batches of the dataset's split `index`, events first. Fails where the memory limit does not allow to read it.
pub(super) async fn read_split(
    dataset: &Dataset,
    index: usize,
    reading: &Reading,
    sender: &BatchSender,
) -> Result<(), Error> {
    let split = &dataset.splits[index];
    let sent = match (split.skip, &dataset.settings.format) {
        (Some(reason), _) => {
            tracing::debug!(object = %split.entry.name.escape_debug(), reason = reason.name(), "object skipped");
            sender.send(vec![decode::skipped(&split.entry.name, reason)]).await
        }
        (None, Format::Parquet) => parquet(dataset, split, reading, sender).await,
        (None, Format::GroundTruth) if is_parquet(&split.entry.name) => parquet(dataset, split, reading, sender).await,
        (None, _) => blocks(dataset, split, sender, &reading.progress).await,
    };
    match sent {
        Ok(()) => reading.progress.add_object(),
        Err(Stopped::Closed) => {}
        Err(Stopped::Failed(error)) => return Err(error),
    }
    Ok(())
}

/// Whether an object that may be of any format is called like a Parquet file.
fn is_parquet(name: &str) -> bool {
    name.rsplit('.').next().is_some_and(|ending| ending.eq_ignore_ascii_case(dataset_format::PARQUET))
}

/// Reads an object from its first byte to its last.
async fn blocks(dataset: &Dataset, split: &Split, sender: &BatchSender, progress: &Progress) -> Result<(), Stopped> {
    let name = &split.entry.name;
    let mut stream = match dataset.store.read(&split.entry).await {
        Ok(stream) => stream,
        Err(error) => return sender.send(unopened(name, &error)).await,
    };
    let mut settings = dataset.settings.clone();
    if dataset.has_variant(&split.entry) {
        settings.filter.variant = None;
    }
    let mut decoder = ObjectDecoder::new(name, settings);
    let mut fault = None;
    while let Some(block) = stream.next().await {
        fault = match &block {
            Ok(block) => {
                progress.add_bytes(block.len());
                decode_block(&mut decoder, block, sender).await?
            }
            Err(error) => {
                tracing::warn!(object = %name.escape_debug(), cause = %error, "object could not be read to its end");
                Some(Reason::Vanished)
            }
        };
        if fault.is_some() || decoder.is_skipped() {
            break;
        }
    }
    decoder.finish(fault);
    if decoder.n_cells_dropped() > 0 {
        tracing::warn!(object = %name.escape_debug(), cells = decoder.n_cells_dropped(), "cells beyond the table's width were left out");
    }
    if decoder.n_rows_short() > 0 {
        tracing::warn!(object = %name.escape_debug(), rows = decoder.n_rows_short(), "rows have fewer cells than the table has columns");
    }
    sender.send(decoder.take()).await
}

/// Decodes a block part by part, so that what waits is one batch however much the block unfolds to.
async fn decode_block(
    decoder: &mut ObjectDecoder,
    mut block: &[u8],
    sender: &BatchSender,
) -> Result<Option<Reason>, Stopped> {
    while !block.is_empty() || decoder.has_more() {
        let pushed = decode::guarded(|| decoder.push(block)).unwrap_or(Err(Reason::Corrupt));
        sender.send(decoder.take()).await?;
        match pushed {
            Ok(taken) => block = &block[taken..],
            Err(fault) => return Ok(Some(fault)),
        }
    }
    Ok(None)
}

/// What becomes of an object that could not be opened.
fn unopened(name: &str, error: &ReadError) -> Vec<RecordBatch> {
    tracing::warn!(object = %name.escape_debug(), cause = %error, "object could not be opened");
    match error {
        ReadError::Gone => vec![decode::skipped(name, SkipReason::Gone)],
        ReadError::Failed(_) => faulty(name, 1, Reason::Vanished),
    }
}

/// An object that was opened and whose record at `line` is `reason`.
fn faulty(name: &str, line: u64, reason: Reason) -> Vec<RecordBatch> {
    let mut batches = vec![decode::opened(name)];
    batches.append(&mut decode::rejected(name, line, reason));
    batches
}

/// Reads a Parquet file by its row groups.
async fn parquet(dataset: &Dataset, split: &Split, reading: &Reading, sender: &BatchSender) -> Result<(), Stopped> {
    let name = &split.entry.name;
    let mut reader = match ParquetReader::open(dataset.store.clone(), split.entry.clone(), reading).await {
        Ok(reader) => reader,
        Err(fault @ ParquetFault::Memory { .. }) => {
            return Err(Stopped::Failed(Error::new(&error::MEMORY_LIMIT, name.as_str(), fault)));
        }
        Err(fault) => {
            tracing::warn!(object = %name.escape_debug(), cause = %fault, "object is not a readable Parquet file");
            let mut batches = faulty(name, 1, fault.reason());
            batches.push(decode::lost(name, 1, fault.reason(), 0, split.entry.size));
            return sender.send(batches).await;
        }
    };
    sender.send(vec![decode::opened(name)]).await?;
    while let Some(part) = reader.next_part(&dataset.settings.rows).map_err(Stopped::Failed)? {
        reading.progress.add_bytes(usize::try_from(part.n_bytes).unwrap_or(usize::MAX));
        sender.send(part.batches).await?;
    }
    sender.send(reader.events()).await
}
