//! Answers as scores.

use crate::decode::Attribute;
use crate::error;
use crate::predict::answer::{AnswerReader, Fault};
use crate::predict::{AnswerFormat, ContentType};

pub(super) fn format(accept: ContentType, label: Option<&str>, probability: Option<&str>) -> AnswerFormat {
    let attribute = |text: &str| Attribute::parse(text).unwrap_or_else(|cause| panic!("{text}: {cause}"));
    AnswerFormat {
        accept,
        label: label.map(attribute),
        probability: probability.map(attribute),
        label_headers: Vec::new(),
    }
}

fn reader(accept: ContentType, wanted: Option<&str>) -> AnswerReader {
    AnswerReader::new(&format(accept, None, wanted)).unwrap_or_else(|error| panic!("{error}"))
}

/// What an answer gives where nothing is asked for (`-`), or something.
type Case = (&'static str, &'static str, &'static [&'static [f64]]);

fn assert_read(accept: ContentType, cases: &[Case]) {
    for (wanted, body, expected) in cases {
        let reader = reader(accept, Some(*wanted).filter(|wanted| *wanted != "-"));
        let read = reader.read(body.as_bytes(), expected.len());
        let expected: Vec<Vec<f64>> = expected.iter().map(|row| row.to_vec()).collect();
        assert_eq!(read, Ok(expected), "{wanted} of {body}");
    }
}

#[test]
fn comma_separated_answers_are_read() {
    let cases: [Case; 27] = [
        ("-", "{\"predictions\":[0.6,0.3]}", &[&[0.6], &[0.3]]),
        ("-", "{\"score\":0.6}\n{\"score\":0.3}", &[&[0.6], &[0.3]]),
        ("1", "{\"predictions\":[[1,0.6],[0,0.3]]}", &[&[0.6], &[0.3]]),
        ("-", "0.6", &[&[0.6]]),
        ("-", "0.6\n0.3\n", &[&[0.6], &[0.3]]),
        ("-", "0.6,0.3", &[&[0.6], &[0.3]]),
        ("-", "0.6,0.3\n", &[&[0.6, 0.3]]),
        ("-", "\u{feff}0.1,0.6,0.3\r\n0.2,0.5,0.3\r\n\r\n", &[&[0.1, 0.6, 0.3], &[0.2, 0.5, 0.3]]),
        ("-", " 1e-3 ,\"2\"", &[&[0.001, 2.0]]),
        ("0", "0.6,0.3", &[&[0.6], &[0.3]]),
        ("0", "1,0.6\n0,0.3", &[&[1.0], &[0.0]]),
        ("1", "yes,0.6\nno,0.3", &[&[0.6], &[0.3]]),
        ("1", "yes,0.6", &[&[0.6]]),
        ("1", "cat,\"[0.1, 0.9]\"\ndog,\"[0.8,0.2]\"", &[&[0.1, 0.9], &[0.8, 0.2]]),
        ("1", "cat,[0.1, 0.9],x\ndog,[0.8,0.2],y", &[&[0.1, 0.9], &[0.8, 0.2]]),
        ("2", "cat,[0.1, 0.9],5", &[&[5.0]]),
        ("-", "[0.1, 0.9]", &[&[0.1, 0.9]]),
        ("-", "[0.1 0.9]", &[&[0.1, 0.9]]),
        ("-", "[0.1, 0.9]\n[0.8, 0.2]\n", &[&[0.1, 0.9], &[0.8, 0.2]]),
        ("-", "[0.1, 0.9],[0.8, 0.2]", &[&[0.1, 0.9], &[0.8, 0.2]]),
        ("-", "[[0.1, 0.9], [0.8, 0.2]]", &[&[0.1, 0.9], &[0.8, 0.2]]),
        ("-", "[0.1, 0.9]", &[&[0.1], &[0.9]]),
        ("-", "[[0.1], [0.9]]", &[&[0.1], &[0.9]]),
        ("-", "\"[0.1, 0.9]\"\n\"[0.8, 0.2]\"", &[&[0.1, 0.9], &[0.8, 0.2]]),
        ("1", "[0.1, 0.9]\n[0.8, 0.2]", &[&[0.9], &[0.2]]),
        ("1", "[[0.1, 0.9], [0.8, 0.2]]", &[&[0.9], &[0.2]]),
        ("-", "7\n8\n9", &[&[7.0], &[8.0], &[9.0]]),
    ];
    assert_read(ContentType::Csv, &cases);
}

