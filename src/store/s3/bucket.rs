//! S3 bucket: requests for its objects through the program's client.

use aws_sdk_s3::Client;
use aws_sdk_s3::config::Builder;
use aws_sdk_s3::config::http::HttpResponse;
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_s3::operation::get_object::builders::GetObjectFluentBuilder;
use aws_sdk_s3::operation::list_objects_v2::builders::ListObjectsV2FluentBuilder;
use aws_sdk_s3::types::EncodingType;
use bytes::Bytes;

use super::client::S3Client;
use super::failure::Failure;
use crate::store::patience::Patience;

/// One bucket. Keys are sent as they stand.
#[derive(Clone, Debug)]
pub struct S3Bucket {
    s3: S3Client,
    name: String,
}

impl S3Bucket {
    pub fn new(s3: S3Client, name: &str) -> Self {
        Self { s3, name: name.to_string() }
    }

    pub(super) fn client(&self) -> &Client {
        &self.s3.client
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn patience(&self) -> &Patience {
        &self.s3.patience
    }

    /// What is otherwise for a request with a body of so many bytes.
    pub(super) fn settings_of_upload(&self, bytes: usize) -> Builder {
        Builder::new().timeout_config(self.s3.patience.timeouts_of_upload(bytes as u64))
    }

    pub(super) fn failure<E>(&self, error: &SdkError<E, HttpResponse>) -> Failure
    where
        E: std::error::Error + ProvideErrorMetadata + 'static,
    {
        Failure::of(error, &self.s3.endpoint)
    }

    pub(super) fn request_get(&self, key: &str) -> GetObjectFluentBuilder {
        self.client().get_object().bucket(&self.name).key(key)
    }

    /// Keys are asked for with escapes: XML cannot hold every character of a key.
    pub(super) fn request_list(&self, prefix: &str) -> ListObjectsV2FluentBuilder {
        self.client().list_objects_v2().bucket(&self.name).prefix(prefix).encoding_type(EncodingType::Url)
    }

    /// Puts the object `key` in one request.
    pub(super) async fn put(&self, key: &str, body: Bytes) -> Result<(), Failure> {
        let settings = self.settings_of_upload(body.len());
        let request = self.client().put_object().bucket(&self.name).key(key).body(body.into());
        request.customize().config_override(settings).send().await.map(|_| ()).map_err(|error| self.failure(&error))
    }

    /// Deletes the object `key`; it is no failure if there is none.
    pub(super) async fn delete(&self, key: &str) -> Result<(), Failure> {
        let request = self.client().delete_object().bucket(&self.name).key(key);
        request.send().await.map(|_| ()).map_err(|error| self.failure(&error))
    }
}
