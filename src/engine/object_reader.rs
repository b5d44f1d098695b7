//! Object reader: one object to batches, read block by block, each decoded at once.

use arrow::array::RecordBatch;
use futures::{StreamExt, TryStreamExt};
use parquet::arrow::async_reader::ParquetRecordBatchStreamBuilder;
use tokio::sync::mpsc::Sender;

use super::dataset::{Dataset, Split};
use super::parquet_reader::ParquetFileReader;
use super::session::Progress;
use crate::decode::{self, Format, ObjectDecoder, Reason, SkipReason};
use crate::names::dataset_format;
use crate::store::ReadError;

/// Cells of a batch read from a Parquet file.
const BATCH_CELLS: usize = 1 << 18;
/// Rows of a batch read from a Parquet file, at most.
const BATCH_ROWS: usize = 4_096;

/// Sends the batches of an object to whoever folds them.
pub(super) struct BatchSender(pub Sender<RecordBatch>);

/// The receiver is gone: nothing more is wanted.
struct Closed;

impl BatchSender {
    async fn send(&self, batches: Vec<RecordBatch>) -> Result<(), Closed> {
        for batch in batches {
            self.0.send(batch).await.map_err(|_| Closed)?;
        }
        Ok(())
    }
}

/// Sends all batches of the dataset's split `index`, events first.
pub(super) async fn read_split(dataset: &Dataset, index: usize, sender: &BatchSender, progress: &Progress) {
    let split = &dataset.splits[index];
    let sent = match (split.skip, &dataset.settings.format) {
        (Some(reason), _) => {
            tracing::debug!(object = %split.entry.name.escape_debug(), reason = reason.name(), "object skipped");
            sender.send(vec![decode::skipped(&split.entry.name, reason)]).await
        }
        (None, Format::Parquet) => parquet(dataset, split, sender, progress).await,
        (None, Format::GroundTruth) if is_parquet(&split.entry.name) => parquet(dataset, split, sender, progress).await,
        (None, _) => blocks(dataset, split, sender, progress).await,
    };
    if sent.is_ok() {
        progress.add_object();
    }
}

/// Whether an object that may be of any format is called like a Parquet file.
fn is_parquet(name: &str) -> bool {
    name.rsplit('.').next().is_some_and(|ending| ending.eq_ignore_ascii_case(dataset_format::PARQUET))
}

/// Reads an object from its first byte to its last.
async fn blocks(dataset: &Dataset, split: &Split, sender: &BatchSender, progress: &Progress) -> Result<(), Closed> {
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
) -> Result<Option<Reason>, Closed> {
    while !block.is_empty() || decoder.has_more() {
        let pushed = decoder.push(block);
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
async fn parquet(dataset: &Dataset, split: &Split, sender: &BatchSender, progress: &Progress) -> Result<(), Closed> {
    let name = &split.entry.name;
    let reader = ParquetFileReader::new(dataset.store.clone(), split.entry.clone());
    let opened = match ParquetRecordBatchStreamBuilder::new(reader).await {
        Ok(builder) => {
            let n_columns = builder.parquet_schema().num_columns().max(1);
            builder.with_batch_size((BATCH_CELLS / n_columns).clamp(1, BATCH_ROWS)).build()
        }
        Err(error) => Err(error),
    };
    let mut stream = match opened {
        Ok(stream) => stream,
        Err(error) => {
            tracing::warn!(object = %name.escape_debug(), cause = %error, "object is not a readable Parquet file");
            return sender.send(faulty(name, 1, Reason::Corrupt)).await;
        }
    };
    sender.send(vec![decode::opened(name)]).await?;
    let mut next_row = 1;
    loop {
        let batches = match stream.try_next().await {
            Ok(Some(batch)) => {
                let first_row = next_row;
                next_row += batch.num_rows() as u64;
                match decode::cells(name, first_row, &batch) {
                    Ok(batch) => decode::outcome_cells(batch, &dataset.settings.rows),
                    Err(cause) => {
                        tracing::warn!(object = %name.escape_debug(), row = first_row, %cause, "rows are not readable");
                        return sender.send(decode::rejected(name, first_row, Reason::Corrupt)).await;
                    }
                }
            }
            Ok(None) => break,
            Err(error) => {
                tracing::warn!(object = %name.escape_debug(), row = next_row, cause = %error, "object is damaged");
                return sender.send(decode::rejected(name, next_row, Reason::Corrupt)).await;
            }
        };
        sender.send(batches).await?;
    }
    progress.add_bytes(usize::try_from(split.entry.size).unwrap_or(usize::MAX));
    Ok(())
}
