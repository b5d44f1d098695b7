//! One object sent in parts.

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use aws_sdk_s3::types::{CompletedMultipartUpload, CompletedPart};
use bytes::Bytes;
use object_store::{MultipartUpload, PutPayload, PutResult, Result, UploadPart};

use super::failure::Failure;
use super::objects::S3Objects;

/// An upload in progress. Nothing is seen at the key before it is complete; one that is neither
/// completed nor aborted keeps costing storage until a lifecycle rule removes it.
#[derive(Debug)]
pub struct Upload {
    objects: Arc<S3Objects>,
    key: String,
    id: String,
    next_number: i32,
    done: Arc<Mutex<Vec<CompletedPart>>>,
}

impl Upload {
    pub fn new(objects: Arc<S3Objects>, key: &str, id: String) -> Self {
        Self { objects, key: key.to_string(), id, next_number: 1, done: Arc::default() }
    }
}

#[async_trait]
impl MultipartUpload for Upload {
    fn put_part(&mut self, data: PutPayload) -> UploadPart {
        let number = self.next_number;
        self.next_number += 1;
        let (objects, key, id, done) =
            (Arc::clone(&self.objects), self.key.clone(), self.id.clone(), Arc::clone(&self.done));
        Box::pin(async move {
            let body = Bytes::from(data);
            let sent = objects.client().upload_part().bucket(objects.bucket()).key(&key).upload_id(id);
            let sent = sent.part_number(number).body(body.into()).send().await;
            let part = sent.map_err(|error| objects.failure(&error).at(&key))?;
            let part = CompletedPart::builder()
                .part_number(number)
                .set_e_tag(part.e_tag)
                .set_checksum_crc32(part.checksum_crc32)
                .build();
            done.lock().unwrap_or_else(PoisonError::into_inner).push(part);
            Ok(())
        })
    }

    async fn complete(&mut self) -> Result<PutResult> {
        let mut parts = std::mem::take(&mut *self.done.lock().unwrap_or_else(PoisonError::into_inner));
        parts.sort_by_key(CompletedPart::part_number);
        let all_arrived = parts.len() + 1 == usize::try_from(self.next_number).unwrap_or(0);
        if !all_arrived {
            return Err(Failure::other("a part of the upload is missing").at(&self.key));
        }
        let parts = CompletedMultipartUpload::builder().set_parts(Some(parts)).build();
        let request = self.objects.client().complete_multipart_upload().bucket(self.objects.bucket()).key(&self.key);
        let done = request.upload_id(&self.id).multipart_upload(parts).send().await;
        let done = done.map_err(|error| self.objects.failure(&error).at(&self.key))?;
        Ok(PutResult { e_tag: done.e_tag, version: done.version_id })
    }

    async fn abort(&mut self) -> Result<()> {
        let request = self.objects.client().abort_multipart_upload().bucket(self.objects.bucket()).key(&self.key);
        let aborted = request.upload_id(&self.id).send().await;
        aborted.map(|_| ()).map_err(|error| self.objects.failure(&error).at(&self.key))
    }
}
