//! Writing a demonstration's files, where no other's are in the way.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::Path;

use crate::error::{self, Error, Result};

/// Writes files below `folder`. Of the folders that they lie in, none may hold another file: a job would
/// read that, too.
pub(super) fn place(folder: &Path, files: Vec<(String, Vec<u8>)>) -> Result<()> {
    let unwritable =
        |path: &Path, cause: String| Error::new(&error::OUTPUT_UNWRITABLE, path.display().to_string(), cause);
    let own: BTreeSet<_> = files.iter().map(|(name, _)| folder.join(name)).collect();
    let tops: BTreeSet<_> = files.iter().filter_map(|(name, _)| name.split('/').next()).collect();
    for top in tops {
        let is_foreign = |path: &Path| !own.contains(path);
        let found =
            first_file(&folder.join(top), &is_foreign).map_err(|cause| unwritable(folder, cause.to_string()))?;
        if let Some(foreign) = found {
            return Err(unwritable(
                &foreign,
                "it is no file of this demonstration, and would be read with them".into(),
            ));
        }
    }
    for (name, bytes) in files {
        let path = folder.join(name);
        let written = fs::create_dir_all(path.parent().unwrap_or(folder)).and_then(|()| fs::write(&path, bytes));
        written.map_err(|cause| unwritable(&path, cause.to_string()))?;
    }
    Ok(())
}

/// Some file below `folder` that is wanted; none where there is no folder.
fn first_file(folder: &Path, is_wanted: &dyn Fn(&Path) -> bool) -> io::Result<Option<std::path::PathBuf>> {
    if !folder.is_dir() {
        return Ok(None);
    }
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let found = if path.is_dir() { first_file(&path, is_wanted)? } else { is_wanted(&path).then_some(path) };
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}
