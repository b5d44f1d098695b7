//! Endpoints that are deleted.

use std::time::Duration;

use super::creation::of_model;
use super::stub::{Answer, Stub, at_pace, shadows};
use crate::predict::sagemaker::polling::Polling;
use crate::predict::sagemaker::{Leftover, LeftoverKind, ShadowEndpoints};

const ENOUGH: Duration = Duration::from_secs(60);

async fn opened(stub: &Stub) -> (ShadowEndpoints, String) {
    let shadows = shadows();
    let name = shadows.open(&of_model(), &stub.sagemaker()).await.expect("an endpoint");
    (shadows, name)
}

/// The calls that came after the first `n_calls`.
fn after(stub: &Stub, n_calls: usize) -> Vec<String> {
    stub.operations().split_off(n_calls)
}

/// Opens an endpoint and stops the task that does so once `n_calls` calls have arrived.
async fn stopped_after(stub: &Stub, shadows: &ShadowEndpoints, n_calls: usize) {
    let (shadows, sagemaker) = (shadows.clone(), stub.sagemaker());
    let opening = tokio::spawn(async move { shadows.open(&of_model(), &sagemaker).await });
    stub.arrived(n_calls).await;
    opening.abort();
    let ended = opening.await.expect_err("a task that was stopped");
    assert!(ended.is_cancelled());
}

#[tokio::test]
async fn where_nothing_was_made_nothing_is_asked() {
    assert_eq!(ShadowEndpoints::default().close_all(Duration::ZERO).await, []);
}

#[tokio::test]
async fn endpoints_go_before_their_configurations_and_nothing_else_goes() {
    let stub = Stub::start().await;
    stub.with(|state| state.endpoints.insert("production".to_owned(), ("production".to_owned(), 0)));
    let (shadows, first) = opened(&stub).await;
    let second = shadows.clone().open(&of_model(), &stub.sagemaker()).await.expect("an endpoint");
    let n_calls = stub.calls().len();
    assert_eq!(shadows.close_all(ENOUGH).await, []);
    for name in [first, second] {
        let of_name = stub.calls().into_iter().skip(n_calls).filter(|call| call.name() == name);
        let operations: Vec<String> = of_name.map(|call| call.operation).collect();
        assert_eq!(operations, ["DeleteEndpoint", "DeleteEndpointConfig"]);
    }
    assert_eq!(stub.with(|state| state.endpoints.keys().cloned().collect::<Vec<_>>()), ["production"]);
    let n_calls = stub.calls().len();
    assert_eq!(shadows.close_all(ENOUGH).await, []);
    assert_eq!(after(&stub, n_calls), [""; 0]);
}

#[tokio::test]
async fn after_the_end_nothing_is_made() {
    let stub = Stub::start().await;
    let shadows = shadows();
    assert_eq!(shadows.close_all(ENOUGH).await, []);
    assert!(shadows.open(&of_model(), &stub.sagemaker()).await.is_err());
    assert_eq!(stub.calls().len(), 0);
}

#[tokio::test]
async fn what_is_being_made_is_deleted_as_soon_as_it_may_be() {
    let stub = Stub::start().await;
    stub.with(|state| {
        state.creating = usize::MAX;
        state.locks_while_creating = true;
    });
    let shadows = shadows();
    stopped_after(&stub, &shadows, 3).await;
    let n_calls = stub.calls().len();
    let finishing = async {
        stub.arrived(n_calls + 3).await;
        stub.with(|state| state.creating = 0);
    };
    let (left, ()) = tokio::join!(shadows.close_all(ENOUGH), finishing);
    assert_eq!(left, []);
    assert!(stub.is_empty());
    assert!(
        after(&stub, n_calls).starts_with(&["DeleteEndpoint", "DeleteEndpoint", "DeleteEndpoint"].map(String::from))
    );
}

#[tokio::test]
async fn wherever_the_making_is_stopped_nothing_is_left() {
    // The calls of the making: configuration, endpoint, then looks at it.
    for number in 0..4 {
        for answer in [Answer::Hang, Answer::WorkAndHang] {
            let stub = Stub::start().await;
            stub.with(|state| {
                state.creating = usize::MAX;
                state.at.insert(number, answer.clone());
            });
            let shadows = shadows();
            stopped_after(&stub, &shadows, number + 1).await;
            assert_eq!(shadows.close_all(ENOUGH).await, [], "call {number}, {answer:?}");
            assert!(stub.is_empty(), "call {number}, {answer:?}");
        }
    }
}

