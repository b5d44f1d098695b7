//! Where the two services are.

use std::time::Duration;

use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_types::service_config::{LoadServiceConfig, ServiceConfigKey};
use bytes::Bytes;

use super::creation::of_model;
use super::stub::{Answer, INVOKE, Stub, shadows, without_address};
use crate::error::SHADOW_ENDPOINT;
use crate::names::sdk;
use crate::predict::sagemaker::{SageMaker, endpoint};
use crate::predict::transport::Request;
use crate::predict::{ContentType, Limits};

/// What environment and profile files say of single services.
#[derive(Clone, Debug)]
struct Told {
    runtime: String,
    control: String,
}

impl LoadServiceConfig for Told {
    fn load_config(&self, key: ServiceConfigKey<'_>) -> Option<String> {
        assert_eq!((key.env(), key.profile()), (sdk::ENDPOINT_URL, sdk::ENDPOINT_URL_PROFILE));
        match key.service_id() {
            sdk::SAGEMAKER_RUNTIME_SERVICE => Some(self.runtime.clone()),
            sdk::SAGEMAKER_SERVICE => Some(self.control.clone()),
            _ => None,
        }
    }
}

#[tokio::test]
async fn each_service_is_found_where_it_is_said_to_be() {
    let (runtime, control) = (Stub::start().await, Stub::start().await);
    let told = Told { runtime: runtime.url.clone(), control: control.url.clone() };
    let credentials = Credentials::new("test-access-key", "test-secret-key", None, None, "tests");
    let config = without_address()
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .service_config(told)
        .build();
    let sagemaker = SageMaker::new(config.clone(), &config);
    let name = shadows().open(&of_model(), &sagemaker).await.expect("an endpoint");
    let transport = endpoint(&name, None, &Limits::default(), &sagemaker).expect("a transport");
    let (content_type, accept) = (ContentType::Json, ContentType::Json);
    let request = Request { body: Bytes::from_static(b"{}"), content_type, accept, custom_attributes: None };
    transport.send(request).await.expect("an answer");
    assert_eq!(runtime.operations(), [INVOKE]);
    assert_eq!(control.operations(), ["CreateEndpointConfig", "CreateEndpoint", "DescribeEndpoint"]);
}

#[tokio::test]
async fn a_description_without_end_is_not_read_to_it() {
    let stub = Stub::start().await;
    stub.script("DescribeEndpoint", [Answer::Raw(200, None, " ".repeat(1_000_001))]);
    let refused = shadows().open(&of_model(), &stub.sagemaker()).await.expect_err("no endpoint");
    assert_eq!((refused.code().code, refused.cause()), (SHADOW_ENDPOINT.code, "the answer is too large"));
}

#[tokio::test]
async fn what_was_made_with_an_answer_that_cannot_be_read_is_deleted() {
    for answer in [" ".repeat(1_000_001), "<html>".to_owned()] {
        let stub = Stub::start().await;
        stub.script("CreateEndpointConfig", [Answer::WorkAndSay(answer.clone()), Answer::WorkAndSay(answer)]);
        let shadows = shadows();
        // Whether it counts as made or not, it goes.
        let opened = shadows.open(&of_model(), &stub.sagemaker()).await;
        assert!(!stub.is_empty(), "{opened:?}");
        assert_eq!(shadows.close_all(Duration::from_secs(60)).await, []);
        assert!(stub.is_empty(), "{opened:?}");
    }
}
