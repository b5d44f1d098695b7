//! Coalition: a set of features: those that take their values from the row that is explained.

/// Bits of a word.
const N_BITS: usize = u64::BITS as usize;

/// Some of the varying features of a row; the others take their values from a reference row.
#[derive(Clone, Copy, Debug)]
pub struct Coalition<'a> {
    members: &'a [u64],
    /// Whether the members are those that are left out.
    is_complement: bool,
}

impl<'a> Coalition<'a> {
    pub(super) fn new(members: &'a [u64], is_complement: bool) -> Self {
        Self { members, is_complement }
    }

    /// Whether a varying feature, by its place among them, is in.
    #[inline]
    pub fn contains(&self, feature: usize) -> bool {
        let Some(word) = self.members.get(feature / N_BITS) else { return false };
        ((word >> (feature % N_BITS)) & 1 == 1) != self.is_complement
    }
}

/// Words that sets of so many features need.
pub(super) fn n_words(n_features: usize) -> usize {
    n_features.div_ceil(N_BITS)
}

/// The set of these features.
pub(super) fn set_of(features: &[usize], n_words: usize) -> Box<[u64]> {
    let mut words = vec![0; n_words].into_boxed_slice();
    for feature in features {
        if let Some(word) = words.get_mut(feature / N_BITS) {
            *word |= 1 << (feature % N_BITS);
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_hold_what_was_put_in() {
        let features = [0, 63, 64, 200];
        let words = set_of(&features, n_words(201));
        assert_eq!(words.len(), 4);
        let (set, rest) = (Coalition::new(&words, false), Coalition::new(&words, true));
        for feature in 0..201 {
            assert_eq!(set.contains(feature), features.contains(&feature), "{feature}");
            assert_eq!(rest.contains(feature), !features.contains(&feature), "{feature}");
        }
        assert!(!set.contains(1_000) && !rest.contains(1_000));
    }
}
