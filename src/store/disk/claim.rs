//! Claim: a folder of outputs that one run works on, and what killed runs left in it.

use std::fs::{self, File};
use std::path::Path;

use super::failure::output_error;
use super::journal;
use super::temporary::{self, Locked};
use crate::error::{Error, OUTPUT_BUSY, Result};

/// The right to write into a folder; it ends when this is dropped, or with the process.
#[derive(Debug)]
pub struct Claim {
    _lock: Option<File>,
}

/// Takes the right to write into `folder`, which is created if need be. What runs left there that were killed is undone
/// and removed. Fails if another process has the right. Where there are no locks nobody is kept out.
pub fn claim(folder: &Path) -> Result<Claim> {
    fs::create_dir_all(folder).map_err(|error| output_error(folder, error))?;
    match temporary::lock_folder(folder) {
        Locked::Ours(lock) => {
            remove_leftovers(folder);
            Ok(Claim { _lock: Some(lock) })
        }
        Locked::Taken => {
            Err(Error::new(&OUTPUT_BUSY, folder.display().to_string(), "another process holds the folder's lock"))
        }
        Locked::Unknown => {
            tracing::debug!(folder = %folder.display(), "the folder cannot be locked");
            Ok(Claim { _lock: None })
        }
    }
}

/// Takes part in a folder that several runs may write into, such as that of the exit message. Who comes when nobody else
/// takes part removes what killed runs left.
pub fn take_part(folder: &Path) -> Option<Claim> {
    if let Locked::Ours(_lock) = temporary::lock_folder(folder) {
        remove_leftovers(folder);
    }
    temporary::share_folder(folder).map(|lock| Claim { _lock: Some(lock) })
}

/// Undoes what a killed run had begun to publish, and removes its temporary files.
fn remove_leftovers(folder: &Path) {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let named = entries.filter(|entry| temporary::is_temporary(&entry.file_name().to_string_lossy()));
    let left: Vec<_> = named.map(|entry| entry.path()).filter(|path| temporary::is_known_here(path)).collect();
    for path in left.iter().filter(|path| journal::is_one(path)) {
        journal::undo(folder, path);
    }
    for path in &left {
        match fs::remove_file(path) {
            Ok(()) => tracing::info!(path = %path.display(), "a file that a killed run left was removed"),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => tracing::debug!(path = %path.display(), %error, "a temporary file could not be removed"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_claim_keeps_others_out_and_removes_what_is_left() {
        let folder = tempfile::tempdir().expect("a folder");
        let output = folder.path().join("out");
        fs::create_dir(&output).expect("a folder");
        let names = [".model-monitor.elsewhere.1.0.tmp", ".hidden", "kept.json"];
        names.iter().for_each(|name| fs::write(output.join(name), "").expect("a file"));
        fs::write(temporary::path_in(&output), "half").expect("a file");
        let claimed = claim(&output).expect("a claim");
        assert_eq!(claim(&output).expect_err("another one").code().code, OUTPUT_BUSY.code);
        let left = fs::read_dir(&output).expect("the folder").map(|entry| entry.expect("an entry").file_name());
        let mut left: Vec<_> = left.collect();
        left.sort();
        assert_eq!(left, [".hidden", ".model-monitor.elsewhere.1.0.tmp", "kept.json"]);
        drop(claimed);
        assert!(claim(&output).is_ok());
    }

    #[test]
    fn who_takes_part_first_removes_what_is_left() {
        let folder = tempfile::tempdir().expect("a folder");
        let leave = || {
            let path = temporary::path_in(folder.path());
            fs::write(&path, "half").expect("a file");
            path
        };
        let left = leave();
        let first = take_part(folder.path());
        assert!(first.is_some() && !left.exists());
        let of_first = leave();
        let second = take_part(folder.path());
        assert!(second.is_some() && of_first.exists(), "another one is at work");
        drop((first, second));
        drop(take_part(folder.path()));
        assert!(!of_first.exists());
        assert!(take_part(&folder.path().join("absent")).is_none());
    }
}
