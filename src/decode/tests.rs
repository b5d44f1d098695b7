//! Decoders, from bytes to rows.

use std::fmt::Write as _;

use arrow::array::{Array, AsArray, RecordBatch};

use super::*;
use gzip::gzip;

mod binary_payloads;
mod conventions;
mod explanations;
mod ground_truth;
mod gzip;
mod instances;
mod kept_features;
mod laws;
mod limits;
mod outcomes;
mod shapes;
mod tables;
mod unequal_lists;
mod zeros;

/// What came out of an object: the names of its columns in order, its events, its rows.
#[derive(Debug, Default, PartialEq, Eq)]
struct Decoded {
    events: Vec<String>,
    columns: Vec<String>,
    /// `line: cells`, nulls as `∅`; or `line! reason`.
    rows: Vec<String>,
}

fn settings(format: Format) -> Settings {
    Settings::new(format, Rows::Cells, 1 << 16)
}

fn csv(header: bool) -> Settings {
    settings(Format::Csv { header: Some(header) })
}

fn capture() -> Settings {
    settings(Format::Capture(CaptureSides::default()))
}

/// Decodes blocks that end at multiples of `block` bytes.
fn decode(settings: Settings, bytes: &[u8], block: usize) -> Decoded {
    let mut decoder = ObjectDecoder::new("object", settings);
    let mut batches = Vec::new();
    for mut block in bytes.chunks(block.max(1)) {
        while !block.is_empty() || decoder.has_more() {
            block = &block[decoder.push(block)..];
            batches.append(&mut decoder.take());
        }
    }
    decoder.end();
    while decoder.has_more() {
        decoder.push(&[]);
        batches.append(&mut decoder.take());
    }
    decoder.finish();
    batches.append(&mut decoder.take());
    let mut shown = show(&batches);
    shown.events.extend(decoder.skip_reason().map(|reason| format!("skipped {}", reason.name())));
    let losses = decoder.losses(bytes.len() as u64);
    let n_lost: u64 = losses.iter().map(|loss| loss.n_bytes).sum();
    if decoder.skip_reason().is_none() {
        assert_eq!(decoder.n_bytes_read() + n_lost, bytes.len() as u64, "every byte is read or lost");
    }
    for Loss { reason, records, n_bytes, n_bytes_missing, .. } in losses {
        let told =
            format!("lost {} of {} records, {n_bytes} bytes, {n_bytes_missing} missing", reason.name(), records.n());
        shown.events.push(told);
    }
    shown
}

fn show(batches: &[RecordBatch]) -> Decoded {
    let mut shown = Decoded::default();
    for batch in batches {
        let schema = batch.schema();
        // Golden cases hold the details of rejected records.
        let told = schema.metadata().iter().filter(|(key, _)| *key != OBJECT && !key.starts_with(DETAIL));
        for (event, value) in told {
            shown.events.push(format!("{event} {value}").trim().to_owned());
        }
        let mut fields: Vec<_> = schema.fields().iter().enumerate().skip(Meta::WIDTH).collect();
        // Other readings are shown where there are any.
        fields.retain(|(i, field)| {
            field.name() != outcome::OTHER_READINGS || batch.column(*i).null_count() < batch.num_rows()
        });
        fields.sort_by_key(|(_, field)| Order::text_of(field).to_owned());
        shown.columns = fields.iter().map(|(_, field)| field.name().clone()).collect();
        let meta = Meta::of(batch).unwrap();
        for row in 0..batch.num_rows() {
            let mut line = meta.line.value(row).to_string();
            if meta.reason.is_valid(row) {
                let reason = Reason::from_code(meta.reason.value(row)).unwrap();
                let _ = write!(line, "! {}", reason.name());
                for (i, field) in fields.iter().filter(|(i, _)| batch.column(*i).is_valid(row)) {
                    let is_told = reason == Reason::OutsideWindow && field.name() == outcome::ID;
                    assert!(is_told, "a rejected row has no cells but, outside the window, its id");
                    let _ = write!(line, " {}", batch.column(*i).as_string_view().value(row));
                }
            } else {
                line.push(':');
                for (i, _) in &fields {
                    let column = batch.column(*i).as_string_view();
                    line.push(' ');
                    line.push_str(if column.is_null(row) { "∅" } else { column.value(row) });
                }
            }
            shown.rows.push(line);
        }
    }
    shown
}

fn rows_of(settings: Settings, text: &str) -> Vec<String> {
    decode(settings, text.as_bytes(), 7).rows
}

