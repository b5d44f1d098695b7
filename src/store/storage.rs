//! Storage facade: lists, reads and writes a location, wherever it is.

use std::path::PathBuf;
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use futures::TryStreamExt;

use super::disk::Claim;
use super::disk::OpenFile;
use super::entry::{ByteStream, Entry, EntryKind, Handle, Listing};
use super::location::Location;
use super::open_entry::{OpenEntry, Opened};
use super::read_error::ReadError;
use super::s3::{S3Bucket, S3Client};
use super::{disk, s3};
use crate::error::{self, Error, INPUT_UNREADABLE, OUTPUT_UNWRITABLE};

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

    /// Writes the artifacts into the location, as [`write_groups`] does. A name may hold folders, separated by `/`.
    pub async fn write_all(&self, artifacts: &[(String, Bytes)]) -> error::Result<()> {
        match &self.backend {
            Backend::Disk(folder) => disk::stage(vec![(folder.clone(), artifacts.to_vec())]).await?.publish().await,
            Backend::S3(bucket, _) => {
                let objects = s3::objects_of(bucket, &self.location, artifacts);
                publish_objects(objects, disk::stage(Vec::new()).await?).await
            }
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

/// Writes groups of artifacts into their locations, in the given order: all of them or none, as far as the stores can.
///
/// On disk everything is first written to hidden temporary files and synced, and only then renamed. Objects on S3 are put
/// whole, one after the other. Where something fails, what was replaced is put back, and the error says whether it was.
/// Dropping the future before anything was replaced leaves nothing; later, the writing comes to its end ([`published`]).
///
/// [`published`]: super::published
pub async fn write_groups(groups: Vec<(Location, Vec<(String, Bytes)>)>) -> error::Result<()> {
    let (mut on_disk, mut objects) = (Vec::new(), Vec::new());
    for (location, artifacts) in groups {
        match &location {
            Location::Local(folder) => on_disk.push((folder.clone(), artifacts)),
            Location::S3 { .. } => {
                let store = Store::open(&location).await?;
                let bucket = store.bucket();
                objects.extend(bucket.iter().flat_map(|bucket| s3::objects_of(bucket, &location, &artifacts)));
            }
        }
    }
    let staged = disk::stage(on_disk).await?;
    if objects.is_empty() { staged.publish().await } else { publish_objects(objects, staged).await }
}

/// Puts objects and then gives files their names.
async fn publish_objects(objects: Vec<s3::Object>, staged: disk::Staged) -> error::Result<()> {
    let place = objects.last().map(|object| object.place.to_string()).unwrap_or_default();
    let publishing = tokio::spawn(s3::publish(objects, staged.publish()));
    publishing.await.map_err(|defect| Error::new(&OUTPUT_UNWRITABLE, place, defect))?
}

/// Takes the right to write into a location for a run; see [`Claim`]. Objects on S3 cannot be claimed.
pub async fn claim(location: &Location) -> error::Result<Option<Claim>> {
    let Location::Local(folder) = location else { return Ok(None) };
    let (place, folder) = (location.to_string(), folder.clone());
    let claiming = tokio::task::spawn_blocking(move || disk::claim(&folder));
    claiming.await.map_err(|defect| Error::new(&OUTPUT_UNWRITABLE, place, defect))?.map(Some)
}

fn must_be_file(entry: &Entry) -> Result<(), ReadError> {
    match entry.kind {
        EntryKind::File => Ok(()),
        EntryKind::NotAFile => Err(ReadError::Failed("it is not a regular file".to_string())),
    }
}
