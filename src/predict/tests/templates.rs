//! Templates of requests.

use super::requests::{body, row};
use crate::error;
use crate::predict::request::RequestWriter;
use crate::predict::{CellKind, ContentType, RequestFormat};

pub(super) fn json_format(content: Option<&str>, record: Option<&str>, names: &[&str]) -> RequestFormat {
    RequestFormat {
        content_type: ContentType::Json,
        content_template: content.map(str::to_owned),
        record_template: record.map(str::to_owned),
        custom_attributes: None,
        feature_names: names.iter().map(|name| (*name).to_owned()).collect(),
        kinds: vec![CellKind::Number; names.len()],
    }
}

#[test]
fn templates_are_filled() {
    let features = ["A", "B"];
    let cases = [
        (None, Some("$features"), r#"{"instances":[[0,1],[3,"x"]]}"#),
        (Some("{\"instances\": $records}"), Some("$features"), r#"{"instances": [[0,1],[3,"x"]]}"#),
        (Some("$records"), Some("$features_kvp"), r#"[{"A":0,"B":1},{"A":3,"B":"x"}]"#),
        (
            Some("$records"),
            Some(r#"{"b":{"B": "${B}"}, "A": "${A}"}"#),
            r#"[{"b":{"B": 1}, "A": 0},{"b":{"B": "x"}, "A": 3}]"#,
        ),
        (
            Some(r#"{"a":[$records, "US$ 5 \" $rec"]}"#),
            Some(r#"{"n":$feature_names,"f":$features}"#),
            r#"{"a":[[{"n":["A","B"],"f":[0,1]},{"n":["A","B"],"f":[3,"x"]}], "US$ 5 \" $rec"]}"#,
        ),
    ];
    for (content, record, expected) in cases {
        let format = json_format(content, record, &features);
        assert_eq!(body(&format, &[row(&["0", "1"]), row(&["3", "x"])]), expected);
    }
}

#[test]
fn a_template_of_one_record_takes_one() {
    let format = json_format(Some("{\"x\":$record}"), Some("$features_kvp"), &["A", "é\"}"]);
    let writer = RequestWriter::new(&format).expect("a template");
    assert!(!writer.takes_many());
    assert_eq!(body(&format, &[row(&["1", "-"])]), r#"{"x":{"A":1,"é\"}":null}}"#);
}

#[test]
fn placeholders_of_odd_names_are_found() {
    let names = ["a b", "é", "q\"}", "$features", "}"];
    let record = r#"["${a b}","${\u00e9}","${q\"}}","${$features}","${}}"]"#;
    let format = json_format(Some("$record"), Some(record), &names);
    assert_eq!(body(&format, &[row(&["1", "2", "3", "4", "5"])]), "[1,2,3,4,5]");
}

#[test]
fn a_line_stays_a_line_whatever_its_template() {
    let mut format = json_format(Some("{\n\"a\":\r\n$features}\n"), None, &["x"]);
    format.content_type = ContentType::JsonLines;
    format.kinds = vec![CellKind::Text];
    assert_eq!(body(&format, &[row(&["1\n2"]), row(&["-"])]), "{ \"a\":  [\"1\\n2\"]} \n{ \"a\":  [null]} ");
}

#[test]
fn cells_cannot_break_out_of_templates() {
    let cells = ["$features", "${B}", "\"],\"admin\":[\"", "}{", "\\", "\\\"", "\u{2028}\n\r\t\0"];
    for record in ["$features", "$features_kvp", r#"["${A}","${B}"]"#] {
        let format = json_format(Some("{\"in\":$records}"), Some(record), &["A", "B"]);
        for cell in cells {
            let written = body(&format, &[row(&[cell, "1"]), row(&["2", cell])]);
            let value: serde_json::Value = serde_json::from_str(&written).unwrap_or_else(|e| panic!("{written}: {e}"));
            let at = |row: usize, column: usize, name: &str| {
                let record = &value["in"][row];
                if record.is_array() { record[column].clone() } else { record[name].clone() }
            };
            assert_eq!((at(0, 0, "A"), at(1, 1, "B")), (cell.into(), cell.into()), "{written}");
            assert_eq!((at(0, 1, "B"), at(1, 0, "A")), (1.into(), 2.into()), "{written}");
            assert_eq!(value.as_object().map(serde_json::Map::len), Some(1), "{written}");
        }
    }
}

#[test]
fn templates_that_cannot_work_are_refused() {
    let contents = [
        "",
        "{}",
        "$features",
        "$recordss",
        "$record$records",
        "[$record,$record]",
        "[$records,$record]",
        "{\"a\":\"$records\"}",
        "{\"a\":$records",
        "{\"a\":\"x}",
        "{\"a\u{1}\":$records}",
        "{\"\\x\":$records}",
        "{$records:1}",
        "${records}",
        "1$records",
        "[NaN,$records]",
    ];
    for content in contents {
        refused(&json_format(Some(content), None, &["A", "B"]), "content_template");
    }
    let records = [
        "",
        "[]",
        "$record",
        "$feature",
        "$feature_names",
        "[$features,$features]",
        "[$features,$features_kvp]",
        "[$features_kvp,$feature_names]",
        "[$features,$feature_names,$feature_names]",
        r#"["${A}"]"#,
        r#"["${A}","${A}","${B}"]"#,
        r#"["${A}","${B}","${C}"]"#,
        r#"["${A}","${B}",$features]"#,
        r#"["${A} ","${B}"]"#,
        r#"["${a}","${B}"]"#,
        r#"[${A},"${B}"]"#,
        r#"{"${A}":1,"b":"${B}"}"#,
        "\"$features\"",
    ];
    for record in records {
        refused(&json_format(None, Some(record), &["A", "B"]), "record_template");
    }
    let deep = format!("{}$features{}", "[".repeat(10_000), "]".repeat(10_000));
    for content in ["$records", "$features $features", "{\"a\":$features,\"n\":$feature_names}", "x", &deep] {
        let mut format = json_format(Some(content), None, &["A"]);
        format.content_type = ContentType::JsonLines;
        refused(&format, "content_template");
    }
}

fn refused(format: &RequestFormat, key: &str) {
    let error = RequestWriter::new(format).expect_err(&format!("{format:?}"));
    assert_eq!(error.code().code, error::ANALYSIS_CONFIG_INVALID.code, "{format:?}");
    assert_eq!(error.place(), format!("predictor.{key}"), "{format:?}");
    assert!(error.cause().len() < 200, "{error}");
}
