//! Text counts: exact counts of texts, keyed by a hash that is already known.
//!
//! A small open-addressing table. Equal hashes are told apart by their texts, so results are exact;
//! whoever feeds it with foreign texts must bound [`TextCounts::len`] and [`TextCounts::n_bytes`].

/// What a small allocation takes beyond the bytes asked for, rounding included: an estimate for
/// general-purpose allocators.
const ALLOCATION: usize = 24;

/// Counts by text, in the order in which the texts were first seen.
#[derive(Clone, Debug, Default)]
pub struct TextCounts {
    entries: Vec<Entry>,
    /// Places in `entries` plus one, zero where free. A power of two, at most half full.
    slots: Vec<u32>,
    n_bytes: usize,
}

#[derive(Clone, Debug)]
struct Entry {
    hash: u64,
    text: Box<str>,
    count: u64,
}

impl TextCounts {
    const FIRST_SLOTS: usize = 16;

    /// Adds `count` to a text's count. True when the text is new.
    #[inline]
    pub fn add(&mut self, hash: u64, text: &str, count: u64) -> bool {
        match self.find(hash, text) {
            Ok(place) => {
                self.entries[place].count += count;
                false
            }
            Err(slot) => {
                self.insert(slot, hash, text, count);
                true
            }
        }
    }

    /// Whether a text was added.
    #[inline]
    pub fn contains(&self, hash: u64, text: &str) -> bool {
        self.find(hash, text).is_ok()
    }

    /// Adds all counts of `other`.
    pub fn merge(&mut self, other: &Self) {
        for entry in &other.entries {
            self.add(entry.hash, &entry.text, entry.count);
        }
    }

    /// Number of texts.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Bytes of all texts together.
    pub fn n_bytes(&self) -> usize {
        self.n_bytes
    }

    /// Texts and counts.
    pub fn into_entries(self) -> impl Iterator<Item = (String, u64)> {
        self.entries.into_iter().map(|entry| (entry.text.into_string(), entry.count))
    }

    /// Bytes held on the heap.
    pub fn memory(&self) -> usize {
        let texts = self.n_bytes + self.entries.len() * ALLOCATION;
        self.entries.capacity() * size_of::<Entry>() + self.slots.capacity() * size_of::<u32>() + texts
    }

    /// The place of a text, or the slot where it belongs.
    #[inline]
    fn find(&self, hash: u64, text: &str) -> Result<usize, usize> {
        let Some(mask) = self.slots.len().checked_sub(1) else { return Err(0) };
        let mut slot = hash as usize & mask;
        while self.slots[slot] != 0 {
            let place = self.slots[slot] as usize - 1;
            let entry = &self.entries[place];
            if entry.hash == hash && *entry.text == *text {
                return Ok(place);
            }
            slot = (slot + 1) & mask;
        }
        Err(slot)
    }

    #[cold]
    fn insert(&mut self, slot: usize, hash: u64, text: &str, count: u64) {
        self.entries.push(Entry { hash, text: text.into(), count });
        self.n_bytes += text.len();
        if self.entries.len() * 2 > self.slots.len() {
            self.grow();
        } else {
            self.slots[slot] = self.entries.len() as u32;
        }
    }

    fn grow(&mut self) {
        let mask = (self.slots.len() * 2).max(Self::FIRST_SLOTS) - 1;
        let mut slots = vec![0u32; mask + 1];
        for (place, entry) in (1u32..).zip(&self.entries) {
            let mut slot = entry.hash as usize & mask;
            while slots[slot] != 0 {
                slot = (slot + 1) & mask;
            }
            slots[slot] = place;
        }
        self.slots = slots;
    }
}

#[cfg(test)]
mod tests {
    use super::super::text_hash;
    use super::*;

    #[test]
    fn counts_are_exact_over_many_growths() {
        let mut counts = TextCounts::default();
        for i in 0..10_000u64 {
            let text = (i % 1_000).to_string();
            counts.add(text_hash(&text), &text, 1);
        }
        assert_eq!(counts.len(), 1_000);
        let entries: Vec<_> = counts.into_entries().collect();
        assert!(entries.iter().all(|(_, count)| *count == 10));
        assert_eq!(entries[999].0, "999");
    }

    #[test]
    fn equal_hashes_are_told_apart() {
        let mut counts = TextCounts::default();
        for text in ["a", "b", "a", "c"] {
            counts.add(7, text, 1);
        }
        assert!(counts.contains(7, "c") && !counts.contains(7, "d"));
        assert_eq!(counts.into_entries().collect::<Vec<_>>(), [("a".into(), 2), ("b".into(), 1), ("c".into(), 1)]);
    }

    #[test]
    fn merging_adds_counts() {
        let mut counts = TextCounts::default();
        counts.add(text_hash("x"), "x", 2);
        let mut other = TextCounts::default();
        other.add(text_hash("y"), "y", 1);
        other.add(text_hash("x"), "x", 3);
        counts.merge(&other);
        assert_eq!((counts.len(), counts.n_bytes()), (2, 2));
        assert_eq!(counts.into_entries().collect::<Vec<_>>(), [("x".into(), 5), ("y".into(), 1)]);
    }
}
