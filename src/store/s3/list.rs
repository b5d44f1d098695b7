//! S3 listing: everything below a key.

use std::collections::HashSet;
use std::sync::Arc;

use super::bucket::S3Bucket;
use super::failure::Failure;
use super::list_page::{ListPage, ListedObject};
use super::object::S3Object;
use crate::store::entry::{Entry, EntryKind, Handle, Listing};
use crate::store::location::below;

/// The object `key` itself, and all objects below it as a folder: `p` and `p/…`, never `p2/…`.
/// Empty objects whose key ends in a slash stand for folders and are left out. A listing that cannot be whole, or
/// that goes round in circles, is a failure.
pub async fn list(bucket: &Arc<S3Bucket>, key: &str) -> Result<Listing, Failure> {
    let mut listing = Listing::default();
    if let Some(object) = itself(bucket, key).await? {
        listing.exists = true;
        let name = key.rsplit('/').next().unwrap_or(key).to_string();
        listing.entries.push(entry(bucket, object, name));
    }
    let prefix = below(key);
    let (mut token, mut tokens, mut keys) = (None::<String>, HashSet::new(), HashSet::new());
    loop {
        let request = bucket.request_list(&prefix).set_continuation_token(token.take());
        let page = ListPage::request(bucket, request).await?;
        for object in page.objects {
            if !keys.insert(object.key.clone()) {
                return Err(Failure::other("the listing names a key twice"));
            }
            let Some(name) = object.key.strip_prefix(&prefix).map(str::to_string) else {
                return Err(Failure::other("the listing names a key that does not lie there"));
            };
            listing.exists = true;
            let is_folder_mark = object.size == 0 && (name.is_empty() || name.ends_with('/'));
            if !is_folder_mark {
                listing.entries.push(entry(bucket, object, name));
            }
        }
        match page.next {
            Some(next) if !tokens.insert(next.clone()) => {
                return Err(Failure::other("the listing goes on where it was before"));
            }
            Some(next) => token = Some(next),
            None => break,
        }
    }
    listing.entries.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(listing)
}

/// The object `key`, unlisted: of unknown size and version.
pub fn named(bucket: &Arc<S3Bucket>, key: &str) -> S3Object {
    S3Object { bucket: Arc::clone(bucket), key: key.to_string(), size: None, e_tag: None }
}

/// The object `key`, if there is one. Asks the list, where it comes first among all keys that begin with it, so
/// that the right to list is all that is needed.
async fn itself(bucket: &Arc<S3Bucket>, key: &str) -> Result<Option<ListedObject>, Failure> {
    if key.is_empty() || key.ends_with('/') {
        return Ok(None);
    }
    let page = ListPage::request(bucket, bucket.request_list(key).max_keys(1)).await?;
    Ok(page.objects.into_iter().next().filter(|object| object.key == key))
}

fn entry(bucket: &Arc<S3Bucket>, object: ListedObject, name: String) -> Entry {
    let handle = S3Object { size: Some(object.size), e_tag: object.e_tag, ..named(bucket, &object.key) };
    Entry { name, size: object.size, kind: EntryKind::File, handle: Handle::Object(handle) }
}
