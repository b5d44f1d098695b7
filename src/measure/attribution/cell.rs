//! Cells of rows that a model is asked about, and the numbers they stand for.

use std::sync::Arc;

use crate::profile::finite_number;

/// A cell as the data writes it; `None` where it is missing.
pub type Cell = Option<Arc<str>>;

/// The finite number that a cell is. Digits after a leading zero are a code, as of a postal district: arithmetic
/// has no meaning there, and a model may tell `01` from `1`.
pub(super) fn number(text: &str) -> Option<f64> {
    let digits = text.trim().trim_start_matches(['+', '-']).as_bytes();
    let is_code = matches!(digits, [b'0', next, ..] if next.is_ascii_digit());
    if is_code { None } else { finite_number(text) }
}

/// Whether a number is written without fraction and exponent.
pub(super) fn is_integer(text: &str) -> bool {
    let digits = text.trim().trim_start_matches(['+', '-']);
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// The shortest text that reads back as this number: plain digits of numbers of everyday size, exponents for the
/// rest.
pub(super) fn number_text(x: f64) -> String {
    let magnitude = x.abs();
    if magnitude == 0.0 {
        return "0".to_owned();
    }
    if (1e-5..1e15).contains(&magnitude) { format!("{x}") } else { format!("{x:e}") }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_are_told_from_codes_and_texts() {
        for (text, expected) in [
            ("1", Some(1.0)),
            ("-1.50", Some(-1.5)),
            ("+2", Some(2.0)),
            (" 3 ", Some(3.0)),
            ("1e3", Some(1000.0)),
            ("0", Some(0.0)),
            ("0.5", Some(0.5)),
            (".5", Some(0.5)),
            ("02139", None),
            ("-007", None),
            ("00", None),
            ("", None),
            ("NaN", None),
            ("inf", None),
            ("1e999", None),
            ("red", None),
        ] {
            assert_eq!(number(text), expected, "{text:?}");
        }
    }

    #[test]
    fn integers_have_no_point_and_no_exponent() {
        assert!(["1", "-20", "+3", " 4"].into_iter().all(is_integer));
        assert!(!["1.0", "1e3", "", "-", "x"].into_iter().any(is_integer));
    }

    #[test]
    fn numbers_are_written_shortly() {
        let written = [3.0, -0.0, 0.1, 2.5e-7, 1e300, -1234567.25].map(number_text);
        assert_eq!(written, ["3", "0", "0.1", "2.5e-7", "1e300", "-1234567.25"]);
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(x in any::<f64>().prop_filter("finite", |x| x.is_finite())) {
            prop_assert_eq!(finite_number(&number_text(x)), Some(x));
        }
    }
}