#[test]
fn json_answers_are_read() {
    let cases: [Case; 30] = [
        ("-", "0.6", &[&[0.6]]),
        ("-", "[0.6,0.3]", &[&[0.6], &[0.3]]),
        ("-", "[0.6,0.3]", &[&[0.6, 0.3]]),
        ("-", "[[0.6,0.4],[0.3,0.7]]", &[&[0.6, 0.4], &[0.3, 0.7]]),
        ("-", "[[0.6,0.4]]", &[&[0.6, 0.4]]),
        ("-", "{\"predictions\":[0.6,0.3]}", &[&[0.6], &[0.3]]),
        ("-", "{\"predictions\":[[0.6],[0.3]]}", &[&[0.6], &[0.3]]),
        ("-", "{\"predictions\":[{\"score\":0.6,\"predicted_label\":1},{\"score\":0.3}]}", &[&[0.6], &[0.3]]),
        ("-", "{\"predictions\":[{\"scores\":[0.6,0.4]},{\"scores\":[0.3,0.7]}]}", &[&[0.6, 0.4], &[0.3, 0.7]]),
        ("-", "{\"predictions\":[{\"predicted_label\":3},{\"predicted_label\":\"4\"}]}", &[&[3.0], &[4.0]]),
        ("-", "{\"predictions\":{\"score\":0.6}}", &[&[0.6]]),
        ("-", "{\"scores\":[{\"score\":0.6},{\"score\":0.3}],\"version\":1}", &[&[0.6], &[0.3]]),
        ("-", "{\"scores\":[[0.6,0.4],[0.3,0.7]]}", &[&[0.6, 0.4], &[0.3, 0.7]]),
        ("-", "{\"probabilities\":[0.6,0.4],\"label\":\"cat\"}", &[&[0.6, 0.4]]),
        ("-", "{\"whatever\":[0.6,0.4]}", &[&[0.6, 0.4]]),
        ("-", "[{\"x\":0.6},{\"x\":0.4}]", &[&[0.6], &[0.4]]),
        ("predictions[*].score", "{\"predictions\":[{\"score\":0.6},{\"score\":3e-1}]}", &[&[0.6], &[0.3]]),
        ("predictions[*].score", "{\"predictions\":[{\"score\":0.6}]}", &[&[0.6]]),
        ("predictions[].p", "{\"predictions\":[{\"p\":[0.6,0.4]},{\"p\":[0.3,0.7]}]}", &[&[0.6, 0.4], &[0.3, 0.7]]),
        ("predictions[0].p", "{\"predictions\":[{\"p\":[0.6,0.4]}]}", &[&[0.6, 0.4]]),
        ("a[0]", "{\"a\":[0.6]}", &[&[0.6]]),
        ("[*][1]", "[[\"yes\",0.6],[\"no\",0.3]]", &[&[0.6], &[0.3]]),
        ("out.p", "{\"out\":{\"p\":[0.6,0.3]}}", &[&[0.6], &[0.3]]),
        ("score", "{\"score\":0.6}", &[&[0.6]]),
        ("p", "{\"predictions\":[{\"p\":0.6},{\"p\":0.3}]}", &[&[0.6], &[0.3]]),
        ("p q", "[{\"p q\":[0.6,0.4]}]", &[&[0.6, 0.4]]),
        ("1", "[[5,0.6],[6,0.3]]", &[&[0.6], &[0.3]]),
        ("1", "{\"predictions\":[[5,[0.6,0.4]],[6,[0.3,0.7]]]}", &[&[0.6, 0.4], &[0.3, 0.7]]),
        ("0", "[0.6,0.3]", &[&[0.6], &[0.3]]),
        ("1", "[0.6,0.3]", &[&[0.3]]),
    ];
    assert_read(ContentType::Json, &cases);
}

