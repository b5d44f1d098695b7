//! Column chunk: its bytes, a window at a time.

use std::io::{self, Read};
use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use parquet::errors::{ParquetError, Result};
use parquet::file::reader::{ChunkReader, Length};

use super::compact_thrift::{Walk, walk_structure};
use super::fault::{Fault, FirstFault};
use super::held::Held;
use super::source::Source;

/// Ids of the sizes in a page's header (apache/parquet-format, `parquet.thrift`, PageHeader).
const UNCOMPRESSED_SIZE: i64 = 2;
const COMPRESSED_SIZE: i64 = 3;
/// A page may unfold to more than the footer says of its whole chunk while it is this small, in bytes: some writers
/// leave out what they do not know.
const SMALL_PAGE: i64 = 4 << 20;

/// Pages of values that are too long are not read where they take more than one part in so many of the memory. Of
/// smaller ones each value is looked at when it was read.
const LARGE_PAGE_PART: u64 = 4;

/// What a column chunk may ask for.
#[derive(Clone, Copy, Debug)]
pub struct ChunkLimits {
    /// Bytes that all pages unfold to together, as the footer says.
    pub unfolded: i64,
    /// Most bytes of one value.
    pub value: u64,
    /// Values of the chunk, as the footer says.
    pub n_values: i64,
}

/// The bytes of one column chunk.
pub struct ColumnChunk<S> {
    source: Arc<S>,
    range: Range<u64>,
    window_bytes: u64,
    limits: ChunkLimits,
    window: Mutex<(u64, Bytes)>,
    /// Whether what is read next is the header of a page.
    expects_header: AtomicBool,
    /// Bytes that the page behind the last header unfolds to, as that says.
    unfolded: AtomicU64,
    fault: FirstFault,
    held: Held,
}

impl<S: Source> ColumnChunk<S> {
    /// `range` lies in the file; `window_bytes` are read at once.
    pub fn new(
        source: Arc<S>,
        range: Range<u64>,
        window_bytes: u64,
        limits: ChunkLimits,
        (fault, held): (FirstFault, Held),
    ) -> Self {
        let window = Mutex::new((range.start, Bytes::new()));
        let (expects_header, unfolded) = (AtomicBool::new(true), AtomicU64::new(0));
        Self { source, range, window_bytes, limits, window, expects_header, unfolded, fault, held }
    }

    /// Bytes that the page behind the last header unfolds to, as that says.
    pub fn unfolded_page_bytes(&self) -> u64 {
        self.unfolded.load(Ordering::Relaxed)
    }

    pub fn expect_header(&self, is_expected: bool) {
        self.expects_header.store(is_expected, Ordering::Relaxed);
    }

    fn read_source(&self, range: Range<u64>) -> Result<Bytes> {
        let expected = range.end - range.start;
        let bytes = self.source.read(range).map_err(|cause| self.fault.set(Fault::Unread(cause)))?;
        if bytes.len() as u64 == expected {
            Ok(bytes)
        } else {
            Err(self.fault.set(Fault::damaged("the file is shorter than its footer says")))
        }
    }

    /// Bytes from `at` on, as many as are at hand; none at the end of the chunk.
    fn at_hand(&self, at: u64) -> Result<Bytes> {
        if !self.range.contains(&at) {
            return Ok(Bytes::new());
        }
        let mut window = self.window.lock().unwrap_or_else(PoisonError::into_inner);
        let (start, bytes) = &*window;
        if at < *start || at >= *start + bytes.len() as u64 {
            let end = self.range.end.min(at.saturating_add(self.window_bytes));
            *window = (at, self.read_source(at..end)?);
        }
        Ok(window.1.slice((at - window.0) as usize..))
    }

