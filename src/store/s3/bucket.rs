//! S3 bucket: requests for its objects through the program's client.

use aws_sdk_s3::Client;
use aws_sdk_s3::config::http::HttpResponse;
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_s3::operation::get_object::builders::GetObjectFluentBuilder;
use aws_sdk_s3::operation::list_objects_v2::builders::ListObjectsV2FluentBuilder;
use bytes::Bytes;

use super::client::S3Client;
use super::failure::Failure;

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

    pub(super) fn failure<E>(&self, error: &SdkError<E, HttpResponse>) -> Failure
    where
        E: std::error::Error + ProvideErrorMetadata + 'static,
    {
        Failure::of(error, &self.s3.endpoint)
    }

    pub(super) fn request_get(&self, key: &str) -> GetObjectFluentBuilder {
        self.client().get_object().bucket(&self.name).key(key)
    }

    pub(super) fn request_list(&self, prefix: &str) -> ListObjectsV2FluentBuilder {
        self.client().list_objects_v2().bucket(&self.name).prefix(prefix)
    }

    /// Puts the object `key` in one request.
    pub(super) async fn put(&self, key: &str, body: Bytes) -> Result<(), Failure> {
        let request = self.client().put_object().bucket(&self.name).key(key).body(body.into());
        request.send().await.map(|_| ()).map_err(|error| self.failure(&error))
    }

    /// Deletes the object `key`; it is no failure if there is none.
    pub(super) async fn delete(&self, key: &str) -> Result<(), Failure> {
        let request = self.client().delete_object().bucket(&self.name).key(key);
        request.send().await.map(|_| ()).map_err(|error| self.failure(&error))
    }
}
