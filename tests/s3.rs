//! The door to S3, against a real server.

#[path = "support/proxy.rs"]
mod proxy;
#[path = "support/s3_server.rs"]
mod s3_server;

use std::fs::{self, File};
use std::process::Command;

use bytes::Bytes;
use futures::TryStreamExt;
use model_monitor::error::{BASELINE_UNREADABLE, Error, INPUT_UNREADABLE, OUTPUT_UNWRITABLE, VARIABLE_INVALID};
use model_monitor::store::{Location, ReadError, Spool, Store, read_to_end, write_all};
use proxy::{Proxy, certificate, with_tls};
use s3_server::{FORBIDDEN, Server, client_of};

const BUCKET: &str = "captures";

fn place(text: &str) -> Location {
    text.parse().expect("a location")
}

fn open(server: &Server, text: &str) -> Store {
    Store::over(server.client(), &place(text))
}

async fn names(store: &Store) -> Vec<String> {
    let listing = store.list().await.expect("a listing");
    listing.entries.into_iter().map(|entry| entry.name).collect()
}

async fn all_bytes(store: &Store, name: &str) -> Result<Vec<u8>, ReadError> {
    let listing = store.list().await.expect("a listing");
    let entry = listing.entries.iter().find(|entry| entry.name == name).expect("the entry");
    let blocks: Vec<Bytes> = store.read(entry).await?.try_collect().await?;
    Ok(blocks.concat())
}

/// Bytes that differ from place to place.
fn pattern(length: usize) -> Vec<u8> {
    (0..length).map(|i| (i * 31 + i / 251) as u8).collect()
}

#[tokio::test]
async fn more_keys_than_one_page_holds_are_all_listed_in_order() {
    let server = Server::start(&[BUCKET]);
    let mut expected: Vec<String> = (0..2300).map(|i| format!("{:02}/{i}.jsonl", i % 24)).collect();
    expected.sort();
    for name in &expected {
        server.place(BUCKET, &format!("endpoint/{name}"), b"{}");
    }
    assert_eq!(names(&open(&server, "s3://captures/endpoint")).await, expected);
}

#[tokio::test]
async fn a_prefix_is_a_folder_or_an_object_never_the_beginning_of_a_name() {
    let server = Server::start(&[BUCKET]);
    for key in ["p/a", "p/b/c d%20#ü.csv", "p2/a", "other"] {
        server.place(BUCKET, key, key.as_bytes());
    }
    assert_eq!(names(&open(&server, "s3://captures/p")).await, ["a", "b/c d%20#ü.csv"]);
    assert_eq!(names(&open(&server, "s3://captures/p/")).await, ["a", "b/c d%20#ü.csv"]);
    assert_eq!(names(&open(&server, "s3://captures/p/a")).await, ["a"]);
    assert_eq!(names(&open(&server, "s3://captures")).await, ["other", "p/a", "p/b/c d%20#ü.csv", "p2/a"]);
    assert_eq!(
        all_bytes(&open(&server, "s3://captures/p"), "b/c d%20#ü.csv").await.expect("bytes"),
        "p/b/c d%20#ü.csv".as_bytes()
    );
    let nothing = open(&server, "s3://captures/absent").list().await.expect("a listing");
    assert!(!nothing.exists && nothing.entries.is_empty());
}

#[tokio::test]
async fn objects_are_read_whole_and_in_ranges() {
    let server = Server::start(&[BUCKET]);
    let bytes = pattern(3 << 20);
    server.place(BUCKET, "big", &bytes);
    let store = open(&server, "s3://captures/big");
    assert_eq!(all_bytes(&store, "big").await.expect("bytes"), bytes);

    let entry = store.list().await.expect("a listing").entries.remove(0);
    assert_eq!(entry.size, 3 << 20);
    for range in [0..1, 5..70_000, (3 << 20) - 1..3 << 20, 3_000_000..9_000_000, 9_000_000..9_000_001, 7..7] {
        let end = range.end.min(3 << 20) as usize;
        let expected = bytes.get(range.start as usize..end).unwrap_or_default();
        assert_eq!(store.read_range(&entry, range.clone()).await.expect("a range"), expected, "{range:?}");
    }
}

