//! Models that answer: batches, order, what is sent and what is not.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use super::fake_transport::{FakeTransport, doubled, fails, model, model_of, numbers, predict, settings, small_limits};
use super::requests::{Row, row};
use super::templates::json_format;
use crate::error;
use crate::predict::transport::{Failure, Transport};
use crate::predict::{Calls, ContentType, Limits, Model};

#[tokio::test]
async fn predictions_keep_the_order_of_the_rows() {
    let transport = FakeTransport::by(|_, body| Ok(doubled(body)));
    let model = model(&transport);
    assert_eq!(model.outputs(), None);
    let expected: Vec<_> = (0..95).map(|number| Ok(f64::from(2 * number))).collect();
    assert_eq!(predict(&model, &numbers(0..95)).await.expect("answers"), expected);
    assert_eq!(transport.n_requests(), 10);
    assert_eq!(model.outputs(), Some(vec!["label0".to_owned()]));
    assert_eq!(model.place(), "the stage");
}

#[tokio::test]
async fn the_same_row_is_sent_once() {
    let transport = FakeTransport::by(|_, body| Ok(doubled(body)));
    let model = model(&transport);
    let rows: Vec<Row> = ["1", "2", "1", "3", "2", "1"].iter().map(|cell| row(&[cell])).collect();
    let expected = [2.0, 4.0, 2.0, 6.0, 4.0, 2.0].map(Ok);
    assert_eq!(predict(&model, &rows).await.expect("answers"), expected);
    assert_eq!(transport.bodies(), ["1\n2\n3"]);
    assert_eq!(predict(&model, &rows).await.expect("answers"), expected);
    assert_eq!(predict(&model, &[row(&["3"]), row(&["4"])]).await.expect("answers"), [Ok(6.0), Ok(8.0)]);
    assert_eq!(transport.bodies(), ["1\n2\n3", "4"]);
    let calls = Calls { n_wanted: 14, n_predictions: 4, n_requests: 2, n_retries: 0, n_fallbacks: 0 };
    assert_eq!(model.calls(), calls);
    assert_eq!(predict(&model, &[]).await.expect("nothing"), []);
    assert_eq!(model.calls(), calls);
}

#[tokio::test]
async fn what_was_refused_is_not_sent_again() {
    let transport = FakeTransport::by(|_, _| Err(Failure::Refused("no".to_owned())));
    let model = model(&transport);
    for _ in 0..3 {
        assert_eq!(predict(&model, &numbers(0..1)).await.expect("a refusal"), [Err("no".to_owned())]);
    }
    assert_eq!(transport.n_requests(), 1);
}

#[tokio::test]
async fn batches_stay_within_their_limits() {
    let transport = FakeTransport::within(11, |_, body| Ok(doubled(body)));
    let model = model(&transport);
    let rows = numbers(95..130);
    assert_eq!(predict(&model, &rows).await.expect("answers").len(), 35);
    let bodies = transport.bodies();
    assert!(bodies.iter().all(|body| body.len() <= 11), "{bodies:?}");
    // Two digits and a line end, four times in eleven bytes; then three digits, three times.
    assert_eq!((bodies[0].as_str(), bodies[1].as_str()), ("95\n96\n97\n98", "99\n100\n101"));
    assert_eq!(bodies.len(), 12);
}

#[tokio::test]
async fn a_row_that_no_request_can_hold_is_refused() {
    let transport = FakeTransport::within(5, |_, body| Ok(doubled(body)));
    let model = model(&transport);
    let predictions = predict(&model, &[row(&["1"]), row(&["1234567"]), row(&["2"])]).await.expect("answers");
    let reason = "the row is larger than a request may be".to_owned();
    assert_eq!(predictions, [Ok(2.0), Err(reason), Ok(4.0)]);
    assert!(transport.bodies().iter().all(|body| body.len() <= 5));
}

#[tokio::test]
async fn requests_of_one_record_hold_one() {
    let transport = FakeTransport::by(|_, body| Ok(format!("[{}]", body.len())));
    let mut settings = settings(small_limits());
    settings.request = json_format(Some("{\"r\":$record}"), Some("$features"), &["x"]);
    settings.answer.accept = ContentType::Json;
    let model = model_of(&transport, settings);
    assert_eq!(predict(&model, &numbers(8..12)).await.expect("answers"), [9.0, 9.0, 10.0, 10.0].map(Ok));
    let mut bodies = transport.bodies();
    bodies.sort();
    assert_eq!(bodies, ["{\"r\":[10]}", "{\"r\":[11]}", "{\"r\":[8]}", "{\"r\":[9]}"]);
}

