//! Whole objects, one after the other.

use std::sync::Arc;

use bytes::Bytes;
use object_store::{MultipartUpload, PutMultipartOptions, PutOptions, PutPayload};

use super::objects::S3Objects;
use crate::error::{Error, OUTPUT_UNWRITABLE, Result};
use crate::store::location::{Location, below};

/// From this size in bytes on, an object is sent in parts; one request takes at most 5 GiB.
const SENT_WHOLE: usize = 64 << 20;
/// Bytes in a part; S3 takes 10,000 parts of at least 5 MiB.
const PART: usize = 64 << 20;

/// Puts every artifact below `target`, in order; stops at the first that fails.
pub async fn write_all(objects: &Arc<S3Objects>, target: &Location, artifacts: &[(String, Bytes)]) -> Result<()> {
    let Location::S3 { key, .. } = target else { return Ok(()) };
    for (name, bytes) in artifacts {
        put(objects, &format!("{}{name}", below(key)), bytes).await.map_err(|error| {
            let cause = std::error::Error::source(&error).map_or_else(|| error.to_string(), ToString::to_string);
            Error::new(&OUTPUT_UNWRITABLE, target.join(name).to_string(), cause)
        })?;
    }
    Ok(())
}

async fn put(objects: &Arc<S3Objects>, key: &str, bytes: &Bytes) -> object_store::Result<()> {
    if bytes.len() <= SENT_WHOLE {
        objects.put_key(key, PutPayload::from(bytes.clone()), PutOptions::default()).await?;
        return Ok(());
    }
    let mut upload = objects.start_upload(key, PutMultipartOptions::default()).await?;
    let mut outcome = Ok(());
    for start in (0..bytes.len()).step_by(PART) {
        let part = bytes.slice(start..bytes.len().min(start + PART));
        outcome = upload.put_part(PutPayload::from(part)).await;
        if outcome.is_err() {
            break;
        }
    }
    let completed = match outcome {
        Ok(()) => upload.complete().await.map(|_| ()),
        failed => failed,
    };
    if completed.is_err()
        && let Err(error) = upload.abort().await
    {
        tracing::warn!(key, %error, "an upload that failed could not be aborted");
    }
    completed
}
