//! Compressed pages: unfolded to as many bytes as their headers say, and not to one more.
//!
//! The library's decoders of gzip, Brotli and framed LZ4 go on to the end of the data, whatever the header says. So it
//! is told that pages are not compressed, and they are unfolded here.
//!
//! Format: apache/parquet-format, `Compression.md`.

use std::io::Read;
use std::sync::{Arc, Mutex, PoisonError};

use brotli::Decompressor;
use flate2::read::MultiGzDecoder;
use lz4_flex::block::decompress_into;
use lz4_flex::frame::FrameDecoder;
use parquet::basic::Compression;

use super::fault::Fault;

/// The first seven bits of Brotli data with a window of up to 1 GB, which RFC 7932, section 9.1, reserves.
const BROTLI_LARGE_WINDOW: u8 = 0x11;

/// Unfolds the pages of all columns of a row group that are compressed by Zstandard, one at a time: it takes 100 kB, and
/// there may be thousands of columns.
#[derive(Clone, Default)]
pub struct SharedZstd(Arc<Mutex<Option<zstd::bulk::Decompressor<'static>>>>);

impl SharedZstd {
    fn unfold(&self, packed: &[u8], unfolded: &mut [u8]) -> Option<usize> {
        let mut shared = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if shared.is_none() {
            *shared = zstd::bulk::Decompressor::new().ok();
        }
        shared.as_mut()?.decompress_to_buffer(packed, unfolded).ok()
    }
}

/// Unfolds the pages of one column chunk.
pub enum Unfolder {
    Brotli,
    Gzip,
    /// In the frames of Hadoop, of LZ4 itself, or in none: writers differ.
    Lz4,
    Lz4Raw,
    Snappy(snap::raw::Decoder),
    Zstd(SharedZstd),
}

impl Unfolder {
    /// For pages that are compressed so; `None` where they are not.
    pub fn of(compression: Compression, zstd: &SharedZstd) -> Result<Option<Self>, Fault> {
        Ok(Some(match compression {
            Compression::UNCOMPRESSED => return Ok(None),
            Compression::BROTLI(_) => Self::Brotli,
            Compression::GZIP(_) => Self::Gzip,
            Compression::LZ4 => Self::Lz4,
            Compression::LZ4_RAW => Self::Lz4Raw,
            Compression::SNAPPY => Self::Snappy(snap::raw::Decoder::new()),
            Compression::ZSTD(_) => Self::Zstd(zstd.clone()),
            Compression::LZO => return Err(Fault::damaged("pages compressed by LZO cannot be read")),
        }))
    }

    /// Fills `unfolded` with what `packed` holds; `None` where that is damaged, shorter or longer.
    pub fn unfold(&mut self, packed: &[u8], unfolded: &mut [u8]) -> Option<()> {
        let n_bytes = unfolded.len();
        let n_written = match self {
            Self::Brotli if packed.first().is_some_and(|first| first & 0x7f == BROTLI_LARGE_WINDOW) => None,
            Self::Brotli => fill(Decompressor::new(packed, packed.len()), unfolded),
            Self::Gzip => fill(MultiGzDecoder::new(packed), unfolded),
            Self::Lz4 => hadoop_frames(packed, unfolded)
                .filter(|n_written| *n_written == n_bytes)
                .or_else(|| fill(FrameDecoder::new(packed), unfolded))
                .or_else(|| decompress_into(packed, unfolded).ok()),
            Self::Lz4Raw => decompress_into(packed, unfolded).ok(),
            Self::Snappy(decoder) => decoder.decompress(packed, unfolded).ok(),
            Self::Zstd(shared) => shared.unfold(packed, unfolded),
        };
        n_written.filter(|n_written| *n_written == n_bytes).map(|_| ())
    }
}

/// Fills `unfolded` from a reader that must end then.
fn fill(mut reader: impl Read, unfolded: &mut [u8]) -> Option<usize> {
    reader.read_exact(unfolded).ok()?;
    let n_more = reader.read(&mut [0]).ok()?;
    (n_more == 0).then_some(unfolded.len())
}

/// Frames of Hadoop's codec: the sizes that a block unfolds to and that it has, each as four bytes, big end first, and
/// the block. How many bytes they unfold to.
fn hadoop_frames(mut packed: &[u8], unfolded: &mut [u8]) -> Option<usize> {
    let mut n_written = 0;
    while !packed.is_empty() {
        let (to, rest) = packed.split_first_chunk()?;
        let (from, rest) = rest.split_first_chunk()?;
        let (to, from) = (u32::from_be_bytes(*to) as usize, u32::from_be_bytes(*from) as usize);
        let (block, rest) = rest.split_at_checked(from)?;
        let target = unfolded.get_mut(n_written..)?.get_mut(..to)?;
        if decompress_into(block, target).ok()? != to {
            return None;
        }
        n_written += to;
        packed = rest;
    }
    Some(n_written)
}
