//! Pages of a column chunk, unfolded, and held against their limits before they are decoded.

use std::sync::Arc;

use bytes::Bytes;
use parquet::basic::{Compression, Type};
use parquet::column::page::{Page, PageMetadata, PageReader};
use parquet::errors::Result;
use parquet::file::metadata::ColumnChunkMetaData;
use parquet::file::serialized_reader::SerializedPageReader;
use parquet::schema::types::ColumnDescPtr;

use super::column_chunk::{ColumnChunk, SharedChunk};
use super::delta_lengths::{decoded_bytes, is_delta};
use super::fault::{Fault, FirstFault};
use super::held::Held;
use super::source::Source;
use super::unfold::{SharedZstd, Unfolder};

/// Bytes that a value in a list takes beside its own: levels and offsets.
pub const LEVEL_BYTES: u64 = 20;
/// Bytes that the decoder keeps of each value in a dictionary of texts, beside the text.
const VIEW_BYTES: u64 = 16;

/// Pages whose numbers are held against their bytes.
pub struct CheckedPages<S: Source> {
    inner: SerializedPageReader<SharedChunk<S>>,
    chunk: Arc<ColumnChunk<S>>,
    column: ColumnDescPtr,
    /// Unfolds what is compressed.
    unfolder: Option<Unfolder>,
    n_values: u64,
    is_peeked: bool,
    fault: FirstFault,
    held: Held,
    /// Bytes of the dictionary and of the page that this column holds.
    held_here: [u64; 2],
}

impl<S: Source> CheckedPages<S> {
    /// The pages of `chunk`, which `column` describes; the first fault goes to `fault`.
    pub fn new(
        chunk: Arc<ColumnChunk<S>>,
        column: &ColumnChunkMetaData,
        n_rows: usize,
        zstd: &SharedZstd,
        (fault, held): (FirstFault, Held),
    ) -> Result<Self> {
        let unfolder = Unfolder::of(column.compression(), zstd).map_err(|cause| fault.set(cause))?;
        let as_stored = column.clone().into_builder().set_compression(Compression::UNCOMPRESSED).build()?;
        Ok(Self {
            inner: SerializedPageReader::new(Arc::new(SharedChunk(chunk.clone())), &as_stored, n_rows, None)?,
            chunk,
            column: column.column_descr_ptr(),
            unfolder,
            n_values: column.num_values() as u64,
            is_peeked: false,
            fault,
            held,
            held_here: [0, 0],
        })
    }

    /// A page as the decoders want it, when there is memory for it.
    fn prepare(&mut self, page: Page) -> std::result::Result<Page, Fault> {
        let page = self.unfold(page)?;
        let n_decoded = self.decoded_bytes(&page).ok_or_else(|| Fault::damaged("a page claims more than it holds"))?;
        self.hold(&page, (page.buffer().len() as u64).saturating_add(n_decoded))?;
        if self.column.max_rep_level() > 0 && page.is_data_page() {
            self.held.hold_levels(u64::from(page.num_values()).saturating_mul(LEVEL_BYTES))?;
        }
        Ok(page)
    }

    fn unfold(&mut self, mut page: Page) -> std::result::Result<Page, Fault> {
        let n_plain = match &page {
            Page::DataPageV2 { is_compressed: false, .. } => return Ok(page),
            Page::DataPageV2 { rep_levels_byte_len, def_levels_byte_len, .. } => {
                u64::from(*rep_levels_byte_len) + u64::from(*def_levels_byte_len)
            }
            _ => 0,
        };
        if self.unfolder.is_none() {
            return Ok(page);
        }
        let n_bytes = self.chunk.unfolded_page_bytes();
        self.hold(&page, n_bytes)?;
        let damaged = || Fault::damaged("a page does not unfold to the size that its header says");
        let unfolded = self.unfolded(page.buffer(), n_plain, n_bytes).ok_or_else(damaged)?;
        let (Page::DataPage { buf, .. } | Page::DataPageV2 { buf, .. } | Page::DictionaryPage { buf, .. }) = &mut page;
        *buf = unfolded;
        Ok(page)
    }

    /// What `stored` unfolds to: `n_bytes`, of which the first are not compressed.
    fn unfolded(&mut self, stored: &[u8], n_plain: u64, n_bytes: u64) -> Option<Bytes> {
        let (plain, packed) = stored.split_at_checked(usize::try_from(n_plain).ok()?)?;
        let mut unfolded = vec![0; usize::try_from(n_bytes).ok()?];
        let (start, rest) = unfolded.split_at_mut_checked(plain.len())?;
        start.copy_from_slice(plain);
        // A page of nulls has no values that were compressed.
        if !rest.is_empty() {
            self.unfolder.as_mut()?.unfold(packed, rest)?;
        }
        Some(unfolded.into())
    }

    /// Bytes that decoding takes beside the page; `None` where it claims more values than it holds.
    fn decoded_bytes(&self, page: &Page) -> Option<u64> {
        let n_values = u64::from(page.num_values());
        if let Page::DictionaryPage { buf, .. } = page {
            let n_bytes = buf.len() as u64;
            let is_text = self.column.physical_type() == Type::BYTE_ARRAY;
            return (n_values <= n_bytes).then_some(if is_text { n_values * VIEW_BYTES } else { n_bytes });
        }
        if n_values > self.n_values {
            None
        } else if is_delta(page.encoding()) {
            decoded_bytes(self.values_of(page)?, page.encoding(), n_values, self.held.limit())
        } else {
            Some(0)
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

    /// Counts `n_bytes` of the page in place of those of the one before.
    fn hold(&mut self, page: &Page, n_bytes: u64) -> std::result::Result<(), Fault> {
        let here = &mut self.held_here[usize::from(page.is_data_page())];
        let before = std::mem::replace(here, n_bytes);
        self.held.hold(before, n_bytes)
    }
}

impl<S: Source> PageReader for CheckedPages<S> {
    fn get_next_page(&mut self) -> Result<Option<Page>> {
        self.chunk.expect_header(!self.is_peeked);
        self.is_peeked = false;
        let Some(page) = self.inner.get_next_page()? else { return Ok(None) };
        self.prepare(page).map(Some).map_err(|fault| self.fault.set(fault))
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
