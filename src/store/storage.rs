//! Storage facade: lists, reads and writes a location, wherever it is.

use std::path::PathBuf;
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use futures::TryStreamExt;

use super::disk::OpenFile;
use super::entry::{ByteStream, Entry, EntryKind, Handle, Listing};
use super::location::Location;
use super::open_entry::{OpenEntry, Opened};
use super::read_error::ReadError;
use super::s3::{S3Bucket, S3Client};
use super::{disk, s3};
use crate::error::{self, Error, INPUT_UNREADABLE};

const NO_SUCH_FILE: &str = "there is no such file";

/// An opened location.
#[derive(Clone, Debug)]
pub struct Store {
    location: Location,
    backend: Backend,
}

#[derive(Clone, Debug)]
enum Backend {
    Disk(PathBuf),
    S3(Arc<S3Bucket>, String),
}

impl Store {
    /// Opens a location; nothing is listed or read yet. All locations on S3 share one client,
    /// which finds region, credentials and endpoint as every AWS client does.
    pub async fn open(location: &Location) -> error::Result<Self> {
        match location {
            Location::Local(path) => Ok(Self { location: location.clone(), backend: Backend::Disk(path.clone()) }),
            Location::S3 { .. } => Ok(Self::over(S3Client::shared().await?, location)),
        }
    }

    /// Opens a location; one on S3 through the given client.
    pub fn over(client: S3Client, location: &Location) -> Self {
        let backend = match location {
            Location::Local(path) => Backend::Disk(path.clone()),
            Location::S3 { bucket, key } => Backend::S3(Arc::new(S3Bucket::new(client, bucket)), key.clone()),
        };
        Self { location: location.clone(), backend }
    }

    pub fn location(&self) -> &Location {
        &self.location
    }

    /// Everything below the location, or the location itself if it is a file. Links are followed,
    /// but what lies under several names through them is listed once; hidden files are listed. Fails if a folder, or the bucket, cannot be listed.
    pub async fn list(&self) -> error::Result<Listing> {
        match &self.backend {
            Backend::Disk(path) => disk::list(path.clone()).await.map_err(|failure| {
                Error::new(&INPUT_UNREADABLE, failure.path.display().to_string(), disk::message(&failure.cause))
            }),
            Backend::S3(bucket, key) => s3::list(bucket, key)
                .await
                .map_err(|failure| Error::new(&INPUT_UNREADABLE, self.location.to_string(), failure)),
        }
    }

    /// The bytes of an entry, from the first to the last: as many as were listed, of the version that was listed as
    /// far as the store tells. A connection that breaks on the way is taken up again where it broke. A local file that
    /// grew meanwhile is read as far as it was listed; one that became shorter is a failure.
    pub async fn read(&self, entry: &Entry) -> Result<ByteStream, ReadError> {
        must_be_file(entry)?;
        match &entry.handle {
            Handle::Path(path) => Ok(OpenFile::open(path, Some(entry.size)).await?.stream()),
            Handle::Object(object) => s3::read(object.clone()).await,
        }
    }

    /// Opens an entry of which ranges are to be read.
    pub async fn open_entry(&self, entry: &Entry) -> Result<OpenEntry, ReadError> {
        must_be_file(entry)?;
        Ok(OpenEntry(match &entry.handle {
            Handle::Path(path) => Opened::File(OpenFile::open(path, Some(entry.size)).await?),
            Handle::Object(object) => Opened::Object(object.clone()),
        }))
    }

    /// The bucket of the location; none on disk.
    pub(super) fn bucket(&self) -> Option<Arc<S3Bucket>> {
        match &self.backend {
            Backend::Disk(_) => None,
            Backend::S3(bucket, _) => Some(Arc::clone(bucket)),
        }
    }

    /// All bytes of the file or object that the location names, if they are at most `limit`.
    pub async fn read_to_end(&self, limit: u64) -> Result<Bytes, ReadError> {
        let failed = |cause: &str| ReadError::Failed(cause.to_owned());
        let read = match &self.backend {
            Backend::Disk(path) => {
                let found = disk::find(path.clone()).await.map_err(|error| failed(&disk::message(&error)))?;
                match found {
                    Some(EntryKind::File) => OpenFile::open(path, None).await.map(OpenFile::stream),
                    Some(EntryKind::NotAFile) => return Err(failed("it is not a file")),
                    None => Err(ReadError::Gone),
                }
            }
            Backend::S3(bucket, key) => s3::read(s3::named(bucket, key)).await,
        };
        let mut blocks = read.map_err(|error| match error {
            ReadError::Gone => failed(NO_SUCH_FILE),
            other => other,
        })?;
        let mut bytes = BytesMut::new();
        while let Some(block) = blocks.try_next().await? {
            if (bytes.len() + block.len()) as u64 > limit {
                return Err(failed(&format!("it is larger than {limit} bytes")));
            }
            bytes.extend_from_slice(&block);
        }
        Ok(bytes.freeze())
    }

    /// Writes the artifacts into the location, in the given order. A name may hold folders, separated by `/`.
    ///
    /// On disk: all or nothing as far as the disk allows. Everything is first written to hidden
    /// temporary files and synced, and only then renamed; a failure before that leaves earlier
    /// outputs as they were. Dropping the future before it is done removes the temporary files.
    /// On S3: each object is put whole.
    pub async fn write_all(&self, artifacts: &[(String, Bytes)]) -> error::Result<()> {
        match &self.backend {
            Backend::Disk(folder) => disk::write_all(vec![(folder.clone(), artifacts.to_vec())]).await,
            Backend::S3(bucket, _) => s3::write_all(bucket, &self.location, artifacts).await,
        }
    }
}

/// See [`Store::read_to_end`]. What it means that a file cannot be read is known to the caller: `unreadable` says it.
pub async fn read_to_end(
    location: &Location,
    limit: u64,
    unreadable: impl FnOnce(ReadError) -> Error,
) -> error::Result<Bytes> {
    Store::open(location).await?.read_to_end(limit).await.map_err(unreadable)
}

/// See [`Store::write_all`].
pub async fn write_all(target: &Location, artifacts: &[(String, Bytes)]) -> error::Result<()> {
    Store::open(target).await?.write_all(artifacts).await
}

/// Writes groups of artifacts into their locations, in the given order: as one where all of them are
/// on disk, so that a failure in one leaves the others' earlier files as they were.
pub async fn write_groups(groups: Vec<(Location, Vec<(String, Bytes)>)>) -> error::Result<()> {
    let on_disk = |(location, artifacts): &(Location, Vec<(String, Bytes)>)| match location {
        Location::Local(folder) => Some((folder.clone(), artifacts.clone())),
        Location::S3 { .. } => None,
    };
    if let Some(groups) = groups.iter().map(on_disk).collect() {
        return disk::write_all(groups).await;
    }
    for (location, artifacts) in &groups {
        write_all(location, artifacts).await?;
    }
    Ok(())
}

fn must_be_file(entry: &Entry) -> Result<(), ReadError> {
    match entry.kind {
        EntryKind::File => Ok(()),
        EntryKind::NotAFile => Err(ReadError::Failed("it is not a regular file".to_string())),
    }
}
