//! Recursive directory listing, links followed.

use std::ffi::OsStr;
use std::fs::{self, Metadata};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::rc::Rc;

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

/// A folder on the way down, by device and inode, and the folders it was reached through.
struct Ancestor {
    identity: (u64, u64),
    parent: Option<Rc<Ancestor>>,
}

impl Ancestor {
    fn lies_in(folder: &Rc<Self>, identity: (u64, u64)) -> bool {
        let mut next = Some(folder);
        while let Some(ancestor) = next {
            if ancestor.identity == identity {
                return true;
            }
            next = ancestor.parent.as_ref();
        }
        false
    }
}

fn walk(root: PathBuf) -> Result<Listing, Unlistable> {
    let identity = match stat(&root).map_err(|cause| Unlistable { path: root.clone(), cause })? {
        Found::Nothing => return Ok(Listing::default()),
        Found::Leaf(size) => {
            return Ok(Listing { exists: true, entries: vec![entry(file_name(&root), root, size)] });
        }
        Found::Folder(identity) => identity,
    };
    let mut entries = Vec::new();
    let mut folders = vec![(root, String::new(), Rc::new(Ancestor { identity, parent: None }))];
    while let Some((folder, prefix, ancestors)) = folders.pop() {
        let is_root = ancestors.parent.is_none();
        for path in children(&folder, is_root).map_err(|cause| Unlistable { path: folder, cause })? {
            let name = format!("{prefix}{}", file_name(&path));
            match stat(&path).map_err(|cause| Unlistable { path: path.clone(), cause })? {
                Found::Nothing => {}
                Found::Leaf(size) => entries.push(entry(name, path, size)),
                Found::Folder(identity) if Ancestor::lies_in(&ancestors, identity) => {
                    entries.push(entry(name, path, None));
                }
                Found::Folder(identity) => {
                    let parent = Some(Rc::clone(&ancestors));
                    folders.push((path, format!("{name}/"), Rc::new(Ancestor { identity, parent })));
                }
            }
        }
    }
    entries.sort_unstable_by(|a, b| a.name.cmp(&b.name));
    Ok(Listing { exists: true, entries })
}

/// What a folder holds; nothing if a folder below the root was removed meanwhile.
fn children(folder: &Path, is_root: bool) -> io::Result<Vec<PathBuf>> {
    match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound && !is_root => Ok(Vec::new()),
        found => found?.map(|child| Ok(child?.path())).collect(),
    }
}

enum Found {
    Nothing,
    Folder((u64, u64)),
    /// A file with its size, or something that is not one.
    Leaf(Option<u64>),
}

/// What lies at `path`, links followed, without opening it.
fn stat(path: &Path) -> io::Result<Found> {
    let kind = |metadata: Metadata| match () {
        () if metadata.is_dir() => Found::Folder((metadata.dev(), metadata.ino())),
        () if metadata.is_file() => Found::Leaf(Some(metadata.len())),
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

fn entry(name: String, path: PathBuf, size: Option<u64>) -> Entry {
    let kind = if size.is_some() { EntryKind::File } else { EntryKind::NotAFile };
    Entry { name, size: size.unwrap_or(0), kind, handle: Handle::Path(path) }
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
