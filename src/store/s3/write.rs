//! Whole objects, one after the other.

use std::io;
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use object_store::{MultipartUpload, PutMultipartOptions, PutOptions, PutPayload};
use tokio::fs::File;
use tokio::io::AsyncReadExt;

use super::objects::S3Objects;
use crate::error::{Error, OUTPUT_UNWRITABLE, Result};
use crate::store::location::{Location, below};

/// From this size in bytes on, an object is sent in parts; one request takes at most 5 GiB.
const SENT_WHOLE: usize = 64 << 20;
/// Bytes in a part; S3 takes 10,000 parts of at least 5 MiB.
const PART: usize = 64 << 20;
/// Bytes in a part of a file, which is read part by part.
const FILE_PART: usize = 16 << 20;

/// Puts every artifact below `target`, in order; stops at the first that fails.
pub async fn write_all(objects: &Arc<S3Objects>, target: &Location, artifacts: &[(String, Bytes)]) -> Result<()> {
    let Location::S3 { key, .. } = target else { return Ok(()) };
    for (name, bytes) in artifacts {
        let sent = put(objects, &format!("{}{name}", below(key)), bytes).await;
        sent.map_err(|error| unwritable(&target.join(name), &error))?;
    }
    Ok(())
}

/// Puts the file at `path` below `target`. Of it, one part is in memory at a time.
pub async fn put_file(objects: &Arc<S3Objects>, target: &Location, name: &str, path: &Path) -> Result<()> {
    let Location::S3 { key, .. } = target else { return Ok(()) };
    let sent = put_parts_of(objects, &format!("{}{name}", below(key)), path).await;
    sent.map_err(|error| unwritable(&target.join(name), &error))
}

fn unwritable(place: &Location, error: &object_store::Error) -> Error {
    let cause = std::error::Error::source(error).map_or_else(|| error.to_string(), ToString::to_string);
    Error::new(&OUTPUT_UNWRITABLE, place.to_string(), cause)
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
    conclude(upload, key, outcome).await
}

async fn put_parts_of(objects: &Arc<S3Objects>, key: &str, path: &Path) -> object_store::Result<()> {
    let unreadable = |source: io::Error| object_store::Error::Generic { store: "S3", source: Box::new(source) };
    let mut file = File::open(path).await.map_err(unreadable)?;
    let mut part = read_part(&mut file).await.map_err(unreadable)?;
    if part.len() < FILE_PART {
        objects.put_key(key, PutPayload::from(part), PutOptions::default()).await?;
        return Ok(());
    }
    let mut upload = objects.start_upload(key, PutMultipartOptions::default()).await?;
    let mut outcome = Ok(());
    while outcome.is_ok() && !part.is_empty() {
        outcome = upload.put_part(PutPayload::from(part)).await;
        match read_part(&mut file).await {
            Ok(next) => part = next,
            Err(error) => {
                outcome = Err(unreadable(error));
                break;
            }
        }
    }
    conclude(upload, key, outcome).await
}

/// The next part; shorter only at the file's end.
async fn read_part(file: &mut File) -> io::Result<Bytes> {
    let mut part = Vec::with_capacity(FILE_PART);
    file.take(FILE_PART as u64).read_to_end(&mut part).await?;
    Ok(part.into())
}

/// Completes an upload whose parts were sent, or aborts it.
async fn conclude(
    mut upload: impl MultipartUpload,
    key: &str,
    outcome: object_store::Result<()>,
) -> object_store::Result<()> {
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
