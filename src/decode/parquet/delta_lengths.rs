//! Delta encodings: what a page claims to unfold to, before anything is allocated for it.
//!
//! Format: apache/parquet-format, `Encodings.md`, DELTA_BINARY_PACKED (5), DELTA_LENGTH_BYTE_ARRAY (6) and
//! DELTA_BYTE_ARRAY (7).

use parquet::basic::Encoding;

/// Bytes of a length in memory.
const LENGTH_BYTES: u64 = 4;

/// Whether values are encoded as differences.
pub fn is_delta(encoding: Encoding) -> bool {
    use Encoding::{DELTA_BINARY_PACKED, DELTA_BYTE_ARRAY, DELTA_LENGTH_BYTE_ARRAY};
    matches!(encoding, DELTA_BINARY_PACKED | DELTA_LENGTH_BYTE_ARRAY | DELTA_BYTE_ARRAY)
}

/// Bytes that decoding the values of a page takes beside them, if they are encoded as differences; `None` where they
/// contradict themselves, or claim more than `n_values`. Texts are not looked at where their lengths alone take more
/// than `limit`.
pub fn decoded_bytes(data: &[u8], encoding: Encoding, n_values: u64, limit: u64) -> Option<u64> {
    // A page of nulls may leave out its values.
    if data.is_empty() {
        return Some(0);
    }
    let (n_claimed, rest) = block(data, None).filter(|(claimed, _)| *claimed <= n_values)?;
    let lengths = n_claimed * LENGTH_BYTES;
    match encoding {
        Encoding::DELTA_LENGTH_BYTE_ARRAY => Some(lengths),
        Encoding::DELTA_BYTE_ARRAY => {
            block(rest, None).filter(|(claimed, _)| *claimed == n_claimed)?;
            let both = 2 * lengths;
            if both > limit { Some(both) } else { Some(both.saturating_add(text_bytes(data)?)) }
        }
        _ => Some(0),
    }
}

/// Bytes of all texts that share prefixes; `None` where one shares more with the one before than that has.
fn text_bytes(data: &[u8]) -> Option<u64> {
    let mut prefixes = Vec::new();
    let (_, rest) = block(data, Some(&mut |length| prefixes.push(length)))?;
    let (mut prefixes, mut last, mut sum) = (prefixes.into_iter(), 0_i64, 0_u64);
    let mut are_right = true;
    block(
        rest,
        Some(&mut |suffix| {
            let prefix = i64::from(prefixes.next().unwrap_or(0));
            are_right &= (0..=last).contains(&prefix) && suffix >= 0;
            last = prefix + i64::from(suffix);
            sum = sum.saturating_add(last.max(0) as u64);
        }),
    )?;
    are_right.then_some(sum)
}

/// The number of values that a block claims, and what follows it; `each` gets the values.
fn block<'a>(mut data: &'a [u8], mut each: Option<&mut dyn FnMut(i32)>) -> Option<(u64, &'a [u8])> {
    let (block_size, n_mini, n_values) = (varint(&mut data)?, varint(&mut data)?, varint(&mut data)?);
    // The others are differences; numbers of 32 bits wrap around.
    let mut value = zigzag(varint(&mut data)?);
    let in_mini = block_size.checked_div(n_mini)?;
    let mut left = n_values.saturating_sub(1);
    if let Some(each) = each.as_mut().filter(|_| n_values > 0) {
        each(value);
    }
    while left > 0 {
        let least = zigzag(varint(&mut data)?);
        let (widths, packed) = data.split_at_checked(usize::try_from(n_mini).ok()?)?;
        data = packed;
        for width in widths.iter().take_while(|_| in_mini > 0) {
            if left == 0 {
                break;
            }
            let n_bytes = in_mini.checked_mul(u64::from(*width))? / 8;
            let (packed, rest) = data.split_at_checked(usize::try_from(n_bytes).ok()?)?;
            data = rest;
            if let Some(each) = &mut each {
                for place in 0..in_mini.min(left) {
                    value = value.wrapping_add(least).wrapping_add(bits(packed, place, *width));
                    each(value);
                }
            }
            left = left.saturating_sub(in_mini);
        }
        if in_mini == 0 || widths.is_empty() {
            return None;
        }
    }
    Some((n_values, data))
}

