//! Class dictionary: the classes that occur as predictions and labels, each with a place.

use std::collections::{BTreeMap, HashMap};

use super::label::{Meaning, bounded};

/// Most classes of a classifier.
pub const MAX_CLASSES: usize = 1_000;
/// Texts whose class is remembered; others are read anew each time.
const MAX_TEXTS: usize = 4_096;
/// Texts that are compared one by one.
const FIRST_TEXTS: usize = 4;
/// Longest text that is remembered.
const MAX_TEXT_BYTES: usize = 256;

/// Predictions or labels hold more different values than a classifier has classes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooManyClasses;

/// The classes seen so far.
#[derive(Clone, Debug, Default)]
pub(super) struct Classes {
    /// The first texts, which are found without a hash: often there are no others.
    first_texts: Vec<(Box<str>, usize)>,
    by_text: HashMap<Box<str>, usize>,
    other: Option<usize>,
    by_meaning: HashMap<Meaning, usize>,
    known: Vec<Class>,
}

#[derive(Clone, Debug)]
struct Class {
    meaning: Meaning,
    /// How the class is written, as long as it is written in one way only.
    text: Option<Box<str>>,
}

/// Classes in their order, and where each of the open ones went.
pub(super) struct OrderedClasses {
    pub names: Vec<String>,
    pub meanings: Vec<Meaning>,
    /// Open place to closed place.
    pub places: Vec<usize>,
}

impl Classes {
    pub fn len(&self) -> usize {
        self.known.len()
    }

    pub fn meaning(&self, place: usize) -> &Meaning {
        &self.known[place].meaning
    }

    /// The place of the class that `text` names.
    pub fn place(&mut self, text: &str) -> Result<usize, TooManyClasses> {
        let first = self.first_texts.iter().find(|(known, _)| **known == *text).map(|(_, place)| place);
        if let Some(place) = first.or_else(|| self.by_text.get(text)) {
            return Ok(*place);
        }
        let place = self.place_of(Meaning::of(text), Some(bounded(text.trim())))?;
        if self.by_text.len() < MAX_TEXTS && text.len() <= MAX_TEXT_BYTES {
            if self.first_texts.len() < FIRST_TEXTS {
                self.first_texts.push((text.into(), place));
            } else {
                self.by_text.insert(text.into(), place);
            }
        }
        Ok(place)
    }

    /// The place of what a score at or below its threshold says.
    pub fn other(&mut self) -> Result<usize, TooManyClasses> {
        if let Some(place) = self.other {
            return Ok(place);
        }
        let place = self.place_of(Meaning::Other, None)?;
        self.other = Some(place);
        Ok(place)
    }

    fn place_of(&mut self, meaning: Meaning, text: Option<Box<str>>) -> Result<usize, TooManyClasses> {
        if let Some(place) = self.by_meaning.get(&meaning) {
            let known = &mut self.known[*place];
            if known.text != text {
                known.text = None;
            }
            return Ok(*place);
        }
        if self.known.len() >= MAX_CLASSES {
            return Err(TooManyClasses);
        }
        self.by_meaning.insert(meaning.clone(), self.known.len());
        self.known.push(Class { meaning, text });
        Ok(self.known.len() - 1)
    }

    /// Takes in the classes of `other`; the place here of each of its places.
    pub fn merge(&mut self, other: Self) -> Result<Vec<usize>, TooManyClasses> {
        other.known.into_iter().map(|known| self.place_of(known.meaning, known.text)).collect()
    }

    /// Says what [`Meaning::Other`] is: the only class other than `positive` among `actual`, else 0.
    fn name_other(&mut self, is_actual: &[bool], positive: &Meaning) {
        let Some(other) = self.by_meaning.get(&Meaning::Other).copied() else { return };
        let mut others = (0..self.len()).filter(|i| is_actual.get(*i) == Some(&true) && self.meaning(*i) != positive);
        let only = others.next().filter(|_| others.next().is_none());
        let zero = Meaning::number(0.0);
        let name = match only {
            Some(place) => Some(self.meaning(place).clone()),
            None => (*positive != zero).then_some(zero),
        };
        if let Some(meaning) = name {
            self.known[other] = Class { meaning, text: None };
        }
    }

    /// Classes that are labels first, each part in the order of [`Meaning`].
    pub fn close(mut self, is_actual: &[bool], positive: &Meaning) -> OrderedClasses {
        self.name_other(is_actual, positive);
        // The other class may have become one that is there already.
        let mut kept: BTreeMap<&Meaning, (bool, Option<&str>)> = BTreeMap::new();
        for (place, known) in self.known.iter().enumerate() {
            let (is_label, text) = kept.entry(&known.meaning).or_default();
            *is_label |= is_actual.get(place) == Some(&true);
            *text = text.or(known.text.as_deref());
        }
        let mut order: Vec<_> = kept.into_iter().collect();
        order.sort_by_key(|(_, (is_label, _))| !is_label);
        let place_of: HashMap<_, _> = order.iter().enumerate().map(|(place, (meaning, _))| (*meaning, place)).collect();
        let name = |(meaning, (_, text)): &(&Meaning, (bool, Option<&str>))| {
            text.map_or_else(|| meaning.canonical(), str::to_owned)
        };
        OrderedClasses {
            names: order.iter().map(name).collect(),
            meanings: order.iter().map(|(meaning, _)| (*meaning).clone()).collect(),
            places: self.known.iter().map(|known| place_of[&known.meaning]).collect(),
        }
    }

    pub fn memory(&self) -> usize {
        let texts: usize = self.by_text.keys().map(|text| text.len() + 48).sum();
        let known: usize =
            self.known.iter().map(|known| 2 * known.text.as_ref().map_or(0, |text| text.len()) + 128).sum();
        texts + known
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(texts: &[&str], n_actual: usize, other: bool) -> Vec<String> {
        let mut classes = Classes::default();
        let mut is_actual = vec![false; texts.len()];
        for (i, text) in texts.iter().enumerate() {
            let place = classes.place(text).expect("room");
            is_actual[place] |= i < n_actual;
        }
        if other {
            classes.other().expect("room");
        }
        classes.close(&is_actual, &Meaning::of("1")).names
    }

    #[test]
    fn a_class_is_written_as_its_only_text_or_else_canonically() {
        assert_eq!(close(&["1.0", "no"], 2, false), ["1.0", "no"]);
        assert_eq!(close(&["1.0", "1", "no"], 3, false), ["1", "no"]);
        assert_eq!(close(&["True", "false"], 2, false), ["false", "True"]);
    }

    #[test]
    fn labels_stand_before_what_is_only_predicted() {
        assert_eq!(close(&["2", "10", "1", "a"], 2, false), ["2", "10", "1", "a"]);
        assert_eq!(close(&["10", "2", "a", "1"], 2, false), ["2", "10", "1", "a"]);
    }

    #[test]
    fn what_is_not_positive_is_named_after_the_only_other_label() {
        assert_eq!(close(&["no", "1"], 2, true), ["1", "no"]);
        assert_eq!(close(&["no", "never", "1"], 3, true), ["1", "never", "no", "0"]);
        assert_eq!(close(&["1"], 1, true), ["1", "0"]);
    }

    #[test]
    fn there_is_room_for_so_many_classes_only() {
        let mut classes = Classes::default();
        for i in 0..MAX_CLASSES {
            assert_eq!(classes.place(&i.to_string()), Ok(i));
        }
        assert_eq!(classes.place("one more"), Err(TooManyClasses));
        assert_eq!(classes.place("7.0"), Ok(7));
    }
}
