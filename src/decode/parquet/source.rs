//! Source: the bytes of a file, by ranges.

use std::ops::Range;

use bytes::Bytes;

/// A file that is read by ranges.
pub trait Source: Send + Sync + 'static {
    /// Bytes of the file.
    fn size(&self) -> u64;

    /// The bytes in `range`, which lies in the file: all of them, or the cause why they could not be read.
    fn read(&self, range: Range<u64>) -> Result<Bytes, String>;
}

impl Source for Bytes {
    fn size(&self) -> u64 {
        self.len() as u64
    }

    fn read(&self, range: Range<u64>) -> Result<Bytes, String> {
        let range = usize::try_from(range.start).ok().zip(usize::try_from(range.end).ok());
        let within = range.filter(|(start, end)| start <= end && *end <= self.len());
        within.map(|(start, end)| self.slice(start..end)).ok_or_else(|| "beyond the end".to_owned())
    }
}
