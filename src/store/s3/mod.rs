//! The side of the door that leads to S3.

mod client;
mod failure;
mod list;
mod objects;
mod read;
mod upload;
mod write;

pub use client::S3Client;
pub(super) use list::{list, named};
pub use objects::S3Objects;
pub(super) use read::{read, read_range};
pub(super) use write::{put_file, write_all};
