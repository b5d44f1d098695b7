//! Record template: what records of one program have in common, which is all but their values.
//!
//! A program writes its records alike, with the same keys, order and white space. Where all that stands
//! between the values is as in the record before, byte for byte, the tape is the same, too, and only
//! the values need to be read.

use super::reader::{Node, Reader, Text};
use crate::decode::reason::Reason;

/// Longest template in bytes, and the most nodes of its tape. Longer records are read anew each time.
const MAX_BYTES: usize = 16 << 10;
const MAX_NODES: usize = 1_024;

/// Reads records, faster where they are alike.
#[derive(Debug, Default)]
pub struct RecordTemplate {
    /// What stands between values, one after the other.
    fixed: String,
    nodes: Vec<Fixed>,
    parts: Vec<Part>,
}

/// A node that is the same in every record.
#[derive(Clone, Copy, Debug)]
enum Fixed {
    Node(Node<'static>),
    /// Where its text begins and ends.
    Key {
        start: usize,
        end: usize,
        escaped: bool,
    },
}

/// What stands before a value, or after the last one.
#[derive(Clone, Copy, Debug)]
struct Part {
    /// Where it ends in the template.
    end: usize,
    /// Where its nodes end in those of the template.
    nodes_end: usize,
    before: Before,
}

#[derive(Clone, Copy, Debug)]
enum Before {
    String,
    Literal,
    End,
}

impl RecordTemplate {
    /// Reads the first value of `text`, which must have one, onto an empty `tape`, as [`Reader::read`] does.
    /// Returns how many bytes were read.
    pub fn read<'a>(&mut self, text: &'a str, tape: &mut Vec<Node<'a>>) -> Result<usize, Reason> {
        if let Some(read) = self.fill(text, tape) {
            return Ok(read);
        }
        tape.clear();
        let mut reader = Reader::over(text);
        reader.read(tape)?;
        self.learn(&text[..reader.at], tape);
        Ok(reader.at)
    }

    /// Reads the values of a record that fits.
    fn fill<'a>(&self, text: &'a str, tape: &mut Vec<Node<'a>>) -> Option<usize> {
        let mut reader = Reader::over(text);
        let (mut fixed_at, mut nodes_at) = (0, 0);
        for part in &self.parts {
            let start = reader.at;
            let end = start + (part.end - fixed_at);
            if text.as_bytes().get(start..end)? != &self.fixed.as_bytes()[fixed_at..part.end] {
                return None;
            }
            for node in &self.nodes[nodes_at..part.nodes_end] {
                tape.push(match *node {
                    Fixed::Node(node) => node,
                    Fixed::Key { start: from, end: to, escaped } => {
                        let raw = text.get(start + from - fixed_at..start + to - fixed_at)?;
                        Node::Key(Text { raw, escaped })
                    }
                });
            }
            (fixed_at, nodes_at, reader.at) = (part.end, part.nodes_end, end);
            match part.before {
                Before::End => return Some(end),
                Before::String if text.as_bytes().get(end) == Some(&b'"') => {
                    tape.push(Node::String(reader.string().ok()?));
                }
                Before::Literal => tape.push(reader.literal().ok()?),
                Before::String => return None,
            }
        }
        None
    }

    /// Remembers a record and its tape.
    fn learn(&mut self, text: &str, tape: &[Node<'_>]) {
        self.fixed.clear();
        self.nodes.clear();
        self.parts.clear();
        if tape.len() > MAX_NODES {
            return;
        }
        let mut copied = 0;
        for node in tape {
            let (value, n_quotes, before) = match *node {
                Node::String(string) => (string.raw, 1, Before::String),
                Node::Literal(word) => (word, 0, Before::Literal),
                Node::Key(key) => {
                    let start = self.fixed.len() + place(text, key.raw) - copied;
                    self.nodes.push(Fixed::Key { start, end: start + key.raw.len(), escaped: key.escaped });
                    continue;
                }
                Node::Null => {
                    self.nodes.push(Fixed::Node(Node::Null));
                    continue;
                }
                Node::Array { end, len } => {
                    self.nodes.push(Fixed::Node(Node::Array { end, len }));
                    continue;
                }
                Node::Object { end, len } => {
                    self.nodes.push(Fixed::Node(Node::Object { end, len }));
                    continue;
                }
            };
            let start = place(text, value) - n_quotes;
            self.end_part(&text[copied..start], before);
            copied = start + value.len() + 2 * n_quotes;
        }
        self.end_part(&text[copied..], Before::End);
        if self.fixed.len() > MAX_BYTES {
            *self = Self::default();
        }
    }

    fn end_part(&mut self, text: &str, before: Before) {
        self.fixed.push_str(text);
        self.parts.push(Part { end: self.fixed.len(), nodes_end: self.nodes.len(), before });
    }
}

/// Where `part`, which lies in `text`, begins there.
fn place(text: &str, part: &str) -> usize {
    part.as_ptr() as usize - text.as_ptr() as usize
}