#[tokio::test]
async fn no_more_requests_are_under_way_than_allowed() {
    let transport = FakeTransport::by(|_, body| Ok(doubled(body)));
    let model = Arc::new(model(&transport));
    let calls = (0..8).map(|call| {
        let model = Arc::clone(&model);
        tokio::spawn(async move { predict(&model, &numbers(call * 100..call * 100 + 70)).await })
    });
    for (call, predictions) in futures::future::join_all(calls).await.into_iter().enumerate() {
        let predictions = predictions.expect("a task").expect("answers");
        let expected: Vec<_> = (0..70).map(|i| Ok(2.0 * (100 * call + i) as f64)).collect();
        assert_eq!(predictions, expected);
    }
    assert_eq!(transport.n_most.load(Ordering::SeqCst), small_limits().concurrency);
}

#[tokio::test]
async fn a_call_that_nobody_waits_for_does_not_hold_up_others() {
    let transport = FakeTransport::by(|_, body| Ok(doubled(body)));
    let model = model_of(&transport, settings(Limits { concurrency: 1, ..small_limits() }));
    let rows = numbers(0..100);
    let mut left_alone = Box::pin(model.predict(&rows));
    assert!(futures::poll!(left_alone.as_mut()).is_pending());
    let other = tokio::time::timeout(Duration::from_secs(60), predict(&model, &numbers(500..510))).await;
    assert_eq!(other.expect("an end").expect("answers").len(), 10);
    assert_eq!(left_alone.await.expect("answers").len(), 100);
}

#[tokio::test]
async fn a_call_that_is_dropped_sends_nothing_more() {
    let transport = FakeTransport::by(|_, body| Ok(doubled(body)));
    let model = model_of(&transport, settings(Limits { concurrency: 1, ..small_limits() }));
    let rows = numbers(0..100);
    let mut dropped = Box::pin(model.predict(&rows));
    assert!(futures::poll!(dropped.as_mut()).is_pending());
    drop(dropped);
    predict(&model, &numbers(500..530)).await.expect("answers");
    assert_eq!(transport.n_requests(), 3);
}

#[tokio::test]
async fn scores_have_the_names_of_their_headers() {
    let transport = FakeTransport::by(|_, _| Ok("0.1,0.9".to_owned()));
    let mut settings = settings(small_limits());
    settings.answer.label_headers = vec!["yes".to_owned(), "no".to_owned()];
    let model = model_of(&transport, settings);
    assert_eq!(model.outputs(), Some(vec!["yes".to_owned(), "no".to_owned()]));
    assert_eq!(model.predict(&numbers(0..1)).await.expect("scores"), [Ok(Arc::from([0.1, 0.9]))]);
}

#[tokio::test]
async fn outputs_without_headers_are_numbered() {
    let transport = FakeTransport::by(|_, _| Ok("0.1,0.2,0.7".to_owned()));
    let model = model(&transport);
    predict(&model, &numbers(0..1)).await.expect("scores");
    assert_eq!(model.outputs().expect("names"), ["label0", "label1", "label2"]);
}

#[tokio::test]
async fn beyond_the_budget_nothing_is_sent() {
    let transport = FakeTransport::by(|_, body| Ok(doubled(body)));
    let model = model_of(&transport, settings(Limits { max_predictions: 15, ..small_limits() }));
    predict(&model, &numbers(0..10)).await.expect("answers");
    let error = fails(&model, &numbers(10..16), &error::TOO_MANY_PREDICTIONS).await;
    assert!(error.cause().contains("6 more rows") && error.cause().contains("5 of 15"), "{error}");
    assert_eq!(transport.n_requests(), 1);
    predict(&model, &numbers(0..15)).await.expect("what is known and five more");
    assert_eq!(model.calls().n_predictions, 15);
}

#[tokio::test]
async fn limits_of_nothing_are_limits_of_one() {
    let transport = FakeTransport::by(|_, body| Ok(doubled(body)));
    let limits = Limits { concurrency: 0, max_batch_rows: 0, max_attempts: 0, ..small_limits() };
    let model = model_of(&transport, settings(limits));
    assert_eq!(predict(&model, &numbers(1..4)).await.expect("answers"), [2.0, 4.0, 6.0].map(Ok));
}

#[tokio::test]
async fn rows_of_another_width_are_a_defect() {
    let transport = FakeTransport::by(|_, body| Ok(doubled(body)));
    let error = fails(&model(&transport), &[row(&["1", "2"])], &error::INTERNAL).await;
    assert!(error.cause().contains("2 cells for 1 features"), "{error}");
    assert_eq!(transport.n_requests(), 0);
}

#[tokio::test]
async fn headers_cannot_be_smuggled_in() {
    for text in ["a\r\nX-Evil: 1", "é", "a\0", &"x".repeat(1_025)] {
        let transport: Arc<dyn Transport> = FakeTransport::by(|_, body| Ok(doubled(body)));
        let mut settings = settings(small_limits());
        settings.request.custom_attributes = Some(text.to_owned());
        let error = Model::with(transport, settings).expect_err(text);
        assert_eq!(error.code().code, error::ANALYSIS_CONFIG_INVALID.code);
        assert_eq!(error.place(), "predictor.custom_attributes");
    }
}
