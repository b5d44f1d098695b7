//! The side of the door that leads to the local disk.

mod list;
mod read;
mod spool;
mod write;

pub(super) use list::{find, list};
pub(super) use read::{read, read_range};
pub(super) use spool::DiskSpool;
pub(super) use write::{Guard, write_all};
