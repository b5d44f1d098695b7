//! Endpoints that are made.

use std::time::Duration;

use serde_json::{Value, json};

use super::stub::{Answer, Stub, at_pace, shadows};
use crate::error::{Error, SHADOW_ENDPOINT};
use crate::predict::sagemaker::ShadowEndpoints;
use crate::predict::{ShadowOf, ShadowSettings};

pub fn of_model() -> ShadowSettings {
    ShadowSettings {
        of: ShadowOf::Model("abalone-model".to_owned()),
        instance_type: Some("ml.m5.large".to_owned()),
        initial_instance_count: Some(2),
        accelerator_type: None,
        name_prefix: "shadow".to_owned(),
        target_model: None,
    }
}

fn of_endpoint() -> ShadowSettings {
    ShadowSettings {
        of: ShadowOf::Endpoint("abalone".to_owned()),
        instance_type: None,
        initial_instance_count: None,
        ..of_model()
    }
}

/// A stub where the endpoint `abalone` runs these variants.
async fn with_endpoint(variants: Value) -> Stub {
    let stub = Stub::start().await;
    stub.with(|state| {
        let configuration = json!({
            "EndpointConfigName": "abalone-config", "EndpointConfigArn": "arn:x", "CreationTime": 1.7e9,
            "KmsKeyId": "alias/volumes", "ProductionVariants": variants,
            "DataCaptureConfig": { "EnableCapture": true, "InitialSamplingPercentage": 100,
                "DestinationS3Uri": "s3://bucket/captures", "CaptureOptions": [{ "CaptureMode": "Input" }] },
        });
        state.configurations.insert("abalone-config".to_owned(), configuration);
        state.endpoints.insert("abalone".to_owned(), ("abalone-config".to_owned(), 100));
    });
    stub
}

/// The configuration that was asked for.
fn made(stub: &Stub) -> Value {
    let calls = stub.calls();
    let made = calls.iter().find(|call| call.operation == "CreateEndpointConfig").expect("a configuration");
    made.json()
}

async fn refusal(stub: &Stub, shadows: &ShadowEndpoints, settings: &ShadowSettings) -> Error {
    let refused = shadows.open(settings, &stub.sagemaker()).await.expect_err("no endpoint");
    assert_eq!(refused.code().code, SHADOW_ENDPOINT.code, "{refused}");
    refused
}

#[tokio::test]
async fn a_model_gets_an_endpoint_without_capture() {
    let stub = Stub::start().await;
    stub.with(|state| state.creating = 3);
    let name = shadows().open(&of_model(), &stub.sagemaker()).await.expect("an endpoint");
    assert!(name.starts_with("shadow-"), "{name}");
    let expected = json!({
        "EndpointConfigName": name,
        "ProductionVariants": [{ "VariantName": "AllTraffic", "ModelName": "abalone-model",
            "InstanceType": "ml.m5.large", "InitialInstanceCount": 2, "InitialVariantWeight": 1.0 }],
    });
    assert_eq!(made(&stub), expected);
    let describe = "DescribeEndpoint";
    assert_eq!(stub.operations(), ["CreateEndpointConfig", "CreateEndpoint", describe, describe, describe, describe]);
    let calls = stub.calls();
    assert_eq!(calls[1].json(), json!({ "EndpointName": name, "EndpointConfigName": name }));
    assert!(calls.iter().all(|call| call.headers["authorization"].contains("/sagemaker/aws4_request")));
}

#[tokio::test]
async fn an_endpoint_is_copied_in_what_its_model_needs_and_nothing_else() {
    let stub = with_endpoint(json!([
        { "VariantName": "A", "ModelName": "abalone-7", "InstanceType": "ml.c5.xlarge", "InitialInstanceCount": 4,
          "InitialVariantWeight": 0.25, "VolumeSizeInGB": 64, "ContainerStartupHealthCheckTimeoutInSeconds": 900,
          "ModelDataDownloadTimeoutInSeconds": 1200, "EnableSSMAccess": true,
          "ManagedInstanceScaling": { "Status": "ENABLED" }, "RoutingConfig": { "RoutingStrategy": "RANDOM" } },
        { "VariantName": "B", "ModelName": "abalone-8", "InstanceType": "ml.c5.xlarge", "InitialInstanceCount": 1 },
    ]))
    .await;
    let name = shadows().open(&of_endpoint(), &stub.sagemaker()).await.expect("an endpoint");
    let expected = json!({
        "EndpointConfigName": name, "KmsKeyId": "alias/volumes",
        "ProductionVariants": [{ "VariantName": "AllTraffic", "ModelName": "abalone-7", "InitialVariantWeight": 1.0,
            "InstanceType": "ml.c5.xlarge", "InitialInstanceCount": 4, "VolumeSizeInGB": 64,
            "ContainerStartupHealthCheckTimeoutInSeconds": 900, "ModelDataDownloadTimeoutInSeconds": 1200 }],
    });
    assert_eq!(made(&stub), expected);
}