/// A captured request with these payloads, written as JSON strings.
fn request(output: &str, input: &str) -> String {
    let side = |data: &str| {
        let encoding = if data.trim_start().starts_with(['{', '[']) { "JSON" } else { "CSV" };
        format!("{{\"data\":{},\"encoding\":\"{encoding}\"}}", serde_json::to_string(data).unwrap())
    };
    let (input, output) = (side(input), side(output));
    format!("{{\"captureData\":{{\"endpointInput\":{input},\"endpointOutput\":{output}}},\"eventVersion\":\"0\"}}\n")
}

#[test]
fn csv_tables_keep_the_width_of_their_header() {
    let shown = decode(
        csv(true),
        b"\xef\xbb\xbfa,b,,a\r\n1,2,3,4\r\n\r\n5\n6,7,8,9,10\n\"x \"\"y\"\"\",\"\",,\"p\nq\"\n1,2,3,last",
        3,
    );
    assert_eq!(shown.columns, ["a0", "b", "_c2", "a3"]);
    assert_eq!(shown.events, ["opened", "cells_dropped 1", "uncounted", "rows_short 1"]);
    assert_eq!(shown.rows, ["2: 1 2 3 4", "4: 5 ∅ ∅ ∅", "5: 6 7 8 9", "6: x \"y\" ∅ ∅ p\nq", "8: 1 2 3 last"]);
}

#[test]
fn csv_tables_without_a_header_take_the_baselines_names_by_position() {
    let named = Settings { names: ["score".to_owned(), "age".to_owned()].into(), ..csv(false) };
    let shown = decode(named, b"0.5,30,x\n0.7\n", 100);
    assert_eq!(shown.columns, ["score", "age", "_c2"]);
    assert_eq!(shown.rows, ["1: 0.5 30 x", "2: 0.7 ∅ ∅"]);
}

#[test]
fn a_header_is_recognised_where_the_job_leaves_it_open() {
    let open = || settings(Format::Csv { header: None });
    assert_eq!(rows_of(open(), "age,city\n1,x\n"), ["2: 1 x"]);
    assert_eq!(rows_of(open(), "1,x\n2,y\n"), ["1: 1 x", "2: 2 y"]);
    let named = Settings { names: ["1".to_owned(), "x".to_owned()].into(), ..open() };
    assert_eq!(rows_of(named, "1,x\n2,y\n"), ["2: 2 y"]);
}

#[test]
fn broken_csv_is_rejected_line_by_line() {
    let shown = decode(csv(true), b"a,b\n1,\xff\n2,3\n\"open,4\n5,6\n", 5);
    assert_eq!(shown.rows, ["2! invalid_utf8", "3: 2 3", "4! unterminated_quote", "5! unterminated_quote"]);
}

#[test]
fn records_beyond_the_limit_are_skipped_without_being_held() {
    let long = "x".repeat(100_000);
    let table = format!("a\n{long}\n1\n\"{long}\n2\n");
    let expected = ["2! record_too_large", "3: 1", "4! record_too_large", "5: 2"];
    for block in [10, 1_000, 1 << 20] {
        assert_eq!(decode(csv(true), table.as_bytes(), block).rows.len(), expected.len(), "{block}");
    }
    let lines = format!("{{\"a\":\"{long}\"}}\n{{\"a\":1}}\n{{\"a\":\"{long}\"}}");
    let json = || settings(Format::Json { lines: Some(true) });
    for block in [10, 1_000, 1 << 20] {
        let rows = decode(json(), lines.as_bytes(), block).rows;
        assert_eq!(rows, ["1! record_too_large", "2: 1", "3! record_too_large"], "{block}");
    }
}

