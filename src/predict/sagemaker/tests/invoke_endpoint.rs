//! Endpoints that are asked.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;

use super::stub::{Answer, INVOKE, Stub, configuration, without_credentials};
use crate::error::ANALYSIS_CONFIG_INVALID;
use crate::predict::sagemaker::{SageMaker, endpoint};
use crate::predict::transport::{Failure, Request, Transport};
use crate::predict::{ContentType, Limits};

fn transport(sagemaker: &SageMaker, timeout: Duration) -> Arc<dyn Transport> {
    let limits = Limits { timeout, ..Limits::default() };
    endpoint("abalone", None, &limits, sagemaker).expect("a transport")
}

fn patient(sagemaker: &SageMaker) -> Arc<dyn Transport> {
    transport(sagemaker, Duration::from_secs(60))
}

fn request() -> Request {
    Request {
        body: Bytes::from_static(b"1,2\n3,4\n"),
        content_type: ContentType::Csv,
        accept: ContentType::JsonLines,
        custom_attributes: Some("tier=gold".to_owned()),
    }
}

/// What a request leads to that is answered with this.
async fn failure(answer: Answer) -> Failure {
    let stub = Stub::start().await;
    stub.script(INVOKE, [answer]);
    let failure = patient(&stub.sagemaker()).send(request()).await.expect_err("no answer");
    assert_eq!(stub.calls().len(), 1, "a request is sent once");
    failure
}

/// The model's own error, as the service passes it on.
fn model_error(status: i32, message: &str) -> Answer {
    let body = serde_json::json!({
        "Message": format!("Received error ({status}) from primary"), "OriginalStatusCode": status,
        "OriginalMessage": message, "LogStreamArn": "arn:aws:logs:eu-central-1:111122223333:log-group:x",
    });
    Answer::Raw(424, Some("ModelError"), body.to_string())
}

#[tokio::test]
async fn a_request_arrives_as_it_was_made_and_its_answer_comes_back_as_it_is() {
    let stub = Stub::start().await;
    let limits = Limits { timeout: Duration::from_secs(60), ..Limits::default() };
    let transport = endpoint("abalone", Some("model-7.tar.gz"), &limits, &stub.sagemaker()).expect("a transport");
    stub.script(INVOKE, [Answer::Work, Answer::Raw(200, None, "{\"\u{0}garbage".to_owned())]);
    assert_eq!(transport.send(request()).await, Ok(Bytes::from_static(b"0.5\n")));
    assert_eq!(transport.send(request()).await, Ok(Bytes::from_static(b"{\"\0garbage")));
    assert_eq!(transport.place(), "endpoint abalone, model model-7.tar.gz");
    assert_eq!(transport.max_body_bytes(), 6_000_000);

    let call = stub.calls().remove(0);
    assert_eq!((call.path.as_str(), &call.body), ("/endpoints/abalone/invocations", &request().body));
    let header = |name: &str| call.headers.get(name).map(String::as_str);
    assert_eq!(header("content-type"), Some("text/csv"));
    assert_eq!(header("accept"), Some("application/jsonlines"));
    assert_eq!(header("x-amzn-sagemaker-custom-attributes"), Some("tier=gold"));
    assert_eq!(header("x-amzn-sagemaker-target-model"), Some("model-7.tar.gz"));
    let signed = header("authorization").expect("a signature");
    assert!(signed.contains("/eu-central-1/sagemaker/aws4_request"), "{signed}");
}

#[tokio::test]
async fn what_is_not_given_is_not_sent() {
    let stub = Stub::start().await;
    let transport = patient(&stub.sagemaker());
    transport.send(Request { custom_attributes: None, ..request() }).await.expect("an answer");
    let call = stub.calls().remove(0);
    let ours = call.headers.keys().filter(|name| name.starts_with("x-amzn-sagemaker")).count();
    assert_eq!((ours, transport.place().as_str()), (0, "endpoint abalone"));
}

#[tokio::test]
async fn answers_of_the_model_say_whether_the_body_or_the_moment_is_wrong() {
    let told = |text: &str| text.replace("LINE", "one line of text");
    let unreachable = |text: &str| Failure::Unreachable(told(text));
    let refused = |text: &str| Failure::Refused(told(text));
    let cases = [
        (400, "no such column\n", refused("HTTP status 400 with LINE")),
        (415, "{\"row\": \"Doe\"}", refused("HTTP status 415 with a JSON object with `row`")),
        (429, "busy", unreachable("HTTP status 429 with LINE")),
        (500, "worker died", unreachable("HTTP status 500 with LINE")),
        (503, "", unreachable("HTTP status 503 with an empty body")),
        (0, "Your invocation timed out while waiting for a response", Failure::TimedOut),
        (0, "container gone", unreachable("the model did not answer; the service tells LINE")),
    ];
    for (status, message, expected) in cases {
        assert_eq!(failure(model_error(status, message)).await, expected, "{status} {message}");
    }
}