#[tokio::test]
async fn artifacts_are_put_in_order_until_one_fails() {
    let server = Server::start(&[BUCKET]);
    let large = Bytes::from(pattern((64 << 20) + 17));
    let artifact = |name: &str, bytes: &Bytes| (name.to_string(), bytes.clone());
    let small = Bytes::from_static(b"1");
    let artifacts = [artifact("first.json", &small), artifact("large.bin", &large), artifact("in/a/folder", &small)];
    open(&server, "s3://captures/out").write_all(&artifacts).await.expect("artifacts");
    assert_eq!(fs::read(server.file(BUCKET, "out/in/a/folder")).expect("an object"), b"1");
    assert_eq!(fs::read(server.file(BUCKET, "out/first.json")).expect("an object"), b"1");
    assert!(fs::read(server.file(BUCKET, "out/large.bin")).expect("an object") == large);

    // A file cannot lie in a file, so this server refuses the second.
    let artifacts = ["a", "first.json/b", "c"].map(|name| (name.to_string(), Bytes::from_static(b"x")));
    let error = open(&server, "s3://captures/out").write_all(&artifacts).await.expect_err("a refusal");
    assert_eq!((error.code().code, error.place()), (OUTPUT_UNWRITABLE.code, "s3://captures/out/first.json/b"));
    assert!(!server.file(BUCKET, "out/a").exists() && !server.file(BUCKET, "out/c").exists());
    assert!(
        error
            .cause()
            .ends_with("the objects of earlier runs are as they were: those that were replaced are back in place")
    );
}

#[tokio::test]
async fn objects_that_were_replaced_are_put_back_when_a_later_one_fails() {
    let server = Server::start(&[BUCKET]);
    server.place(BUCKET, "out/a", b"earlier a");
    server.place(BUCKET, "out/b", b"earlier b");
    let artifacts = ["a", "new", "b", "a/in-a-file"].map(|name| (name.to_string(), Bytes::from_static(b"x")));
    let error = open(&server, "s3://captures/out").write_all(&artifacts).await.expect_err("a refusal");
    assert!(error.cause().ends_with("those that were replaced are back in place"), "{}", error.cause());
    let read = |name: &str| fs::read_to_string(server.file(BUCKET, name)).ok();
    let expected = [Some("earlier a".to_owned()), None, Some("earlier b".to_owned())];
    assert_eq!([read("out/a"), read("out/new"), read("out/b")], expected);

    // What is too large to be kept stays new, and the error says so.
    let large = fs::File::create(server.file(BUCKET, "out/large")).expect("an object");
    large.set_len((64 << 20) + 1).expect("a large object");
    let artifacts = ["a", "large", "a/in-a-file"].map(|name| (name.to_string(), Bytes::from_static(b"x")));
    let error = open(&server, "s3://captures/out").write_all(&artifacts).await.expect_err("a refusal");
    assert!(error.cause().contains("not to be put back are s3://captures/out/large, the others"), "{}", error.cause());
    assert_eq!((read("out/a"), read("out/large")), (expected[0].clone(), Some("x".to_owned())));
}

#[tokio::test]
async fn files_of_a_spool_are_put_when_all_are_written() {
    let server = Server::start(&[BUCKET, FORBIDDEN]);
    let large = pattern((32 << 20) + 17);
    let mut spool = Spool::over(&open(&server, "s3://captures/out")).expect("a spool");
    spool.begin("a/small.jsonl").expect("a file");
    spool.append(b"1\n").expect("a line");
    spool.begin("a/large.jsonl").expect("a file");
    for piece in large.chunks(1 << 20) {
        spool.append(piece).expect("a line");
    }
    assert!(!server.file(BUCKET, "out").exists());
    assert_eq!(spool.commit().await.expect("objects"), 2);
    assert_eq!(fs::read(server.file(BUCKET, "out/a/small.jsonl")).expect("an object"), b"1\n");
    assert!(fs::read(server.file(BUCKET, "out/a/large.jsonl")).expect("an object") == large);

    let mut spool = Spool::over(&open(&server, "s3://forbidden/out")).expect("a spool");
    spool.begin("a").expect("a file");
    let error = spool.commit().await.expect_err("no access");
    assert_eq!((error.code().code, error.place()), (OUTPUT_UNWRITABLE.code, "s3://forbidden/out/a"));
}

#[tokio::test]
async fn failures_say_what_the_server_said() {
    let server = Server::start(&[BUCKET, FORBIDDEN]);
    let cases = [
        (server.client(), "s3://absent-bucket/x", "NoSuchBucket"),
        (server.client(), "s3://forbidden/x", "AccessDenied: Access Denied"),
        (client_of(&server.endpoint, "wrong"), "s3://captures/x", "SignatureDoesNotMatch"),
        (client_of("http://127.0.0.1:1", "any"), "s3://captures/x", "no answer from http://127.0.0.1:1: "),
    ];
    for (client, text, cause) in cases {
        let store = Store::over(client, &place(text));
        let error = store.list().await.expect_err(text);
        assert_eq!((error.code().code, error.place()), (INPUT_UNREADABLE.code, text));
        assert!(error.cause().starts_with(cause) && !error.cause().contains("Error {"), "{}", error.cause());
    }
    let error = open(&server, "s3://captures/absent.json").read_to_end(10).await.expect_err("nothing there");
    assert_eq!(error.to_string(), "there is no such file");
    let error = open(&server, "s3://forbidden/c.json").read_to_end(10).await.expect_err("no access");
    assert_eq!(error.to_string(), "AccessDenied: Access Denied");
    let error =
        open(&server, "s3://forbidden/out").write_all(&[("a".into(), Bytes::new())]).await.expect_err("no access");
    let told = "AccessDenied: Access Denied; the objects of earlier runs are as they were: none was replaced";
    assert_eq!(error.cause(), told);
}

