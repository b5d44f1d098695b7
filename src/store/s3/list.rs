//! S3 listing: everything below a key.

use std::sync::Arc;

use aws_sdk_s3::types::Object;

use super::bucket::S3Bucket;
use super::failure::Failure;
use crate::store::entry::{Entry, EntryKind, Handle, Listing};
use crate::store::location::below;

/// The object `key` itself, and all objects below it as a folder: `p` and `p/…`, never `p2/…`.
/// Empty objects whose key ends in a slash stand for folders and are left out.
pub async fn list(bucket: &Arc<S3Bucket>, key: &str) -> Result<Listing, Failure> {
    let mut listing = Listing::default();
    if let Some(size) = size_of(bucket, key).await? {
        listing.exists = true;
        listing.entries.push(Entry { size, ..named(bucket, key) });
    }
    let prefix = below(key);
    let mut pages = bucket.request_list(&prefix).into_paginator().send();
    while let Some(page) = pages.next().await {
        for object in page.map_err(|error| bucket.failure(&error))?.contents() {
            listing.exists = true;
            listing.entries.extend(entry(bucket, object, &prefix));
        }
    }
    listing.entries.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(listing)
}

/// The object `key` as an entry, unseen and of unknown size.
pub fn named(bucket: &Arc<S3Bucket>, key: &str) -> Entry {
    let name = key.rsplit('/').next().unwrap_or(key).to_string();
    Entry { name, size: 0, kind: EntryKind::File, handle: Handle::Key(Arc::clone(bucket), key.to_string()) }
}

/// The size of the object `key`, if there is one. Asks the list, where it comes first among all
/// keys that begin with it, so that the right to list is all that is needed.
async fn size_of(bucket: &Arc<S3Bucket>, key: &str) -> Result<Option<u64>, Failure> {
    if key.is_empty() || key.ends_with('/') {
        return Ok(None);
    }
    let page = bucket.request_list(key).max_keys(1).send().await.map_err(|error| bucket.failure(&error))?;
    let first = page.contents().first();
    Ok(first.filter(|object| object.key() == Some(key)).map(size))
}

fn entry(bucket: &Arc<S3Bucket>, object: &Object, prefix: &str) -> Option<Entry> {
    let key = object.key()?;
    let name = key.strip_prefix(prefix)?;
    let is_folder_mark = size(object) == 0 && (name.is_empty() || name.ends_with('/'));
    if is_folder_mark {
        return None;
    }
    Some(Entry { name: name.to_string(), size: size(object), ..named(bucket, key) })
}

fn size(object: &Object) -> u64 {
    object.size().and_then(|size| u64::try_from(size).ok()).unwrap_or(0)
}
