//! Streaming reads of objects, checked against what was listed and resumed where a transfer breaks off.

use std::ops::Range;

use aws_sdk_s3::operation::get_object::GetObjectOutput;
use bytes::{Bytes, BytesMut};
use futures::StreamExt;

use super::failure::{Failure, broken_body};
use super::object::S3Object;
use crate::store::entry::ByteStream;
use crate::store::patience::RESUMPTIONS;
use crate::store::read_error::ReadError;

/// The bytes of the object as they come. Checksums that S3 has of them are compared by the SDK.
pub async fn read(mut object: S3Object) -> Result<ByteStream, ReadError> {
    let answer = object.get().await?;
    let transfer = Transfer { offset: 0, end: object.size, resumptions: 0, answer, object };
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
pub async fn read_range(object: &mut S3Object, range: Range<u64>) -> Result<Bytes, ReadError> {
    let end = object.size.map_or(range.end, |size| size.min(range.end));
    if range.start >= end {
        return Ok(Bytes::new());
    }
    let answer = object.get_range(range.start, end).await?;
    let mut transfer = Transfer { offset: range.start, end: Some(end), resumptions: 0, answer, object: object.clone() };
    let mut bytes = BytesMut::new();
    while let Some(block) = transfer.next().await.map_err(|failure| ReadError::Failed(failure.text))? {
        bytes.extend_from_slice(&block);
    }
    Ok(bytes.freeze())
}

struct Transfer {
    object: S3Object,
    answer: GetObjectOutput,
    /// Of the byte that comes next, in the object.
    offset: u64,
    /// Where the last byte must have come; unknown where neither a listing nor the answer told.
    end: Option<u64>,
    resumptions: u32,
}

impl Transfer {
    async fn next(&mut self) -> Result<Option<Bytes>, Failure> {
        loop {
            let stall = self.object.bucket.patience().stall;
            let failure = match tokio::time::timeout(stall, self.answer.body.try_next()).await {
                Ok(Ok(Some(block))) => {
                    self.offset += block.len() as u64;
                    if self.end.is_some_and(|end| self.offset > end) {
                        return Err(Failure::other("more bytes came than were listed"));
                    }
                    return Ok(Some(block));
                }
                Ok(Ok(None)) if self.end.is_none_or(|end| self.offset == end) => return Ok(None),
                Ok(Ok(None)) => Failure::other("the transfer ended before the object did"),
                Ok(Err(error)) => broken_body(&error),
                Err(_) => Failure::other(format!("the transfer broke off: no byte came within {stall:?}")),
            };
            match self.end {
                Some(end) if self.offset < end && self.resumptions < RESUMPTIONS => self.resume(end, failure).await?,
                _ => return Err(failure),
            }
        }
    }

    /// Asks for the rest of the same version; without a mark of it there is no telling.
    async fn resume(&mut self, end: u64, failure: Failure) -> Result<(), Failure> {
        if self.object.e_tag.is_none() {
            return Err(failure);
        }
        tracing::warn!(
            key = self.object.key,
            offset = self.offset,
            cause = failure.text,
            "a transfer is taken up again"
        );
        tokio::time::sleep(self.object.bucket.patience().pause * (1 << self.resumptions)).await;
        self.resumptions += 1;
        self.answer = self.object.get_range(self.offset, end).await?;
        Ok(())
    }
}
