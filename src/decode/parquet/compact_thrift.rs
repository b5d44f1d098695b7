//! Thrift compact protocol: a walk over a structure that holds every length against the bytes that are left.
//!
//! Format: Apache Thrift, `doc/specs/thrift-compact-protocol.md`.

/// Deepest nesting of structures and lists; those of Parquet are nested six deep.
const MAX_DEPTH: u32 = 32;
/// Longest variable-length integer, in bytes.
const MAX_VARINT: u32 = 10;

/// Bytes, one after the other.
pub trait Walk {
    /// The next byte; `None` at the end.
    fn byte(&mut self) -> Option<u8>;
    /// Passes over `n` bytes; `None` where fewer are left.
    fn skip(&mut self, n: u64) -> Option<()>;
    /// Bytes that are left.
    fn left(&self) -> u64;
}

impl Walk for &[u8] {
    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.split_first()?;
        *self = rest;
        Some(*first)
    }

    fn skip(&mut self, n: u64) -> Option<()> {
        *self = self.get(usize::try_from(n).ok()?..)?;
        Some(())
    }

    fn left(&self) -> u64 {
        self.len() as u64
    }
}

/// Walks over one structure; `number` gets the fields of the outermost one that are integers: id and value. `None`
/// where it is not well-formed, or longer than the bytes.
pub fn walk_structure(bytes: &mut impl Walk, number: &mut impl FnMut(i64, i64)) -> Option<()> {
    structure(bytes, 0, number)
}

fn structure(bytes: &mut impl Walk, depth: u32, number: &mut impl FnMut(i64, i64)) -> Option<()> {
    let mut id = 0_i64;
    loop {
        let head = bytes.byte()?;
        if head == 0 {
            return Some(());
        }
        id = match head >> 4 {
            0 => zigzag(varint(bytes)?),
            delta => id.checked_add(i64::from(delta))?,
        };
        match head & 0x0f {
            4..=6 => {
                let value = zigzag(varint(bytes)?);
                if depth == 0 {
                    number(id, value);
                }
            }
            // A Boolean field is its head.
            1 | 2 => {}
            kind => value(bytes, kind, depth)?,
        }
    }
}

fn value(bytes: &mut impl Walk, kind: u8, depth: u32) -> Option<()> {
    if depth > MAX_DEPTH {
        return None;
    }
    match kind {
        1..=3 => bytes.skip(1),
        4..=6 => varint(bytes).map(|_| ()),
        7 => bytes.skip(8),
        8 => {
            let n = varint(bytes)?;
            bytes.skip(n)
        }
        9 | 10 => {
            let head = bytes.byte()?;
            let n = if head >> 4 == 15 { varint(bytes)? } else { u64::from(head >> 4) };
            elements(bytes, n, &[head & 0x0f], depth)
        }
        11 => {
            let n = varint(bytes)?;
            let kinds = if n == 0 { 0 } else { bytes.byte()? };
            elements(bytes, n, &[kinds >> 4, kinds & 0x0f], depth)
        }
        12 => structure(bytes, depth + 1, &mut |_, _| ()),
        _ => None,
    }
}

/// Each element takes a byte at least.
fn elements(bytes: &mut impl Walk, n: u64, kinds: &[u8], depth: u32) -> Option<()> {
    if n > bytes.left() {
        return None;
    }
    for _ in 0..n {
        for kind in kinds {
            value(bytes, *kind, depth + 1)?;
        }
    }
    Some(())
}

fn varint(bytes: &mut impl Walk) -> Option<u64> {
    let mut number = 0_u64;
    for place in 0..MAX_VARINT {
        let byte = bytes.byte()?;
        number |= u64::from(byte & 0x7f).checked_shl(7 * place).unwrap_or(0);
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

fn zigzag(number: u64) -> i64 {
    (number >> 1) as i64 ^ -((number & 1) as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(mut bytes: &[u8]) -> Option<Vec<(i64, i64)>> {
        let mut found = Vec::new();
        walk_structure(&mut bytes, &mut |id, value| found.push((id, value)))?;
        Some(found)
    }

    #[test]
    fn integers_of_the_outermost_structure_are_found() {
        // 1: i32 2; 2: i32 -3; 4: {1: i32 9}; 5: list of two binaries; 7: true.
        let bytes = [0x15, 4, 0x15, 5, 0x2c, 0x15, 18, 0, 0x19, 0x28, 1, b'a', 0, 0x21, 0];
        assert_eq!(numbers(&bytes), Some(vec![(1, 2), (2, -3)]));
    }

    #[test]
    fn lengths_beyond_the_bytes_are_refused() {
        for bytes in [
            // A binary of 5 of 1 bytes, of 2^35, a list of 2^35 structures, an end that is missing.
            &[0x18, 5, b'a'][..],
            &[0x18, 0x80, 0x80, 0x80, 0x80, 0x80, 1, 0],
            &[0x19, 0xfc, 0x80, 0x80, 0x80, 0x80, 0x80, 1, 0, 0],
            &[0x15, 4],
            &[],
        ] {
            assert_eq!(numbers(bytes), None, "{bytes:?}");
        }
        assert_eq!(numbers(&[0x1c; 1_000]), None, "nested too deep");
        assert_eq!(numbers(&[0x19; 1_000]), None, "nested too deep");
    }
}
