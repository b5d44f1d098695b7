//! The payload of one side of a captured request, or of its ground truth: its encoding and its text.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::Reason;
use super::flatten::Stager;
use super::json::{self, Node, Reader, Text, Value};
use crate::names::{capture as key, encoding};

/// One side of a captured request.
pub struct Payload<'t, 'a> {
    data: Value<'t, 'a>,
    encoding: Option<Text<'a>>,
    content_type: Option<Text<'a>>,
}

/// Whether a string holds nothing but white space, escaped or not.
fn is_blank(raw: &str) -> bool {
    let mut rest = raw.trim_start();
    while let Some(after) = ["\\n", "\\r", "\\t"].iter().find_map(|escape| rest.strip_prefix(escape)) {
        rest = after.trim_start();
    }
    rest.is_empty()
}

/// How the text of a payload is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    Csv,
    Json,
}

/// What a payload holds.
pub enum Content<'t, 'a> {
    Csv(&'a str),
    /// One value, or several that follow one another.
    Json(Vec<Value<'t, 'a>>),
}

impl<'t, 'a> Payload<'t, 'a> {
    /// The payload under a side's key; `None` when it holds no data.
    pub fn of(side: Value<'t, 'a>) -> Option<Self> {
        let data = side.get(key::DATA)?;
        let is_blank = match data.node() {
            Node::Null => true,
            Node::String(text) => is_blank(text.raw),
            _ => false,
        };
        let word = |name| side.get(name).and_then(Value::text);
        (!is_blank).then(|| Self {
            data,
            encoding: word(key::ENCODING),
            content_type: word(key::OBSERVED_CONTENT_TYPE),
        })
    }

    /// Stages the rows.
    pub fn stage(&self, stager: &mut Stager<'_>, buffer: &mut String) -> Result<(), Reason> {
        let Some(data) = self.data.text() else {
            return if self.data.is_scalar() { Err(Reason::InvalidPayload) } else { stager.unfold(self.data) };
        };
        let (form, text) = self.text(data, buffer)?;
        let staged = if form == Form::Csv { stager.csv(text) } else { stager.json(text) };
        staged.map_err(of_payload)
    }

    /// What the payload holds. `buffer` and `tape` keep what had to be decoded for that.
    pub fn content<'b>(&self, buffer: &'b mut String, tape: &'t mut Vec<Node<'b>>) -> Result<Content<'t, 'b>, Reason>
    where
        'a: 'b,
    {
        let Some(data) = self.data.text() else { return Ok(Content::Json(vec![self.data])) };
        match self.text(data, buffer)? {
            // Some models print the list of their scores where they should print cells: `[0.1, 0.9]`.
            (Form::Csv, text) if text.trim_start().starts_with('[') => {
                Ok(Content::json(text, tape).unwrap_or(Content::Csv(text)))
            }
            (Form::Csv, text) => Ok(Content::Csv(text)),
            (Form::Json, text) => Content::json(text, tape),
        }
    }

    /// The text of `data` and how it is written.
    fn text<'b>(&self, data: Text<'a>, buffer: &'b mut String) -> Result<(Form, &'b str), Reason>
    where
        'a: 'b,
    {
        if !data.escaped && !self.is_base64() {
            return Ok((self.form(data.raw)?, data.raw)).and_then(refuse_binary);
        }
        buffer.clear();
        json::unescape(data, buffer)?;
        let form = if self.is_base64() {
            *buffer = base64_text(buffer)?;
            self.content_form().unwrap_or_else(|| sniff(buffer))
        } else {
            self.form(buffer)?
        };
        refuse_binary((form, buffer.as_str()))
    }

    fn is_base64(&self) -> bool {
        self.encoding.is_some_and(|word| word.raw.eq_ignore_ascii_case(encoding::BASE64))
    }

    fn form(&self, text: &str) -> Result<Form, Reason> {
        match self.encoding {
            None => Ok(self.content_form().unwrap_or_else(|| sniff(text))),
            Some(word) if word.raw.eq_ignore_ascii_case(encoding::CSV) => Ok(Form::Csv),
            Some(word) if word.raw.eq_ignore_ascii_case(encoding::JSON) => Ok(Form::Json),
            Some(_) => Err(Reason::UnknownEncoding),
        }
    }

    /// The form that the content type names, if it names one.
    fn content_form(&self) -> Option<Form> {
        let content_type = self.content_type?.raw;
        let names =
            |word: &str| content_type.as_bytes().windows(word.len()).any(|w| w.eq_ignore_ascii_case(word.as_bytes()));
        if names("csv") {
            Some(Form::Csv)
        } else if names("json") {
            Some(Form::Json)
        } else {
            None
        }
    }
}

/// The form that a text looks like.
pub fn sniff(text: &str) -> Form {
    if text.trim_start().starts_with(['{', '[']) { Form::Json } else { Form::Csv }
}

fn base64_text(packed: &str) -> Result<String, Reason> {
    let packed: Vec<u8> = packed.bytes().filter(|b| !b.is_ascii_whitespace()).collect();
    let bytes = STANDARD.decode(packed).map_err(|_| Reason::InvalidBase64)?;
    String::from_utf8(bytes).map_err(|_| Reason::BinaryPayload)
}

fn refuse_binary((form, text): (Form, &str)) -> Result<(Form, &str), Reason> {
    if text.contains('\0') && form == Form::Csv { Err(Reason::BinaryPayload) } else { Ok((form, text)) }
}

impl<'t, 'b> Content<'t, 'b> {
    /// The values of a text, which `tape` keeps.
    pub fn json(text: &'b str, tape: &'t mut Vec<Node<'b>>) -> Result<Self, Reason> {
        let mut reader = Reader::over(text);
        let mut places = Vec::new();
        loop {
            let place = tape.len();
            if !reader.read(tape).map_err(of_payload)? {
                break;
            }
            places.push(place);
        }
        Ok(Self::Json(places.into_iter().map(|place| Value::at(tape, place)).collect()))
    }

    /// The values; none where the payload is comma-separated.
    pub fn values(&self) -> &[Value<'t, 'b>] {
        if let Self::Json(values) = self { values } else { &[] }
    }
}

/// What a fault inside a payload makes of its record.
pub fn of_payload(reason: Reason) -> Reason {
    match reason {
        Reason::InvalidJson | Reason::UnterminatedQuote => Reason::InvalidPayload,
        other => other,
    }
}
