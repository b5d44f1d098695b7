//! Row group: the pages of its columns.

use std::ops::Range;
use std::sync::Arc;

use parquet::arrow::arrow_reader::RowGroups;
use parquet::column::page::{PageIterator, PageReader};
use parquet::errors::Result;
use parquet::file::metadata::{ParquetMetaData, RowGroupMetaData};

use super::checked_pages::CheckedPages;
use super::column_chunk::{ChunkLimits, ColumnChunk};
use super::fault::{Fault, FirstFault};
use super::held::Held;
use super::source::Source;
use super::unfold::SharedZstd;

/// Memory of the readers of a file, in bytes.
#[derive(Clone, Copy, Debug)]
pub struct Memory {
    /// What is read at once from the file.
    pub windows: u64,
    /// Pages of all columns that are in memory at once.
    pub pages: u64,
    /// Most bytes of one value.
    pub value: u64,
}

/// One row group of a file.
pub struct GroupPages<S> {
    source: Arc<S>,
    metadata: Arc<ParquetMetaData>,
    index: usize,
    memory: Memory,
    zstd: SharedZstd,
    fault: FirstFault,
    held: Held,
}

impl<S: Source> GroupPages<S> {
    pub fn new(
        source: Arc<S>,
        metadata: Arc<ParquetMetaData>,
        index: usize,
        memory: Memory,
        (fault, held): (FirstFault, Held),
    ) -> Self {
        Self { source, metadata, index, memory, zstd: SharedZstd::default(), fault, held }
    }

    /// Where a column chunk lies; `None` where that is not in the file.
    fn range(&self, column: usize) -> Option<Range<u64>> {
        let chunk = self.metadata.row_group(self.index).column(column);
        let start =
            u64::try_from(chunk.dictionary_page_offset().filter(|at| *at > 0).unwrap_or(chunk.data_page_offset()));
        let (start, length) = (start.ok()?, u64::try_from(chunk.compressed_size()).ok()?);
        let end = start.checked_add(length).filter(|end| *end <= self.source.size())?;
        Some(start..end)
    }
}

impl<S: Source> RowGroups for GroupPages<S> {
    fn num_rows(&self) -> usize {
        usize::try_from(self.metadata.row_group(self.index).num_rows()).unwrap_or(0)
    }

    fn column_chunks(&self, i: usize) -> Result<Box<dyn PageIterator>> {
        let group = self.metadata.row_group(self.index);
        let column = group.column(i);
        let damaged = |cause: &str| self.fault.set(Fault::damaged(cause));
        let range = self.range(i).ok_or_else(|| damaged("a column lies beyond the end of the file"))?;
        if column.num_values() < 0 || column.uncompressed_size() < 0 {
            return Err(damaged("the footer holds negative sizes"));
        }
        let limits = ChunkLimits {
            unfolded: column.uncompressed_size(),
            value: self.memory.value,
            n_values: column.num_values(),
        };
        let share = self.memory.windows / group.num_columns().max(1) as u64;
        // A window that is shorter than a page would hold what has to be read once more with the page.
        let window = if share < PAGE_BYTES { MIN_WINDOW } else { share.min(MAX_WINDOW) };
        let chunk =
            ColumnChunk::new(self.source.clone(), range, window, limits, (self.fault.clone(), self.held.clone()));
        let pages = CheckedPages::new(
            Arc::new(chunk),
            column,
            self.num_rows(),
            &self.zstd,
            (self.fault.clone(), self.held.clone()),
        )?;
        Ok(Box::new(OneChunk(Some(Box::new(pages)))))
    }

    fn row_groups(&self) -> Box<dyn Iterator<Item = &RowGroupMetaData> + '_> {
        Box::new(std::iter::once(self.metadata.row_group(self.index)))
    }

    fn metadata(&self) -> &ParquetMetaData {
        &self.metadata
    }
}

/// Smallest window of a column: for the headers of pages.
const MIN_WINDOW: u64 = 16 << 10;
/// Largest window: more would hardly save requests to a store.
const MAX_WINDOW: u64 = 8 << 20;
/// Bytes of a page, as most programs write them, with its header.
const PAGE_BYTES: u64 = 9 << 17;

/// The pages of one column chunk.
struct OneChunk(Option<Box<dyn PageReader>>);

impl Iterator for OneChunk {
    type Item = Result<Box<dyn PageReader>>;

    fn next(&mut self) -> Option<Self::Item> {
        self.0.take().map(Ok)
    }
}

impl PageIterator for OneChunk {}
