//! Closed things to artifacts. Nothing is written here.

/// A file to be written: its name and its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Artifact {
    pub name: String,
    pub bytes: Vec<u8>,
}
