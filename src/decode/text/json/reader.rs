//! JSON tape reader with limits: a text becomes a tape of nodes that borrow from it.
//!
//! Numbers keep their digits, so that `1.0`, `1e5` and `9007199254740993` stay what they are.
//! Beyond the standard it takes `NaN`, `Infinity` and `-Infinity`, which Python's encoder writes,
//! as text. Objects that hold a key twice are refused, nesting is limited ([`MAX_DEPTH`]).

use std::collections::HashSet;

use crate::decode::reason::Reason;

/// Deepest nesting of arrays and objects that is read.
pub const MAX_DEPTH: usize = 64;
/// Most values and keys of one text.
const MAX_NODES: usize = 1 << 22;
/// Room for nodes that is kept from one text to the next.
const MAX_KEPT_NODES: usize = 4_096;
/// Objects with at most this many keys are searched for doubled keys pair by pair.
const FEW_KEYS: usize = 12;

/// A string as it stands between its quotes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Text<'a> {
    pub raw: &'a str,
    /// Whether `raw` holds escapes.
    pub escaped: bool,
}

/// One entry of the tape. Children follow their parent; `end` is the place after the last of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Node<'a> {
    Null,
    /// A number or `true`, `false`, `NaN`, `Infinity`, `-Infinity`, as written.
    Literal(&'a str),
    String(Text<'a>),
    Array {
        end: usize,
        len: usize,
    },
    /// Keys and values take turns.
    Object {
        end: usize,
        len: usize,
    },
    Key(Text<'a>),
}

/// Reads values from a text, one after the other.
pub struct Reader<'a> {
    pub(super) text: &'a str,
    pub(super) at: usize,
}

impl<'a> Reader<'a> {
    pub fn over(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    /// Reads the next value onto the end of `tape`; false when only white space is left.
    pub fn read(&mut self, tape: &mut Vec<Node<'a>>) -> Result<bool, Reason> {
        self.skip_space();
        if self.at == self.text.len() {
            return Ok(false);
        }
        self.value(tape, 0)?;
        Ok(true)
    }

    /// Bytes that were read.
    pub fn position(&self) -> usize {
        self.at
    }

    /// Whether what could not be read ends with the text.
    pub fn is_cut_short(&self) -> bool {
        let rest = self.text.get(self.at..).unwrap_or_default().trim_start();
        rest.is_empty() || rest.starts_with('"') && Self::over(rest).string().is_err()
    }

    fn skip_space(&mut self) {
        let bytes = self.text.as_bytes();
        while self.at < bytes.len() && matches!(bytes[self.at], b' ' | b'\n' | b'\r' | b'\t') {
            self.at += 1;
        }
    }

    /// Goes on after a comma, if that is next.
    pub fn skip_comma(&mut self) {
        self.skip_space();
        self.at += usize::from(self.text.as_bytes().get(self.at) == Some(&b','));
    }

    /// The next byte that is not white space, without taking it.
    fn peek(&mut self) -> Result<u8, Reason> {
        self.skip_space();
        self.text.as_bytes().get(self.at).copied().ok_or(Reason::InvalidJson)
    }

    /// Takes `byte` if it is next.
    fn take(&mut self, byte: u8) -> Result<bool, Reason> {
        let found = self.peek()? == byte;
        self.at += usize::from(found);
        Ok(found)
    }

    fn expect(&mut self, byte: u8) -> Result<(), Reason> {
        if self.take(byte)? { Ok(()) } else { Err(Reason::InvalidJson) }
    }

    fn value(&mut self, tape: &mut Vec<Node<'a>>, depth: usize) -> Result<(), Reason> {
        if tape.len() >= MAX_NODES {
            return Err(Reason::RecordTooLarge);
        }
        let node = match self.peek()? {
            b'{' => return self.object(tape, depth + 1),
            b'[' => return self.array(tape, depth + 1),
            b'"' => Node::String(self.string()?),
            _ => self.literal()?,
        };
        tape.push(node);
        Ok(())
    }

    fn object(&mut self, tape: &mut Vec<Node<'a>>, depth: usize) -> Result<(), Reason> {
        if depth > MAX_DEPTH {
            return Err(Reason::TooDeep);
        }
        self.at += 1;
        let start = tape.len();
        tape.push(Node::Null);
        let mut len = 0;
        if !self.take(b'}')? {
            loop {
                if self.peek()? != b'"' {
                    return Err(Reason::InvalidJson);
                }
                let key = self.string()?;
                tape.push(Node::Key(key));
                self.expect(b':')?;
                self.value(tape, depth)?;
                len += 1;
                if self.take(b'}')? {
                    break;
                }
                self.expect(b',')?;
            }
        }
        tape[start] = Node::Object { end: tape.len(), len };
        refuse_doubled_keys(&tape[start..], start, len)
    }

    fn array(&mut self, tape: &mut Vec<Node<'a>>, depth: usize) -> Result<(), Reason> {
        if depth > MAX_DEPTH {
            return Err(Reason::TooDeep);
        }
        self.at += 1;
        let start = tape.len();
        tape.push(Node::Null);
        let mut len = 0;
        if !self.take(b']')? {
            loop {
                self.value(tape, depth)?;
                len += 1;
                if self.take(b']')? {
                    break;
                }
                self.expect(b',')?;
            }
        }
        tape[start] = Node::Array { end: tape.len(), len };
        Ok(())
    }

    /// Takes a string; its opening quote is next.
    pub(super) fn string(&mut self) -> Result<Text<'a>, Reason> {
        let start = self.at + 1;
        let bytes = self.text.as_bytes();
        let mut at = start;
        let mut escaped = false;
        loop {
            let step = memchr::memchr2(b'"', b'\\', &bytes[at..]).ok_or(Reason::InvalidJson)?;
            at += step;
            if bytes[at] == b'"' {
                self.at = at + 1;
                return Ok(Text { raw: &self.text[start..at], escaped });
            }
            escaped = true;
            at += 2;
            if at > bytes.len() {
                return Err(Reason::InvalidJson);
            }
        }
    }

    pub(super) fn literal(&mut self) -> Result<Node<'a>, Reason> {
        let rest = &self.text.as_bytes()[self.at..];
        let len = rest.iter().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.')).count();
        let word = &self.text[self.at..self.at + len];
        let node = match word {
            "null" => Node::Null,
            "true" | "false" | "NaN" | "Infinity" | "-Infinity" => Node::Literal(word),
            _ if is_number(word.as_bytes()) => Node::Literal(word),
            _ => return Err(Reason::InvalidJson),
        };
        self.at += len;
        Ok(node)
    }
}

