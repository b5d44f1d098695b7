//! Local disk: listing, reading, atomic writing.

mod claim;
mod failure;
mod guard;
mod journal;
mod list;
mod publish;
mod read;
mod scratch;
mod spool;
mod temporary;
mod write;

pub use claim::Claim;
pub(super) use claim::claim;
pub use failure::is_without_descriptor;
pub(super) use failure::message;
pub(super) use guard::Guard;
pub(super) use list::{find, list};
pub(super) use publish::told;
pub(super) use read::OpenFile;
pub use scratch::Scratch;
pub(super) use spool::{DiskSpool, Spooled};
pub(super) use write::{Staged, stage};