#[test]
fn json_lines_are_read() {
    let cases: [Case; 10] = [
        ("-", "{\"score\":0.6}\n{\"score\":0.3}\n", &[&[0.6], &[0.3]]),
        ("-", "{\"scores\":[0.6,0.4]}\r\n\r\n{\"scores\":[0.3,0.7]}", &[&[0.6, 0.4], &[0.3, 0.7]]),
        ("-", "0.6\n0.3", &[&[0.6], &[0.3]]),
        ("-", "[0.6,0.4]\n[0.3,0.7]", &[&[0.6, 0.4], &[0.3, 0.7]]),
        ("-", "{\"predictions\":[{\"score\":0.6},{\"score\":0.3}]}", &[&[0.6], &[0.3]]),
        ("score", "{\"score\":0.6,\"predicted_label\":\"a\"}\n{\"score\":0.3}", &[&[0.6], &[0.3]]),
        ("out.p[1]", "{\"out\":{\"p\":[9,0.6]}}\n{\"out\":{\"p\":[9,0.3]}}", &[&[0.6], &[0.3]]),
        ("p[*]", "{\"p\":[0.6,0.4]}\n{\"p\":[0.3,0.7]}", &[&[0.6, 0.4], &[0.3, 0.7]]),
        ("1", "[5,0.6]\n[6,0.3]", &[&[0.6], &[0.3]]),
        ("-", "0.6", &[&[0.6]]),
    ];
    assert_read(ContentType::JsonLines, &cases);
}

#[test]
fn scores_come_before_labels() {
    let format = format(ContentType::Csv, Some("0"), Some("1"));
    let reader = AnswerReader::new(&format).expect("places");
    assert_eq!(reader.read(b"1,0.6", 1), Ok(vec![vec![0.6]]));
    let labels = AnswerReader::new(&self::format(ContentType::Csv, Some("0"), None)).expect("a place");
    assert_eq!(labels.read(b"1,0.6", 1), Ok(vec![vec![1.0]]));
}

#[test]
fn answers_of_another_shape_are_told() {
    let (csv, json, lines) = (ContentType::Csv, ContentType::Json, ContentType::JsonLines);
    let many = vec!["1"; 1_001].join(",");
    let deep = "[".repeat(100_000);
    let cases = [
        (csv, "-", "", 1),
        (csv, "-", "0.6\n0.3", 1),
        (csv, "-", "0.6", 2),
        (csv, "-", "0.6,0.3,0.1", 2),
        (csv, "1", "0.6,0.3", 2),
        (csv, "-", "0.6,0.4\n0.3", 2),
        (csv, "3", "1,2,3", 1),
        (csv, "-", "[]", 1),
        (csv, "-", "\"[]\"", 1),
        (csv, "-", "\"0.6", 1),
        (csv, "-", "[0.1,0.9]\n[0.2]", 2),
        (csv, "5", "[0.1,0.9]", 1),
        (csv, "-", &many, 1),
        (json, "-", "", 1),
        (json, "-", "{", 1),
        (json, "-", "0.6 0.3", 1),
        (json, "-", "[0.6,0.3]", 3),
        (json, "-", "[0.6,[0.3]]", 1),
        (json, "-", "[[0.6,0.4],[0.3]]", 2),
        (json, "-", "[[[0.6]]]", 1),
        (json, "-", "{}", 1),
        (json, "-", "{\"a\":1,\"b\":2}", 1),
        (json, "-", "{\"predictions\":[]}", 1),
        (json, "-", "{\"predictions\":[{\"score\":0.6}]}", 2),
        (json, "-", "{\"score\":{\"a\":1,\"b\":2}}", 1),
        (json, "-", &deep, 1),
        (json, "-", &format!("[{many}]"), 1),
        (json, "a.b", "{\"a\":{}}", 1),
        (json, "a", "{\"a\":null}", 1),
        (json, "predictions[*].x", "{\"predictions\":[{\"score\":0.6}]}", 1),
        (json, "1", "[0.6]", 1),
        (json, "1", "[0.6,0.3]", 2),
        (lines, "-", "0.6\n0.3\n0.1", 2),
        (lines, "-", "{\"score\":0.6", 1),
        (lines, "p", "{\"score\":0.6}", 1),
        (lines, "-", "", 1),
    ];
    for (accept, wanted, body, n_rows) in cases {
        let read = reader(accept, Some(wanted).filter(|wanted| *wanted != "-")).read(body.as_bytes(), n_rows);
        let Err(Fault::Shape(cause)) = read else { panic!("{wanted} of {body}: {read:?}") };
        assert!(cause.chars().count() < 400, "{cause}");
    }
    assert!(matches!(reader(csv, None).read(b"\xff\xfe", 1), Err(Fault::Shape(_))));
}

