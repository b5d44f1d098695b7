//! Java doubles: numbers as `Double.toString` prints them.
//!
//! The shortest digits that give the number back, at least two, and of those the nearest; plain
//! for 1e-3 ≤ |x| < 1e7, otherwise with an exponent; always a fraction; `NaN`, `Infinity` and
//! `-Infinity` for what is not finite (Java SE 19 API, `Double.toString`; R. Giulietti, "The
//! Schubfach way to render doubles", 2020).

use std::io::{self, Write};

/// 17 digits, a sign, a point, at most three zeros before the digits, and an exponent.
const CAPACITY: usize = 32;
const MIN_PLAIN: f64 = 1e-3;
const MAX_PLAIN: f64 = 1e7;

/// The text of `value`.
pub fn java_double(value: f64) -> String {
    text_of(value).bytes().iter().copied().map(char::from).collect()
}

/// Writes the text of `value`, without anything on the heap.
pub fn write_java_double<W: ?Sized + Write>(writer: &mut W, value: f64) -> io::Result<()> {
    writer.write_all(text_of(value).bytes())
}

/// Java's name of a number that is not finite.
pub fn name_of_not_finite(value: f64) -> Option<&'static str> {
    match value {
        x if x.is_nan() => Some("NaN"),
        f64::INFINITY => Some("Infinity"),
        f64::NEG_INFINITY => Some("-Infinity"),
        _ => None,
    }
}

fn text_of(value: f64) -> Text {
    let mut text = Text::default();
    if let Some(name) = name_of_not_finite(value) {
        text.extend(name.as_bytes());
        return text;
    }
    let magnitude = value.abs();
    if value.is_sign_negative() {
        text.push(b'-');
    }
    if magnitude == 0.0 {
        text.extend(b"0.0");
    } else if (MIN_PLAIN..MAX_PLAIN).contains(&magnitude) {
        // Here both write alike.
        text.extend(zmij::Buffer::new().format_finite(magnitude).as_bytes());
    } else {
        scientific(&Decimal::shortest(magnitude), &mut text);
    }
    text
}

fn scientific(decimal: &Decimal, text: &mut Text) {
    let digits = decimal.digits.bytes();
    text.extend(&digits[..1]);
    text.push(b'.');
    text.extend(if digits.len() == 1 { b"0" } else { &digits[1..] });
    text.push(b'E');
    let exponent = decimal.point - 1;
    if exponent < 0 {
        text.push(b'-');
    }
    let exponent = exponent.unsigned_abs();
    for unit in [100, 10, 1] {
        if exponent >= unit || unit == 1 {
            text.push(b'0' + (exponent / unit % 10) as u8);
        }
    }
}

/// The positive number `0.d1d2d3… · 10^point`; neither the first nor the last digit is zero.
#[derive(Default)]
struct Decimal {
    digits: Text,
    point: i32,
}

impl Decimal {
    fn shortest(magnitude: f64) -> Self {
        let decimal = Self::parse(zmij::Buffer::new().format_finite(magnitude).as_bytes());
        // Where one digit is enough, Java still takes the nearest number of two digits. The two
        // differ only where doubles lie so far apart that several such numbers give the same one.
        if decimal.digits.length == 1 && magnitude < f64::MIN_POSITIVE {
            return Self::parse(format!("{magnitude:.1e}").as_bytes());
        }
        decimal
    }

    /// Reads digits with an optional point and an optional exponent.
    fn parse(text: &[u8]) -> Self {
        let mut decimal = Self::default();
        let mut exponent = 0;
        let mut exponent_is_negative = false;
        let (mut in_fraction, mut in_exponent) = (false, false);
        for &byte in text {
            match byte {
                b'.' => in_fraction = true,
                b'e' => in_exponent = true,
                b'-' => exponent_is_negative = true,
                b'0'..=b'9' if in_exponent => exponent = exponent * 10 + i32::from(byte - b'0'),
                b'0' if decimal.digits.length == 0 => decimal.point -= i32::from(in_fraction),
                b'0'..=b'9' => {
                    decimal.digits.push(byte);
                    decimal.point += i32::from(!in_fraction);
                }
                _ => {}
            }
        }
        decimal.point += if exponent_is_negative { -exponent } else { exponent };
        while decimal.digits.bytes().last() == Some(&b'0') {
            decimal.digits.length -= 1;
        }
        decimal
    }
}

/// A short text on the stack; what does not fit is dropped.
#[derive(Default)]
struct Text {
    buffer: [u8; CAPACITY],
    length: usize,
}

impl Text {
    fn bytes(&self) -> &[u8] {
        &self.buffer[..self.length]
    }

    fn push(&mut self, byte: u8) {
        debug_assert!(self.length < CAPACITY);
        if let Some(slot) = self.buffer.get_mut(self.length) {
            *slot = byte;
            self.length += 1;
        }
    }

    fn extend(&mut self, bytes: &[u8]) {
        let end = self.length + bytes.len();
        debug_assert!(end <= CAPACITY);
        if let Some(slots) = self.buffer.get_mut(self.length..end) {
            slots.copy_from_slice(bytes);
            self.length = end;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn plain_numbers_are_written_as_rust_writes_them(x in prop_oneof![MIN_PLAIN..1.0f64, 1.0..MAX_PLAIN], n in 0..8u32) {
            let short = (x * 10f64.powi(n as i32)).round() / 10f64.powi(n as i32);
            for x in [x, -x, short] {
                if (MIN_PLAIN..MAX_PLAIN).contains(&x.abs()) {
                    prop_assert_eq!(java_double(x), format!("{x:?}"));
                }
            }
        }
    }

    #[test]
    fn texts_are_java_s() {
        for (x, expected) in [
            (0.0, "0.0"),
            (-0.0, "-0.0"),
            (1.0, "1.0"),
            (-18.0, "-18.0"),
            (0.1, "0.1"),
            (0.001, "0.001"),
            (9.999e-4, "9.999E-4"),
            (8.080858763541535e-4, "8.080858763541535E-4"),
            (4.97e-17, "4.97E-17"),
            (1234567.0, "1234567.0"),
            (9999999.999, "9999999.999"),
            (1e7, "1.0E7"),
            (38_000_000.0, "3.8E7"),
            (14402689218.907343, "1.4402689218907343E10"),
            (2_147_483_647.0, "2.147483647E9"),
            (1e23, "1.0E23"),
            (-1.5e-300, "-1.5E-300"),
            // As near to …2 as to …3: the even one.
            (f64::from_bits(0x431D_2655_8048_D64D), "2.0512307477354432E15"),
            (f64::MAX, "1.7976931348623157E308"),
            (5e-324, "4.9E-324"),
            (2.0 / 3.0 * 100.0, "66.66666666666666"),
            (300.0 / 303.0 * 100.0, "99.00990099009901"),
            (f64::NAN, "NaN"),
            (f64::INFINITY, "Infinity"),
            (f64::NEG_INFINITY, "-Infinity"),
        ] {
            assert_eq!(java_double(x), expected);
        }
    }
}
