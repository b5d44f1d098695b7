//! Local disk: listing, reading, atomic writing.

mod failure;
mod list;
mod read;
mod spool;
mod write;

pub(super) use failure::message;
pub(super) use list::{find, list};
pub(super) use read::OpenFile;
pub(super) use spool::DiskSpool;
pub(super) use write::{Guard, write_all};
