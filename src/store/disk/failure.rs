//! Disk failures: what an I/O error means, and the message.

use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use crate::error::{Error, OUTPUT_FULL, OUTPUT_UNWRITABLE};
use crate::store::read_error::ReadError;

/// Belongs to whom the process runs as.
const OWN_PROCESS: &str = "/proc/self";

/// `ENFILE` and `EMFILE`: no descriptor is free, of the machine's or of the process's (errno(3)).
const NO_DESCRIPTOR: [i32; 2] = [23, 24];
/// Descriptors that a job should have: 16 do for small ones, whose objects wait for one another.
const DESCRIPTORS: u32 = 64;

/// Whether a file could not be opened because no descriptor is free.
pub fn is_without_descriptor(error: &io::Error) -> bool {
    error.raw_os_error().is_some_and(|number| NO_DESCRIPTOR.contains(&number))
}

/// The message of an error; where it is about permissions, with the user who has none, and where it is about
/// descriptors, with how many it should have.
pub(in crate::store) fn message(error: &io::Error) -> String {
    if is_without_descriptor(error) {
        return format!("{error}; allow at least {DESCRIPTORS} (ulimit -n)");
    }
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
    fn a_missing_descriptor_tells_how_many_to_allow() {
        for number in NO_DESCRIPTOR {
            let told = message(&io::Error::from_raw_os_error(number));
            assert!(told.ends_with("; allow at least 64 (ulimit -n)"), "{told}");
        }
    }

    #[test]
    fn a_full_disk_has_a_code_of_its_own() {
        for kind in [io::ErrorKind::StorageFull, io::ErrorKind::QuotaExceeded, io::ErrorKind::FileTooLarge] {
            assert_eq!(output_error(Path::new("/x"), kind.into()).code().code, OUTPUT_FULL.code);
        }
        assert_eq!(output_error(Path::new("/x"), io::ErrorKind::TimedOut.into()).code().code, OUTPUT_UNWRITABLE.code);
    }
}
