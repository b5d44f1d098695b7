//! Streaming reads of objects, resumed where a transfer breaks off.

use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use aws_sdk_s3::operation::get_object::GetObjectOutput;
use bytes::Bytes;
use futures::StreamExt;

use super::bucket::S3Bucket;
use super::failure::{Failure, broken_body};
use crate::store::entry::ByteStream;
use crate::store::read_error::ReadError;

/// How often a broken transfer is taken up again, for one object.
const RESUMPTIONS: u32 = 5;
/// The pause before the first time; it doubles from time to time.
const FIRST_PAUSE: Duration = Duration::from_millis(50);

/// The bytes of the object as they come.
pub async fn read(bucket: Arc<S3Bucket>, key: String) -> Result<ByteStream, ReadError> {
    let answer = bucket.request_get(&key).send().await.map_err(|error| bucket.failure(&error))?;
    let transfer = Transfer {
        size: answer.content_length().and_then(|size| u64::try_from(size).ok()).unwrap_or(0),
        bucket,
        key,
        offset: 0,
        resumptions: 0,
        answer,
    };
    let blocks = futures::stream::unfold(Some(transfer), |transfer| async {
        let mut transfer = transfer?;
        match transfer.next().await {
            Ok(block) => block.map(|block| (Ok(block), Some(transfer))),
            Err(failure) => Some((Err(ReadError::Failed(failure.text)), None)),
        }
    });
    Ok(blocks.boxed())
}

/// The bytes in `range`; fewer if the object ends before.
pub async fn read_range(bucket: &S3Bucket, key: &str, range: Range<u64>) -> Result<Bytes, ReadError> {
    let range = format!("bytes={}-{}", range.start, range.end - 1);
    let answer = bucket.request_get(key).range(range).send().await.map_err(|error| bucket.failure(&error))?;
    let body = answer.body.collect().await.map_err(|error| broken_body(&error))?;
    Ok(body.into_bytes())
}

struct Transfer {
    bucket: Arc<S3Bucket>,
    key: String,
    answer: GetObjectOutput,
    /// Of the object, in bytes.
    size: u64,
    /// Bytes that arrived.
    offset: u64,
    resumptions: u32,
}

impl Transfer {
    async fn next(&mut self) -> Result<Option<Bytes>, Failure> {
        loop {
            let failure = match self.answer.body.try_next().await {
                Ok(Some(block)) => {
                    self.offset += block.len() as u64;
                    return Ok(Some(block));
                }
                Ok(None) if self.offset >= self.size => return Ok(None),
                Ok(None) => Failure::other("the transfer ended before the object did"),
                Err(error) => broken_body(&error),
            };
            if self.offset >= self.size || self.resumptions >= RESUMPTIONS {
                return Err(failure);
            }
            tracing::warn!(key = self.key, offset = self.offset, cause = failure.text, "a transfer is taken up again");
            self.resume(failure).await?;
        }
    }

    /// Asks for the rest of the same object; without a mark of its version there is no telling.
    async fn resume(&mut self, failure: Failure) -> Result<(), Failure> {
        let Some(e_tag) = self.answer.e_tag().map(str::to_string) else {
            return Err(failure);
        };
        tokio::time::sleep(FIRST_PAUSE * (1 << self.resumptions)).await;
        self.resumptions += 1;
        let rest = format!("bytes={}-", self.offset);
        let request = self.bucket.request_get(&self.key).range(rest).if_match(e_tag);
        self.answer = request.send().await.map_err(|error| self.bucket.failure(&error))?;
        Ok(())
    }
}
