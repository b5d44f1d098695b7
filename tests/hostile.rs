//! Data that is broken, or made to break readers: each fault is one rejected record, never a panic,
//! a hang or a wrong number. Every fault is a test of its own.

#[path = "support/job.rs"]
mod job;
#[path = "support/trials.rs"]
mod trials;

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::sync::Arc;

use arrow::array::{ArrayRef, BinaryArray, DictionaryArray, Int32Array, RecordBatch, StringArray};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::GzEncoder;
use job::{Done, Mounts};
use libtest_mimic::{Arguments, Trial};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression as Codec, ZstdLevel};
use parquet::file::properties::WriterProperties;
use serde_json::{Value, json};
use trials::{functions, test};

const CSV: &str = r#"{"csv":{"header":true}}"#;
const LINES: &str = r#"{"json":{"lines":true}}"#;
const DOCUMENT: &str = r#"{"json":{"lines":false}}"#;
const CAPTURE: &str = r#"{"sagemakerCaptureJson":{"captureIndexNames":["endpointInput","endpointOutput"]}}"#;
const PARQUET: &str = r#"{"parquet":{}}"#;
/// A captured request that is as it should be.
const GOOD: &str = r#"{"captureData":{"endpointInput":{"data":"1,2","encoding":"CSV"},"endpointOutput":{"data":"0.5","encoding":"CSV"}},"eventMetadata":{"eventId":"a"}}"#;

fn main() {
    let cases = broken_bytes().into_iter().chain(texts_made_to_break_readers());
    let mut trials: Vec<Trial> = cases.map(|case| test(case.name, move || case.check())).collect();
    trials.extend(functions![
        a_header_that_cannot_be_read_rejects_its_table_and_names_no_column_by_a_value,
        line_ends_marks_and_blank_lines_change_nothing,
        extreme_numbers_keep_the_values_that_their_arithmetic_gives,
        no_value_of_the_data_is_in_the_message_or_the_log,
        records_of_100_megabytes_are_rejected_in_little_memory,
        few_bytes_that_unfold_to_many_cells_take_little_memory,
        what_unfolds_to_more_than_a_record_may_hold_costs_its_record,
    ]);
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}

