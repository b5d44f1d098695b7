//! Staged writes: artifacts under temporary names, which are removed unless they are published.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use bytes::Bytes;

use super::claim::{Claim, take_part};
use super::failure::output_error;
use super::guard::{Guard, Temporaries, create};
use super::publish::{Waiting, publish};
use super::temporary;
use crate::error::{Error, OUTPUT_UNWRITABLE, Result};

/// Artifacts that were written under temporary names and wait for their own. Dropping this removes the temporary files
/// at once; those that have their names stay.
pub struct Staged {
    waiting: Vec<Waiting>,
    guard: Guard,
    parts: Vec<Claim>,
}

/// Writes artifacts under temporary names into their folders, which are created if need be. A name may hold folders,
/// separated by `/`.
///
/// Dropping the future removes the temporary files at once and keeps the thread that writes them from making more.
pub async fn stage(groups: Vec<(PathBuf, Vec<(String, Bytes)>)>) -> Result<Staged> {
    let place = place_of(&groups);
    let guard = Guard::default();
    let temporaries = Arc::clone(&guard.0);
    let writing = tokio::task::spawn_blocking(move || write(&groups, &temporaries));
    let (waiting, parts) = writing.await.map_err(|error| Error::new(&OUTPUT_UNWRITABLE, place, error))??;
    Ok(Staged { waiting, guard, parts })
}

impl Staged {
    /// Gives every artifact its name, in order: all of them or none. It comes to its end even if the future is dropped.
    pub async fn publish(self) -> Result<()> {
        let Self { waiting, guard, parts } = self;
        let place = waiting.last().map(|file| file.folder.display().to_string()).unwrap_or_default();
        let publishing = tokio::task::spawn_blocking(move || {
            let published = publish(waiting, &guard.0);
            drop((guard, parts));
            published
        });
        publishing.await.map_err(|error| Error::new(&OUTPUT_UNWRITABLE, place, error))?
    }
}

fn place_of(groups: &[(PathBuf, Vec<(String, Bytes)>)]) -> String {
    groups.last().map(|(folder, _)| folder.display().to_string()).unwrap_or_default()
}

fn write(
    groups: &[(PathBuf, Vec<(String, Bytes)>)],
    shared: &Mutex<Temporaries>,
) -> Result<(Vec<Waiting>, Vec<Claim>)> {
    let (mut targets, mut parts) = (Vec::new(), Vec::new());
    for (folder, artifacts) in groups {
        fs::create_dir_all(folder).map_err(|error| output_error(folder, error))?;
        parts.extend(take_part(folder));
        for (name, bytes) in artifacts {
            targets.push((folder, target_of(folder, name)?, bytes));
        }
    }
    let mut waiting = Vec::new();
    for (folder, target, bytes) in targets {
        let temporary = temporary::path_in(folder);
        let mut file = create(&temporary, shared).map_err(|error| output_error(&target, error))?;
        let written = file.write_all(bytes).and_then(|()| file.sync_all());
        written.map_err(|error| output_error(&target, error))?;
        waiting.push(Waiting { folder: folder.clone(), temporary, target });
    }
    Ok((waiting, parts))
}

/// Where a file of this name belongs: in `folder`, or in folders below it, which are created if need be. The
/// parts of the name are separated by `/`.
pub(super) fn target_of(folder: &Path, name: &str) -> Result<PathBuf> {
    let (below, file) = name.rsplit_once('/').map_or((None, name), |(below, file)| (Some(below), file));
    let is_plain = |part: &str| !matches!(part, "" | "." | "..");
    if !below.is_none_or(|below| below.split('/').all(is_plain)) {
        let place = folder.join(name).display().to_string();
        return Err(Error::new(&OUTPUT_UNWRITABLE, place, "the name is not one of a file"));
    }
    let parent = below.map_or_else(|| folder.to_path_buf(), |below| folder.join(below));
    fs::create_dir_all(&parent).map_err(|error| output_error(&parent, error))?;
    refuse_name_in_the_way(&parent, file)?;
    Ok(parent.join(file))
}

/// Refuses a name that is no plain file name, and a folder that stands under it.
fn refuse_name_in_the_way(folder: &Path, name: &str) -> Result<()> {
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
