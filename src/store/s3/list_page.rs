//! Page of an S3 listing, checked for being whole, its keys without the escapes of the transfer.

use aws_sdk_s3::config::interceptors::AfterDeserializationInterceptorContextRef;
use aws_sdk_s3::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_s3::error::BoxError;
use aws_sdk_s3::operation::list_objects_v2::ListObjectsV2Output;
use aws_sdk_s3::operation::list_objects_v2::builders::ListObjectsV2FluentBuilder;
use aws_sdk_s3::types::{EncodingType, Object};

use super::bucket::S3Bucket;
use super::failure::Failure;
use crate::names::s3_answer;

/// Objects, in the order of the answer.
#[derive(Debug)]
pub struct ListPage {
    pub objects: Vec<ListedObject>,
    /// Token of the next page.
    pub next: Option<String>,
}

/// What a listing says of an object.
#[derive(Debug)]
pub struct ListedObject {
    pub key: String,
    /// In bytes.
    pub size: u64,
    /// Entity tag.
    pub e_tag: Option<String>,
}

impl ListPage {
    /// Sends the request. An answer that cannot be the whole page is a failure.
    pub async fn request(bucket: &S3Bucket, request: ListObjectsV2FluentBuilder) -> Result<Self, Failure> {
        let answer = request.customize().interceptor(WholeAnswer).send().await;
        Self::of(&answer.map_err(|error| bucket.failure(&error))?)
    }

    fn of(answer: &ListObjectsV2Output) -> Result<Self, Failure> {
        let objects = answer.contents();
        let is_short = |count: i32| usize::try_from(count).ok() != Some(objects.len());
        if answer.key_count().is_some_and(is_short) {
            return Err(Failure::other("the listing has another number of keys than it says"));
        }
        let next = match (answer.is_truncated(), answer.next_continuation_token()) {
            (Some(false), _) => None,
            (Some(true), Some(token)) if !token.is_empty() => Some(token.to_string()),
            (Some(true), _) => return Err(Failure::other("the listing goes on and does not say where")),
            (None, _) => return Err(Failure::other("the listing does not say whether it goes on")),
        };
        // Some servers say that they escape keys and send them as they are.
        let keys = || objects.iter().filter_map(Object::key);
        let is_escaped = answer.encoding_type() == Some(&EncodingType::Url)
            && keys().all(|key| key.bytes().all(|byte| byte.is_ascii_graphic()));
        let objects = objects.iter().map(|object| listed(object, is_escaped)).collect::<Result<_, _>>()?;
        Ok(Self { objects, next })
    }
}

fn listed(object: &Object, is_escaped: bool) -> Result<ListedObject, Failure> {
    let key = object.key().ok_or_else(|| Failure::other("the listing has an object without a key"))?;
    let key = match is_escaped {
        true => unescape(key).ok_or_else(|| Failure::other("the listing has a key that is not escaped as it says"))?,
        false => key.to_string(),
    };
    let size = object.size().and_then(|size| u64::try_from(size).ok());
    let size = size.ok_or_else(|| Failure::other("the listing has an object without a size"))?;
    Ok(ListedObject { key, size, e_tag: object.e_tag().map(quoted) })
}

/// An entity tag as a condition needs it (RFC 9110, section 8.8.3); some servers list it without quotes.
fn quoted(e_tag: &str) -> String {
    if e_tag.contains('"') { e_tag.to_string() } else { format!("\"{e_tag}\"") }
}

/// The text that was escaped as in HTML forms: a plus for a space, `%XX` for a byte.
fn unescape(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        bytes.push(match first {
            b'+' => b' ',
            b'%' => {
                let (digits, after) = rest.split_at_checked(2)?;
                rest = after;
                let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
                digit(digits[0])? << 4 | digit(digits[1])?
            }
            other => *other,
        });
    }
    String::from_utf8(bytes).ok()
}

/// Refuses a listing whose text does not go to its end: what is there of it can be read without an error.
#[derive(Debug)]
struct WholeAnswer;

impl Intercept for WholeAnswer {
    fn name(&self) -> &'static str {
        "WholeAnswer"
    }

    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let answer = context.response();
        let is_whole = match answer.body().bytes() {
            Some(bytes) if answer.status().is_success() => {
                bytes.trim_ascii_end().ends_with(s3_answer::END_OF_LISTING.as_bytes())
            }
            _ => true,
        };
        if is_whole { Ok(()) } else { Err("the listing was cut short".into()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_lose_their_escapes_once() {
        let cases = [
            ("a/b.jsonl", Some("a/b.jsonl")),
            ("a+b%2Bc%2520d", Some("a b+c%20d")),
            ("%01%0D%0a%C3%BC", Some("\u{1}\r\nü")),
            ("%", None),
            ("%4", None),
            ("%+4", None),
            ("%FF", None),
        ];
        for (text, expected) in cases {
            assert_eq!(unescape(text).as_deref(), expected, "{text}");
        }
    }

    fn page(is_truncated: Option<bool>, token: Option<&str>, count: i32, keys: &[&str]) -> ListObjectsV2Output {
        let object = |key: &&str| Object::builder().key(*key).size(1).build();
        ListObjectsV2Output::builder()
            .set_is_truncated(is_truncated)
            .set_next_continuation_token(token.map(str::to_string))
            .key_count(count)
            .encoding_type(EncodingType::Url)
            .set_contents(Some(keys.iter().map(object).collect()))
            .build()
    }

    #[test]
    fn pages_that_cannot_be_whole_are_refused() {
        let next = |answer| ListPage::of(&answer).map(|page| page.next).map_err(|failure| failure.text);
        assert_eq!(next(page(Some(false), None, 1, &["a"])), Ok(None));
        assert_eq!(next(page(Some(true), Some("t"), 1, &["a"])), Ok(Some("t".to_string())));
        for (answer, said) in [
            (page(Some(true), None, 1, &["a"]), "does not say where"),
            (page(Some(true), Some(""), 1, &["a"]), "does not say where"),
            (page(None, Some("t"), 1, &["a"]), "whether it goes on"),
            (page(Some(false), None, 2, &["a"]), "another number of keys"),
            (page(Some(false), None, 0, &["a"]), "another number of keys"),
            (page(Some(false), None, 1, &["%zz"]), "not escaped"),
        ] {
            let failure = next(answer).expect_err(said);
            assert!(failure.contains(said), "{failure}");
        }
    }

    #[test]
    fn keys_that_were_not_escaped_after_all_are_kept() {
        let keys = |all: &[&str]| {
            let page = ListPage::of(&page(Some(false), None, all.len() as i32, all)).expect("a page");
            page.objects.into_iter().map(|object| object.key).collect::<Vec<_>>()
        };
        assert_eq!(keys(&["a%20b", "a+b"]), ["a b", "a b"]);
        assert_eq!(keys(&["a%20b", "a b"]), ["a%20b", "a b"]);
    }
}
