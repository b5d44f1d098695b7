//! Prediction cache: answers by row, in bounded memory.

use std::collections::HashMap;
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::call_counts::Prediction;

/// Most bytes that are kept. Rows made for explanations repeat where features are few, and then there are
/// few different ones; of a million rows with one score each about half fit.
pub(super) const MAX_BYTES: usize = 64 << 20;
/// What an entry takes beside its scores: key, value, counts of the reference, room that the table keeps free.
const N_ENTRY_BYTES: usize = 112;

/// What a row is known by: 128 bits of the SHA-256 of its cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Key([u8; 16]);

impl Key {
    /// Each cell is hashed with its length, so that no two different rows are written alike; a missing cell is
    /// no empty one.
    pub fn of(row: &[Option<Arc<str>>]) -> Self {
        let mut hash = Sha256::new();
        for cell in row {
            match cell {
                None => hash.update([0]),
                Some(text) => {
                    hash.update([1]);
                    hash.update((text.len() as u64).to_le_bytes());
                    hash.update(text.as_bytes());
                }
            }
        }
        let mut key = [0; 16];
        key.copy_from_slice(&hash.finalize()[..16]);
        Self(key)
    }
}

/// Answers by row, in bounded space. What was not asked for while half of the space was filled anew is forgotten.
#[derive(Debug)]
pub(super) struct PredictionCache {
    young: HashMap<Key, Prediction>,
    old: HashMap<Key, Prediction>,
    n_young_bytes: usize,
    max_bytes: usize,
}

impl PredictionCache {
    pub fn up_to(max_bytes: usize) -> Self {
        Self { young: HashMap::new(), old: HashMap::new(), n_young_bytes: 0, max_bytes }
    }

    pub fn get(&mut self, key: Key) -> Option<Prediction> {
        if let Some(found) = self.young.get(&key) {
            return Some(found.clone());
        }
        let found = self.old.remove(&key)?;
        self.insert(key, found.clone());
        Some(found)
    }

    pub fn insert(&mut self, key: Key, prediction: Prediction) {
        let n_bytes = N_ENTRY_BYTES + prediction.as_ref().map_or(0, |scores| size_of_val(&**scores));
        if self.n_young_bytes + n_bytes > self.max_bytes / 2 {
            self.old = std::mem::take(&mut self.young);
            self.n_young_bytes = 0;
        }
        if n_bytes <= self.max_bytes / 2 && self.young.insert(key, prediction).is_none() {
            self.n_young_bytes += n_bytes;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(cells: &[Option<&str>]) -> Vec<Option<Arc<str>>> {
        cells.iter().map(|cell| cell.map(Arc::from)).collect()
    }

    #[test]
    fn rows_that_could_be_written_alike_have_keys_of_their_own() {
        let rows = [
            row(&[Some("ab"), Some("c")]),
            row(&[Some("a"), Some("bc")]),
            row(&[Some("abc")]),
            row(&[Some("abc"), None]),
            row(&[Some("abc"), Some("")]),
            row(&[None, Some("abc")]),
            row(&[Some(""), Some("abc")]),
            row(&[]),
            row(&[None]),
            row(&[Some("\0")]),
            row(&[Some("a\u{1}b")]),
            row(&[Some("a"), Some("b")]),
        ];
        for (i, one) in rows.iter().enumerate() {
            for other in &rows[..i] {
                assert_ne!(Key::of(one), Key::of(other), "{one:?} {other:?}");
            }
            assert_eq!(Key::of(one), Key::of(&one.clone()));
        }
    }

    #[test]
    fn space_is_bounded_and_what_is_used_stays() {
        let mut cache = PredictionCache::up_to(100 * N_ENTRY_BYTES);
        let key = |i: u32| Key::of(&row(&[Some(&i.to_string())]));
        let prediction = |i: u32| -> Prediction { Ok(Arc::from([f64::from(i)])) };
        for i in 0..1_000 {
            cache.insert(key(i), prediction(i));
            assert_eq!(cache.get(key(0)), Some(prediction(0)), "after {i}");
            assert!(cache.young.len() + cache.old.len() <= 100);
        }
        assert_eq!(cache.get(key(999)), Some(prediction(999)));
        assert_eq!(cache.get(key(500)), None);
    }

    #[test]
    fn what_is_larger_than_the_space_is_not_kept() {
        let mut cache = PredictionCache::up_to(1_000);
        cache.insert(Key::of(&[]), Ok(vec![0.0; 1_000].into()));
        assert_eq!(cache.get(Key::of(&[])), None);
    }
}
