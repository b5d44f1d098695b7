//! Disk spool: files of any length, written piece by piece under hidden names.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::write::{Guard, create, output_error, refuse_name_in_the_way, rename, sync_folder};
use crate::error::Result;

/// Makes the temporary names of one process different.
static NEXT_NUMBER: AtomicU64 = AtomicU64::new(0);

/// Files in the making in one folder. Those that were not given their names go when this is dropped.
pub struct DiskSpool {
    folder: PathBuf,
    files: Vec<Spooled>,
    open: Option<BufWriter<File>>,
    guard: Guard,
}

/// A file in the making.
#[derive(Clone)]
pub struct Spooled {
    /// Its name, parts separated by `/`.
    pub name: String,
    /// Where it is written.
    pub temporary: PathBuf,
}

impl DiskSpool {
    /// Temporary files lie in `folder`, which is created if need be.
    pub fn open(folder: &Path) -> Result<Self> {
        fs::create_dir_all(folder).map_err(|error| output_error(folder, error))?;
        Ok(Self { folder: folder.to_path_buf(), files: Vec::new(), open: None, guard: Guard::default() })
    }

    /// Another one that removes the files when it is dropped.
    pub fn guard(&self) -> Guard {
        Guard(Arc::clone(&self.guard.0))
    }

    /// Ends the present file and begins another.
    pub fn begin(&mut self, name: &str) -> Result<()> {
        self.end_file()?;
        let number = NEXT_NUMBER.fetch_add(1, Ordering::Relaxed);
        let temporary = self.folder.join(format!(".model-monitor.{}.{number}.tmp", std::process::id()));
        let file = create(&temporary, &self.guard.0).map_err(|error| output_error(&self.folder.join(name), error))?;
        self.open = Some(BufWriter::with_capacity(1 << 20, file));
        self.files.push(Spooled { name: name.to_owned(), temporary });
        Ok(())
    }

    /// Appends to the present file.
    pub fn append(&mut self, bytes: &[u8]) -> Result<()> {
        let written = self.open.as_mut().map_or(Ok(()), |file| file.write_all(bytes));
        written.map_err(|error| self.failure(error))
    }

    fn end_file(&mut self) -> Result<()> {
        let Some(mut file) = self.open.take() else { return Ok(()) };
        let ended = file.flush().and_then(|()| file.get_ref().sync_all());
        ended.map_err(|error| self.failure(error))
    }

    fn failure(&self, error: std::io::Error) -> crate::error::Error {
        let name = self.files.last().map_or("", |file| file.name.as_str());
        output_error(&self.folder.join(name), error)
    }

    /// Ends the last file; the files, all of them written.
    pub fn written(&mut self) -> Result<&[Spooled]> {
        self.end_file()?;
        Ok(&self.files)
    }

    /// Gives every file its name; nothing has it before all are written.
    pub fn commit(mut self) -> Result<()> {
        self.end_file()?;
        let mut renames = Vec::new();
        for file in &self.files {
            let target = self.folder.join(&file.name);
            let (parent, name) = (target.parent().unwrap_or(&self.folder), target.file_name().unwrap_or_default());
            fs::create_dir_all(parent).map_err(|error| output_error(parent, error))?;
            refuse_name_in_the_way(parent, &name.to_string_lossy())?;
            renames.push((file.temporary.clone(), target));
        }
        rename(&renames, &self.guard.0)?;
        let mut parents: Vec<&Path> = renames.iter().filter_map(|(_, target)| target.parent()).collect();
        parents.dedup();
        parents.into_iter().try_for_each(|folder| sync_folder(folder).map_err(|error| output_error(folder, error)))
    }
}
