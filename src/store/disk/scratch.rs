//! Scratch: a folder of temporary files of one process, in the system's folder for them.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use super::temporary::{self, Locked};

const BEGINNING: &str = "model-monitor.";
/// Stands before a name until the folder is locked.
const UNLOCKED: &str = ".new-";
/// How often it is tried to remove the folder.
const REMOVALS: usize = 8;

/// A folder that goes when this is dropped, even while a task that was given up still writes to it. Those of processes
/// that were killed go when the next one is made: a folder is locked for as long as its process lives.
#[derive(Debug)]
pub struct Scratch {
    path: PathBuf,
    _lock: Option<File>,
}

impl Scratch {
    /// Makes a folder where TMPDIR says.
    pub fn create() -> io::Result<Self> {
        Self::create_in(&std::env::temp_dir())
    }

    fn create_in(folder: &Path) -> io::Result<Self> {
        remove_leftovers(folder);
        let name = format!("{BEGINNING}{}", temporary::name());
        let unlocked = folder.join(format!("{UNLOCKED}{name}"));
        fs::create_dir(&unlocked)?;
        let lock = match temporary::lock_folder(&unlocked) {
            Locked::Ours(lock) => Some(lock),
            Locked::Taken | Locked::Unknown => None,
        };
        // Under its own name it is locked from the first moment on.
        let path = folder.join(name);
        fs::rename(&unlocked, &path)?;
        Ok(Self { path, _lock: lock })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // A task that was given up may write one more file while the others are removed.
        let gone = (0..REMOVALS).any(|_| fs::remove_dir_all(&self.path).is_ok() || !self.path.exists());
        if !gone {
            tracing::warn!(folder = %self.path.display(), "temporary files could not be removed");
        }
    }
}

fn remove_leftovers(folder: &Path) {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let named = entries.filter(|entry| entry.file_name().to_string_lossy().starts_with(BEGINNING));
    for path in named.map(|entry| entry.path()).filter(|path| is_left_over(path)) {
        if fs::remove_dir_all(&path).is_ok() {
            tracing::info!(folder = %path.display(), "temporary files that a killed run left were removed");
        }
    }
}

/// Whether nobody holds the lock of the folder, which is none that a link leads to.
fn is_left_over(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_dir())
        && temporary::is_known_here(path)
        && matches!(temporary::lock_folder(path), Locked::Ours(_))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_killed_processes_left_goes_and_what_others_use_stays() {
        let folder = tempfile::tempdir().expect("a folder");
        let names = || {
            let entries = fs::read_dir(folder.path()).expect("the folder").flatten();
            let mut names: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
            names.sort();
            names
        };
        let used = Scratch::create_in(folder.path()).expect("a folder");
        fs::write(used.path().join("spilled"), "").expect("a file");
        let left = folder.path().join(format!("{BEGINNING}{}", temporary::name()));
        let strangers = [format!("{BEGINNING}elsewhere.1.1"), "model-monitor-notes".to_owned()];
        fs::create_dir(&left).and_then(|()| fs::write(left.join("spilled"), "")).expect("a folder");
        strangers.iter().for_each(|name| fs::create_dir(folder.path().join(name)).expect("a folder"));
        let next = Scratch::create_in(folder.path()).expect("a folder");
        assert!(!left.exists() && used.path().join("spilled").exists());
        drop((used, next));
        assert_eq!(names().len(), strangers.len());
    }
}