#[test]
fn both_sides_of_a_request_are_decoded_each_in_its_own_way() {
    let cases = [
        ("0.9\n", "1,2,,x\n", "_c0 _c1 _c2 _c3 _c4", "1: 0.9 1 2 ∅ x"),
        ("0.9", "{\"b\":1,\"a\":{\"y\":[2,3],\"x\":null}}", "_c0 a.x a.y.0 a.y.1 b", "1: 0.9 ∅ 2 3 1"),
        ("{\"score\":0.9,\"label\":1}", "5,6", "label score _c0 _c1", "1: 1 0.9 5 6"),
        ("{\"x\":1}", "{\"x\":2}", "x endpointInput.x", "1: 1 2"),
        ("0.1\n0.2\n", "1\n2\n", "_c0 _c1", "1: 0.1 1|1: 0.2 2"),
        (
            "{\"predictions\":[{\"s\":0.1},{\"s\":0.2}]}",
            "{\"instances\":[[1,2],[3,4]]}",
            "s _c0 _c1",
            "1: 0.1 1 2|1: 0.2 3 4",
        ),
        ("{\"predictions\":[0.1,0.2]}", "{\"a\":[1,2],\"b\":[\"p\",\"q\"]}", "_c0 a b", "1: 0.1 1 p|1: 0.2 2 q"),
        (
            "{\"outputs\":{\"s\":[0.1,0.2],\"t\":[3,4]}}",
            "{\"inputs\":[{\"v\":[1,2]},{\"v\":[3,4]}],\"k\":\"z\"}",
            "s t k v.0 v.1",
            "1: 0.1 3 z 1 2|1: 0.2 4 z 3 4",
        ),
        (
            "{\"predictions\":[1,0],\"scores\":[0.9,0.2]}",
            "[{\"a\":1},{\"a\":2}]",
            "predictions scores a",
            "1: 1 0.9 1|1: 0 0.2 2",
        ),
        (
            "{\"predictions\":[{\"s\":0.1},{\"s\":0.2}],\"ids\":[7,8],\"model\":\"m\"}",
            "1\n2",
            "ids model s _c0",
            "1: 7 m 0.1 1|1: 8 m 0.2 2",
        ),
        ("{\"s\":1}\n{\"s\":2}", "{\"a\":3}\n{\"a\":4}", "s a", "1: 1 3|1: 2 4"),
        ("0.5", "\"a,b\",\"c\"\"d\"", "_c0 _c1 _c2", "1: 0.5 a,b c\"d"),
    ];
    for (output, input, columns, rows) in cases {
        let shown = decode(capture(), request(output, input).as_bytes(), 64);
        assert_eq!(
            (shown.columns.join(" "), shown.rows.join("|")),
            (columns.to_owned(), rows.to_owned()),
            "{output} / {input}"
        );
    }
}

#[test]
fn numbers_of_columns_sort_by_value() {
    let vector: Vec<String> = (0..12).map(|i| i.to_string()).collect();
    let shown = decode(capture(), request("1", &format!("{{\"f\":[{}]}}", vector.join(","))).as_bytes(), 64);
    assert_eq!(shown.columns[1..], vector.iter().map(|i| format!("f.{i}")).collect::<Vec<_>>());
}

#[test]
fn requests_that_cannot_be_used_are_rejected_with_their_reason() {
    let wrapped = |side: &str| format!("{{\"captureData\":{{\"endpointInput\":{side}}},\"eventVersion\":\"0\"}}");
    let cases = [
        (request("0.1\n0.2", "1"), Reason::RowCountMismatch),
        (request("0.1", "{\"a\":1,\"a\":2}"), Reason::DuplicateKey),
        (request("0.1", "{\"a\":1,\"a.b\":3,\"a\":{\"b\":2}}"), Reason::DuplicateKey),
        (request("0.1", "{\"a.b\":3,\"a\":{\"b\":2}}"), Reason::DuplicateKey),
        (request("0.1", "{\"a\":1"), Reason::InvalidPayload),
        (request("0.1", "\"a"), Reason::InvalidPayload),
        (request("0.1", &format!("{{\"a\":{}1{}}}", "[".repeat(70), "]".repeat(70))), Reason::TooDeep),
        (request("", ""), Reason::NoPayload),
        (request("\n", " \n"), Reason::NoPayload),
        ("{\"captureData\":{}}".to_owned(), Reason::NoPayload),
        ("{\"a\":1}".to_owned(), Reason::NotACapture),
        ("[1]".to_owned(), Reason::NotACapture),
        ("{\"captureData\":".to_owned(), Reason::InvalidJson),
        ("{\"captureData\":{}} {}".to_owned(), Reason::InvalidJson),
        ("[".repeat(100_000), Reason::RecordTooLarge),
        ("[".repeat(60_000), Reason::TooDeep),
        (wrapped("{\"data\":\"1\",\"encoding\":\"XML\"}"), Reason::UnknownEncoding),
        (wrapped("{\"data\":\"%%\",\"encoding\":\"BASE64\"}"), Reason::InvalidBase64),
        (wrapped("{\"data\":\"/9j/4A==\",\"encoding\":\"BASE64\"}"), Reason::BinaryPayload),
        (wrapped("{\"data\":\"a\\ud800b\",\"encoding\":\"CSV\"}"), Reason::LoneSurrogate),
        (wrapped("{\"data\":\"a\\u0000b\",\"encoding\":\"CSV\"}"), Reason::BinaryPayload),
    ];
    for (line, reason) in &cases {
        let rows = decode(capture(), line.as_bytes(), 1_000).rows;
        assert_eq!(rows, [format!("1! {}", reason.name())], "{}", &line[..line.len().min(80)]);
    }
}

