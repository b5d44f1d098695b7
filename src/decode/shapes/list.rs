//! Lists and objects of JSON, by what they hold.

use crate::decode::text::json::{Node, Value};

/// Number of a list's elements; 0 of anything else.
pub fn length(value: Value<'_, '_>) -> usize {
    if let Node::Array { len, .. } = value.node() { len } else { 0 }
}

/// Whether `value` is a list that is not empty, all of whose elements are of a kind.
pub fn is_list_of<'t, 'a>(value: Value<'t, 'a>, is_of_kind: impl Fn(Value<'t, 'a>) -> bool) -> bool {
    length(value) > 0 && value.elements().all(is_of_kind)
}

pub fn is_list(value: Value<'_, '_>) -> bool {
    matches!(value.node(), Node::Array { .. })
}

pub fn is_object(value: Value<'_, '_>) -> bool {
    matches!(value.node(), Node::Object { .. })
}

/// Whether a key is one of `words`, whose first letter may be a capital.
pub fn is_called(key: &str, words: &[&str]) -> bool {
    let is = |word: &&str| match (key.as_bytes(), word.as_bytes()) {
        ([first, rest @ ..], [of_word, of_words @ ..]) => rest == of_words && first.eq_ignore_ascii_case(of_word),
        _ => false,
    };
    words.iter().any(is)
}
