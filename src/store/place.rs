//! Place: what a location is, whatever it is called.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Component, Path, PathBuf};

use super::location::{Location, below};

/// What a location is: on disk by device and inode, so that links, other spellings and a folder that is mounted twice
/// make no difference; on S3 by bucket and key.
#[derive(Clone, Debug)]
pub struct Place(Kind);

#[derive(Clone, Debug)]
enum Kind {
    /// Everything that exists on the way to it, the nearest first.
    Disk(Vec<Ancestor>),
    S3 {
        bucket: String,
        key: String,
    },
}

/// A folder, or the place itself, that exists.
#[derive(Clone, Debug)]
struct Ancestor {
    device: u64,
    inode: u64,
    /// The way from here to the place.
    rest: PathBuf,
}

impl Place {
    /// What `location` is, all links followed. There need be nothing yet: then what exists above it counts.
    pub fn of(location: &Location) -> Self {
        match location {
            Location::Local(path) => Self(Kind::Disk(ancestors(path))),
            Location::S3 { bucket, key } => Self(Kind::S3 { bucket: bucket.clone(), key: key.clone() }),
        }
    }

    /// As [`Self::of`], but a link that stands at the location itself is the place.
    pub fn of_name(location: &Location) -> Self {
        let Location::Local(path) = location else { return Self::of(location) };
        let (Some(parent), Some(name)) = (path.parent(), path.file_name()) else { return Self::of(location) };
        let parent = if parent.as_os_str().is_empty() { Path::new(".") } else { parent };
        let mut ancestors = ancestors(parent);
        ancestors.iter_mut().for_each(|ancestor| ancestor.rest.push(name));
        Self(Kind::Disk(ancestors))
    }

    /// The way from `folder` to this place, parts separated by `/`; empty where it is the folder itself, `None` where
    /// it does not lie in it.
    pub fn way_from(&self, folder: &Self) -> Option<String> {
        match (&self.0, &folder.0) {
            (Kind::Disk(ancestors), Kind::Disk(others)) => {
                let folder = others.first()?;
                let is_above = |ancestor: &&Ancestor| {
                    (ancestor.device, ancestor.inode) == (folder.device, folder.inode)
                        && ancestor.rest.starts_with(&folder.rest)
                };
                let ancestor = ancestors.iter().find(is_above)?;
                let way = ancestor.rest.strip_prefix(&folder.rest).ok()?;
                Some(way.to_string_lossy().into_owned())
            }
            (Kind::S3 { bucket, key }, Kind::S3 { bucket: of, key: folder }) if bucket == of => {
                let way = below(key).strip_prefix(&below(folder))?.to_owned();
                Some(way.strip_suffix('/').map(str::to_owned).unwrap_or(way))
            }
            _ => None,
        }
    }

    /// Whether this is `folder` or lies in it.
    pub fn is_inside(&self, folder: &Self) -> bool {
        self.way_from(folder).is_some()
    }
}

/// What exists on the way to `path`, the nearest first.
fn ancestors(path: &Path) -> Vec<Ancestor> {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let parts: Vec<Component<'_>> = absolute.components().collect();
    let existing = (1..=parts.len()).rev().find_map(|n| {
        let (there, missing) = parts.split_at(n);
        Some((fs::canonicalize(there.iter().collect::<PathBuf>()).ok()?, missing))
    });
    let (mut whole, missing) = existing.unwrap_or_else(|| (absolute.clone(), &[]));
    for part in missing {
        match part {
            Component::ParentDir => drop(whole.pop()),
            part => whole.push(part),
        }
    }
    let known = |ancestor: &Path| {
        let metadata = fs::metadata(ancestor).ok()?;
        let rest = whole.strip_prefix(ancestor).ok()?.to_owned();
        Some(Ancestor { device: metadata.dev(), inode: metadata.ino(), rest })
    };
    whole.ancestors().filter_map(known).collect()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    fn place(text: &str) -> Place {
        Place::of(&text.parse().expect("a location"))
    }

    fn at(path: &Path) -> Place {
        Place::of(&Location::Local(path.to_owned()))
    }

    #[test]
    fn prefixes_end_at_slashes() {
        let way = |inner, outer| place(inner).way_from(&place(outer));
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(way("s3://b/p/q", "s3://b/p"), some("q"));
        assert_eq!(way("s3://b/p/", "s3://b/p"), some(""));
        assert_eq!(way("s3://b/p/x.json", "s3://b"), some("p/x.json"));
        assert_eq!(
            [way("s3://b/pq", "s3://b/p"), way("s3://c/p", "s3://b/p"), way("s3://b/p", "/p")],
            [None, None, None]
        );
    }

    #[test]
    fn places_on_disk_are_the_same_however_they_are_spelt() {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path();
        fs::create_dir_all(root.join("in/sub")).expect("folders");
        symlink(root.join("in"), root.join("link")).expect("a link");
        let inside = ["in/sub", "in/./sub", "in/sub/../sub", "link/sub", "in/new/deep", "link/new", "in/new/../other"];
        for name in inside {
            assert!(at(&root.join(name)).is_inside(&at(&root.join("in"))), "{name}");
        }
        for name in ["", "inner", "in/../other", "in/new/../../other", "link/../other"] {
            assert!(!at(&root.join(name)).is_inside(&at(&root.join("in"))), "{name}");
        }
        assert_eq!(at(&root.join("in/new/x")).way_from(&at(&root.join("link"))).as_deref(), Some("new/x"));
        assert!(at(&root.join("new/x")).is_inside(&at(&root.join("new"))), "there is neither yet");
        assert!(!at(&root.join("newer")).is_inside(&at(&root.join("new"))));
    }

    #[test]
    fn a_link_is_a_place_of_its_own_and_its_targets() {
        let folder = tempfile::tempdir().expect("a folder");
        let (a, b) = (folder.path().join("a"), folder.path().join("b"));
        fs::create_dir_all(&a).and_then(|()| fs::create_dir_all(&b)).expect("folders");
        fs::write(a.join("x"), "").and_then(|()| symlink(a.join("x"), b.join("y"))).expect("a file and a link");
        let link = Location::Local(b.join("y"));
        assert_eq!(Place::of(&link).way_from(&at(&a)).as_deref(), Some("x"));
        assert_eq!(Place::of_name(&link).way_from(&at(&b)).as_deref(), Some("y"));
    }
}
