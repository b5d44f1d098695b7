//! Disk failures: what an I/O error means, and the message.

use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;

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
}