#[tokio::test]
async fn an_endpoint_that_appears_after_its_request_was_given_up_is_deleted() {
    let stub = Stub::start().await;
    stub.script("CreateEndpoint", [Answer::WorkAndHang]);
    let unknown = Answer::Error(400, "ValidationException", "Could not find endpoint \"arn:x\".");
    stub.script("DeleteEndpoint", [unknown.clone(), unknown]);
    let polling = Polling { settling: ENOUGH, ..shadows().polling };
    let shadows = ShadowEndpoints { polling, ..ShadowEndpoints::default() };
    stopped_after(&stub, &shadows, 2).await;
    assert_eq!(shadows.close_all(ENOUGH).await, []);
    assert!(stub.is_empty());
}

#[tokio::test]
async fn what_somebody_else_deleted_is_gone() {
    let stub = Stub::start().await;
    let (shadows, _) = opened(&stub).await;
    stub.with(|state| {
        state.endpoints.clear();
        state.configurations.clear();
    });
    assert_eq!(shadows.close_all(ENOUGH).await, []);
}

#[tokio::test]
async fn a_deletion_that_fails_for_a_while_is_tried_again() {
    let stub = Stub::start().await;
    let (shadows, _) = opened(&stub).await;
    let failures = [
        Answer::Error(400, "ThrottlingException", "Rate exceeded"),
        Answer::Error(500, "InternalFailure", ""),
        Answer::HangUp,
        Answer::WorkAndFail(500),
    ];
    stub.script("DeleteEndpoint", failures.clone());
    stub.script("DeleteEndpointConfig", failures);
    assert_eq!(shadows.close_all(ENOUGH).await, []);
    assert!(stub.is_empty());
}

#[tokio::test]
async fn what_cannot_be_deleted_is_named_and_tried_again_at_the_next_end() {
    let stub = Stub::start().await;
    let shadows = at_pace(ENOUGH, Duration::ZERO);
    let name = shadows.open(&of_model(), &stub.sagemaker()).await.expect("an endpoint");
    let refusal = Answer::Error(400, "ValidationException", "Cannot update in-progress endpoint.");
    stub.with(|state| state.always.insert("DeleteEndpoint", refusal));
    let left = shadows.close_all(Duration::from_secs(3)).await;
    let leftover = |kind, reason: &str| Leftover { kind, name: name.clone(), reason: reason.to_owned() };
    let expected = [
        leftover(LeftoverKind::Endpoint, "ValidationException: Cannot update in-progress endpoint"),
        leftover(LeftoverKind::Configuration, "its endpoint may still exist"),
    ];
    assert_eq!(left, expected);
    assert_eq!(left[1].to_string(), format!("endpoint configuration {name} (its endpoint may still exist)"));
    assert!(stub.operations().iter().filter(|operation| *operation == "DeleteEndpoint").count() > 1);

    stub.with(|state| state.always.clear());
    assert_eq!(shadows.close_all(ENOUGH).await, []);
    assert!(stub.is_empty());
}

#[tokio::test]
async fn a_deletion_that_is_not_permitted_is_not_insisted_on() {
    let stub = Stub::start().await;
    let (shadows, name) = opened(&stub).await;
    stub.with(|state| state.always.insert("DeleteEndpointConfig", Answer::Error(400, "AccessDeniedException", "no")));
    let n_calls = stub.calls().len();
    let left = shadows.close_all(ENOUGH).await;
    let reason = "AccessDeniedException: no".to_owned();
    assert_eq!(left, [Leftover { kind: LeftoverKind::Configuration, name, reason }]);
    assert_eq!(after(&stub, n_calls), ["DeleteEndpoint", "DeleteEndpointConfig"]);
}

#[tokio::test]
async fn a_deletion_that_is_never_answered_ends_with_the_time() {
    let stub = Stub::start().await;
    let shadows = at_pace(ENOUGH, Duration::ZERO);
    shadows.open(&of_model(), &stub.sagemaker()).await.expect("an endpoint");
    stub.with(|state| state.always.insert("DeleteEndpoint", Answer::Hang));
    let left = shadows.close_all(Duration::from_millis(50)).await;
    assert_eq!(left.first().map(|left| left.kind), Some(LeftoverKind::Endpoint));
}
