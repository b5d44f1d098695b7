//! Type inference of one cell's text: what it looks like, and the number it stands for.
//!
//! The kinds are matched as a whole, in the order of awslabs/deequ `DataTypeHistogram` and
//! `StatefulDataType` (Apache-2.0), ASCII digits only:
//!
//! | kind | pattern |
//! |---|---|
//! | Fractional | `(-\|\+)? ?\d+((\.\d+)\|((?:\.\d+)?[Ee][-+]?\d+))` |
//! | Integral | `(-\|\+)? ?\d+` |
//! | Boolean | `true\|false` |
//! | String | anything else |

/// Most decimal digits that always fit into 64 bits unsigned.
const MAX_EXACT_DIGITS: u32 = 19;
/// Largest integer up to which every integer is a double.
const MAX_EXACT_DOUBLE: u64 = 1 << 53;
/// Powers of ten that are exact doubles. A quotient of two exact doubles is rounded once, so it is
/// the double nearest to the decimal (Clinger, "How to read floating point numbers accurately", PLDI 1990).
const POWERS_OF_TEN: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
    1e21, 1e22,
];

/// What a cell looks like.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Cell<'a> {
    Number(Number<'a>),
    Boolean,
    String,
}

/// A cell that matches one of the two patterns of numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Number<'a> {
    text: &'a str,
    pub is_fractional: bool,
    is_negative: bool,
    /// A space stands between sign and digits: the cell counts as a number but has no value.
    has_inner_space: bool,
    has_exponent: bool,
    /// The digits without sign and point, when there are at most [`MAX_EXACT_DIGITS`] after leading zeros.
    mantissa: u64,
    n_digits: u32,
    n_fraction_digits: usize,
}

impl<'a> Cell<'a> {
    /// Looks at a cell in one pass.
    #[inline]
    pub fn of(text: &'a str) -> Self {
        match Number::of(text) {
            Some(number) => Self::Number(number),
            None if text == "true" || text == "false" => Self::Boolean,
            None => Self::String,
        }
    }
}

impl<'a> Number<'a> {
    #[inline]
    fn of(text: &'a str) -> Option<Self> {
        let bytes = text.as_bytes();
        let first = *bytes.first()?;
        let has_sign = first == b'-' || first == b'+';
        let mut at = usize::from(has_sign);
        let has_space = bytes.get(at) == Some(&b' ');
        at += usize::from(has_space);
        let mut number = Self {
            text,
            is_fractional: false,
            is_negative: first == b'-',
            has_inner_space: has_sign && has_space,
            has_exponent: false,
            mantissa: 0,
            n_digits: 0,
            n_fraction_digits: 0,
        };
        at = number.take_digits(bytes, at)?;
        if bytes.get(at) == Some(&b'.') {
            let start = at + 1;
            at = number.take_digits(bytes, start)?;
            number.n_fraction_digits = at - start;
            number.is_fractional = true;
        }
        if matches!(bytes.get(at), Some(b'e' | b'E')) {
            at += 1;
            at += usize::from(matches!(bytes.get(at), Some(b'-' | b'+')));
            let exponent = bytes.get(at..)?;
            if exponent.is_empty() || !exponent.iter().all(u8::is_ascii_digit) {
                return None;
            }
            at = bytes.len();
            number.is_fractional = true;
            number.has_exponent = true;
        }
        (at == bytes.len()).then_some(number)
    }

    /// Reads at least one digit from `at` on; the place after the last one.
    #[inline]
    fn take_digits(&mut self, bytes: &[u8], at: usize) -> Option<usize> {
        let mut end = at;
        while let Some(digits) = bytes.get(end..).and_then(eight_digits) {
            let n_zeros = if self.n_digits == 0 { digits.trailing_zeros() / 8 } else { 0 };
            self.n_digits += 8 - n_zeros.min(8);
            self.mantissa = self.mantissa.wrapping_mul(100_000_000).wrapping_add(value_of_eight(digits));
            end += 8;
        }
        while let Some(digit) = bytes.get(end).map(|byte| byte.wrapping_sub(b'0')).filter(|digit| *digit < 10) {
            self.mantissa = self.mantissa.wrapping_mul(10).wrapping_add(u64::from(digit));
            self.n_digits += u32::from(self.n_digits > 0 || digit > 0);
            end += 1;
        }
        (end > at).then_some(end)
    }

    /// The number as a double: infinite when it is too large, `None` when it has no value.
    #[inline]
    pub fn double(&self) -> Option<f64> {
        if self.has_inner_space {
            return None;
        }
        let is_exact = self.n_digits <= MAX_EXACT_DIGITS && !self.has_exponent;
        let magnitude = match POWERS_OF_TEN.get(self.n_fraction_digits) {
            Some(_) if is_exact && self.n_fraction_digits == 0 => self.mantissa as f64,
            Some(power) if is_exact && self.mantissa <= MAX_EXACT_DOUBLE => self.mantissa as f64 / power,
            _ => return self.text.trim_start_matches(' ').parse().ok(),
        };
        Some(if self.is_negative { -magnitude } else { magnitude })
    }

