//! Spooled output: files of any length under temporary names, published together when all are complete.

use std::path::Path;
use std::sync::Arc;

use super::disk::{DiskSpool, Guard, Scratch, Spooled};
use super::location::Location;
use super::s3::{self, Body, S3Bucket};
use super::storage::Store;
use crate::error::{Error, OUTPUT_UNWRITABLE, Result, SPILL};

/// Removes the files of a [`Spool`] that were not given their names, and forbids more, when it is dropped:
/// at once, wherever the spool itself is.
pub struct SpoolGuard {
    _guard: Guard,
}

/// Files in the making below a location.
///
/// They are written to hidden files: on disk in the location's folder, for S3 in the folder of temporary
/// files. Dropping this removes them.
pub struct Spool {
    files: DiskSpool,
    bucket: Option<Arc<S3Bucket>>,
    location: Location,
    /// Where files wait that go to S3.
    scratch: Option<Scratch>,
}

impl Spool {
    pub async fn open(location: &Location) -> Result<Self> {
        Self::over(&Store::open(location).await?)
    }

    /// Below the location of a store.
    pub fn over(store: &Store) -> Result<Self> {
        let location = store.location().clone();
        let no_space = |cause| Error::new(&SPILL, std::env::temp_dir().display().to_string(), cause);
        let scratch = match &location {
            Location::Local(_) => None,
            Location::S3 { .. } => Some(Scratch::create().map_err(no_space)?),
        };
        let files = match (&location, &scratch) {
            (Location::Local(folder), None) => DiskSpool::open(folder)?,
            (_, scratch) => DiskSpool::open(scratch.as_ref().map_or(Path::new("."), Scratch::path))?,
        };
        Ok(Self { files, bucket: store.bucket(), location, scratch })
    }

    /// What removes the files although the spool is held elsewhere.
    pub fn guard(&self) -> SpoolGuard {
        SpoolGuard { _guard: self.files.guard() }
    }

    pub fn location(&self) -> &Location {
        &self.location
    }

    /// Ends the present file and begins the one called `name`: a path relative to the location, parts
    /// separated by `/`.
    pub fn begin(&mut self, name: &str) -> Result<()> {
        let is_plain = |part: &str| !matches!(part, "" | "." | "..") && !part.contains(char::is_control);
        if !name.split('/').all(is_plain) {
            let place = self.location.join(name).to_string();
            return Err(Error::new(&OUTPUT_UNWRITABLE, place, "the name is not one of a file"));
        }
        self.files.begin(name)
    }

    /// Appends to the present file.
    pub fn append(&mut self, bytes: &[u8]) -> Result<()> {
        self.files.append(bytes)
    }

    /// Gives every file its name, and says how many there are: all of them or none, as far as the store can. It comes to
    /// its end even if the future is dropped.
    pub async fn commit(mut self) -> Result<u64> {
        let place = self.location.to_string();
        let failed = move |defect: tokio::task::JoinError| Error::new(&OUTPUT_UNWRITABLE, place.clone(), defect);
        let of_task = failed.clone();
        let committing = tokio::spawn(async move {
            let files = self.files.written()?.to_vec();
            match self.bucket {
                None => tokio::task::spawn_blocking(move || self.files.commit()).await.map_err(of_task)??,
                Some(bucket) => {
                    let object = |file: &Spooled| {
                        s3::object_of(&bucket, &self.location, &file.name, Body::File(file.temporary.clone()))
                    };
                    s3::publish(files.iter().map(object).collect(), std::future::ready(Ok(()))).await?;
                }
            }
            drop(self.scratch);
            Ok(files.len() as u64)
        });
        committing.await.map_err(failed)?
    }
}
