//! Disk and S3 behind one door: listing, streaming reads, atomic writes.

mod disk;
mod door;
mod entry;
mod location;
mod s3;
mod sdk;
mod spool;

pub use door::{Store, read_to_end, write_all, write_groups};
pub use entry::{ByteStream, Entry, EntryKind, Listing, ReadError};
pub use location::{Location, LocationError};
pub use s3::{S3Client, S3Objects};
pub use sdk::sdk_configuration;
pub use spool::{Spool, SpoolGuard};
