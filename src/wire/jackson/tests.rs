//! The text form, against examples and laws.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

fn java(value: f64) -> String {
    let mut bytes = Vec::new();
    serde_json::to_writer(&mut bytes, &Double(value)).unwrap();
    if value.is_finite() {
        bytes.clear();
        write_java_double(&mut bytes, value).unwrap();
    }
    String::from_utf8(bytes).unwrap()
}

#[test]
fn doubles_are_printed_as_java_prints_them() {
    let cases = [
        (0.0, "0.0", "zero"),
        (-0.0, "-0.0", "negative zero"),
        (1.0, "1.0", "a whole number keeps a fraction"),
        (-12.5, "-12.5", "negative"),
        (100.0, "100.0", "zeros before the point"),
        (9_999_999.0, "9999999.0", "the last plain whole number"),
        (9_999_999.999999998, "9999999.999999998", "the last plain number"),
        (1e7, "1.0E7", "the first with an exponent"),
        (3.8e7, "3.8E7", "large"),
        (14_402_689_218.907_343, "1.4402689218907343E10", "large with a fraction"),
        (0.001, "0.001", "the smallest plain number"),
        (0.0012345, "0.0012345", "zeros after the point"),
        (9.999_999_999_999_998e-4, "9.999999999999998E-4", "just below it"),
        (1e-5, "1.0E-5", "small"),
        (123_456.789, "123456.789", "plain with both parts"),
        (0.1 + 0.2, "0.30000000000000004", "seventeen digits"),
        (1e16, "1.0E16", "a whole number beyond the exact ones"),
        (1e23, "1.0E23", "shortest, not the exact expansion"),
        (2f64.powi(53), "9.007199254740992E15", "two to the 53"),
        (f64::MAX, "1.7976931348623157E308", "largest"),
        (f64::MIN_POSITIVE, "2.2250738585072014E-308", "smallest normal"),
        (5e-324, "4.9E-324", "smallest: two digits, the nearest ones"),
        (1e-323, "9.9E-324", "second smallest"),
        (2e-323, "2.0E-323", "fourth smallest"),
        (f64::NAN, "\"NaN\"", "not a number"),
        (f64::INFINITY, "\"Infinity\"", "infinite"),
        (f64::NEG_INFINITY, "\"-Infinity\"", "infinite below"),
    ];
    for (value, expected, what) in cases {
        assert_eq!(java(value), expected, "{what}");
    }
}

#[test]
fn text_has_jacksons_layout() {
    let value = json!({
        "a": [], "b": {}, "c": [1, 2.0, [true, null]], "d": [{"e": "x", "f": []}, {}, {"g": {"h": 1e7}}],
        "i": "\"\\/\u{8}\t\n\u{c}\r\u{1f}\u{7f}é\u{2028}",
    });
    let expected = "{\n  \"a\" : [ ],\n  \"b\" : { },\n  \"c\" : [ 1, 2.0, [ true, null ] ],\n  \"d\" : [ {\n    \
                    \"e\" : \"x\",\n    \"f\" : [ ]\n  }, { }, {\n    \"g\" : {\n      \"h\" : 1.0E7\n    }\n  } ],\n  \
                    \"i\" : \"\\\"\\\\/\\b\\t\\n\\f\\r\\u001F\u{7f}é\u{2028}\"\n}";
    assert_eq!(String::from_utf8(to_bytes(&value)).unwrap(), expected);
}

#[test]
fn doubles_are_read_from_numbers_and_from_three_strings() {
    for (text, expected) in [("1", 1.0), ("-3", -3.0), ("1.5E7", 1.5e7), ("\"Infinity\"", f64::INFINITY)] {
        assert_eq!(serde_json::from_str::<Double>(text).unwrap().0, expected, "{text}");
    }
    assert!(serde_json::from_str::<Double>("\"NaN\"").unwrap().0.is_nan());
    for text in ["\"1.5\"", "null", "[]", "true", "1e999"] {
        assert!(serde_json::from_str::<Double>(text).is_err(), "{text}");
    }
}

proptest! {
    #[test]
    fn every_double_comes_back_bit_for_bit(bits: u64) {
        let value = f64::from_bits(bits);
        prop_assume!(value.is_finite());
        prop_assert_eq!(java(value).parse::<f64>().unwrap().to_bits(), bits);
        let Value::Number(number) = serde_json::from_str(&java(value)).unwrap() else { panic!("a number") };
        prop_assert_eq!(number.as_f64().unwrap().to_bits(), bits);
    }

    #[test]
    fn digits_are_the_shortest(bits: u64) {
        let value = f64::from_bits(bits);
        prop_assume!(value.is_normal());
        let n_digits = |text: &str| {
            let mantissa: String = text.split(['e', 'E']).next().unwrap_or("").chars().filter(char::is_ascii_digit).collect();
            mantissa.trim_matches('0').len()
        };
        // Of two texts that are equally near, one may be printed here and the other there.
        prop_assert_eq!(n_digits(&java(value)), n_digits(&format!("{value:e}")));
    }

    #[test]
    fn numbers_near_the_limits_of_plain_notation_keep_their_form(offset in -2000i64..2000) {
        for limit in [1e-3f64, 1e7] {
            let value = f64::from_bits(limit.to_bits().wrapping_add_signed(offset));
            prop_assert_eq!(java(value).contains('E'), !(1e-3..1e7).contains(&value));
            prop_assert_eq!(java(value).parse::<f64>().unwrap(), value);
        }
    }
}
