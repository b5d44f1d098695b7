//! Signatures, recomputed from what arrived (AWS General Reference: Signature Version 4, create a signed request).

use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use bytes::Bytes;
use sha2::{Digest, Sha256};

use super::creation::of_model;
use super::stub::{Call, SECRET_KEY, Stub, configuration, shadows};
use crate::predict::sagemaker::{SageMaker, endpoint};
use crate::predict::transport::Request;
use crate::predict::{ContentType, Limits};

/// HMAC with SHA-256 (RFC 2104), for keys of at most 64 bytes.
fn hmac(key: &[u8], message: &[u8]) -> Vec<u8> {
    let mut block = [0; 64];
    block[..key.len()].copy_from_slice(key);
    let inner = Sha256::new().chain_update(block.map(|byte| byte ^ 0x36)).chain_update(message).finalize();
    Sha256::new().chain_update(block.map(|byte| byte ^ 0x5c)).chain_update(inner).finalize().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A header's value as it is signed: runs of spaces count as one.
fn one_spaced(value: &str) -> String {
    value.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Asserts that the signature of a call is right, and gives the headers that it covers.
fn signed_headers(call: &Call) -> Vec<String> {
    let authorization = &call.headers["authorization"];
    let field = |name: &str| {
        let value = authorization.split_once(&format!("{name}=")).expect(name).1;
        value.split(',').next().expect(name).to_owned()
    };
    let (credential, signed) = (field("Credential"), field("SignedHeaders"));
    let scope = credential.split_once('/').expect("a scope").1;
    let headers: String =
        signed.split(';').map(|name| format!("{name}:{}\n", one_spaced(&call.headers[name]))).collect();
    let canonical = format!("POST\n{}\n\n{headers}\n{signed}\n{}", call.path, hex(&Sha256::digest(&call.body)));
    let time = &call.headers["x-amz-date"];
    let to_sign = format!("AWS4-HMAC-SHA256\n{time}\n{scope}\n{}", hex(&Sha256::digest(canonical)));
    let key = format!("AWS4{SECRET_KEY}").into_bytes();
    let key = scope.split('/').fold(key, |key, part| hmac(&key, part.as_bytes()));
    assert_eq!(field("Signature"), hex(&hmac(&key, to_sign.as_bytes())), "{call:?}");
    signed.split(';').map(str::to_owned).collect()
}

async fn invoke(sagemaker: &SageMaker) {
    let transport = endpoint("abalone", Some("model-7"), &Limits::default(), sagemaker).expect("a transport");
    let request = Request {
        body: Bytes::from_static("1,ü\n".as_bytes()),
        content_type: ContentType::Csv,
        accept: ContentType::Csv,
        custom_attributes: Some("tier=gold,  two spaces".to_owned()),
    };
    transport.send(request).await.expect("an answer");
}

#[tokio::test]
async fn every_call_is_signed_over_its_headers_and_body() {
    let stub = Stub::start().await;
    let sagemaker = stub.sagemaker();
    shadows().open(&of_model(), &sagemaker).await.expect("an endpoint");
    let calls = stub.calls();
    assert_eq!(calls.len(), 3);
    for call in &calls {
        let signed = signed_headers(call);
        for header in ["content-type", "host", "x-amz-date", "x-amz-target"] {
            assert!(signed.iter().any(|name| name == header), "{header}: {signed:?}");
        }
    }
}

#[tokio::test]
async fn a_session_token_is_sent_and_signed() {
    let stub = Stub::start().await;
    let credentials = Credentials::new("test-access-key", SECRET_KEY, Some("token".to_owned()), None, "tests");
    let config = configuration(&stub.url)
        .into_builder()
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .build();
    invoke(&SageMaker::new(config.clone(), &config)).await;
    let call = stub.calls().remove(0);
    assert_eq!(call.headers["x-amz-security-token"], "token");
    let signed = signed_headers(&call);
    assert!(signed.iter().any(|name| name == "x-amz-security-token"), "{signed:?}");
}
