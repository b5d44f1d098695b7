//! Locations: a path on disk, or a bucket and a key on S3.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use crate::names::{FILE_SCHEME, S3_SCHEME};

/// A place that can be listed, read or written.
///
/// It may be a folder (on S3: a prefix), a single file or object, or nothing yet.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Location {
    /// A path on disk.
    Local(PathBuf),
    /// An object, or everything below `key` up to the next slash. An empty key is the whole bucket.
    S3 { bucket: String, key: String },
}

/// Why a text is not a location.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocationError(&'static str);

impl fmt::Display for LocationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for LocationError {}

impl Location {
    /// The place called `name` inside this one; `name` may hold slashes.
    pub fn join(&self, name: &str) -> Self {
        match self {
            Self::Local(path) => Self::Local(path.join(name)),
            Self::S3 { bucket, key } => Self::S3 { bucket: bucket.clone(), key: format!("{}{name}", below(key)) },
        }
    }

    /// The place called `name` beside this one.
    pub fn sibling(&self, name: &str) -> Self {
        match self {
            Self::Local(path) => Self::Local(path.with_file_name(name)),
            Self::S3 { bucket, key } => {
                let folder = key.rfind('/').map_or("", |end| &key[..=end]);
                Self::S3 { bucket: bucket.clone(), key: format!("{folder}{name}") }
            }
        }
    }
}

/// What the keys inside the folder `key` begin with.
pub(super) fn below(key: &str) -> String {
    if key.is_empty() || key.ends_with('/') { key.to_string() } else { format!("{key}/") }
}

impl FromStr for Location {
    type Err = LocationError;

    /// Reads `s3://bucket/key`, `file://path` (the path is taken as it stands, without percent
    /// decoding, as local mode of the sagemaker client writes it) or a plain path.
    fn from_str(text: &str) -> Result<Self, LocationError> {
        if let Some(rest) = text.strip_prefix(S3_SCHEME) {
            let (bucket, key) = rest.split_once('/').unwrap_or((rest, ""));
            let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
            return match bucket {
                "" => Err(LocationError("the bucket's name is missing")),
                _ if !bucket.chars().all(plain) => Err(LocationError("the bucket's name has characters no bucket has")),
                _ => Ok(Self::S3 { bucket: bucket.to_string(), key: key.to_string() }),
            };
        }
        let path = text.strip_prefix(FILE_SCHEME).unwrap_or(text);
        if path.is_empty() {
            return Err(LocationError("the path is empty"));
        }
        if path.contains('\0') {
            return Err(LocationError("a path cannot hold a zero byte"));
        }
        if path.split_once("://").is_some_and(|(scheme, _)| is_scheme(scheme)) {
            return Err(LocationError("only s3://, file:// and plain paths can be read"));
        }
        Ok(Self::Local(PathBuf::from(path)))
    }
}

fn is_scheme(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Local(path) => write!(f, "{}", path.display()),
            Self::S3 { bucket, key } => write!(f, "{S3_SCHEME}{bucket}/{key}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn s3(bucket: &str, key: &str) -> Location {
        Location::S3 { bucket: bucket.into(), key: key.into() }
    }

    #[test]
    fn texts_are_read_as_the_places_they_name() {
        let cases = [
            ("s3://bucket", s3("bucket", "")),
            ("s3://bucket/", s3("bucket", "")),
            ("s3://bucket/a/b%20c", s3("bucket", "a/b%20c")),
            ("s3://bucket/a/", s3("bucket", "a/")),
            ("s3://bucket//a", s3("bucket", "/a")),
            ("file:///opt/in put", Location::Local("/opt/in put".into())),
            ("relative/path", Location::Local("relative/path".into())),
            ("/odd/s3://x", Location::Local("/odd/s3://x".into())),
        ];
        for (text, expected) in cases {
            assert_eq!(text.parse(), Ok(expected), "{text}");
        }
    }

    #[test]
    fn texts_that_name_no_place_are_refused() {
        for text in ["", "s3://", "s3:///key", "s3://buc ket/key", "file://", "https://host/x", "a\0b"] {
            assert!(text.parse::<Location>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn joining_puts_exactly_one_slash_between() {
        assert_eq!(s3("b", "").join("n"), s3("b", "n"));
        assert_eq!(s3("b", "p").join("n/m"), s3("b", "p/n/m"));
        assert_eq!(s3("b", "p/").join("n"), s3("b", "p/n"));
        assert_eq!(Location::Local("/p".into()).join("n"), Location::Local("/p/n".into()));
    }

    #[test]
    fn siblings_share_the_folder() {
        for (place, expected) in
            [("s3://b/p/x.json", "s3://b/p/n"), ("s3://b/x.json", "s3://b/n"), ("/p/x.json", "/p/n"), ("x", "n")]
        {
            assert_eq!(place.parse::<Location>().map(|place| place.sibling("n").to_string()), Ok(expected.to_string()));
        }
    }

    #[test]
    fn what_is_shown_reads_back() {
        for text in ["s3://bucket/a/b", "s3://bucket/", "/opt/x y"] {
            assert_eq!(text.parse::<Location>().map(|place| place.to_string()), Ok(text.to_string()));
        }
    }
}
