//! Models that refuse, fail, or answer something else.

use super::fake_transport::{FakeTransport, doubled, fails, model, model_of, numbers, predict, settings, small_limits};
use crate::error;
use crate::predict::transport::Failure;
use crate::predict::{Calls, Limits};

fn refused() -> Failure {
    Failure::Refused("HTTP status 400".to_owned())
}

fn unreachable() -> Failure {
    Failure::Unreachable("HTTP status 500".to_owned())
}

fn is_batch(body: &str) -> bool {
    body.contains('\n')
}

#[tokio::test]
async fn a_batch_that_is_refused_is_sent_row_by_row() {
    let transport = FakeTransport::by(|_, body| if is_batch(body) { Err(refused()) } else { Ok(doubled(body)) });
    let model = model(&transport);
    let expected: Vec<_> = (0..25).map(|number| Ok(f64::from(2 * number))).collect();
    assert_eq!(predict(&model, &numbers(0..25)).await.expect("answers"), expected);
    let calls = Calls { n_wanted: 25, n_predictions: 25, n_requests: 28, n_retries: 0, n_fallbacks: 3 };
    assert_eq!(model.calls(), calls);
}

#[tokio::test]
async fn only_the_rows_that_are_refused_have_no_scores() {
    let refuses = |body: &str| body.lines().any(|line| line == "7");
    let transport = FakeTransport::by(move |_, body| if refuses(body) { Err(refused()) } else { Ok(doubled(body)) });
    let predictions = predict(&model(&transport), &numbers(0..20)).await.expect("answers");
    for (number, prediction) in predictions.into_iter().enumerate() {
        let expected = if number == 7 { Err("HTTP status 400".to_owned()) } else { Ok(2.0 * number as f64) };
        assert_eq!(prediction, expected);
    }
    assert_eq!(transport.n_requests(), 12);
}

#[tokio::test]
async fn what_may_pass_is_tried_again() {
    for failure in [unreachable(), Failure::TimedOut] {
        let again = failure.clone();
        let transport =
            FakeTransport::by(move |number, body| if number < 2 { Err(again.clone()) } else { Ok(doubled(body)) });
        let model = model(&transport);
        assert_eq!(predict(&model, &numbers(1..3)).await.expect("answers"), [Ok(2.0), Ok(4.0)], "{failure:?}");
        assert_eq!((model.calls().n_requests, model.calls().n_retries, model.calls().n_fallbacks), (3, 2, 0));
    }
}

#[tokio::test]
async fn a_server_that_fails_on_batches_only_is_asked_for_single_rows() {
    let transport = FakeTransport::by(|_, body| if is_batch(body) { Err(unreachable()) } else { Ok(doubled(body)) });
    let model = model(&transport);
    assert_eq!(predict(&model, &numbers(1..4)).await.expect("answers"), [2.0, 4.0, 6.0].map(Ok));
    assert_eq!((model.calls().n_requests, model.calls().n_fallbacks), (6, 1));
}

/// Many servers answer with 500 to what they should refuse.
#[tokio::test]
async fn a_row_that_a_living_server_fails_on_is_refused() {
    let fails = |body: &str| body.lines().any(|line| line == "15");
    let transport = FakeTransport::by(move |_, body| if fails(body) { Err(unreachable()) } else { Ok(doubled(body)) });
    let model = model(&transport);
    let predictions = predict(&model, &numbers(0..30)).await.expect("answers");
    for (number, prediction) in predictions.into_iter().enumerate() {
        assert_eq!(prediction.is_err(), number == 15, "{number}");
    }
    // Whether it lives was asked with a single row, not with a batch: of those one was sent three times.
    assert_eq!(transport.bodies().iter().filter(|body| is_batch(body)).count(), 5);
    assert_eq!(transport.n_requests(), 5 + 10 + 1 + 1);
}

#[tokio::test]
async fn the_first_rows_may_be_those_that_a_server_fails_on() {
    let fails = |body: &str| body.lines().any(|line| ["0", "1", "2"].contains(&line));
    let transport = FakeTransport::by(move |_, body| if fails(body) { Err(unreachable()) } else { Ok(doubled(body)) });
    let model = model_of(&transport, settings(Limits { concurrency: 1, ..small_limits() }));
    let predictions = predict(&model, &numbers(0..10)).await.expect("answers");
    let refused = || Err("HTTP status 500".to_owned());
    assert_eq!(predictions[..4], [refused(), refused(), refused(), Ok(6.0)]);
}

