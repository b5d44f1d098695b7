//! Disk spool: files of any length, written piece by piece under hidden names.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::failure::output_error;
use super::guard::{Guard, create};
use super::publish::{Waiting, publish};
use super::temporary;
use super::write::target_of;
use crate::error::Result;

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
        let temporary = temporary::path_in(&self.folder);
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

    /// Gives every file its name: all of them or none.
    pub fn commit(mut self) -> Result<()> {
        self.end_file()?;
        let mut waiting = Vec::new();
        for file in &self.files {
            let target = target_of(&self.folder, &file.name)?;
            waiting.push(Waiting { folder: self.folder.clone(), temporary: file.temporary.clone(), target });
        }
        publish(waiting, &self.guard.0)
    }
}
