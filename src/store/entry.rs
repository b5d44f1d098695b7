//! Entries of a listing: files and objects that can be read.

use std::path::PathBuf;

use bytes::Bytes;
use futures::stream::BoxStream;

use super::location::Location;
use super::place::Place;
use super::read_error::ReadError;
use super::s3::S3Object;

/// Whether an entry can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryKind {
    /// A regular file or an object.
    File,
    /// A broken link, a link to a file or folder that is listed already, a socket, a pipe, a device. Never opened.
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
            Handle::Object(object) => object.location(),
        };
        Place::of_name(&location).way_from(folder)
    }
}

/// Where the bytes of an entry are.
#[derive(Clone, Debug)]
pub(super) enum Handle {
    Path(PathBuf),
    Object(S3Object),
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