#[tokio::test]
async fn a_server_that_is_down_is_given_up_soon() {
    let transport = FakeTransport::by(|_, _| Err(Failure::Unreachable("connection refused".to_owned())));
    let model = model(&transport);
    let error = fails(&model, &numbers(0..10_000), &error::MODEL_UNREACHABLE).await;
    assert_eq!((error.place(), error.cause()), ("the stage", "connection refused"));
    // Each of the batches under way three times, then a few of their rows twice.
    assert!(transport.n_requests() <= 3 * (3 + 2 * (3 + 3)), "{}", transport.n_requests());
    let before = transport.n_requests();
    fails(&model, &numbers(0..1), &error::MODEL_UNREACHABLE).await;
    assert_eq!(transport.n_requests(), before);
}

#[tokio::test]
async fn a_server_that_dies_in_the_middle_is_given_up() {
    let transport = FakeTransport::by(|number, body| if number < 5 { Ok(doubled(body)) } else { Err(unreachable()) });
    let model = model(&transport);
    fails(&model, &numbers(0..1_000), &error::MODEL_UNREACHABLE).await;
    assert!(transport.n_requests() < 60, "{}", transport.n_requests());
}

#[tokio::test]
async fn a_model_that_is_always_too_slow_does_not_take_every_batch_its_time() {
    let transport = FakeTransport::by(|_, _| Err(Failure::TimedOut));
    let model = model(&transport);
    let error = fails(&model, &numbers(0..10_000), &error::MODEL_TIMEOUT).await;
    assert!(error.cause().contains("60 s, 3 times"), "{error}");
    assert!(transport.n_requests() <= 9, "{}", transport.n_requests());
}

#[tokio::test]
async fn what_is_forbidden_is_asked_for_once() {
    let transport = FakeTransport::by(|_, _| Err(Failure::Denied("HTTP status 403".to_owned())));
    let model = model_of(&transport, settings(Limits { concurrency: 1, ..small_limits() }));
    let error = fails(&model, &numbers(0..100), &error::MODEL_UNREACHABLE).await;
    assert_eq!((error.cause(), transport.n_requests()), ("HTTP status 403", 1));
}

#[tokio::test]
async fn a_model_that_refuses_everything_is_told_early() {
    let transport = FakeTransport::by(|_, _| Err(refused()));
    let error = fails(&model(&transport), &numbers(0..5_000), &error::MODEL_REFUSES).await;
    assert!(error.cause().contains("100 of 100") && error.cause().contains("HTTP status 400"), "{error}");
    assert!(transport.n_requests() < 140, "{}", transport.n_requests());
}

#[tokio::test]
async fn half_of_the_rows_may_be_refused() {
    let is_odd = |body: &str| body.ends_with(['1', '3', '5', '7', '9']);
    let transport = FakeTransport::by(
        move |_, body| if is_batch(body) || is_odd(body) { Err(refused()) } else { Ok(doubled(body)) },
    );
    // Row by row in their order, so that never more than half were refused.
    let model = model_of(&transport, settings(Limits { concurrency: 1, ..small_limits() }));
    let predictions = predict(&model, &numbers(0..400)).await.expect("answers");
    assert_eq!(predictions.iter().filter(|prediction| prediction.is_err()).count(), 200);
}

#[tokio::test]
async fn few_refusals_are_no_reason_to_give_up() {
    let transport = FakeTransport::by(|_, _| Err(refused()));
    let predictions = predict(&model(&transport), &numbers(0..99)).await.expect("refusals");
    assert!(predictions.iter().all(Result::is_err));
}

#[tokio::test]
async fn answers_that_are_none_end_the_job() {
    let cases = [
        ("1\n2\n3", &error::ANSWER_SHAPE, "3 predictions for 2 rows"),
        ("1", &error::ANSWER_SHAPE, "1 predictions for 2 rows"),
        ("1,2\n3", &error::ANSWER_SHAPE, "one row has 2 scores, another 1"),
        ("", &error::ANSWER_SHAPE, "0 predictions for 2 rows"),
        ("yes\nno", &error::ANSWER_NOT_NUMERIC, "a score is no number"),
        ("nan\n1", &error::ANSWER_NOT_NUMERIC, "a score is a number that is not finite"),
    ];
    for (answer, code, cause) in cases {
        let transport = FakeTransport::by(move |_, _| Ok(answer.to_owned()));
        let error = fails(&model(&transport), &numbers(0..2), code).await;
        assert!(error.cause().contains(cause), "{error}");
        assert_eq!((error.place(), transport.n_requests()), ("the stage", 1));
    }
}

#[tokio::test]
async fn every_answer_has_equally_many_scores() {
    let transport = FakeTransport::by(|number, _| Ok(if number == 0 { "1,2" } else { "1,2,3" }.to_owned()));
    let model = model(&transport);
    predict(&model, &numbers(0..1)).await.expect("two scores");
    let error = fails(&model, &numbers(1..2), &error::ANSWER_SHAPE).await;
    assert!(error.cause().contains("a row has 3 scores, rows before had 2"), "{error}");
}