#[tokio::test]
async fn settings_come_before_what_the_endpoint_has() {
    let variants = json!([{ "VariantName": "A", "ModelName": "abalone-7", "InstanceType": "ml.g5.xlarge",
        "InitialInstanceCount": 4, "VolumeSizeInGB": 64, "InferenceAmiVersion": "al2-ami-sagemaker-inference-gpu-2" }]);
    let stub = with_endpoint(variants).await;
    let settings = ShadowSettings {
        instance_type: Some("ml.m5.large".to_owned()),
        initial_instance_count: Some(1),
        accelerator_type: Some("ml.eia2.medium".to_owned()),
        ..of_endpoint()
    };
    shadows().open(&settings, &stub.sagemaker()).await.expect("an endpoint");
    let expected = json!([{ "VariantName": "AllTraffic", "ModelName": "abalone-7", "InitialVariantWeight": 1.0,
        "InstanceType": "ml.m5.large", "InitialInstanceCount": 1, "AcceleratorType": "ml.eia2.medium" }]);
    assert_eq!(made(&stub)["ProductionVariants"], expected);
}

#[tokio::test]
async fn a_serverless_endpoint_is_copied_as_one_that_costs_nothing_at_rest() {
    let serverless = json!({ "MemorySizeInMB": 2048, "MaxConcurrency": 5, "ProvisionedConcurrency": 3 });
    let variants = json!([{ "VariantName": "A", "ModelName": "abalone-7", "ServerlessConfig": serverless }]);
    let stub = with_endpoint(variants).await;
    shadows().open(&of_endpoint(), &stub.sagemaker()).await.expect("an endpoint");
    let expected = json!([{ "VariantName": "AllTraffic", "ModelName": "abalone-7", "InitialVariantWeight": 1.0,
        "ServerlessConfig": { "MemorySizeInMB": 2048, "MaxConcurrency": 5 } }]);
    assert_eq!(made(&stub)["ProductionVariants"], expected);
}

#[tokio::test]
async fn what_cannot_be_copied_is_refused_before_anything_is_made() {
    let cases = [
        (json!([]), "it has no production variant"),
        (json!([{ "VariantName": "A", "InstanceType": "ml.m5.large" }]), "names no model, but inference components"),
        (json!([{ "VariantName": "A", "ModelName": "m" }]), "nothing names an instance type"),
    ];
    for (variants, cause) in cases {
        let stub = with_endpoint(variants).await;
        let shadows = shadows();
        let refused = refusal(&stub, &shadows, &of_endpoint()).await;
        assert_eq!(refused.place(), "endpoint abalone");
        assert!(refused.cause().contains(cause), "{refused}");
        assert_eq!(stub.operations(), ["DescribeEndpoint", "DescribeEndpointConfig"]);
    }
    let stub = Stub::start().await;
    let refused = refusal(&stub, &shadows(), &of_endpoint()).await;
    assert_eq!(refused.cause(), "ValidationException: Could not find endpoint \"arn:abalone\"");
    let settings = ShadowSettings { instance_type: None, ..of_model() };
    assert_eq!(refusal(&stub, &shadows(), &settings).await.place(), "model abalone-model");
}

#[tokio::test]
async fn a_prefix_that_is_no_beginning_of_a_name_is_refused_without_a_call() {
    let stub = Stub::start().await;
    let settings = ShadowSettings { name_prefix: "a_b".to_owned(), ..of_model() };
    assert!(shadows().open(&settings, &stub.sagemaker()).await.is_err());
    assert_eq!(stub.calls().len(), 0);
}

