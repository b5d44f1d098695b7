//! The reader, against broken and whole texts.

use proptest::prelude::*;

use super::*;
use crate::decode::reason::Reason;

fn read(text: &str) -> Result<Vec<Node<'_>>, Reason> {
    let mut tape = Vec::new();
    let mut reader = Reader::over(text);
    reader.read(&mut tape)?;
    if reader.read(&mut Vec::new())? { Err(Reason::InvalidJson) } else { Ok(tape) }
}

#[test]
fn texts_that_break_off_are_told_from_those_that_are_broken() {
    let is_cut_short = |text: &str| {
        let mut reader = Reader::over(text);
        assert_eq!(reader.read(&mut Vec::new()), Err(Reason::InvalidJson), "{text}");
        reader.is_cut_short()
    };
    for text in ["{", "[1,", "{\"a", "{\"a\\", "{\"a\":", "{\"a\":1", "[\"ä", "{\"a\": "] {
        assert!(is_cut_short(text), "{text}");
    }
    for text in ["hello", "{a:1}", "[1 2]", "{\"a\" \"b\"}", "[tru]", "{1:2}", "[,]", "[1,]ä"] {
        assert!(!is_cut_short(text), "{text}");
    }
}

#[test]
fn broken_texts_are_refused_with_their_reason() {
    let deep = "[".repeat(100_000);
    let cases = [
        ("{", Reason::InvalidJson),
        ("[1,]", Reason::InvalidJson),
        ("{\"a\" 1}", Reason::InvalidJson),
        ("{a:1}", Reason::InvalidJson),
        ("01", Reason::InvalidJson),
        ("1.", Reason::InvalidJson),
        ("+1", Reason::InvalidJson),
        ("1e", Reason::InvalidJson),
        ("nul", Reason::InvalidJson),
        ("\"abc", Reason::InvalidJson),
        ("\"abc\\", Reason::InvalidJson),
        ("\"abc\\\"", Reason::InvalidJson),
        ("{\"a\":1,\"b\":{\"c\":[1,2]},\"a\":2}", Reason::DuplicateKey),
        (deep.as_str(), Reason::TooDeep),
    ];
    for (text, reason) in cases {
        assert_eq!(read(text), Err(reason), "{}", &text[..text.len().min(40)]);
    }
}

#[test]
fn many_keys_are_searched_for_doubled_ones() {
    let keys: Vec<String> = (0..100).map(|i| format!("\"k{i}\":{{\"x\":[{i}]}}")).collect();
    assert!(read(&format!("{{{}}}", keys.join(","))).is_ok());
    assert_eq!(read(&format!("{{{},\"k7\":1}}", keys.join(","))), Err(Reason::DuplicateKey));
}

#[test]
fn numbers_keep_their_digits() {
    for word in ["0", "-0", "1.0", "1e400", "9007199254740993", "-1.50E-7", "true", "NaN", "-Infinity"] {
        assert_eq!(read(word), Ok(vec![Node::Literal(word)]));
    }
    assert_eq!(read("null"), Ok(vec![Node::Null]));
}

#[test]
fn values_are_walked() {
    let tape = read(r#"{"a":[1,{"b":2}],"c":"x"}"#).unwrap();
    let value = Value::at(&tape, 0);
    let keys: Vec<&str> = value.entries().map(|(key, _)| key.raw).collect();
    assert_eq!(keys, ["a", "c"]);
    assert_eq!(value.get("a").map(|a| a.elements().count()), Some(2));
    assert_eq!(value.get("c").and_then(Value::text).map(|text| text.raw), Some("x"));
    assert_eq!(value.end(), tape.len());
}

#[test]
fn escapes_mean_what_the_standard_says() {
    let meaning = |raw| {
        let mut out = String::new();
        unescape(Text { raw, escaped: true }, &mut out).map(|()| out)
    };
    assert_eq!(meaning(r#"a\"\\\/\b\f\n\r\té\u00e9\ud83d\ude00z"#).unwrap(), "a\"\\/\u{8}\u{c}\n\r\téé😀z");
    assert_eq!(meaning(r"\ud800"), Err(Reason::LoneSurrogate));
    assert_eq!(meaning(r"\ud800\u0041"), Err(Reason::LoneSurrogate));
    assert_eq!(meaning(r"\udc00\ud800"), Err(Reason::LoneSurrogate));
    assert_eq!(meaning(r"\u+123"), Err(Reason::InvalidJson));
    assert_eq!(meaning(r"\x"), Err(Reason::InvalidJson));
    assert_eq!(meaning(r"\u12"), Err(Reason::InvalidJson));
}

/// A text of JSON, the way a program writes it.
fn any_value() -> impl Strategy<Value = String> {
    let words =
        prop::sample::select(vec!["1", "-2.5", "null", "true", "NaN", "\"\"", "\"a,}\"", "\"\\\"\"", "[]", "{}"]);
    words.prop_map(str::to_owned).prop_recursive(3, 12, 3, |inner| {
        let members = prop::collection::vec((prop::sample::select(vec!["a", "b", "\\u00e9"]), inner.clone()), 0..3);
        let object = |members: Vec<(&str, String)>| {
            let members: Vec<String> = members.iter().map(|(key, value)| format!("\"{key}\": {value}")).collect();
            format!("{{{}}}", members.join(" ,"))
        };
        prop_oneof![
            prop::collection::vec(inner, 0..3).prop_map(|elements| format!("[{}]", elements.join(","))),
            members.prop_map(object),
        ]
    })
}

/// Texts of which some differ in their values only, or are broken.
fn like_texts() -> impl Strategy<Value = Vec<String>> {
    let changed = |text: String| {
        let broken = text.replacen(['}', ']'], "", 1);
        let escaped = text.replace("\"a,}\"", "\"\\n\\\\\"");
        let longer = text.replace("-2.5", "12e7").replace("true", "\"yes\"");
        let wrong = text.replace("true", "tru");
        vec![text.clone(), longer, text.clone(), escaped, text.clone(), broken, wrong, format!("{text} "), text]
    };
    prop::collection::vec(any_value().prop_map(changed), 1..4).prop_map(|texts| texts.concat())
}

proptest! {
    #[test]
    fn a_template_reads_what_the_reader_reads(texts in like_texts()) {
        let mut template = RecordTemplate::default();
        for text in &texts {
            let (mut expected, mut tape) = (Vec::new(), Vec::new());
            let mut reader = Reader::over(text);
            let read = reader.read(&mut expected).map(|_| reader.position());
            prop_assert_eq!(template.read(text, &mut tape), read, "{}", text);
            if read.is_ok() {
                prop_assert_eq!(tape, expected, "{}", text);
            }
        }
    }
}
