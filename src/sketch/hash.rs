//! Text hash (xxHash64): computed once for a cell, and used by every sketch.

use twox_hash::XxHash64;

/// Seed of Apache Spark's `XxHash64Function` (Apache-2.0), which AWS's distinct counts rest on.
const SEED: u64 = 42;

/// xxHash64 of the text's UTF-8 bytes.
#[inline]
pub fn text_hash(text: &str) -> u64 {
    XxHash64::oneshot(SEED, text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_algorithm_is_the_published_one() {
        assert_eq!(XxHash64::oneshot(0, b""), 0xEF46_DB37_51D8_E999);
        assert_eq!(XxHash64::oneshot(0, b"abc"), 0x44BC_2CF5_AD77_0999);
    }

    #[test]
    fn numbers_are_hashed_as_written() {
        assert_ne!(text_hash("1"), text_hash("1.0"));
    }
}
