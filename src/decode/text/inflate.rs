//! Gzip decompression, block by block.

use std::io::Write;

use flate2::write::MultiGzDecoder;

use crate::decode::reason::Reason;

/// First bytes of a gzip member (RFC 1952, section 2.3.1).
pub const MAGIC: [u8; 2] = [0x1f, 0x8b];
/// Compressed bytes that are inflated at a time: deflate gains a factor of at most 1,032
/// (zlib's technical details), so that one step yields at most 2.1 MB.
pub const STEP: usize = 2 << 10;

/// Inflates gzip data; several members follow one another as one.
pub struct Inflate {
    decoder: MultiGzDecoder<Vec<u8>>,
}

impl Default for Inflate {
    fn default() -> Self {
        Self { decoder: MultiGzDecoder::new(Vec::new()) }
    }
}

impl Inflate {
    /// Hands what `block` means to `take`, piece by piece.
    pub fn push(&mut self, block: &[u8], mut take: impl FnMut(&[u8])) -> Result<(), Reason> {
        for step in block.chunks(STEP) {
            let written = self.decoder.write_all(step);
            take(self.decoder.get_ref());
            self.decoder.get_mut().clear();
            written.map_err(|_| Reason::Corrupt)?;
        }
        Ok(())
    }

    /// Hands the rest to `take`; fails when the data ends too early or is not what was compressed.
    pub fn finish(mut self, mut take: impl FnMut(&[u8])) -> Result<(), Reason> {
        let ended = self.decoder.try_finish();
        take(self.decoder.get_ref());
        ended.map_err(|_| Reason::Truncated)
    }
}
