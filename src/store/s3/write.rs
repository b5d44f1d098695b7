//! S3 uploads: whole objects, large ones in parts.

use std::io;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use tokio::fs::File;
use tokio::io::AsyncReadExt;

use super::bucket::S3Bucket;
use super::failure::Failure;
use super::multipart::MultipartUpload;

/// From this size in bytes on, an object is sent in parts; one request takes at most 5 GiB.
const SENT_WHOLE: usize = 64 << 20;
/// Bytes in a part; S3 takes 10,000 parts of at least 5 MiB.
const PART: usize = 64 << 20;
/// Bytes in a part of a file, which is read part by part.
const FILE_PART: usize = 16 << 20;

pub type Put = std::result::Result<(), Failure>;

/// What an object is made of.
#[derive(Clone, Debug)]
pub enum Body {
    Bytes(Bytes),
    /// A file, of which one part is in memory at a time.
    File(PathBuf),
}

/// Puts an object whole.
pub async fn put_body(bucket: &S3Bucket, key: &str, body: &Body) -> Put {
    match body {
        Body::Bytes(bytes) => put(bucket, key, bytes).await,
        Body::File(path) => put_parts_of(bucket, key, path).await,
    }
}

async fn put(bucket: &S3Bucket, key: &str, bytes: &Bytes) -> Put {
    if bytes.len() <= SENT_WHOLE {
        return bucket.put(key, bytes.clone()).await;
    }
    let mut upload = MultipartUpload::start(bucket, key).await?;
    let mut sent = Ok(());
    for start in (0..bytes.len()).step_by(PART) {
        sent = upload.put_part(bytes.slice(start..bytes.len().min(start + PART))).await;
        if sent.is_err() {
            break;
        }
    }
    conclude(upload, key, sent).await
}

async fn put_parts_of(bucket: &S3Bucket, key: &str, path: &Path) -> Put {
    let unreadable = |error: io::Error| Failure::other(error.to_string());
    let mut file = File::open(path).await.map_err(unreadable)?;
    let mut part = read_part(&mut file).await.map_err(unreadable)?;
    if part.len() < FILE_PART {
        return bucket.put(key, part).await;
    }
    let mut upload = MultipartUpload::start(bucket, key).await?;
    let mut sent = Ok(());
    while sent.is_ok() && !part.is_empty() {
        sent = upload.put_part(part).await;
        match read_part(&mut file).await {
            Ok(next) => part = next,
            Err(error) => {
                sent = Err(unreadable(error));
                break;
            }
        }
    }
    conclude(upload, key, sent).await
}

/// The next part; shorter only at the file's end.
async fn read_part(file: &mut File) -> io::Result<Bytes> {
    let mut part = Vec::with_capacity(FILE_PART);
    file.take(FILE_PART as u64).read_to_end(&mut part).await?;
    Ok(part.into())
}

/// Completes an upload whose parts were sent, or aborts it.
async fn conclude(mut upload: MultipartUpload<'_>, key: &str, sent: Put) -> Put {
    let completed = match sent {
        Ok(()) => upload.complete().await,
        failed => failed,
    };
    if completed.is_err()
        && let Err(error) = upload.abort().await
    {
        tracing::warn!(key, %error, "an upload that failed could not be aborted");
    }
    completed
}
