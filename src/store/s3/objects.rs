//! A bucket as an object store.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use async_trait::async_trait;
use aws_sdk_s3::Client;
use aws_sdk_s3::config::http::HttpResponse;
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_s3::operation::get_object::builders::GetObjectFluentBuilder;
use aws_sdk_s3::operation::list_objects_v2::builders::ListObjectsV2FluentBuilder;
use aws_sdk_s3::primitives::{ByteStream, DateTime};
use aws_sdk_s3::types::Object;
use bytes::Bytes;
use futures::stream::BoxStream;
use futures::{StreamExt, TryStreamExt};
use object_store::path::Path as ObjectPath;
use object_store::{
    Attribute, Attributes, CopyOptions, Error, GetOptions, GetResult, GetResultPayload, ListResult, MultipartUpload,
    ObjectMeta, ObjectStore, PutMode, PutMultipartOptions, PutOptions, PutPayload, PutResult, Result,
};

use super::client::S3Client;
use super::failure::{Failure, broken_body};
use super::upload::Upload;
use crate::names::S3_SCHEME;

/// One bucket through the program's client.
///
/// Reads (whole, in ranges, conditional), lists, puts (whole and in parts) and deletes. Copying,
/// attributes other than the content type and a conditional copy are refused. Paths are keys as
/// they stand; a key that no path can spell (`a//b`) is an error in a listing.
#[derive(Clone, Debug)]
pub struct S3Objects {
    s3: S3Client,
    bucket: String,
}

impl fmt::Display for S3Objects {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{S3_SCHEME}{}/", self.bucket)
    }
}

impl S3Objects {
    pub fn new(s3: S3Client, bucket: &str) -> Self {
        Self { s3, bucket: bucket.to_string() }
    }

    pub(super) fn client(&self) -> &Client {
        &self.s3.client
    }

    pub(super) fn bucket(&self) -> &str {
        &self.bucket
    }

    pub(super) fn failure<E>(&self, error: &SdkError<E, HttpResponse>) -> Failure
    where
        E: std::error::Error + ProvideErrorMetadata + 'static,
    {
        Failure::of(error, &self.s3.endpoint)
    }

    pub(super) fn request_get(&self, key: &str) -> GetObjectFluentBuilder {
        self.client().get_object().bucket(&self.bucket).key(key)
    }

    pub(super) fn request_list(&self, prefix: &str) -> ListObjectsV2FluentBuilder {
        self.client().list_objects_v2().bucket(&self.bucket).prefix(prefix)
    }

    /// The object `key`, which the answer calls `location`.
    pub(in crate::store) async fn get_key(
        &self,
        key: &str,
        location: &ObjectPath,
        options: GetOptions,
    ) -> Result<GetResult> {
        if options.head {
            return self.head_key(key, location, options).await;
        }
        if let Some(range) = &options.range {
            range.is_valid().map_err(|error| Failure::other(error.to_string()).at(key))?;
        }
        let wants_range = options.range.is_some();
        let request = self
            .request_get(key)
            .set_range(options.range.map(|range| range.to_string()))
            .set_if_match(options.if_match)
            .set_if_none_match(options.if_none_match)
            .set_if_modified_since(options.if_modified_since.map(aws_time))
            .set_if_unmodified_since(options.if_unmodified_since.map(aws_time))
            .set_version_id(options.version);
        let answer = request.send().await.map_err(|error| self.failure(&error).at(key))?;
        let length = length(answer.content_length());
        let (range, size) = match answer.content_range().map(content_range) {
            Some(Some(found)) => found,
            None if !wants_range => (0..length, length),
            _ => return Err(Failure::other("the answer does not say which range it holds").at(key)),
        };
        let meta = ObjectMeta {
            location: location.clone(),
            last_modified: time(answer.last_modified()),
            size,
            e_tag: answer.e_tag().map(str::to_string),
            version: answer.version_id().map(str::to_string),
        };
        let attributes = content_type(answer.content_type());
        let key = key.to_string();
        let blocks =
            futures::stream::unfold(answer.body, |mut body| async { body.next().await.map(|block| (block, body)) })
                .map_err(move |error| broken_body(&error).at(&key));
        Ok(GetResult { payload: GetResultPayload::Stream(blocks.boxed()), meta, range, attributes })
    }