#[test]
fn base64_is_decoded_and_its_form_found() {
    let side = |data: &str, content_type: &str| {
        format!(
            "{{\"captureData\":{{\"endpointOutput\":{{\"data\":\"{data}\",\"encoding\":\"BASE64\",\"observedContentType\":{content_type}}}}}}}\n"
        )
    };
    // `1,2`, `{"a":1}` and `[1,2]` in BASE64.
    assert_eq!(rows_of(capture(), &side("MSwy", "\"text/csv; charset=utf-8\"")), ["1: 1 2"]);
    assert_eq!(rows_of(capture(), &side("eyJhIjoxfQ==", "\"application/json\"")), ["1: 1"]);
    assert_eq!(rows_of(capture(), &side("WzEsMl0=", "null")), ["1: 1 2"]);
}

#[test]
fn records_outside_the_window_are_told_apart_from_those_without_a_time() {
    let line = |time: &str| {
        request("1", "2")
            .replace("\"eventVersion\"", &format!("\"eventMetadata\":{{\"inferenceTime\":{time}}},\"eventVersion\""))
    };
    let times =
        ["\"2020-01-01T00:00:00Z\"", "\"2020-01-01T01:00:00Z\"", "null", "\"noon\"", "5", "\"2020-01-01T00: 59: 59Z\""];
    let text: String = times.iter().map(|time| line(time)).collect();
    let window = Window { start: time::parse("2020-01-01T00:00:00Z"), end: time::parse("2020-01-01T01:00:00Z") };
    let rows = rows_of(Settings { window, ..capture() }, &text);
    assert_eq!(rows, ["1: 1 2", "2! outside_window", "3: 1 2", "4! invalid_time", "5! invalid_time", "6: 1 2"]);
}

#[test]
fn json_tables_are_read_by_line_and_as_a_document() {
    let lines = "{\"b\":1,\"a\":\"x\"}\n\n{\"b\":2.50,\"c\":true}\n{\"b\":\n";
    let json = |lines| settings(Format::Json { lines });
    assert_eq!(rows_of(json(Some(true)), lines), ["1: x 1 ∅", "3: ∅ 2.50 true", "4! invalid_json"]);
    let document = "[ {\"b\":1,\n\"a\":\"],{\"},\n {\"b\":2},[3,4] ]";
    for lines in [Some(false), None] {
        let shown = decode(json(lines), document.as_bytes(), 3);
        assert_eq!(shown.columns, ["_c0", "_c1", "a", "b"]);
        assert_eq!(shown.rows, ["1: ∅ ∅ ],{ 1", "3: ∅ ∅ ∅ 2", "3: 3 4 ∅ ∅"]);
    }
    assert_eq!(rows_of(json(None), "{\"a\":1}\n{\"a\":2}\n"), ["1: 1", "2: 2"]);
    assert_eq!(rows_of(json(Some(false)), "{\"a\":[1,2],\"b\":[3,4]}"), ["1: 1 3", "1: 2 4"]);
    assert_eq!(rows_of(json(Some(false)), "[{\"a\":1},{\"a\":"), ["1: 1", "1! invalid_json"]);
}

#[test]
fn columns_that_appear_late_have_nulls_before() {
    let text = request("1", "{\"a\":1}") + &request("2", "{\"a\":2,\"b\":3}") + &request("3", "{\"c\":null}");
    let shown = decode(capture(), text.as_bytes(), 50);
    assert_eq!(shown.columns, ["_c0", "a", "b", "c"]);
    assert_eq!(shown.rows, ["1: 1 1 ∅ ∅", "2: 2 2 3 ∅", "3: 3 ∅ ∅ ∅"]);
}

#[test]
fn a_rejected_record_leaves_no_column_behind() {
    let text = request("1", "{\"phantom\":1,\"x\":[}") + &request("2", "{\"a\":\"a text of more than twelve bytes\"}");
    let shown = decode(capture(), text.as_bytes(), 50);
    assert_eq!(shown.columns, ["_c0", "a"]);
    assert_eq!(shown.rows, ["1! invalid_payload", "2: 2 a text of more than twelve bytes"]);
}

#[test]
fn wide_records_are_refused_beyond_the_limit() {
    let wide = "1,".repeat(MAX_COLUMNS) + "1";
    let unlimited = Settings { max_record_bytes: 1 << 20, ..capture() };
    assert_eq!(rows_of(unlimited, &request("1", &wide)), ["1! too_many_columns"]);
}

#[test]
fn objects_that_are_no_data_are_skipped() {
    let manifest = " [ {\"prefix\" : \"s3://bucket/x/\"}, \"a.out\" ]";
    for (bytes, event) in [(manifest, "skipped batch_manifest"), ("", "skipped empty"), ("\u{feff}", "skipped empty")] {
        let shown = decode(capture(), bytes.as_bytes(), 2);
        assert_eq!((shown.events, shown.rows), (vec![event.to_owned()], Vec::new()));
    }
}
