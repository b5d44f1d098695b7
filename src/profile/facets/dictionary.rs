//! Dictionary encoding: texts as numbers in the order of their first appearance, up to a bound.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::sketch::text_hash;

/// Bytes up to which a text is kept as it is; of a longer one the first bytes and a hash are.
const MAX_BYTES: usize = 256;

/// Texts by place, from 0.
#[derive(Clone, Debug, Default)]
pub(super) struct Dictionary {
    places: HashMap<Box<str>, u32>,
    texts: Vec<Box<str>>,
    most: usize,
    has_too_many: bool,
}

impl Dictionary {
    /// For `most` texts.
    pub fn new(most: usize) -> Self {
        Self { most, ..Self::default() }
    }

    /// The place of a text; `None` where it is one too many.
    pub fn place(&mut self, text: &str) -> Option<u32> {
        let text = bounded(text);
        if let Some(place) = self.places.get(text.as_ref()) {
            return Some(*place);
        }
        if self.texts.len() >= self.most {
            self.has_too_many = true;
            return None;
        }
        let place = self.texts.len() as u32;
        self.texts.push(text.as_ref().into());
        self.places.insert(text.into_owned().into(), place);
        Some(place)
    }

    /// The places that the texts of `other` have here, by their places there.
    pub fn merge(&mut self, other: &Self) -> Vec<Option<u32>> {
        self.has_too_many |= other.has_too_many;
        other.texts.iter().map(|text| self.place(text)).collect()
    }

    pub fn texts(&self) -> &[Box<str>] {
        &self.texts
    }

    /// Whether a text was one too many. That does not depend on the order of texts.
    pub fn has_too_many(&self) -> bool {
        self.has_too_many
    }

    pub fn memory(&self) -> usize {
        let texts: usize = self.texts.iter().map(|text| 2 * (text.len() + 2 * size_of::<Box<str>>())).sum();
        texts + self.places.capacity() * size_of::<u64>()
    }
}

fn bounded(text: &str) -> Cow<'_, str> {
    if text.len() <= MAX_BYTES {
        return Cow::Borrowed(text);
    }
    let end = text.floor_char_boundary(MAX_BYTES);
    Cow::Owned(format!("{}…{:016x}", &text[..end], text_hash(text)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_follow_first_appearance_and_end_at_the_bound() {
        let mut places = Dictionary::new(2);
        assert_eq!(["b", "a", "b", "c"].map(|text| places.place(text)), [Some(0), Some(1), Some(0), None]);
        assert!(places.has_too_many());
        let mut others = Dictionary::new(2);
        others.place("a");
        assert_eq!(places.merge(&others), [Some(1)]);
    }

    #[test]
    fn long_texts_are_told_apart_without_being_kept() {
        let mut places = Dictionary::new(9);
        let long = |end: &str| format!("{}{end}", "é".repeat(1_000));
        assert_ne!(places.place(&long("a")), places.place(&long("b")));
        assert!(places.texts().iter().all(|text| text.len() < 300));
    }
}