    /// Looks at the header of the page at `at` before the library does.
    fn check_header(&self, at: u64) -> Result<()> {
        let mut place = Place { chunk: self, at, bytes: Bytes::new(), failed: None };
        let (mut unfolded, mut stored) = (None, None);
        let walked = walk_structure(&mut place, &mut |id, value| match id {
            UNCOMPRESSED_SIZE => unfolded = Some(value),
            COMPRESSED_SIZE => stored = Some(value),
            _ => {}
        });
        if let Some(error) = place.failed {
            return Err(error);
        }
        let left = self.range.end.saturating_sub(place.at);
        let sizes = walked.and(unfolded.zip(stored));
        let Some((unfolded, stored)) = sizes.filter(|(unfolded, stored)| *unfolded >= 0 && *stored >= 0) else {
            return Err(self.fault.set(Fault::damaged("the header of a page is damaged")));
        };
        let limits = &self.limits;
        if stored as u64 > left || unfolded > limits.unfolded.max(SMALL_PAGE) {
            return Err(self.fault.set(Fault::damaged("a page is larger than its column")));
        }
        let needed = unfolded.max(stored) as u64;
        let is_large = needed > self.held.limit() / LARGE_PAGE_PART;
        if is_large && needed / u64::try_from(limits.n_values).unwrap_or(0).max(1) > limits.value {
            return Err(self.fault.set(Fault::ValueTooLong));
        }
        self.held.check(needed).map_err(|fault| self.fault.set(fault))?;
        self.unfolded.store(unfolded as u64, Ordering::Relaxed);
        Ok(())
    }
}

/// A place in a column chunk from which bytes are taken one after the other.
struct Place<'a, S> {
    chunk: &'a ColumnChunk<S>,
    at: u64,
    bytes: Bytes,
    failed: Option<ParquetError>,
}

impl<S: Source> Walk for Place<'_, S> {
    fn byte(&mut self) -> Option<u8> {
        if self.bytes.is_empty() {
            match self.chunk.at_hand(self.at) {
                Ok(bytes) => self.bytes = bytes,
                Err(error) => self.failed = Some(error),
            }
        }
        let byte = *self.bytes.first()?;
        self.skip(1)?;
        Some(byte)
    }

    fn skip(&mut self, n: u64) -> Option<()> {
        if n > self.left() {
            return None;
        }
        self.at += n;
        self.bytes = match usize::try_from(n).ok().filter(|n| *n <= self.bytes.len()) {
            Some(n) => self.bytes.slice(n..),
            None => Bytes::new(),
        };
        Some(())
    }

    fn left(&self) -> u64 {
        self.chunk.range.end.saturating_sub(self.at)
    }
}

/// Reads on from a place in the chunk, for the headers of pages.
pub struct Reading<S> {
    chunk: Arc<ColumnChunk<S>>,
    at: u64,
}

impl<S: Source> Read for Reading<S> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let bytes = self.chunk.at_hand(self.at).map_err(io::Error::other)?;
        let n = bytes.len().min(buffer.len());
        buffer[..n].copy_from_slice(&bytes[..n]);
        self.at += n as u64;
        Ok(n)
    }
}

/// A column chunk as the library reads it.
#[derive(Clone)]
pub struct SharedChunk<S>(pub Arc<ColumnChunk<S>>);

impl<S> Length for SharedChunk<S> {
    fn len(&self) -> u64 {
        self.0.range.end
    }
}

impl<S: Source> ChunkReader for SharedChunk<S> {
    type T = Reading<S>;

    fn get_read(&self, start: u64) -> Result<Reading<S>> {
        // Behind a header that was looked at before its page was taken stands the page, the next time a header.
        if self.0.expects_header.swap(true, Ordering::Relaxed) {
            self.0.check_header(start)?;
        }
        Ok(Reading { chunk: self.0.clone(), at: start })
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes> {
        let end =
            start.checked_add(length as u64).filter(|end| start >= self.0.range.start && *end <= self.0.range.end);
        let Some(end) = end else {
            return Err(self.0.fault.set(Fault::damaged("a page lies beyond its column")));
        };
        if length == 0 {
            return Ok(Bytes::new());
        }
        if length as u64 <= self.0.window_bytes {
            let bytes = self.0.at_hand(start)?;
            if bytes.len() >= length {
                return Ok(bytes.slice(..length));
            }
        }
        self.0.read_source(start..end)
    }
}
