//! Rows as requests.

use std::sync::Arc;

use super::templates::json_format;
use crate::predict::request::RequestWriter;
use crate::predict::{CellKind, ContentType, RequestFormat, cell_kinds};

pub(super) type Row = Vec<Option<Arc<str>>>;

/// A row of cells, where `-` is a missing one.
pub(super) fn row(cells: &[&str]) -> Row {
    cells.iter().map(|cell| (*cell != "-").then(|| Arc::from(*cell))).collect()
}

pub(super) fn body(format: &RequestFormat, rows: &[Row]) -> String {
    let writer = RequestWriter::new(format).unwrap_or_else(|error| panic!("{error}"));
    let records: Vec<String> = rows.iter().map(|row| writer.record(row)).collect();
    String::from_utf8(writer.body(&records).to_vec()).expect("text")
}

fn of_type(content_type: ContentType, names: &[&str]) -> RequestFormat {
    RequestFormat { content_type, ..json_format(None, None, names) }
}

#[test]
fn csv_is_quoted_where_it_must_be() {
    let cases: [(&[&[&str]], &str); 8] = [
        (&[&["1", "2.50"], &["3", "x y"]], "1,2.50\n3,x y"),
        (&[&["-", "-"]], ","),
        (&[&["a,b", "c\"d"]], "\"a,b\",\"c\"\"d\""),
        (&[&["a\nb", "c\rd"]], "\"a\nb\",\"c\rd\""),
        (&[&["é😀", " a "]], "é😀, a "),
        (&[&["-"], &["5"]], "\"\"\n5"),
        (&[&[" "]], "\" \""),
        (&[&["$features", "${a}"]], "$features,${a}"),
    ];
    for (rows, expected) in cases {
        let rows: Vec<Row> = rows.iter().map(|cells| row(cells)).collect();
        let names = vec!["x"; rows[0].len()];
        assert_eq!(body(&of_type(ContentType::Csv, &names), &rows), expected);
    }
}

#[test]
fn json_without_templates_is_what_sagemaker_documents() {
    let rows = [row(&["1", "a"]), row(&["-", "b\"]}"])];
    let mut format = of_type(ContentType::Json, &["n", "t"]);
    format.kinds = cell_kinds(&rows, 2);
    let expected = r#"{"instances":[{"features":[1,"a"]},{"features":[null,"b\"]}"]}]}"#;
    assert_eq!(body(&format, &rows), expected);
    format.content_type = ContentType::JsonLines;
    assert_eq!(body(&format, &rows), "{\"features\":[1,\"a\"]}\n{\"features\":[null,\"b\\\"]}\"]}");
}

#[test]
fn cells_are_written_by_their_kind() {
    let cases = [
        (CellKind::Number, "7", "7"),
        (CellKind::Number, "-0.50e+3", "-0.50e+3"),
        (CellKind::Number, "9007199254740993", "9007199254740993"),
        (CellKind::Number, "+7", "7.0"),
        (CellKind::Number, ".5", "0.5"),
        (CellKind::Number, "007", "7.0"),
        (CellKind::Number, " 7 ", "7"),
        (CellKind::Number, "1e999", "\"1e999\""),
        (CellKind::Number, "NaN", "\"NaN\""),
        (CellKind::Number, "x", "\"x\""),
        (CellKind::Number, "", "null"),
        (CellKind::Number, "-", "null"),
        (CellKind::Boolean, "TRUE", "true"),
        (CellKind::Boolean, "false", "false"),
        (CellKind::Boolean, "1", "\"1\""),
        (CellKind::Text, "7", "\"7\""),
        (CellKind::Text, "", "\"\""),
        (CellKind::Text, "-", "null"),
        (CellKind::Text, "\"],\"x\":[\"\u{0}\n\\", "\"\\\"],\\\"x\\\":[\\\"\\u0000\\n\\\\\""),
    ];
    for (kind, cell, expected) in cases {
        let mut format = json_format(Some("$record"), Some("$features"), &["a"]);
        format.kinds = vec![kind];
        assert_eq!(body(&format, &[row(&[cell])]), format!("[{expected}]"), "{kind:?} {cell}");
    }
}

#[test]
fn kinds_are_told_from_all_cells() {
    let cases: [(&[&str], CellKind); 9] = [
        (&["1", "-", "2e3", " 4", ""], CellKind::Number),
        (&["-", "-"], CellKind::Number),
        (&[], CellKind::Number),
        (&["1", "inf"], CellKind::Text),
        (&["1", "nan"], CellKind::Text),
        (&["true", "False", "-"], CellKind::Boolean),
        (&["true", "1"], CellKind::Text),
        (&["1", "x"], CellKind::Text),
        (&["1e999"], CellKind::Text),
    ];
    for (cells, kind) in cases {
        let rows: Vec<Row> = cells.iter().map(|cell| row(&[cell])).collect();
        assert_eq!(cell_kinds(&rows, 1), [kind], "{cells:?}");
    }
    let rows = [row(&["1", "x"]), row(&["2"])];
    assert_eq!(cell_kinds(&rows, 3), [CellKind::Number, CellKind::Text, CellKind::Number]);
}
