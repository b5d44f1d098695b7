//! Delta encoding: the number of values that a block claims, before anything is allocated for them.
//!
//! Format: apache/parquet-format, `Encodings.md`, DELTA_BINARY_PACKED (5), DELTA_LENGTH_BYTE_ARRAY (6) and
//! DELTA_BYTE_ARRAY (7).

/// Whether the block that `data` begins with claims at most `n_values` values; where `is_followed` so must the one
/// behind it.
pub fn is_believable(data: &[u8], n_values: u64, is_followed: bool) -> bool {
    let Some((claimed, rest)) = block(data) else { return false };
    claimed <= n_values && (!is_followed || block(rest).is_some_and(|(claimed, _)| claimed <= n_values))
}

/// The number of values that a block claims, and what follows it.
fn block(mut data: &[u8]) -> Option<(u64, &[u8])> {
    let (block_size, n_mini, n_values) = (varint(&mut data)?, varint(&mut data)?, varint(&mut data)?);
    // The first value; the others are differences.
    varint(&mut data)?;
    let in_mini = block_size.checked_div(n_mini)?;
    let mut left = n_values.saturating_sub(1);
    while left > 0 {
        varint(&mut data)?;
        let (widths, packed) = data.split_at_checked(usize::try_from(n_mini).ok()?)?;
        data = packed;
        for width in widths.iter().take_while(|_| in_mini > 0) {
            if left == 0 {
                break;
            }
            let n_bytes = in_mini.checked_mul(u64::from(*width))? / 8;
            data = data.get(usize::try_from(n_bytes).ok()?..)?;
            left = left.saturating_sub(in_mini);
        }
        if in_mini == 0 || widths.is_empty() {
            return None;
        }
    }
    Some((n_values, data))
}

fn varint(data: &mut &[u8]) -> Option<u64> {
    let mut number = 0_u64;
    for place in 0..10 {
        let (byte, rest) = data.split_first()?;
        *data = rest;
        number |= u64::from(byte & 0x7f).checked_shl(7 * place).unwrap_or(0);
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A block of five values that differ by one: 128 values a block, 4 miniblocks, no bits for differences of 0.
    const FIVE: [u8; 10] = [0x80, 1, 4, 5, 2, 2, 0, 0, 0, 0];

    #[test]
    fn blocks_are_passed_over() {
        assert_eq!(block(&FIVE), Some((5, &[][..])));
        let two = [FIVE, FIVE].concat();
        assert!(is_believable(&two, 5, true));
        assert!(!is_believable(&two, 4, true));
        assert!(!is_believable(&FIVE, 5, true), "nothing follows");
        assert!(is_believable(&FIVE, 5, false));
    }

    #[test]
    fn claims_beyond_the_data_are_not_believed() {
        let huge = [0x80, 1, 4, 0xff, 0xff, 0xff, 0xff, 0x7f, 2];
        assert!(!is_believable(&huge, 1_000, false));
        assert!(!is_believable(&[0x80, 1, 0, 5, 2], 5, false), "no miniblocks");
        assert!(!is_believable(&[], 0, false));
    }
}