#[tokio::test]
async fn answers_of_the_service_say_whether_trying_again_is_of_use() {
    let unreachable = |text: &str| Failure::Unreachable(text.to_owned());
    let denied = |text: &str| Failure::Denied(text.to_owned());
    let not_found = "Endpoint abalone of account 111122223333 not found.";
    let cases = [
        (429, "ThrottlingException", "Rate exceeded", unreachable("ThrottlingException: Rate exceeded")),
        (400, "ThrottlingException", "Rate exceeded", unreachable("ThrottlingException: Rate exceeded")),
        (429, "ModelNotReadyException", "loading", unreachable("ModelNotReadyException: loading")),
        (500, "InternalFailure", "sorry.", unreachable("InternalFailure: sorry")),
        (503, "ServiceUnavailable", "", unreachable("ServiceUnavailable")),
        (400, "ValidationError", not_found, denied(&format!("ValidationError: {}", not_found.trim_end_matches('.')))),
        (400, "ValidationError", "no variant B", denied("ValidationError: no variant B")),
        (403, "AccessDeniedException", "not you", denied("AccessDeniedException: not you")),
        (400, "AccessDeniedException", "not you", denied("AccessDeniedException: not you")),
        (403, "ExpiredTokenException", "old", denied("ExpiredTokenException: old")),
        (413, "ValidationError", "no", Failure::Refused("ValidationError: no".to_owned())),
    ];
    for (status, code, message, expected) in cases {
        assert_eq!(failure(Answer::Error(status, code, message)).await, expected, "{status} {code}");
    }
}

#[tokio::test]
async fn answers_that_are_no_answers_of_the_service_count_by_their_status() {
    let page = "<html>Bad Gateway</html>".to_owned();
    let bad_gateway = failure(Answer::Raw(502, None, page.clone())).await;
    assert!(matches!(bad_gateway, Failure::Unreachable(_)), "{bad_gateway:?}");
    let bad_request = failure(Answer::Raw(400, None, page)).await;
    assert!(matches!(bad_request, Failure::Denied(_)), "{bad_request:?}");
}

#[tokio::test]
async fn a_connection_that_breaks_off_or_is_refused_is_unreachable() {
    let broken = failure(Answer::HangUp).await;
    assert!(matches!(broken, Failure::Unreachable(_)), "{broken:?}");

    let nobody = std::net::TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port");
    let config = configuration(&format!("http://{nobody}"));
    let refused = patient(&SageMaker::new(config.clone(), &config)).send(request()).await;
    assert!(matches!(refused, Err(Failure::Unreachable(_))), "{refused:?}");
}

#[tokio::test]
async fn an_answer_that_never_comes_ends_with_the_time_limit() {
    let stub = Stub::start().await;
    stub.script(INVOKE, [Answer::Hang]);
    let answer = transport(&stub.sagemaker(), Duration::from_millis(1500)).send(request()).await;
    assert_eq!(answer, Err(Failure::TimedOut));
}

#[tokio::test]
async fn an_answer_may_be_large_but_not_endless() {
    let stub = Stub::start().await;
    let limit = 24_000_000;
    stub.script(INVOKE, [limit, limit + 1].map(|length| Answer::Raw(200, None, "7".repeat(length))));
    let transport = patient(&stub.sagemaker());
    assert_eq!(transport.send(request()).await.expect("an answer").len(), limit);
    assert_eq!(transport.send(request()).await, Err(Failure::Refused("the answer is too large".to_owned())));
}

#[tokio::test]
async fn without_credentials_nothing_is_asked() {
    let stub = Stub::start().await;
    let sagemaker = SageMaker::new(without_credentials(&stub.url), &configuration(&stub.url));
    let answer = patient(&sagemaker).send(request()).await;
    assert!(matches!(answer, Err(Failure::Denied(_))), "{answer:?}");
    assert_eq!(stub.calls().len(), 0);
}

#[test]
fn names_that_no_endpoint_has_are_refused() {
    let config = configuration("http://127.0.0.1:9");
    let sagemaker = SageMaker::new(config.clone(), &config);
    for name in ["", "-a", "a-", "a_b", "a/b", "ä", &"a".repeat(64)] {
        let refused = endpoint(name, None, &Limits::default(), &sagemaker).map(|_| ()).expect_err(name);
        assert_eq!(refused.code().code, ANALYSIS_CONFIG_INVALID.code, "{name}");
    }
    assert!(endpoint(&"a".repeat(63), None, &Limits::default(), &sagemaker).is_ok());
}
