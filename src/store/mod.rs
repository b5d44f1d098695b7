//! Storage: listing, streaming reads and atomic writes, on disk and on S3 alike.

mod at_work;
mod aws;
mod disk;
mod entry;
mod location;
mod open_entry;
mod patience;
mod place;
mod read_error;
mod s3;
mod spool;
mod storage;

pub use at_work::published;
pub use aws::{configuration, endpoint_url, missing_credentials, root_cause, unanswered_cause};
pub use disk::{Claim, Scratch, is_without_descriptor};
pub use entry::{ByteStream, Entry, EntryKind, Listing};
pub use location::{Location, LocationError};
pub use open_entry::OpenEntry;
pub use patience::Patience;
pub use place::Place;
pub use read_error::ReadError;
pub use s3::S3Client;
pub use spool::{Spool, SpoolGuard};
pub use storage::{Store, claim, read_to_end, write_all, write_groups};