    /// The number as a 64-bit integer; `None` when it is beyond, or has no value.
    #[inline]
    pub fn long(&self) -> Option<i64> {
        if self.has_inner_space || self.is_fractional || self.n_digits > MAX_EXACT_DIGITS {
            return None;
        }
        if self.is_negative { 0i64.checked_sub_unsigned(self.mantissa) } else { i64::try_from(self.mantissa).ok() }
    }
}

/// The first eight bytes when all are digits, each byte the digit's value, the first one lowest.
#[inline]
fn eight_digits(bytes: &[u8]) -> Option<u64> {
    let chunk = u64::from_le_bytes(*bytes.first_chunk()?);
    let digits = chunk ^ 0x3030_3030_3030_3030;
    // Adding 0x76 sets the high bit of a byte above nine; a high bit that is set already stays seen.
    let above_nine = digits.wrapping_add(0x7676_7676_7676_7676) | digits;
    (above_nine & 0x8080_8080_8080_8080 == 0).then_some(digits)
}

/// The number that eight digits write: neighbours are joined to pairs, fours and eights.
#[inline]
fn value_of_eight(digits: u64) -> u64 {
    let pairs = digits.wrapping_mul(10).wrapping_add(digits >> 8) & 0x00FF_00FF_00FF_00FF;
    let fours = pairs.wrapping_mul(100).wrapping_add(pairs >> 16) & 0x0000_FFFF_0000_FFFF;
    fours.wrapping_mul(10_000).wrapping_add(fours >> 32) & 0xFFFF_FFFF
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn kind(text: &str) -> &'static str {
        match Cell::of(text) {
            Cell::Number(number) if number.is_fractional => "Fractional",
            Cell::Number(_) => "Integral",
            Cell::Boolean => "Boolean",
            Cell::String => "String",
        }
    }

    #[test]
    fn kinds_of_cells() {
        for (expected, texts) in [
            ("Integral", "0|1|-1|+1| 1|- 1|+ 1|007|-0|99999999999999999999999"),
            ("Fractional", "0.5|-0.5|+ 0.5| 1.5|1e5|1E5|1e-5|1.5E+10|1E400|- 1.0|00.10|1.0e0"),
            ("Boolean", "true|false"),
            (
                "String",
                "True|FALSE|true |.5|5.|1,000|NaN|inf|Infinity|1e|1e+|e5|-|+| |1 |--1|- -1|  1|1.2.3|1.5e5.5|0x10|1_0|٣|1\n|-  1|\u{a0}1|1.e5|1e5 |1d|+-1",
            ),
        ] {
            for text in texts.split('|') {
                assert_eq!(kind(text), expected, "{text:?}");
            }
        }
        assert_eq!(kind(""), "String");
    }

    #[test]
    fn numbers_of_cells() {
        let number = |text| match Cell::of(text) {
            Cell::Number(number) => (number.long(), number.double()),
            _ => panic!("{text} is a number"),
        };
        for (text, long, double) in [
            ("12", Some(12), Some(12.0)),
            ("+12", Some(12), Some(12.0)),
            (" 12", Some(12), Some(12.0)),
            ("- 12", None, None),
            ("+ 1.5", None, None),
            ("9223372036854775807", Some(i64::MAX), Some(9223372036854775807.0)),
            ("-9223372036854775808", Some(i64::MIN), Some(-9223372036854775808.0)),
            ("9223372036854775808", None, Some(9223372036854775808.0)),
            ("-9223372036854775809", None, Some(-9223372036854775808.0)),
            ("000000000000000000000000000012", Some(12), Some(12.0)),
            ("18446744073709551616", None, Some(18446744073709551616.0)),
            ("0.1", None, Some(0.1)),
            ("1e400", None, Some(f64::INFINITY)),
            ("-1e400", None, Some(f64::NEG_INFINITY)),
            ("1e-400", None, Some(0.0)),
            (" 2.5E1", None, Some(25.0)),
            ("1e99999999999999999999999999", None, Some(f64::INFINITY)),
        ] {
            assert_eq!(number(text), (long, double), "{text:?}");
        }
        assert_eq!(number("-0").1.map(f64::to_bits), Some((-0.0f64).to_bits()));
        assert_eq!(number("-0").0, Some(0));
    }

    proptest! {
        #[test]
        fn doubles_are_the_nearest_ones(text in "[-+]?[0-9]{1,25}(\\.[0-9]{1,25})?([eE][-+]?[0-9]{1,3})?") {
            let Cell::Number(number) = Cell::of(&text) else { panic!("{text} is a number") };
            let expected: f64 = text.parse().expect("a double");
            prop_assert_eq!(number.double().map(f64::to_bits), Some(expected.to_bits()));
            if !number.is_fractional {
                prop_assert_eq!(number.long(), text.parse::<i64>().ok());
            }
        }

        #[test]
        fn eight_digits_are_eight_digits(bytes in prop::array::uniform8(prop_oneof![4 => b'0'..=b'9', 1 => any::<u8>()])) {
            let expected = std::str::from_utf8(&bytes).ok().filter(|_| bytes.iter().all(u8::is_ascii_digit));
            let expected: Option<u64> = expected.and_then(|digits| digits.parse().ok());
            prop_assert_eq!(eight_digits(&bytes).map(value_of_eight), expected);
        }

        #[test]
        fn no_text_does_harm(text in any::<String>()) {
            if let Cell::Number(number) = Cell::of(&text) {
                let _ = (number.long(), number.double());
            }
        }
    }
}
