//! Multipart upload: one object sent in parts.

use aws_sdk_s3::types::{CompletedMultipartUpload, CompletedPart};
use bytes::Bytes;

use super::bucket::S3Bucket;
use super::failure::Failure;

/// An upload in progress. Nothing is seen at the key before it is complete; one that is neither
/// completed nor aborted keeps costing storage until a lifecycle rule removes it.
#[derive(Debug)]
pub struct MultipartUpload<'a> {
    bucket: &'a S3Bucket,
    key: &'a str,
    id: String,
    parts: Vec<CompletedPart>,
}

impl<'a> MultipartUpload<'a> {
    pub async fn start(bucket: &'a S3Bucket, key: &'a str) -> Result<Self, Failure> {
        let request = bucket.client().create_multipart_upload().bucket(bucket.name()).key(key);
        let answer = request.send().await.map_err(|error| bucket.failure(&error))?;
        let id = answer.upload_id.ok_or_else(|| Failure::other("the answer names no upload"))?;
        Ok(Self { bucket, key, id, parts: Vec::new() })
    }

    /// Sends the next part.
    pub async fn put_part(&mut self, body: Bytes) -> Result<(), Failure> {
        let number =
            i32::try_from(self.parts.len() + 1).map_err(|_| Failure::other("the upload has too many parts"))?;
        let settings = self.bucket.settings_of_upload(body.len());
        let request = self.bucket.client().upload_part().bucket(self.bucket.name()).key(self.key);
        let request = request.upload_id(&self.id).part_number(number).body(body.into());
        let sent =
            request.customize().config_override(settings).send().await.map_err(|error| self.bucket.failure(&error))?;
        let part = CompletedPart::builder().part_number(number).set_e_tag(sent.e_tag);
        self.parts.push(part.set_checksum_crc32(sent.checksum_crc32).build());
        Ok(())
    }

    /// Makes the object of its parts.
    pub async fn complete(&mut self) -> Result<(), Failure> {
        let parts = std::mem::take(&mut self.parts);
        let parts = CompletedMultipartUpload::builder().set_parts(Some(parts)).build();
        let request = self.bucket.client().complete_multipart_upload().bucket(self.bucket.name()).key(self.key);
        let completed = request.upload_id(&self.id).multipart_upload(parts).send().await;
        completed.map(|_| ()).map_err(|error| self.bucket.failure(&error))
    }

    /// Gives up the parts that were sent.
    pub async fn abort(&self) -> Result<(), Failure> {
        let request = self.bucket.client().abort_multipart_upload().bucket(self.bucket.name()).key(self.key);
        let aborted = request.upload_id(&self.id).send().await;
        aborted.map(|_| ()).map_err(|error| self.bucket.failure(&error))
    }
}
