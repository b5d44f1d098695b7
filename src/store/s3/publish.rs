//! Publication of objects: put one after the other; where one fails, the earlier ones are put back.

use std::sync::Arc;

use bytes::{Bytes, BytesMut};

use super::bucket::S3Bucket;
use super::write::{Body, put_body};
use crate::error::{Error, OUTPUT_UNWRITABLE, Result};
use crate::store::at_work::AtWork;
use crate::store::disk::told;
use crate::store::location::{Location, below};

/// Bytes of earlier objects that are kept in memory until the new ones stand.
const KEPT: usize = 64 << 20;

/// An object to be put.
#[derive(Clone, Debug)]
pub struct Object {
    bucket: Arc<S3Bucket>,
    key: String,
    pub place: Location,
    body: Body,
}

/// What stands at a key.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Earlier {
    Nothing,
    Object(Bytes),
    /// It is too large to be kept, or may not be read.
    Unknown,
}

/// The object called `name` below `target`; none where that is on disk.
pub fn object_of(bucket: &Arc<S3Bucket>, target: &Location, name: &str, body: Body) -> Object {
    let key = match target {
        Location::S3 { key, .. } => format!("{}{name}", below(key)),
        Location::Local(_) => name.to_owned(),
    };
    Object { bucket: Arc::clone(bucket), key, place: target.join(name), body }
}

/// The artifacts as objects below `target`.
pub fn objects_of(bucket: &Arc<S3Bucket>, target: &Location, artifacts: &[(String, Bytes)]) -> Vec<Object> {
    artifacts.iter().map(|(name, bytes)| object_of(bucket, target, name, Body::Bytes(bytes.clone()))).collect()
}

/// Puts the objects in order, then does what comes last. Where something fails the earlier objects are put back as far
/// as they are known, and the error says what is there.
pub async fn publish(objects: Vec<Object>, last: impl Future<Output = Result<()>>) -> Result<()> {
    let _at_work = AtWork::begin();
    let mut earlier = Vec::new();
    let mut space = KEPT;
    // A single object is new or old: there is nothing to be put back.
    let is_set = objects.len() > 1;
    for object in &objects {
        earlier.push(if is_set { object.earlier(&mut space).await } else { Earlier::Unknown });
    }
    for (n_put, object) in objects.iter().enumerate() {
        if let Err(failure) = put_body(&object.bucket, &object.key, &object.body).await {
            // An answer may be lost on its way: the object may stand all the same.
            let is_as_it_was = !failure.may_have_worked
                || earlier[n_put] != Earlier::Unknown && object.earlier(&mut KEPT.clone()).await == earlier[n_put];
            let n_replaced = n_put + usize::from(!is_as_it_was);
            let told = restore(&objects[..n_replaced], n_put, &earlier).await;
            return Err(Error::new(&OUTPUT_UNWRITABLE, object.place.to_string(), format!("{failure}; {told}")));
        }
    }
    match last.await {
        Ok(()) => Ok(()),
        Err(error) => {
            let told = restore(&objects, objects.len(), &earlier).await;
            Err(Error::new(error.code(), error.place(), format!("{}; {told}", error.cause())))
        }
    }
}

/// Puts the earlier objects back, of which `n_put` were replaced and the rest may have been; says what is there.
async fn restore(replaced: &[Object], n_put: usize, earlier: &[Earlier]) -> String {
    let mut left = Vec::new();
    for (number, (object, earlier)) in replaced.iter().zip(earlier).enumerate().rev() {
        let restored = match earlier {
            Earlier::Object(bytes) => put_body(&object.bucket, &object.key, &Body::Bytes(bytes.clone())).await,
            Earlier::Nothing => object.bucket.delete(&object.key).await,
            Earlier::Unknown => {
                left.push(format!("{}{}", object.place, if number < n_put { "" } else { " (perhaps)" }));
                continue;
            }
        };
        if let Err(error) = restored {
            tracing::warn!(object = %object.place, %error, "the earlier object could not be put back");
            left.push(object.place.to_string());
        }
    }
    told(replaced.len(), left, "objects")
}

impl Object {
    /// What stands at the key, if it is not larger than the space that is left for it.
    async fn earlier(&self, space: &mut usize) -> Earlier {
        let answer = match self.bucket.request_get(&self.key).send().await {
            Ok(answer) => answer,
            Err(error) if self.bucket.failure(&error).is_missing => return Earlier::Nothing,
            Err(_) => return Earlier::Unknown,
        };
        let length = answer.content_length.and_then(|length| usize::try_from(length).ok());
        let Some(length) = length.filter(|length| length <= space) else { return Earlier::Unknown };
        let (mut body, mut bytes) = (answer.body, BytesMut::with_capacity(length));
        while let Some(block) = body.next().await {
            match block {
                Ok(block) if bytes.len() + block.len() <= length => bytes.extend_from_slice(&block),
                _ => return Earlier::Unknown,
            }
        }
        if bytes.len() != length {
            return Earlier::Unknown;
        }
        *space -= length;
        Earlier::Object(bytes.freeze())
    }
}
