//! Parquet reader: byte ranges of an object in the store, as the Parquet library asks for them.

use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;
use futures::FutureExt;
use futures::future::BoxFuture;
use parquet::arrow::arrow_reader::ArrowReaderOptions;
use parquet::arrow::async_reader::AsyncFileReader;
use parquet::errors::{ParquetError, Result};
use parquet::file::metadata::{ParquetMetaData, ParquetMetaDataReader};

use crate::store::OpenEntry;

/// An opened entry of a store, read by ranges.
pub(super) struct ParquetFileReader {
    opened: OpenEntry,
    /// In bytes.
    size: u64,
}

impl ParquetFileReader {
    pub(super) fn new(opened: OpenEntry, size: u64) -> Self {
        Self { opened, size }
    }
}

impl AsyncFileReader for ParquetFileReader {
    fn get_bytes(&mut self, range: Range<u64>) -> BoxFuture<'_, Result<Bytes>> {
        async move {
            let expected = range.end.saturating_sub(range.start);
            let read = self.opened.read_range(range).await;
            let bytes = read.map_err(|cause| ParquetError::External(Box::new(cause)))?;
            if bytes.len() as u64 == expected {
                Ok(bytes)
            } else {
                Err(ParquetError::EOF("the file is shorter than its footer says".to_owned()))
            }
        }
        .boxed()
    }

    fn get_metadata<'a>(
        &'a mut self,
        options: Option<&'a ArrowReaderOptions>,
    ) -> BoxFuture<'a, Result<Arc<ParquetMetaData>>> {
        async move {
            let size = self.size;
            let reader = ParquetMetaDataReader::new().with_arrow_reader_options(options);
            Ok(Arc::new(reader.load_and_finish(self, size).await?))
        }
        .boxed()
    }
}
