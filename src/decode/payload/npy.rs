//! NumPy arrays (NEP 1, versions 1 to 3) of numbers or truth values: the first dimension counts the rows, all others
//! are cells.

use std::fmt::Write;

use arrow::datatypes::{ArrowPrimitiveType, Float16Type};

use crate::decode::batch::arrow_text::BEYOND_RANGE;
use crate::decode::limits::MAX_COLUMNS;
use crate::decode::reason::Reason;

/// A number of 16 bits.
type Half = <Float16Type as ArrowPrimitiveType>::Native;

/// Bytes before the header's length, and of the length in version 1 and later.
const PREFIX: usize = 8;

/// Comma-separated rows of an array, `max_text` bytes at most.
pub fn rows(bytes: &[u8], max_text: usize) -> Result<String, Reason> {
    let array = Array::of(bytes).ok_or(Reason::BinaryPayload)?;
    let width = array.shape.iter().skip(1).try_fold(1_usize, |product, &n| product.checked_mul(n));
    let width = width.ok_or(Reason::InvalidPayload)?;
    let n_rows = array.shape.first().copied().unwrap_or(1);
    let n_cells = n_rows.checked_mul(width).ok_or(Reason::InvalidPayload)?;
    if width > MAX_COLUMNS {
        return Err(Reason::TooManyColumns);
    }
    let has_empty_rows = n_rows > 0 && width == 0;
    if has_empty_rows || n_cells.checked_mul(array.kind.size()) != Some(array.data.len()) {
        return Err(Reason::InvalidPayload);
    }
    let mut text = String::new();
    for row in 0..n_rows {
        for cell in 0..width {
            let place = if array.is_fortran { cell_place_fortran(&array.shape, row, cell) } else { row * width + cell };
            if cell > 0 {
                text.push(',');
            }
            array.kind.write(&array.data[place * array.kind.size()..][..array.kind.size()], &mut text);
        }
        text.push('\n');
        if text.len() > max_text {
            return Err(Reason::RecordTooLarge);
        }
    }
    Ok(text)
}

/// The place of a row's cell where the first index varies fastest.
fn cell_place_fortran(shape: &[usize], row: usize, mut cell: usize) -> usize {
    let (mut place, mut stride) = (row, shape.first().copied().unwrap_or(1));
    let mut strides = Vec::new();
    for &n in shape.iter().skip(1) {
        strides.push((n, stride));
        stride *= n;
    }
    for (n, stride) in strides.into_iter().rev() {
        place += cell % n.max(1) * stride;
        cell /= n.max(1);
    }
    place
}

struct Array<'a> {
    kind: Kind,
    is_fortran: bool,
    shape: Vec<usize>,
    data: &'a [u8],
}

impl<'a> Array<'a> {
    fn of(bytes: &'a [u8]) -> Option<Self> {
        let (n_length, header_at) = if *bytes.get(6)? == 1 { (2, PREFIX + 2) } else { (4, PREFIX + 4) };
        let length = bytes.get(PREFIX..PREFIX + n_length)?;
        let length = length.iter().rev().fold(0_usize, |sum, &byte| sum << 8 | usize::from(byte));
        let header = std::str::from_utf8(bytes.get(header_at..header_at.checked_add(length)?)?).ok()?;
        let data = &bytes[header_at + length..];
        let kind = Kind::of(value_of(header, "descr")?.trim_matches(['\'', '"']))?;
        let is_fortran = value_of(header, "fortran_order")?.starts_with("True");
        let dimensions = header.split_once("shape")?.1.split_once('(')?.1.split_once(')')?.0;
        let dimensions = dimensions.split(',').map(str::trim).filter(|number| !number.is_empty());
        let shape: Option<Vec<usize>> = dimensions.map(|number| number.parse().ok()).collect();
        Some(Self { kind, is_fortran, shape: shape?, data })
    }
}

/// What stands under a key of the header, a dictionary as Python writes it.
fn value_of<'h>(header: &'h str, key: &str) -> Option<&'h str> {
    let after = header.split_once(key)?.1.split_once(':')?.1;
    Some(after.split(',').next()?.trim())
}

/// How one number is written.
#[derive(Clone, Copy)]
struct Kind {
    is_big_endian: bool,
    letter: u8,
    size: usize,
}

impl Kind {
    fn of(text: &str) -> Option<Self> {
        let (order, rest) = text.split_at_checked(1)?;
        let (letter, size) = rest.split_at_checked(1)?;
        let kind = Self {
            is_big_endian: match order {
                "<" | "|" | "=" => false,
                ">" => true,
                _ => return None,
            },
            letter: letter.bytes().next()?,
            size: size.parse().ok()?,
        };
        matches!((kind.letter, kind.size), (b'f', 2 | 4 | 8) | (b'i' | b'u', 1 | 2 | 4 | 8) | (b'b', 1)).then_some(kind)
    }

    fn size(self) -> usize {
        self.size
    }

