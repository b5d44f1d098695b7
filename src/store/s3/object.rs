//! S3 object: one version of what lies under a key, and the check that an answer is about it.

use std::sync::Arc;

use aws_sdk_s3::operation::get_object::GetObjectOutput;

use super::bucket::S3Bucket;
use super::failure::Failure;
use crate::store::location::Location;

/// An object as it was listed. What the listing did not say is taken from the first answer.
#[derive(Clone, Debug)]
pub struct S3Object {
    pub(super) bucket: Arc<S3Bucket>,
    pub(super) key: String,
    /// In bytes.
    pub(super) size: Option<u64>,
    /// Entity tag, as it is sent.
    pub(super) e_tag: Option<String>,
}

impl S3Object {
    /// Where it lies.
    pub fn location(&self) -> Location {
        Location::S3 { bucket: self.bucket.name().to_owned(), key: self.key.clone() }
    }

    /// Asks for all of it.
    pub(super) async fn get(&mut self) -> Result<GetObjectOutput, Failure> {
        let request = self.bucket.request_get(&self.key).set_if_match(self.e_tag.clone());
        let answer = request.send().await.map_err(|error| self.bucket.failure(&error))?;
        self.check_e_tag(&answer)?;
        let length = length(&answer)?;
        if let (Some(listed), Some(length)) = (self.size, length)
            && listed != length
        {
            return Err(Failure::other(format!("the answer has {length} bytes, and {listed} were listed")));
        }
        self.size = self.size.or(length);
        Ok(answer)
    }

    /// Asks for the bytes from `start` up to `end`.
    pub(super) async fn get_range(&mut self, start: u64, end: u64) -> Result<GetObjectOutput, Failure> {
        let range = format!("bytes={start}-{}", end - 1);
        let request = self.bucket.request_get(&self.key).range(range).set_if_match(self.e_tag.clone());
        let answer = request.send().await.map_err(|error| self.bucket.failure(&error))?;
        self.check_e_tag(&answer)?;
        if self.e_tag.is_none() || answer.e_tag().is_none() {
            return Err(Failure::other("the answer does not say of which version it is a part"));
        }
        let (first, last, total) = answer
            .content_range()
            .and_then(parse_content_range)
            .ok_or_else(|| Failure::other("a part of the object was asked for, and the answer is none"))?;
        let is_wanted = (first, last) == (start, end - 1)
            && self.size.is_none_or(|size| size == total)
            && length(&answer)?.is_none_or(|length| length == end - start);
        if !is_wanted {
            return Err(Failure::other("the answer is another part of the object than the one asked for"));
        }
        self.size = Some(total);
        Ok(answer)
    }

    fn check_e_tag(&mut self, answer: &GetObjectOutput) -> Result<(), Failure> {
        match (&self.e_tag, answer.e_tag()) {
            (Some(listed), Some(found)) if opaque(listed) != opaque(found) => Err(Failure::replaced()),
            (None, Some(found)) => {
                self.e_tag = Some(found.to_owned());
                Ok(())
            }
            _ => Ok(()),
        }
    }
}

fn length(answer: &GetObjectOutput) -> Result<Option<u64>, Failure> {
    let length = answer.content_length().map(u64::try_from).transpose();
    length.map_err(|_| Failure::other("the answer has a negative length"))
}

/// An entity tag without the quotes that some servers leave out.
fn opaque(e_tag: &str) -> &str {
    e_tag.trim_matches('"')
}

/// First byte, last byte and length of the whole (RFC 9110, section 14.4).
fn parse_content_range(text: &str) -> Option<(u64, u64, u64)> {
    let (range, total) = text.trim().strip_prefix("bytes ")?.split_once('/')?;
    let (first, last) = range.split_once('-')?;
    Some((first.parse().ok()?, last.parse().ok()?, total.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_ranges_are_read_or_refused() {
        assert_eq!(parse_content_range("bytes 5-9/100"), Some((5, 9, 100)));
        for text in ["", "5-9/100", "bytes */100", "bytes 5-9/*", "bytes 5-/100", "bytes 5-9", "items 5-9/100"] {
            assert_eq!(parse_content_range(text), None, "{text}");
        }
    }
}