#[tokio::test]
async fn an_endpoint_that_fails_says_why_and_is_deleted() {
    let stub = Stub::start().await;
    stub.with(|state| {
        state.creating = 2;
        state.status = Some(("Failed", "The primary container did not pass the ping health check."));
    });
    let shadows = shadows();
    let refused = refusal(&stub, &shadows, &of_model()).await;
    assert_eq!(refused.cause(), "its status is Failed: The primary container did not pass the ping health check");
    assert_eq!(shadows.close_all(Duration::from_secs(60)).await, []);
    assert!(stub.is_empty());
}

#[tokio::test]
async fn an_endpoint_that_is_never_in_service_is_given_up_and_deleted() {
    let stub = Stub::start().await;
    stub.with(|state| state.creating = usize::MAX);
    let shadows = at_pace(Duration::from_millis(30), Duration::from_secs(60));
    let refused = refusal(&stub, &shadows, &of_model()).await;
    assert!(refused.cause().starts_with("it was not in service after"), "{refused}");
    assert!(refused.cause().ends_with("its status is Creating"), "{refused}");
    assert_eq!(shadows.close_all(Duration::from_secs(60)).await, []);
    assert!(stub.is_empty());
}

#[tokio::test]
async fn an_endpoint_that_somebody_deletes_is_not_waited_for() {
    let stub = Stub::start().await;
    stub.with(|state| state.creating = usize::MAX);
    let shadows = shadows();
    let deleting = async {
        stub.arrived(4).await;
        stub.with(|state| state.endpoints.clear());
    };
    let settings = of_model();
    let (refused, ()) = tokio::join!(refusal(&stub, &shadows, &settings), deleting);
    assert!(refused.cause().contains("Could not find endpoint"), "{refused}");
    assert_eq!(shadows.close_all(Duration::from_secs(60)).await, []);
    assert!(stub.is_empty());
}

#[tokio::test]
async fn throttling_and_a_service_out_of_order_pass() {
    let stub = Stub::start().await;
    let throttled = || Answer::Error(400, "ThrottlingException", "Rate exceeded");
    stub.script("CreateEndpointConfig", [throttled(), throttled()]);
    stub.script("CreateEndpoint", [Answer::HangUp, Answer::WorkAndFail(500)]);
    stub.script("DescribeEndpoint", [throttled(), Answer::Error(503, "ServiceUnavailable", ""), Answer::HangUp]);
    let shadows = shadows();
    shadows.open(&of_model(), &stub.sagemaker()).await.expect("an endpoint");
    assert_eq!(shadows.close_all(Duration::from_secs(60)).await, []);
    assert!(stub.is_empty());
}

#[tokio::test]
async fn throttling_without_end_is_given_up() {
    let stub = Stub::start().await;
    let throttled = Answer::Error(400, "ThrottlingException", "Rate exceeded");
    stub.with(|state| state.always.insert("CreateEndpointConfig", throttled));
    let shadows = shadows();
    let refused = refusal(&stub, &shadows, &of_model()).await;
    assert_eq!(refused.cause(), "no endpoint configuration: ThrottlingException: Rate exceeded");
    assert_eq!(shadows.close_all(Duration::from_secs(60)).await, []);
    assert_eq!(stub.operations(), ["CreateEndpointConfig"; 6]);
}

#[tokio::test]
async fn an_endpoint_that_is_refused_leaves_no_configuration_behind() {
    let stub = Stub::start().await;
    stub.script("CreateEndpoint", [Answer::Error(400, "ResourceLimitExceeded", "0 instances of ml.m5.large.")]);
    let shadows = shadows();
    let refused = refusal(&stub, &shadows, &of_model()).await;
    assert_eq!(refused.cause(), "no endpoint: ResourceLimitExceeded: 0 instances of ml.m5.large");
    assert_eq!(shadows.close_all(Duration::from_secs(60)).await, []);
    assert!(stub.is_empty());
    assert_eq!(stub.operations(), ["CreateEndpointConfig", "CreateEndpoint", "DeleteEndpointConfig"]);
}

#[tokio::test]
async fn what_somebody_else_made_is_left_alone() {
    let stub = Stub::start().await;
    let existing = "Cannot create already existing endpoint configuration \"arn:x\".";
    stub.script("CreateEndpointConfig", [Answer::Error(400, "ValidationException", existing)]);
    let shadows = shadows();
    refusal(&stub, &shadows, &of_model()).await;
    assert_eq!(shadows.close_all(Duration::from_secs(60)).await, []);
    assert_eq!(stub.operations(), ["CreateEndpointConfig"]);
}
