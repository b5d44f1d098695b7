//! Label normalisation: when two texts are one class, and when a text is a number.
//!
//! Predictions and labels often come from different programs, which write the same thing in
//! different ways. White space around a text is no part of it. A text that reads as a finite
//! decimal number of at most 15 significant digits is that number: `1`, `1.0`, `1e0` and `01` are
//! one class. `true` and `false`, in capitals or not, are 1 and 0. Anything else is its own text;
//! longer numbers too, so that identifiers do not run together when they are rounded to doubles.

use std::cmp::Ordering;

use crate::sketch::text_hash;

/// Significant decimal digits that a double always keeps apart (IEEE 754, binary64).
const MAX_DIGITS: usize = 15;
/// Bytes up to which a class is written as it is; of a longer one the first bytes and a hash are kept.
const MAX_CLASS_BYTES: usize = 256;

/// What a class is, however it is written.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Meaning {
    /// The bits of a finite double that is not -0.
    Number(u64),
    Text(Box<str>),
    /// Whatever is not the positive class: what a score at or below its threshold says.
    Other,
}

impl Meaning {
    /// The meaning of a label or prediction.
    pub fn of(text: &str) -> Self {
        let text = text.trim();
        if text.eq_ignore_ascii_case("true") {
            return Self::number(1.0);
        }
        if text.eq_ignore_ascii_case("false") {
            return Self::number(0.0);
        }
        match finite_number(text) {
            Some(number) if n_significant_digits(text) <= MAX_DIGITS => Self::number(number),
            _ => Self::Text(bounded(text)),
        }
    }

    pub fn number(x: f64) -> Self {
        // Adding zero turns -0 into 0.
        Self::Number((x + 0.0).to_bits())
    }

    /// The one text that stands for all texts of this meaning.
    pub fn canonical(&self) -> String {
        match self {
            Self::Number(bits) => number_text(f64::from_bits(*bits)),
            Self::Text(text) => text.to_string(),
            Self::Other => "other".to_owned(),
        }
    }
}

impl Ord for Meaning {
    /// Numbers by value, then texts.
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Number(a), Self::Number(b)) => f64::from_bits(*a).total_cmp(&f64::from_bits(*b)),
            (Self::Text(a), Self::Text(b)) => a.cmp(b),
            _ => self.rank().cmp(&other.rank()),
        }
    }
}

impl PartialOrd for Meaning {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Meaning {
    fn rank(&self) -> u8 {
        match self {
            Self::Number(_) => 0,
            Self::Text(_) => 1,
            Self::Other => 2,
        }
    }
}

/// The finite decimal number that a text is, white space around it aside.
pub fn finite_number(text: &str) -> Option<f64> {
    // The names of what is not finite begin with a letter, after a sign too, and are not finite.
    let number: f64 = text.parse().or_else(|_| text.trim().parse()).ok()?;
    number.is_finite().then_some(number)
}

/// Digits between the first and the last one that is not zero, exponent aside.
fn n_significant_digits(number: &str) -> usize {
    let mantissa = number.split(['e', 'E']).next().unwrap_or_default();
    let digits = || mantissa.bytes().filter(u8::is_ascii_digit);
    let n_leading = digits().take_while(|digit| *digit == b'0').count();
    let n_trailing = digits().rev().take_while(|digit| *digit == b'0').count();
    digits().count().saturating_sub(n_leading + n_trailing)
}

/// Short plain texts of numbers of everyday size, exponents for the rest.
fn number_text(x: f64) -> String {
    let magnitude = x.abs();
    if magnitude == 0.0 || (1e-5..1e15).contains(&magnitude) { format!("{x}") } else { format!("{x:e}") }
}

/// The text itself, or the start of a long one with a hash of the whole.
pub(super) fn bounded(text: &str) -> Box<str> {
    if text.len() <= MAX_CLASS_BYTES {
        return text.into();
    }
    let end = text.floor_char_boundary(MAX_CLASS_BYTES);
    format!("{}…{:016x}", &text[..end], text_hash(text)).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_one_meaning_are_one_class() {
        for (canonical, texts) in [
            ("1", "1|1.0|1e0|01| 1 |+1|1.|true|TRUE|True |1.0000000000000000"),
            ("0", "0|0.0|-0|00|false|False|0e9|.0"),
            ("0.1", "0.1|.1|1e-1|0.10"),
            ("-3", "-3|-3.0|-3e0"),
            ("1e20", "1e20|100000000000000000000"),
            ("yes", "yes| yes |yes\t"),
        ] {
            for text in texts.split('|') {
                assert_eq!(Meaning::of(text).canonical(), canonical, "{text:?}");
                assert_eq!(Meaning::of(text), Meaning::of(canonical), "{text:?}");
            }
        }
    }

    #[test]
    fn texts_of_different_meaning_stay_apart() {
        let texts =
            ["1", "0", "2", "yes", "Yes", "1e400", "nan", "inf", "1,0", "", "12345678901234567", "12345678901234568"];
        for (i, a) in texts.iter().enumerate() {
            for b in &texts[i + 1..] {
                assert_ne!(Meaning::of(a), Meaning::of(b), "{a:?} {b:?}");
            }
        }
    }

    #[test]
    fn a_class_has_a_bounded_text() {
        let (a, b) = (format!("{}a", "ä".repeat(400)), format!("{}b", "ä".repeat(400)));
        assert_ne!(Meaning::of(&a), Meaning::of(&b));
        assert!(Meaning::of(&a).canonical().len() < MAX_CLASS_BYTES + 24);
    }

    #[test]
    fn numbers_stand_before_texts_and_by_value() {
        let mut classes: Vec<_> = ["b", "10", "9", "-1", "a"].map(Meaning::of).into();
        classes.sort();
        let sorted: Vec<_> = classes.iter().map(Meaning::canonical).collect();
        assert_eq!(sorted, ["-1", "9", "10", "a", "b"]);
    }

    #[test]
    fn only_finite_decimals_are_numbers() {
        for (text, number) in [(" 1.5 ", Some(1.5)), ("1e3", Some(1e3)), ("inf", None), ("NaN", None), ("1e400", None)]
        {
            assert_eq!(finite_number(text), number, "{text}");
        }
        for text in ["", "true", "0x10", "1_0", "1,5", "infinity", "-inf"] {
            assert_eq!(finite_number(text), None, "{text}");
        }
    }
}