/// Whether `bytes` are a number by the JSON grammar.
pub fn is_number(bytes: &[u8]) -> bool {
    let digits = |from: usize| bytes[from..].iter().take_while(|b| b.is_ascii_digit()).count();
    let mut at = usize::from(bytes.first() == Some(&b'-'));
    let whole = digits(at);
    if whole == 0 || (whole > 1 && bytes[at] == b'0') {
        return false;
    }
    at += whole;
    if bytes.get(at) == Some(&b'.') {
        let fraction = digits(at + 1);
        if fraction == 0 {
            return false;
        }
        at += 1 + fraction;
    }
    if matches!(bytes.get(at), Some(b'e' | b'E')) {
        at += 1;
        at += usize::from(matches!(bytes.get(at), Some(b'+' | b'-')));
        let exponent = digits(at);
        if exponent == 0 {
            return false;
        }
        at += exponent;
    }
    at == bytes.len()
}

/// Refuses an object whose `len` keys are not all different. `nodes` begins with the object itself,
/// which stands at `offset` of the tape.
fn refuse_doubled_keys(nodes: &[Node<'_>], offset: usize, len: usize) -> Result<(), Reason> {
    if len < 2 {
        return Ok(());
    }
    let mut few = [""; FEW_KEYS];
    let mut many = HashSet::new();
    let mut at = 1;
    for n_before in 0..len {
        let Node::Key(key) = nodes[at] else { return Err(Reason::InvalidJson) };
        let doubled = if len <= FEW_KEYS {
            let doubled = few[..n_before].contains(&key.raw);
            few[n_before] = key.raw;
            doubled
        } else {
            !many.insert(key.raw)
        };
        if doubled {
            return Err(Reason::DuplicateKey);
        }
        at = after(nodes, at + 1, offset);
    }
    Ok(())
}

/// The place after the value at `at`, where `nodes` begins at `offset` of its tape.
fn after(nodes: &[Node<'_>], at: usize, offset: usize) -> usize {
    match nodes[at] {
        Node::Array { end, .. } | Node::Object { end, .. } => end - offset,
        _ => at + 1,
    }
}

/// A value on a tape, with its children in reach.
#[derive(Clone, Copy)]
pub struct Value<'t, 'a> {
    tape: &'t [Node<'a>],
    pub(super) at: usize,
}

impl<'t, 'a> Value<'t, 'a> {
    /// The value that begins at place `at` of `tape`.
    pub fn at(tape: &'t [Node<'a>], at: usize) -> Self {
        Self { tape, at }
    }

    pub fn node(self) -> Node<'a> {
        self.tape[self.at]
    }

    /// The place on the tape after this value.
    pub fn end(self) -> usize {
        after(self.tape, self.at, 0)
    }

    /// Elements of an array; nothing for any other value.
    pub fn elements(self) -> impl Iterator<Item = Value<'t, 'a>> {
        let len = if let Node::Array { len, .. } = self.node() { len } else { 0 };
        let mut at = self.at + 1;
        (0..len).map(move |_| {
            let element = Value { tape: self.tape, at };
            at = element.end();
            element
        })
    }

    /// Keys and values of an object; nothing for any other value.
    pub fn entries(self) -> impl Iterator<Item = (Text<'a>, Value<'t, 'a>)> {
        let len = if let Node::Object { len, .. } = self.node() { len } else { 0 };
        let mut at = self.at + 1;
        (0..len).map_while(move |_| {
            let Node::Key(key) = self.tape[at] else { return None };
            let value = Value { tape: self.tape, at: at + 1 };
            at = value.end();
            Some((key, value))
        })
    }

    /// The value under `key`, which holds nothing that needs escaping.
    pub fn get(self, key: &str) -> Option<Value<'t, 'a>> {
        self.entries().find(|(name, _)| name.raw == key).map(|(_, value)| value)
    }

    /// The value under a path of keys with dots between them; a key that holds dots itself is found, too.
    pub fn at_keys(self, path: &str) -> Option<Value<'t, 'a>> {
        if let Some(value) = self.get(path) {
            return Some(value);
        }
        let (key, rest) = path.split_once('.')?;
        self.get(key)?.at_keys(rest)
    }

    /// The string, when the value is one.
    pub fn text(self) -> Option<Text<'a>> {
        if let Node::String(text) = self.node() { Some(text) } else { None }
    }

    /// Whether the value is neither an array nor an object.
    pub fn is_scalar(self) -> bool {
        !matches!(self.node(), Node::Array { .. } | Node::Object { .. })
    }
}

