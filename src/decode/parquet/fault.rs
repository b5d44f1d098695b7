//! Fault: why a file, or a row group of it, cannot be read.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use parquet::errors::ParquetError;

use crate::decode::reason::Reason;

/// As in `--memory-limit`.
const MEGABYTE: u64 = 1 << 20;

/// Why a file, or a row group of it, cannot be read. Phrases hold no values of the data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The file contradicts itself, or cannot be decoded.
    Damaged(String),
    /// The bytes could not be read.
    Unread(String),
    /// A single value is longer than a record may be.
    ValueTooLong,
    /// What has to be in memory at once is more than the limit allows, in bytes. More may be needed than is known yet.
    Memory { needed: u64, limit: u64 },
}

impl Fault {
    pub fn damaged(cause: impl fmt::Display) -> Self {
        Self::Damaged(cause.to_string())
    }

    /// Why the records are lost.
    pub fn reason(&self) -> Reason {
        match self {
            Self::Damaged(_) => Reason::Corrupt,
            Self::Unread(_) => Reason::Vanished,
            Self::ValueTooLong | Self::Memory { .. } => Reason::RecordTooLarge,
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Damaged(cause) | Self::Unread(cause) => f.write_str(cause),
            Self::ValueTooLong => f.write_str("a value is longer than a record may be"),
            Self::Memory { needed, limit } => {
                let (needed, allowed) = (needed.div_ceil(MEGABYTE), limit / MEGABYTE);
                write!(
                    f,
                    "at least {needed} MB of the file have to be in memory at once, and {allowed} MB may be: it can be \
                     read with --memory-limit {needed}MB, or more where other columns are as large"
                )
            }
        }
    }
}

impl std::error::Error for Fault {}

/// Keeps the first fault: of errors that pass through the library only the text comes out.
#[derive(Clone, Debug, Default)]
pub struct FirstFault(Arc<Mutex<Option<Fault>>>);

impl FirstFault {
    /// The error for the library.
    pub fn set(&self, fault: Fault) -> ParquetError {
        let error = ParquetError::General(fault.to_string());
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(fault);
        error
    }

    pub fn take(&self) -> Option<Fault> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}
