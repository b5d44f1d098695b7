//! The payload of one side of a captured request, or of its ground truth: its encoding and its text.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::decode::batch::unreadable_cells::UnreadableCells;
use crate::decode::payload::binary::Binary;
use crate::decode::payload::json_texts::{is_document, is_json_text, open_texts, with_texts_opened};
use crate::decode::reason::Reason;
use crate::decode::text::json::{self, Node, Reader, Text, Value};
use crate::names::{capture as key, encoding};

pub mod binary;
mod json_texts;
mod npy;
mod parquet_table;

/// One side of a captured request.
pub struct Payload<'t, 'a> {
    data: Value<'t, 'a>,
    encoding: Option<Text<'a>>,
    content_type: Option<Text<'a>>,
    max_unfolded: usize,
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
#[derive(Clone)]
pub enum Content<'t, 'a> {
    Csv(&'a str),
    /// Comma-separated rows of a binary payload, each line a row; the names of its cells, if they have any, and those
    /// that are empty because their values have no text.
    Rows {
        names: Option<Arc<[String]>>,
        text: &'a str,
        unreadable: Arc<UnreadableCells>,
    },
    /// One value, or several that follow one another.
    Json(Vec<Value<'t, 'a>>),
}

impl<'t, 'a> Payload<'t, 'a> {
    /// The payload under a side's key, of which binary data may unfold to so many bytes; `None` when it holds no data.
    pub fn of(side: Value<'t, 'a>, max_unfolded: usize) -> Option<Self> {
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
            max_unfolded,
        })
    }

    /// What the payload holds. `buffer` and `tape` keep what had to be decoded for that.
    pub fn content<'b>(&self, buffer: &'b mut String, tape: &'t mut Vec<Node<'b>>) -> Result<Content<'t, 'b>, Reason>
    where
        'a: 'b,
    {
        let Some(data) = self.data.text() else { return Ok(Content::Json(vec![self.data])) };
        let decoded = self.text(data, buffer)?;
        if let Decoded::Table { names, unreadable } = decoded {
            return Ok(Content::Rows { names, text: buffer, unreadable: Arc::new(unreadable) });
        }
        let (form, is_raw) =
            if let Decoded::Text { form, is_raw } = decoded { (form, is_raw) } else { (Form::Csv, false) };
        let text: &'b str = if is_raw { data.raw } else { buffer };
        let text = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text);
        match form {
            // Whatever the capture calls it: no table begins with a bracket and goes on as JSON.
            Form::Csv if sniff(text) == Form::Json => Ok(Content::json(text, tape).unwrap_or(Content::Csv(text))),
            Form::Csv => Ok(Content::Csv(text)),
            Form::Json => Content::json(text, tape),
        }
    }

    /// Decodes `data`: into `buffer`, but where it stands there as it is meant.
    fn text(&self, data: Text<'a>, buffer: &mut String) -> Result<Decoded, Reason> {
        if !data.escaped && !self.is_base64() {
            let form = self.form(data.raw)?;
            if form == Form::Csv || !is_json_text(data.raw) {
                refuse_binary(form, data.raw)?;
                return Ok(Decoded::Text { form, is_raw: true });
            }
        }
        buffer.clear();
        json::unescape(data, buffer)?;
        let form = if self.is_base64() {
            match binary::decode(base64_bytes(buffer)?, self.max_unfolded)? {
                Binary::Text(text) => *buffer = text,
                Binary::Rows { names, text, unreadable } => {
                    *buffer = text;
                    return Ok(Decoded::Table { names, unreadable });
                }
            }
            self.content_form().unwrap_or_else(|| sniff(buffer))
        } else {
            self.form(buffer)?
        };
        if form == Form::Json {
            open_texts(buffer)?;
        }
        refuse_binary(form, buffer)?;
        Ok(Decoded::Text { form, is_raw: false })
    }

    /// Whether the payload is JSON that ends too early, if it is to be JSON at all.
    pub fn is_json_cut_short(&self) -> Option<bool> {
        let mut buffer = String::new();
        let data = self.data.text()?;
        let Ok(Decoded::Text { form: Form::Json, is_raw }) = self.text(data, &mut buffer) else { return None };
        let text = if is_raw { data.raw } else { &buffer };
        let (mut reader, mut tape) = (Reader::over(text), Vec::new());
        while let Ok(true) = reader.read(&mut tape) {
            reader.skip_comma();
            tape.clear();
        }
        Some(reader.is_cut_short())
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

/// What editors and Excel put before UTF-8 text; it is no part of it.
pub const BYTE_ORDER_MARK: char = '\u{feff}';

/// The form that a text looks like.
pub fn sniff(text: &str) -> Form {
    let text = text.trim_start_matches(BYTE_ORDER_MARK);
    if is_document(text) { Form::Json } else { Form::Csv }
}

/// What became of a payload's text.
enum Decoded {
    Text {
        form: Form,
        /// Whether it stands in the record as it is meant.
        is_raw: bool,
    },
    /// Rows of cells in the buffer, their names, and those that are empty because their values have no text.
    Table { names: Option<Arc<[String]>>, unreadable: UnreadableCells },
}

fn base64_bytes(packed: &str) -> Result<Vec<u8>, Reason> {
    let packed: Vec<u8> = packed.bytes().filter(|b| !b.is_ascii_whitespace()).collect();
    STANDARD.decode(packed).map_err(|_| Reason::InvalidBase64)
}

fn refuse_binary(form: Form, text: &str) -> Result<(), Reason> {
    if text.contains('\0') && form == Form::Csv { Err(Reason::BinaryPayload) } else { Ok(()) }
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
            // Values one a line, each with a comma behind it.
            reader.skip_comma();
        }
        Ok(Self::Json(places.into_iter().map(|place| Value::at(tape, place)).collect()))
    }

    /// The values of a record of a JSON dataset, with the texts of JSON in it opened; `buffer` keeps what these mean.
    pub fn record(text: &'b str, buffer: &'b mut String, tape: &'t mut Vec<Node<'b>>) -> Result<Self, Reason> {
        let invalid = |reason| if reason == Reason::InvalidPayload { Reason::InvalidJson } else { reason };
        Self::json(with_texts_opened(text, buffer)?, tape).map_err(invalid)
    }

    /// Counts the cells that are empty because their values have no text; only binary payloads have such values.
    pub fn count_unreadable(&self, counts: &mut UnreadableCells) {
        if let Self::Rows { unreadable, .. } = self {
            counts.merge(unreadable);
        }
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