/// Runs a baseline job over one file, whatever share of it is rejected.
fn analysed(format: &str, bytes: &[u8], more: &[&str]) -> Done {
    let mounts = Mounts::new();
    mounts.place("data", bytes);
    let arguments = [&["run", "--max-rejected", "1"], more].concat();
    mounts.run(&arguments, &[("dataset_format", format)])
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// Records used, and rejected records by reason.
fn ledger(done: &Done) -> (u64, BTreeMap<String, u64>) {
    let records = done.report()["ledger"]["records"].clone();
    (records["used"].as_u64().unwrap(), serde_json::from_value(records["rejected"].clone()).unwrap())
}

struct Case {
    name: &'static str,
    format: &'static str,
    bytes: Vec<u8>,
    used: u64,
    rejected: Option<&'static str>,
}

fn case(
    name: &'static str,
    format: &'static str,
    bytes: impl Into<Vec<u8>>,
    used: u64,
    rejected: Option<&'static str>,
) -> Case {
    Case { name, format, bytes: bytes.into(), used, rejected }
}

fn bytes(parts: &[&[u8]]) -> Vec<u8> {
    parts.concat()
}

/// A captured request whose input is this JSON text.
fn captured(payload: &str) -> String {
    let input = json!({ "data": payload, "encoding": "JSON", "observedContentType": "application/json" });
    format!("{}\n{GOOD}\n", json!({ "captureData": { "endpointInput": input }, "eventMetadata": {} }))
}

impl Case {
    fn check(&self) {
        let done = analysed(self.format, &self.bytes, &[]);
        done.succeeded();
        let rejected = self.rejected.iter().map(|reason| ((*reason).to_owned(), 1)).collect();
        assert_eq!(ledger(&done), (self.used, rejected));
    }
}

fn broken_bytes() -> Vec<Case> {
    let whole = gzip(b"a,b\n1,2\n3,4\n5,6\n");
    let mut damaged = whole.clone();
    let last = damaged.len() - 1;
    damaged[last - 5] ^= 0xff;
    vec![
        case("a gzip file without its end", CSV, &whole[..whole.len() - 8], 3, Some("truncated")),
        case("a gzip file with a wrong checksum", CSV, damaged, 0, Some("corrupt")),
        case("a gzip file of two bytes", CSV, &whole[..2], 0, Some("truncated")),
        case("a gzip file that is none", CSV, b"\x1f\x8b\xff\xff\xff\xff and so on".to_vec(), 0, Some("corrupt")),
        case("invalid UTF-8 in a table", CSV, bytes(&[b"a,b\n1,2\n3,\xff\xfe\n5,6\n"]), 2, Some("invalid_utf8")),
        case("invalid UTF-8 in lines", LINES, bytes(&[b"{\"a\":\"\xc3(\"}\n{\"a\":\"b\"}\n"]), 1, Some("invalid_utf8")),
        case(
            "invalid UTF-8 in a document",
            DOCUMENT,
            bytes(&[b"[{\"a\":\"\xc3(\"},{\"a\":\"b\"}]"]),
            1,
            Some("invalid_utf8"),
        ),
        case(
            "an encoded surrogate",
            LINES,
            bytes(&[b"{\"a\":\"\xed\xa0\x80\"}\n{\"a\":\"b\"}\n"]),
            1,
            Some("invalid_utf8"),
        ),
        case(
            "invalid UTF-8 in a captured request",
            CAPTURE,
            bytes(&[b"\xff\n", GOOD.as_bytes()]),
            1,
            Some("invalid_utf8"),
        ),
        case("zero bytes in a table", CSV, bytes(&[b"a,b\n\0,x\0y\n1,2\n"]), 2, None),
        case("zero bytes in lines", LINES, bytes(&[b"\0\n{\"a\":1}\n"]), 1, Some("invalid_json")),
        case("zero bytes that are lost", LINES, bytes(&[b"\0\0\0\n{\"a\":1}\n"]), 1, None),
        case("UTF-16 in place of UTF-8", LINES, bytes(&[b"\xff\xfe{\0}\0\n", b"{\"a\":1}\n"]), 1, Some("invalid_utf8")),
        case("a Parquet file that is none", PARQUET, b"PAR1 and so on".to_vec(), 0, Some("corrupt")),
        case("a Parquet file of four bytes", PARQUET, b"PAR1".to_vec(), 0, Some("corrupt")),
    ]
}

fn texts_made_to_break_readers() -> Vec<Case> {
    let deep = "[".repeat(100_000) + &"]".repeat(100_000);
    let deep_object = "{\"a\":".repeat(100_000) + "1" + &"}".repeat(100_000);
    vec![
        case("deep arrays in lines", LINES, format!("{deep}\n{{\"a\":1}}\n"), 1, Some("too_deep")),
        case("deep objects in lines", LINES, format!("{deep_object}\n{{\"a\":1}}\n"), 1, Some("too_deep")),
        case("a deep document", DOCUMENT, format!("[{deep_object},{{\"a\":1}}]"), 1, Some("too_deep")),
        case("deep arrays that do not end", DOCUMENT, "[".repeat(100_000), 0, Some("invalid_json")),
        case("a deep captured request", CAPTURE, format!("{deep_object}\n{GOOD}\n"), 1, Some("too_deep")),
        case("a deep payload", CAPTURE, captured(&deep_object), 1, Some("too_deep")),
        case("a lone surrogate", LINES, "{\"a\":\"\\ud800\"}\n{\"a\":\"b\"}\n", 1, Some("lone_surrogate")),
        case("a lone surrogate as a key", LINES, "{\"\\udc00\":1}\n{\"a\":\"b\"}\n", 1, Some("lone_surrogate")),
        case("a lone surrogate in a payload", CAPTURE, captured(r#"{"a":"\ud83d"}"#), 1, Some("lone_surrogate")),
        case("a key twice", LINES, "{\"a\":1,\"a\":2}\n{\"a\":1}\n", 1, Some("duplicate_key")),
        case("a key twice, once escaped", LINES, "{\"a\":1,\"\\u0061\":2}\n{\"a\":1}\n", 1, Some("duplicate_key")),
        case("a path twice", LINES, "{\"a.b\":1,\"a\":{\"b\":2}}\n{\"a.b\":1}\n", 1, Some("duplicate_key")),
        case(
            "a key twice in a captured request",
            CAPTURE,
            format!("{{\"captureData\":1,\"captureData\":2}}\n{GOOD}"),
            1,
            Some("duplicate_key"),
        ),
        case("a quote that is not closed", CSV, "a,b\n1,2\n3,\"4\n", 1, Some("unterminated_quote")),
        case(
            "a name that is too long",
            LINES,
            format!("{{\"{}\":1}}\n{{\"a\":1}}\n", "x".repeat(2_000)),
            1,
            Some("name_too_long"),
        ),
        case(
            "more columns than there may be",
            LINES,
            format!("{{\"v\":[{}1]}}\n{{\"a\":1}}\n", "1,".repeat(20_000)),
            1,
            Some("too_many_columns"),
        ),
        case("two values on a captured line", CAPTURE, format!("{GOOD}{GOOD}\n{GOOD}"), 1, Some("invalid_json")),
    ]
}

fn a_header_that_cannot_be_read_rejects_its_table_and_names_no_column_by_a_value() {
    let cases = [
        (&b"a,\xff\n1,2\n3,4\n"[..], vec![("invalid_utf8", 1), ("no_header", 2)]),
        (b"a,\"b\n1,2\n3,4\n", vec![("unterminated_quote", 3)]),
    ];
    for (bytes, reasons) in cases {
        let done = analysed(CSV, bytes, &[]);
        assert_eq!(done.succeeded().report()["outcome"], "NoData");
        let expected = reasons.iter().map(|(reason, n)| ((*reason).to_owned(), *n)).collect();
        assert_eq!(ledger(&done), (0, expected));
        assert_eq!(done.report()["features"], json!([]));
    }
}

fn line_ends_marks_and_blank_lines_change_nothing() {
    let plain = analysed(CSV, b"a,b\n1,x\n2,y\n", &[]);
    let spellings: [(&str, &[u8]); 5] = [
        ("carriage returns and line feeds", b"a,b\r\n1,x\r\n2,y\r\n"),
        ("carriage returns", b"a,b\r1,x\r2,y\r"),
        ("a mark", b"\xef\xbb\xbfa,b\n1,x\n2,y\n"),
        ("no last line end", b"a,b\n1,x\n2,y"),
        ("blank lines", b"a,b\n\n1,x\n  \n2,y\n\n"),
    ];
    for (name, bytes) in spellings {
        let done = analysed(CSV, bytes, &[]);
        assert_eq!(done.succeeded().json("statistics.json"), plain.json("statistics.json"), "{name}");
    }
    let plain = analysed(LINES, b"{\"a\":1}\n{\"a\":2}\n", &[]);
    let spellings: [&[u8]; 2] = [b"\xef\xbb\xbf{\"a\":1}\r\n\r\n{\"a\":2}\r\n", b"{\"a\":1}\n \n{\"a\":2}"];
    for bytes in spellings {
        let done = analysed(LINES, bytes, &[]);
        assert_eq!(done.succeeded().json("statistics.json"), plain.json("statistics.json"));
    }
}

fn extreme_numbers_keep_the_values_that_their_arithmetic_gives() {
    let text = concat!(
        "{\"big\":9007199254740993,\"zero\":-0.0,\"huge\":1e400,\"tiny\":1e-400,\"long\":9223372036854775808}\n",
        "{\"big\":1,\"zero\":0.5,\"huge\":1.5,\"tiny\":1.5,\"long\":1}\n"
    );
    let done = analysed(LINES, text.as_bytes(), &[]);
    let statistics = done.succeeded().json("statistics.json");
    let of = |name: &str| -> Value {
        let features = statistics["features"].as_array().unwrap();
        features.iter().find(|feature| feature["name"] == name).unwrap()["numerical_statistics"].clone()
    };
    // 2^53 + 1 is no double, but 2^53 + 2, the sum, is one: integral columns are added up exactly.
    assert_eq!(
        (&of("big")["sum"], &of("big")["max"]),
        (&json!(9_007_199_254_740_994.0), &json!(9_007_199_254_740_992.0))
    );
    assert!(of("zero")["min"].as_f64().unwrap().is_sign_negative());
    assert_eq!((&of("huge")["max"], &of("huge")["min"]), (&json!("Infinity"), &json!(1.5)));
    assert_eq!((&of("tiny")["min"], &of("tiny")["max"]), (&json!(0.0), &json!(1.5)));
    let text = String::from_utf8(done.files["model_monitor_report.json"].clone()).unwrap();
    assert!(!text.contains("NaN") && !text.contains("Infinity"), "{text}");
}

fn no_value_of_the_data_is_in_the_message_or_the_log() {
    let secret = "4111-1111-1111-1111";
    let faults = [
        (LINES, format!("{{\"a\":\"{secret}\"\n{secret}\n")),
        (
            CAPTURE,
            format!("{{\"captureData\":{{\"endpointInput\":{{\"data\":\"{secret}\",\"encoding\":\"{secret}\"}}}}}}\n"),
        ),
        (CAPTURE, format!("{{\"captureData\":{{}},\"eventMetadata\":{{\"inferenceTime\":\"{secret}\"}}}}\n")),
        (CAPTURE, captured(&format!("{{\"a\":\"{secret}\"")).replace(GOOD, "")),
        (CAPTURE, format!("{{\"{secret}\":[1]}}\n")),
        (PARQUET, format!("PAR1{secret}PAR1")),
    ];
    for (format, text) in faults {
        let mounts = Mounts::new();
        mounts.place("data", &text);
        let done = mounts.run(&[], &[("dataset_format", format)]);
        done.failed(4, "MM-INPUT-002");
        assert!(!done.stderr.contains(secret) && !done.message().contains(secret), "{}", done.stderr);
    }
}

/// Most memory that a run of the program may ever hold, in kB: what it has without data, the limit
/// that it was given, and blocks on their way.
const PEAK_KILOBYTES: u64 = 160 << 10;

fn records_of_100_megabytes_are_rejected_in_little_memory() {
    const N: usize = 100 << 20;
    let long = |before: &str, after: &str| bytes(&[before.as_bytes(), &vec![b'x'; N], after.as_bytes()]);
    let cases = [
        ("a line of a table", CSV, long("a,b\n1,", "\n3,4\n")),
        ("a quoted cell", CSV, long("a,b\n1,\"", "\"\n3,4\n")),
        ("a line of JSON", LINES, long("{\"a\":\"", "\"}\n{\"a\":\"b\"}\n")),
        ("an element of a document", DOCUMENT, long("[{\"a\":\"", "\"},{\"a\":\"b\"}]")),
        ("a captured request", CAPTURE, long("{\"captureData\":\"", &format!("\"}}\n{GOOD}\n"))),
        ("a packed line", LINES, gzip(&long("{\"a\":\"", "\"}\n{\"a\":\"b\"}\n"))),
    ];
    for (name, format, bytes) in cases {
        let mounts = Mounts::new();
        mounts.place("data", &bytes);
        drop(bytes);
        let arguments = ["run", "--memory-limit", "64MB", "--max-rejected", "1"];
        let child = mounts.start(&arguments, &[("dataset_format", format), ("MODEL_MONITOR_THREADS", "2")]);
        let (output, peak) = job::watch_memory(child);
        let done = mounts.done(&output);
        assert_eq!(done.exit, Some(0), "{name}: {}", done.stderr);
        assert_eq!(ledger(&done), (1, [("record_too_large".to_owned(), 1)].into()), "{name}");
        assert!(peak < PEAK_KILOBYTES, "{name}: {peak} kB");
        fs::remove_file(mounts.input().join("data")).unwrap();
    }
}

/// As [`PEAK_KILOBYTES`], where every batch is as wide as they come.
const PEAK_WIDE_KILOBYTES: u64 = 320 << 10;

fn few_bytes_that_unfold_to_many_cells_take_little_memory() {
    let names: Vec<String> = (0..1_000).map(|i| format!("c{i}")).collect();
    let short_rows = format!("{}\n{}", names.join(","), "1\n".repeat(100_000));
    let keys: Vec<String> = names.iter().map(|name| format!("\"{name}\":1")).collect();
    let short_objects = format!("{{{}}}\n{}", keys.join(","), "{}\n".repeat(100_000));
    let repeated = json!({ "instances": vec![1; 100_000], "x": "y".repeat(1_000_000) }).to_string();
    let rows = |data: String| json!({ "captureData": { "endpointInput": { "data": data, "encoding": "CSV" } } });
    let many_rows = format!("{}\n{}\n", rows(vec!["1"; 5_000].join(",")), rows("1\n".repeat(1_000_000)));
    let cases = [
        ("short rows of a wide table", CSV, short_rows.clone().into_bytes(), 100_000, 0),
        ("short rows, packed", CSV, gzip(short_rows.as_bytes()), 100_000, 0),
        ("empty objects after a wide one", LINES, short_objects.clone().into_bytes(), 100_001, 0),
        ("empty objects of a document", DOCUMENT, short_objects.into_bytes(), 100_001, 0),
        ("a long text beside many rows", CAPTURE, captured(&repeated).into_bytes(), 1, 1),
        ("a request of many rows after a wide one", CAPTURE, many_rows.into_bytes(), 1, 1),
    ];
    for (name, format, bytes, used, too_large) in cases {
        let mounts = Mounts::new();
        mounts.place("data", &bytes);
        let arguments = ["run", "--memory-limit", "64MB", "--max-rejected", "1"];
        let (output, peak) = job::watch_memory(mounts.start(&arguments, &[("dataset_format", format)]));
        let done = mounts.done(&output);
        assert_eq!(done.exit, Some(0), "{name}: {}", done.stderr);
        let (n_used, rejected) = ledger(&done);
        assert_eq!((n_used, rejected.get("record_too_large").copied().unwrap_or(0)), (used, too_large), "{name}");
        assert!(peak < PEAK_WIDE_KILOBYTES, "{name}: {peak} kB");
    }
}

/// A Parquet file of one row group; the same text again and again takes little room.
fn table(columns: Vec<(String, ArrayRef)>) -> Vec<u8> {
    let rows = RecordBatch::try_from_iter(columns).unwrap();
    let codec = Codec::ZSTD(ZstdLevel::default());
    let properties = WriterProperties::builder().set_compression(codec).set_dictionary_page_size_limit(16 << 20);
    let mut writer = ArrowWriter::try_new(Vec::new(), rows.schema(), Some(properties.build())).unwrap();
    writer.write(&rows).unwrap();
    writer.into_inner().unwrap()
}

fn parquet(column: ArrayRef) -> Vec<u8> {
    table(vec![("a".to_owned(), column)])
}

/// Texts of these lengths.
fn texts(lengths: &[usize]) -> ArrayRef {
    Arc::new(lengths.iter().map(|n| Some("x".repeat(*n))).collect::<StringArray>())
}

fn what_unfolds_to_more_than_a_record_may_hold_costs_its_record() {
    const MB: usize = 1 << 20;
    let packed = |column| {
        let input = json!({ "data": STANDARD.encode(parquet(column)), "encoding": "BASE64" });
        format!("{}\n{GOOD}\n", json!({ "captureData": { "endpointInput": input } })).into_bytes()
    };
    let lines = |n: usize| {
        let input = json!({ "data": "1\n".repeat(n), "encoding": "CSV" });
        format!("{}\n{GOOD}\n", json!({ "captureData": { "endpointInput": input } })).into_bytes()
    };
    let repeated = json!({ "instances": vec![1; 40], "x": "y".repeat(MB) }).to_string();
    let images =
        DictionaryArray::new(Int32Array::from(vec![0; 4_096]), Arc::new(BinaryArray::from(vec![&[b'x'; MB][..]])));
    let wide = (0..5_000).map(|i| (format!("c{i}"), texts(&[1, 2, 3]))).collect();
    let cases = [
        ("a payload of one cell of 5 MB", CAPTURE, packed(texts(&[5 * MB])), 1, 1),
        ("a payload of one cell of 60 MB", CAPTURE, packed(texts(&[60 * MB])), 1, 1),
        ("a payload of one text in 100 cells", CAPTURE, packed(texts(&[MB / 16; 100])), 1, 1),
        ("a payload of as much as may be", CAPTURE, packed(texts(&[MB; 3])), 2, 0),
        ("a payload of 300,000 lines", CAPTURE, lines(300_000), 1, 1),
        ("a text beside 40 rows", CAPTURE, captured(&repeated).into_bytes(), 1, 1),
        ("a file with cells of 5 and 7 MB", PARQUET, parquet(texts(&[1, 5 * MB, 2, 7 * MB, 3])), 3, 2),
        ("a file of one cell of 20 MB", PARQUET, parquet(texts(&[20 * MB])), 0, 1),
        ("a file of 5,000 columns", PARQUET, table(wide), 3, 0),
        ("a file of one text in 4,096 cells", PARQUET, parquet(Arc::new(images)), 4_096, 0),
    ];
    for (name, format, bytes, used, too_large) in cases {
        assert!(bytes.len() < 2 * MB, "{name}: {} bytes", bytes.len());
        let mounts = Mounts::new();
        mounts.place("data", &bytes);
        let arguments = ["run", "--memory-limit", "64MB", "--max-rejected", "1"];
        let (output, peak) = job::watch_memory(mounts.start(&arguments, &[("dataset_format", format)]));
        let done = mounts.done(&output);
        assert_eq!(done.exit, Some(0), "{name}: {}", done.stderr);
        let records = &done.report()["ledger"]["records"];
        let n_lost = records["lost"]["record_too_large"].as_u64().unwrap_or(0);
        let (n_used, rejected) = ledger(&done);
        let n_rejected = rejected.get("record_too_large").copied().unwrap_or(0);
        assert_eq!((n_used, n_rejected + n_lost), (used, too_large), "{name}: {records}");
        assert!(peak < PEAK_KILOBYTES, "{name}: {peak} kB");
    }
}