    fn write(self, bytes: &[u8], out: &mut String) {
        let mut little = [0_u8; 8];
        little[..bytes.len()].copy_from_slice(bytes);
        if self.is_big_endian {
            little[..bytes.len()].reverse();
        }
        let bits = u64::from_le_bytes(little);
        let unused = 64 - 8 * self.size as u32;
        // Writing to a String cannot fail.
        let _ = match (self.letter, self.size) {
            (b'f', 2) => {
                write_float(f64::from(Half::from_bits(bits as u16)), f64::from(Half::from_bits(bits as u16)), out)
            }
            (b'f', 4) => write_float(f64::from(f32::from_bits(bits as u32)), f32::from_bits(bits as u32), out),
            (b'f', _) => write_float(f64::from_bits(bits), f64::from_bits(bits), out),
            (b'i', _) => write!(out, "{}", (bits << unused).cast_signed() >> unused),
            (b'b', _) => write!(out, "{}", bits != 0),
            _ => write!(out, "{bits}"),
        };
    }
}

/// Writes a number as it is shown; nothing for what is none, and what reads as infinite for infinite ones, as in
/// columnar files.
fn write_float(number: f64, shown: impl std::fmt::Debug, out: &mut String) -> std::fmt::Result {
    if number.is_nan() {
        Ok(())
    } else if number.is_infinite() {
        write!(out, "{}", BEYOND_RANGE[usize::from(number < 0.0)])
    } else {
        write!(out, "{shown:?}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(bytes: &[u8]) -> Result<String, Reason> {
        super::rows(bytes, 1_000)
    }

    fn npy(descr: &str, order: &str, shape: &str, data: &[u8]) -> Vec<u8> {
        let header = format!("{{'descr': '{descr}', 'fortran_order': {order}, 'shape': {shape}, }}\n");
        let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
        bytes.extend((header.len() as u16).to_le_bytes());
        bytes.extend(header.as_bytes());
        bytes.extend(data);
        bytes
    }

    #[test]
    fn arrays_are_rows_of_cells() {
        let doubles: Vec<u8> = [0.5_f64, 2.0, -1e300, f64::NAN].iter().flat_map(|x| x.to_le_bytes()).collect();
        assert_eq!(rows(&npy("<f8", "False", "(2, 2)", &doubles)).as_deref(), Ok("0.5,2.0\n-1e300,\n"));
        assert_eq!(rows(&npy("<f8", "False", "(4,)", &doubles)).as_deref(), Ok("0.5\n2.0\n-1e300\n\n"));
        assert_eq!(rows(&npy("<f8", "True", "(2, 2)", &doubles)).as_deref(), Ok("0.5,-1e300\n2.0,\n"));
        let singles: Vec<u8> = [0.1_f32, 3.0].iter().flat_map(|x| x.to_be_bytes()).collect();
        assert_eq!(rows(&npy(">f4", "False", "(1, 2)", &singles)).as_deref(), Ok("0.1,3.0\n"));
        assert_eq!(rows(&npy("|b1", "False", "(2,)", &[0, 1])).as_deref(), Ok("false\ntrue\n"));
        let numbers: Vec<u8> = [-2_i16, 300].iter().flat_map(|x| x.to_le_bytes()).collect();
        assert_eq!(rows(&npy("<i2", "False", "(2,1)", &numbers)).as_deref(), Ok("-2\n300\n"));
        let fortran: Vec<u8> = (0..12_u8).collect();
        let text = rows(&npy("|u1", "True", "(2, 3, 2)", &fortran));
        assert_eq!(text.as_deref(), Ok("0,6,2,8,4,10\n1,7,3,9,5,11\n"));
    }

    #[test]
    fn arrays_whose_text_is_too_long_are_refused() {
        let array = npy("|i1", "False", "(100,)", &[0x80; 100]);
        assert_eq!(super::rows(&array, 500).map(|text| text.len()), Ok(500));
        assert_eq!(super::rows(&array, 499), Err(Reason::RecordTooLarge));
    }

    #[test]
    fn what_is_no_array_of_numbers_is_refused() {
        assert_eq!(rows(b"\x93NUMPY"), Err(Reason::BinaryPayload));
        assert_eq!(rows(&npy("|O", "False", "(1,)", &[0])), Err(Reason::BinaryPayload));
        assert_eq!(rows(&npy("<f8", "False", "(2,)", &[0; 8])), Err(Reason::InvalidPayload));
        let huge = format!("({0}, {0})", usize::MAX);
        assert_eq!(rows(&npy("<f8", "False", &huge, &[])), Err(Reason::InvalidPayload));
        assert_eq!(rows(&npy("<f8", "False", "(1000000000, 0)", &[])), Err(Reason::InvalidPayload));
        assert_eq!(rows(&npy("<f8", "False", "(0, 99999999)", &[])), Err(Reason::TooManyColumns));
    }
}
