//! Object reader: one object to batches, read block by block, each decoded at once.

use arrow::array::RecordBatch;
use futures::StreamExt;
use tokio::sync::mpsc::Sender;

use super::dataset::{Dataset, Split};
use super::parquet_reader::ParquetReader;
use super::session::{Progress, Reading};
use crate::decode::{self, Format, Loss, LostRecords, ObjectDecoder, ParquetFault, Reason, SkipReason};
use crate::error::{self, Error};
use crate::names::dataset_format;
use crate::store::ReadError;

/// Sends the batches of an object to whoever folds them.
pub(super) struct BatchSender(pub Sender<RecordBatch>);

/// Why an object is not read to its end.
enum Stop {
    /// The receiver is gone: nothing more is wanted.
    Closed,
    /// What was listed cannot be read; the job fails.
    Failed(Error),
}

impl BatchSender {
    async fn send(&self, batches: Vec<RecordBatch>) -> Result<(), Stop> {
        for batch in batches {
            self.0.send(batch).await.map_err(|_| Stop::Closed)?;
        }
        Ok(())
    }
}

/// Sends all batches of the dataset's split `index`, events first. Fails where the store does not give what it listed.
pub(super) async fn read_split(
    dataset: &Dataset,
    index: usize,
    reading: &Reading,
    sender: &BatchSender,
) -> error::Result<()> {
    let split = &dataset.splits[index];
    let sent = match (split.skip, &dataset.settings.format) {
        (Some(reason), _) => {
            tracing::debug!(object = %split.entry.name.escape_debug(), reason = reason.name(), "object skipped");
            sender.send(vec![skipped(split, reason)]).await
        }
        (None, Format::Parquet) => parquet(dataset, split, reading, sender).await,
        (None, Format::GroundTruth) if is_parquet(&split.entry.name) => parquet(dataset, split, reading, sender).await,
        (None, _) => blocks(dataset, split, sender, &reading.progress).await,
    };
    match sent {
        Ok(()) => reading.progress.add_object(),
        Err(Stop::Closed) => {}
        Err(Stop::Failed(error)) => return Err(error),
    }
    Ok(())
}

/// Whether an object that may be of any format is called like a Parquet file.
fn is_parquet(name: &str) -> bool {
    name.rsplit('.').next().is_some_and(|ending| ending.eq_ignore_ascii_case(dataset_format::PARQUET))
}

/// Reads an object from its first byte to its last.
async fn blocks(dataset: &Dataset, split: &Split, sender: &BatchSender, progress: &Progress) -> Result<(), Stop> {
    let name = &split.entry.name;
    let mut stream = match dataset.store.read(&split.entry).await {
        Ok(stream) => stream,
        Err(error) => return unopened(dataset, split, error, sender).await,
    };
    let mut settings = dataset.settings.clone();
    if dataset.has_variant(&split.entry) {
        settings.filter.variant = None;
    }
    let mut decoder = ObjectDecoder::new(name, settings);
    while let Some(block) = stream.next().await {
        let block = block.map_err(|cause| Stop::Failed(dataset.unreadable(name, cause)))?;
        progress.add_bytes(block.len());
        decode_block(&mut decoder, &block, sender).await?;
        if decoder.is_left() {
            break;
        }
    }
    if !decoder.is_left() {
        decoder.end();
        decode_block(&mut decoder, &[], sender).await?;
    }
    guarded(&mut decoder, ObjectDecoder::finish);
    let widths = decoder.widths();
    if widths.n_cells_dropped > 0 {
        tracing::warn!(object = %name.escape_debug(), cells = widths.n_cells_dropped, "cells beyond the table's width were left out");
    }
    if widths.n_rows_short > 0 {
        tracing::warn!(object = %name.escape_debug(), rows = widths.n_rows_short, "rows have fewer cells than the table has columns");
    }
    let mut last = decoder.take();
    match decoder.skip_reason() {
        Some(reason) => last.push(skipped(split, reason)),
        None => {
            last.extend(decoder.losses(split.entry.size).iter().map(|loss| decode::lost(name, loss)));
            last.push(decode::read(name, decoder.n_bytes_read()));
        }
    }
    sender.send(last).await
}

fn skipped(split: &Split, reason: SkipReason) -> RecordBatch {
    decode::skipped(&split.entry.name, reason, split.entry.size)
}

/// Decodes a block part by part, so that what waits is one batch however much the block unfolds to.
async fn decode_block(decoder: &mut ObjectDecoder, mut block: &[u8], sender: &BatchSender) -> Result<(), Stop> {
    while !block.is_empty() || decoder.has_more() {
        let n_taken = guarded(decoder, |decoder| decoder.push(block));
        sender.send(decoder.take()).await?;
        block = n_taken.map_or(&[][..], |n_taken| &block[n_taken..]);
    }
    Ok(())
}