#[test]
fn what_is_no_finite_number_is_told() {
    let (csv, json, lines) = (ContentType::Csv, ContentType::Json, ContentType::JsonLines);
    let cases = [
        (csv, "-", "yes"),
        (csv, "-", "NaN"),
        (csv, "-", "1e999"),
        (csv, "-", "-inf"),
        (csv, "-", "0.6,"),
        (csv, "-", "<html>sorry</html>"),
        (csv, "0", "['a', 'b']"),
        (json, "-", "\"yes\""),
        (json, "-", "NaN"),
        (json, "-", "[Infinity]"),
        (json, "-", "[1e999]"),
        (json, "-", "[true]"),
        (json, "-", "null"),
        (json, "-", "{\"score\":null}"),
        (json, "-", "[0.5,null]"),
        (json, "p[*].x", "{\"p\":[{\"x\":\"1e999\"}]}"),
        (lines, "-", "\"\\u0000\\ud800\""),
        (lines, "-", "{\"score\":\"\"}"),
    ];
    for (accept, wanted, body) in cases {
        let read = reader(accept, Some(wanted).filter(|wanted| *wanted != "-")).read(body.as_bytes(), 1);
        assert!(matches!(read, Err(Fault::NotNumeric(_))), "{wanted} of {body}: {read:?}");
    }
}

#[test]
fn a_null_among_scores_does_not_move_the_others_up() {
    let reader = reader(ContentType::Json, Some("predictions[*].score"));
    let read = reader.read(b"{\"predictions\":[{\"score\":0.6},{},{\"score\":0.3}]}", 3);
    assert!(matches!(read, Err(Fault::NotNumeric(_))), "{read:?}");
}

#[test]
fn messages_tell_the_form_of_an_answer_and_none_of_its_words() {
    let body = format!("\u{1b}[31mno\n{}", "x".repeat(1_000));
    let read = reader(ContentType::Csv, None).read(body.as_bytes(), 1);
    let Err(Fault::Shape(cause)) = read else { panic!("{read:?}") };
    assert!(cause.contains("2 predictions for 1 rows; the answer is 2 lines of text"), "{cause}");
    assert!(!cause.contains(char::is_control) && !cause.contains("xx"), "{cause}");
}

#[test]
fn label_headers_tell_how_many_scores_there_are() {
    let mut format = format(ContentType::Csv, None, None);
    format.label_headers = vec!["yes".to_owned(), "no".to_owned()];
    let reader = AnswerReader::new(&format).expect("a form");
    assert_eq!(reader.read(b"0.1,0.9", 1), Ok(vec![vec![0.1, 0.9]]));
    assert!(matches!(reader.read(b"0.1", 1), Err(Fault::Shape(_))));
    assert!(matches!(reader.read(b"0.1,0.2,0.7", 1), Err(Fault::Shape(_))));
}

#[test]
fn cells_without_names_cannot_be_named() {
    for (label, probability, place) in [(Some("a"), None, "label"), (Some("0"), Some("a[0]"), "probability")] {
        let error = AnswerReader::new(&format(ContentType::Csv, label, probability)).expect_err(place);
        assert_eq!(error.code().code, error::ANALYSIS_CONFIG_INVALID.code);
        assert_eq!(error.place(), format!("predictor.{place}"));
    }
}