/// The lowest 32 bits of the packed number at `place`, each of `width` bits, the lowest first.
fn bits(packed: &[u8], place: u64, width: u8) -> i32 {
    let first = place * u64::from(width);
    let rest = packed.get((first / 8) as usize..).unwrap_or_default();
    let word = match rest.first_chunk() {
        Some(bytes) => u64::from_le_bytes(*bytes),
        None => rest.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte)),
    } >> (first % 8);
    // Shifted by seven bits at most, 32 of them are whole.
    (word & 1_u64.checked_shl(u32::from(width)).map_or(u64::MAX, |end| end - 1)) as u32 as i32
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

fn zigzag(number: u64) -> i32 {
    ((number >> 1) as i64 ^ -((number & 1) as i64)) as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A block of five values that differ by one: 128 values a block, 4 miniblocks, no bits for differences of 0.
    const FIVE: [u8; 10] = [0x80, 1, 4, 5, 2, 2, 0, 0, 0, 0];

    fn values(data: &[u8]) -> Vec<i32> {
        let mut values = Vec::new();
        block(data, Some(&mut |value| values.push(value))).expect("a block");
        values
    }

    #[test]
    fn blocks_are_passed_over() {
        assert_eq!(block(&FIVE, None), Some((5, &[][..])));
        assert_eq!(values(&FIVE), [1, 2, 3, 4, 5]);
    }

    #[test]
    fn packed_differences_are_added_up() {
        // 32 values a block, one miniblock, two bits for each difference above -1.
        let data = [0x20, 1, 6, 20, 1, 2, 0b11_10_01_00, 0b11, 0, 0, 0, 0, 0, 0];
        assert_eq!(values(&data), [10, 9, 9, 10, 12, 14]);
        // Of 40 bits each, as no writer packs lengths: the lowest 32 of them count.
        assert_eq!(bits(&[0, 0, 0, 0, 0xff, 5, 0, 0, 0, 0xff], 1, 40), 5);
    }

    #[test]
    fn claims_beyond_the_data_are_not_believed() {
        let claimed = |data: &[u8], n_values| decoded_bytes(data, Encoding::DELTA_LENGTH_BYTE_ARRAY, n_values, 1_000);
        let huge = [0x80, 1, 4, 0xff, 0xff, 0xff, 0xff, 0x7f, 2];
        assert_eq!(claimed(&huge, 1_000), None);
        assert_eq!(claimed(&[0x80, 1, 0, 5, 2], 5), None, "no miniblocks");
        assert_eq!(claimed(&FIVE, 4), None);
        assert_eq!(claimed(&FIVE, 5), Some(20));
        assert_eq!(claimed(&[], 5), Some(0), "nulls");
    }

    #[test]
    fn texts_unfold_to_what_their_prefixes_and_suffixes_add_up_to() {
        let claimed = |data: &[u8]| decoded_bytes(data, Encoding::DELTA_BYTE_ARRAY, 5, 1_000);
        // Prefixes of 0, 1, 2, 3 and 4 bytes, and one byte more each time: 1 + 2 + 3 + 4 + 5.
        let prefixes = [0x80, 1, 4, 5, 0, 2, 0, 0, 0, 0];
        let ones = [0x80, 1, 4, 5, 2, 0, 0, 0, 0, 0];
        assert_eq!(claimed(&[prefixes, ones].concat()), Some(2 * 20 + 15));
        assert_eq!(claimed(&[FIVE, ones].concat()), None, "the first text shares a byte with none");
        assert_eq!(claimed(&prefixes), None, "nothing follows");
    }
}
