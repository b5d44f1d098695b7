//! Models behind servers that behave well or badly.

use std::sync::atomic::Ordering;
use std::time::Duration;

use super::fake_transport::{doubled, fails, numbers, predict, settings, small_limits};
use super::server::{Deed, Server, answer};
use crate::error;
use crate::predict::http::{HttpModel, ReadinessLimits};
use crate::predict::{Limits, Model, ShadowEndpoints};

/// A server that is not ready at once is given up.
const IMPATIENT: ReadinessLimits =
    ReadinessLimits { silent: Duration::ZERO, starting: Duration::ZERO, answer: ENOUGH, pause: Duration::ZERO };
/// More than any answer of a test takes.
const ENOUGH: Duration = Duration::from_secs(60);

async fn model(server: &Server) -> Model {
    model_within(server, small_limits()).await
}

async fn model_within(server: &Server, limits: Limits) -> Model {
    let mut settings = settings(limits);
    settings.target = crate::predict::Target::Http { url: server.url() };
    settings.request.custom_attributes = Some("a=b".to_owned());
    let model = Model::open(settings, &ShadowEndpoints::default()).await;
    model.unwrap_or_else(|error| panic!("{error}")).pausing(Duration::from_millis(1))
}

#[tokio::test]
async fn rows_go_to_invocations_and_scores_come_back() {
    let server = Server::ready(|_, seen| answer(200, &doubled(&seen.body)));
    let model = model(&server).await;
    let expected: Vec<_> = (0..35).map(|number| Ok(f64::from(2 * number))).collect();
    assert_eq!(predict(&model, &numbers(0..35)).await.expect("answers"), expected);
    assert_eq!(model.place(), format!("{}/invocations", server.url()));
    let seen = server.seen();
    assert_eq!(seen[0].line, "GET /ping HTTP/1.1");
    let sent = seen.iter().find(|seen| seen.body.starts_with("0\n")).expect("the first batch");
    assert_eq!(
        (sent.line.as_str(), sent.body.as_str()),
        ("POST /invocations HTTP/1.1", "0\n1\n2\n3\n4\n5\n6\n7\n8\n9")
    );
    for header in ["content-type: text/csv", "accept: text/csv", "x-amzn-sagemaker-custom-attributes: a=b"] {
        assert!(sent.headers.iter().any(|line| line == header), "{header} in {:?}", sent.headers);
    }
}

#[tokio::test]
async fn connections_are_used_again() {
    let server = Server::ready(|_, seen| answer(200, &doubled(&seen.body)));
    let model = model_within(&server, Limits { concurrency: 1, ..small_limits() }).await;
    predict(&model, &numbers(0..200)).await.expect("answers");
    assert_eq!((model.calls().n_requests, server.n_connections.load(Ordering::SeqCst)), (20, 1));
}

#[tokio::test]
async fn a_server_is_waited_for_until_it_is_ready() {
    let server = Server::by(|number, _| match number {
        0 => answer(503, "loading"),
        1 => Deed::Close(Vec::new()),
        _ => answer(200, ""),
    });
    let patience = ReadinessLimits { starting: ENOUGH, ..IMPATIENT };
    HttpModel::open_within(&server.url(), &small_limits(), patience).await.expect("a model that is ready");
    assert_eq!(server.seen().len(), 3);
}

#[tokio::test]
async fn a_server_that_does_not_come_up_is_told() {
    let loading = Server::by(|_, _| answer(503, ""));
    let hanging = Server::by(|_, _| Deed::Hang);
    let other = Server::by(|_, _| answer(404, ""));
    let short = Duration::from_millis(10);
    let cases = [
        // Nobody but the system itself may listen at such a port, and it does not.
        ("http://127.0.0.1:1/".to_owned(), ENOUGH, "refused"),
        (loading.url(), ENOUGH, "HTTP status 503"),
        (hanging.url(), short, "not answered"),
        (other.url(), ENOUGH, "HTTP status 404, where"),
    ];
    for (url, answer, cause) in cases {
        let patience = ReadinessLimits { answer, ..IMPATIENT };
        let error = HttpModel::open_within(&url, &small_limits(), patience).await.expect_err(cause);
        assert_eq!(error.code().code, error::MODEL_UNREACHABLE.code);
        assert!(error.cause().contains(cause), "{error}");
        assert!(error.place().ends_with("/invocations"), "{error}");
    }
}

