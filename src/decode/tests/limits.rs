//! What small inputs could ask for, and what is said about what is left out.

use super::*;

fn json(lines: Option<bool>) -> Settings {
    Settings { max_record_bytes: 32 << 20, ..settings(Format::Json { lines }) }
}

#[test]
fn a_table_whose_header_cannot_be_read_gives_no_record_a_name() {
    let rejected = |reason: &str| vec![format!("1! {reason}"), "2! no_header".to_owned(), "3! no_header".to_owned()];
    let long = "n".repeat(MAX_NAME_BYTES + 1);
    let wide = "a,".repeat(MAX_COLUMNS);
    let cases: [(&[u8], &str); 3] =
        [(b"gr\xf6\xdfe,b", "invalid_utf8"), (long.as_bytes(), "name_too_long"), (wide.as_bytes(), "too_many_columns")];
    for (header, reason) in cases {
        let table = [header, b"\n1,2\n3,4\n"].concat();
        assert_eq!(decode(csv(true), &table, 1_000).rows, rejected(reason), "{reason}");
    }
    assert_eq!(decode(csv(false), b"gr\xf6\xdfe,b\n1,2\n", 4).rows, ["1! invalid_utf8", "2: 1 2"]);
}

#[test]
fn dropped_cells_are_told() {
    let shown = decode(csv(true), b"a,b\n1,2,3\n4,5\n6,7,8,9\n", 3);
    assert_eq!(shown.events, ["opened", "cells_dropped 3", "uncounted"]);
    assert_eq!(shown.rows, ["2: 1 2", "3: 4 5", "4: 6 7"]);
}

#[test]
fn a_record_of_countless_cells_is_rejected_and_the_next_one_used() {
    let sparse: Vec<String> = (0..3_000).map(|i| format!("{{\"k{i}\":1}}")).collect();
    let beside: Vec<String> = (0..2_000).map(|i| format!("\"b{i}\":1")).collect();
    let instances = vec!["1"; 5_000].join(",");
    let cases = [
        ("a column of its own in every row", format!("[{}]", sparse.join(","))),
        ("repeated beside many rows", format!("{{\"instances\":[{instances}],{}}}", beside.join(","))),
        ("more values than any record has", format!("[{}0]", "0,".repeat(1 << 22))),
    ];
    for (name, record) in cases {
        let shown = decode(json(Some(true)), format!("{record}\n{{\"a\":1}}\n").as_bytes(), 1 << 16);
        assert_eq!(shown.rows, ["1! record_too_large", "2: 1"], "{name}");
        assert_eq!(shown.columns, ["a"], "{name}");
    }
    let table = format!("a,b\n{}\n1,2\n", ",".repeat(1 << 20));
    let table_settings = Settings { max_record_bytes: 2 << 20, ..csv(true) };
    assert_eq!(decode(table_settings, table.as_bytes(), 1 << 12).rows, ["2! too_many_columns", "3: 1 2"]);
}

#[test]
fn long_records_of_a_table_end_alike_wherever_blocks_end() {
    let long = "x".repeat(100_000);
    let tables = [
        format!("a,b\n{long},1\n1,2\n"),
        format!("a,b\n\"p\nq\",{long}\n1,2\n"),
        format!("a,b\n\"{}\n1,2\n", "y\n".repeat(50_000)),
        format!("a,b\n\"{long}\n\",3\n1,2\n"),
    ];
    for table in &tables {
        let whole = decode(csv(true), table.as_bytes(), table.len());
        assert!(whole.rows.iter().any(|row| row.contains("! ")), "{:?}", &table[..12]);
        for block in [1_000, 65_536, 70_001] {
            assert_eq!(decode(csv(true), table.as_bytes(), block), whole, "{block}: {}", &table[..12]);
        }
    }
}

#[test]
fn one_broken_line_does_not_swallow_those_after_it_where_the_job_leaves_lines_open() {
    let lines = "{\"a\":1}\n{\"a\":\n{\"a\":3}\n";
    assert_eq!(decode(json(None), lines.as_bytes(), 5).rows, ["1: 1", "2! invalid_json", "3: 3"]);
    let document = "{\n\"a\":\n1}\n{\"a\":2}";
    assert_eq!(decode(json(None), document.as_bytes(), 5).rows, ["1: 1", "4: 2"]);
    assert_eq!(decode(json(None), b"[{\"a\":1},\n{\"a\":2}]", 5).rows, ["1: 1", "2: 2"]);
}

#[test]
fn a_record_behind_one_that_was_cut_with_its_line_end_is_used() {
    let lines: [&[u8]; 6] = [
        b"{\"a\":1}",
        b"{\"a\":2,\"b{\"a\":3}",
        b"{\"a\":4}\xff{\"a\":5}",
        b"{\"a\":6}{\"a\":7}\r",
        b"x\"a\":8,\"c\":[{\"a\":9},{\"a\":10}]}",
        b"{\"a\":11,\"c\":[{\"b\":12},{\"b\":13}",
    ];
    let expected = [
        "1: 1",
        "2! invalid_json",
        "2: 3",
        "3! invalid_utf8",
        "3: 5",
        "4: 6",
        "4: 7",
        "5! invalid_json",
        "6! invalid_json",
    ];
    for block in [1, 7, 1_000] {
        assert_eq!(decode(json(Some(true)), &lines.join(&b'\n'), block).rows, expected, "{block}");
    }
    let window = Window { start: Some(0), end: Some(1) };
    let at = |year: u16| {
        let metadata = format!("\"eventMetadata\":{{\"inferenceTime\":\"{year}-01-01T00:00:00Z\"}},\"eventVersion\"");
        request("1", "2").replace("\"eventVersion\"", &metadata)
    };
    let late = format!("{} {}", at(1970), at(2020));
    let rows = decode(Settings { window, ..capture() }, late.as_bytes(), 100).rows;
    assert_eq!(rows.len(), 2, "a record outside the window is no damaged one: {rows:?}");
    let labels = |id: &str| format!("{{\"groundTruthData\":{{\"data\":\"1\"}},\"eventMetadata\":{{{id}}}}}");
    let [known, unknown] = ["\"eventId\":\"e\"", ""].map(labels);
    let truth = Settings { rows: Rows::Labels(Attributes::default()), ..settings(Format::GroundTruth) };
    let rows = decode(truth, format!("{known}\n{unknown}{known}\n").as_bytes(), 100).rows;
    assert_eq!(rows.len(), 3, "no label is used twice: {rows:?}");
}

#[test]
fn a_table_with_a_column_called_prefix_is_no_manifest() {
    let shown = decode(json(None), b"[{\"prefix\":\"Mr\"},{\"prefix\":\"Ms\"}]", 5);
    assert_eq!((shown.events, shown.rows), (vec!["opened".to_owned()], vec!["1: Mr".to_owned(), "1: Ms".to_owned()]));
}
