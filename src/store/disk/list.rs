//! Recursive directory listing, links followed, each folder and each file that a link leads to once.

use std::collections::{BTreeMap, HashSet};
use std::ffi::OsStr;
use std::fs::{self, DirEntry, Metadata};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use crate::store::entry::{Entry, EntryKind, Handle, Listing};

/// A path that cannot be listed, and why.
#[derive(Debug)]
pub struct Unlistable {
    pub path: PathBuf,
    pub cause: io::Error,
}

/// Everything below `root`, or `root` itself if it is no folder.
pub async fn list(root: PathBuf) -> Result<Listing, Unlistable> {
    let path = root.clone();
    match tokio::task::spawn_blocking(move || walk(root)).await {
        Ok(listing) => listing,
        Err(error) => Err(Unlistable { path, cause: error.into() }),
    }
}

/// What lies at `path`, if there is something; a folder is not a file.
pub async fn find(path: PathBuf) -> io::Result<Option<EntryKind>> {
    tokio::task::spawn_blocking(move || {
        Ok(match stat(&path)? {
            Found::Nothing => None,
            Found::Leaf(Some(_)) => Some(EntryKind::File),
            Found::Folder(_) | Found::Leaf(None) => Some(EntryKind::NotAFile),
        })
    })
    .await?
}

fn walk(root: PathBuf) -> Result<Listing, Unlistable> {
    match stat(&root).map_err(|cause| Unlistable { path: root.clone(), cause })? {
        Found::Nothing => Ok(Listing::default()),
        Found::Leaf(size) => Ok(Listing { exists: true, entries: vec![entry(file_name(&root), root, size)] }),
        Found::Folder(identity) => {
            let mut walk = Walk { seen: HashSet::from([identity]), ..Walk::default() };
            walk.enter(root, "", true)?;
            walk.follow_links()?;
            walk.entries.sort_unstable_by(|a, b| a.name.cmp(&b.name));
            Ok(Listing { exists: true, entries: walk.entries })
        }
    }
}

/// A device and an inode on it.
type Identity = (u64, u64);

/// A walk that enters no folder twice: real folders come first, then those that links lead to, by name.
#[derive(Default)]
struct Walk {
    entries: Vec<Entry>,
    /// Folders that were entered and files that were found.
    seen: HashSet<Identity>,
    folder_links: BTreeMap<String, (PathBuf, Identity)>,
    file_links: BTreeMap<String, PathBuf>,
}

impl Walk {
    /// Lists a folder, and the real folders below it.
    fn enter(&mut self, folder: PathBuf, name: &str, is_root: bool) -> Result<(), Unlistable> {
        let prefix = if is_root { String::new() } else { format!("{name}/") };
        let mut folders = vec![(folder, prefix, is_root)];
        while let Some((folder, prefix, is_root)) = folders.pop() {
            for (path, is_link) in children(&folder, is_root).map_err(|cause| Unlistable { path: folder, cause })? {
                let name = format!("{prefix}{}", file_name(&path));
                match stat(&path).map_err(|cause| Unlistable { path: path.clone(), cause })? {
                    Found::Nothing => {}
                    Found::Leaf(Some(_)) if is_link => {
                        self.file_links.insert(name, path);
                    }
                    Found::Leaf(size) => {
                        self.seen.extend(size.map(|(_, identity)| identity));
                        self.entries.push(entry(name, path, size));
                    }
                    Found::Folder(identity) if is_link => {
                        self.folder_links.insert(name, (path, identity));
                    }
                    Found::Folder(identity) if !self.seen.insert(identity) => {
                        self.entries.push(entry(name, path, None));
                    }
                    Found::Folder(_) => folders.push((path, format!("{name}/"), false)),
                }
            }
        }
        Ok(())
    }

    /// Follows the links that were met, to folders first; those that lead to what is listed already are no files.
    fn follow_links(&mut self) -> Result<(), Unlistable> {
        while let Some((name, (path, identity))) = self.folder_links.pop_first() {
            if self.seen.insert(identity) {
                self.enter(path, &name, false)?;
            } else {
                self.entries.push(entry(name, path, None));
            }
        }
        while let Some((name, path)) = self.file_links.pop_first() {
            let found = match stat(&path).map_err(|cause| Unlistable { path: path.clone(), cause })? {
                Found::Leaf(Some((size, identity))) if self.seen.insert(identity) => Some((size, identity)),
                _ => None,
            };
            self.entries.push(entry(name, path, found));
        }
        Ok(())
    }
}

/// What a folder holds, and whether it is a link; nothing if a folder below the root was removed meanwhile.
fn children(folder: &Path, is_root: bool) -> io::Result<Vec<(PathBuf, bool)>> {
    let child = |child: io::Result<DirEntry>| {
        let child = child?;
        Ok((child.path(), child.file_type()?.is_symlink()))
    };
    match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound && !is_root => Ok(Vec::new()),
        found => found?.map(child).collect(),
    }
}

enum Found {
    Nothing,
    Folder(Identity),
    /// A file with its size, or something that is not one.
    Leaf(Option<(u64, Identity)>),
}

/// What lies at `path`, links followed, without opening it.
fn stat(path: &Path) -> io::Result<Found> {
    let kind = |metadata: Metadata| match () {
        () if metadata.is_dir() => Found::Folder((metadata.dev(), metadata.ino())),
        () if metadata.is_file() => Found::Leaf(Some((metadata.len(), (metadata.dev(), metadata.ino())))),
        () => Found::Leaf(None),
    };
    let error = match fs::metadata(path) {
        Ok(metadata) => return Ok(kind(metadata)),
        Err(error) => error,
    };
    match fs::symlink_metadata(path) {
        Ok(metadata) if metadata.is_symlink() => Ok(Found::Leaf(None)),
        // It came back between the two looks.
        Ok(_) if error.kind() == io::ErrorKind::NotFound => Ok(Found::Nothing),
        Ok(_) => Err(error),
        Err(missing) if missing.kind() == io::ErrorKind::NotFound => Ok(Found::Nothing),
        Err(_) => Err(error),
    }
}

fn entry(name: String, path: PathBuf, file: Option<(u64, Identity)>) -> Entry {
    let kind = if file.is_some() { EntryKind::File } else { EntryKind::NotAFile };
    Entry { name, size: file.map_or(0, |(size, _)| size), kind, handle: Handle::Path(path) }
}

/// The last part of a path, spelt so that different names look different.
fn file_name(path: &Path) -> String {
    spell(path.file_name().unwrap_or(path.as_os_str()))
}

fn spell(name: &OsStr) -> String {
    let mut text = String::with_capacity(name.len());
    for chunk in name.as_bytes().utf8_chunks() {
        text.push_str(&chunk.valid().replace('\\', "\\\\"));
        for byte in chunk.invalid() {
            text.push_str(&format!("\\x{byte:02x}"));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn different_names_are_spelt_differently() {
        let cases: [(&[u8], &str); 5] = [
            (b"plain name%20#.jsonl", "plain name%20#.jsonl"),
            ("größe\n".as_bytes(), "größe\n"),
            (b"odd\xff", "odd\\xff"),
            (b"odd\\xff", "odd\\\\xff"),
            (b"\xc3", "\\xc3"),
        ];
        for (name, expected) in cases {
            assert_eq!(spell(OsStr::from_bytes(name)), expected);
        }
    }
}