#[tokio::test]
async fn small_files_are_read_up_to_the_limit() {
    let server = Server::start(&[BUCKET]);
    server.place(BUCKET, "constraints.json", b"0123456789");
    let store = open(&server, "s3://captures/constraints.json");
    assert_eq!(store.read_to_end(10).await.expect("bytes"), "0123456789");
    let error = store.read_to_end(9).await.expect_err("too large");
    assert_eq!(error.to_string(), "it is larger than 9 bytes");
}

#[tokio::test]
async fn an_object_that_vanished_is_gone() {
    let server = Server::start(&[BUCKET]);
    server.place(BUCKET, "p/a", b"x");
    let store = open(&server, "s3://captures/p");
    let entry = store.list().await.expect("a listing").entries.remove(0);
    fs::remove_file(server.file(BUCKET, "p/a")).expect("a deletion");
    assert_eq!(store.read(&entry).await.err(), Some(ReadError::Gone));
    assert_eq!(store.read_range(&entry, 0..1).await, Err(ReadError::Gone));
}

#[tokio::test]
async fn a_broken_transfer_is_taken_up_where_it_broke() {
    let server = Server::start(&[BUCKET]);
    let bytes = pattern(2 << 20);
    server.place(BUCKET, "object", &bytes);
    for (cuts, arrives) in [(0, true), (1, true), (3, true), (usize::MAX, false)] {
        let proxy = Proxy::start(&server.endpoint).await;
        let store = Store::over(client_of(&proxy.endpoint, s3_server::SECRET_KEY), &place("s3://captures/object"));
        let entry = store.list().await.expect("a listing").entries.remove(0);
        // A hopeless connection lets the head of an answer through and next to nothing more.
        proxy.cut(cuts, if arrives { 500_000 } else { 1_000 });
        let read = match store.read(&entry).await {
            Ok(blocks) => blocks.try_collect::<Vec<_>>().await.map(|blocks| blocks.concat()),
            Err(error) => Err(error),
        };
        match arrives {
            true => assert!(read.as_ref() == Ok(&bytes), "{cuts} cuts"),
            false => assert!(matches!(&read, Err(ReadError::Failed(_))), "{cuts} cuts"),
        }
    }
}

#[tokio::test]
async fn a_gigabyte_flows_through_little_memory() {
    let server = Server::start(&[BUCKET]);
    File::create(server.file(BUCKET, "large")).and_then(|file| file.set_len(1 << 30)).expect("a sparse file");
    let store = open(&server, "s3://captures/large");
    let entry = store.list().await.expect("a listing").entries.remove(0);
    let before = peak_memory();
    let mut blocks = store.read(&entry).await.expect("a stream");
    let mut read = 0;
    while let Some(block) = blocks.try_next().await.expect("a block") {
        read += block.len() as u64;
    }
    assert_eq!(read, 1 << 30);
    // Other tests of this binary run beside this one; together they stay far below the object.
    assert!(peak_memory() - before < 512 << 20);
}

/// The most memory this process ever held, in bytes.
fn peak_memory() -> u64 {
    let status = fs::read_to_string("/proc/self/status").expect("the process's status");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("a line");
    line.trim().trim_end_matches(" kB").parse::<u64>().expect("a number") << 10
}

/// Runs one ignored test of this file in a process of its own, because an environment belongs
/// to the whole process.
fn run_in_environment(test: &str, environment: &[(&str, String)]) {
    let mut child = Command::new(std::env::current_exe().expect("this binary"));
    child.args(["--exact", test, "--ignored", "--nocapture"]);
    let aws = std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("AWS_"));
    aws.for_each(|(name, _)| {
        child.env_remove(name);
    });
    // Neither the files of whoever runs the tests nor a cloud's metadata service take part.
    child.env("AWS_CONFIG_FILE", "/dev/null").env("AWS_SHARED_CREDENTIALS_FILE", "/dev/null");
    child.env("AWS_EC2_METADATA_DISABLED", "true").envs(environment.iter().map(|(name, value)| (name, value)));
    let output = child.output().expect("a run");
    let shown = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && shown.contains("1 passed"), "{shown}");
}

