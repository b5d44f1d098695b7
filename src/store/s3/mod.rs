//! Amazon S3: listing, streaming reads, uploads.

mod bucket;
mod client;
mod failure;
mod list;
mod multipart;
mod publish;
mod read;
mod write;

pub(super) use bucket::S3Bucket;
pub use client::S3Client;
pub(super) use list::{list, named};
pub(super) use publish::{Object, object_of, objects_of, publish};
pub(super) use read::{read, read_range};
pub(super) use write::Body;
