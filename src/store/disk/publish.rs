//! Publication: files that were written under temporary names take their own, all of them or none.

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use super::failure::output_error;
use super::guard::{Temporaries, given_up, lock};
use super::journal::{self, Step};
use super::temporary;

use crate::error::{Error, Result};
use crate::store::at_work::AtWork;

/// Most names of files that a message holds.
const MAX_NAMED: usize = 8;

/// A file that waits for its name.
pub struct Waiting {
    /// Folder of the outputs that it belongs to, where the temporary file lies.
    pub folder: PathBuf,
    pub temporary: PathBuf,
    pub target: PathBuf,
}

/// Gives every file its name, in this order. The earlier files are kept until all is done and on the disk; where
/// something fails they get their names back, and the error says what is there.
pub fn publish(waiting: Vec<Waiting>, shared: &Mutex<Temporaries>) -> Result<()> {
    let _at_work = AtWork::begin();
    let mut temporaries = lock(shared);
    if temporaries.given_up {
        let place = waiting.first().map(|file| file.target.clone()).unwrap_or_default();
        return Err(output_error(&place, given_up()));
    }
    let mut steps = Vec::new();
    for file in &waiting {
        let kept = temporary::path_in(&file.folder);
        let is_kept = keep(&file.target, &kept).map_err(|error| output_error(&file.target, error));
        if !matches!(is_kept, Ok(false)) {
            temporaries.paths.push(kept.clone());
        }
        let kept = is_kept?.then_some(kept);
        steps.push(Step { temporary: file.temporary.clone(), target: file.target.clone(), kept });
    }
    let journals = write_journals(&waiting, &steps, &mut temporaries)?;
    let all = |failed| (steps.len(), failed);
    let done = rename_all(&steps)
        .and_then(|()| sync_parents(&steps).map_err(all))
        .and_then(|()| journals.iter().try_for_each(|journal| end(journal)).map_err(all));
    if let Err((n_renamed, error)) = done {
        let told = restore(&steps[..n_renamed], &mut temporaries);
        return Err(Error::new(error.code(), error.place(), format!("{}; {told}", error.cause())));
    }
    temporaries.paths.retain(|path| !steps.iter().any(|step| step.temporary == *path) && !journals.contains(path));
    Ok(())
}

/// Keeps what stands at `target` under another name, too; false where there is nothing.
fn keep(target: &Path, kept: &Path) -> io::Result<bool> {
    let metadata = match fs::symlink_metadata(target) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        found => found?,
    };
    match fs::hard_link(target, kept) {
        Ok(()) => return Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        Err(_) => {}
    }
    // The file system has no second names for a file, or the file belongs to another user.
    match metadata.is_symlink() {
        true => symlink(fs::read_link(target)?, kept)?,
        false => copy(target, kept)?,
    }
    Ok(true)
}

fn copy(target: &Path, kept: &Path) -> io::Result<()> {
    let mut copied = File::options().write(true).create_new(true).open(kept)?;
    io::copy(&mut File::open(target)?, &mut copied)?;
    copied.sync_all()
}

/// A journal in every folder that gets more than one file; one file alone is new or old.
fn write_journals(waiting: &[Waiting], steps: &[Step], temporaries: &mut Temporaries) -> Result<Vec<PathBuf>> {
    let mut folders: Vec<&Path> = waiting.iter().map(|file| file.folder.as_path()).collect();
    folders.sort_unstable();
    let shared = folders.chunk_by(|a, b| a == b).filter(|alike| alike.len() > 1).map(|alike| alike[0]);
    let mut journals = Vec::new();
    for folder in shared {
        let path = temporary::path_in(folder);
        temporaries.paths.push(path.clone());
        journal::write(folder, &path, steps).map_err(|error| output_error(folder, error))?;
        journals.push(path);
    }
    Ok(journals)
}

/// Ends a publication: without its journal nobody will undo it. One that cannot be removed is emptied.
fn end(journal: &Path) -> Result<()> {
    let emptied = |_| File::options().write(true).truncate(true).open(journal).and_then(|file| file.sync_all());
    fs::remove_file(journal).or_else(emptied).map_err(|error| output_error(journal, error))?;
    // The new names are durable already. Should the journal come back after a power cut, its earlier set does, too.
    let _ = journal.parent().map(sync_folder);
    Ok(())
}

/// Renames in order; stops at the first that fails, and says how many were renamed.
fn rename_all(steps: &[Step]) -> std::result::Result<(), (usize, Error)> {
    for (n_renamed, step) in steps.iter().enumerate() {
        fs::rename(&step.temporary, &step.target).map_err(|error| (n_renamed, output_error(&step.target, error)))?;
    }
    Ok(())
}

/// Makes the new names durable.
fn sync_parents(steps: &[Step]) -> Result<()> {
    let mut parents: Vec<&Path> = steps.iter().filter_map(|step| step.target.parent()).collect();
    parents.sort_unstable();
    parents.dedup();
    parents.into_iter().try_for_each(|folder| sync_folder(folder).map_err(|error| output_error(folder, error)))
}

/// Some network file systems cannot sync a folder and say so; one that may be written to and not read cannot be opened.
fn sync_folder(folder: &Path) -> io::Result<()> {
    let opened = match File::open(folder) {
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => return Ok(()),
        opened => opened?,
    };
    match opened.sync_all() {
        Err(error) if matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) => Ok(()),
        synced => synced,
    }
}

/// Gives the names back to the earlier files; says what is there.
fn restore(renamed: &[Step], temporaries: &mut Temporaries) -> String {
    let mut left = Vec::new();
    for step in renamed.iter().rev() {
        if let Err(error) = step.undo() {
            tracing::warn!(path = %step.target.display(), %error, "the earlier file could not be put back");
            // What is kept of it stays for the next run, as does the journal.
            temporaries.paths.clear();
            left.push(step.target.file_name().unwrap_or_default().to_string_lossy().into_owned());
        }
    }
    let _ = sync_parents(renamed);
    told(renamed.len(), left, "files")
}

/// What is there after `n_replaced` outputs were replaced and all but those `left` put back.
pub fn told(n_replaced: usize, left: Vec<String>, what: &str) -> String {
    if left.is_empty() {
        let how = if n_replaced == 0 { "none was replaced" } else { "those that were replaced are back in place" };
        return format!("the {what} of earlier runs are as they were: {how}");
    }
    let more = if left.len() > MAX_NAMED { format!(" and {} more", left.len() - MAX_NAMED) } else { String::new() };
    let named = left.iter().take(MAX_NAMED).map(String::as_str).collect::<Vec<_>>().join(", ");
    format!(
        "{what} of two runs are mixed: new and not to be put back are {named}{more}, the others are of earlier runs"
    )
}