#[test]
fn the_environment_alone_leads_to_the_server() {
    let server = Server::start(&[BUCKET]);
    server.place(BUCKET, "in/a.jsonl", b"{}");
    run_in_environment("child_with_an_endpoint", &server.environment());
    assert_eq!(fs::read(server.file(BUCKET, "out/statistics.json")).expect("an object"), b"{}");
    fs::remove_dir_all(server.file(BUCKET, "out")).expect("a clean bucket");

    let [(_, url), key, secret, _region] = server.environment();
    run_in_environment("child_with_an_endpoint", &[("AWS_ENDPOINT_URL_S3", url), key, secret]);
    assert_eq!(fs::read(server.file(BUCKET, "out/statistics.json")).expect("an object"), b"{}");
}

#[tokio::test]
#[ignore = "run by the_environment_alone_leads_to_the_server"]
async fn child_with_an_endpoint() {
    let store = Store::open(&place("s3://captures/in")).await.expect("a store");
    assert_eq!(names(&store).await, ["a.jsonl"]);
    let unreadable = |cause| Error::new(&BASELINE_UNREADABLE, "the file", cause);
    assert_eq!(read_to_end(&place("s3://captures/in/a.jsonl"), 2, unreadable).await.expect("bytes"), "{}");
    let artifacts = [("statistics.json".to_string(), Bytes::from_static(b"{}"))];
    write_all(&place("s3://captures/out"), &artifacts).await.expect("artifacts");
}

#[test]
fn missing_credentials_are_called_so() {
    let server = Server::start(&[BUCKET]);
    let [url, _key, _secret, region] = server.environment();
    run_in_environment("child_without_credentials", &[url, region]);
}

#[tokio::test]
#[ignore = "run by missing_credentials_are_called_so"]
async fn child_without_credentials() {
    let error =
        Store::open(&place("s3://captures/in")).await.expect("a store").list().await.expect_err("no credentials");
    assert!(error.cause().starts_with("no AWS credentials were found: "), "{}", error.cause());
    assert!(!error.cause().contains('\u{fffd}'), "{}", error.cause());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn authorities_of_ones_own_are_trusted_where_they_are_named() {
    let server = Server::start(&[BUCKET]);
    server.place(BUCKET, "in/a.jsonl", b"{}");
    let folder = tempfile::tempdir().expect("a folder");
    let profiles = folder.path().join("config");
    fs::write(&profiles, format!("[default]\nca_bundle = {}\n", certificate("ca.pem"))).expect("a profile");
    let profiles = profiles.display().to_string();
    // An old bundle may hold what is no certificate at all.
    let bundle = folder.path().join("bundle.pem").display().to_string();
    let junk = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    let authority = fs::read_to_string(certificate("ca.pem")).expect("a certificate");
    fs::write(&bundle, format!("{junk}{authority}")).expect("a bundle");

    let [_, key, secret, region] = server.environment();
    let url = ("AWS_ENDPOINT_URL", with_tls(&server.endpoint).await);
    let stranger = ("SSL_CERT_FILE", certificate("server.pem"));
    let run = |test: &str, more: &[(&'static str, String)]| {
        let mut environment = vec![url.clone(), key.clone(), secret.clone(), region.clone()];
        environment.extend_from_slice(more);
        run_in_environment(test, &environment);
    };
    run("child_with_an_endpoint", &[stranger.clone(), ("AWS_CA_BUNDLE", bundle)]);
    run("child_with_an_endpoint", &[stranger.clone(), ("AWS_CONFIG_FILE", profiles)]);
    run("child_with_an_endpoint", &[("SSL_CERT_FILE", certificate("ca.pem"))]);
    run("child_among_strangers", &[stranger]);
    run("child_with_a_bundle_of_nothing", &[("AWS_CA_BUNDLE", certificate("server.key"))]);
}

#[tokio::test]
#[ignore = "run by authorities_of_ones_own_are_trusted_where_they_are_named"]
async fn child_among_strangers() {
    let store = Store::open(&place("s3://captures/in")).await.expect("a store");
    let error = store.list().await.expect_err("an unknown authority");
    assert!(error.cause().contains("UnknownIssuer") && error.cause().contains("AWS_CA_BUNDLE"), "{}", error.cause());
}

#[tokio::test]
#[ignore = "run by authorities_of_ones_own_are_trusted_where_they_are_named"]
async fn child_with_a_bundle_of_nothing() {
    let error = Store::open(&place("s3://captures/in")).await.expect_err("no bundle");
    assert_eq!((error.code().code, error.place()), (VARIABLE_INVALID.code, "AWS_CA_BUNDLE"));
    assert!(error.cause().ends_with("server.key: it holds no certificate in PEM format"), "{}", error.cause());
}
