//! Opened entry: ranges of one version of a file or an object.

use std::ops::Range;

use bytes::Bytes;

use super::disk::OpenFile;
use super::read_error::ReadError;
use super::s3::{self, S3Object};

/// An entry whose ranges are all of one version: on disk those of one descriptor, on S3 those of one entity tag.
#[derive(Debug)]
pub struct OpenEntry(pub(super) Opened);

#[derive(Debug)]
pub(super) enum Opened {
    File(OpenFile),
    Object(S3Object),
}

impl OpenEntry {
    /// The bytes in `range`, of what was listed; fewer where that ends before. Fails where the file or object has
    /// become shorter or another one.
    pub async fn read_range(&mut self, range: Range<u64>) -> Result<Bytes, ReadError> {
        match &mut self.0 {
            Opened::File(file) => file.read_range(range).await,
            Opened::Object(object) => s3::read_range(object, range).await,
        }
    }
}
