//! Disk failures: what an I/O error means, and the message.

use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use crate::error::{Error, OUTPUT_FULL, OUTPUT_UNWRITABLE};
use crate::store::read_error::ReadError;

/// Belongs to whom the process runs as.
const OWN_PROCESS: &str = "/proc/self";

/// The message of an error; where it is about permissions, with the user who has none.
pub(in crate::store) fn message(error: &io::Error) -> String {
    match fs::metadata(OWN_PROCESS) {
        Ok(process) if error.kind() == io::ErrorKind::PermissionDenied => {
            format!("{error}; this process runs as user {}", process.uid())
        }
        _ => error.to_string(),
    }
}

/// The error of an output that cannot be written.
pub(super) fn output_error(place: &Path, error: io::Error) -> Error {
    let code = match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => &OUTPUT_FULL,
        _ => &OUTPUT_UNWRITABLE,
    };
    let cause = match error.kind() {
        io::ErrorKind::NotADirectory | io::ErrorKind::AlreadyExists => {
            "a part of the path is a file, not a folder".to_string()
        }
        _ => message(&error),
    };
    Error::new(code, place.display().to_string(), cause)
}

impl From<io::Error> for ReadError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound => Self::Gone,
            _ => Self::Failed(message(&error)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_permission_names_the_user() {
        let denied = message(&io::ErrorKind::PermissionDenied.into());
        let user = fs::metadata(OWN_PROCESS).map(|process| process.uid()).expect("this process");
        assert_eq!(denied, format!("permission denied; this process runs as user {user}"));
        assert_eq!(message(&io::ErrorKind::NotFound.into()), "entity not found");
    }

    #[test]
    fn a_full_disk_has_a_code_of_its_own() {
        for kind in [io::ErrorKind::StorageFull, io::ErrorKind::QuotaExceeded, io::ErrorKind::FileTooLarge] {
            assert_eq!(output_error(Path::new("/x"), kind.into()).code().code, OUTPUT_FULL.code);
        }
        assert_eq!(output_error(Path::new("/x"), io::ErrorKind::TimedOut.into()).code().code, OUTPUT_UNWRITABLE.code);
    }
}