/// A tape without nodes, in the allocation of `tape`, for texts that live elsewhere. It does not stay as
/// long as that of the longest text.
pub fn emptied<'a>(mut tape: Vec<Node<'_>>) -> Vec<Node<'a>> {
    tape.clear();
    tape.shrink_to(MAX_KEPT_NODES);
    tape.into_iter().map(|_| Node::Null).collect()
}

/// Appends what `text` means to `out`.
pub fn unescape(text: Text<'_>, out: &mut String) -> Result<(), Reason> {
    let mut rest = text.raw;
    while let Some(at) = memchr::memchr(b'\\', rest.as_bytes()) {
        out.push_str(&rest[..at]);
        let escape = rest.as_bytes().get(at + 1).copied().ok_or(Reason::InvalidJson)?;
        rest = rest.get(at + 2..).ok_or(Reason::InvalidJson)?;
        let meaning = match escape {
            b'"' | b'\\' | b'/' => char::from(escape),
            b'n' => '\n',
            b't' => '\t',
            b'r' => '\r',
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'u' => unicode_escape(&mut rest)?,
            _ => return Err(Reason::InvalidJson),
        };
        out.push(meaning);
    }
    out.push_str(rest);
    Ok(())
}

/// Takes the hexadecimal digits after `\u`, and the second half of a pair.
fn unicode_escape(rest: &mut &str) -> Result<char, Reason> {
    let first = code_unit(rest)?;
    if !(0xD800..0xE000).contains(&first) {
        return char::from_u32(first).ok_or(Reason::InvalidJson);
    }
    *rest = rest.strip_prefix("\\u").ok_or(Reason::LoneSurrogate)?;
    let second = code_unit(rest)?;
    if first >= 0xDC00 || !(0xDC00..0xE000).contains(&second) {
        return Err(Reason::LoneSurrogate);
    }
    char::from_u32(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00)).ok_or(Reason::LoneSurrogate)
}

fn code_unit(rest: &mut &str) -> Result<u32, Reason> {
    let digits = rest.get(..4).ok_or(Reason::InvalidJson)?;
    if !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Err(Reason::InvalidJson);
    }
    *rest = &rest[4..];
    u32::from_str_radix(digits, 16).map_err(|_| Reason::InvalidJson)
}
