//! Atomic writes: temporary files first, renamed together.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;

use super::failure::message;
use crate::error::{Error, OUTPUT_FULL, OUTPUT_UNWRITABLE, Result};

/// Writes artifacts into their folders, which are created if need be: all of them or none. A name may hold
/// folders, separated by `/`.
///
/// Dropping the future removes the temporary files at once and keeps the thread that writes them
/// from making more; files that were already renamed stay.
pub async fn write_all(groups: Vec<(PathBuf, Vec<(String, Bytes)>)>) -> Result<()> {
    let place = groups.last().map(|(folder, _)| folder.display().to_string()).unwrap_or_default();
    let guard = Guard(Arc::new(Mutex::new(Temporaries::default())));
    let temporaries = Arc::clone(&guard.0);
    let writing = tokio::task::spawn_blocking(move || write_then_rename(&groups, &temporaries));
    let outcome = writing.await.map_err(|error| Error::new(&OUTPUT_UNWRITABLE, place, error))?;
    drop(guard);
    outcome
}

/// Temporary files that stand on the disk, under a lock so that whoever gives up and whoever
/// writes never disagree about them.
#[derive(Default)]
pub struct Temporaries {
    paths: Vec<PathBuf>,
    given_up: bool,
}

/// Removes what is left when the writing is over, however it ended.
#[derive(Default)]
pub struct Guard(pub(super) Arc<Mutex<Temporaries>>);

impl Drop for Guard {
    fn drop(&mut self) {
        let mut temporaries = lock(&self.0);
        temporaries.given_up = true;
        for path in temporaries.paths.drain(..) {
            if let Err(error) = fs::remove_file(&path) {
                tracing::warn!(path = %path.display(), %error, "a temporary file could not be removed");
            }
        }
    }
}

fn lock(temporaries: &Mutex<Temporaries>) -> MutexGuard<'_, Temporaries> {
    temporaries.lock().unwrap_or_else(PoisonError::into_inner)
}

fn write_then_rename(groups: &[(PathBuf, Vec<(String, Bytes)>)], shared: &Mutex<Temporaries>) -> Result<()> {
    let mut targets = Vec::new();
    for (folder, artifacts) in groups {
        fs::create_dir_all(folder).map_err(|error| output_error(folder, error))?;
        for (name, bytes) in artifacts {
            targets.push((target_of(folder, name)?, bytes));
        }
    }
    let mut renames = Vec::new();
    for (target, bytes) in &targets {
        let temporary = target.parent.join(format!(".model-monitor.{}.{}.tmp", std::process::id(), target.name));
        let path = target.parent.join(target.name);
        let mut file = create(&temporary, shared).map_err(|error| output_error(&path, error))?;
        let written = file.write_all(bytes).and_then(|()| file.sync_all());
        written.map_err(|error| output_error(&path, error))?;
        renames.push((temporary, path));
    }
    rename(&renames, shared)?;
    let mut parents: Vec<&Path> = targets.iter().map(|(target, _)| target.parent.as_path()).collect();
    parents.extend(groups.iter().map(|(folder, _)| folder.as_path()));
    parents.sort_unstable();
    parents.dedup();
    parents.into_iter().try_for_each(|folder| sync_folder(folder).map_err(|error| output_error(folder, error)))
}

/// A file to be written.
struct Target<'a> {
    parent: PathBuf,
    /// Without folders.
    name: &'a str,
}

/// Where a file of this name belongs: in `folder`, or in folders below it, which are created if need be. The
/// parts of the name are separated by `/`.
fn target_of<'a>(folder: &Path, name: &'a str) -> Result<Target<'a>> {
    let (below, file) = name.rsplit_once('/').map_or((None, name), |(below, file)| (Some(below), file));
    let is_plain = |part: &str| !matches!(part, "" | "." | "..");
    if !below.is_none_or(|below| below.split('/').all(is_plain)) {
        let place = folder.join(name).display().to_string();
        return Err(Error::new(&OUTPUT_UNWRITABLE, place, "the name is not one of a file"));
    }
    let parent = below.map_or_else(|| folder.to_path_buf(), |below| folder.join(below));
    fs::create_dir_all(&parent).map_err(|error| output_error(&parent, error))?;
    refuse_name_in_the_way(&parent, file)?;
    Ok(Target { parent, name: file })
}

/// Makes the new names durable. Some network file systems cannot sync a folder and say so.
pub(super) fn sync_folder(folder: &Path) -> io::Result<()> {
    match File::open(folder)?.sync_all() {
        Err(error) if matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) => Ok(()),
        synced => synced,
    }
}

/// Refuses a name that is no plain file name, and a folder that stands under it.
pub(super) fn refuse_name_in_the_way(folder: &Path, name: &str) -> Result<()> {
    let target = folder.join(name);
    if Path::new(name).file_name() != Some(name.as_ref()) {
        return Err(Error::new(&OUTPUT_UNWRITABLE, target.display().to_string(), "the name is not one of a file"));
    }
    match fs::symlink_metadata(&target) {
        Ok(metadata) if metadata.is_dir() => {
            Err(Error::new(&OUTPUT_UNWRITABLE, target.display().to_string(), "a folder stands under this name"))
        }
        Ok(_) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(output_error(&target, error)),
    }
}

/// Creates a file that did not exist, so never through a link. One left over by a run that was
/// killed under the same process number (in containers often 1) is removed first.
pub(super) fn create(path: &Path, shared: &Mutex<Temporaries>) -> io::Result<File> {
    let mut temporaries = lock(shared);
    if temporaries.given_up {
        return Err(given_up());
    }
    let exclusively = || OpenOptions::new().write(true).create_new(true).open(path);
    let file = match exclusively() {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            fs::remove_file(path)?;
            exclusively()?
        }
        created => created?,
    };
    temporaries.paths.push(path.to_path_buf());
    Ok(file)
}

/// Gives every file its final name, in order.
pub(super) fn rename(renames: &[(PathBuf, PathBuf)], shared: &Mutex<Temporaries>) -> Result<()> {
    let mut temporaries = lock(shared);
    for (temporary, target) in renames {
        if temporaries.given_up {
            return Err(output_error(target, given_up()));
        }
        fs::rename(temporary, target).map_err(|error| output_error(target, error))?;
        temporaries.paths.retain(|path| path != temporary);
    }
    Ok(())
}

fn given_up() -> io::Error {
    io::Error::other("the writing was given up")
}

pub(super) fn output_error(place: &Path, error: io::Error) -> Error {
    let code = match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => &OUTPUT_FULL,
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

#[cfg(test)]
mod tests;