    async fn head_key(&self, key: &str, location: &ObjectPath, options: GetOptions) -> Result<GetResult> {
        let request = self.client().head_object().bucket(&self.bucket).key(key);
        let request = request
            .set_if_match(options.if_match)
            .set_if_none_match(options.if_none_match)
            .set_if_modified_since(options.if_modified_since.map(aws_time))
            .set_if_unmodified_since(options.if_unmodified_since.map(aws_time))
            .set_version_id(options.version);
        let answer = request.send().await.map_err(|error| self.failure(&error).at(key))?;
        let size = length(answer.content_length());
        let meta = ObjectMeta {
            location: location.clone(),
            last_modified: time(answer.last_modified()),
            size,
            e_tag: answer.e_tag().map(str::to_string),
            version: answer.version_id().map(str::to_string),
        };
        let payload = GetResultPayload::Stream(futures::stream::empty().boxed());
        Ok(GetResult { payload, meta, range: 0..size, attributes: content_type(answer.content_type()) })
    }

    /// Puts the object `key` in one request.
    pub(super) async fn put_key(&self, key: &str, payload: PutPayload, options: PutOptions) -> Result<PutResult> {
        let request = self.client().put_object().bucket(&self.bucket).key(key);
        let is_new = matches!(options.mode, PutMode::Create);
        let request = match options.mode {
            PutMode::Overwrite => request,
            PutMode::Create => request.if_none_match("*"),
            PutMode::Update(version) => request.set_if_match(version.e_tag),
        };
        let request = request
            .set_content_type(only_content_type(&options.attributes)?)
            .set_tagging(Some(options.tags.encoded().to_string()).filter(|tags| !tags.is_empty()))
            .body(ByteStream::from(Bytes::from(payload)));
        let answer = request.send().await.map_err(|error| match self.failure(&error).at(key) {
            Error::Precondition { path, source } if is_new => Error::AlreadyExists { path, source },
            other => other,
        })?;
        Ok(PutResult { e_tag: answer.e_tag, version: answer.version_id })
    }

    /// Begins to put the object `key` in parts.
    pub(super) async fn start_upload(&self, key: &str, options: PutMultipartOptions) -> Result<Upload> {
        let request = self.client().create_multipart_upload().bucket(&self.bucket).key(key);
        let request = request
            .set_content_type(only_content_type(&options.attributes)?)
            .set_tagging(Some(options.tags.encoded().to_string()).filter(|tags| !tags.is_empty()));
        let answer = request.send().await.map_err(|error| self.failure(&error).at(key))?;
        let Some(id) = answer.upload_id else {
            return Err(Failure::other("the answer names no upload").at(key));
        };
        Ok(Upload::new(Arc::new(self.clone()), key, id))
    }
}

#[async_trait]
impl ObjectStore for S3Objects {
    async fn get_opts(&self, location: &ObjectPath, options: GetOptions) -> Result<GetResult> {
        self.get_key(location.as_ref(), location, options).await
    }

    async fn put_opts(&self, location: &ObjectPath, payload: PutPayload, options: PutOptions) -> Result<PutResult> {
        self.put_key(location.as_ref(), payload, options).await
    }

    async fn put_multipart_opts(
        &self,
        location: &ObjectPath,
        options: PutMultipartOptions,
    ) -> Result<Box<dyn MultipartUpload>> {
        Ok(Box::new(self.start_upload(location.as_ref(), options).await?))
    }

