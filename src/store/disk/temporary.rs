//! Temporary names: hidden, random, and with a mark of the machine that they were made on.

use std::collections::hash_map::RandomState;
use std::fs::{self, File};
use std::hash::{BuildHasher, Hasher};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

const BEGINNING: &str = ".model-monitor.";
const ENDING: &str = ".tmp";
/// Different each time that a machine starts, the same in all of its containers (Linux).
const MACHINE: &str = "/proc/sys/kernel/random/boot_id";
/// After this time what another machine made counts as left over: its locks are not seen here.
const OLD: Duration = Duration::from_secs(24 * 60 * 60);

/// Makes the temporary names of one process different.
static NEXT_NUMBER: AtomicU64 = AtomicU64::new(0);

/// A hidden path in `folder` that nothing else uses.
pub fn path_in(folder: &Path) -> PathBuf {
    folder.join(format!("{BEGINNING}{}{ENDING}", name()))
}

/// `machine.process.number`, the middle one random: in containers every process may be number 1.
pub fn name() -> String {
    static PROCESS: OnceLock<u64> = OnceLock::new();
    let process = PROCESS.get_or_init(|| RandomState::new().build_hasher().finish());
    let number = NEXT_NUMBER.fetch_add(1, Ordering::Relaxed);
    format!("{}.{process:016x}.{number}", machine())
}

/// Whether a file of this name was made by [`path_in`], here or elsewhere.
pub fn is_temporary(name: &str) -> bool {
    name.starts_with(BEGINNING) && name.ends_with(ENDING)
}

/// Whether what this name stands for may be judged by its lock: it was made on this machine, or so long ago that
/// whoever made it is gone.
pub fn is_known_here(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let is_ours = name.split('.').any(|part| part == machine());
    let age = || fs::symlink_metadata(path).ok()?.modified().ok()?.elapsed().ok();
    is_ours || age().is_some_and(|age| age > OLD)
}

fn machine() -> &'static str {
    static KNOWN: OnceLock<String> = OnceLock::new();
    KNOWN.get_or_init(|| {
        let id = fs::read_to_string(MACHINE).unwrap_or_default();
        let digits: String = id.chars().filter(char::is_ascii_hexdigit).take(12).collect();
        if digits.is_empty() { "unknown".to_owned() } else { digits }
    })
}

/// What a lock of a folder told.
pub enum Locked {
    /// Nobody else has it for as long as the file is open.
    Ours(File),
    /// Another process has it.
    Taken,
    /// The folder cannot be locked: it may not be read, or its file system knows no locks.
    Unknown,
}

/// Locks a folder itself (flock): the lock leaves no file behind and ends with the process, however that ends.
pub fn lock_folder(folder: &Path) -> Locked {
    let Ok(file) = File::open(folder) else { return Locked::Unknown };
    match file.try_lock() {
        Ok(()) => Locked::Ours(file),
        Err(fs::TryLockError::WouldBlock) => Locked::Taken,
        Err(fs::TryLockError::Error(_)) => Locked::Unknown,
    }
}

/// Keeps others from locking a folder; `None` where one of them has, or where there are no locks.
pub fn share_folder(folder: &Path) -> Option<File> {
    let file = File::open(folder).ok()?;
    file.try_lock_shared().ok().map(|()| file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_differ_are_hidden_and_known() {
        let folder = Path::new("/x");
        let (a, b) = (path_in(folder), path_in(folder));
        assert_ne!(a, b);
        assert!(a.file_name().is_some_and(|name| is_temporary(&name.to_string_lossy())) && is_known_here(&a));
        assert!(!is_known_here(Path::new("/x/.model-monitor.elsewhere.1.2.tmp")), "its maker may be at work");
        assert!(!is_temporary("statistics.json") && !is_temporary(".model-monitor.json"));
    }

    #[test]
    fn a_folder_is_locked_until_the_lock_is_dropped() {
        let folder = tempfile::tempdir().expect("a folder");
        let first = lock_folder(folder.path());
        assert!(matches!(first, Locked::Ours(_)) && matches!(lock_folder(folder.path()), Locked::Taken));
        drop(first);
        assert!(matches!(lock_folder(folder.path()), Locked::Ours(_)));
        assert!(matches!(lock_folder(&folder.path().join("absent")), Locked::Unknown));
    }
}
