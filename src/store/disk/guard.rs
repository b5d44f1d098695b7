//! Guard of temporary files: what is left of a writing goes when it is over, however it ends.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Temporary files that stand on the disk, under a lock so that whoever gives up and whoever
/// writes never disagree about them.
#[derive(Default)]
pub struct Temporaries {
    pub(super) paths: Vec<PathBuf>,
    pub(super) given_up: bool,
}

/// Removes what is left when the writing is over, however it ended.
#[derive(Default)]
pub struct Guard(pub(super) Arc<Mutex<Temporaries>>);

impl Drop for Guard {
    fn drop(&mut self) {
        let mut temporaries = lock(&self.0);
        temporaries.given_up = true;
        for path in temporaries.paths.drain(..) {
            if let Err(error) = fs::remove_file(&path)
                && error.kind() != io::ErrorKind::NotFound
            {
                tracing::warn!(path = %path.display(), %error, "a temporary file could not be removed");
            }
        }
    }
}

pub(super) fn lock(temporaries: &Mutex<Temporaries>) -> MutexGuard<'_, Temporaries> {
    temporaries.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Creates a file that did not exist, so never through a link.
pub(super) fn create(path: &Path, shared: &Mutex<Temporaries>) -> io::Result<File> {
    let mut temporaries = lock(shared);
    if temporaries.given_up {
        return Err(given_up());
    }
    let file = OpenOptions::new().write(true).create_new(true).open(path)?;
    temporaries.paths.push(path.to_path_buf());
    Ok(file)
}

pub(super) fn given_up() -> io::Error {
    io::Error::other("the writing was given up")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn giving_up_removes_the_temporary_files_and_forbids_more() {
        let folder = tempfile::tempdir().expect("a folder");
        let n_files = || fs::read_dir(folder.path()).expect("the folder").count();
        let guard = Guard::default();
        let shared = Arc::clone(&guard.0);
        let path = folder.path().join(".a.tmp");
        create(&path, &shared).expect("a temporary file");
        assert_eq!(n_files(), 1);
        drop(guard);
        assert_eq!(n_files(), 0);
        assert!(create(&path, &shared).is_err());
        assert_eq!(n_files(), 0);
    }
}