    fn delete_stream(
        &self,
        locations: BoxStream<'static, Result<ObjectPath>>,
    ) -> BoxStream<'static, Result<ObjectPath>> {
        let objects = self.clone();
        let deleted = locations.and_then(move |location| {
            let objects = objects.clone();
            async move {
                let request = objects.client().delete_object().bucket(&objects.bucket).key(location.as_ref());
                let answer = request.send().await;
                answer.map_err(|error| objects.failure(&error).at(location.as_ref()))?;
                Ok(location)
            }
        });
        deleted.boxed()
    }

    fn list(&self, prefix: Option<&ObjectPath>) -> BoxStream<'static, Result<ObjectMeta>> {
        let objects = self.clone();
        let pages = self.request_list(&folder(prefix)).into_paginator().send();
        let pages = futures::stream::unfold(pages, |mut pages| async { pages.next().await.map(|page| (page, pages)) });
        let metas = pages.flat_map(move |page| match page {
            Ok(page) => futures::stream::iter(page.contents.unwrap_or_default().iter().map(meta).collect::<Vec<_>>()),
            Err(error) => futures::stream::iter(vec![Err(objects.failure(&error).at(objects.bucket()))]),
        });
        metas.boxed()
    }

    async fn list_with_delimiter(&self, prefix: Option<&ObjectPath>) -> Result<ListResult> {
        let mut result = ListResult { common_prefixes: Vec::new(), objects: Vec::new() };
        let mut pages = self.request_list(&folder(prefix)).delimiter("/").into_paginator().send();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| self.failure(&error).at(&self.bucket))?;
            for common in page.common_prefixes().iter().filter_map(|common| common.prefix()) {
                result.common_prefixes.push(ObjectPath::parse(common)?);
            }
            for object in page.contents() {
                result.objects.push(meta(object)?);
            }
        }
        Ok(result)
    }

    async fn copy_opts(&self, _: &ObjectPath, _: &ObjectPath, _: CopyOptions) -> Result<()> {
        Err(Error::NotImplemented { operation: "copy".to_string(), implementer: self.to_string() })
    }
}

/// The prefix of all keys inside a folder.
fn folder(prefix: Option<&ObjectPath>) -> String {
    prefix.map(ObjectPath::as_ref).map(crate::store::location::below).unwrap_or_default()
}

fn meta(object: &Object) -> Result<ObjectMeta> {
    Ok(ObjectMeta {
        location: ObjectPath::parse(object.key().unwrap_or_default())?,
        last_modified: time(object.last_modified()),
        size: length(object.size()),
        e_tag: object.e_tag().map(str::to_string),
        version: None,
    })
}

/// The range of the bytes and the size of the object from `bytes 0-9/100`.
fn content_range(text: &str) -> Option<(Range<u64>, u64)> {
    let (range, size) = text.strip_prefix("bytes ")?.split_once('/')?;
    let (first, last) = range.split_once('-')?;
    Some((first.parse().ok()?..last.parse::<u64>().ok()?.checked_add(1)?, size.parse().ok()?))
}

fn length(bytes: Option<i64>) -> u64 {
    bytes.and_then(|bytes| u64::try_from(bytes).ok()).unwrap_or(0)
}

/// The start of 1970 where none is said.
fn time(time: Option<&DateTime>) -> chrono::DateTime<chrono::Utc> {
    time.and_then(|time| chrono::DateTime::from_timestamp(time.secs(), time.subsec_nanos())).unwrap_or_default()
}

fn aws_time(time: chrono::DateTime<chrono::Utc>) -> DateTime {
    DateTime::from_secs(time.timestamp())
}

fn content_type(text: Option<&str>) -> Attributes {
    text.map(|text| (Attribute::ContentType, text.to_string())).into_iter().collect()
}

fn only_content_type(attributes: &Attributes) -> Result<Option<String>> {
    let is_other = attributes.iter().any(|(attribute, _)| *attribute != Attribute::ContentType);
    if is_other {
        let source = "only the content type can be set".into();
        return Err(Error::NotSupported { source });
    }
    Ok(attributes.get(&Attribute::ContentType).map(|value| value.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_ranges_are_read_or_refused() {
        assert_eq!(content_range("bytes 0-9/100"), Some((0..10, 100)));
        assert_eq!(content_range("bytes 99-99/100"), Some((99..100, 100)));
        for text in ["", "bytes */100", "bytes 0-9/*", "0-9/100", "bytes 0-18446744073709551615/1"] {
            assert_eq!(content_range(text), None, "{text}");
        }
    }
}
