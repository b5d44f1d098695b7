//! Entries of a listing: files and objects that can be read.

use std::path::PathBuf;
use std::sync::Arc;

use bytes::Bytes;
use futures::stream::BoxStream;

use super::location::Location;
use super::place::Place;
use super::read_error::ReadError;
use super::s3::S3Bucket;

/// Whether an entry can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryKind {
    /// A regular file or an object.
    File,
    /// A broken link, a link back to a folder it lies in, a socket, a pipe, a device. Never opened.
    NotAFile,
}

/// Something found below a location.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The path relative to the location, parts separated by `/`; for a location that is itself
    /// a file, the file's name. On disk a backslash is written `\\` and a byte that is not UTF-8
    /// `\xNN`, so that different files have different names.
    pub name: String,
    /// In bytes, as of the listing; zero for what is not a file.
    pub size: u64,
    pub kind: EntryKind,
    pub(super) handle: Handle,
}

impl Entry {
    /// The way from `folder` to the entry, as [`Place::way_from`].
    pub fn way_from(&self, folder: &Place) -> Option<String> {
        let location = match &self.handle {
            Handle::Path(path) => Location::Local(path.clone()),
            Handle::Key(bucket, key) => Location::S3 { bucket: bucket.name().to_owned(), key: key.clone() },
        };
        Place::of_name(&location).way_from(folder)
    }
}

/// Where the bytes of an entry are.
#[derive(Clone, Debug)]
pub(super) enum Handle {
    Path(PathBuf),
    Key(Arc<S3Bucket>, String),
}

/// Everything below a location.
#[derive(Clone, Debug, Default)]
pub struct Listing {
    /// False if there is nothing at all at the location: no file, no folder, no key.
    pub exists: bool,
    /// Sorted by the bytes of their names.
    pub entries: Vec<Entry>,
}

/// The bytes of an entry, in order, in blocks of no particular size.
pub type ByteStream = BoxStream<'static, Result<Bytes, ReadError>>;