#[tokio::test]
async fn failures_that_pass_are_overcome() {
    let half = b"HTTP/1.1 200 X\r\nContent-Length: 100\r\n\r\n2\n".to_vec();
    let deeds: [fn(&[u8]) -> Deed; 5] = [
        |_| answer(500, "oops"),
        |_| answer(429, ""),
        |_| Deed::Close(Vec::new()),
        |half| Deed::Close(half.to_vec()),
        |_| Deed::Close(b"SSH-2.0-x\r\n".to_vec()),
    ];
    for deed in deeds {
        let half = half.clone();
        let server = Server::ready(
            move |number, seen| if number == 0 { deed(&half) } else { answer(200, &doubled(&seen.body)) },
        );
        let model = model(&server).await;
        assert_eq!(predict(&model, &numbers(1..3)).await.expect("answers"), [Ok(2.0), Ok(4.0)]);
        assert_eq!(model.calls().n_fallbacks, 0);
    }
}

#[tokio::test]
async fn failures_that_stay_are_told() {
    type Case = (fn() -> Deed, &'static str);
    let cases: [Case; 6] = [
        (|| answer(500, "Traceback\n\u{1b}[1m"), "HTTP status 500 with 2 lines of text"),
        (|| Deed::Close(b"SSH-2.0-OpenSSH\r\n\r\n".to_vec()), "invalid HTTP"),
        (|| answer(401, ""), "HTTP status 401"),
        (|| Deed::Answer(b"HTTP/1.1 307 X\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n".to_vec()), "redirects"),
        (|| Deed::Answer(b"HTTP/1.1 200 X\r\nContent-Length: 99999999\r\n\r\n".to_vec()), "larger than 64 MB"),
        (endless, "larger than 64 MB"),
    ];
    for (deed, cause) in cases {
        let server = Server::ready(move |_, _| deed());
        let model = model_within(&server, Limits { concurrency: 1, ..small_limits() }).await;
        let error = fails(&model, &numbers(0..5), &error::MODEL_UNREACHABLE).await;
        assert!(error.cause().contains(cause), "{error}");
        assert!(server.seen().iter().all(|seen| !seen.line.contains("elsewhere")));
    }
}

/// A chunk of a mebibyte, without end.
fn endless() -> Deed {
    let mut chunk = b"100000\r\n".to_vec();
    chunk.resize(chunk.len() + (1 << 20), b'1');
    chunk.extend(b"\r\n");
    Deed::Repeat(b"HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec(), chunk)
}

#[tokio::test]
async fn refusals_of_batches_and_rows_are_told_apart() {
    let server = Server::ready(|_, seen| match seen.body.as_str() {
        "3" => answer(422, "no threes"),
        body if body.contains('\n') => answer(413, ""),
        body => answer(200, &doubled(body)),
    });
    let model = model(&server).await;
    let predictions = predict(&model, &numbers(2..5)).await.expect("answers");
    assert_eq!(predictions, [Ok(4.0), Err("HTTP status 422 with one line of text".to_owned()), Ok(8.0)]);
    assert_eq!(model.calls().n_fallbacks, 1);
}

#[tokio::test]
async fn answers_may_come_in_pieces() {
    let server = Server::ready(|_, _| {
        let chunks = "HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n1\r\n3\r\n0\n2\r\n2\r\n0\n\r\n0\r\n\r\n";
        Deed::Answer(chunks.as_bytes().to_vec())
    });
    let model = model(&server).await;
    assert_eq!(predict(&model, &numbers(0..2)).await.expect("answers"), [Ok(10.0), Ok(20.0)]);
}

#[tokio::test]
async fn answers_that_never_come_are_a_timeout() {
    let server = Server::ready(|number, _| match number % 2 {
        0 => Deed::Hang,
        // It begins in time, and does not end.
        _ => Deed::Answer(b"HTTP/1.1 200 X\r\nContent-Length: 100\r\n\r\n1".to_vec()),
    });
    let model = model_within(&server, Limits { timeout: Duration::from_millis(30), ..small_limits() }).await;
    let error = fails(&model, &numbers(0..5), &error::MODEL_TIMEOUT).await;
    assert!(error.cause().contains("0.03 s, 3 times"), "{error}");
    assert_eq!(model.calls().n_requests, 3);
}

#[tokio::test]
async fn text_and_wrong_counts_are_told_with_the_place() {
    for (body, code) in [("yes\nno", &error::ANSWER_NOT_NUMERIC), ("1\n2\n3", &error::ANSWER_SHAPE)] {
        let server = Server::ready(move |_, _| answer(200, body));
        let error = fails(&model(&server).await, &numbers(0..2), code).await;
        assert_eq!(error.place(), format!("{}/invocations", server.url()));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_goes_away_is_told() {
    let server = Server::ready(|number, seen| match number {
        0..3 => answer(200, &doubled(&seen.body)),
        _ => Deed::Close(Vec::new()),
    });
    let model = model(&server).await;
    let rows = numbers(0..1_000);
    let error = tokio::spawn(async move { model.predict(&rows).await.map(|_| ()) }).await.expect("a task");
    assert_eq!(error.expect_err("an error").code().code, error::MODEL_UNREACHABLE.code);
}
