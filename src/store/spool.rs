//! Spooled output: files of any length under temporary names, published together when all are complete.

use std::sync::Arc;

use super::disk::{DiskSpool, Guard};
use super::location::Location;
use super::s3::{self, S3Bucket};
use super::storage::Store;
use crate::error::{Error, OUTPUT_UNWRITABLE, Result};

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
}

impl Spool {
    pub async fn open(location: &Location) -> Result<Self> {
        Self::over(&Store::open(location).await?)
    }

    /// Below the location of a store.
    pub fn over(store: &Store) -> Result<Self> {
        let location = store.location().clone();
        let folder = match &location {
            Location::Local(folder) => folder.clone(),
            Location::S3 { .. } => std::env::temp_dir(),
        };
        Ok(Self { files: DiskSpool::open(&folder)?, bucket: store.bucket(), location })
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

    /// Gives every file its name, and says how many there are. On disk nothing has its name before all
    /// are written and synced. On S3 each object is put whole, one after the other.
    pub async fn commit(mut self) -> Result<u64> {
        let files = self.files.written()?.to_vec();
        match self.bucket {
            None => self.files.commit()?,
            Some(bucket) => {
                for file in &files {
                    s3::put_file(&bucket, &self.location, &file.name, &file.temporary).await?;
                }
            }
        }
        Ok(files.len() as u64)
    }
}