/// What a step of the decoder returns. Where it panics, the object is damaged from there on.
fn guarded<T>(decoder: &mut ObjectDecoder, step: impl FnOnce(&mut ObjectDecoder) -> T) -> Option<T> {
    let done = decode::guarded(|| step(decoder)).ok();
    if done.is_none() {
        decoder.abandon();
    }
    done
}

/// What becomes of an object that could not be opened: one that disappeared is skipped.
async fn unopened(dataset: &Dataset, split: &Split, cause: ReadError, sender: &BatchSender) -> Result<(), Stop> {
    let name = &split.entry.name;
    if cause != ReadError::Gone {
        return Err(Stop::Failed(dataset.unreadable(name, cause)));
    }
    tracing::warn!(object = %name.escape_debug(), %cause, "object could not be opened");
    sender.send(vec![skipped(split, SkipReason::Gone)]).await
}

/// A Parquet file that was opened and is none: one rejected record, and all bytes lost.
fn unreadable(split: &Split) -> Vec<RecordBatch> {
    let name = &split.entry.name;
    let records = LostRecords::Estimated(0);
    let loss = Loss { reason: Reason::Corrupt, line: 1, records, n_bytes: split.entry.size, n_bytes_missing: 0 };
    let mut batches = vec![decode::opened(name), decode::lost(name, &loss)];
    batches.append(&mut decode::rejected(name, 1, Reason::Corrupt));
    batches
}

/// Reads a Parquet file by its row groups.
async fn parquet(dataset: &Dataset, split: &Split, reading: &Reading, sender: &BatchSender) -> Result<(), Stop> {
    let name = &split.entry.name;
    let failed = |fault: ParquetFault| match fault {
        ParquetFault::Unread(cause) => Stop::Failed(dataset.unreadable(name, ReadError::Failed(cause))),
        fault => Stop::Failed(Error::new(&error::MEMORY_LIMIT, dataset.place_of(name).to_string(), fault)),
    };
    let opened = match dataset.store.open_entry(&split.entry).await {
        Ok(opened) => opened,
        Err(error) => return unopened(dataset, split, error, sender).await,
    };
    let mut reader = match ParquetReader::open(opened, &split.entry, reading, &dataset.settings).await {
        Ok(reader) => reader,
        Err(fault @ (ParquetFault::Memory { .. } | ParquetFault::Unread(_))) => return Err(failed(fault)),
        Err(fault) => {
            tracing::warn!(object = %name.escape_debug(), cause = %fault, "object is not a readable Parquet file");
            return sender.send(unreadable(split)).await;
        }
    };
    sender.send(vec![decode::opened(name)]).await?;
    while let Some(part) = reader.next_part(&dataset.settings).map_err(failed)? {
        reading.progress.add_bytes(usize::try_from(part.n_bytes).unwrap_or(usize::MAX));
        sender.send(part.batches).await?;
    }
    sender.send(reader.events()).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::{Rows, Settings};

    #[test]
    fn an_object_at_which_the_decoder_panics_is_damaged_from_there_on() {
        let table: String = (0..20_000).map(|i| format!("{i},x\n")).collect();
        let panics: [fn(&mut ObjectDecoder); 3] = [
            |_| panic!("before anything is done"),
            |decoder| panic!("behind {} bytes", decoder.push(&[])),
            |decoder| {
                decoder.finish();
                panic!("at the end")
            },
        ];
        for (n_whole, panic) in [0, table.len()].into_iter().flat_map(|n| panics.map(|panic| (n, panic))) {
            let settings = Settings::new(Format::Csv { header: Some(false) }, Rows::Cells, 1 << 16);
            let (mut decoder, mut batches) = (ObjectDecoder::new("a", settings), Vec::new());
            let mut block = &table.as_bytes()[..n_whole];
            while !block.is_empty() || decoder.has_more() {
                block = &block[decoder.push(block)..];
                batches.extend(decoder.take());
            }
            assert_eq!(guarded(&mut decoder, panic), None);
            assert!(decoder.is_left() && !decoder.has_more());
            assert_eq!(guarded(&mut decoder, ObjectDecoder::finish), Some(()));
            batches.extend(decoder.take());
            let is_opened = |batch: &&RecordBatch| batch.schema_ref().metadata().contains_key(decode::OPENED);
            assert_eq!(batches.iter().filter(is_opened).count(), 1);
            let n_rows: usize = batches.iter().map(RecordBatch::num_rows).sum();
            let losses = decoder.losses(table.len() as u64);
            let n_lost: u64 = losses.iter().map(|loss| loss.n_bytes).sum();
            assert_eq!(decoder.n_bytes_read() + n_lost, table.len() as u64);
            let n_records = n_rows as u64 + losses.iter().map(|loss| loss.records.n()).sum::<u64>();
            let n_expected = if n_whole == table.len() { 19_999..=20_002 } else { 1..=1 };
            assert!(n_expected.contains(&n_records), "{n_whole} bytes: {n_rows} rows, {losses:?}");
        }
    }
}
