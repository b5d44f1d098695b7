//! Answers of S3 that are not to be believed: a run gives the results of the undisturbed one, or fails and writes none.

#[path = "support/faulty_proxy.rs"]
mod faulty_proxy;
#[path = "support/job.rs"]
mod job;
#[path = "support/s3_server.rs"]
mod s3_server;

use std::fmt::Write;
use std::sync::Arc;
use std::time::Duration;

use arrow::array::{Float64Array, Int64Array, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, Schema};
use bytes::Bytes;
use faulty_proxy::{Fault, FaultyProxy, Plan};
use futures::TryStreamExt;
use job::{Done, Mounts};
use model_monitor::error::{INPUT_UNREADABLE, OUTPUT_UNWRITABLE};
use model_monitor::store::{Location, Patience, ReadError, Store};
use parquet::file::properties::WriterProperties;
use s3_server::{SECRET_KEY, Server, impatient_client};

const BUCKET: &str = "captures";
const PLACE: &str = "s3://captures/in";
const OBJECTS: u64 = 2;
const ROWS: u64 = 400;

/// Objects of one format, and the variables of a job over them.
struct Case {
    name: &'static str,
    format: &'static str,
    objects: fn(u64) -> Vec<u8>,
}

const CASES: [Case; 3] = [
    Case { name: "table", format: r#"{"csv":{"header":true}}"#, objects: csv },
    Case { name: "captures", format: r#"{"sagemakerCaptureJson":{}}"#, objects: captures },
    Case { name: "columns", format: r#"{"parquet":{}}"#, objects: columns },
];

fn csv(object: u64) -> Vec<u8> {
    let mut text = "a,b\n".to_owned();
    for row in 0..ROWS {
        writeln!(text, "{},t{}", object * ROWS + row, row % 7).expect("text");
    }
    text.into_bytes()
}

fn captures(object: u64) -> Vec<u8> {
    let mut text = String::new();
    for row in 0..ROWS {
        let id = object * ROWS + row;
        writeln!(
            text,
            concat!(
                r#"{{"captureData":{{"endpointInput":{{"observedContentType":"text/csv","mode":"INPUT","data":"{},{}","encoding":"CSV"}}}},"#,
                r#""eventMetadata":{{"eventId":"{}","inferenceTime":"2026-01-01T00:00:00Z"}},"eventVersion":"0"}}"#
            ),
            id,
            row % 7,
            id
        )
        .expect("text");
    }
    text.into_bytes()
}

fn columns(object: u64) -> Vec<u8> {
    let fields = [("a", DataType::Int64), ("b", DataType::Utf8), ("c", DataType::Float64)];
    let fields: Vec<Field> = fields.into_iter().map(|(name, kind)| Field::new(name, kind, false)).collect();
    let rows = || (0..ROWS).map(move |row| object * ROWS + row);
    let batch = RecordBatch::try_new(
        Arc::new(Schema::new(fields)),
        vec![
            Arc::new(rows().map(|row| row as i64).collect::<Int64Array>()),
            Arc::new(rows().map(|row| Some(format!("t{}", row % 7))).collect::<StringArray>()),
            Arc::new(rows().map(|row| row as f64 / 8.0).collect::<Float64Array>()),
        ],
    );
    let batch = batch.expect("a batch");
    let properties = WriterProperties::builder().set_max_row_group_row_count(Some(250)).build();
    let mut writer =
        parquet::arrow::ArrowWriter::try_new(Vec::new(), batch.schema(), Some(properties)).expect("a file");
    writer.write(&batch).expect("rows");
    writer.into_inner().expect("a file")
}

/// A server with the objects of a case, which were put with their checksums.
fn server(case: &Case) -> Server {
    let server = Server::start(&[BUCKET]);
    let objects: Vec<(String, Bytes)> =
        (0..OBJECTS).map(|object| (format!("part-{object}"), (case.objects)(object).into())).collect();
    let store = Store::over(server.client(), &PLACE.parse().expect("a location"));
    tokio::runtime::Runtime::new().expect("threads").block_on(store.write_all(&objects)).expect("objects");
    server
}

fn proxy(server: &Server, plan: Option<Plan>) -> FaultyProxy {
    FaultyProxy::start(&server.endpoint, server.folder().to_path_buf(), plan)
}

fn run(server: &Server, proxy: &FaultyProxy, case: &Case) -> Done {
    let environment = server.environment().map(|(name, value)| match name {
        "AWS_ENDPOINT_URL" => (name, proxy.endpoint.clone()),
        _ => (name, value),
    });
    let mut variables =
        vec![("dataset_source", PLACE), ("dataset_format", case.format), ("AWS_CONFIG_FILE", "/dev/null")];
    variables.extend([("AWS_SHARED_CREDENTIALS_FILE", "/dev/null"), ("AWS_EC2_METADATA_DISABLED", "true")]);
    variables.extend(environment.iter().map(|(name, value)| (*name, value.as_str())));
    Mounts::new().run(&["--threads", "1"], &variables)
}

/// Asserts the law of these tests; says whether there were results.
#[track_caller]
fn right_or_failed(done: &Done, undisturbed: &Done, context: &str) -> bool {
    if done.exit == Some(0) {
        assert!(done.files["statistics.json"] == undisturbed.files["statistics.json"], "{context}: {}", done.stderr);
        return true;
    }
    let seen = (done.exit, done.code(), done.files.len());
    let expected = (Some(4), Some(INPUT_UNREADABLE.code.to_owned()), 0);
    assert_eq!(seen, expected, "{context}: {}", done.stderr);
    false
}

/// Every fault at every request of a run over the objects of a case.
fn every_fault_at_every_request(case: &Case) {
    let server = server(case);
    let calm = proxy(&server, None);
    let undisturbed = run(&server, &calm, case);
    let statistics = undisturbed.succeeded().json("statistics.json");
    assert_eq!(statistics["dataset"]["item_count"].as_f64(), Some((OBJECTS * ROWS) as f64), "{}", case.name);
    let mut n_failed = 0;
    // S3 has no checksum of a part.
    let is_told = |fault: &Fault| *fault != Fault::OtherByte || case.name != "columns";
    for fault in Fault::ALL.into_iter().filter(|fault| !fault.hangs()).filter(is_told) {
        for first in 0..calm.n_requests() {
            let spoilt = proxy(&server, Some(Plan::once(fault, first)));
            let done = run(&server, &spoilt, case);
            n_failed += usize::from(!right_or_failed(&done, &undisturbed, &format!("{} {fault:?} {first}", case.name)));
        }
    }
    println!("tried: reading {} from S3, of which {n_failed} runs failed with a code", case.name);
    // Bodies of another length, listings cut short and refusals cannot be mended.
    assert!(n_failed > calm.n_requests(), "{n_failed} of the runs failed");
    for (fault, first) in [(Fault::Expired, calm.n_requests() - 1), (Fault::Busy, 2)] {
        let plan = Plan { n_requests: usize::MAX, ..Plan::once(fault, first) };
        let done = run(&server, &proxy(&server, Some(plan)), case);
        assert!(!right_or_failed(&done, &undisturbed, &format!("{} {fault:?} for ever", case.name)));
    }
}

#[test]
fn tables_are_read_right_or_not_at_all() {
    every_fault_at_every_request(&CASES[0]);
}

#[test]
fn captures_are_read_right_or_not_at_all() {
    every_fault_at_every_request(&CASES[1]);
}

#[test]
fn columns_are_read_right_or_not_at_all() {
    every_fault_at_every_request(&CASES[2]);
}

/// Time limits with which a test does not wait long.
fn impatience() -> Patience {
    let short = Duration::from_millis(150);
    Patience { connect: short, first_byte: short, stall: short, request: 4 * short, pause: short / 50 }
}

fn open(proxy: &FaultyProxy, place: &str) -> Store {
    let location: Location = place.parse().expect("a location");
    Store::over(impatient_client(&proxy.endpoint, SECRET_KEY, impatience()), &location)
}

async fn read_all(store: &Store) -> Result<Vec<u8>, ReadError> {
    let entry = store.list().await.expect("a listing").entries.remove(0);
    let blocks: Vec<Bytes> = store.read(&entry).await?.try_collect().await?;
    Ok(blocks.concat())
}

/// A store of one object behind a proxy. To list it takes two requests.
fn one_object(plan: Plan) -> (Server, FaultyProxy, Vec<u8>) {
    let server = Server::start(&[BUCKET]);
    let bytes: Vec<u8> = (0..300_000_u32).map(|i| (i * 31 + i / 251) as u8).collect();
    server.place(BUCKET, "in", &bytes);
    let proxy = proxy(&server, Some(plan));
    (server, proxy, bytes)
}

#[tokio::test]
async fn a_resumed_transfer_is_the_rest_of_the_same_version_or_a_failure() {
    for fault in Fault::ALL {
        let plan = Plan { after_reset: true, ..Plan::once(fault, 3) };
        let (_server, proxy, bytes) = one_object(plan);
        let read = read_all(&open(&proxy, PLACE)).await;
        let is_harmless = matches!(fault, Fault::NoToken | Fault::SameToken | Fault::CutListing);
        let is_mended = matches!(fault, Fault::Reset | Fault::WrongLength | Fault::Stall);
        match read {
            Ok(read) if fault == Fault::OtherByte => assert_eq!(read.len(), bytes.len()),
            Ok(read) => assert!(read == bytes && (is_harmless || is_mended), "{fault:?}"),
            Err(error) => assert!(matches!(error, ReadError::Failed(_)) && !is_harmless, "{fault:?} {error}"),
        }
    }
}

#[tokio::test]
async fn ranges_are_of_the_version_that_was_listed() {
    for fault in Fault::ALL {
        let (_server, proxy, bytes) = one_object(Plan::once(fault, 3));
        let store = open(&proxy, PLACE);
        let entry = store.list().await.expect("a listing").entries.remove(0);
        let mut opened = store.open_entry(&entry).await.expect("an object");
        assert_eq!(opened.read_range(10..20).await.expect("a range"), bytes[10..20]);
        match opened.read_range(1_000..90_000).await {
            Ok(read) if fault == Fault::OtherByte => assert_eq!(read.len(), 89_000),
            Ok(read) => assert_eq!(read, bytes[1_000..90_000], "{fault:?}"),
            Err(error) => assert!(matches!(error, ReadError::Failed(_)), "{fault:?}"),
        }
    }
}

#[tokio::test]
async fn an_object_that_is_replaced_is_not_mixed_with_the_new_one() {
    let server = Server::start(&[BUCKET]);
    server.place(BUCKET, "in", &[b'1'; 1000]);
    let proxy = proxy(&server, None);
    let store = open(&proxy, PLACE);
    let entry = store.list().await.expect("a listing").entries.remove(0);
    let mut opened = store.open_entry(&entry).await.expect("an object");
    assert_eq!(opened.read_range(0..2).await.expect("a range"), "11");
    server.place(BUCKET, "in", &[b'2'; 1000]);
    let replaced = ReadError::Failed("it was replaced by another version after it was listed".to_string());
    assert_eq!(opened.read_range(2..4).await, Err(replaced.clone()));
    assert_eq!(store.read(&entry).await.err(), Some(replaced));
}

#[tokio::test]
async fn keys_of_every_character_are_listed_and_read() {
    let keys = ["z\u{1}b", "a+b", "a b", "a%20b", "a%2Bb", "ü&<\"'>", "line\nbreak", "line\rbreak", "tab\t"];
    let server = Server::start(&[BUCKET]);
    for key in keys {
        server.place(BUCKET, &format!("in/{key}"), key.as_bytes());
    }
    let proxy = proxy(&server, None);
    let store = open(&proxy, PLACE);
    let listing = store.list().await.expect("a listing");
    let mut expected = keys.to_vec();
    expected.sort_unstable();
    let names: Vec<&str> = listing.entries.iter().map(|entry| entry.name.as_str()).collect();
    assert_eq!(names, expected);
    for entry in &listing.entries {
        let blocks: Vec<Bytes> = store.read(entry).await.expect(&entry.name).try_collect().await.expect("bytes");
        assert_eq!(blocks.concat(), entry.name.as_bytes());
    }
}

#[tokio::test]
async fn bytes_that_differ_from_their_checksum_are_a_failure() {
    let server = Server::start(&[BUCKET]);
    let place: Location = "s3://captures".parse().expect("a location");
    let whole = vec![b'1'; 10_000];
    let artifact = ("in".to_string(), Bytes::from(whole.clone()));
    Store::over(server.client(), &place).write_all(&[artifact]).await.expect("an object with a checksum");
    assert_eq!(read_all(&open(&proxy(&server, None), PLACE)).await, Ok(whole));
    let spoilt = proxy(&server, Some(Plan::once(Fault::OtherByte, 2)));
    let error = read_all(&open(&spoilt, PLACE)).await.expect_err("another byte");
    assert!(error.to_string().contains("checksum mismatch"), "{error}");
}

#[tokio::test]
async fn listings_that_cannot_be_whole_are_failures() {
    let cases = [
        (Fault::NoToken, "the listing goes on and does not say where"),
        (Fault::SameToken, "the listing goes on where it was before"),
        (Fault::CutListing, "the listing was cut short"),
    ];
    for (fault, cause) in cases {
        let (_server, proxy, _) = one_object(Plan { n_requests: usize::MAX, ..Plan::once(fault, 1) });
        let error = open(&proxy, PLACE).list().await.expect_err("no whole listing");
        assert_eq!((error.code().code, error.place()), (INPUT_UNREADABLE.code, PLACE));
        assert!(error.cause().ends_with(cause), "{}", error.cause());
    }
}

#[tokio::test]
async fn a_server_that_does_not_answer_is_not_waited_for_without_end() {
    for (first, fault) in [(0, Fault::Silence), (1, Fault::Silence), (0, Fault::Stall), (1, Fault::Stall)] {
        let (_server, proxy, _) = one_object(Plan { n_requests: usize::MAX, ..Plan::once(fault, first) });
        let error = open(&proxy, PLACE).list().await.expect_err("no answer");
        assert_eq!((error.code().code, error.place()), (INPUT_UNREADABLE.code, PLACE));
        let endpoint = &proxy.endpoint;
        assert!(error.cause().contains(endpoint) && error.cause().contains("timeout"), "{}", error.cause());
    }
    for fault in [Fault::Silence, Fault::Stall] {
        let (_server, proxy, _) = one_object(Plan { n_requests: usize::MAX, ..Plan::once(fault, 2) });
        let error = read_all(&open(&proxy, PLACE)).await.expect_err("no answer");
        assert!(error.to_string().contains("150ms"), "{error}");
    }
    let (_server, proxy, _) = one_object(Plan { n_requests: usize::MAX, ..Plan::once(Fault::Silence, 0) });
    for size in [10, (64 << 20) + 1] {
        let artifact = ("statistics.json".to_string(), Bytes::from(vec![b'1'; size]));
        let error = open(&proxy, "s3://captures/out").write_all(&[artifact]).await.expect_err("no answer");
        assert_eq!(error.code().code, OUTPUT_UNWRITABLE.code);
        assert!(error.cause().contains("timeout"), "{}", error.cause());
    }
}
