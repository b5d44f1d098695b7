//! What failed: a code, with the place and the cause in this job.

use std::borrow::Cow;
use std::fmt;

use super::code::Code;
use super::kind::Kind;
use super::plain::plain;

/// What went wrong, where, and why.
#[derive(Debug)]
pub struct Error(Box<Inner>);

#[derive(Debug)]
struct Inner {
    code: &'static Code,
    place: String,
    cause: String,
    remedy: Cow<'static, str>,
}

/// The result of everything that may fail.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// An error of this `code` at `place` (a variable, a path, an object with its line) because of
    /// `cause`, a phrase without a final dot and without values from captured data. Names of objects
    /// come from outside: of control characters, which could steer a terminal, only their place is kept,
    /// and line breaks become spaces.
    pub fn new(code: &'static Code, place: impl Into<String>, cause: impl fmt::Display) -> Self {
        let (place, cause) = (plain(place.into()), plain(cause.to_string()));
        Self(Box::new(Inner { code, place, cause, remedy: Cow::Borrowed(code.remedy) }))
    }

    /// The error with what to do in this very case, in sentences, in place of what its code says.
    pub fn with_remedy(mut self, remedy: impl Into<String>) -> Self {
        self.0.remedy = Cow::Owned(plain(remedy.into()));
        self
    }

    /// The error with more about its cause, a phrase as that is.
    pub fn with_more(mut self, more: impl fmt::Display) -> Self {
        self.0.cause = plain(format!("{}; {more}", self.0.cause));
        self
    }

    pub fn code(&self) -> &'static Code {
        self.0.code
    }

    pub fn kind(&self) -> Kind {
        self.0.code.kind
    }

    pub fn place(&self) -> &str {
        &self.0.place
    }

    pub fn cause(&self) -> &str {
        &self.0.cause
    }

    /// What to do, in sentences.
    pub fn remedy(&self) -> &str {
        &self.0.remedy
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { code, place, cause, remedy } = &*self.0;
        write!(f, "{}: {} ({place}): {cause}. {remedy}", code.code, code.title)
    }
}

impl std::error::Error for Error {}
