//! Arrow string views (columnar format, variable-size binary view layout).

/// Longest text that lives inside its view.
pub const INLINE: usize = 12;

/// The view of a text that fits into it: its length, then its bytes. Reads the bytes in at most two
/// overlapping pieces, since copying so few byte by byte, or by a call, takes longer.
#[inline]
pub fn inline_view(text: &[u8]) -> Option<u128> {
    let len = text.len();
    let bytes = match len {
        0 => 0,
        1..=3 => {
            let byte = |at: usize| u128::from(text[at]) << (8 * at);
            byte(0) | byte(len / 2) | byte(len - 1)
        }
        4..=7 => {
            let (first, last) = (u32::from_le_bytes(*text.first_chunk()?), u32::from_le_bytes(*text.last_chunk()?));
            u128::from(first) | u128::from(last) << (8 * (len - 4))
        }
        8..=INLINE => {
            let (first, last) = (u64::from_le_bytes(*text.first_chunk()?), u64::from_le_bytes(*text.last_chunk()?));
            u128::from(first) | u128::from(last) << (8 * (len - 8))
        }
        _ => return None,
    };
    Some(len as u128 | bytes << 32)
}

/// The view of a longer text that lies at `offset` of buffer 0: length, first four bytes, buffer, offset.
pub fn outer_view(text: &[u8], offset: usize) -> u128 {
    let prefix = text.first_chunk().map_or(0, |first| u32::from_le_bytes(*first));
    text.len() as u128 | u128::from(prefix) << 32 | (offset as u128) << 96
}

#[cfg(test)]
mod tests {
    use arrow::array::builder::make_view;

    use super::*;

    #[test]
    fn views_are_arrows_own() {
        let text = "0123456789abcdefghijklmnop".as_bytes();
        for len in 0..=text.len() {
            let view = inline_view(&text[..len]).unwrap_or_else(|| outer_view(&text[..len], 77));
            assert_eq!(view, make_view(&text[..len], 0, 77), "{len}");
        }
    }
}
