//! Pages of a row group's columns, each held against its limits before it is decoded.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use parquet::arrow::arrow_reader::RowGroups;
use parquet::basic::Encoding;
use parquet::column::page::{Page, PageIterator, PageMetadata, PageReader};
use parquet::errors::Result;
use parquet::file::metadata::{ParquetMetaData, RowGroupMetaData};
use parquet::file::serialized_reader::SerializedPageReader;
use parquet::schema::types::ColumnDescPtr;

use super::column_chunk::{ChunkLimits, ColumnChunk, SharedChunk};
use super::delta_lengths;
use super::fault::{Fault, FirstFault};
use super::source::Source;

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
    fault: FirstFault,
    /// Bytes of pages that are in memory.
    held: Arc<AtomicU64>,
}

impl<S: Source> GroupPages<S> {
    pub fn new(
        source: Arc<S>,
        metadata: Arc<ParquetMetaData>,
        index: usize,
        memory: Memory,
        fault: FirstFault,
    ) -> Self {
        Self { source, metadata, index, memory, fault, held: Arc::default() }
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
            page: self.memory.pages,
            value: self.memory.value,
            n_values: column.num_values(),
        };
        let share = self.memory.windows / group.num_columns().max(1) as u64;
        // A window that is shorter than a page would hold what has to be read once more with the page.
        let window = if share < PAGE_BYTES { MIN_WINDOW } else { share };
        let chunk = ColumnChunk::new(self.source.clone(), range, window, limits, self.fault.clone());
        let chunk = Arc::new(chunk);
        let inner = SerializedPageReader::new(Arc::new(SharedChunk(chunk.clone())), column, self.num_rows(), None)?;
        Ok(Box::new(OneChunk(Some(Box::new(CheckedPages {
            inner,
            chunk,
            column: column.column_descr_ptr(),
            n_values: column.num_values() as u64,
            is_peeked: false,
            fault: self.fault.clone(),
            limit: self.memory.pages,
            held: self.held.clone(),
            held_here: [0, 0],
        })))))
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

/// Pages whose numbers are held against their bytes.
struct CheckedPages<S: Source> {
    inner: SerializedPageReader<SharedChunk<S>>,
    chunk: Arc<ColumnChunk<S>>,
    column: ColumnDescPtr,
    n_values: u64,
    is_peeked: bool,
    fault: FirstFault,
    limit: u64,
    held: Arc<AtomicU64>,
    /// Bytes of the dictionary and of the page that this column holds.
    held_here: [u64; 2],
}

impl<S: Source> CheckedPages<S> {
    fn check(&self, page: &Page) -> std::result::Result<(), Fault> {
        let damaged = || Err(Fault::damaged("a page claims more values than it holds"));
        let n_values = u64::from(page.num_values());
        if let Page::DictionaryPage { buf, .. } = page {
            return if n_values > buf.len() as u64 { damaged() } else { Ok(()) };
        }
        if n_values > self.n_values {
            return damaged();
        }
        let is_followed = match page.encoding() {
            Encoding::DELTA_BYTE_ARRAY => true,
            Encoding::DELTA_BINARY_PACKED | Encoding::DELTA_LENGTH_BYTE_ARRAY => false,
            _ => return Ok(()),
        };
        match self.values_of(page) {
            // A page of nulls may leave out its values.
            Some([]) => Ok(()),
            Some(values) if delta_lengths::is_believable(values, n_values, is_followed) => Ok(()),
            _ => damaged(),
        }
    }

    /// The values of a page, behind the levels.
    fn values_of<'p>(&self, page: &'p Page) -> Option<&'p [u8]> {
        match page {
            Page::DataPage { buf, .. } => {
                let mut rest = &buf[..];
                for has_levels in [self.column.max_rep_level() > 0, self.column.max_def_level() > 0] {
                    if has_levels {
                        let (length, behind) = rest.split_first_chunk::<4>()?;
                        rest = behind.get(u32::from_le_bytes(*length) as usize..)?;
                    }
                }
                Some(rest)
            }
            Page::DataPageV2 { buf, def_levels_byte_len, rep_levels_byte_len, .. } => {
                buf.get((*def_levels_byte_len as usize).checked_add(*rep_levels_byte_len as usize)?..)
            }
            Page::DictionaryPage { .. } => None,
        }
    }

    /// Counts the page in place of the one before.
    fn hold(&mut self, page: &Page) -> std::result::Result<(), Fault> {
        let here = &mut self.held_here[usize::from(page.is_data_page())];
        let (before, now) = (*here, page.buffer().len() as u64);
        *here = now;
        self.held.fetch_sub(before, Ordering::Relaxed);
        let needed = self.held.fetch_add(now, Ordering::Relaxed) + now;
        if needed > self.limit { Err(Fault::Memory { needed, limit: self.limit }) } else { Ok(()) }
    }
}

impl<S: Source> PageReader for CheckedPages<S> {
    fn get_next_page(&mut self) -> Result<Option<Page>> {
        self.chunk.expect_header(!self.is_peeked);
        self.is_peeked = false;
        let Some(page) = self.inner.get_next_page()? else { return Ok(None) };
        self.check(&page).and_then(|()| self.hold(&page)).map_err(|fault| self.fault.set(fault))?;
        Ok(Some(page))
    }

    fn peek_next_page(&mut self) -> Result<Option<PageMetadata>> {
        self.chunk.expect_header(true);
        self.is_peeked = true;
        let peeked = self.inner.peek_next_page()?;
        self.is_peeked = peeked.is_some();
        Ok(peeked)
    }

    fn skip_next_page(&mut self) -> Result<()> {
        self.chunk.expect_header(!self.is_peeked);
        self.is_peeked = false;
        self.inner.skip_next_page()
    }
}

impl<S: Source> Iterator for CheckedPages<S> {
    type Item = Result<Page>;

    fn next(&mut self) -> Option<Self::Item> {
        self.get_next_page().transpose()
    }
}
